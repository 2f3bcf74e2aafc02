// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"

#include <QByteArray>

namespace evalwright {

/// Reads rows that stand exactly as the published persona files have them, without a tree of JSON in between: a question,
/// a statement, a confidence and two labels, in this order and no more, of ASCII letters and simple escapes, with
/// nothing that would be flagged. Nearly all rows of large files are such; every other one is left to
/// questionrow::read(), which gives the same candidate for these (tst_persona compares them).
class PlainRows
{
public:
    /// False when the row is not one of these; `out` may then hold a part. A row that is needs no source text: it is
    /// written as it stood, whatever the escapes.
    bool read(const QByteArray &line, Candidate &out);

private:
    /// The two labels of the last rows, and whether they are as published and not letters of options.
    struct Labels
    {
        QByteArray matching, other; ///< As they stand in the row.
        QString matchingText;
        QStringList otherTexts;
        bool usable = false;
    };
    const Labels &labelsOf(QByteArrayView matching, QByteArrayView other);

    Labels m_labels[2];
    int m_oldest = 0;
};

} // namespace evalwright
