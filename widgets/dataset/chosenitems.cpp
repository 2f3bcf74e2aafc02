// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/chosenitems.h"

#include <algorithm>
#include <mutex>
#include <tuple>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool passes(const CandidateRow &row, const CandidateFilter &filter)
{
    using State = CandidateFilter::State;
    const State state = !row.decision         ? State::Undecided
                        : row.decision->keep ? State::Kept
                                              : State::Rejected;
    const Candidate &c = row.candidate;
    return (filter.state == State::All || filter.state == state) &&
           (filter.reason.isEmpty() || (row.decision && row.decision->reason == filter.reason)) &&
           (filter.label.isEmpty() || c.wantedLabel == filter.label) &&
           (filter.text.isEmpty() || c.statement.contains(filter.text, Qt::CaseInsensitive) ||
            c.question.contains(filter.text, Qt::CaseInsensitive));
}

/// What a row is sorted by: text and number, then its place.
struct Key
{
    QString text;
    double number = 0;
    qint64 ordinal = 0;
    CandidateId id;
};
Key keyOf(const CandidateRow &row, CandidateOrder order)
{
    Key key{{}, 0, row.candidate.ordinal, row.candidate.id};
    switch (order) {
    case CandidateOrder::Ordinal:
        break;
    case CandidateOrder::Statement:
        key.text = row.candidate.statement;
        break;
    case CandidateOrder::Label:
        key.text = row.candidate.wantedLabel;
        break;
    case CandidateOrder::Confidence:
        key.number = row.candidate.labelConfidence.value_or(-1);
        break;
    case CandidateOrder::State:
        key.number = !row.decision ? 0 : row.decision->keep ? 1 : 2;
        break;
    }
    return key;
}

/// The ids that a filter leaves, in order; kept until another question or a new count is asked for.
struct Sorted
{
    std::mutex mutex;
    bool known = false;
    ItemQuery of;
    QList<CandidateId> ids;
};

bool sameQuestion(const ItemQuery &a, const ItemQuery &b)
{
    return a.filter.state == b.filter.state && a.filter.reason == b.filter.reason && a.filter.label == b.filter.label &&
           a.filter.text == b.filter.text && a.order == b.order && a.direction == b.direction;
}

Status sortInto(Sorted &sorted, Connection &connection, const QList<CandidateId> &chosen, const ItemQuery &query,
                const CancellationToken &token)
{
    std::vector<Key> keys;
    for (const CandidateId id : chosen) {
        if (token.isCancelled())
            return failure(ErrorCode::Cancelled, u"A newer question came."_s);
        const Result<CandidateRow> row = candidateById(connection, id);
        if (!row && row.error().code == ErrorCode::NotFound)
            continue;
        if (!row)
            return failure(row.error());
        if (passes(*row, query.filter))
            keys.push_back(keyOf(*row, query.order));
    }
    std::ranges::sort(keys, [&query](const Key &a, const Key &b) {
        const auto left = std::tie(a.text, a.number), right = std::tie(b.text, b.number);
        if (left == right)
            return a.ordinal < b.ordinal;
        return query.direction == Qt::AscendingOrder ? left < right : right < left;
    });
    sorted.ids.clear();
    for (const Key &key : keys)
        sorted.ids << key.id;
    sorted.of = query;
    sorted.known = true;
    return {};
}

} // namespace

FetchItems chosenFromProject(std::shared_ptr<Project> project, QList<CandidateId> chosen)
{
    return [project = std::move(project), chosen = std::move(chosen),
            sorted = std::make_shared<Sorted>()](const ItemQuery &query, const CancellationToken &token) {
        return project->read([query, token, chosen, sorted](Connection &connection) -> Result<ItemPage> {
            const std::lock_guard lock(sorted->mutex);
            if (query.count || !sorted->known || !sameQuestion(sorted->of, query))
                EVALWRIGHT_TRY(sortInto(*sorted, connection, chosen, query, token));
            ItemPage page;
            if (query.count)
                page.total = sorted->ids.size();
            if (query.limit <= 0)
                return page;
            const QList<CandidateId> ids = sorted->ids.mid(query.offset, query.limit);
            using Masses = QHash<CandidateId, double>;
            EVALWRIGHT_ASSIGN(const Masses masses, smallestLabelMass(connection, ids));
            for (const CandidateId id : ids) {
                EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, id));
                const auto mass = masses.constFind(id);
                page.rows << ItemRow{row, mass == masses.constEnd() ? std::nullopt : std::optional<double>(*mass)};
            }
            return page;
        });
    };
}

} // namespace evalwright
