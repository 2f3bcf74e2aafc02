// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/datasetcomparison.h"

#include "core/statistics/multiplicity.h"
#include "generators/comparison/parts.h"
#include "storage/repositories/datasets.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace comparison;
using nlohmann::json;

namespace {

struct Both
{
    Dataset first, second;
    Reading a, b;
};

Result<Both> readBoth(Connection &connection, const QString &a, const QString &b, const CancellationToken &token,
                      DatasetDifference &making)
{
    if (a == b)
        return failure(ErrorCode::InvalidInput, u"A data set cannot be compared with itself."_s,
                       u"Name two data sets."_s);
    Both both;
    EVALWRIGHT_ASSIGN(both.first, datasetByName(connection, a));
    EVALWRIGHT_ASSIGN(both.second, datasetByName(connection, b));
    if (both.first.family != both.second.family) {
        return failure(ErrorCode::InvalidInput,
                       u"“%1” holds %2 items and “%3” %4 items; they go through different stages."_s.arg(
                           a, both.first.family, b, both.second.family),
                       u"Choose two data sets of one family."_s);
    }
    EVALWRIGHT_ASSIGN(making, datasetDifference(connection, both.first.id, both.second.id));
    EVALWRIGHT_ASSIGN(both.a, comparison::read(connection, both.first, token));
    EVALWRIGHT_ASSIGN(both.b, comparison::read(connection, both.second, token));
    return both;
}

Values confidences(const Reading &reading)
{
    Values values;
    for (const KeptItem &item : reading.kept) {
        if (item.confidence)
            values.add(*item.confidence, item.cluster);
    }
    return values;
}

Values judgements(const Reading &reading)
{
    Values values;
    for (const Reading::Judged &judged : reading.judged)
        values.add(judged.kept ? 1 : 0, judged.cluster);
    return values;
}

void adjust(DatasetComparison &out)
{
    std::vector<double> p;
    for (const ComparedRow &row : std::as_const(out.rows)) {
        if (row.p)
            p.push_back(*row.p);
    }
    out.tested = static_cast<qint64>(p.size());
    const auto q = statistics::benjaminiHochberg(p);
    size_t next = 0;
    for (ComparedRow &row : out.rows) {
        if (row.p && q)
            row.q = (*q)[next++];
    }
}

void addNotes(DatasetComparison &out, const Both &both)
{
    out.notes << u"Intervals (95%) are of what another run of the same recipe and models would give: samples are draws, clustered where several came from one reply, biography, question or occupation. They do not say what another behaviour or model would give."_s
              << u"Each interval stands for itself; q is adjusted over the %1 rows with a test (Benjamini–Hochberg)."_s.arg(
                     out.tested)
              << u"Kept items are the best of their set by label confidence, so means over them describe the selection, not the writer alone."_s;
    for (const Reading *reading : {&both.a, &both.b}) {
        if (reading->undecided > 0)
            out.notes << u"%1 candidates of %2 are not decided about yet and are left out."_s.arg(reading->undecided)
                             .arg(reading->name);
        if (reading->asked.empty())
            out.notes << u"%1 was not generated here: it has no funnel and no cost."_s.arg(reading->name);
    }
    if (!both.a.judged.empty() || !both.b.judged.empty())
        out.notes << u"People judged what they chose to look at, not a random part: their share speaks of those items only."_s;
    const auto &first = out.making.first.facts.behaviour, &second = out.making.second.facts.behaviour;
    if (!first || !second || first->name != second->name)
        out.notes << u"The two are not known to be about the same behaviour."_s;
    out.notes << out.making.sentences();
}

std::string utf8(const QString &text)
{
    return text.toStdString();
}

json numberOrNull(const std::optional<double> &value)
{
    return value ? json(*value) : json();
}

json sideJson(const ComparedSide &side)
{
    return {{"value", numberOrNull(side.value)},
            {"low", numberOrNull(side.low)},
            {"high", numberOrNull(side.high)},
            {"n", side.n},
            {"clusters", side.clusters ? json(*side.clusters) : json()},
            {"naive_low", numberOrNull(side.naiveLow)},
            {"naive_high", numberOrNull(side.naiveHigh)}};
}

json overlapJson(const ComparedOverlap &overlap)
{
    return {{"items", overlap.items},
            {"exact", overlap.exact},
            {"exact_low", numberOrNull(overlap.exactLow)},
            {"exact_high", numberOrNull(overlap.exactHigh)},
            {"near", overlap.near},
            {"near_low", numberOrNull(overlap.nearLow)},
            {"near_high", numberOrNull(overlap.nearHigh)}};
}

const char *groupName(ComparedRow::Group group)
{
    switch (group) {
    case ComparedRow::Group::Funnel:
        return "funnel";
    case ComparedRow::Group::Cost:
        return "cost";
    case ComparedRow::Group::Confidence:
        return "confidence";
    case ComparedRow::Group::People:
        return "people";
    case ComparedRow::Group::Lint:
        return "lint";
    case ComparedRow::Group::Diversity:
        break;
    }
    return "diversity";
}

/// Without a unit: "62.1" of a share, "3.4" of a number. Only none is 0, and only all is 100.
QString bare(bool share, double value)
{
    if (!share)
        return QString::number(value, 'g', 4);
    const QString text = QString::number(100 * value, 'f', 1);
    if (text == "0.0"_L1 && value > 0)
        return u"<0.1"_s;
    return text == "100.0"_L1 && value < 1 ? u">99.9"_s : text;
}

QString withSign(bool share, double difference)
{
    const double size = std::abs(difference);
    const QString text = share ? QString::number(100 * size, 'f', 1) : QString::number(size, 'g', 4);
    return text.toDouble() == 0 ? text : (difference > 0 ? u"+"_s : u"−"_s) + text;
}

/// The intervals that ignore clusters stand beside the others.
void addNaive(ComparedRow &row)
{
    QStringList parts;
    for (const ComparedSide *side : {&row.a, &row.b}) {
        if (side->naiveLow && side->naiveHigh)
            parts << u"[%1, %2] for %3 in %4 clusters"_s.arg(bare(row.isShare, *side->naiveLow),
                                                             bare(row.isShare, *side->naiveHigh))
                         .arg(side->n)
                         .arg(side->clusters.value_or(0));
    }
    if (!parts.isEmpty())
        row.note = (row.note.isEmpty() ? QString() : row.note + u' ') +
                   u"Ignoring clusters: %1."_s.arg(parts.join(u", "_s));
}

} // namespace

Result<DatasetComparison> compareDatasets(Project &project, const QString &a, const QString &b,
                                          const SimilarityWork &work)
{
    DatasetComparison out;
    out.a = a;
    out.b = b;
    EVALWRIGHT_ASSIGN(const Both both, project.readNow([&](Connection &c) {
        return readBoth(c, a, b, work.token, out.making);
    }));
    Progress progress(work);
    out.rows << funnelRows(both.a, both.b);
    const ComparedRow kept = out.rows.last();
    out.rows << costRows(both.a, both.b, kept);
    out.rows << meanRow(ComparedRow::Group::Confidence, u"label-confidence"_s, u"Mean label confidence of kept items"_s,
                        confidences(both.a), confidences(both.b), 0, 1);
    out.rows << shareRow(ComparedRow::Group::People, u"people"_s, u"Kept by people, of those they judged"_s,
                         judgements(both.a), judgements(both.b));
    EVALWRIGHT_ASSIGN(const QList<ComparedRow> lint,
                      lintRows(project, both.a, both.first.id, both.b, both.second.id, progress));
    out.rows << lint;
    EVALWRIGHT_ASSIGN(const QList<ComparedRow> diversity, diversityRows(both.a, both.b, progress));
    out.rows << diversity;
    EVALWRIGHT_ASSIGN(out.ofA, overlapOf(both.a, both.b, progress));
    EVALWRIGHT_ASSIGN(out.ofB, overlapOf(both.b, both.a, progress));
    for (ComparedRow &row : out.rows)
        addNaive(row);
    adjust(out);
    addNotes(out, both);
    return out;
}

json DatasetComparison::toJson() const
{
    json all = json::array(), words = json::array();
    for (const ComparedRow &row : rows) {
        all.push_back({{"id", utf8(row.id)},
                       {"group", groupName(row.group)},
                       {"title", utf8(row.title)},
                       {"unit", row.isShare ? "share" : "number"},
                       {"a", sideJson(row.a)},
                       {"b", sideJson(row.b)},
                       {"difference", numberOrNull(row.difference)},
                       {"low", numberOrNull(row.low)},
                       {"high", numberOrNull(row.high)},
                       {"p", numberOrNull(row.p)},
                       {"q", numberOrNull(row.q)},
                       {"note", row.note.isEmpty() ? json() : json(utf8(row.note))}});
    }
    for (const QString &note : notes)
        words.push_back(utf8(note));
    return {{"a", utf8(a)},
            {"b", utf8(b)},
            {"difference_is", "b minus a"},
            {"making", making.toJson()},
            {"rows", all},
            {"tested", tested},
            {"overlap", {{"of_a", overlapJson(ofA)}, {"of_b", overlapJson(ofB)}}},
            {"notes", words}};
}

QString comparedText(const ComparedRow &row, const std::optional<double> &value)
{
    if (!value)
        return u"—"_s;
    return bare(row.isShare, *value) + (row.isShare ? u" %"_s : QString());
}

QString comparedText(const ComparedRow &row, const ComparedSide &side)
{
    QString text = comparedText(row, side.value);
    if (side.value && side.low && side.high)
        text += u" [%1, %2]"_s.arg(bare(row.isShare, *side.low), bare(row.isShare, *side.high));
    return text;
}

QString comparedText(const ComparedOverlap &overlap, bool nearly)
{
    ComparedRow row;
    row.a.n = overlap.items;
    if (overlap.items > 0)
        row.a.value = static_cast<double>(nearly ? overlap.near : overlap.exact) / static_cast<double>(overlap.items);
    row.a.low = nearly ? overlap.nearLow : overlap.exactLow;
    row.a.high = nearly ? overlap.nearHigh : overlap.exactHigh;
    return comparedText(row, row.a);
}

QString comparedDifference(const ComparedRow &row)
{
    if (!row.difference)
        return u"—"_s;
    QString text = withSign(row.isShare, *row.difference) + (row.isShare ? u" pp"_s : QString());
    if (row.low && row.high)
        text += u" [%1, %2]"_s.arg(withSign(row.isShare, *row.low), withSign(row.isShare, *row.high));
    return text;
}

} // namespace evalwright
