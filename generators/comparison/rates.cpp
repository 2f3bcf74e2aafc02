// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "generators/comparison/parts.h"
#include "storage/repositories/handdecisions.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace evalwright::comparison {

using namespace Qt::StringLiterals;

namespace {

/// What was drawn together: one biography with all its questions, an occupation, one reply with several statements. The
/// questions of a bank are no draws: another run has the same ones.
class ClusterCodes
{
public:
    std::uint32_t of(const CandidateOutcome &outcome)
    {
        if (outcome.material.isValid())
            return code(u"m:"_s + QString::number(outcome.material.value));
        if (!outcome.cluster.isEmpty())
            return code(u"c:"_s + outcome.cluster);
        if (outcome.response.isValid())
            return code(u"r:"_s + QString::number(outcome.response.value));
        return m_next++;
    }

private:
    std::uint32_t code(const QString &name)
    {
        const auto found = m_codes.constFind(name);
        return found == m_codes.cend() ? *m_codes.insert(name, m_next++) : *found;
    }
    QHash<QString, std::uint32_t> m_codes;
    std::uint32_t m_next = 0;
};

/// The stages that candidates go through; those of materials come before "composed".
QStringList stagesOf(const QList<FunnelStage> &funnel)
{
    QStringList stages;
    for (const FunnelStage &stage : funnel) {
        if (stage.id == "asked"_L1 || stage.id == "composed"_L1)
            stages.clear();
        else if (stage.id != "reviewed"_L1)
            stages << stage.id;
    }
    return stages;
}

void setWilson(double mean, qint64 n, std::optional<double> &low, std::optional<double> &high)
{
    if (const auto interval = statistics::wilsonInterval(std::llround(mean * static_cast<double>(n)), n)) {
        low = interval->low;
        high = interval->high;
    }
}

/// Side of an estimate from its values; `share`: of 0 and 1.
std::optional<statistics::ClusteredMean> fill(ComparedSide &side, const Values &values, bool share)
{
    side.n = static_cast<qint64>(values.values.size());
    if (side.n == 0)
        return std::nullopt;
    const auto mean = statistics::clusteredMean(values.values, values.cluster);
    if (!mean) { // One cluster: a value, and an interval only for a share of one item.
        double sum = 0;
        for (const double value : values.values)
            sum += value;
        side.value = sum / static_cast<double>(side.n);
        if (share && side.n == 1)
            setWilson(*side.value, 1, side.low, side.high);
        return std::nullopt;
    }
    side.value = mean->mean;
    if (mean->clusters == mean->n) {
        if (share) {
            setWilson(mean->mean, mean->n, side.low, side.high);
        } else {
            side.low = mean->low;
            side.high = mean->high;
        }
        return *mean;
    }
    side.clusters = mean->clusters;
    if (share) {
        if (const auto interval = statistics::clusteredScoreInterval(values.values, values.cluster)) {
            side.low = interval->low;
            side.high = interval->high;
        }
        setWilson(mean->mean, mean->n, side.naiveLow, side.naiveHigh);
    } else {
        side.low = mean->low;
        side.high = mean->high;
        const double half = *mean->seNaive * *statistics::studentTQuantile(0.975, static_cast<double>(mean->n - 1));
        side.naiveLow = mean->mean - half;
        side.naiveHigh = mean->mean + half;
    }
    return *mean;
}

void test(ComparedRow &row, const std::optional<statistics::ClusteredMean> &a,
          const std::optional<statistics::ClusteredMean> &b)
{
    if (!a || !b)
        return;
    const auto difference = statistics::unpairedDifference(b->mean, b->seClustered, b->df, a->mean, a->seClustered, a->df);
    if (difference && difference->p)
        row.p = *difference->p;
}

} // namespace

Result<Reading> read(Connection &connection, const Dataset &dataset, const CancellationToken &token)
{
    Reading reading;
    reading.name = dataset.name;
    EVALWRIGHT_ASSIGN(const QList<FunnelStage> funnel, datasetFunnel(connection, dataset.id));
    reading.stages = stagesOf(funnel);
    EVALWRIGHT_ASSIGN(reading.usage, usageOfMaking(connection, dataset.id));
    ClusterCodes codes;
    EVALWRIGHT_TRY(forEachOutcome(connection, dataset.id, [&](const CandidateOutcome &outcome) -> Status {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"The comparison was cancelled."_s);
        const std::uint32_t cluster = codes.of(outcome);
        if (outcome.keep)
            reading.kept.push_back({outcome.id.value, cluster, outcome.text, outcome.labelConfidence});
        if (isDecidedByHand(outcome.actor, outcome.reason))
            reading.judged.push_back({cluster, outcome.keep});
        if (outcome.isImported)
            return {};
        if (!outcome.isDecided) {
            ++reading.undecided;
            return {};
        }
        Reading::Asked asked{cluster, -1, outcome.keep, false};
        if (!outcome.keep) {
            asked.lostAt = static_cast<int>(reading.stages.indexOf(outcome.stage));
            asked.onlyQuota = outcome.reason == "over-quota"_L1 || outcome.reason == "balance"_L1;
        }
        reading.asked.push_back(asked);
        return {};
    }));
    return reading;
}

void setDifference(ComparedRow &row)
{
    if (!row.a.value || !row.b.value)
        return;
    row.difference = *row.b.value - *row.a.value;
    if (!row.a.low || !row.a.high || !row.b.low || !row.b.high)
        return;
    row.low = *row.difference - std::hypot(*row.b.value - *row.b.low, *row.a.high - *row.a.value);
    row.high = *row.difference + std::hypot(*row.b.high - *row.b.value, *row.a.value - *row.a.low);
}

ComparedRow shareRow(Group group, const QString &id, const QString &title, const Values &a, const Values &b)
{
    ComparedRow row;
    row.group = group;
    row.id = id;
    row.title = title;
    const auto first = fill(row.a, a, true), second = fill(row.b, b, true);
    setDifference(row);
    test(row, first, second);
    return row;
}

ComparedRow meanRow(Group group, const QString &id, const QString &title, const Values &a, const Values &b,
                    std::optional<double> least, std::optional<double> most)
{
    ComparedRow row;
    row.group = group;
    row.id = id;
    row.title = title;
    row.isShare = false;
    const auto first = fill(row.a, a, false), second = fill(row.b, b, false);
    if (first && second) {
        if (const auto difference = statistics::unpairedDifference(second->mean, second->seClustered, second->df,
                                                                   first->mean, first->seClustered, first->df)) {
            row.low = difference->low;
            row.high = difference->high;
        }
    }
    if (row.a.value && row.b.value)
        row.difference = *row.b.value - *row.a.value;
    test(row, first, second);
    for (ComparedSide *side : {&row.a, &row.b}) {
        if (least && side->low)
            side->low = std::max(*side->low, *least);
        if (most && side->high)
            side->high = std::min(*side->high, *most);
    }
    return row;
}

QList<ComparedRow> funnelRows(const Reading &a, const Reading &b)
{
    QList<ComparedRow> rows;
    QStringList stages = a.stages;
    for (const QString &stage : b.stages) {
        if (!stages.contains(stage))
            stages.insert(std::max<qsizetype>(0, stages.indexOf(u"selected"_s)), stage);
    }
    const auto through = [](const Reading &reading, const QString &stage) {
        Values values;
        const auto at = static_cast<int>(reading.stages.indexOf(stage));
        if (at < 0)
            return values;
        for (const Reading::Asked &asked : reading.asked) {
            if (asked.lostAt < 0 || asked.lostAt >= at)
                values.add(asked.lostAt == at ? 0 : 1, asked.cluster);
        }
        return values;
    };
    static const QHash<QString, QString> titles{
        {u"answered"_s, u"Answered, of those asked"_s},      {u"parsed"_s, u"Parsed, of those answered"_s},
        {u"unique"_s, u"Not a duplicate, of those parsed"_s}, {u"linted"_s, u"Passed lint, of those that came so far"_s},
        {u"right-label"_s, u"Right label, of those checked"_s}};
    for (const QString &stage : std::as_const(stages)) {
        if (stage == "selected"_L1)
            continue; // A quota is no quality; the two rows that follow say what it hides.
        rows << shareRow(Group::Funnel, stage,
                         titles.value(stage, u"Passed “%1”, of those that came so far"_s.arg(stage)),
                         through(a, stage), through(b, stage));
        if (stage == "unique"_L1)
            rows.last().note = u"Falls with the number asked: more texts find more that they repeat."_s;
    }
    const auto of = [](const Reading &reading, auto yes) {
        Values values;
        for (const Reading::Asked &asked : reading.asked)
            values.add(yes(asked) ? 1 : 0, asked.cluster);
        return values;
    };
    const auto good = [](const Reading::Asked &asked) { return asked.kept || asked.onlyQuota; };
    rows << shareRow(Group::Funnel, u"good"_s, u"Kept or lost to a quota only, of those asked"_s, of(a, good), of(b, good));
    const auto kept = [](const Reading::Asked &asked) { return asked.kept; };
    rows << shareRow(Group::Funnel, u"kept"_s, u"Kept, of those asked"_s, of(a, kept), of(b, kept));
    rows.last().note = u"Depends on how many may be kept of each label; the row before does not."_s;
    return rows;
}

QList<ComparedRow> costRows(const Reading &a, const Reading &b, const ComparedRow &kept)
{
    const auto per = [](const ComparedSide &share, double amount) {
        ComparedSide side;
        side.n = share.n;
        side.clusters = share.clusters;
        if (share.value.value_or(0) > 0)
            side.value = amount / *share.value;
        if (side.value && share.low && share.high && *share.low > 0) {
            side.low = amount / *share.high;
            side.high = amount / *share.low;
        }
        return side;
    };
    QList<ComparedRow> rows;
    const auto add = [&](const QString &id, const QString &title, std::optional<double> ofA, std::optional<double> ofB,
                         const QString &note) {
        ComparedRow row;
        row.group = Group::Cost;
        row.id = id;
        row.title = title;
        row.isShare = false;
        if (ofA)
            row.a = per(kept.a, *ofA);
        if (ofB)
            row.b = per(kept.b, *ofB);
        setDifference(row);
        row.note = note;
        rows << row;
    };
    add(u"asked-per-kept"_s, u"Samples asked for each kept item"_s, 1, 1, {});
    const auto each = [](const Reading &reading, double total, qint64 unknown) {
        const auto asked = static_cast<double>(reading.asked.size());
        return asked > 0 && unknown == 0 && reading.usage.answers > 0 ? std::optional(total / asked) : std::nullopt;
    };
    const auto tokens = [&](const Reading &r) {
        return each(r, static_cast<double>(r.usage.promptTokens + r.usage.completionTokens), r.usage.withoutTokens);
    };
    const auto missing = [&](qint64 first, qint64 second, const QString &what) {
        return first + second == 0 ? u"Of writing and checking together; the interval takes the amount for each sample as known."_s
                                   : u"%1 answers of %2 and %3 of %4 came without %5."_s.arg(first)
                                         .arg(a.name)
                                         .arg(second)
                                         .arg(b.name, what);
    };
    add(u"tokens-per-kept"_s, u"Tokens for each kept item"_s, tokens(a), tokens(b),
        missing(a.usage.withoutTokens, b.usage.withoutTokens, u"a count of tokens"_s));
    const auto cost = [&](const Reading &r) { return each(r, r.usage.cost, r.usage.withoutCost); };
    add(u"cost-per-kept"_s, u"Cost of each kept item"_s, cost(a), cost(b),
        missing(a.usage.withoutCost, b.usage.withoutCost, u"a price"_s));
    return rows;
}

} // namespace evalwright::comparison
