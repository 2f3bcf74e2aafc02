// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exportorder.h"

#include "core/statistics/random.h"
#include "storage/items/itemselection.h"
#include "storage/repositories/candidates.h"

#include <QHash>
#include <QSqlError>

#include <algorithm>
#include <map>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Place
{
    qint64 id = 0;
    int label = 0;
    double confidence = 0; ///< -1 when there is none.
};

/// In stored order.
Result<std::vector<Place>> placesOf(Connection &connection, DatasetId dataset)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT s.id, s.matching_label, coalesce(s.label_confidence, -1) "
                                       u"FROM item s WHERE s.dataset_id = ? ORDER BY s.ordinal"_s,
                                       {dataset.value}));
    std::vector<Place> places;
    std::map<QString, int> labels;
    while (rows.next()) {
        const int label =
            labels.try_emplace(rows.value(1).toString(), static_cast<int>(labels.size())).first->second;
        places.push_back({rows.value(0).toLongLong(), label, rows.value(2).toDouble()});
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return places;
}

QList<qint64> shuffled(const std::vector<Place> &places, quint64 seed)
{
    QList<qint64> ids;
    ids.reserve(static_cast<qsizetype>(places.size()));
    for (const std::uint32_t at : statistics::shuffle(seed, "export/items", places.size()))
        ids << places[at].id;
    return ids;
}

/// Leaves the places that a filter of items lets through.
Status narrow(Connection &connection, DatasetId dataset, const QString &where, std::vector<Place> &places)
{
    EVALWRIGHT_ASSIGN(const ItemFilter filter, parseItemFilter(where));
    EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(connection, dataset));
    EVALWRIGHT_TRY(checkReasons(*columns, filter));
    EVALWRIGHT_ASSIGN(const ItemSelection selection, selectItems(connection, *columns, filter));
    std::vector<bool> isIn(columns->size());
    for (const std::uint32_t row : selection.rows)
        isIn[row] = true;
    std::erase_if(places, [&](const Place &place) {
        const auto row = columns->rowOf(place.id);
        return !row || !isIn[*row];
    });
    return {};
}

Status forEachOf(Connection &connection, const QList<qint64> &ids, const std::function<Status(Candidate &)> &use)
{
    constexpr qsizetype piece = 1000;
    for (qsizetype from = 0; from < ids.size(); from += piece) {
        const QList<qint64> some = ids.mid(from, piece);
        EVALWRIGHT_ASSIGN(QList<Candidate> items, candidatesById(connection, some));
        QHash<qint64, qsizetype> places;
        for (qsizetype i = 0; i < items.size(); ++i)
            places.insert(items[i].id.value, i);
        for (const qint64 id : some) {
            if (const auto place = places.constFind(id); place != places.cend())
                EVALWRIGHT_TRY(use(items[*place]));
        }
    }
    return {};
}

/// Labels take turns, the most certain item first.
QList<qint64> asInThePaper(std::vector<Place> places)
{
    std::ranges::stable_sort(places, std::ranges::greater(), &Place::confidence);
    std::vector<std::vector<qint64>> queues;
    std::map<int, size_t> queueOf; // By label, in the order in which labels come up.
    for (const Place &place : places) {
        const size_t queue = queueOf.try_emplace(place.label, queues.size()).first->second;
        queues.resize(std::max(queues.size(), queue + 1));
        queues[queue].push_back(place.id);
    }
    QList<qint64> ids;
    for (size_t round = 0; ids.size() < static_cast<qsizetype>(places.size()); ++round) {
        for (const std::vector<qint64> &queue : queues) {
            if (round < queue.size())
                ids << queue[round];
        }
    }
    return ids;
}

} // namespace

Result<ItemOrder> ItemOrder::of(Connection &connection, const Dataset &dataset, const QString &wanted, const QString &where)
{
    ItemOrder order;
    order.m_dataset = dataset.id;
    order.m_name = !wanted.isEmpty() ? wanted : dataset.recipeId.isValid() ? u"shuffle:0"_s : u"stored"_s;
    const bool isStored = order.m_name == "stored"_L1;
    if (isStored && where.trimmed().isEmpty())
        return order;
    bool isNumber = false;
    const quint64 seed = order.m_name.mid(8).toULongLong(&isNumber);
    const bool shuffles = order.m_name.startsWith("shuffle:"_L1) && isNumber;
    if (!isStored && !shuffles && order.m_name != "paper"_L1) {
        return failure(Error(ErrorCode::InvalidInput, u"There is no order “%1”."_s.arg(order.m_name),
                             u"Orders: stored, paper, shuffle:SEED with a whole number from 0."_s)
                           .withConsequence(u"Nothing was written."_s));
    }
    EVALWRIGHT_ASSIGN(std::vector<Place> places, placesOf(connection, dataset.id));
    if (!where.trimmed().isEmpty())
        EVALWRIGHT_TRY(narrow(connection, dataset.id, where, places));
    if (isStored) {
        order.m_ids.emplace();
        for (const Place &place : places)
            order.m_ids->append(place.id);
        return order;
    }
    order.m_ids = shuffles ? shuffled(places, seed) : asInThePaper(std::move(places));
    return order;
}

Status ItemOrder::forEach(Connection &connection, const std::function<Status(Candidate &)> &use) const
{
    if (!m_ids)
        return forEachItem(connection, m_dataset, use);
    // All of one moment, as forEachItem().
    EVALWRIGHT_TRY(connection.execute(u"SAVEPOINT ordered"_s));
    const Status status = forEachOf(connection, *m_ids, use);
    const auto released = connection.execute(u"RELEASE ordered"_s);
    return status && !released ? failure(released.error()) : status;
}

} // namespace evalwright
