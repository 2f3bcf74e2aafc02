// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"
#include "lm/batch/batchline.h"

#include <QHash>
#include <QList>
#include <QMap>

#include <functional>
#include <optional>

class QIODevice;

namespace evalwright {

/// A line of a result file that brought no result, or one that deserves a look.
struct BatchLineProblem
{
    /// json-syntax | invalid-utf8 | invalid-unicode | too-deep | too-long | not-an-object | duplicate-key |
    /// missing-field | wrong-type | id-unknown | content-changed (another result for an id that had one)
    QString reason;
    QString message;
    QString file;
    qint64 line = 0;   ///< From 1.
    QString customId;  ///< When it could be read; at most 64 characters.
    QByteArray raw;    ///< The line as it arrived; empty for too-long.
    QString firstFile; ///< content-changed: where the result stands that was kept.
    qint64 firstLine = 0;
};

struct BatchReadReport
{
    qint64 lines = 0, blank = 0;
    qint64 answered = 0, errored = 0, expired = 0, cancelled = 0; ///< Results handed on, each id once.
    qint64 repeated = 0;                                          ///< The same result once more: fine.
    QMap<QString, qint64> problems;                               ///< Number of lines for each reason.
    QList<BatchLineProblem> first;                                ///< The first 100 problems, `raw` cut to 2,000 bytes.
    bool cutShort = false; ///< The last line of a file has no end and is not whole.
    qint64 results() const { return answered + errored + expired + cancelled; }
    qint64 problemLines() const;
};

/// Reads the result files of batches: OpenAI's output and error files, those of `vllm run-batch` (also old ones, with
/// the chat object directly under `response`), and Anthropic's results. One reader can read several files; results that
/// stand in more than one are recognised. Read the output file before the error file: of two results for one id the
/// first is kept.
///
/// Lines may come in any order and any number; a line that cannot be used is reported and never stops the rest. Memory:
/// one line (at most `longestLine`) and about 250 bytes for each *known* id, whatever the file holds.
class BatchResultReader
{
public:
    /// Is the id of a request that was sent? Others are reported as id-unknown.
    using IsKnown = std::function<bool(const QString &customId)>;
    /// Gets each known id at most once. An error stops the reading and is returned.
    using Sink = std::function<Status(const BatchResult &)>;
    /// Gets every problem with its whole raw line. An error stops the reading and is returned.
    using ProblemSink = std::function<Status(const BatchLineProblem &)>;

    BatchResultReader(IsKnown isKnown, Sink sink, ProblemSink problems = {}, qint64 longestLine = defaultLongestLine);

    /// NotFound, ReadOnly, Storage about the file; Parse when it is compressed or UTF-16; Cancelled. What was handed on
    /// before stays valid.
    Status readFile(BatchService service, const QString &path, const CancellationToken &token);
    /// `name` is only for the report.
    Status read(BatchService service, QIODevice &device, const QString &name, const CancellationToken &token);

    const BatchReadReport &report() const { return m_report; }
    /// A result for this id was handed on.
    bool has(const QString &customId) const { return m_seen.contains(customId.toUtf8()); }

    static constexpr qint64 defaultLongestLine = qint64{16} * 1024 * 1024;

private:
    struct Seen
    {
        QByteArray digest;
        qsizetype file = 0;
        qint64 line = 0;
    };
    Status take(const BatchResult &result, qint64 line, const QByteArray &raw);
    Status report(BatchLineProblem problem);

    IsKnown m_isKnown;
    Sink m_sink;
    ProblemSink m_problems;
    qint64 m_longestLine;
    QStringList m_files;
    QHash<QByteArray, Seen> m_seen;
    BatchReadReport m_report;
};

/// One line of a result file, without judging its id. Returns the reason code and words for what cannot be read.
tl::expected<BatchResult, BatchLineProblem> readBatchLine(BatchService service, const QByteArray &line);

} // namespace evalwright
