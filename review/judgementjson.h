// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "storage/connection.h"

#include <QHash>

#include <nlohmann/json_fwd.hpp>

namespace evalwright::review {

/// Judgements as JSON without row numbers: {judgement_id, review, item, rater, slot, position, state, replaces?, answers,
/// option_order, content_hash, questionnaire{id, version}, guideline_version, shown_at, submitted_at, seconds_active}.
class JudgementJson
{
public:
    explicit JudgementJson(Connection &connection) : m_connection(connection) {}
    Result<nlohmann::json> of(const Judgement &judgement);

private:
    Result<QString> text(QHash<qint64, QString> &known, const QString &sql, qint64 id);
    Connection &m_connection;
    QHash<qint64, QString> m_raters, m_reviews, m_items, m_questionnaires, m_guidelines;
};

} // namespace evalwright::review
