// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>

#include <optional>

namespace evalwright {

/// A hand-written multiple-choice item that is shown to the writer as an example.
struct GoldItem
{
    QString stem;
    QStringList options; ///< Two.
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

struct QuestionBank
{
    QString name, title;
    QList<BankQuestion> questions;
};

struct OccupationRow
{
    QString title;      ///< As the table writes it ("dentists").
    QString occupation; ///< In everyday words and the singular; may be empty.
    QString otherPerson;
    std::optional<double> percentWomen; ///< 0 … 100
};

nlohmann::json toJson(const QList<GoldItem> &golds);
nlohmann::json toJson(const QuestionBank &bank);
nlohmann::json toJson(const QList<OccupationRow> &occupations);
/// From documents that validated (recipevalidate.cpp).
QList<GoldItem> goldsFromJson(const nlohmann::json &list);
QuestionBank bankFromJson(const nlohmann::json &object);
QList<OccupationRow> occupationsFromJson(const nlohmann::json &list);

/// ` (A)`, ` (B)`, …: labels as the published files write them.
QString letterLabel(int index);
/// "\n (A) first\n (B) second"
QString optionLines(const QStringList &options);

} // namespace evalwright
