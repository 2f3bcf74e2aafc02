// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemreader.h"

#include <algorithm>
#include <mutex>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> overtaken()
{
    return failure(ErrorCode::Cancelled, u"A newer question came."_s);
}

} // namespace

std::vector<qint64> ItemOrder::ids(qint64 from, qint64 to) const
{
    std::vector<qint64> list;
    from = std::max<qint64>(from, 0);
    to = std::min(to, size());
    list.reserve(static_cast<std::size_t>(std::max<qint64>(0, to - from)));
    for (qint64 row = from; row < to; ++row)
        list.push_back(idAt(row));
    return list;
}

bool ItemOrder::hasSameRows(const ItemOrder &other) const
{
    if (size() != other.size())
        return false;
    if (columns == other.columns || columns->id == other.columns->id)
        return rows == other.rows;
    for (qint64 row = 0; row < size(); ++row) {
        if (idAt(row) != other.idAt(row))
            return false;
    }
    return true;
}

/// What the reader threads share. It does not hold the project: the last reference must not be dropped on one of its own
/// threads.
struct ItemReader::Held
{
    std::mutex mutex; ///< While columns are read, so that nobody reads them twice.
    std::shared_ptr<const ItemColumns> columns;

    Result<std::shared_ptr<const ItemColumns>> get(Connection &connection, DatasetId dataset, bool anew, const CancellationToken &token)
    {
        const std::lock_guard lock(mutex);
        if (token.isCancelled())
            return overtaken();
        if (!columns || anew) {
            EVALWRIGHT_ASSIGN(columns, readItemColumns(connection, dataset, token));
        }
        return columns;
    }
};

ItemReader::ItemReader(std::shared_ptr<Project> project, DatasetId dataset)
    : m_project(std::move(project)), m_dataset(dataset), m_held(std::make_shared<Held>())
{
}

ItemSource ItemReader::source() const
{
    return make({});
}

ItemSource ItemReader::sourceOf(std::vector<qint64> candidates) const
{
    return make(std::move(candidates));
}

ItemSource ItemReader::make(std::optional<std::vector<qint64>> only) const
{
    ItemSource source;
    if (!only) {
        source.first = [project = m_project, dataset = m_dataset](qint64 limit, const CancellationToken &token) {
            return project->read([=](Connection &connection) -> Result<FirstItems> {
                if (token.isCancelled())
                    return overtaken();
                return firstItems(connection, dataset, limit);
            });
        };
    }
    const auto chosen = only ? std::make_shared<const std::vector<qint64>>(std::move(*only)) : nullptr;
    source.order = [project = m_project, dataset = m_dataset, held = m_held, chosen](const ItemQuery &question, const CancellationToken &token) {
        return project->read([=](Connection &connection) -> Result<SharedOrder> {
            EVALWRIGHT_ASSIGN(auto columns, held->get(connection, dataset, question.anew, token));
            if (chosen)
                columns = onlyCandidates(*columns, *chosen);
            auto order = std::make_shared<ItemOrder>();
            EVALWRIGHT_ASSIGN(ItemSelection selection, selectItems(connection, *columns, question.filter, token));
            order->rows = std::move(selection.rows);
            order->facets = std::move(selection.facets);
            EVALWRIGHT_TRY(sortItems(connection, *columns, order->rows, question.sort, question.direction, token));
            order->rows.shrink_to_fit();
            order->columns = std::move(columns);
            return SharedOrder(std::move(order));
        });
    };
    source.rows = [project = m_project](const std::vector<qint64> &candidates, const CancellationToken &token) {
        return project->read([=](Connection &connection) -> Result<QList<ItemRow>> {
            if (token.isCancelled())
                return overtaken();
            return itemRows(connection, candidates);
        });
    };
    return source;
}

QFuture<Result<QStringList>> ItemReader::values(ItemField field) const
{
    return m_project->read([field, dataset = m_dataset, held = m_held](Connection &connection) -> Result<QStringList> {
        EVALWRIGHT_ASSIGN(const auto columns, held->get(connection, dataset, false, {}));
        return itemFieldValues(connection, *columns, field);
    });
}

} // namespace evalwright
