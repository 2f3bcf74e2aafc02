// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/frames.h"
#include "evaluation/rotation.h"
#include "storage/connection.h"
#include "storage/repositories/controls.h"

#include <QHash>

#include <optional>

namespace evalwright::preparation {

/// A control, and an order of the options: what is changed about an item before it is asked.
struct Condition
{
    QString control = QStringLiteral("none");
    int rotation = 0;
    bool isPlain() const { return rotation == 0 && control == QLatin1StringView("none"); }
    bool operator==(const Condition &) const = default;
    QString order() const { return orderName(rotation); }
};

/// none, and every control that evaluate() can ask.
QStringList controlNames();
/// The control is a system text, which only chats have.
bool needsSystem(const QString &control);

/// Makes the questions of the items of some data sets under a condition. Memory grows with the different biographies
/// where the controls need them.
class QuestionMaker
{
public:
    /// `controls`: those that ask() will be asked for.
    static Result<QuestionMaker> of(Connection &connection, const QList<Dataset> &datasets,
                                    const QStringList &controls);

    /// What is asked about the item under a control; nothing where it has none.
    std::optional<ItemAsked> ask(const Candidate &item, const QString &control) const;
    /// The orders of the options of what ask() made; nothing where they cannot be told apart.
    static std::optional<OptionRotation> orders(const Candidate &item, const ItemAsked &asked);
    /// Both; nothing where the item lacks the control, or has no such rotation.
    std::optional<ItemAsked> ask(const Candidate &item, const Condition &condition) const;

private:
    QHash<DatasetId, ControlSet> m_biographies;
    QHash<DatasetId, Behaviour> m_behaviours; ///< Of data sets that name one.
};

} // namespace evalwright::preparation
