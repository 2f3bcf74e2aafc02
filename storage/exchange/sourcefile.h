// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "storage/exchange/exchange.h"

#include <QFile>
#include <QTemporaryFile>

#include <functional>
#include <optional>

namespace evalwright {

/// A file that is to be imported: opened, its format and its encoding known, to be read once or several times.
class SourceFile
{
public:
    /// Opens it and looks at its beginning. Errors as importFile(). Without one, problem() may say why the content is
    /// of no use.
    Status open(const QString &path, const ImportOptions &options, const CancellationToken &token);
    const std::optional<RowProblem> &problem() const { return m_problem; }
    const FileFormat &format() const { return m_format; }
    /// Without folders; "standard input" for "-".
    const QString &name() const { return m_name; }
    qint64 size() const { return m_source->size(); }

    /// What the beginning of the file says about all of it, to read it with at once. Unset when it does not tell: then
    /// the whole file has to be surveyed first.
    Result<std::optional<FileFacts>> guess();
    /// Of the whole file, without reading its rows.
    Result<QString> sha256(const CancellationToken &token);

    struct Reading
    {
        FileFacts facts;
        QString sha256;
        qint64 bytes = 0;
        bool surveyHeld = true; ///< Its rows are as they would be had `survey` been facts().
    };
    struct Beginning
    {
        QByteArray text;    ///< In UTF-8, whole lines.
        bool whole = false; ///< Nothing follows.
    };
    /// At least so many lines, unless `mostBytes` hold fewer.
    Result<Beginning> beginning(qsizetype lines, qint64 mostBytes);
    /// Reads the rows of a text in the file's format, such as its beginning().
    std::unique_ptr<RowReader> readerOf(QIODevice &text, const std::optional<FileFacts> &survey) const;
    /// With ImportOptions::strict a row with a mark becomes a problem.
    void judge(ImportedRow &row) const;
    /// Reads every row. Without `survey` only problems, flags and facts of the reading are complete.
    Result<Reading> read(const std::optional<FileFacts> &survey, const std::function<Status(ImportedRow &row)> &use,
                         const CancellationToken &token, const std::function<void(qint64 bytes)> &progress = {});

private:
    void refuse(const QString &reason, const QString &message);
    Status spool(const CancellationToken &token);
    Status chooseFormat();
    void completeFacts(FileFacts &facts) const;

    QString m_path, m_name;
    ImportOptions m_options;
    std::optional<RowProblem> m_problem;
    FileFormat m_format;
    FieldMapping m_mapping;
    QByteArray m_head;               ///< Of the text, in UTF-8.
    std::optional<bool> m_bigEndian; ///< Of a text in UTF-16.
    QFile m_file;
    QTemporaryFile m_spool;
    QFileDevice *m_source = nullptr;
};

} // namespace evalwright
