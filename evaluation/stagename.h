// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace evalwright {

/// The name of a stage of an evaluation, as the steps of its job carry it:
///
///     evaluate:<model>:<frame>[@<control>][#<order>][~<repeat>][:<part>]
///
/// A model's name may hold anything; frames, controls, orders and parts hold none of ":", "@", "#" and "~". The control
/// "none", the order "stored" and the first repeat, 0, are left out, so that stages without them keep their names.
struct StageName
{
    QString model, frame;
    QString control = QStringLiteral("none"), order = QStringLiteral("stored");
    qint64 repeat = 0;
    QString part; ///< text | render | tokens | exact | forced | drift | sampled; empty: the cell's only stage.

    QString text() const;
    /// Reads a name from its end; what is no stage of an evaluation has an empty frame.
    static StageName of(const QString &text);
};

} // namespace evalwright
