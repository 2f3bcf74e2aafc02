// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchproblems.h"

#include "storage/exchange/fileerror.h"

#include <QDir>
#include <QFileInfo>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

BatchProblemFile::BatchProblemFile(const QString &folder, const QString &resultFile)
    : m_file(QDir(folder).filePath(QFileInfo(resultFile).completeBaseName() + u"-problems.jsonl"_s))
{
}

Status BatchProblemFile::add(const BatchLineProblem &problem)
{
    if (!m_any) {
        if (!QDir().mkpath(QFileInfo(m_file.fileName()).path()) ||
            !m_file.open(QIODevice::WriteOnly | QIODevice::Truncate))
            return failure(fileError(m_file, u"Could not write"_s, m_file.fileName()));
        m_any = true;
    }
    nlohmann::json line{{"reason", problem.reason.toStdString()}, {"file", problem.file.toStdString()},
                        {"line", problem.line},                   {"custom_id", problem.customId.toStdString()},
                        {"message", problem.message.toStdString()}};
    // Bytes that are no text cannot stand in JSON.
    if (problem.raw.isValidUtf8())
        line["raw"] = problem.raw.toStdString();
    else
        line["raw_base64"] = problem.raw.toBase64().toStdString();
    const QByteArray text = QByteArray::fromStdString(line.dump()) + '\n';
    if (m_file.write(text) != text.size())
        return failure(fileError(m_file, u"Could not write"_s, m_file.fileName()));
    return {};
}

Result<QString> BatchProblemFile::finish()
{
    if (!m_any)
        return QString();
    if (!m_file.flush())
        return failure(fileError(m_file, u"Could not write"_s, m_file.fileName()));
    m_file.close();
    return m_file.fileName();
}

} // namespace evalwright
