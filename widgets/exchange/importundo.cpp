// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/exchange/importundo.h"

#include "core/onfinished.h"
#include "storage/project.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/session/session.h"

#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QUndoStack>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// It is done when it comes here, and ImportUndo takes it away once it is undone.
class ImportStep : public QUndoCommand
{
public:
    ImportStep(QList<ImportSourceId> sources, const QString &files) : m_sources(std::move(sources)), m_files(files)
    {
        setText(ImportUndo::tr("import of %1").arg(files));
    }
    const QList<ImportSourceId> &sources() const { return m_sources; }
    const QString &files() const { return m_files; }

private:
    QList<ImportSourceId> m_sources;
    QString m_files;
};

const ImportStep *importAt(const QUndoStack &stack, int index)
{
    return index < 0 ? nullptr : dynamic_cast<const ImportStep *>(stack.command(index));
}

/// Takes every step above the index away without doing it: it may speak of items that are gone.
void dropRedo(QUndoStack &stack)
{
    for (int i = stack.index(); i < stack.count(); ++i)
        const_cast<QUndoCommand *>(stack.command(i))->setObsolete(true); // The stack hands its commands out for reading only.
    while (stack.canRedo())
        stack.redo();
}

/// The rejecting of items that stayed, which was done with the removing of the others.
class RejectionStep : public QUndoCommand
{
public:
    RejectionStep(Session &session, const QList<ImportUndone> &imports, const QString &files)
        : m_session(session), m_project(session.project()), m_marks(std::make_shared<std::vector<DecisionMarks>>())
    {
        qint64 rejected = 0;
        for (const ImportUndone &one : imports) {
            rejected += one.rejected;
            if (one.rejected > 0)
                m_marks->push_back(one.rejections);
        }
        setText(ImportUndo::tr("rejecting %1 items of %2").arg(QLocale().toString(rejected), files));
    }
    void redo() override
    {
        if (std::exchange(m_isDone, true))
            queue(false);
    }
    void undo() override { queue(true); }

private:
    void queue(bool back)
    {
        const auto work = [project = m_project, marks = m_marks, back](const CancellationToken &token, const ProgressFunction &) -> Result<JobOutcome> {
            return project->writeNow([&](Connection &c) { return back ? takeBack(c, *marks, token) : again(c, *marks); },
                                     {Topic::Candidates, Topic::Datasets});
        };
        m_session.jobs().add((back ? ImportUndo::tr("Undo %1") : ImportUndo::tr("Redo %1")).arg(text()), work, {}, {{u"import"_s}, false});
    }
    static Result<JobOutcome> takeBack(Connection &connection, const std::vector<DecisionMarks> &marks, const CancellationToken &token)
    {
        EVALWRIGHT_ASSIGN(const TakenBack back, takeBackDecisions(connection, marks, [&](qint64) { return !token.isCancelled(); }));
        JobOutcome outcome;
        outcome.summary = ImportUndo::tr("%1 items are as they were; %2 were decided about since and stay so")
                              .arg(QLocale().toString(back.restored), QLocale().toString(back.changedSince));
        return outcome;
    }
    static Result<JobOutcome> again(Connection &connection, std::vector<DecisionMarks> &marks)
    {
        std::vector<DecisionMarks> now;
        qint64 rejected = 0;
        for (const DecisionMarks &one : marks) {
            std::vector<qint64> items;
            EVALWRIGHT_TRY(connection.forEachRow(u"SELECT candidate_id FROM decision WHERE id > ? AND id <= ? ORDER BY candidate_id"_s,
                                                 {one.after, one.upTo}, [&](const Statement::Row &row) { items.push_back(row.integer(0)); }));
            EVALWRIGHT_ASSIGN(const DecisionMarks done, decideAll(connection, items, false, u"import-undone"_s));
            rejected += done.changed;
            now.push_back(done);
        }
        marks = std::move(now);
        JobOutcome outcome;
        outcome.summary = ImportUndo::tr("%1 items are rejected").arg(QLocale().toString(rejected));
        return outcome;
    }

    Session &m_session;
    std::shared_ptr<Project> m_project;
    std::shared_ptr<std::vector<DecisionMarks>> m_marks; ///< Touched on the writer thread only, once it is on the stack.
    bool m_isDone = false;
};

QString filesOf(const QList<ImportUndone> &imports)
{
    QStringList names;
    for (const ImportUndone &one : imports)
        names << one.source.fileName;
    return singleLine(names.join(u", "_s), 60);
}

} // namespace

QString importUndoPlanText(const QList<ImportUndone> &plan)
{
    const QLocale locale;
    qint64 removed = 0, rejected = 0, before = 0;
    QStringList sets, gone;
    bool jobs = false;
    for (const ImportUndone &one : plan) {
        removed += one.removed;
        rejected += one.rejected;
        before += one.rejectedBefore;
        jobs = jobs || one.hasJobsSince;
        sets << singleLine(one.dataset, 80);
        if (one.datasetGoes)
            gone << singleLine(one.dataset, 80);
    }
    sets.removeDuplicates();
    QStringList lines;
    if (removed > 0)
        lines << ImportUndo::tr("Removed from “%1”: %2 items that nothing happened to since. Importing the file again brings them back.")
                     .arg(sets.join(u"”, “"_s), locale.toString(removed));
    if (rejected > 0)
        lines << (jobs ? ImportUndo::tr("Rejected, not removed: %1 items, because a job has worked with the data set since.")
                       : ImportUndo::tr("Rejected, not removed: %1 items that were decided about, asked, rated, edited or tagged since. All "
                                        "of that stays, and the rejecting can be undone."))
                     .arg(locale.toString(rejected));
    if (before > 0)
        lines << ImportUndo::tr("Rejected already, and stay so: %1 items.").arg(locale.toString(before));
    if (!gone.isEmpty())
        lines << ImportUndo::tr("The data set “%1” has nothing else in it and is removed, too.").arg(gone.join(u"”, “"_s));
    if (lines.isEmpty())
        lines << ImportUndo::tr("Nothing of it is in the project any more.");
    return lines.join(u'\n');
}

QString importUndoneText(const QList<ImportUndone> &imports)
{
    qint64 removed = 0, rejected = 0;
    for (const ImportUndone &one : imports) {
        removed += one.removed;
        rejected += one.rejected;
    }
    return ImportUndo::tr("The import is undone: %1 items are removed, %2 rejected.").arg(QLocale().toString(removed), QLocale().toString(rejected));
}

ImportUndo::ImportUndo(Session &session, QUndoStack &stack, QWidget *window) : QObject(window), m_session(session), m_stack(stack), m_window(window)
{
    connect(&m_session.jobs(), &JobQueue::finished, this, &ImportUndo::ended);
}

void ImportUndo::add(const QList<FileImport> &files)
{
    QList<ImportSourceId> sources;
    QStringList names;
    for (const FileImport &file : files) {
        if (!file.source.isValid())
            continue;
        sources << file.source;
        names << QFileInfo(file.path).fileName();
    }
    if (!sources.isEmpty())
        m_stack.push(new ImportStep(sources, singleLine(names.join(u", "_s), 60)));
}

bool ImportUndo::isNext() const
{
    return importAt(m_stack, m_stack.index() - 1) != nullptr;
}

void ImportUndo::askAboutNext()
{
    if (const ImportStep *step = importAt(m_stack, m_stack.index() - 1))
        ask(step->sources());
}

void ImportUndo::ask(const QList<ImportSourceId> &sources)
{
    if (QMessageBox *box = makeQuestion(sources))
        box->open();
}

QMessageBox *ImportUndo::makeQuestion(const QList<ImportSourceId> &sources)
{
    if (isRunning() || !m_session.project() || m_session.isReadOnly())
        return nullptr;
    delete m_question;
    m_question = new QMessageBox(QMessageBox::Question, tr("Undo the import?"), tr("Looking at what has happened to the items …"),
                                 QMessageBox::Cancel, m_window);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    m_question->setTextFormat(Qt::PlainText);
    QPushButton *undo = m_question->addButton(tr("Undo the import"), QMessageBox::AcceptRole);
    undo->setEnabled(false);
    onFinished(m_session.project()->read([sources](Connection &c) -> Result<QList<ImportUndone>> {
        QList<ImportUndone> plan;
        for (const ImportSourceId source : sources) {
            EVALWRIGHT_ASSIGN(const ImportUndone one, planImportUndo(c, source));
            plan << one;
        }
        return plan;
    }),
               m_question.data(), [this, undo, sources](const Result<QList<ImportUndone>> &plan) {
                   if (!plan)
                       return m_question->setText(withVisibleControls(plan.error().text()));
                   m_question->setText(tr("Undo the import of %1?").arg(withVisibleControls(filesOf(*plan))));
                   const ImportStep *next = importAt(m_stack, m_stack.index() - 1);
                   const bool isOnTop = next && next->sources() == sources;
                   m_question->setInformativeText(withVisibleControls(
                       importUndoPlanText(*plan) +
                       (isOnTop || m_stack.count() <= 1 ? QString() : u'\n' + tr("Steps that were made since cannot be undone any more then."))));
                   undo->setEnabled(true);
                   connect(undo, &QPushButton::clicked, this, [this, sources, files = filesOf(*plan)] { begin(sources, files); });
               });
    return m_question;
}

void ImportUndo::begin(const QList<ImportSourceId> &sources, const QString &title)
{
    if (isRunning() || !m_session.project())
        return;
    m_kept = std::make_shared<QList<ImportUndone>>();
    m_ticket = m_session.jobs().add(
        tr("Undo import of %1").arg(title),
        [project = m_session.project(), sources, kept = m_kept](const CancellationToken &token, const ProgressFunction &tell) -> Result<JobOutcome> {
            for (const ImportSourceId source : sources) {
                EVALWRIGHT_ASSIGN(const ImportUndone one, undoImport(*project, source, token, [&](qint64 done, qint64 total) {
                    JobProgress p;
                    p.done = done;
                    p.total = total;
                    p.message = tr("%1 of %2 items").arg(QLocale().toString(done), QLocale().toString(total));
                    tell(p);
                }));
                *kept << one;
            }
            JobOutcome outcome;
            outcome.summary = importUndoneText(*kept);
            return outcome;
        },
        {}, {{u"import"_s}, false});
}

void ImportUndo::ended(const ActiveJob &job)
{
    if (!isRunning() || job.ticket != m_ticket)
        return;
    m_ticket = 0;
    if (job.ofFormerProject)
        return;
    if (!m_kept->isEmpty()) // Several files are undone one by one; those before a failure are.
        conclude(*m_kept);
    if (job.state == ActiveJob::State::Failed && job.error)
        Q_EMIT failed(tr("The import was not undone"), *job.error);
}

void ImportUndo::conclude(const QList<ImportUndone> &imports)
{
    const bool anyRemoved = std::ranges::any_of(imports, [](const ImportUndone &one) { return one.removed > 0; });
    const auto isUndone = [&](ImportSourceId source) {
        return std::ranges::any_of(imports, [&](const ImportUndone &one) { return one.source.id == source; });
    };
    const int top = m_stack.index() - 1;
    const ImportStep *next = importAt(m_stack, top);
    if (next && std::ranges::any_of(next->sources(), isUndone)) {
        QList<ImportSourceId> left = next->sources();
        left.removeIf(isUndone);
        const QString files = next->files();
        dropRedo(m_stack); // Before the step itself goes: only that tells the menus.
        const_cast<QUndoCommand *>(m_stack.command(top))->setObsolete(true);
        m_stack.undo();
        if (!left.isEmpty())
            m_stack.push(new ImportStep(left, files));
    } else if (anyRemoved) {
        m_stack.clear(); // Other steps may speak of items that are gone, and their numbers may come again.
    }
    if (std::ranges::any_of(imports, [](const ImportUndone &one) { return one.rejected > 0; }))
        m_stack.push(new RejectionStep(m_session, imports, filesOf(imports)));
    Q_EMIT undone(imports);
}

} // namespace evalwright
