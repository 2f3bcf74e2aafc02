// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exchange.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/outputfile.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <QCryptographicHash>
#include <QFile>
#include <QSaveFile>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A file that appears under its name only when it is complete, or standard output.
class Output
{
public:
    Status open(const QString &path, const QString &projectPath, bool overwrite)
    {
        m_path = path;
        if (path == "-"_L1) {
            if (!m_standard.open(stdout, QIODevice::WriteOnly))
                return failure(fileError(m_standard, u"Could not write"_s, u"standard output"_s));
            m_device = &m_standard;
            return {};
        }
        EVALWRIGHT_TRY(mayWriteFile(path, projectPath, overwrite));
        m_save.setFileName(path);
        if (!m_save.open(QIODevice::WriteOnly))
            return failure(fileError(m_save, u"Could not write"_s, path));
        m_device = &m_save;
        return {};
    }
    Status write(const QByteArray &bytes)
    {
        m_hash.addData(bytes);
        m_bytes += bytes.size();
        if (m_device->write(bytes) != bytes.size())
            return failure(fileError(*m_device, u"Could not write"_s, m_path));
        return {};
    }
    Status close()
    {
        const bool written = m_device == &m_save ? m_save.commit() : m_standard.flush();
        if (!written)
            return failure(fileError(*m_device, u"Could not write"_s, m_path));
        return {};
    }
    QString sha256() const { return QString::fromLatin1(m_hash.result().toHex()); }
    qint64 bytes() const { return m_bytes; }

private:
    QString m_path;
    QSaveFile m_save;
    QFile m_standard;
    QFileDevice *m_device = nullptr;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_bytes = 0;
};

Result<ExportReport> writeDataset(Connection &connection, const FileFormat &format, ExportReport report,
                                  const QString &projectPath, bool overwrite, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(connection, report.dataset));
    Output output;
    std::unique_ptr<RowWriter> writer;
    EVALWRIGHT_TRY(forEachItem(connection, dataset.id, [&](const Candidate &candidate) -> Status {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        if (!writer) {
            // The file is written as the first item's source was.
            QString dialect;
            if (candidate.importSourceId.isValid()) {
                EVALWRIGHT_ASSIGN(const ImportSource source, importSourceById(connection, candidate.importSourceId));
                if (source.format == format.name)
                    dialect = source.dialect;
            }
            EVALWRIGHT_TRY(output.open(report.path, projectPath, overwrite));
            writer = format.writer(dialect);
        }
        EVALWRIGHT_ASSIGN(const QByteArray row, writer->row(candidate));
        EVALWRIGHT_TRY(output.write(row));
        ++report.rows;
        return {};
    }));
    if (!writer) {
        return failure(Error(ErrorCode::InvalidInput, u"The data set “%1” has no items."_s.arg(dataset.name),
                             u"Generate or import some first."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    EVALWRIGHT_TRY(output.write(writer->end()));
    EVALWRIGHT_TRY(output.close());
    report.sha256 = output.sha256();
    report.bytes = output.bytes();
    EVALWRIGHT_ASSIGN(const auto same, importBySha256(connection, dataset.id, report.sha256));
    report.equalsImport = same.has_value();
    return report;
}

} // namespace

nlohmann::json ExportReport::toJson() const
{
    return {{"path", path.toStdString()},
            {"format", format.toStdString()},
            {"dataset", dataset.toStdString()},
            {"sha256", sha256.toStdString()},
            {"rows", rows},
            {"bytes", bytes},
            {"equals_import", equalsImport}};
}

Result<ExportReport> exportDataset(Project &project, const QString &dataset, const QString &format, const QString &path,
                                   bool overwrite, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const FileFormat chosen, fileFormat(format));
    if (!chosen.writer)
        return failure(ErrorCode::Unsupported, u"The format “%1” can be read but not written."_s.arg(format));
    ExportReport report;
    report.path = path;
    report.dataset = dataset;
    report.format = format;
    return project.readNow(
        [&](Connection &c) { return writeDataset(c, chosen, report, project.path(), overwrite, token); });
}

} // namespace evalwright
