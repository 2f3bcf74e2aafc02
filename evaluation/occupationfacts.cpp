// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/occupationfacts.h"

#include "core/hash.h"
#include "core/statistics/accumulator.h"
#include "core/text.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/occupations.h"

#include <nlohmann/json.hpp>

#include <QFile>
#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace evalwright {

using nlohmann::json;

Result<OccupationFacts> occupationFacts(const QString &path, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const OccupationTable table, readOccupations(path, token));
    OccupationFacts out;
    out.fileName = QFileInfo(path).fileName();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, QStringLiteral("Could not read"), path));
    Sha256 hash;
    while (!file.atEnd()) {
        const QByteArray piece = file.read(1 << 16);
        if (piece.isEmpty())
            return failure(fileError(file, QStringLiteral("Could not read"), path));
        hash.add(piece);
        out.bytes += piece.size();
    }
    out.sha256 = QString::fromLatin1(hash.result().toHex());
    out.bad = table.problems.size();
    out.rows = table.rows.size() + out.bad;
    out.statistics.source = out.fileName;
    statistics::Accumulator sum;
    QSet<QString> names, others;
    for (const OccupationRow &row : table.rows) {
        const QString name = fold(row.occupation.isEmpty() ? row.title : row.occupation);
        names << name;
        if (!row.otherPerson.isEmpty())
            others << fold(row.otherPerson);
        if (!row.percentWomen)
            continue;
        const double percent = *row.percentWomen;
        ++out.withStatistic;
        sum.add(percent);
        out.smallestPercent = std::min(out.smallestPercent.value_or(percent), percent);
        out.largestPercent = std::max(out.largestPercent.value_or(percent), percent);
        out.statistics.percentWomen.insert(name, percent);
        out.statistics.percentWomen.insert(fold(row.title), percent);
    }
    out.names = names.size();
    out.otherPersons = others.size();
    if (out.withStatistic > 0)
        out.meanPercent = sum.value() / static_cast<double>(out.withStatistic);
    return out;
}

json OccupationFacts::toJson() const
{
    const auto orNull = [](const std::optional<double> &value) { return value ? json(*value) : json(); };
    return {{"file", fileName.toStdString()},
            {"sha256", sha256.toStdString()},
            {"bytes", bytes},
            {"rows", rows},
            {"bad", bad},
            {"occupations", names},
            {"other_persons", otherPersons},
            {"percent_women",
             {{"occupations", withStatistic},
              {"mean", orNull(meanPercent)},
              {"smallest", orNull(smallestPercent)},
              {"largest", orNull(largestPercent)}}}};
}

} // namespace evalwright
