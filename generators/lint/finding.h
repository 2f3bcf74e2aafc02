// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <optional>
#include <utility>

namespace evalwright {

/// Block: cannot be selected without a person's override. Off exists only as a person's setting.
enum class Severity { Block, Warn, Info, Off };

/// "block" | "warn" | "info" | "off"
QString severityName(Severity severity);
std::optional<Severity> severityFromName(const QString &name);

/// What a rule found on one item. `start` and `length` are UTF-16 units of `field`, -1 when it is about the whole.
struct LintFinding
{
    QString rule;
    Severity severity = Severity::Info;
    QString explanation;
    int ruleVersion = 1;
    QString field; ///< statement | question | biography | sentence | matching_label | other_labels | label_confidence
    qsizetype start = -1, length = -1;
    qint64 earlier = -1; ///< Row of the earlier item that it is about, from 0.
};

/// What a set rule measured, whether it fires or not.
struct SetFinding
{
    QString rule;
    Severity severity = Severity::Info; ///< As it counts here: negation-cue blocks from 0.95 on.
    std::optional<double> value;        ///< Unset: there was nothing to measure.
    QList<double> threshold;            ///< One limit, or the two ends of the range that is fine.
    qint64 n = 0;                       ///< Items (or clusters) that the value rests on.
    bool fires = false;
    QString detail;
    QList<std::pair<QString, double>> figures; ///< Further numbers by name, e.g. hits.
};

} // namespace evalwright
