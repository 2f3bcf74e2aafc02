// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/connection.h"

#include <QHash>
#include <QList>

namespace evalwright {

/// What `fields` knows of an item that asks after a biography (docs/families.md); what it lacks is empty.
struct BiographyFields
{
    QString biography, bareQuestion, side, swapSide;
    static BiographyFields of(const Candidate &item);
};

/// The controls of a data set (methods-mwe section 10): its questions under a condition that should not matter, or
/// should. They are made from what the items hold whenever they are wanted, so they never go out of step with them.
///
/// "no-biography": the question alone. "swapped-biography": the item's question with a biography of another side in
/// place of its own: of the side that `fields.swap_side` names, else of the other one where there are exactly two. The
/// i-th biography of a side is swapped with the i-th of the other, round and round when there are fewer; biographies
/// are in the order in which they first come among the items.
class ControlSet
{
public:
    /// Reads the biographies of the kept items of a data set. Memory grows with the different biographies.
    static Result<ControlSet> of(Connection &connection, DatasetId dataset);

    /// Every control there is.
    static QStringList allNames();
    /// Those that the items have, in the order above; empty for families without controls.
    QStringList names() const;
    /// The control of an item: its question replaced, everything else as in the item. Nothing where it has none.
    std::optional<Candidate> control(const Candidate &item, const QString &name) const;
    /// Different questions of a control over all items: without a biography there are few.
    qint64 questions(const QString &name) const { return m_questions.value(name); }

private:
    QString swapSide(const BiographyFields &parts) const;

    QHash<QString, QStringList> m_biographies; ///< By side.
    QHash<QString, qsizetype> m_place;         ///< Of a biography, after its side and a line feed.
    QHash<QString, qint64> m_questions;
};

} // namespace evalwright
