// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/itemselection.h"

#include "core/text.h"
#include "storage/items/filterchange.h"
#include "storage/items/searchindex.h"
#include "storage/statement.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// One byte a row: whether it is in. A bit a row would be smaller and slower.
using Mask = std::vector<std::uint8_t>;

constexpr int mostValues = 200;

tl::unexpected<Error> stopped()
{
    return failure(ErrorCode::Cancelled, u"The selection was cancelled."_s);
}

IdRange rangeOf(const ItemColumns &columns)
{
    if (columns.size() == 0)
        return {};
    const auto [first, last] = std::ranges::minmax(columns.id);
    return {first, last};
}

/// Marks rows of ids that a question gives.
class Marker
{
public:
    Marker(const ItemColumns &columns, Mask &mask) : m_columns(columns), m_mask(mask) {}
    void operator()(qint64 candidate)
    {
        // Ids mostly come rising, and rows stand by them: the next one is near.
        const auto &ids = m_columns.id;
        if (m_at < ids.size() && ids[m_at] == candidate) {
            m_mask[m_at++] = 1;
        } else if (const auto row = m_columns.rowOf(candidate)) {
            m_mask[*row] = 1;
            m_at = *row + 1;
        }
    }

private:
    const ItemColumns &m_columns;
    Mask &m_mask;
    std::size_t m_at = 0;
};

/// Which codes of `names` a condition wants.
std::vector<std::uint8_t> wantedCodes(const QStringList &names, const std::function<bool(const QString &)> &isWanted)
{
    std::vector<std::uint8_t> wanted;
    for (const QString &name : names)
        wanted.push_back(isWanted(name) ? 1 : 0);
    return wanted;
}

template <class Code>
void markCodes(Mask &mask, const std::vector<Code> &codes, const std::vector<std::uint8_t> &wanted)
{
    for (std::size_t i = 0; i < codes.size(); ++i)
        mask[i] = wanted[codes[i]];
}

bool inRange(const ItemTerm &term, double value)
{
    return (!term.low || (term.isLowOpen ? value > *term.low : value >= *term.low)) &&
           (!term.high || (term.isHighOpen ? value < *term.high : value <= *term.high));
}

QString placeholders(qsizetype count)
{
    return QStringList(count, u"?"_s).join(u", "_s);
}

QVariantList bound(const QStringList &values)
{
    QVariantList list;
    for (const QString &value : values)
        list << value;
    return list;
}

class Selector
{
public:
    Selector(Connection &connection, const ItemColumns &columns, const CancellationToken &token)
        : m_connection(connection), m_columns(columns), m_token(token), m_range(rangeOf(columns))
    {
    }

    /// The rows that one condition lets through.
    Result<Mask> maskOf(const ItemTerm &term)
    {
        Mask mask(m_columns.size(), 0);
        EVALWRIGHT_TRY(fill(term, mask));
        if (m_token.isCancelled())
            return stopped();
        if (term.isNegated) {
            for (std::uint8_t &one : mask)
                one ^= 1;
        }
        return mask;
    }

private:
    Status fill(const ItemTerm &term, Mask &mask)
    {
        const ItemColumns &c = m_columns;
        const auto anyOf = [&term](const QString &name) { return term.values.contains(name); };
        switch (term.field) {
        case ItemField::Words:
            if (searchExpression(term.values.value(0)).isEmpty()) { // Nothing but signs: no word to look for.
                std::ranges::fill(mask, 1);
                return {};
            }
            return forEachMatch(m_connection, m_range, term.values.value(0), m_token, Marker(c, mask));
        case ItemField::Text:
            for (const QString &value : term.values)
                EVALWRIGHT_TRY(forEachContaining(m_connection, m_range, value, m_token, Marker(c, mask)));
            return {};
        case ItemField::State: {
            std::vector<std::uint8_t> wanted(3, 0);
            const bool all = term.values.contains(u"all"_s);
            wanted[ItemColumns::Kept] = all || term.values.contains(u"kept"_s);
            wanted[ItemColumns::Rejected] = all || term.values.contains(u"rejected"_s);
            wanted[ItemColumns::Undecided] = all || term.values.contains(u"undecided"_s);
            markCodes(mask, c.state, wanted);
            return {};
        }
        case ItemField::Label:
            markCodes(mask, c.label, wantedCodes(c.labels, [&](const QString &name) {
                          return std::ranges::any_of(term.values, [&](const QString &value) { return value == name || value.trimmed() == name.trimmed(); });
                      }));
            return {};
        case ItemField::Reason:
            markCodes(mask, c.reason, wantedCodes(c.reasons, [&](const QString &name) {
                          return anyOf(name) || std::ranges::any_of(term.values, [&](const QString &value) { return name.startsWith(value + u':'); });
                      }));
            return {};
        case ItemField::Stage:
            markCodes(mask, c.stage, wantedCodes(c.stages, anyOf));
            return {};
        case ItemField::By: {
            const bool person = term.values.contains(u"person"_s), rule = term.values.contains(u"rule"_s);
            for (std::size_t i = 0; i < mask.size(); ++i)
                mask[i] = c.byPerson[i] ? person : rule && c.state[i] != ItemColumns::Undecided;
            return {};
        }
        case ItemField::Confidence:
            for (std::size_t i = 0; i < mask.size(); ++i)
                mask[i] = std::isnan(c.confidence[i]) ? term.isUnknown : !term.isUnknown && inRange(term, c.confidence[i]);
            return {};
        case ItemField::Number:
            for (std::size_t i = 0; i < mask.size(); ++i)
                mask[i] = inRange(term, static_cast<double>(c.ordinal[i] + 1));
            return {};
        case ItemField::Cluster:
            return ids(u"SELECT id FROM candidate WHERE dataset_id = ? AND cluster IN (%1) ORDER BY id"_s, term.values, mask);
        case ItemField::Tag:
            return ids(u"SELECT c.id FROM tag t JOIN candidate_tag x ON x.tag_id = t.id JOIN candidate c ON c.id = x.candidate_id "
                       u"WHERE c.dataset_id = ? AND t.name IN (%1)"_s,
                       term.values, mask);
        case ItemField::Lint:
            if (const int severities = severitiesOf(term); severities > 0) {
                for (std::size_t i = 0; i < mask.size(); ++i)
                    mask[i] = (c.lint[i] & severities) != 0;
                return {};
            }
            if (term.values.contains(u"any"_s))
                return ids(u"SELECT c.id FROM lint_finding f JOIN candidate c ON c.id = f.candidate_id WHERE c.dataset_id = ?"_s, {}, mask);
            return ids(u"SELECT c.id FROM lint_finding f JOIN candidate c ON c.id = f.candidate_id WHERE c.dataset_id = ? AND "
                       u"(f.rule IN (%1) OR f.severity IN (%1))"_s,
                       term.values, mask, 2);
        case ItemField::Rated:
            return rated(term, mask);
        case ItemField::Edited:
            EVALWRIGHT_TRY(ids(u"SELECT DISTINCT e.candidate_id FROM candidate_edit e JOIN candidate c ON c.id = e.candidate_id WHERE "
                               u"c.dataset_id = ?"_s,
                               {}, mask));
            choose(mask, term.values.contains(u"yes"_s), term.values.contains(u"no"_s));
            return {};
        case ItemField::Source:
            return ids(u"SELECT c.id FROM candidate c JOIN import_source i ON i.id = c.import_source_id WHERE c.dataset_id = ? AND "
                       u"i.file_name IN (%1)"_s,
                       term.values, mask);
        case ItemField::Id:
            for (const QString &value : term.values) {
                QString end = value; // Everything that begins so, by the index on uuids.
                end += QChar(0xffff);
                EVALWRIGHT_TRY(m_connection.forEachRow(u"SELECT id FROM candidate WHERE uuid >= ? AND uuid < ? AND dataset_id = ?"_s,
                                                       {value, end, c.dataset.value}, mark(mask)));
            }
            return {};
        }
        return {};
    }

    Status rated(const ItemTerm &term, Mask &mask)
    {
        const QString from = u" FROM judgement_current j JOIN candidate c ON c.id = j.candidate_id WHERE c.dataset_id = ? "_s;
        if (term.values.contains(u"yes"_s) || term.values.contains(u"no"_s)) {
            EVALWRIGHT_TRY(ids(u"SELECT DISTINCT j.candidate_id"_s + from, {}, mask));
            choose(mask, term.values.contains(u"yes"_s), term.values.contains(u"no"_s));
        }
        if (term.values.contains(u"broken"_s))
            EVALWRIGHT_TRY(ids(u"SELECT DISTINCT j.candidate_id"_s + from + u"AND j.state = 'broken'"_s, {}, mask));
        // Different answers to the question about the label, by convention of all questionnaires the one called “answer”.
        if (term.values.contains(u"disputed"_s)) {
            EVALWRIGHT_TRY(ids(u"SELECT j.candidate_id"_s + from + u"AND j.state = 'submitted' GROUP BY j.candidate_id HAVING "
                                                                    u"count(DISTINCT json_extract(j.answers, '$.answer')) > 1"_s,
                               {}, mask));
        }
        return {};
    }

    /// Severities that the columns have; 0 when a rule is asked for by name.
    static int severitiesOf(const ItemTerm &term)
    {
        int severities = 0;
        for (const QString &value : term.values) {
            if (value == "block"_L1)
                severities |= ItemColumns::Block;
            else if (value == "warn"_L1)
                severities |= ItemColumns::Warn;
            else if (value == "info"_L1)
                severities |= ItemColumns::Info;
            else if (value == "any"_L1)
                severities |= ItemColumns::Block | ItemColumns::Warn | ItemColumns::Info;
            else
                return 0;
        }
        return severities;
    }

    static void choose(Mask &mask, bool in, bool out)
    {
        for (std::uint8_t &one : mask)
            one = one ? in : out;
    }

    std::function<void(const Statement::Row &)> mark(Mask &mask) const
    {
        return [marker = Marker(m_columns, mask)](const Statement::Row &row) mutable { marker(row.integer(0)); };
    }

    /// `%1` in the question stands for the values, which are bound so many times.
    Status ids(const QString &sql, const QStringList &values, Mask &mask, int times = 1)
    {
        QVariantList all{m_columns.dataset.value};
        for (int i = 0; i < times; ++i)
            all += bound(values);
        return m_connection.forEachRow(values.isEmpty() ? sql : sql.arg(placeholders(values.size())), all, mark(mask));
    }

    Connection &m_connection;
    const ItemColumns &m_columns;
    const CancellationToken &m_token;
    IdRange m_range;
};

/// The facet that a field is counted in.
enum Facet : std::uint8_t { OfState, OfLabel, OfReason, OfStage, OfConfidence, OfTag, OfLint, FacetCount, NoFacet = FacetCount };

Facet facetOf(ItemField field)
{
    switch (field) {
    case ItemField::State:
        return OfState;
    case ItemField::Label:
        return OfLabel;
    case ItemField::Reason:
        return OfReason;
    case ItemField::Stage:
        return OfStage;
    case ItemField::Confidence:
        return OfConfidence;
    case ItemField::Tag:
        return OfTag;
    case ItemField::Lint:
        return OfLint;
    default:
        return NoFacet;
    }
}

void addCounts(QMap<QString, qint64> &to, const QStringList &names, const std::vector<qint64> &counts)
{
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0 && !names.at(static_cast<qsizetype>(i)).isEmpty())
            to[names.at(static_cast<qsizetype>(i))] += counts[i];
    }
}

/// Tags are few, and so are the rows that have one; they are counted from their own table.
Status countTags(Connection &connection, const ItemColumns &columns, const Mask &passes, QMap<QString, qint64> &tags)
{
    const IdRange range = rangeOf(columns);
    return connection.forEachRow(u"SELECT t.name, x.candidate_id FROM tag t JOIN candidate_tag x ON x.tag_id = t.id WHERE x.candidate_id "
                                 u"BETWEEN ? AND ? ORDER BY t.id"_s,
                                 {range.first, range.last}, [&, last = tags.end(), name = std::string()](const Statement::Row &row) mutable {
                                     const auto item = columns.rowOf(row.integer(1));
                                     if (!item)
                                         return;
                                     if (last == tags.end() || name != row.bytes(0)) {
                                         name = row.bytes(0);
                                         last = tags.find(row.text(0));
                                         if (last == tags.end())
                                             last = tags.insert(row.text(0), 0);
                                     }
                                     *last += passes[*item];
                                 });
}

} // namespace

Result<ItemSelection> selectItems(Connection &connection, const ItemColumns &columns, const ItemFilter &filter,
                                  const CancellationToken &token)
{
    // How many conditions a row fails: of each facet, and of all others together.
    std::vector<Mask> failsOf(FacetCount + 1);
    Selector selector(connection, columns, token);
    for (const ItemTerm &term : filter.terms) {
        EVALWRIGHT_ASSIGN(const Mask mask, selector.maskOf(term));
        Mask &fails = failsOf[facetOf(term.field)];
        if (fails.empty())
            fails.assign(columns.size(), 0);
        for (std::size_t i = 0; i < mask.size(); ++i)
            fails[i] |= mask[i] ^ 1;
    }
    ItemSelection out;
    std::vector<qint64> labels(static_cast<std::size_t>(columns.labels.size())), reasons(static_cast<std::size_t>(columns.reasons.size())),
        stages(static_cast<std::size_t>(columns.stages.size()));
    std::array<qint64, 3> states{};
    std::vector<qint64> bands(confidenceBands, 0);
    qint64 without = 0;
    std::array<qint64, 8> lint{}; // By severities together.
    Mask passesButTags(columns.size(), 0);
    std::vector<std::size_t> used; // Only what the filter speaks of is looked at.
    for (std::size_t facet = 0; facet <= FacetCount; ++facet) {
        if (!failsOf[facet].empty())
            used.push_back(facet);
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::size_t failing = 0, which = NoFacet;
        for (const std::size_t facet : used) {
            if (failsOf[facet][i]) {
                ++failing;
                which = facet;
            }
        }
        if (failing == 0)
            out.rows.push_back(static_cast<std::uint32_t>(i));
        if (failing > 1 || (failing == 1 && which == NoFacet))
            continue;
        const auto counts = [&](Facet facet) { return failing == 0 || which == facet; };
        if (counts(OfState))
            ++states[columns.state[i]];
        if (counts(OfLabel))
            ++labels[columns.label[i]];
        if (counts(OfReason))
            ++reasons[columns.reason[i]];
        if (counts(OfStage))
            ++stages[columns.stage[i]];
        if (counts(OfLint))
            ++lint[columns.lint[i]];
        passesButTags[i] = counts(OfTag) ? 1 : 0;
        if (counts(OfConfidence)) {
            const double p = columns.confidence[i];
            if (std::isnan(p))
                ++without;
            else
                ++bands[static_cast<std::size_t>(std::clamp(p * confidenceBands, 0.0, confidenceBands - 1.0))];
        }
    }
    if (token.isCancelled())
        return stopped();
    ItemFacets &facets = out.facets;
    EVALWRIGHT_TRY(countTags(connection, columns, passesButTags, facets.tags));
    for (std::size_t severities = 0; severities < lint.size(); ++severities) {
        facets.block += (severities & ItemColumns::Block) ? lint[severities] : 0;
        facets.warn += (severities & ItemColumns::Warn) ? lint[severities] : 0;
        facets.info += (severities & ItemColumns::Info) ? lint[severities] : 0;
    }
    facets.total = static_cast<qint64>(columns.size());
    facets.kept = states[ItemColumns::Kept];
    facets.rejected = states[ItemColumns::Rejected];
    facets.undecided = states[ItemColumns::Undecided];
    addCounts(facets.labels, columns.labels, labels);
    addCounts(facets.reasons, columns.reasons, reasons);
    addCounts(facets.stages, columns.stages, stages);
    facets.confidence = std::move(bands);
    facets.withoutConfidence = without;
    return out;
}

Status checkReasons(const ItemColumns &columns, const ItemFilter &filter)
{
    QStringList known = columns.reasons;
    known.removeAll(QString());
    known.sort();
    for (const ItemTerm &term : filter.terms) {
        if (term.field != ItemField::Reason)
            continue;
        for (const QString &value : term.values) {
            if (std::ranges::none_of(known, [&](const QString &one) { return one == value || one.startsWith(value + u':'); })) {
                return failure(Error(ErrorCode::InvalidInput, u"No candidate of this data set has the reason “%1”."_s.arg(value.left(60)),
                                     u"Known: %1."_s.arg(known.join(u", "_s)))
                                   .withSuggestions(nearestNames(value, known)));
            }
        }
    }
    return {};
}

Result<QStringList> itemFieldValues(Connection &connection, const ItemColumns &columns, ItemField field)
{
    const auto trimmed = [](QStringList names) {
        for (QString &name : names)
            name = name.trimmed();
        names.removeAll(QString());
        names.removeDuplicates();
        return names.mid(0, mostValues);
    };
    QStringList values;
    const auto read = [&](const QString &sql, const QVariantList &bound) {
        return connection.forEachRow(sql, bound, [&](const Statement::Row &row) { values << row.text(0); });
    };
    switch (field) {
    case ItemField::Label:
        return trimmed(columns.labels);
    case ItemField::Reason:
        return trimmed(columns.reasons);
    case ItemField::Stage:
        return trimmed(columns.stages);
    case ItemField::Tag:
        EVALWRIGHT_TRY(read(u"SELECT name FROM tag ORDER BY name LIMIT %1"_s.arg(mostValues), {}));
        return values;
    case ItemField::Lint:
        EVALWRIGHT_TRY(read(u"SELECT DISTINCT rule FROM lint_finding ORDER BY rule LIMIT %1"_s.arg(mostValues), {}));
        return QStringList{u"any"_s, u"block"_s, u"warn"_s, u"info"_s} + values;
    case ItemField::Cluster:
        EVALWRIGHT_TRY(read(u"SELECT cluster FROM candidate WHERE dataset_id = ? AND cluster <> '' GROUP BY cluster ORDER BY count(*) DESC, "
                            u"cluster LIMIT %1"_s.arg(mostValues),
                            {columns.dataset.value}));
        return values;
    case ItemField::Source:
        EVALWRIGHT_TRY(read(u"SELECT DISTINCT file_name FROM import_source WHERE dataset_id = ? ORDER BY file_name LIMIT %1"_s.arg(mostValues),
                            {columns.dataset.value}));
        return values;
    default:
        return values;
    }
}

} // namespace evalwright
