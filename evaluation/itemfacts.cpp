// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/itemfacts.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/optionparser.h"
#include "core/statistics/accumulator.h"
#include "core/statistics/clusteredmean.h"
#include "core/statistics/numerics.h"
#include "core/text.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <nlohmann/json.hpp>

#include <QSet>
#include <QSqlError>
#include <QSqlQuery>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 mostSizes = 20;

/// A text in 16 bytes: two of a million texts share them once in 10^26 data sets.
using Digest = std::array<char, 16>;
Digest digestOf(const QString &text)
{
    Sha256 hash;
    hash.add(text.toUtf8());
    const QByteArray bytes = hash.result();
    Digest out{};
    std::copy_n(bytes.constBegin(), out.size(), out.begin());
    return out;
}

/// Counts items by a key of which only the digest is kept.
class Groups
{
public:
    quint32 add(const QString &key)
    {
        const Digest digest = digestOf(key);
        const QByteArray name(digest.data(), digest.size());
        auto found = m_codes.constFind(name);
        if (found == m_codes.constEnd()) {
            found = m_codes.insert(name, static_cast<quint32>(m_items.size()));
            m_items.push_back(0);
        }
        ++m_items[found.value()];
        return found.value();
    }
    bool isEmpty() const { return m_items.empty(); }
    GroupSizes sizes(const QString &name) const
    {
        GroupSizes out;
        out.name = name;
        out.groups = static_cast<qint64>(m_items.size());
        out.smallest = *std::ranges::min_element(m_items);
        out.largest = *std::ranges::max_element(m_items);
        for (const qint64 items : m_items) {
            ++out.sizes[items];
            if (out.sizes.size() > mostSizes) {
                out.sizes.clear();
                break;
            }
        }
        return out;
    }

private:
    QHash<QByteArray, quint32> m_codes;
    std::vector<qint64> m_items;
};

/// Mean confidence with its intervals.
class Confidences
{
public:
    void add(double confidence, qsizetype labels, std::optional<quint32> cluster)
    {
        m_values.push_back(confidence);
        if (labels > 1)
            m_floor.add((1 - confidence) / static_cast<double>(labels - 1));
        m_named = m_named && cluster;
        m_clusters.push_back(cluster.value_or(0));
    }
    std::optional<ConfidenceFacts> facts() const
    {
        if (m_values.empty())
            return std::nullopt;
        ConfidenceFacts out;
        out.items = static_cast<qint64>(m_values.size());
        out.smallest = *std::ranges::min_element(m_values);
        out.largest = *std::ranges::max_element(m_values);
        out.mean = statistics::compensatedSum(m_values) / static_cast<double>(m_values.size());
        out.floor = m_floor.value() / static_cast<double>(m_values.size());
        std::vector<std::uint32_t> own(m_values.size());
        for (std::size_t i = 0; i < own.size(); ++i)
            own[i] = static_cast<std::uint32_t>(i);
        if (const auto naive = statistics::clusteredMean(m_values, own)) {
            out.naiveLow = out.low = std::max(0.0, naive->low);
            out.naiveHigh = out.high = std::min(1.0, naive->high);
        }
        const std::vector<std::uint32_t> shared = consecutive();
        out.clustered = m_named && !shared.empty() && *std::ranges::max_element(shared) + 1 < shared.size();
        if (out.clustered) {
            const auto clustered = statistics::clusteredMean(m_values, shared);
            out.low = clustered ? std::optional(std::max(0.0, clustered->low)) : std::nullopt;
            out.high = clustered ? std::optional(std::min(1.0, clustered->high)) : std::nullopt;
        }
        return out;
    }

private:
    /// The clusters of the items with a confidence, without gaps.
    std::vector<std::uint32_t> consecutive() const
    {
        QHash<quint32, std::uint32_t> codes;
        std::vector<std::uint32_t> out;
        for (const quint32 cluster : m_clusters) {
            auto found = codes.constFind(cluster);
            if (found == codes.constEnd())
                found = codes.insert(cluster, static_cast<std::uint32_t>(codes.size()));
            out.push_back(found.value());
        }
        return out;
    }

    std::vector<double> m_values;
    std::vector<quint32> m_clusters;
    statistics::Accumulator m_floor;
    bool m_named = true;
};

QString formOf(const QStringList &pronouns)
{
    static const QHash<QString, QString> forms{{u"he/she/they"_s, u"nominative"_s},
                                               {u"his/her/their"_s, u"possessive"_s},
                                               {u"him/her/them"_s, u"accusative"_s}};
    return forms.value(pronouns.join(u'/').toLower(), u"other"_s);
}

QString textOf(const json &fields, const char *name)
{
    const auto found = fields.find(name);
    return found != fields.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

QStringList textsOf(const json &list)
{
    QStringList out;
    if (list.is_array()) {
        for (const json &each : list) {
            if (each.is_string())
                out << QString::fromStdString(each.get<std::string>());
        }
    }
    return out;
}

/// Sentences with a blank for a pronoun.
class Sentences
{
public:
    explicit Sentences(const OccupationStatistics &statistics) : m_table(statistics) {}

    void add(const json &fields, const QStringList &pronouns)
    {
        ++m_sets[pronouns];
        const QString occupation = textOf(fields, "occupation");
        m_others << fold(textOf(fields, "other_person"));
        if (const QString title = textOf(fields, "source_title"); !title.isEmpty())
            m_titles << title;
        Occupation &known = m_occupations[fold(occupation)];
        const auto percent = fields.find("percent_women");
        if (percent != fields.end() && percent->is_number()) {
            known.contradicts = known.contradicts || (known.percent && *known.percent != percent->get<double>());
            known.percent = percent->get<double>();
            m_ofItems = true;
        }
        const auto answer = fields.find("answer");
        if (answer != fields.end() && answer->is_number_integer())
            ++m_answers[answer->get<qint64>() == 0 ? u"occupation"_s : u"other-person"_s];
    }

    WinogenderFacts facts(const QList<ImportSource> &sources) const
    {
        WinogenderFacts out;
        for (auto it = m_sets.cbegin(); it != m_sets.cend(); ++it)
            out.pronounSets << WinogenderFacts::PronounSet{formOf(it.key()), it.key(), it.value()};
        std::ranges::stable_sort(out.pronounSets, std::greater(), &WinogenderFacts::PronounSet::items);
        out.occupations = m_occupations.size();
        out.otherPersons = m_others.size();
        out.sourceTitles = m_titles.size();
        out.answers = m_answers;
        statistics::Accumulator sum;
        for (auto it = m_occupations.cbegin(); it != m_occupations.cend(); ++it) {
            if (it->contradicts) {
                ++out.contradicting;
                continue;
            }
            std::optional<double> percent = it->percent;
            if (const auto found = m_table.percentWomen.constFind(it.key());
                !m_ofItems && found != m_table.percentWomen.constEnd())
                percent = found.value();
            if (!percent)
                continue;
            ++out.withStatistic;
            sum.add(*percent);
            out.smallestPercent = std::min(out.smallestPercent.value_or(*percent), *percent);
            out.largestPercent = std::max(out.largestPercent.value_or(*percent), *percent);
        }
        if (out.withStatistic == 0)
            return out;
        out.meanPercent = sum.value() / static_cast<double>(out.withStatistic);
        if (!m_ofItems) {
            out.source = m_table.source;
        } else if (sources.isEmpty()) {
            out.source = u"the occupations of its recipe"_s;
        } else {
            const ImportSource &file = sources.front();
            out.source = (file.format == "anthropic-evals"_L1 ? u"BLS_percent_women_2019 in "_s : u"percent_women in "_s) +
                         file.fileName;
        }
        return out;
    }

private:
    struct Occupation
    {
        std::optional<double> percent;
        bool contradicts = false;
    };
    const OccupationStatistics &m_table;
    QMap<QStringList, qint64> m_sets;
    QMap<QString, Occupation> m_occupations; // Sorted, so that sums do not depend on a hash seed.
    QSet<QString> m_others, m_titles;
    QMap<QString, qint64> m_answers;
    bool m_ofItems = false; ///< Items state the share themselves.
};

/// The columns that are counted; the rest of a candidate stays in the file.
struct Row
{
    QString statement, question, matchingLabel, otherLabels, cluster, fields;
    std::optional<double> confidence;
};

class Counting
{
public:
    Counting(ItemFacts &facts, const OccupationStatistics &statistics)
        : m_facts(facts), m_sycophancy(facts.dataset.family == "sycophancy"_L1),
          m_winogender(facts.dataset.family == "winogender"_L1),
          m_options(m_sycophancy || facts.dataset.family == "multiple-choice"_L1), m_sentences(statistics)
    {
    }

    void add(const Row &row)
    {
        ++m_facts.items;
        const QStringList others = labelsOf(row.otherLabels);
        // A sentence's labels are its pronouns; none of them matches.
        const qsizetype labels = others.size() + (row.matchingLabel.isEmpty() ? 0 : 1);
        if (!row.matchingLabel.isEmpty())
            ++m_facts.labels[row.matchingLabel.trimmed()];
        ++m_facts.labelsOffered[static_cast<int>(labels)];
        if (labels > 0)
            m_chance.add(1.0 / static_cast<double>(labels));
        m_texts.push_back(digestOf(row.statement.isEmpty() ? row.question : row.statement));
        std::optional<quint32> cluster;
        if (!row.cluster.isEmpty())
            cluster = m_clusters.add(row.cluster);
        if (row.confidence)
            m_confidences.add(*row.confidence, labels, cluster);
        if (m_options)
            addOptions(row);
        if (!m_sycophancy && !m_winogender)
            return;
        const json fields = storedJson(row.fields);
        if (!fields.is_object())
            return;
        if (m_winogender)
            m_sentences.add(fields, others);
        if (m_sycophancy)
            addBiography(row, fields);
    }

    void finish()
    {
        if (m_facts.items > 0)
            m_facts.chance = m_chance.value() / static_cast<double>(m_facts.items);
        m_facts.confidence = m_confidences.facts();
        const auto addGroups = [&](const Groups &groups, const QString &name) {
            if (!groups.isEmpty())
                m_facts.groups << groups.sizes(name);
        };
        addGroups(m_clusters, m_sycophancy ? u"question_id"_s : m_winogender ? u"occupation"_s : u"cluster"_s);
        addGroups(m_biographies, u"biography_id"_s);
        addGroups(m_optionSets, u"option_set"_s);
        std::ranges::sort(m_texts);
        m_facts.exactDuplicates =
            m_facts.items - (std::ranges::unique(m_texts).begin() - m_texts.begin());
        if (m_winogender)
            m_facts.winogender = m_sentences.facts(m_facts.sources);
    }

private:
    QStringList labelsOf(const QString &stored)
    {
        auto known = m_labels.constFind(stored); // A few different ones in a data set.
        if (known == m_labels.constEnd())
            known = m_labels.insert(stored, textsOf(storedJson(stored)));
        return known.value();
    }
    void addOptions(const Row &row)
    {
        const ParsedOptions parsed = parseOptions(row.question);
        ++m_facts.optionStatus[optionStatusName(parsed.status)];
        ++m_facts.optionsInText[static_cast<int>(parsed.options.size())];
    }
    void addBiography(const Row &row, const json &fields)
    {
        if (const QString biography = textOf(fields, "biography_id"); !biography.isEmpty())
            m_biographies.add(biography);
        if (const QString side = textOf(fields, "side"); !side.isEmpty())
            ++m_facts.sides[side][row.matchingLabel.trimmed()];
        if (const auto options = fields.find("options"); options != fields.end())
            m_optionSets.add(textsOf(*options).join(QChar(0)));
        m_facts.endsWithAnswer += row.question.endsWith("\n\nAnswer:"_L1) ? 1 : 0;
    }

    ItemFacts &m_facts;
    bool m_sycophancy, m_winogender, m_options;
    QHash<QString, QStringList> m_labels;
    statistics::Accumulator m_chance;
    std::vector<Digest> m_texts;
    Groups m_clusters, m_biographies, m_optionSets;
    Confidences m_confidences;
    Sentences m_sentences;
};

json countsJson(const QMap<QString, qint64> &counts)
{
    json out = json::object();
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        out[it.key().toStdString()] = it.value();
    return out;
}
template <class Key>
json countsJson(const QMap<Key, qint64> &counts)
{
    json out = json::object();
    for (auto it = counts.cbegin(); it != counts.cend(); ++it)
        out[std::to_string(it.key())] = it.value();
    return out;
}
json orNull(const std::optional<double> &value)
{
    return value ? json(*value) : json();
}

json toJson(const ConfidenceFacts &c)
{
    return {{"items", c.items},           {"mean", c.mean},
            {"smallest", c.smallest},     {"largest", c.largest},
            {"clustered", c.clustered},   {"low", orNull(c.low)},
            {"high", orNull(c.high)},     {"naive_low", orNull(c.naiveLow)},
            {"naive_high", orNull(c.naiveHigh)}};
}

json toJson(const WinogenderFacts &w)
{
    json sets = json::array();
    for (const WinogenderFacts::PronounSet &set : w.pronounSets) {
        json pronouns = json::array();
        for (const QString &pronoun : set.pronouns)
            pronouns.push_back(pronoun.toStdString());
        sets.push_back({{"form", set.form.toStdString()}, {"pronouns", pronouns}, {"items", set.items}});
    }
    return {{"pronoun_sets", sets},
            {"occupations", w.occupations},
            {"other_persons", w.otherPersons},
            {"refers_to", countsJson(w.answers)},
            {"percent_women",
             {{"occupations", w.withStatistic},
              {"contradicting", w.contradicting},
              {"mean", orNull(w.meanPercent)},
              {"smallest", orNull(w.smallestPercent)},
              {"largest", orNull(w.largestPercent)},
              {"titles", w.sourceTitles},
              {"source", w.source.isEmpty() ? json() : json(w.source.toStdString())}}}};
}

} // namespace

json ItemFacts::toJson() const
{
    json shares = json::array(), groupList = json::array(), sideList = json::array(), files = json::array();
    for (auto it = labels.cbegin(); it != labels.cend(); ++it)
        shares.push_back({{"label", it.key().toStdString()},
                          {"items", it.value()},
                          {"share", static_cast<double>(it.value()) / static_cast<double>(items)}});
    for (const GroupSizes &group : groups)
        groupList.push_back({{"name", group.name.toStdString()},
                             {"groups", group.groups},
                             {"smallest", group.smallest},
                             {"largest", group.largest},
                             {"sizes", countsJson(group.sizes)}});
    for (auto it = sides.cbegin(); it != sides.cend(); ++it) {
        qint64 all = 0;
        for (const qint64 count : it.value())
            all += count;
        sideList.push_back({{"side", it.key().toStdString()}, {"items", all}, {"labels", countsJson(it.value())}});
    }
    for (const ImportSource &source : sources)
        files.push_back({{"file", source.fileName.toStdString()},
                         {"bytes", source.bytes},
                         {"sha256", source.sha256.toStdString()},
                         {"format", source.format.toStdString()}});
    return {{"name", dataset.name.toStdString()},
            {"family", dataset.family.toStdString()},
            {"items", items},
            {"labels", shares},
            {"labels_offered", countsJson(labelsOffered)},
            {"options_in_text", countsJson(optionsInText)},
            {"option_status", countsJson(optionStatus)},
            {"chance", items > 0 ? json(chance) : json()},
            {"ceiling", confidence ? json(confidence->mean) : json()},
            {"floor", confidence ? json(confidence->floor) : json()},
            {"confidence", confidence ? evalwright::toJson(*confidence) : json()},
            {"groups", groupList},
            {"sides", sideList},
            {"ends_with_answer", endsWithAnswer},
            {"exact_duplicates", exactDuplicates},
            {"winogender", winogender ? evalwright::toJson(*winogender) : json()},
            {"sources", files}};
}

Result<ItemFacts> itemFacts(Connection &connection, DatasetId dataset, const OccupationStatistics &statistics,
                            const CancellationToken &token)
{
    ItemFacts facts;
    EVALWRIGHT_ASSIGN(facts.dataset, datasetById(connection, dataset));
    EVALWRIGHT_ASSIGN(facts.sources, importSourcesOf(connection, dataset));
    Counting counting(facts, statistics);
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.statement, s.question, s.matching_label, s.other_labels, s.cluster, "
                                       u"s.fields, s.label_confidence FROM item s WHERE s.dataset_id = ? ORDER BY s.ordinal"_s,
                                       {dataset.value}));
    while (rows.next()) {
        if (token.isCancelled())
            return failure(Error(ErrorCode::Cancelled, u"Stopped as asked."_s));
        counting.add({rows.value(0).toString(), rows.value(1).toString(), rows.value(2).toString(),
                      rows.value(3).toString(), rows.value(4).toString(), rows.value(5).toString(),
                      rows.value(6).isNull() ? std::nullopt : std::optional(rows.value(6).toDouble())});
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    counting.finish();
    return facts;
}

} // namespace evalwright
