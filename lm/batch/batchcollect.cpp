// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchcollect.h"

#include "lm/batch/batchkeeper.h"
#include "lm/batch/batchproblems.h"

#include <QFile>
#include <QFileInfo>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// Looks at the first line that is a result in either form; OpenAI's when none is.
Result<BatchService> serviceOf(const QString &path)
{
    constexpr int linesLookedAt = 20;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return BatchService::OpenAi; // The reader says what is wrong with it.
    for (int i = 0; i < linesLookedAt && !file.atEnd(); ++i) {
        const QByteArray line = file.readLine(BatchResultReader::defaultLongestLine);
        if (readBatchLine(BatchService::OpenAi, line))
            return BatchService::OpenAi;
        if (readBatchLine(BatchService::Anthropic, line))
            return BatchService::Anthropic;
    }
    return BatchService::OpenAi;
}

/// The bytes of the key that an id holds; empty for an id that is none of ours.
QByteArray keyStartOf(const QString &customId)
{
    const QByteArray hex = customId.mid(2).toLatin1();
    const QByteArray bytes = QByteArray::fromHex(hex);
    return customId.startsWith("r-"_L1) && batchCustomId(bytes) == customId ? bytes : QByteArray();
}

/// Meets each result of some files with the request that it answers.
class Reading
{
public:
    Reading(Project &project, BatchProblemFile &problems, BatchCollected &out)
        : m_project(project), m_keeper(project, out), m_out(out),
          m_reader([this](const QString &id) { return isKnown(id); },
                   [this](const BatchResult &result) { return take(result); },
                   [&problems](const BatchLineProblem &problem) { return problems.add(problem); })
    {
    }
    Status run(BatchService service, const QString &file, const CancellationToken &token)
    {
        const Status read = m_reader.readFile(service, file, token);
        EVALWRIGHT_TRY(m_keeper.flush()); // What was read before an error is kept.
        return read && !m_lookup ? failure(m_lookup.error()) : read;
    }
    void finish()
    {
        const BatchReadReport &report = m_reader.report();
        m_out.lines = report.lines - report.blank;
        m_out.unknown = report.problems.value(u"id-unknown"_s);
        m_out.changed += report.problems.value(u"content-changed"_s);
        m_out.unreadable = report.problemLines() - m_out.unknown - report.problems.value(u"content-changed"_s);
        m_out.duplicates += report.repeated + report.problems.value(u"content-changed"_s);
        m_out.cutShort = report.cutShort;
    }

private:
    bool isKnown(const QString &id)
    {
        m_waiting.reset();
        m_stored.reset();
        const QByteArray start = keyStartOf(id);
        if (start.isEmpty() || !m_lookup)
            return false;
        m_lookup = m_project.readNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(m_waiting, batchedRequestLike(c, start));
            if (!m_waiting) {
                EVALWRIGHT_ASSIGN(m_stored, answeredLike(c, start));
            }
            return {};
        });
        return m_waiting || m_stored;
    }
    Status take(const BatchResult &result)
    {
        if (m_waiting)
            return m_keeper.add(*m_waiting, result);
        ++m_out.duplicates;
        if (result.body != *m_stored)
            ++m_out.changed;
        return {};
    }

    Project &m_project;
    BatchKeeper m_keeper;
    BatchCollected &m_out;
    BatchResultReader m_reader;
    std::optional<BatchedRequest> m_waiting; ///< Of the line that is being read.
    std::optional<QByteArray> m_stored;
    Status m_lookup;
};

} // namespace

Result<BatchCollected> collectBatchResults(Project &project, const QStringList &files,
                                           const BatchCollectOptions &options, const CancellationToken &token)
{
    BatchCollected out;
    out.cost = 0.0;
    BatchProblemFile problems(options.problemFolder, files.value(0));
    Reading reading(project, problems, out);
    for (const QString &file : files) {
        BatchService service = options.service.value_or(BatchService::OpenAi);
        if (!options.service) {
            EVALWRIGHT_ASSIGN(service, serviceOf(file));
        }
        EVALWRIGHT_TRY(reading.run(service, file, token));
    }
    reading.finish();
    EVALWRIGHT_ASSIGN(out.problemFile, problems.finish());
    return out;
}

nlohmann::json BatchCollected::toJson() const
{
    return {{"lines", lines},
            {"matched", matched},
            {"failed", failed},
            {"not_run", notRun},
            {"duplicates", duplicates},
            {"changed", changed},
            {"unknown", unknown},
            {"unreadable", unreadable},
            {"cut_short", cutShort},
            {"prompt_tokens", promptTokens},
            {"completion_tokens", completionTokens},
            {"cost", cost ? nlohmann::json(*cost) : nlohmann::json(nullptr)},
            {"problem_file",
             problemFile.isEmpty() ? nlohmann::json(nullptr) : nlohmann::json(problemFile.toStdString())}};
}

QString BatchCollected::text() const
{
    QString out = u"%1 of %2 results matched; %3 failed, %4 not run, %5 had been read before, %6 unknown, %7 "
                  u"unreadable."_s.arg(matched)
                      .arg(lines)
                      .arg(failed)
                      .arg(notRun)
                      .arg(duplicates)
                      .arg(unknown)
                      .arg(unreadable);
    if (changed > 0)
        out += u" %1 results differ from the ones that were read first, which are kept."_s.arg(changed);
    if (cutShort)
        out += u" The last line of a file is cut off; read the whole file again when it is there."_s;
    if (!problemFile.isEmpty())
        out += u" Every line that could not be used is in %1."_s.arg(problemFile);
    return out;
}

} // namespace evalwright
