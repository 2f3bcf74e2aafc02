// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/statistics/clusteredmean.h"
#include "generators/comparison/parts.h"
#include "generators/lint/lintdataset.h"
#include "generators/similarity/cells.h"
#include "generators/similarity/diversity.h"
#include "generators/similarity/duplicates.h"
#include "generators/similarity/lexicalembedding.h"
#include "generators/similarity/neighbours.h"

#include <QMap>
#include <QSet>

#include <algorithm>

namespace evalwright::comparison {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t mostMeasured = 5'000; ///< Items of each set whose likeness is looked at, drawn.
constexpr double nearThreshold = 0.8;

QMap<QString, QSet<qint64>> foundByRule(const LintReport &report)
{
    QMap<QString, QSet<qint64>> found;
    for (const DatasetFinding &finding : report.findings)
        found[finding.rule->name].insert(finding.candidate.value);
    return found;
}

Values flags(const Reading &reading, const QSet<qint64> &found)
{
    Values values;
    for (const KeptItem &item : reading.kept)
        values.add(found.contains(item.id) ? 1 : 0, item.cluster);
    return values;
}

struct Drawn
{
    QStringList texts;
    std::vector<std::uint32_t> cluster;
};

/// As many of each set: every measure of likeness depends on the number of items.
Drawn draw(const Reading &reading, std::size_t count)
{
    Drawn drawn;
    for (const std::uint32_t i : drawRows(reading.kept.size(), count, 1, "compare/items")) {
        drawn.texts << reading.kept[i].text;
        drawn.cluster.push_back(reading.kept[i].cluster);
    }
    return drawn;
}

struct Likeness
{
    Values nearest, pairwise, repeated;
    std::optional<double> vendi;
};

Result<Likeness> likenessOf(const Drawn &drawn, const LexicalEmbedding &embedding, Progress &progress)
{
    Likeness out;
    EVALWRIGHT_ASSIGN(const FloatMatrix rows, embedding.embed(drawn.texts, progress.part(0.05)));
    EVALWRIGHT_ASSIGN(const DiversityFigures figures, measureDiversity(rows, 1, progress.part(0.05)));
    out.vendi = figures.vendi;
    EVALWRIGHT_ASSIGN(const Repeats repeats, nearDuplicates(drawn.texts, nearThreshold, progress.part(0.02)));
    for (std::size_t i = 0; i < repeats.size(); ++i)
        out.repeated.add(repeats[i] == notRepeated ? 0 : 1, drawn.cluster[i]);
    if (rows.rows() < 2)
        return out;
    const SimilarityWork work = progress.part(0.05);
    SimilarityRun run(work);
    EVALWRIGHT_ASSIGN(const Neighbours neighbours, nearestNeighbours(rows, 1, 1, run, 1));
    const Eigen::VectorXd sum = rows.cast<double>().colwise().sum().transpose();
    const auto n = static_cast<double>(rows.rows());
    for (Eigen::Index i = 0; i < rows.rows(); ++i) {
        const Eigen::VectorXd row = rows.row(i).cast<double>().transpose();
        if (row.squaredNorm() == 0)
            continue; // A text without words is like nothing.
        const std::uint32_t cluster = drawn.cluster[static_cast<std::size_t>(i)];
        out.nearest.add(1 - static_cast<double>(neighbours.cosine[static_cast<std::size_t>(i)]), cluster);
        out.pairwise.add((row.dot(sum) - row.squaredNorm()) / (n - 1), cluster);
    }
    return out;
}

/// The mean over pairs counts each item twice, so its error is twice that of a mean over items (Hoeffding 1948).
void widen(ComparedRow &row)
{
    for (ComparedSide *side : {&row.a, &row.b}) {
        if (side->value && side->low && side->high) {
            side->low = std::max(-1.0, *side->value - 2 * (*side->value - *side->low));
            side->high = std::min(1.0, *side->value + 2 * (*side->high - *side->value));
        }
    }
    row.p.reset();
    setDifference(row);
}

} // namespace

Result<QList<ComparedRow>> lintRows(Project &project, const Reading &a, DatasetId idA, const Reading &b, DatasetId idB,
                                    Progress &progress)
{
    const auto lint = [&](DatasetId dataset) {
        LintOptions options;
        options.store = false;
        const SimilarityWork part = progress.part(0.2);
        if (part.progress)
            options.progress = [&part](qint64 done, qint64 total) {
                part.progress(total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 1);
            };
        return lintDataset(project, dataset, options, progress.token());
    };
    EVALWRIGHT_ASSIGN(const LintReport first, lint(idA));
    EVALWRIGHT_ASSIGN(const LintReport second, lint(idB));
    const auto inA = foundByRule(first), inB = foundByRule(second);
    QList<ComparedRow> rows;
    for (const LintRule &rule : lintRules()) {
        // The two sets are elsewhere to each other; the overlap says so.
        if (rule.name == "elsewhere-duplicate"_L1 || (!inA.contains(rule.name) && !inB.contains(rule.name)))
            continue;
        rows << shareRow(Group::Lint, u"lint:"_s + rule.name, u"Lint, %1: %2"_s.arg(rule.name, rule.title),
                         flags(a, inA.value(rule.name)), flags(b, inB.value(rule.name)));
    }
    return rows;
}

Result<QList<ComparedRow>> diversityRows(const Reading &a, const Reading &b, Progress &progress)
{
    const std::size_t count = std::min({a.kept.size(), b.kept.size(), mostMeasured});
    if (count < 2)
        return QList<ComparedRow>();
    const Drawn first = draw(a, count), second = draw(b, count);
    EVALWRIGHT_ASSIGN(const LexicalEmbedding embedding, LexicalEmbedding::fit(first.texts + second.texts, 1, progress.part(0.02)));
    EVALWRIGHT_ASSIGN(const Likeness ofA, likenessOf(first, embedding, progress));
    EVALWRIGHT_ASSIGN(const Likeness ofB, likenessOf(second, embedding, progress));
    const QString drawn = u"By words, of %1 items of each set, drawn."_s.arg(count);
    QList<ComparedRow> rows;
    rows << meanRow(Group::Diversity, u"nearest-distance"_s, u"Mean distance to the most alike item"_s, ofA.nearest,
                    ofB.nearest, 0, 2);
    rows.last().note = drawn;
    rows << meanRow(Group::Diversity, u"pairwise-cosine"_s, u"Mean likeness of two items"_s, ofA.pairwise, ofB.pairwise);
    widen(rows.last());
    rows.last().note = drawn;
    rows << shareRow(Group::Diversity, u"near-duplicates"_s, u"Near repeats of another item of the set"_s, ofA.repeated,
                     ofB.repeated);
    rows.last().note = drawn;
    ComparedRow vendi;
    vendi.group = Group::Diversity;
    vendi.id = u"vendi"_s;
    vendi.title = u"Vendi score: as many items that have nothing in common"_s;
    vendi.isShare = false;
    vendi.a.value = ofA.vendi;
    vendi.b.value = ofB.vendi;
    vendi.a.n = vendi.b.n = static_cast<qint64>(count);
    setDifference(vendi);
    vendi.note = drawn + u" No interval is known for it."_s;
    rows << vendi;
    return rows;
}

Result<ComparedOverlap> overlapOf(const Reading &a, const Reading &b, Progress &progress)
{
    ComparedOverlap out;
    out.items = static_cast<qint64>(a.kept.size());
    // The other set comes first: the earliest earlier text that is alike is then one of it, if it has any.
    QStringList texts;
    for (const KeptItem &item : b.kept)
        texts << item.text;
    const auto others = static_cast<std::int32_t>(texts.size());
    for (const KeptItem &item : a.kept)
        texts << item.text;
    EVALWRIGHT_ASSIGN(const Repeats exact, exactDuplicates(texts, progress.part(0.02)));
    EVALWRIGHT_ASSIGN(const Repeats near, nearDuplicates(texts, nearThreshold, progress.part(0.08)));
    for (std::size_t i = b.kept.size(); i < exact.size(); ++i) {
        const bool same = exact[i] != notRepeated && exact[i] < others;
        out.exact += same ? 1 : 0;
        out.near += same || (near[i] != notRepeated && near[i] < others) ? 1 : 0;
    }
    if (const auto interval = statistics::wilsonInterval(out.exact, out.items)) {
        out.exactLow = interval->low;
        out.exactHigh = interval->high;
    }
    if (const auto interval = statistics::wilsonInterval(out.near, out.items)) {
        out.nearLow = interval->low;
        out.nearHigh = interval->high;
    }
    return out;
}

} // namespace evalwright::comparison
