// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exchange.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/meter.h"
#include "storage/exchange/utf16device.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QSet>
#include <QSqlError>
#include <QTemporaryFile>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// One import from the first look at the file to the report.
class Import
{
public:
    Import(Project &project, const QString &path, const ImportOptions &options, const CancellationToken &token,
           const ExchangeProgress &progress)
        : m_project(project), m_options(options), m_token(token), m_progress(progress)
    {
        m_report.path = path;
    }

    Result<ImportReport> run()
    {
        EVALWRIGHT_ASSIGN(const bool readable, openSource());
        if (!readable)
            return m_report;
        EVALWRIGHT_TRY(survey());
        const bool nothingGood = m_report.bad >= m_report.rows; // An empty file has one problem and no row.
        if (m_report.bad > 0 && (!m_options.skipBad || nothingGood))
            return m_report;
        const auto stored =
            m_project.writeNow([this](Connection &c) { return store(c); }, {Topic::Datasets, Topic::Candidates});
        if (!stored)
            return failure(stored.error());
        return m_report;
    }

private:
    void refuse(const QString &reason, const QString &message)
    {
        m_report.rejected << RowProblem{0, 0, reason, message, {}, {}};
        m_report.bad = 1;
    }

    /// False when the content is refused; then the report says why.
    Result<bool> openSource()
    {
        const QString &path = m_report.path;
        const bool standardInput = path == "-"_L1;
        const QFileInfo info(path);
        m_report.dataset = m_options.dataset.isEmpty() ? info.completeBaseName() : m_options.dataset;
        m_fileName = standardInput ? u"standard input"_s : info.fileName();
        if (standardInput && m_options.dataset.isEmpty())
            return failure(ErrorCode::InvalidInput, u"Standard input has no name to call the data set by."_s,
                           u"Name the data set with --dataset."_s);
        if (!standardInput && !info.exists())
            return failure(ErrorCode::NotFound, u"There is no file “%1”."_s.arg(path), u"Check the path."_s);
        if (!standardInput && info.isDir()) {
            refuse(u"not-a-file"_s, u"This is a folder, not a file."_s);
            return false;
        }
        m_file.setFileName(path);
        const bool opened = standardInput ? m_file.open(stdin, QIODevice::ReadOnly) : m_file.open(QIODevice::ReadOnly);
        if (!opened)
            return failure(fileError(m_file, u"Could not read"_s, path));
        m_source = &m_file;
        if (m_file.isSequential() || standardInput)
            EVALWRIGHT_TRY(spool());
        const QByteArray head = m_source->peek(1 << 16);
        if (head.isEmpty()) {
            refuse(u"empty-file"_s, u"The file is empty."_s);
            return false;
        }
        m_bigEndian = isBigEndianUtf16(head);
        m_head = m_bigEndian ? utf8Head(head) : head;
        if (const QString problem = contentProblem(m_head); !problem.isEmpty()) {
            refuse(problem, problem == "compressed"_L1 ? u"The content is compressed; unpack it first."_s
                                                       : u"The text is UTF-32; save it as UTF-8 first."_s);
            return false;
        }
        EVALWRIGHT_ASSIGN(m_format, formatOf(m_head));
        m_report.format = m_format.name;
        EVALWRIGHT_ASSIGN(m_mapping, FieldMapping::parse(m_options.map));
        if (!m_mapping.isEmpty() && !m_format.mapped) {
            return failure(Error(ErrorCode::InvalidInput,
                                 u"The columns of the format “%1” have fixed names; there is nothing to map."_s.arg(
                                     m_format.name),
                                 u"Choose jsonl, csv or tsv as the format."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        return true;
    }

    /// Pipes cannot be read twice, so they are copied to a temporary file.
    Status spool()
    {
        if (!m_spool.open())
            return failure(fileError(m_spool, u"Could not make the temporary file"_s, m_spool.fileName()));
        constexpr qint64 piece = 1 << 18;
        for (QByteArray part = m_file.read(piece); !part.isEmpty(); part = m_file.read(piece)) {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            if (m_spool.write(part) != part.size())
                return failure(fileError(m_spool, u"Could not write the temporary file"_s, m_spool.fileName()));
        }
        if (!m_spool.seek(0))
            return failure(fileError(m_spool, u"Could not read the temporary file"_s, m_spool.fileName()));
        m_source = &m_spool;
        return {};
    }

    Result<FileFormat> formatOf(const QByteArray &head) const
    {
        if (m_options.format != "auto"_L1) {
            EVALWRIGHT_ASSIGN(FileFormat format, fileFormat(m_options.format));
            if (!format.reader)
                return failure(ErrorCode::Unsupported,
                               u"The format “%1” can be written but not read."_s.arg(format.name));
            return format;
        }
        QStringList names;
        for (const FileFormat &format : fileFormats()) {
            if (format.reader && format.recognises(head) && (m_options.map.isEmpty() || format.mapped))
                return format;
            names << format.name;
        }
        if (!m_options.map.isEmpty())
            return fileFormat(u"csv"_s); // What is mapped by hand need not have names that are known.
        return failure(
            Error(ErrorCode::Unsupported, u"The format of “%1” is not recognised."_s.arg(m_fileName),
                  u"Known formats: %1. Name one with --format if it is one of them."_s.arg(names.join(u", "_s)))
                .withConsequence(u"Nothing was imported."_s));
    }

    /// Reads rows through `use` and leaves hash, size and dialect of what was read.
    template <class Use>
    Status readAll(int pass, const std::optional<FileFacts> &survey, Use use)
    {
        if (!m_source->seek(0))
            return failure(fileError(*m_source, u"Could not read"_s, m_report.path));
        const qint64 size = m_source->size();
        Meter meter(*m_source, [&](qint64 bytes) {
            if (m_progress)
                m_progress(pass * size + bytes, 2 * size);
        });
        std::optional<Utf16Device> utf16;
        if (m_bigEndian)
            utf16.emplace(meter, *m_bigEndian);
        QIODevice &text = utf16 ? static_cast<QIODevice &>(*utf16) : meter;
        const auto reader = m_format.reader(text, {m_options.longestRow, m_head, survey, m_mapping, m_options.csvUnescape});
        for (ImportedRow row; reader->next(row);) {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            if (m_options.strict && !row.problem && !row.flags.isEmpty()) {
                row.problem = RowProblem{row.candidate.sourceLine.value_or(0),
                                         0,
                                         row.flags.first(),
                                         u"The row is marked: %1."_s.arg(row.flags.join(u", "_s)),
                                         {},
                                         {}};
            }
            EVALWRIGHT_TRY(use(row));
        }
        if (m_source->error() != QFileDevice::NoError)
            return failure(fileError(*m_source, u"Could not read"_s, m_report.path));
        if (std::optional<Error> refusal = reader->refusal())
            return failure(*std::move(refusal));
        m_sha256 = meter.sha256();
        m_bytes = meter.bytes();
        m_facts = reader->facts();
        m_report.cutShort = m_facts.cutShort;
        m_report.mapping = m_facts.mapping;
        if (m_bigEndian)
            noteEncoding();
        m_report.dialect = m_facts.dialect;
        return {};
    }

    void noteEncoding()
    {
        auto dialect = storedJson(m_facts.dialect);
        if (!dialect.is_object())
            dialect = nlohmann::json::object();
        dialect["encoding"] = *m_bigEndian ? "utf-16be" : "utf-16le";
        m_facts.dialect = QString::fromUtf8(canonicalJson(dialect));
    }

    /// First pass: counts, problems, dialect. Stores nothing.
    Status survey()
    {
        EVALWRIGHT_TRY(readAll(0, std::nullopt, [this](const ImportedRow &row) -> Status {
            ++m_report.rows;
            if (row.problem) {
                ++m_report.bad;
                if (m_report.rejected.size() < ImportReport::mostListed)
                    m_report.rejected << *row.problem;
            }
            for (const QString &flag : row.flags)
                ++m_report.flags[flag];
            return {};
        }));
        m_report.sha256 = m_sha256;
        m_report.bytes = m_bytes;
        if (m_report.rows == 0)
            refuse(u"empty-file"_s, u"There is no row in the file."_s);
        return {};
    }

    Result<Dataset> datasetFor(Connection &c)
    {
        const auto found = datasetByName(c, m_report.dataset);
        if (!found && found.error().code != ErrorCode::NotFound)
            return failure(found.error());
        if (!found) {
            EVALWRIGHT_ASSIGN(const Behaviour behaviour, ensureBehaviour(c, [this] {
                                  Behaviour b;
                                  b.name = m_report.dataset;
                                  return b;
                              }()));
            Dataset made;
            made.name = m_report.dataset;
            made.family = m_facts.family;
            made.behaviourId = behaviour.id;
            return createDataset(c, made);
        }
        EVALWRIGHT_ASSIGN(const auto earlier, importBySha256(c, found->id, m_report.sha256));
        if (earlier)
            return *found;
        if (m_options.dataset.isEmpty()) {
            return failure(Error(ErrorCode::AlreadyExists,
                                 u"There is already a data set named “%1”."_s.arg(found->name),
                                 u"Name it with --dataset to add these rows to it, or name another one."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        if (found->family != m_facts.family) {
            return failure(Error(ErrorCode::InvalidInput,
                                 u"The data set “%1” is of the family “%2”, the file of “%3”."_s.arg(
                                     found->name, found->family, m_facts.family),
                                 u"Choose another data set."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        return *found;
    }

    /// What two rows share that ask the same: the folded statement, or question where there is none.
    static QByteArray statementKey(const QString &statement, const QString &question)
    {
        const QString text = statement.isEmpty() ? question : statement, folded = fold(text);
        return QCryptographicHash::hash((folded.isEmpty() ? text : folded).toUtf8(), QCryptographicHash::Md5);
    }

    /// Of the candidates that the data set has before this file; equal rows of one file are left to lint.
    static Result<QSet<QByteArray>> knownStatements(Connection &c, DatasetId dataset)
    {
        QSet<QByteArray> known;
        EVALWRIGHT_ASSIGN(QSqlQuery rows, c.query(u"SELECT statement, question FROM candidate WHERE dataset_id = ?"_s,
                                                  {dataset.value}));
        while (rows.next()) {
            const QString statement = rows.value(0).toString(), question = rows.value(1).toString();
            if (!statement.isEmpty() || !question.isEmpty())
                known.insert(statementKey(statement, question));
        }
        if (rows.lastError().isValid())
            return failure(sqlError(rows.lastError(), u"Reading the project"_s));
        return known;
    }

    /// Second pass, inside one transaction.
    Result<bool> store(Connection &c)
    {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetFor(c));
        EVALWRIGHT_ASSIGN(const auto earlier, importBySha256(c, dataset.id, m_report.sha256));
        if (earlier) {
            m_report.duplicates = m_report.rows - m_report.bad;
            return false;
        }
        ImportSource source;
        source.fileName = m_fileName;
        source.bytes = m_report.bytes;
        source.sha256 = m_report.sha256;
        source.format = m_format.name;
        source.dialect = m_facts.dialect;
        source.mapping = m_facts.mapping;
        source.datasetId = dataset.id;
        EVALWRIGHT_ASSIGN(source, addImportSource(c, source));
        EVALWRIGHT_ASSIGN(qint64 ordinal, lastOrdinal(c, dataset.id));
        // A generation numbers its candidates by sample; one that is still to go on must find its numbers free.
        constexpr qint64 aboveEverySample = 1'000'000'000;
        if (dataset.recipeId.isValid())
            ordinal = std::max(ordinal, aboveEverySample);
        EVALWRIGHT_ASSIGN(const QSet<QByteArray> known, knownStatements(c, dataset.id));
        qint64 stored = 0, duplicates = 0;
        EVALWRIGHT_TRY(readAll(1, FileFacts(m_facts), [&](ImportedRow &row) -> Status {
            if (row.problem)
                return {};
            if (!known.isEmpty() && known.contains(statementKey(row.candidate.statement, row.candidate.question))) {
                ++duplicates;
                return {};
            }
            row.candidate.datasetId = dataset.id;
            row.candidate.importSourceId = source.id;
            row.candidate.ordinal = ++ordinal;
            EVALWRIGHT_TRY(addImportedItem(c, row.candidate));
            ++stored;
            return {};
        }));
        if (m_sha256 != m_report.sha256) {
            return failure(Error(ErrorCode::Storage, u"“%1” changed while it was being read."_s.arg(m_report.path),
                                 u"Import it again when nobody writes it."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        const nlohmann::json detail{{"file", m_fileName.toStdString()},
                                    {"sha256", m_sha256.toStdString()},
                                    {"rows", stored},
                                    {"duplicates", duplicates},
                                    {"rejected", m_report.bad}};
        EVALWRIGHT_TRY(logEvent(c, u"import"_s, {}, QString::fromStdString(detail.dump())));
        m_report.imported = stored;
        m_report.duplicates = duplicates;
        return true;
    }

    Project &m_project;
    const ImportOptions &m_options;
    const CancellationToken &m_token;
    const ExchangeProgress &m_progress;
    ImportReport m_report;
    FileFormat m_format;
    FieldMapping m_mapping;
    QByteArray m_head;               ///< Of the text, in UTF-8.
    std::optional<bool> m_bigEndian; ///< Of a text in UTF-16.
    QFile m_file;
    QTemporaryFile m_spool;
    QFileDevice *m_source = nullptr;
    QString m_fileName, m_sha256;
    FileFacts m_facts;
    qint64 m_bytes = 0;
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
    return Import(project, path, options, token, progress).run();
}

} // namespace evalwright
