// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/givelistsdialog.h"

#include "core/onfinished.h"
#include "core/questionnaire.h"
#include "review/bundlewriter.h"
#include "review/givenlists.h"
#include "storage/repositories/reviews.h"
#include "widgets/files/filedialogs.h"
#include "widgets/review/reviewlanguage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <QtConcurrent/QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

/// What one file or several hold; the first error ends it, and names what was written before it.
struct Outcome
{
    QStringList written, notes;
    std::optional<Error> error;
};

Outcome writeAll(const std::shared_ptr<Project> &project, ReviewId review, const QStringList &paths,
                 const QList<QList<int>> &slots, const QString &language)
{
    Outcome outcome;
    for (qsizetype i = 0; i < paths.size(); ++i) {
        BundleOptions options;
        options.slots = slots.at(i);
        options.language = language;
        options.force = paths.size() == 1; // The dialog that asked for the one path asked about replacing it.
        auto made = writeBundle(project, review, paths.at(i), options);
        if (!made) {
            outcome.error = made.error();
            return outcome;
        }
        outcome.written << made->path;
    }
    return outcome;
}

Outcome writeForTool(const std::shared_ptr<Project> &project, ReviewId review, Tool tool, const QString &path,
                     const QList<int> &slots, const QString &language)
{
    Outcome outcome;
    ToolExportOptions options;
    options.slots = slots;
    options.language = language;
    options.force = true; // The dialog that asked for the path asked about replacing it.
    const auto made = writeTasks(project, review, tool, path, options);
    if (!made) {
        outcome.error = made.error();
        return outcome;
    }
    outcome.written = {made->path, made->settingsPath};
    outcome.notes = made->notes;
    return outcome;
}

} // namespace

GiveListsDialog::GiveListsDialog(std::shared_ptr<Project> project, Review review, QWidget *parent)
    : QDialog(parent), m_project(std::move(project)), m_review(std::move(review)), m_banner(new Banner),
      m_lists(new QTreeWidget), m_language(new QComboBox), m_as(new QComboBox), m_apart(new QCheckBox(tr("A file for &each list"))),
      m_words(new QLabel), m_busy(new QProgressBar), m_write(new QPushButton(tr("&Write …"))),
      m_close(new QPushButton(tr("Close")))
{
    setWindowTitle(tr("Raters elsewhere"));
    resize(620, 480);
    m_lists->setHeaderLabels({tr("List"), tr("Items"), tr("Who")});
    m_lists->setRootIsDecorated(false);
    m_lists->setAccessibleName(tr("Lists of the review"));
    m_language->addItem(tr("each rater's own"), QString());
    m_language->addItem(ReviewLanguage::nameOf(u"en"_s), u"en"_s);
    m_as->addItem(tr("this program, elsewhere"), QVariant());
    for (const Tool tool : {Tool::LabelStudio, Tool::Argilla})
        m_as->addItem(toolTitle(tool), formatName(tool));
    m_apart->setChecked(true);
    m_apart->setToolTip(tr("In a file with several lists somebody who looks can see which items are on all of them"));
    m_words->setTextFormat(Qt::PlainText);
    m_words->setWordWrap(true);
    setSecondary(m_words);
    m_busy->setRange(0, 0);
    m_busy->setAccessibleName(tr("Writing"));
    m_busy->hide();
    setPrimary(m_write);
    m_write->setDefault(true);
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->addRow(tr("&For"), m_as);
    form->addRow(tr("&Language of the questions"), m_language);
    form->addRow(QString(), m_apart);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_busy);
    buttons->addStretch();
    buttons->addWidget(m_write);
    buttons->addWidget(m_close);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(3), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addWidget(m_banner);
    layout->addWidget(m_lists, 1);
    layout->addLayout(form);
    layout->addWidget(m_words);
    layout->addLayout(buttons);
    connect(m_lists, &QTreeWidget::itemChanged, this, &GiveListsDialog::refresh);
    connect(m_apart, &QCheckBox::toggled, this, &GiveListsDialog::refresh);
    connect(m_as, &QComboBox::currentIndexChanged, this, &GiveListsDialog::refresh);
    connect(m_write, &QPushButton::clicked, this, &GiveListsDialog::choosePath);
    connect(m_close, &QPushButton::clicked, this, &QDialog::reject);
    refresh();
    read();
}

void GiveListsDialog::read()
{
    struct Found
    {
        QList<SlotState> lists;
        QStringList languages;
    };
    onFinished(m_project->read([review = m_review](Connection &c) -> Result<Found> {
        Found found;
        EVALWRIGHT_ASSIGN(found.lists, slotsOf(c, review.id));
        EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(c, review.questionnaireId));
        EVALWRIGHT_ASSIGN(const Questionnaire questionnaire, readQuestionnaire(record));
        found.languages = questionnaire.languages();
        return found;
    }),
               this, [this](const Result<Found> &found) {
                   if (!found)
                       return m_banner->showError(found.error());
                   const QSignalBlocker blocker(m_lists);
                   m_lists->clear();
                   for (const SlotState &list : found->lists) {
                       const bool isAway = list.rater.isValid() && list.code == nobodyYet(m_review.uuid, list.slot);
                       auto *item = new QTreeWidgetItem(m_lists);
                       item->setText(0, QLocale().toString(list.slot + 1));
                       item->setText(1, QLocale().toString(list.places));
                       item->setText(2, isAway                  ? tr("in a file for somebody")
                                        : list.rater.isValid() ? list.code
                                                               : tr("nobody yet"));
                       item->setData(0, Qt::UserRole, list.slot);
                       const bool isFree = !list.rater.isValid();
                       item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
                       item->setCheckState(0, isFree ? Qt::Checked : Qt::Unchecked);
                       if (!isFree && !isAway) { // Somebody works on it here.
                           item->setFlags(Qt::ItemIsSelectable);
                           item->setToolTip(2, tr("Somebody has begun this list"));
                       } else if (isAway) {
                           item->setToolTip(2, tr("Choose it to write the file once more, if it was lost"));
                       }
                   }
                   if (m_language->count() == 2) {
                       for (const QString &language : found->languages)
                           m_language->addItem(ReviewLanguage::nameOf(language), language);
                   }
                   refresh();
                   Q_EMIT ready();
               });
}

QList<int> GiveListsDialog::chosen() const
{
    QList<int> slots;
    for (int i = 0; i < m_lists->topLevelItemCount(); ++i) {
        const QTreeWidgetItem *item = m_lists->topLevelItem(i);
        if (item->checkState(0) == Qt::Checked)
            slots << item->data(0, Qt::UserRole).toInt();
    }
    return slots;
}

std::optional<Tool> GiveListsDialog::tool() const
{
    const auto named = toolFrom(m_as->currentData().toString());
    return named ? std::optional(*named) : std::nullopt;
}

void GiveListsDialog::refresh()
{
    m_apart->setEnabled(!tool());
    const qsizetype lists = chosen().size();
    m_busy->setVisible(m_writing);
    m_lists->setEnabled(!m_writing);
    m_write->setEnabled(lists > 0 && !m_writing);
    if (lists == 0)
        m_words->setText(tr("Choose the lists to give away. A list that is in a file counts as taken."));
    else if (tool())
        m_words->setText(tr("One file with the tasks of %1 lists, and the settings beside it. No label is in them.").arg(QLocale().toString(lists)));
    else
        m_words->setText(m_apart->isChecked() || lists == 1
                             ? tr("%1 lists, a file each. Raters open theirs with this program, and send their answers back; "
                                  "the project stays here, and no label is in the files.").arg(QLocale().toString(lists))
                             : tr("One file with %1 lists; each rater chooses one. No label is in it.").arg(QLocale().toString(lists)));
}

void GiveListsDialog::choosePath()
{
    const QString suffix = tool() ? u"json"_s : u"ewbundle"_s;
    askWhereToSave(this, tr("Write lists for raters"), m_review.name + u'.' + suffix,
                   tool() ? tr("Tasks (*.json)") : tr("Bundles (*.ewbundle)"), [this](const QString &path) { write(path); });
}

void GiveListsDialog::write(const QString &path)
{
    const QList<int> slots = chosen();
    if (slots.isEmpty() || m_writing)
        return;
    QStringList paths{path};
    QList<QList<int>> parts{slots};
    if (!tool() && m_apart->isChecked() && slots.size() > 1) {
        paths.clear();
        parts.clear();
        const QFileInfo info(path);
        for (const int slot : slots) {
            paths << info.path() + u'/' + info.completeBaseName() + u"-%1."_s.arg(slot + 1) + info.suffix();
            parts << QList<int>{slot};
        }
    }
    m_writing = true;
    refresh();
    onFinished(QtConcurrent::run([project = m_project, id = m_review.id, paths, parts,
                                  language = m_language->currentData().toString(), tool = tool()] {
        if (tool)
            return writeForTool(project, id, *tool, paths.first(), parts.first(), language);
        return writeAll(project, id, paths, parts, language);
    }),
               this, [this](const Outcome &outcome) {
                   m_writing = false;
                   QStringList names;
                   for (const QString &file : outcome.written)
                       names << QFileInfo(file).fileName();
                   if (outcome.error && names.isEmpty()) {
                       m_banner->showError(*outcome.error);
                   } else if (outcome.error) {
                       m_banner->showError(Error(*outcome.error)
                                               .withConsequence(tr("These were written before it: %1.").arg(names.join(u", "_s))));
                   } else {
                       m_banner->showMessage(outcome.notes.isEmpty() ? Theme::Meaning::Success : Theme::Meaning::Warning,
                                             (QStringList{tr("Written: %1.").arg(names.join(u", "_s))} + outcome.notes).join(u'\n'));
                   }
                   read();
                   if (!outcome.written.isEmpty())
                       Q_EMIT written(outcome.written);
               });
}

} // namespace evalwright
