// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "storage/exchange/jsonrow.h"

#include <QMap>

namespace evalwright {

/// Which column (or member, or place given by a JSON pointer after RFC 6901) of a foreign row is which field of ours.
/// Targets: question, matching, not_matching (text, list, or JSON list in a cell), statement, options (list, or columns
/// option_a, option_b, … by that target), matching_index (from 0), confidence, id, cluster, category,
/// user_affiliation, split, meta.<name>. Needed are question and either matching with not_matching, or options with
/// matching_index or matching (a letter or the text of an option).
class FieldMapping
{
public:
    /// From "target=source" pairs. InvalidInput: no pair, unknown target (with the nearest), or a target twice.
    static Result<FieldMapping> parse(const QStringList &pairs);
    /// {"target": "source"} as in import_source.mapping.
    QString toText() const;

    /// Fills what is not mapped from the names of the columns.
    void guess(const QStringList &columns);
    /// InvalidInput, naming the columns there are, when a needed target has no source.
    Status check(const QStringList &columns) const;
    /// The sources that a row has nothing for.
    QStringList missingIn(const JsonNode &record) const;
    /// What to say when no row has this source.
    Error noSource(const QString &source, const QStringList &columns) const;

    /// The published fields of a row (docs of questionrow.h); what no target names is kept under its own name. Texts
    /// in a cell become numbers and lists where a target is one (`cells`). The problem has an empty message when all is
    /// well.
    struct Mapped
    {
        JsonRow row;
        QString cluster;
        QString reason, message, source; ///< Why the row cannot be used, and the column concerned.
    };
    Mapped apply(const JsonNode &record, bool cells) const;
    /// The source of a published field; empty when it has none.
    QString sourceOf(const QString &publishedField) const;
    bool isEmpty() const { return m_sources.isEmpty(); }

private:
    QMap<QString, QString> m_sources;
};

} // namespace evalwright
