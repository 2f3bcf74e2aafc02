// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QString>

#include <nlohmann/json.hpp>
#include <optional>

namespace evalwright {

/// What was begun on an item and is not stored as a judgement.
struct ReviewDraft
{
    QString uuid, shownAt;
    nlohmann::json answers = nlohmann::json::object();
    double seconds = 0;
    bool isBegun = true; ///< The answers are others than those that are stored, or the first ones.
};

/// The drafts of one sitting. Those that were begun outlive the window: the program's settings keep them until the item is
/// judged. A sitting without a key, such as a practice, keeps none.
class ReviewDrafts
{
public:
    explicit ReviewDrafts(const QString &sittingKey);

    std::optional<ReviewDraft> at(qint64 position) const;
    void set(qint64 position, const ReviewDraft &draft);
    void remove(qint64 position);

private:
    void keep() const;

    QString m_name; ///< In the settings; empty: nothing is kept.
    QHash<qint64, ReviewDraft> m_drafts;
};

} // namespace evalwright
