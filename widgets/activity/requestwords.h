// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

#include <optional>

namespace evalwright {

struct RequestRow;

/// The request engine's names in words for people. A name that is not known comes back as it is, on one line.
QString stageText(const QString &stage);
/// A kind of failure as the engine counts it: rate, overload, transient, quota, auth, request.
QString failureKindText(const QString &kind);
/// "12 refused for speed, 3 overloaded"; "none" for none.
QString failuresText(const QMap<QString, qint64> &byKind);
/// Why a limit changed, as the engine logs it.
QString limitReasonText(const QString &why);
/// "answered", "waiting", "failed", "from the store".
QString requestStateText(const RequestRow &row);
/// "8 at once", "8 at once, 2.5/s".
QString limitText(int inFlight, std::optional<double> perSecond);
/// A stored time in the reader's time zone, short enough for a table and exact to the second.
QString shortTime(const QString &isoTime);
/// An amount of money with as many places as tell something: "0.42", "0.000137".
QString moneyText(double amount);

} // namespace evalwright
