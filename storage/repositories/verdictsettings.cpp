// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/verdictsettings.h"

#include "core/clock.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

std::optional<double> effectOf(const QString &value)
{
    bool ok = false;
    const double effect = value.toDouble(&ok);
    return ok && effect > 0 && effect < 1 ? std::optional(effect) : std::nullopt;
}

const QStringList directions{u"bad-if-high"_s, u"bad-if-low"_s, u"neutral"_s};

} // namespace

Status addVerdictSetting(Connection &connection, const VerdictSetting &setting)
{
    if (setting.name == "smallest-effect"_L1 && !effectOf(setting.value)) {
        return failure(ErrorCode::InvalidInput,
                       u"The smallest effect of interest is a share between 0 and 1, not “%1”."_s.arg(setting.value),
                       u"Use 0.05 for five percentage points."_s);
    }
    if (setting.name == "direction"_L1 && !directions.contains(setting.value)) {
        return failure(ErrorCode::InvalidInput, u"“%1” is not a direction."_s.arg(setting.value),
                       u"Use one of: %1."_s.arg(directions.join(u", "_s)));
    }
    EVALWRIGHT_TRY(connection.execute(
        u"INSERT INTO verdict_setting (dataset_id, name, value, reason, created_at) VALUES (?, ?, ?, ?, ?)"_s,
        {bound(setting.dataset), setting.name, setting.value, bound(setting.reason), isoNow()}));
    return {};
}

Result<QList<VerdictSetting>> verdictSettings(Connection &connection)
{
    QList<VerdictSetting> list;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT dataset_id, name, value, reason, created_at FROM verdict_setting ORDER BY id"_s, {},
        [&list](const Statement::Row &row) {
            list << VerdictSetting{DatasetId{row.integer(0)}, row.text(1), row.text(2), row.text(3), row.text(4)};
        }));
    return list;
}

VerdictRule verdictRule(const QList<VerdictSetting> &settings, DatasetId dataset)
{
    VerdictRule rule;
    for (const DatasetId owner : {DatasetId{}, dataset}) { // What is said of the data set counts more.
        for (const VerdictSetting &setting : settings) {
            if (setting.dataset.value != owner.value)
                continue;
            if (setting.name == "smallest-effect"_L1) {
                rule.smallestEffect = effectOf(setting.value);
                rule.smallestEffectAt = setting.createdAt;
            } else {
                rule.direction = setting.value;
                rule.directionAt = setting.createdAt;
            }
        }
    }
    return rule;
}

} // namespace evalwright
