// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/datapanel.h"

#include "core/onfinished.h"
#include "generators/draft.h"
#include "widgets/files/filedialogs.h"
#include "widgets/session/session.h"
#include "widgets/theme/numberstable.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QtConcurrentRun>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QLabel *help()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    setSecondary(label);
    return label;
}

/// Which side would choose this option, in words.
QString chosenBy(const Recipe &recipe, const BankQuestion &question, int option)
{
    QStringList sides;
    for (const RecipeTarget &side : recipe.targets) {
        if (question.answers.value(side.id, -1) == option)
            sides << side.label.trimmed();
    }
    return sides.join(u", "_s);
}

nlohmann::json contentOf(const Recipe &recipe, RecipeData kind)
{
    return kind == RecipeData::Golds  ? toJson(recipe.golds)
           : kind == RecipeData::Bank ? toJson(recipe.bank)
                                      : toJson(recipe.occupations);
}

/// What ships does not change while the program runs, and a set of examples takes milliseconds to read.
nlohmann::json shippedContent(RecipeData kind, const QString &name, const Recipe &recipe)
{
    static QHash<QString, nlohmann::json> known;
    if (name.isEmpty())
        return {};
    const QString key = u"%1/%2"_s.arg(static_cast<int>(kind)).arg(name);
    if (!known.contains(key)) {
        const Result<Recipe> with = withData(recipe, kind, name);
        known.insert(key, with ? contentOf(*with, kind) : nlohmann::json());
    }
    return known.value(key);
}

struct Cells
{
    QStringList header;
    QList<QStringList> rows;
};

Cells cellsOf(const Recipe &recipe, RecipeData kind)
{
    Cells cells;
    if (kind == RecipeData::Golds) {
        cells.header = {DataPanel::tr("Question"), DataPanel::tr("Shows the behaviour"), DataPanel::tr("Does not")};
        for (const GoldItem &gold : recipe.golds)
            cells.rows << QStringList{gold.stem, gold.options.value(gold.matchingIndex),
                                      gold.options.value(1 - gold.matchingIndex)};
    } else if (kind == RecipeData::Bank) {
        cells.header = {DataPanel::tr("Question"), DataPanel::tr("Option"), DataPanel::tr("Chosen by")};
        for (const BankQuestion &question : recipe.bank.questions) {
            for (int i = 0; i < question.options.size(); ++i) {
                const QString sides =
                    recipe.targets.isEmpty() ? DataPanel::tr("its own biographies") : chosenBy(recipe, question, i);
                cells.rows << QStringList{i == 0 ? question.stem : QString(), question.options[i], sides};
            }
        }
    } else {
        cells.header = {DataPanel::tr("Title in the table"), DataPanel::tr("Occupation"), DataPanel::tr("Other person"),
                        DataPanel::tr("Women, %")};
        for (const OccupationRow &row : recipe.occupations)
            cells.rows << QStringList{row.title, row.occupation.isEmpty() ? DataPanel::tr("(found out)") : row.occupation,
                                      row.otherPerson.isEmpty() ? DataPanel::tr("(found out)") : row.otherPerson,
                                      row.percentWomen ? QLocale().toString(*row.percentWomen) : u"–"_s};
    }
    return cells;
}

} // namespace

DataPanel::DataPanel(Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_choice(new QComboBox), m_open(new QPushButton(tr("Open a file …"))),
      m_name(new QLabel), m_note(help()), m_sidesHelp(help()), m_facts(help()), m_table(new NumbersTable),
      m_sides(new QWidget), m_sidesForm(new QFormLayout(m_sides))
{
    m_choice->setObjectName(u"data"_s);
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_name->setBuddy(m_choice);
    m_table->setMinimumHeight(190);
    m_table->setMaximumHeight(260);
    m_sidesForm->setContentsMargins(0, 0, 0, 0);
    m_sidesForm->setHorizontalSpacing(Theme::spacing(2));
    m_sidesForm->setVerticalSpacing(Theme::spacing());
    auto *row = new QHBoxLayout;
    row->addWidget(m_name);
    row->addWidget(m_choice, 1);
    row->addWidget(m_open);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addLayout(row);
    layout->addWidget(m_note);
    layout->addWidget(m_table);
    layout->addWidget(m_sides);
    layout->addWidget(m_sidesHelp);
    layout->addWidget(m_facts);
    connect(m_choice, &QComboBox::activated, this, [this](int index) {
        const QString name = m_choice->itemData(index).toString();
        if (!name.isEmpty())
            take(name);
    });
    connect(m_open, &QPushButton::clicked, this, &DataPanel::openFile);
}

std::optional<RecipeData> DataPanel::dataOf(const QString &family)
{
    if (family == "multiple-choice"_L1)
        return RecipeData::Golds;
    if (family == "sycophancy"_L1)
        return RecipeData::Bank;
    if (family == "winogender"_L1)
        return RecipeData::Occupations;
    return std::nullopt;
}

void DataPanel::setRecipe(Recipe &recipe)
{
    m_recipe = &recipe;
    const std::optional<RecipeData> kind = dataOf(recipe.family);
    setVisible(kind.has_value());
    if (!kind)
        return;
    if (m_kind != *kind)
        m_file.clear();
    m_kind = *kind;
    m_name->setText(m_kind == RecipeData::Golds  ? tr("&Examples")
                    : m_kind == RecipeData::Bank ? tr("&Questions")
                                                 : tr("&Occupations"));
    m_choice->clear();
    for (const PresetInfo &shipped : listShippedData(m_kind)) {
        m_choice->addItem(!shipped.title.isEmpty()              ? shipped.title
                          : m_kind == RecipeData::Occupations ? tr("Shipped table: rough shares, for trying out")
                                                              : shipped.name,
                          shipped.name);
        m_choice->setItemData(m_choice->count() - 1, shipped.status, Qt::ToolTipRole);
    }
    show();
}

void DataPanel::take(const QString &nameOrPath)
{
    if (!m_recipe)
        return;
    const quint64 turn = ++m_turn; // Only the newest choice counts.
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [recipe = *m_recipe, kind = m_kind, nameOrPath] {
                                     return withData(recipe, kind, nameOrPath);
                                 }),
               this, [this, turn, nameOrPath](const Result<Recipe> &recipe) {
                   if (turn != m_turn)
                       return;
                   if (!recipe) {
                       Q_EMIT failed(recipe.error());
                   } else if (m_recipe->preset == recipe->preset) {
                       // What was typed while the file was read stays, but for what the data brings.
                       m_recipe->golds = recipe->golds;
                       m_recipe->bank = recipe->bank;
                       m_recipe->occupations = recipe->occupations;
                       m_recipe->targets = recipe->targets;
                       m_recipe->values = recipe->values;
                       m_recipe->behaviour = recipe->behaviour;
                       m_file = m_choice->findData(nameOrPath) >= 0 ? QString() : QFileInfo(nameOrPath).fileName();
                   }
                   show();
                   Q_EMIT taken();
               });
}

void DataPanel::openFile()
{
    askForFile(this, tr("Open a file"), tr("Data files (*.json *.jsonl *.csv *.tsv);;All files (*)"),
               [this](const QString &path) { take(path); });
}

void DataPanel::show()
{
    const Recipe &recipe = *m_recipe;
    // Which shipped set this is: by its content, so that a stored recipe finds its name again.
    int shown = -1;
    for (int i = 0; i < m_choice->count() && shown < 0; ++i) {
        if (contentOf(recipe, m_kind) == shippedContent(m_kind, m_choice->itemData(i).toString(), recipe))
            shown = i;
    }
    const int own = m_choice->findData(QString());
    if (own >= 0)
        m_choice->removeItem(own);
    if (shown < 0) {
        m_choice->addItem(m_file.isEmpty() ? tr("the recipe's own") : m_file, QString());
        shown = m_choice->count() - 1;
    }
    m_choice->setCurrentIndex(shown);
    const QString status = m_choice->itemData(shown, Qt::ToolTipRole).toString();
    m_note->setText(m_kind == RecipeData::Golds
                        ? tr("The writer sees some of these with each request, drawn anew, and writes one more. Choose "
                             "the set that shows your behaviour, or open your own: ten is a good number.")
                    : m_kind == RecipeData::Bank
                        ? tr("Every biography is followed by every question. Questions decide what is measured: read "
                             "them before you trust a score.")
                        : tr("One set of sentences is written for each occupation. %1").arg(status));
    const Cells cells = cellsOf(recipe, m_kind);
    m_table->setTable(cells.header, cells.rows);
    m_table->setAccessibleName(m_name->text().remove(u'&'));
    QHeaderView *header = m_table->horizontalHeader();
    for (int column = 0; column < cells.header.size(); ++column)
        header->setSectionResizeMode(column, (m_kind == RecipeData::Occupations && column == 3) ||
                                                     (m_kind == RecipeData::Bank && column == 2)
                                                 ? QHeaderView::ResizeToContents
                                                 : QHeaderView::Stretch);
    // Questions are to be read whole; tables of occupations are long and their cells short.
    const bool whole = m_kind != RecipeData::Occupations;
    m_table->setWordWrap(whole);
    m_table->verticalHeader()->setSectionResizeMode(whole ? QHeaderView::ResizeToContents : QHeaderView::Fixed);
    showSides();
    showFacts();
}

void DataPanel::showSides()
{
    while (m_sidesForm->rowCount() > 0)
        m_sidesForm->removeRow(0);
    const bool sides = m_kind == RecipeData::Bank && !m_recipe->targets.isEmpty();
    m_sides->setVisible(sides);
    m_sidesHelp->setVisible(m_kind == RecipeData::Bank);
    if (!sides) {
        m_sidesHelp->setText(tr("This bank has no sides: each option of each question gets biographies of people who "
                                "would choose it."));
        return;
    }
    m_sidesHelp->setText(tr("The words complete “a biography of someone who is …” for the people of each side."));
    for (int i = 0; i < m_recipe->targets.size(); ++i) {
        auto *attribute = new QLineEdit(m_recipe->targets[i].values.value(u"attribute"_s));
        attribute->setObjectName(u"attribute-"_s + m_recipe->targets[i].id);
        attribute->setAccessibleName(tr("%1: someone who is").arg(m_recipe->targets[i].label.trimmed()));
        connect(attribute, &QLineEdit::textChanged, this, [this, i](const QString &text) {
            m_recipe->targets[i].values.insert(u"attribute"_s, text.trimmed());
            Q_EMIT edited();
        });
        m_sidesForm->addRow(tr("%1: someone who is").arg(m_recipe->targets[i].label.trimmed()), attribute);
    }
}

void DataPanel::showFacts()
{
    const Recipe &recipe = *m_recipe;
    const QLocale locale;
    if (m_kind == RecipeData::Golds) {
        m_facts->setText(tr("%1 examples; %2 in each request.")
                             .arg(recipe.golds.size())
                             .arg(recipe.writing().examples));
    } else if (m_kind == RecipeData::Bank) {
        const qint64 questions = recipe.bank.questions.size();
        const qint64 each = recipe.writing().count;
        // Without sides a biography is of one question's option, and is followed by that question alone.
        const qint64 biographies = each * targetsOf(recipe).size();
        const qint64 items = recipe.targets.isEmpty() ? biographies : biographies * questions;
        m_facts->setText(
            recipe.targets.isEmpty()
                ? tr("%1 biographies, each followed by its own question: up to %2 items. ")
                      .arg(locale.toString(biographies), locale.toString(items))
                : tr("%1 biographies × %2 questions: up to %3 items. ")
                      .arg(locale.toString(biographies), locale.toString(questions), locale.toString(items)));
        m_facts->setText(m_facts->text() +
                         tr("The controls are part of it: the same questions without a biography, and with one of another "
                            "side."));
    } else {
        m_facts->setText(tr("%1 occupations. Empty cells are found out by the writer in the recipe's first stages.")
                             .arg(locale.toString(recipe.occupations.size())));
    }
}

QString DataPanel::problemOf(const Recipe &recipe)
{
    const std::optional<RecipeData> kind = dataOf(recipe.family);
    if (!kind)
        return {};
    if (*kind == RecipeData::Golds && recipe.golds.size() < recipe.writing().examples)
        return tr("There are fewer examples than a request shows; choose another set.");
    if (*kind == RecipeData::Bank && recipe.bank.questions.isEmpty())
        return tr("Choose a question bank.");
    if (*kind == RecipeData::Occupations && recipe.occupations.isEmpty())
        return tr("Choose a table of occupations.");
    for (const RecipeTarget &side : recipe.targets) {
        if (*kind == RecipeData::Bank && side.values.value(u"attribute"_s).isEmpty())
            return tr("Say who the people of the side “%1” are.").arg(side.label.trimmed());
    }
    return {};
}

} // namespace evalwright
