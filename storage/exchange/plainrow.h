// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QByteArray>

#include <array>

namespace evalwright {

/// Reads rows that stand exactly as the published ones have them, without a tree of JSON in between: a question, for
/// personas a statement and a confidence, then the labels and whatever else, which many rows of a file have alike. Of
/// ASCII letters and simple escapes, with nothing that would be flagged. Nearly all rows of large files are such; every
/// other one is left to questionrow::read(), which gives the same candidate for these (tst_importpasses compares them).
class PlainRows
{
public:
    /// False when the row is not one of these; `out` may then hold a part. A row that is needs no source text: it is
    /// written as it stood, whatever the escapes.
    bool read(const QByteArray &line, Candidate &out);

private:
    /// What follows the question, the statement and the confidence.
    struct Tail
    {
        QByteArray bytes; ///< As it stands in the row.
        QString matching, extra;
        QStringList others;
        bool lettered = false; ///< Its labels are letters of options, which the question must have.
        bool usable = false;   ///< It is read and written as it stands, and nothing is to be flagged.
    };
    /// Unset where rows have tails of their own, which would each be tried in vain.
    const Tail *tailOf(QByteArrayView bytes);

    std::array<Tail, 16> m_tails;
    size_t m_last = 0, m_oldest = 0;
    qint64 m_looked = 0, m_tried = 0;
};

} // namespace evalwright
