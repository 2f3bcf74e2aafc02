// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/ladderdialog.h"

#include "core/text.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/models/modelwords.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QDate>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// All digits, so that opening and accepting changes nothing.
QString exactText(const std::optional<double> &number)
{
    return number ? QString::number(*number, 'g', QLocale::FloatingPointShortest) : QString();
}

/// A whole number of at least 0, also as 1e5; unset for anything else.
std::optional<qint64> stepsFromText(const QString &text)
{
    bool ok = false;
    const double number = QLocale::c().toDouble(text.trimmed(), &ok);
    if (!ok || !(number >= 0) || number > 9e15 || number != std::floor(number))
        return std::nullopt;
    return static_cast<qint64>(number);
}

} // namespace

LadderDialog::LadderDialog(const Model &model, QWidget *parent)
    : QDialog(parent), m_family(new QLineEdit(model.family)), m_parameters(new QLineEdit(exactText(model.parameters))),
      m_steps(new QLineEdit(model.steps ? QString::number(*model.steps) : QString())),
      m_compute(new QLineEdit(exactText(model.compute))), m_released(new QLineEdit(model.released)),
      m_rung(new QLineEdit(model.rung)), m_training(new QComboBox), m_problem(new QLabel),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel))
{
    setWindowTitle(tr("Place on the ladder: %1").arg(singleLine(model.name, 60)));
    setMinimumWidth(520);
    m_family->setPlaceholderText(tr("models of one family form a scaling curve"));
    m_parameters->setPlaceholderText(tr("e.g. 1.6B or 1.6e9; empty when not published"));
    m_steps->setPlaceholderText(tr("e.g. 143000"));
    m_compute->setPlaceholderText(tr("FLOPs, e.g. 2.1e21"));
    m_released->setPlaceholderText(tr("a day, e.g. 2024-05-01"));
    m_rung->setPlaceholderText(tr("a name that several endpoints of one model share"));
    for (const QString &training : {QString(), u"base"_s, u"instruct"_s, u"rlhf"_s})
        m_training->addItem(training.isEmpty() ? tr("not known") : trainingText(training), training);
    if (m_training->findData(model.training) < 0) // A ladder's file may call it otherwise.
        m_training->addItem(singleLine(model.training, 60), model.training);
    m_training->setCurrentIndex(m_training->findData(model.training));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    setSecondary(m_problem);
    auto *form = new QFormLayout;
    form->setVerticalSpacing(Theme::spacing());
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&Family"), m_family);
    form->addRow(tr("&Parameters"), m_parameters);
    form->addRow(tr("&Training"), m_training);
    form->addRow(tr("&Steps"), m_steps);
    form->addRow(tr("&Compute"), m_compute);
    form->addRow(tr("&Released"), m_released);
    form->addRow(tr("R&ung"), m_rung);
    setPrimary(m_buttons->addButton(tr("Save"), QDialogButtonBox::AcceptRole));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(form);
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QLineEdit *field : {m_parameters, m_steps, m_compute, m_released})
        connect(field, &QLineEdit::textChanged, this, &LadderDialog::check);
    check();
}

LadderPlace LadderDialog::place() const
{
    LadderPlace place;
    place.family = m_family->text().trimmed();
    place.training = m_training->currentData().toString();
    place.released = m_released->text().trimmed();
    place.rung = m_rung->text().trimmed();
    place.parameters = parametersFromText(m_parameters->text().trimmed());
    place.compute = parametersFromText(m_compute->text().trimmed());
    place.steps = stepsFromText(m_steps->text());
    return place;
}

QString LadderDialog::problem() const
{
    const auto isSize = [](const QLineEdit *field) {
        const QString text = field->text().trimmed();
        return text.isEmpty() || parametersFromText(text);
    };
    if (!isSize(m_parameters))
        return tr("The parameters are a number above 0, such as 1.6B or 1.6e9, or nothing.");
    if (!m_steps->text().trimmed().isEmpty() && !stepsFromText(m_steps->text()))
        return tr("The steps are a whole number of 0 or more, or nothing.");
    if (!isSize(m_compute))
        return tr("The compute is a number of FLOPs above 0, such as 2.1e21, or nothing.");
    if (const QString day = m_released->text().trimmed();
        !day.isEmpty() && !QDate::fromString(day, Qt::ISODate).isValid())
        return tr("The day of release is written as 2024-05-01, or left empty.");
    return {};
}

void LadderDialog::check()
{
    const QString found = problem();
    m_problem->setText(found);
    for (QAbstractButton *button : m_buttons->buttons()) {
        if (m_buttons->buttonRole(button) == QDialogButtonBox::AcceptRole)
            button->setEnabled(found.isEmpty());
    }
}

} // namespace evalwright
