// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/inputrows.h"

#include <QList>
#include <QString>

#include <nlohmann/json.hpp>

namespace evalwright {

struct QuestionBank
{
    QString name, title;
    QList<BankQuestion> questions;
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
