// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/jsonrow.h"

#include <QHash>
#include <QList>

namespace evalwright {

/// JSON Lines in which every column has one type, so that readers of tables take them. First all rows are shown to
/// survey(), then each is written.
class UniformRows
{
public:
    enum class Type { Text, Integer, Float, Truth, Texts };
    struct Column
    {
        QString name;
        Type type = Type::Text;
    };

    void survey(const JsonNode &object);
    /// In the order in which they came up. A list in one row is a list in all; whole numbers beside fractions are
    /// fractions; values of mixed or nested kinds are texts of JSON.
    QList<Column> columns() const;
    /// A line with its end.
    QByteArray row(const JsonNode &object) const;

private:
    struct Seen
    {
        bool text = false, integer = false, fraction = false, truth = false, texts = false, other = false;
    };
    static Type typeOf(const Seen &seen);
    QStringList m_names;
    QHash<QString, Seen> m_seen;
};

} // namespace evalwright
