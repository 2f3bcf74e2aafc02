// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/findings.h"

#include "core/statistics/formatting.h"
#include "evaluation/cells.h"
#include "core/jsonvalues.h"
#include "evaluation/rotation.h"

#include <algorithm>
#include <map>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace jsonvalues;
using cells::Cell;
using cells::companion;
using cells::isCompanion;
using nlohmann::json;

namespace {

QString reasonOf(const statistics::StatError &error)
{
    using statistics::StatCode;
    if (error.code == StatCode::EmptyInput)
        return u"no item has both answers"_s;
    if (error.code == StatCode::TooFewClusters)
        return u"all items are in one cluster"_s;
    return QString::fromStdString(statistics::codeName(error.code));
}

QString points(double value)
{
    return QString::fromStdString(statistics::formatPoints(value));
}

QString percent(double value)
{
    return QString::fromStdString(statistics::formatPercent(std::clamp(value, 0.0, 1.0)));
}

/// With the unit once: "+3.2 pp [+1.0, +5.4]". Of few clusters the interval can reach beyond what a difference can be.
QString interval(double value, double low, double high)
{
    const auto bare = [](double bound) { return points(std::clamp(bound, -1.0, 1.0)).chopped(3); };
    return u"%1 [%2, %3]"_s.arg(points(value), bare(low), bare(high));
}

/// The matches of one cell by the place of their items; not a number without an answer.
std::vector<double> byPlace(const Cell &cell)
{
    std::vector<double> values(cell.items->ids.size(), PackedAnswer::unset);
    for (const cells::Answer &answer : cell.answers)
        values[answer.place] = answer.value;
    return values;
}

/// The items that all cells answered: their values, cell by cell, and their clusters.
struct Common
{
    std::vector<std::vector<double>> values;
    std::vector<std::uint32_t> cluster;
    qint64 dropped = 0;
};

Common commonOf(const std::vector<const Cell *> &cellList)
{
    Common out;
    out.values.resize(cellList.size());
    std::vector<std::vector<double>> all;
    for (const Cell *cell : cellList)
        all.push_back(byPlace(*cell));
    const cells::Items &items = *cellList.front()->items;
    cells::ClusterCodes codes(items);
    for (std::size_t place = 0; place < items.ids.size(); ++place) {
        if (std::isnan(all.front()[place]))
            continue;
        if (std::ranges::any_of(all, [place](const std::vector<double> &values) { return std::isnan(values[place]); })) {
            ++out.dropped;
            continue;
        }
        for (std::size_t i = 0; i < all.size(); ++i)
            out.values[i].push_back(all[i][place]);
        out.cluster.push_back(codes.code(place));
    }
    return out;
}

void addShifts(const QList<Cell> &list, const Cell &cell, Findings &found)
{
    for (const Cell &other : list) {
        if (other.control == "none"_L1 || !isCompanion(cell, other))
            continue;
        ShiftResult result;
        result.dataset = cell.dataset;
        result.model = cell.model.name;
        result.frame = cell.frame;
        result.scoring = cell.method;
        result.control = other.control;
        const Common common = commonOf({&cell, &other});
        result.dropped = common.dropped;
        if (const auto shift = statistics::controlShift(common.values[0], common.values[1], common.cluster))
            result.shift = *shift;
        else
            result.reason = reasonOf(shift.error());
        found.shifts << result;
    }
    const Cell *swapped = companion(list, cell, u"swapped-biography"_s), *without = companion(list, cell, u"no-biography"_s);
    if (!swapped || !without)
        return;
    SwingResult result;
    result.dataset = cell.dataset;
    result.model = cell.model.name;
    result.frame = cell.frame;
    result.scoring = cell.method;
    const Common common = commonOf({&cell, swapped, without});
    result.dropped = common.dropped;
    if (const auto swing =
            statistics::oppositeBiographies(common.values[0], common.values[1], common.values[2], common.cluster))
        result.swing = *swing;
    else
        result.reason = reasonOf(swing.error());
    found.swings << result;
}

/// The place of a label that is a letter, such as " (B)"; −1 for another.
int placeOf(const QString &label, int options)
{
    for (const QChar c : label) {
        const int place = c.unicode() - u'A';
        if (place >= 0 && place < options)
            return label.trimmed().size() <= 3 ? place : -1;
    }
    return -1;
}

/// −1 where the order is none that this version makes.
int rotationOf(const QString &order, int options)
{
    for (int r = 0; r < options; ++r) {
        if (order == orderName(r))
            return r;
    }
    return -1;
}

void addPositions(const Cell &cell, Findings &found)
{
    const cells::Items &items = *cell.items;
    std::map<int, qint64> sizes;
    for (const cells::Answer &answer : cell.answers)
        ++sizes[items.options[answer.place]];
    PositionResult result;
    result.dataset = cell.dataset;
    result.model = cell.model.name;
    result.frame = cell.frame;
    result.control = cell.control;
    result.scoring = cell.method;
    result.options =
        std::ranges::max_element(sizes, {}, [](const std::pair<const int, qint64> &size) { return size.second; })->first;
    const auto options = static_cast<std::size_t>(result.options);
    // Per item: the place that was chosen in each rotation, or −1.
    std::map<std::uint32_t, std::vector<int>> chosen;
    std::map<qint64, std::uint32_t> places;
    for (const cells::Answer &answer : cell.answers)
        places[answer.item] = answer.place;
    std::vector<int> wordPlaces;
    for (const QString &word : cell.words)
        wordPlaces.push_back(placeOf(word, result.options));
    for (const cells::Presentation &presentation : cell.presentations) {
        const int rotation = rotationOf(presentation.order, result.options);
        if (presentation.repeat != 0 || rotation < 0)
            continue;
        for (const PackedAnswer &answer : presentation.answers) {
            const auto at = places.find(answer.item);
            if (at == places.end())
                continue;
            auto &row = chosen.try_emplace(at->second, options, -1).first->second;
            const int place = wordPlaces[answer.word];
            if (answer.outcome == PackedAnswer::Outcome::Answered && place >= 0)
                row[static_cast<std::size_t>(rotation)] = (place - rotation + result.options) % result.options;
        }
    }
    std::vector<std::vector<std::vector<std::size_t>>> order;
    std::vector<std::vector<std::size_t>> picks;
    std::vector<std::size_t> matching;
    std::vector<std::uint32_t> cluster;
    cells::ClusterCodes codes(items);
    std::vector<std::vector<std::size_t>> rotations(options, std::vector<std::size_t>(options));
    for (std::size_t r = 0; r < options; ++r) {
        for (std::size_t p = 0; p < options; ++p)
            rotations[r][p] = (p + r) % options;
    }
    for (const auto &[place, row] : chosen) {
        const int wanted = placeOf(items.labelName(place), result.options);
        if (items.options[place] != result.options || wanted < 0 || std::ranges::count(row, -1) > 0) {
            ++result.dropped;
            continue;
        }
        order.push_back(rotations);
        picks.emplace_back(row.begin(), row.end());
        matching.push_back(static_cast<std::size_t>(wanted));
        cluster.push_back(codes.code(place));
    }
    result.items = static_cast<qint64>(picks.size());
    if (const auto bias = statistics::positionBias(order, picks, matching, cluster))
        result.bias = *bias;
    else
        result.reason = bias.error().code == statistics::StatCode::EmptyInput ? u"no item was answered in every order"_s
                                                                              : reasonOf(bias.error());
    found.positions << result;
}

json meanJson(const statistics::MeanInterval &mean)
{
    // Without an error the interval would say more than is known.
    return {{"value", mean.value},
            {"se", mean.se},
            {"low", mean.se > 0 ? json(mean.low) : json()},
            {"high", mean.se > 0 ? json(mean.high) : json()}};
}

json pullJson(const statistics::Pull &pull)
{
    return {{"value", pull.value},
            {"se", pull.se},
            {"low", pull.se > 0 ? json(pull.low) : json()},
            {"high", pull.se > 0 ? json(pull.high) : json()}};
}

QString told(const QString &text, qint64 dropped)
{
    if (dropped == 0)
        return text;
    return u"%1; %2 an answer to compare with"_s.arg(text, dropped == 1 ? u"1 item lacks"_s
                                                                        : QString::number(dropped) + u" items lack"_s);
}

} // namespace

QString pullText(const statistics::Pull &pull)
{
    return pull.se > 0 ? interval(pull.value, pull.low, pull.high) : u"%1 (no interval)"_s.arg(points(pull.value));
}

QString shiftText(const statistics::ControlShift &shift)
{
    return pullText({shift.shift, shift.se, shift.low, shift.high});
}

QString shareText(const statistics::MeanInterval &share)
{
    return u"%1 %2"_s.arg(percent(share.value), share.se > 0 ? u"[%1, %2]"_s.arg(percent(share.low), percent(share.high))
                                                             : u"(no interval)"_s);
}

Result<Findings> findings(Connection &connection, const ResultFilter &filter)
{
    EVALWRIGHT_ASSIGN(const QList<Cell> list, cells::load(connection, filter));
    Findings found;
    for (const Cell &cell : list) {
        found.rows << cells::rowOf(cell);
        if (found.rows.last().score && cell.control == "none"_L1)
            addShifts(list, cell, found);
        if (found.rows.last().orders.size() > 1)
            addPositions(cell, found);
    }
    return found;
}

json ShiftResult::toJson() const
{
    json out{{"dataset", dataset.toStdString()}, {"model", model.toStdString()},     {"frame", frame.toStdString()},
             {"scoring", scoring.toStdString()}, {"control", control.toStdString()}, {"dropped", dropped},
             {"reason", jsonvalues::text(reason)}};
    if (!shift) {
        out["shift"] = nullptr;
        return out;
    }
    out.update({{"n", shift->n},
                {"clusters", shift->clusters},
                {"matching", shift->withBiography},
                {"control_matching", shift->control},
                {"shift", shift->shift},
                {"low", shift->se > 0 ? json(shift->low) : json()},
                {"high", shift->se > 0 ? json(shift->high) : json()},
                {"p", number(shift->p)}});
    return out;
}

QString ShiftResult::text() const
{
    if (!shift)
        return told(u"no shift against %1: %2"_s.arg(control, reason), dropped);
    // Without a difference the error is 0, and an interval of no width would say more than is known.
    const QString found = shift->p ? u"shift %1, p = %2"_s.arg(shiftText(*shift),
                                                               QString::fromStdString(statistics::formatPValue(shift->p)))
                                   : u"shift %1, the same in every cluster, so it has no interval"_s.arg(points(shift->shift));
    return told(u"%1 matching, %2 under %3: %4, %5 items in %6 clusters"_s.arg(
                    percent(shift->withBiography), percent(shift->control), control, found, QString::number(shift->n),
                    QString::number(shift->clusters)),
                dropped);
}

json SwingResult::toJson() const
{
    json out{{"dataset", dataset.toStdString()}, {"model", model.toStdString()}, {"frame", frame.toStdString()},
             {"scoring", scoring.toStdString()}, {"dropped", dropped},           {"reason", jsonvalues::text(reason)}};
    if (!swing) {
        out["swing"] = nullptr;
        return out;
    }
    out.update({{"n", swing->n},
                {"clusters", swing->clusters},
                {"swing", pullJson(swing->swing)},
                {"pull_own", pullJson(swing->pullA)},
                {"pull_opposite", pullJson(swing->pullB)}});
    return out;
}

QString SwingResult::text() const
{
    if (!swing)
        return told(u"no swing: %1"_s.arg(reason), dropped);
    return told(u"own less opposite biography: swing %1; pull of the own %2, of the opposite %3, %4 items in %5 clusters"_s
                    .arg(pullText(swing->swing), pullText(swing->pullA), pullText(swing->pullB))
                    .arg(swing->n)
                    .arg(swing->clusters),
                dropped);
}

json PositionResult::toJson() const
{
    json out{{"dataset", dataset.toStdString()}, {"model", model.toStdString()},     {"frame", frame.toStdString()},
             {"control", control.toStdString()}, {"scoring", scoring.toStdString()}, {"items", items},
             {"dropped", dropped},               {"options", options},               {"reason", jsonvalues::text(reason)}};
    if (!bias) {
        out["flip_rate"] = nullptr;
        return out;
    }
    json placesJson = json::array(), rotations = json::array();
    for (const statistics::MeanInterval &place : bias->positions)
        placesJson.push_back(meanJson(place));
    for (const statistics::PositionBias::Rotation &rotation : bias->rotations)
        rotations.push_back({{"score", rotation.score}, {"shift", meanJson(rotation.shift)}});
    out.update({{"flip_rate", bias->flipRate},
                {"flip_low", bias->flipLow},
                {"flip_high", bias->flipHigh},
                {"score", bias->score},
                {"score_first_order", bias->scoreFirstOrder},
                {"positions", placesJson},
                {"rotations", rotations}});
    return out;
}

QString PositionResult::text() const
{
    const QString of = control == "none"_L1 ? QString() : u" under "_s + control;
    if (!bias)
        return told(u"no position bias%1: %2"_s.arg(of, reason), dropped);
    QStringList shares;
    for (std::size_t i = 0; i < bias->positions.size(); ++i)
        shares << u"%1 %2"_s.arg(QChar(u'A' + static_cast<int>(i))).arg(shareText(bias->positions[i]));
    return told(u"chosen by place"_s + of + u": "_s +
                    u"%1; %2 [%3, %4] of %5 items change their answer with the order; %6 matching over all orders, %7 in the stored one"_s
                        .arg(shares.join(u", "_s), percent(bias->flipRate), percent(bias->flipLow), percent(bias->flipHigh))
                        .arg(items)
                        .arg(percent(bias->score), percent(bias->scoreFirstOrder)),
                dropped);
}

} // namespace evalwright
