// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/questionsource.h"

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

Result<QList<PlannedRequest>> QuestionSource::requests(const QList<qint64> &indices)
{
    QList<qint64> ids;
    ids.reserve(indices.size());
    for (const qint64 index : indices)
        ids << ordinal(index);
    EVALWRIGHT_ASSIGN(const auto questions, m_project.readNow([&](Connection &c) { return askedOf(c, m_stage, ids); }));
    QList<PlannedRequest> list;
    list.reserve(ids.size());
    for (const qint64 id : std::as_const(ids)) {
        const auto question = questions.constFind(id);
        if (question == questions.constEnd())
            return failure(ErrorCode::NotFound, u"Item %1 is not in the project any more."_s.arg(id));
        list << PlannedRequest{id, m_form(*question)};
    }
    return list;
}

} // namespace evalwright::preparation
