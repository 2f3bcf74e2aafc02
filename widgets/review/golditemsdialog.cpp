// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/golditemsdialog.h"

#include "core/onfinished.h"
#include "review/goldfile.h"
#include "review/shownitems.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/files/filedialogs.h"
#include "widgets/review/itemview.h"
#include "widgets/review/questionlist.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;
using nlohmann::json;

namespace {

constexpr qint64 mostShown = 200;
constexpr int searchPause = 200; ///< ms

/// "answer: Yes, relevance: 4"
QString answersText(const json &answers)
{
    QStringList parts;
    for (const auto &[question, answer] : answers.items())
        parts << u"%1: %2"_s.arg(QString::fromStdString(question),
                                 answer.is_string() ? QString::fromStdString(answer.get_ref<const std::string &>())
                                                    : QString::fromStdString(answer.dump()));
    return parts.join(u", "_s);
}

/// What a gold item is known of: texts say nothing that could be compared.
json comparable(const Questionnaire &questionnaire, const json &answers)
{
    json known = json::object();
    for (const auto &[id, answer] : answers.items()) {
        const ReviewQuestion *question = questionnaire.find(QString::fromStdString(id));
        if (question && question->kind != QuestionKind::Text && !answer.is_null())
            known[id] = answer;
    }
    return known;
}

} // namespace

GoldItemsDialog::GoldItemsDialog(std::shared_ptr<Project> project, DatasetId dataset, const Questionnaire &questionnaire,
                                 const Golds &golds, QWidget *parent)
    : QDialog(parent), m_project(std::move(project)), m_dataset(dataset), m_questionnaire(questionnaire), m_golds(golds),
      m_banner(new Banner), m_search(new QLineEdit), m_items(new QListWidget), m_chosen(new QListWidget),
      m_item(new ItemView), m_questions(new QuestionList(m_settings)), m_words(new QLabel),
      m_add(new QPushButton(tr("&Make it a gold item"))), m_remove(new QPushButton(tr("&Remove"))),
      m_use(new QPushButton(tr("&Use these")))
{
    setWindowTitle(tr("Gold items"));
    resize(1060, 680);
    m_search->setPlaceholderText(tr("Search the items"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_items->setAccessibleName(tr("Items"));
    m_chosen->setAccessibleName(tr("Gold items"));
    for (QListWidget *list : {m_items, m_chosen})
        list->setUniformItemSizes(true);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    setSecondary(m_words);
    auto *file = new QPushButton(tr("From a &file …")), *decided = new QPushButton(tr("What was &decided")),
         *cancel = new QPushButton(tr("Cancel"));
    decided->setToolTip(tr("Adds the items that somebody decided in earlier reviews, with that answer"));
    for (QPushButton *button : {file, decided, cancel, m_add, m_remove})
        button->setAutoDefault(false);
    setPrimary(m_use);
    m_settings.setLanguage(u"en"_s, ReviewSettings::Keep::No); // As the rest of the dialog.
    m_questions->setQuestionnaire(m_questionnaire);
    m_questions->setStyleSheet(m_settings.styleSheet());
    m_item->setHighest(height() / 3);

    auto *left = new QWidget;
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->addWidget(m_search);
    leftLayout->addWidget(m_items, 3);
    auto *chosenTitle = new QLabel(tr("&Gold items"));
    chosenTitle->setBuddy(m_chosen);
    chosenTitle->setFont(Theme::font(Theme::Role::Heading));
    leftLayout->addWidget(chosenTitle);
    leftLayout->addWidget(m_chosen, 2);
    auto *more = new QHBoxLayout;
    more->addWidget(m_remove);
    more->addWidget(file);
    more->addWidget(decided);
    more->addStretch();
    leftLayout->addLayout(more);
    auto *right = new QWidget;
    auto *rightLayout = new QVBoxLayout(right);
    rightLayout->setContentsMargins(0, 0, 0, 0);
    auto *rightTitle = new QLabel(tr("The right answers, as far as they are known"));
    rightTitle->setFont(Theme::font(Theme::Role::Heading));
    rightLayout->addWidget(m_item);
    rightLayout->addWidget(rightTitle);
    rightLayout->addWidget(m_questions, 1);
    rightLayout->addWidget(m_add, 0, Qt::AlignLeft);
    auto *parts = new QSplitter;
    parts->addWidget(left);
    parts->addWidget(right);
    parts->setChildrenCollapsible(false);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_words, 1);
    buttons->addWidget(m_use);
    buttons->addWidget(cancel);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(parts, 1);
    layout->addLayout(buttons);

    m_pause.setSingleShot(true);
    m_pause.setInterval(searchPause);
    connect(&m_pause, &QTimer::timeout, this, &GoldItemsDialog::search);
    connect(m_search, &QLineEdit::textChanged, &m_pause, qOverload<>(&QTimer::start));
    connect(m_items, &QListWidget::currentRowChanged, this, &GoldItemsDialog::showItem);
    connect(m_questions, &QuestionList::answered, this, &GoldItemsDialog::refresh);
    connect(m_chosen, &QListWidget::currentRowChanged, this, &GoldItemsDialog::refresh);
    connect(m_add, &QPushButton::clicked, this, &GoldItemsDialog::add);
    connect(m_remove, &QPushButton::clicked, this, &GoldItemsDialog::remove);
    connect(file, &QPushButton::clicked, this, [this] {
        askForFile(this, tr("Gold items"), tr("JSON lines (*.jsonl);;All files (*)"), [this](const QString &path) { openFile(path); });
    });
    connect(decided, &QPushButton::clicked, this, [this] {
        onFinished(m_project->read([dataset = m_dataset, questions = m_questionnaire](Connection &c) {
            return decidedGolds(c, dataset, questions);
        }),
                   this, [this](const Result<Golds> &found) {
                       if (!found)
                           m_banner->showError(found.error());
                       else if (found->isEmpty())
                           m_banner->showMessage(Theme::Meaning::Warning, tr("Nobody has decided an item in an earlier review."));
                       else
                           return addAll(*found);
                       Q_EMIT changed();
                   });
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_use, &QPushButton::clicked, this, &QDialog::accept);
    refresh();
    readChosen();
    search();
}

void GoldItemsDialog::search()
{
    const quint64 number = ++m_searches;
    struct Page
    {
        QString family;
        QList<Found> found;
    };
    onFinished(m_project->read([dataset = m_dataset, text = m_search->text()](Connection &c) -> Result<Page> {
        Page page;
        EVALWRIGHT_ASSIGN(const Dataset of, datasetById(c, dataset));
        page.family = of.family;
        CandidateFilter filter;
        filter.dataset = dataset;
        filter.text = text;
        EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows,
                          candidateRows(c, filter, CandidateOrder::Ordinal, Qt::AscendingOrder, 0, mostShown));
        for (const CandidateRow &row : rows)
            page.found << Found{row.candidate.id.value, shownItem(row.candidate, of.family)};
        return page;
    }),
               this, [this, number](const Result<Page> &page) {
                   if (number != m_searches)
                       return;
                   if (!page)
                       return m_banner->showError(page.error());
                   m_family = page->family;
                   m_found = page->found;
                   {
                       const QSignalBlocker blocker(m_items);
                       m_items->clear();
                       for (const Found &one : std::as_const(m_found))
                           m_items->addItem(singleLine(one.item.text, 200));
                       m_items->setCurrentRow(m_found.isEmpty() ? -1 : 0);
                   }
                   showItem();
                   Q_EMIT itemsShown();
               });
}

void GoldItemsDialog::showItem()
{
    const int row = m_items->currentRow();
    const bool any = row >= 0 && row < m_found.size();
    m_item->setVisible(any);
    m_questions->setVisible(any);
    if (any) {
        const Found &found = m_found.at(row);
        m_item->showText(found.item.text);
        Place place;
        place.item = found.item;
        place.optionOrder = found.item.keys();
        m_questions->fill(place, m_golds.value(found.candidate, json::object()));
    }
    refresh();
}

void GoldItemsDialog::add()
{
    const int row = m_items->currentRow();
    if (row < 0 || row >= m_found.size())
        return;
    const Found &found = m_found.at(row);
    const auto answers = checkedAnswers(m_questionnaire, comparable(m_questionnaire, m_questions->answers()), found.item.keys(), false);
    if (!answers)
        return m_banner->showError(answers.error());
    addAll({{found.candidate, *answers}});
    if (row + 1 < m_items->count())
        m_items->setCurrentRow(row + 1);
}

void GoldItemsDialog::addAll(const Golds &golds)
{
    m_golds.insert(golds);
    readChosen();
}

void GoldItemsDialog::remove()
{
    if (QListWidgetItem *item = m_chosen->currentItem()) {
        m_golds.remove(item->data(Qt::UserRole).toLongLong());
        readChosen();
    }
}

void GoldItemsDialog::openFile(const QString &path)
{
    onFinished(m_project->read([dataset = m_dataset, path](Connection &c) { return readGolds(c, dataset, path); }), this,
               [this](const Result<Golds> &golds) {
                   if (golds)
                       return addAll(*golds);
                   m_banner->showError(golds.error());
                   Q_EMIT changed();
               });
}

/// The list of gold items with their texts.
void GoldItemsDialog::readChosen()
{
    const quint64 number = ++m_readings;
    onFinished(m_project->read([ids = m_golds.keys()](Connection &c) { return candidatesById(c, ids); }), this,
               [this, number](const Result<QList<Candidate>> &items) {
                   if (number != m_readings)
                       return;
                   if (!items)
                       return m_banner->showError(items.error());
                   QList<Candidate> sorted = *items;
                   std::ranges::sort(sorted, {}, &Candidate::ordinal);
                   m_chosen->clear();
                   for (const Candidate &item : std::as_const(sorted)) {
                       const QString text = item.statement.isEmpty() ? item.question : item.statement;
                       auto *line = new QListWidgetItem(tr("%1 — %2").arg(singleLine(answersText(m_golds.value(item.id.value)), 120),
                                                                          singleLine(text, 200)));
                       line->setData(Qt::UserRole, item.id.value);
                       m_chosen->addItem(line);
                   }
                   refresh();
                   Q_EMIT changed();
               });
}

void GoldItemsDialog::refresh()
{
    const int row = m_items->currentRow();
    const bool any = row >= 0 && row < m_found.size();
    m_add->setEnabled(any && !comparable(m_questionnaire, m_questions->answers()).empty());
    m_remove->setEnabled(m_chosen->currentItem());
    m_words->setText(m_golds.isEmpty() ? tr("Without gold items nobody knows how well a rater knows the behaviour.")
                                       : tr("%1 gold items. They are no part of the drawn items, and raters are not told.")
                                             .arg(QLocale().toString(m_golds.size())));
}

} // namespace evalwright
