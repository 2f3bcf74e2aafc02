// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exchange.h"

#include "core/foreignjson.h"
#include "core/handover.h"
#include "core/hash.h"
#include "core/text.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/sourcefile.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/importeditems.h"
#include "storage/repositories/jobs.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QSet>

#include <atomic>
#include <future>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Rows of a file that wait for the writer: so many packs of about so many bytes.
constexpr size_t mostPacks = 16;
constexpr qsizetype packBytes = 1 << 17;

/// What the writer has to know of a file.
struct StoredFile
{
    QString path, name, format, dataset;
    bool datasetNamed = false; ///< By the user, who may mean one that is there.
    FileFacts facts;           ///< Expected ones; those of the whole file are set at the end.
    QString sha256;
    qint64 bytes = 0, bad = 0;
    qint64 imported = 0, duplicates = 0; ///< The outcome.
    Handover<PackedItems> rows{mostPacks};
};

/// Whether a file's rows may go into a data set of that name, if there is one.
Status mayTake(const Dataset *found, bool isNamedByUser, const QString &family)
{
    if (found && !isNamedByUser) {
        return failure(Error(ErrorCode::AlreadyExists, u"There is already a data set named “%1”."_s.arg(found->name),
                             u"Name it with --dataset to add these rows to it, or name another one."_s)
                           .withConsequence(u"Nothing was imported."_s));
    }
    if (found && found->family != family) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"The data set “%1” is of the family “%2”, the file of “%3”."_s.arg(found->name, found->family, family),
                             u"Choose another data set."_s)
                           .withConsequence(u"Nothing was imported."_s));
    }
    return {};
}

/// What two rows share that ask the same: the folded statement, or question where there is none.
QByteArray statementKey(const QString &text)
{
    const QString folded = fold(text);
    return QCryptographicHash::hash((folded.isEmpty() ? text : folded).toUtf8(), QCryptographicHash::Md5);
}

/// Of the candidates that the data set has before a file; equal rows of one file are left to lint.
Result<QSet<QByteArray>> knownStatements(Connection &connection, DatasetId dataset)
{
    QSet<QByteArray> known;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT CASE WHEN statement = '' THEN question ELSE statement END FROM candidate WHERE dataset_id = ?"_s,
        {dataset.value}, [&](const Statement::Row &row) {
            if (const QString text = row.text(0); !text.isEmpty())
                known.insert(statementKey(text));
        }));
    return known;
}

/// The writer's half: everything about one file in one transaction.
class Storing
{
public:
    Storing(Connection &connection, StoredFile &file) : m_connection(connection), m_file(file) {}

    Result<bool> run()
    {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetFor());
        ImportSource source;
        source.fileName = m_file.name;
        source.format = m_file.format;
        source.sha256 = newUuid(); // Of a file that is not read to its end yet.
        source.datasetId = dataset.id;
        EVALWRIGHT_ASSIGN(source, addImportSource(m_connection, source));
        EVALWRIGHT_ASSIGN(qint64 ordinal, lastOrdinal(m_connection, dataset.id));
        EVALWRIGHT_ASSIGN(const QSet<QByteArray> known, knownStatements(m_connection, dataset.id));
        // A generation numbers its candidates by sample; one that is still to go on must find its numbers free.
        constexpr qint64 aboveEverySample = 1'000'000'000;
        if (dataset.recipeId.isValid())
            ordinal = std::max(ordinal, aboveEverySample);
        ImportedRows rows;
        rows.next = [this] { return m_file.rows.pop(); };
        if (!known.isEmpty())
            rows.skips = [&](const PackedItems &some, qsizetype row) { return isRepeated(some, row, known); };
        EVALWRIGHT_ASSIGN(m_file.imported, storeImportedItems(m_connection, dataset.id, source.id, ordinal, rows));
        if (!m_file.rows.isComplete())
            return failure(stoppedOnRequest()); // Whoever reads the file knows why.
        source.bytes = m_file.bytes;
        source.sha256 = m_file.sha256;
        source.dialect = m_file.facts.dialect;
        source.mapping = m_file.facts.mapping;
        EVALWRIGHT_TRY(completeImportSource(m_connection, source));
        const nlohmann::json detail{{"file", m_file.name.toStdString()},
                                    {"sha256", m_file.sha256.toStdString()},
                                    {"rows", m_file.imported},
                                    {"duplicates", m_file.duplicates},
                                    {"rejected", m_file.bad}};
        EVALWRIGHT_TRY(logEvent(m_connection, u"import"_s, {}, QString::fromStdString(detail.dump())));
        return true;
    }

private:
    Result<Dataset> datasetFor()
    {
        EVALWRIGHT_ASSIGN(const std::optional<Dataset> found, findDataset(m_connection, m_file.dataset));
        EVALWRIGHT_TRY(mayTake(found ? &*found : nullptr, m_file.datasetNamed, m_file.facts.family));
        if (!found) {
            Behaviour named;
            named.name = m_file.dataset;
            EVALWRIGHT_ASSIGN(const Behaviour behaviour, ensureBehaviour(m_connection, named));
            Dataset made;
            made.name = m_file.dataset;
            made.family = m_file.facts.family;
            made.behaviourId = behaviour.id;
            return createDataset(m_connection, made);
        }
        return *found;
    }

    bool isRepeated(const PackedItems &rows, qsizetype row, const QSet<QByteArray> &known)
    {
        const std::string_view statement = rows.text(row, PackedItems::Statement),
                               text = statement.empty() ? rows.text(row, PackedItems::Question) : statement;
        const bool is = known.contains(statementKey(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))));
        m_file.duplicates += is ? 1 : 0;
        return is;
    }

    Connection &m_connection;
    StoredFile &m_file;
};

/// The reader's half of one import, from the first look at the file to the report.
class Import
{
public:
    Import(Project &project, const QString &path, const ImportOptions &options, const CancellationToken &token,
           const ExchangeProgress &progress)
        : m_project(project), m_options(options), m_token(token), m_progress(progress)
    {
        m_report.path = path;
    }

    /// Looks at the file until it is known what to expect of its rows. Nothing is stored yet, so that this can be done on
    /// another thread while the file before is being stored.
    Status prepare()
    {
        EVALWRIGHT_TRY(m_source.open(m_report.path, m_options, m_token));
        m_report.dataset = m_options.dataset.isEmpty() ? QFileInfo(m_report.path).completeBaseName() : m_options.dataset;
        if (m_source.problem()) {
            m_report.rejected << *m_source.problem();
            m_report.bad = 1;
            return {};
        }
        m_report.format = m_source.format().name;
        EVALWRIGHT_ASSIGN(const bool known, knownBefore());
        if (known)
            return {};
        if (m_options.dryRun)
            return tryOut();
        EVALWRIGHT_ASSIGN(m_expected, m_source.guess());
        m_guessed = m_expected.has_value();
        return m_guessed ? Status() : expectFromAll();
    }
    /// While it is, nothing is told about the progress of prepare().
    void setQuiet(bool quiet) { m_quiet = quiet; }

    /// Reads the file; its rows may still be on their way to the project afterwards.
    Status store()
    {
        if (!m_expected)
            return {};
        EVALWRIGHT_ASSIGN(bool held, readAndStore(*m_expected));
        if (!held && m_guessed) {
            EVALWRIGHT_TRY(expectFromAll());
            if (!m_expected)
                return {};
            EVALWRIGHT_ASSIGN(held, readAndStore(*m_expected));
        }
        if (held)
            return {};
        return failure(Error(ErrorCode::Storage, u"“%1” changed while it was being read."_s.arg(m_report.path),
                             u"Import it again when nobody writes it."_s)
                           .withConsequence(u"Nothing was imported."_s));
    }

    /// Waits until the rows are stored.
    Result<ImportReport> end()
    {
        if (!m_storing)
            return m_report;
        const Result<bool> stored = m_storing->result();
        if (!stored)
            return failure(stored.error());
        m_report.imported = m_file->imported;
        m_report.duplicates = m_file->duplicates;
        return m_report;
    }

private:
    /// Nothing of the file is stored because of bad rows.
    bool isRefused() const
    {
        const bool nothingGood = m_report.bad >= m_report.rows; // An empty file has one problem and no row.
        return m_report.bad > 0 && (!m_options.skipBad || nothingGood);
    }

    void note(const ImportedRow &row)
    {
        ++m_report.rows;
        if (row.problem) {
            ++m_report.bad;
            if (m_report.rejected.size() < ImportReport::mostListed)
                m_report.rejected << *row.problem;
        }
        for (const QString &flag : row.flags)
            ++m_report.flags[flag];
    }
    /// Of the whole file, once it is read.
    void note(const SourceFile::Reading &reading)
    {
        m_report.sha256 = reading.sha256;
        m_report.bytes = reading.bytes;
        m_report.cutShort = reading.facts.cutShort;
        m_report.mapping = reading.facts.mapping;
        m_report.dialect = reading.facts.dialect;
        if (m_report.rows == 0) {
            m_report.rejected << RowProblem{0, 0, u"empty-file"_s, u"There is no row in the file."_s, {}, {}};
            m_report.bad = 1;
        }
    }
    void forget()
    {
        m_report.rows = m_report.bad = m_report.duplicates = 0;
        m_report.rejected.clear();
        m_report.flags.clear();
    }
    std::function<void(qint64)> telling() const
    {
        if (!m_progress)
            return {};
        return [this](qint64 bytes) {
            if (!m_quiet)
                m_progress(bytes, m_source.size());
        };
    }

    /// Whether the data set has the same bytes already; then the rows are counted, no more. The file is hashed only
    /// when one of its size was imported before.
    Result<bool> knownBefore()
    {
        const qint64 bytes = m_source.size();
        EVALWRIGHT_ASSIGN(const QStringList hashes, m_project.readNow([&](Connection &c) -> Result<QStringList> {
            EVALWRIGHT_ASSIGN(const std::optional<Dataset> dataset, findDataset(c, m_report.dataset));
            if (!dataset)
                return QStringList();
            EVALWRIGHT_ASSIGN(const QList<ImportSource> sources, importSourcesOf(c, dataset->id));
            QStringList found;
            for (const ImportSource &source : sources) {
                if (source.bytes == bytes)
                    found << source.sha256;
            }
            return found;
        }));
        if (hashes.isEmpty())
            return false;
        EVALWRIGHT_ASSIGN(const QString hash, m_source.sha256(m_token));
        if (!hashes.contains(hash))
            return false;
        EVALWRIGHT_TRY(survey());
        if (!isRefused())
            m_report.duplicates = m_report.rows - m_report.bad;
        return true;
    }

    /// Problems and facts of the whole file. Stores nothing.
    Result<std::optional<FileFacts>> survey(const QSet<QByteArray> &known = {})
    {
        forget();
        EVALWRIGHT_ASSIGN(const SourceFile::Reading reading, m_source.read(std::nullopt, [&](const ImportedRow &row) -> Status {
            note(row);
            const Candidate &c = row.candidate;
            if (!known.isEmpty() && !row.problem && known.contains(statementKey(c.statement.isEmpty() ? c.question : c.statement)))
                ++m_report.duplicates;
            return {};
        }, m_token, telling()));
        note(reading);
        return std::optional(reading.facts);
    }

    /// What the whole file lets expect; nothing when it is refused.
    Status expectFromAll()
    {
        EVALWRIGHT_ASSIGN(m_expected, survey());
        if (isRefused())
            m_expected.reset();
        return {};
    }

    /// What an import would do.
    Status tryOut()
    {
        std::optional<Dataset> dataset;
        EVALWRIGHT_ASSIGN(const QSet<QByteArray> known, m_project.readNow([&](Connection &c) -> Result<QSet<QByteArray>> {
            EVALWRIGHT_ASSIGN(dataset, findDataset(c, m_report.dataset));
            return dataset ? knownStatements(c, dataset->id) : QSet<QByteArray>();
        }));
        EVALWRIGHT_ASSIGN(const auto facts, survey(known));
        EVALWRIGHT_TRY(mayTake(dataset ? &*dataset : nullptr, !m_options.dataset.isEmpty(), facts->family));
        if (isRefused())
            m_report.duplicates = 0;
        else
            m_report.importable = m_report.rows - m_report.bad - m_report.duplicates;
        return {};
    }

    /// One reading, whose rows go to the writer as they come. False when the file is not what was expected of it: then
    /// nothing is stored.
    Result<bool> readAndStore(const FileFacts &expected)
    {
        forget();
        startStoring(expected);
        bool stores = true;
        // Small files that follow each other go through the index of UUIDs once together.
        static thread_local RisingUuids uuids;
        PackedItems rows;
        const auto hand = [&] {
            if (rows.size() > 0)
                stores = m_file->rows.push(std::exchange(rows, {}));
        };
        const auto reading = m_source.read(expected, [&](ImportedRow &row) -> Status {
            note(row);
            stores = stores && (m_report.bad == 0 || m_options.skipBad);
            if (!stores || row.problem)
                return {};
            rows.add(row.candidate, uuids.next());
            if (rows.bytes() >= packBytes)
                hand();
            return {};
        }, m_token, telling());
        if (!reading) {
            giveUpStoring();
            return failure(reading.error());
        }
        if (!reading->surveyHeld) {
            giveUpStoring();
            return false;
        }
        hand();
        uuids.rest();
        note(*reading);
        m_file->facts = reading->facts;
        m_file->sha256 = reading->sha256;
        m_file->bytes = reading->bytes;
        m_file->bad = m_report.bad;
        if (isRefused())
            giveUpStoring();
        else
            m_file->rows.end(true);
        return true;
    }

    void startStoring(const FileFacts &expected)
    {
        m_file = std::make_shared<StoredFile>();
        m_file->path = m_report.path;
        m_file->name = m_source.name();
        m_file->format = m_report.format;
        m_file->dataset = m_report.dataset;
        m_file->datasetNamed = !m_options.dataset.isEmpty();
        m_file->facts = expected;
        // However the change ends, also without having been begun: nobody waits to hand over rows.
        std::shared_ptr<Handover<PackedItems>> taken(&m_file->rows, [file = m_file](auto *rows) { rows->abandon(); });
        const auto work = [file = m_file, taken](Connection &c) {
            Result<bool> stored = Storing(c, *file).run();
            taken->abandon();
            return stored;
        };
        // What can be undone within a transaction is remembered page by page, in memory: a large file has one of its own.
        constexpr qint64 large = qint64{32} << 20;
        m_storing = m_source.size() < large ? m_project.write(work, {Topic::Datasets, Topic::Candidates})
                                            : m_project.maintain(
                                                  [work](Connection &c) -> Result<bool> {
                                                      EVALWRIGHT_TRY(c.begin());
                                                      Result<bool> stored = work(c);
                                                      if (stored) {
                                                          if (const Status committed = c.commit(); !committed)
                                                              stored = failure(committed.error());
                                                      }
                                                      if (!stored)
                                                          c.rollback();
                                                      return stored;
                                                  },
                                                  {Topic::Datasets, Topic::Candidates});
    }
    void giveUpStoring()
    {
        m_file->rows.end(false);
        m_storing->waitForFinished();
        m_storing.reset();
    }

    Project &m_project;
    const ImportOptions &m_options;
    const CancellationToken &m_token;
    const ExchangeProgress &m_progress;
    ImportReport m_report;
    SourceFile m_source;
    std::optional<FileFacts> m_expected; ///< Unset when there is nothing to store.
    bool m_guessed = false;              ///< From the beginning of the file alone.
    std::atomic<bool> m_quiet = false;
    std::shared_ptr<StoredFile> m_file;
    std::optional<QFuture<Result<bool>>> m_storing;
};

nlohmann::json textOrNull(const QString &text)
{
    return text.isEmpty() ? nlohmann::json() : nlohmann::json(text.toStdString());
}
nlohmann::json placeOrNull(qint64 number)
{
    return number > 0 ? nlohmann::json(number) : nlohmann::json();
}

} // namespace

nlohmann::json ImportReport::toJson() const
{
    nlohmann::json problems = nlohmann::json::array();
    for (const RowProblem &row : rejected) {
        problems.push_back({{"line", placeOrNull(row.line)},
                            {"column", placeOrNull(row.column)},
                            {"reason", row.reason.toStdString()},
                            {"message", row.message.toStdString()},
                            {"field", textOrNull(row.field)},
                            {"excerpt", textOrNull(row.excerpt)}});
    }
    nlohmann::json marks = nlohmann::json::object();
    for (auto it = flags.cbegin(); it != flags.cend(); ++it)
        marks[it.key().toStdString()] = it.value();
    return {{"path", path.toStdString()},
            {"format", textOrNull(format)},
            {"dataset", dataset.toStdString()},
            {"sha256", textOrNull(sha256)},
            {"bytes", bytes},
            {"rows", rows},
            {"imported", imported},
            {"duplicates", duplicates},
            {"importable", importable ? nlohmann::json(*importable) : nlohmann::json()},
            {"rejected_rows", bad},
            {"rejected", std::move(problems)},
            {"flags", std::move(marks)},
            {"cut_short", cutShort},
            {"mapping", storedJson(mapping)},
            {"dialect", nlohmann::json::parse(dialect.isEmpty() ? "{}" : dialect.toStdString(), nullptr, false)}};
}

Result<ImportReport> importFile(Project &project, const QString &path, const ImportOptions &options,
                                const CancellationToken &token, const ExchangeProgress &progress)
{
    Import import(project, path, options, token, progress);
    EVALWRIGHT_TRY(import.prepare());
    EVALWRIGHT_TRY(import.store());
    return import.end();
}

struct ImportLine::Waiting
{
    const qint64 bytes;
    const ImportOptions options;
    const CancellationToken token;
    const ExchangeProgress progress;
    Import import;
    std::future<Status> prepared;
    std::optional<Status> stored; ///< Set once its rows are with the writer, or it has failed.

    Waiting(Project &project, const QString &path, qint64 size, ImportOptions o, CancellationToken t, ExchangeProgress tell)
        : bytes(size), options(std::move(o)), token(std::move(t)), progress(std::move(tell)),
          import(project, path, options, token, progress)
    {
        import.setQuiet(true);
        prepared = std::async(std::launch::async, [this] { return import.prepare(); });
    }
    void store()
    {
        if (stored)
            return;
        import.setQuiet(false); // Nobody else tells, as nothing else is done meanwhile.
        stored = prepared.get();
        if (*stored)
            stored = import.store();
    }
};

ImportLine::ImportLine(Project &project, Done done, const CancellationToken &token, Progress progress)
    : m_project(project), m_done(std::move(done)), m_token(token), m_progress(std::move(progress))
{
}

ImportLine::~ImportLine() = default;

Status ImportLine::add(const QString &path, const ImportOptions &options)
{
    // What one file brings decides what is new in the next one for the same data set.
    const QString dataset = options.dataset.isEmpty() ? QFileInfo(path).completeBaseName() : options.dataset;
    if (m_datasets.contains(dataset))
        EVALWRIGHT_TRY(finish());
    // A file's rows wait in a Handover, which does not hold more of a large one.
    constexpr qint64 mostBytes = qint64{8} << 20, mostOfOne = qint64{mostPacks} * packBytes;
    const qint64 bytes = std::min(QFileInfo(path).size(), mostOfOne);
    while (!m_waiting.empty() && m_waitingBytes + bytes > mostBytes)
        EVALWRIGHT_TRY(finishFirst());
    m_datasets.insert(dataset);
    m_waitingBytes += bytes;
    ExchangeProgress tell;
    if (m_progress)
        tell = [this, file = m_added](qint64 done, qint64 total) { m_progress(file, done, total); };
    ++m_added;
    m_waiting.push_back(std::make_unique<Waiting>(m_project, path, bytes, options, m_token, std::move(tell)));
    if (m_waiting.size() > 1)
        m_waiting[m_waiting.size() - 2]->store();
    return {};
}

Status ImportLine::finish()
{
    while (!m_waiting.empty())
        EVALWRIGHT_TRY(finishFirst());
    m_datasets.clear();
    return {};
}

Status ImportLine::finishFirst()
{
    const std::unique_ptr<Waiting> first = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_waitingBytes -= first->bytes;
    first->store();
    return m_done(*first->stored ? first->import.end() : Result<ImportReport>(failure(first->stored->error())));
}

} // namespace evalwright
