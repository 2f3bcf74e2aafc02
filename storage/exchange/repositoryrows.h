// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/exchange/jsonrow.h"

#include <QHash>
#include <QList>

namespace evalwright {

/// The rows of one data file of a published repository: JSON Lines in which every column has one type, so that every reader
/// of tables takes them. First all items are shown to survey(), then each is written.
class RepositoryRows
{
public:
    enum class Type { Text, Integer, Float, Truth, Texts };
    struct Column
    {
        QString name;
        Type type = Type::Text;
    };

    void survey(const Candidate &item);
    /// What the items had, then `item_id` and `content_hash` unless a row has a member of that name. A list in one row is a
    /// list in all; whole numbers beside fractions are fractions; values of mixed or nested kinds are texts of JSON.
    QList<Column> columns() const;
    /// A line with its end. `contentHash` may be empty.
    QByteArray row(const Candidate &item, const QString &contentHash) const;

private:
    struct Seen
    {
        bool text = false, integer = false, fraction = false, truth = false, texts = false, other = false;
    };
    static Type typeOf(const Seen &seen);
    JsonNode asType(const JsonNode &value, Type type) const;
    QStringList m_names;
    QHash<QString, Seen> m_seen;
};

} // namespace evalwright
