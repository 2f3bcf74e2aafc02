// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/factscommand.h"

#include "core/statistics/formatting.h"
#include "evaluation/itemfacts.h"
#include "evaluation/occupationfacts.h"
#include "storage/repositories/datasets.h"

#include <nlohmann/json.hpp>

#include <QRegularExpression>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct FactsOptions
{
    std::vector<std::string> datasets, occupations;
};

/// Sums over the data sets of one family.
struct Total
{
    qint64 datasets = 0, items = 0, exactDuplicates = 0;
    QMap<QString, qint64> labels, optionStatus;
    qint64 manyOptions = 0; ///< Items with more than two options in their text.
};

void addTo(QMap<QString, Total> &totals, const ItemFacts &facts)
{
    Total &total = totals[facts.dataset.family];
    ++total.datasets;
    total.items += facts.items;
    total.exactDuplicates += facts.exactDuplicates;
    for (auto it = facts.labels.cbegin(); it != facts.labels.cend(); ++it)
        total.labels[it.key()] += it.value();
    for (auto it = facts.optionStatus.cbegin(); it != facts.optionStatus.cend(); ++it)
        total.optionStatus[it.key()] += it.value();
    for (auto it = facts.optionsInText.cbegin(); it != facts.optionsInText.cend(); ++it)
        total.manyOptions += it.key() > 2 ? it.value() : 0;
}

json countsJson(const QMap<QString, qint64> &counts)
{
    json out = json::object();
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        out[it.key().toStdString()] = it.value();
    return out;
}

/// "Yes 500 (50.0%), No 500 (50.0%)"
QString labelText(const QMap<QString, qint64> &labels, qint64 items)
{
    QStringList parts;
    for (auto it = labels.cbegin(); it != labels.cend(); ++it) {
        const double share = static_cast<double>(it.value()) / static_cast<double>(items);
        parts << u"%1 %2 (%3)"_s.arg(it.key()).arg(it.value()).arg(text(statistics::formatPercent(share, 1)));
    }
    return parts.isEmpty() ? u"—"_s : parts.join(u", "_s);
}

/// "2 × 16, 10 × 2": what occurs how often.
template <class Key>
QString countsText(const QMap<Key, qint64> &counts, const QString &of)
{
    QStringList parts;
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        parts << of.arg(it.value()).arg(it.key());
    return parts.join(u", "_s);
}

QString shareText(const std::optional<double> &value, int digits = 3)
{
    return value ? QString::number(*value, 'f', digits) : u"—"_s;
}

QString groupText(const GroupSizes &group)
{
    static const QHash<QString, QStringList> words{
        {u"cluster"_s, {u"cluster"_s, u"clusters"_s}},
        {u"question_id"_s, {u"question"_s, u"questions"_s}},
        {u"biography_id"_s, {u"biography"_s, u"biographies"_s}},
        {u"occupation"_s, {u"occupation"_s, u"occupations"_s}},
        {u"option_set"_s, {u"set of options"_s, u"sets of options"_s}},
    };
    const QString sizes = group.sizes.isEmpty() ? u"%1 to %2 items each"_s.arg(group.smallest).arg(group.largest)
                                                : countsText(group.sizes, u"%1 of %2 items"_s);
    const QStringList word = words.value(group.name);
    return u"%1: %2"_s.arg(counted(group.groups, word.value(0), word.value(1)), sizes);
}

QString percentWomen(const std::optional<double> &mean, const std::optional<double> &smallest,
                     const std::optional<double> &largest)
{
    return mean ? u"per cent women %1 on average, %2 to %3"_s.arg(*mean, 0, 'f', 2).arg(*smallest).arg(*largest)
                : u"per cent women not known"_s;
}

/// What does not fit into the table, one line each.
QString details(const ItemFacts &facts)
{
    QStringList lines;
    for (const GroupSizes &group : facts.groups)
        lines << groupText(group);
    for (auto it = facts.sides.cbegin(); it != facts.sides.cend(); ++it) {
        qint64 all = 0;
        for (const qint64 count : it.value())
            all += count;
        lines << u"side %1: %2 items, %3"_s.arg(it.key()).arg(all).arg(labelText(it.value(), all));
    }
    if (!facts.sides.isEmpty())
        lines << u"%1 questions end in “Answer:”"_s.arg(facts.endsWithAnswer);
    if (!facts.optionStatus.isEmpty())
        lines << u"options: %1; %2"_s.arg(countsText(facts.optionStatus, u"%1 %2"_s),
                                          countsText(facts.optionsInText, u"%1 items with %2"_s));
    if (facts.winogender) {
        const WinogenderFacts &w = *facts.winogender;
        for (const WinogenderFacts::PronounSet &set : w.pronounSets)
            lines << u"%1 (%2): %3 items"_s.arg(set.form, set.pronouns.join(u'/')).arg(set.items);
        lines << u"%1 occupations, %2 other persons"_s.arg(w.occupations).arg(w.otherPersons);
        for (auto it = w.answers.cbegin(); it != w.answers.cend(); ++it)
            lines << u"%1 whose pronoun means the %2"_s.arg(counted(it.value(), u"sentence"_s), QString(it.key()).replace(u'-', u' '));
        lines << percentWomen(w.meanPercent, w.smallestPercent, w.largestPercent) +
                     (w.meanPercent ? u"; %1 occupations, %2 titles in the source, from %3"_s.arg(w.withStatistic)
                                          .arg(w.sourceTitles)
                                          .arg(w.source)
                                    : QString());
        if (w.contradicting > 0)
            lines << u"%1 occupations whose items state different shares are left out"_s.arg(w.contradicting);
    }
    if (facts.confidence && facts.confidence->clustered)
        lines << u"without its clusters the ceiling would be %1 to %2"_s.arg(shareText(facts.confidence->naiveLow),
                                                                            shareText(facts.confidence->naiveHigh));
    for (const ImportSource &source : facts.sources)
        lines << u"from %1, %2 bytes, SHA-256 %3"_s.arg(source.fileName).arg(source.bytes).arg(source.sha256);
    QString out = u"\n%1\n"_s.arg(facts.dataset.name);
    for (const QString &line : lines)
        out += u"  %1\n"_s.arg(line);
    return out;
}

QString factsText(const QList<ItemFacts> &all, const QMap<QString, Total> &totals,
                  const QList<OccupationFacts> &tables)
{
    Table table{{u"data set"_s, u"family"_s, u"items"_s, u"duplicates"_s, u"ceiling"_s, u"95% interval"_s,
                 u"smallest"_s, u"floor"_s, u"chance"_s, u"labels"_s},
                {},
                {2, 3, 4, 6, 7, 8}};
    QString more;
    for (const ItemFacts &facts : all) {
        const auto &c = facts.confidence;
        table.rows << QStringList{facts.dataset.name,
                                  facts.dataset.family,
                                  QString::number(facts.items),
                                  QString::number(facts.exactDuplicates),
                                  c ? shareText(c->mean) : u"—"_s,
                                  c && c->low ? u"%1 to %2"_s.arg(shareText(c->low), shareText(c->high)) : u"—"_s,
                                  c ? shareText(c->smallest, 5) : u"—"_s,
                                  c ? shareText(c->floor) : u"—"_s,
                                  shareText(facts.chance),
                                  labelText(facts.labels, facts.items)};
        more += details(facts);
    }
    QString out = table.text() + u'\n';
    for (auto it = totals.cbegin(); it != totals.cend(); ++it) {
        const Total &total = it.value();
        out += u"%1: %2, %3; labels %4; %5 exact duplicates"_s.arg(it.key())
                   .arg(counted(total.datasets, u"data set"_s), counted(total.items, u"item"_s),
                        labelText(total.labels, total.items))
                   .arg(total.exactDuplicates);
        if (!total.optionStatus.isEmpty())
            out += u"; options %1, more than two in %2"_s.arg(countsText(total.optionStatus, u"%1 %2"_s))
                       .arg(total.manyOptions);
        out += u'\n';
    }
    for (const OccupationFacts &t : tables)
        out += u"%1: %2 rows (%3 bad), %4 occupations, %5 other persons; %6; %7 bytes, SHA-256 %8\n"_s
                   .arg(t.fileName)
                   .arg(t.rows)
                   .arg(t.bad)
                   .arg(t.names)
                   .arg(t.otherPersons)
                   .arg(percentWomen(t.meanPercent, t.smallestPercent, t.largestPercent))
                   .arg(t.bytes)
                   .arg(t.sha256);
    return out + more;
}

/// By name, or all whose name fits a pattern with * or ?; all without a name.
Result<QList<DatasetId>> wantedDatasets(Connection &connection, const QStringList &names)
{
    QList<DatasetId> wanted;
    for (const QString &name : names.isEmpty() ? QStringList{u"*"_s} : names) {
        if (!name.contains(u'*') && !name.contains(u'?')) {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(connection, name));
            wanted << dataset.id;
            continue;
        }
        EVALWRIGHT_ASSIGN(const QList<DatasetSummary> known, listDatasets(connection));
        const QRegularExpression pattern(QRegularExpression::wildcardToRegularExpression(name));
        const qsizetype before = wanted.size();
        for (const DatasetSummary &summary : known) {
            if (pattern.match(summary.dataset.name).hasMatch())
                wanted << summary.dataset.id;
        }
        if (wanted.size() == before && !names.isEmpty())
            return failure(ErrorCode::NotFound, u"No data set has a name like “%1”."_s.arg(name),
                           u"“dataset list” shows them all."_s);
    }
    return wanted;
}

Result<int> facts(Context &context, const FactsOptions &o)
{
    QList<OccupationFacts> tables;
    OccupationStatistics statistics;
    for (const std::string &path : o.occupations) {
        EVALWRIGHT_ASSIGN(const OccupationFacts table, occupationFacts(text(path), context.token()));
        tables << table;
        // The first table that knows an occupation tells its share.
        for (auto it = table.statistics.percentWomen.cbegin(); it != table.statistics.percentWomen.cend(); ++it) {
            if (!statistics.percentWomen.contains(it.key()))
                statistics.percentWomen.insert(it.key(), it.value());
        }
        statistics.source += (statistics.source.isEmpty() ? QString() : u", "_s) + table.fileName;
    }
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(const QList<ItemFacts> all, project->readNow([&](Connection &c) -> Result<QList<ItemFacts>> {
        EVALWRIGHT_ASSIGN(const QList<DatasetId> wanted, wantedDatasets(c, texts(o.datasets)));
        QList<ItemFacts> found;
        for (const DatasetId id : wanted) {
            EVALWRIGHT_ASSIGN(const ItemFacts each, itemFacts(c, id, statistics, context.token()));
            found << each;
        }
        return found;
    }));
    json datasets = json::array(), sums = json::array(), files = json::array();
    QMap<QString, Total> totals;
    for (const ItemFacts &each : all) {
        datasets.push_back(each.toJson());
        addTo(totals, each);
    }
    for (auto it = totals.cbegin(); it != totals.cend(); ++it)
        sums.push_back({{"family", it.key().toStdString()},
                        {"datasets", it->datasets},
                        {"items", it->items},
                        {"exact_duplicates", it->exactDuplicates},
                        {"labels", countsJson(it->labels)},
                        {"option_status", countsJson(it->optionStatus)},
                        {"more_than_two_options", it->manyOptions}});
    for (const OccupationFacts &table : tables)
        files.push_back(table.toJson());
    context.print({{"datasets", datasets}, {"totals", sums}, {"occupation_tables", files}},
                  factsText(all, totals, tables));
    return Done;
}

} // namespace

void addFactsCommand(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<FactsOptions>();
    CLI::App *command = dataset.add_subcommand(
        "facts", "What can be counted in data sets: items, label shares, ceiling and floor, clusters, sides, pronouns, "
                 "source files with SHA-256. See docs/facts.md for the published figures.\n"
                 "Example: evalwright-cli -p study.evalwright dataset facts agreeableness winogenerated_examples");
    command->add_option("DATASET", o->datasets, "Data sets, or patterns such as \"risk-*\"; all when left out");
    command->add_option("--occupations", o->occupations,
                        "Tables with the share of women by occupation: counted, and used for sentences without it");
    command->callback([&context, o] { context.command = [&context, o] { return facts(context, *o); }; });
}

} // namespace evalwright::cli
