// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace evalwright {

/// A hand-written multiple-choice item that is shown to the writer as an example.
struct GoldItem
{
    QString stem; ///< Without the options and their heading.
    QStringList options; ///< Without letters, in the order of the text.
    int matchingIndex = 0;
};

/// One question of a bank. `answers`: side → the option that a person of this side would choose; empty when the
/// biographies are written for the options themselves.
struct BankQuestion
{
    QString id, stem;
    QStringList options;
    QMap<QString, int> answers;
};

struct OccupationRow
{
    QString title;      ///< As the table writes it ("dentists").
    QString occupation; ///< In everyday words and the singular; may be empty.
    QString otherPerson;
    std::optional<double> percentWomen; ///< 0 … 100
};

} // namespace evalwright
