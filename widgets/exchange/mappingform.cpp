// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/mappingform.h"

#include "core/foreignjson.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

MappingForm::MappingForm(QWidget *parent) : QWidget(parent), m_more(new QLineEdit)
{
    struct Kind
    {
        QString name, title, tip;
    };
    const QList<Kind> kinds{
        {u"question"_s, tr("&Question"), tr("The question, with or without its options")},
        {u"matching"_s, tr("&Matching answer"), tr("The label that shows the behaviour; with options also a letter or the text of one")},
        {u"not_matching"_s, tr("&Other answers"), tr("A text, a list, or a list as JSON in a cell")},
        {u"options"_s, tr("O&ptions"), tr("A list of texts; columns of their own are named under “More”: option_a=…; option_b=…")},
        {u"matching_index"_s, tr("&Number of the matching option"), tr("Counted from 0")},
        {u"confidence"_s, tr("&Confidence"), tr("0 to 1: how sure the label is")},
        {u"statement"_s, tr("&Statement"), tr("Makes the file a persona set")},
        {u"cluster"_s, tr("C&luster"), tr("Items that belong together, for statistics and splits")}};
    constexpr int perRow = 4;
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Theme::spacing(2));
    grid->setVerticalSpacing(Theme::spacing() / 2);
    for (qsizetype i = 0; i < kinds.size(); ++i) {
        auto *box = new QComboBox;
        box->setAccessibleName(QString(kinds[i].title).remove(u'&'));
        box->setToolTip(kinds[i].tip);
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        auto *label = new QLabel(kinds[i].title);
        label->setBuddy(box);
        const int row = static_cast<int>(i) / perRow * 2, column = static_cast<int>(i) % perRow;
        grid->addWidget(label, row, column);
        grid->addWidget(box, row + 1, column);
        grid->setColumnStretch(column, 1);
        connect(box, &QComboBox::currentIndexChanged, this, &MappingForm::changed);
        m_fields << Field{kinds[i].name, box};
    }
    auto *label = new QLabel(tr("Mo&re"));
    label->setBuddy(m_more);
    m_more->setAccessibleName(tr("More fields"));
    m_more->setPlaceholderText(u"option_a=A; option_b=B; id=Nr; category=…; user_affiliation=…; split=…; meta.source=…"_s);
    auto *more = new QHBoxLayout;
    more->setContentsMargins(0, Theme::spacing() / 2, 0, 0);
    more->setSpacing(Theme::spacing());
    more->addWidget(label);
    more->addWidget(m_more, 1);
    grid->addLayout(more, 4, 0, 1, perRow);
    connect(m_more, &QLineEdit::textChanged, this, &MappingForm::changed);
}

void MappingForm::showFile(const QStringList &columns, const QString &mapping, const QStringList &chosen)
{
    const nlohmann::json taken = storedJson(mapping);
    QStringList rest = chosen;
    for (const Field &field : std::as_const(m_fields)) {
        QString source;
        for (const QString &pair : chosen) {
            if (pair.startsWith(field.name + u'=')) {
                source = pair.mid(field.name.size() + 1);
                rest.removeOne(pair);
            }
        }
        QString guess;
        if (const auto found = taken.find(field.name.toStdString()); taken.is_object() && found != taken.end() && found->is_string())
            guess = QString::fromStdString(found->get<std::string>());
        const QSignalBlocker quiet(field.box);
        field.box->clear();
        field.box->addItem(source.isEmpty() && !guess.isEmpty() ? tr("guessed: %1").arg(singleLine(guess, 60)) : tr("not mapped"));
        for (const QString &column : columns)
            field.box->addItem(singleLine(column, 80), column);
        if (!source.isEmpty() && field.box->findData(source) < 0)
            field.box->addItem(singleLine(source, 80), source); // Chosen of another file.
        field.box->setCurrentIndex(source.isEmpty() ? 0 : field.box->findData(source));
    }
    if (const QString text = rest.join(u"; "_s); !m_more->hasFocus() && text != m_more->text()) {
        const QSignalBlocker quiet(m_more);
        m_more->setText(text);
    }
}

QStringList MappingForm::pairs() const
{
    QStringList pairs;
    for (const Field &field : m_fields) {
        if (const QString column = field.box->currentData().toString(); !column.isEmpty())
            pairs << field.name + u'=' + column;
    }
    for (const QString &pair : m_more->text().split(u';', Qt::SkipEmptyParts)) {
        if (!pair.trimmed().isEmpty())
            pairs << pair.trimmed();
    }
    return pairs;
}

} // namespace evalwright
