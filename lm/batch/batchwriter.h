// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "lm/batch/batchline.h"

#include <QList>

#include <map>
#include <memory>

namespace evalwright {

/// What one file may hold.
struct BatchLimits
{
    qint64 lines = 0;
    qint64 bytes = 0; ///< Decimal megabytes: no vendor says which it means, and these are the smaller ones.
    /// OpenAI 50,000 lines and 200 MB; Anthropic 100,000 requests and 256 MB.
    static BatchLimits of(BatchService service);
};

struct BatchWriteOptions
{
    BatchService service = BatchService::OpenAi;
    QString folder;         ///< Must exist.
    QString stem;           ///< Files are called <stem>-001.jsonl (Anthropic: .json), <stem>-002.jsonl, …
    QString projectPath;    ///< The open project, whose own files are never written; may be empty.
    bool overwrite = false; ///< Else an existing file is an error (AlreadyExists).
    BatchLimits limits;     ///< Zero: those of the service. Larger ones than those of the service are cut to them.
};

struct BatchFile
{
    QString path, model, url;
    qint64 lines = 0, bytes = 0;
    QString sha256; ///< Lower-case hexadecimal, of the whole file.
};

struct BatchWriteReport
{
    QList<BatchFile> files;
    QStringList
        stale; ///< Files <stem>-NNN of an earlier, longer run that still lie in the folder: sending them pays twice.
};

/// Writes requests as batch files: for OpenAI (and `vllm run-batch`) one JSON line for each,
/// `{"custom_id","method":"POST","url","body"}`, for Anthropic one document `{"requests":[{"custom_id","params"}]}`.
/// Every file has one model and one path, as the vendors demand; interleaved models are sorted into their files.
///
/// Bodies are copied byte by byte (line ends between tokens become blanks), so that numbers keep their spelling.
/// Nothing has its final name before finish(), which flushes, then renames; a writer that is destroyed earlier leaves
/// nothing behind (a killed process may leave files called `.<stem>-….part`).
///
/// Memory: the custom ids of the files that are open (at most 100,000 each, and 16 files), not of all lines.
/// The same key twice in one file is InvalidInput; over several files the caller sees to it.
class BatchWriter
{
public:
    explicit BatchWriter(BatchWriteOptions options);
    ~BatchWriter();
    BatchWriter(const BatchWriter &) = delete;
    BatchWriter &operator=(const BatchWriter &) = delete;

    /// InvalidInput: a key that is not 32 bytes, a body that is no JSON object or has no `model`, asks to stream, or is
    /// larger than a whole file may be; a path that the service does not batch; more than 16 models and paths.
    /// AlreadyExists, ReadOnly, DiskFull, Storage: about the file. After an error only destruction is left.
    Status add(const BatchLine &line);
    /// Puts all files in place. When one cannot be put there, those already renamed are taken back (unless they
    /// replaced an older file, which the error then names).
    Result<BatchWriteReport> finish();

private:
    struct Part;
    Result<Part *> partFor(const QString &model, const QString &url, qint64 bytes);
    Status open(Part &part);
    Status write(Part &part, const QByteArray &bytes);
    Status close(Part &part);
    Status publish(const Part &part, QStringList &replaced);
    QString target(qsizetype number) const;

    BatchWriteOptions m_options;
    std::vector<std::unique_ptr<Part>> m_parts;           ///< In the order of their numbers; closed ones are small.
    std::map<std::pair<QString, QString>, Part *> m_open; ///< By model and path.
    bool m_failed = false;
};

} // namespace evalwright
