// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QObject>

#include <vector>

namespace evalwright {

/// One block per item: its number, the question with its options as it is stored, the answers.
QString itemsAsPlainText(const QList<CandidateRow> &rows);

/// Brings items to the clipboard, however many: reads them some thousands at a time in the background, so that others can
/// read in between and the person can stop it. Deletes itself when it is through.
class ItemCopy : public QObject
{
    Q_OBJECT

public:
    enum class Format { Json, PlainText };
    /// More would fill the memory of this program and of the one that it is pasted into.
    static constexpr qint64 mostBytes = 50'000'000;

    ItemCopy(std::shared_ptr<Project> project, std::vector<qint64> ids, Format format, QObject *parent);
    /// For tests: another limit.
    void setMostBytes(qint64 bytes) { m_most = bytes; }
    void start();
    /// The clipboard stays as it is.
    void cancel();

Q_SIGNALS:
    void progress(qint64 done, qint64 total);
    void copied(qint64 items);
    void failed(const evalwright::Error &error);

private:
    void next();
    void end();

    std::shared_ptr<Project> m_project;
    std::vector<qint64> m_ids;
    Format m_format;
    qint64 m_most = mostBytes, m_bytes = 0, m_items = 0;
    std::size_t m_at = 0;
    bool m_isEnded = false;
    QString m_text;
};

} // namespace evalwright
