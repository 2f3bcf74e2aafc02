// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/activity/requestwords.h"

#include "storage/repositories/requestlog.h"
#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *context = "RequestWords";

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate(context, text, nullptr, n);
}

struct Words
{
    QLatin1StringView name;
    const char *text;
};

constexpr std::array kinds{
    Words{"rate"_L1, QT_TRANSLATE_NOOP("RequestWords", "refused for speed")},
    Words{"overload"_L1, QT_TRANSLATE_NOOP("RequestWords", "server overloaded")},
    Words{"transient"_L1, QT_TRANSLATE_NOOP("RequestWords", "broken connection")},
    Words{"quota"_L1, QT_TRANSLATE_NOOP("RequestWords", "quota used up")},
    Words{"auth"_L1, QT_TRANSLATE_NOOP("RequestWords", "key refused")},
    Words{"request"_L1, QT_TRANSLATE_NOOP("RequestWords", "request refused")},
};

// What the engine writes into the log is English and part of the file format; people read it in their language.
constexpr std::array reasons{
    Words{"more at once brought more answers"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "More at once brought more answers")},
    Words{"twice as many brought no more answers"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "Twice as many brought no more answers")},
    Words{"more at once brought no more answers"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "More at once brought no more answers")},
    Words{"answers come slower and fewer"_L1, QT_TRANSLATE_NOOP("RequestWords", "Answers come slower and fewer")},
    Words{"trying more at once"_L1, QT_TRANSLATE_NOOP("RequestWords", "Trying more at once")},
    Words{"going slower does not make fewer fail"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "Going slower does not make fewer fail")},
    Words{"more than a fifth of the requests fail"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "More than a fifth of the requests fail")},
    Words{"the server says that nothing is left of its limit"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "The server says that nothing is left of its limit")},
    Words{"refusals do not depend on how fast we ask"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "Refusals do not depend on how fast we ask")},
    Words{"the server refuses: too many requests"_L1,
          QT_TRANSLATE_NOOP("RequestWords", "The server refuses: too many requests")},
    Words{"the server cannot be reached"_L1, QT_TRANSLATE_NOOP("RequestWords", "The server cannot be reached")},
};

template <size_t size>
QString lookUp(const std::array<Words, size> &words, const QString &name)
{
    const auto found = std::ranges::find_if(words, [&](const Words &entry) { return name == entry.name; });
    return found == words.end() ? singleLine(name, 200) : tr(found->text);
}

} // namespace

QString stageText(const QString &stage)
{
    if (stage.startsWith("write"_L1))
        return tr(QT_TRANSLATE_NOOP("RequestWords", "writing"));
    if (stage.startsWith("check"_L1))
        return tr(QT_TRANSLATE_NOOP("RequestWords", "checking labels"));
    if (stage.startsWith("evaluate:"_L1))
        return tr(QT_TRANSLATE_NOOP("RequestWords", "asking %1")).arg(singleLine(stage.section(u':', 1, 1), 60));
    return singleLine(stage, 60);
}

QString failureKindText(const QString &kind)
{
    return lookUp(kinds, kind);
}

QString failuresText(const QMap<QString, qint64> &byKind)
{
    QStringList parts;
    for (const Words &kind : kinds) {
        if (const qint64 count = byKind.value(kind.name); count > 0)
            parts << QLocale().toString(count) + QChar::Nbsp + tr(kind.text);
    }
    for (auto it = byKind.begin(); it != byKind.end(); ++it) {
        const bool known = std::ranges::any_of(kinds, [&](const Words &kind) { return it.key() == kind.name; });
        if (!known && it.value() > 0)
            parts << QLocale().toString(it.value()) + QChar::Nbsp + singleLine(it.key(), 60);
    }
    return parts.isEmpty() ? tr(QT_TRANSLATE_NOOP("RequestWords", "none")) : parts.join(u", "_s);
}

QString limitReasonText(const QString &why)
{
    return lookUp(reasons, why);
}

QString requestStateText(const RequestRow &row)
{
    if (row.state == "failed"_L1)
        return tr(QT_TRANSLATE_NOOP("RequestWords", "failed"));
    if (row.state != "done"_L1)
        return tr(QT_TRANSLATE_NOOP("RequestWords", "waiting"));
    if (!row.response.isValid())
        return tr(QT_TRANSLATE_NOOP("RequestWords", "removed"));
    return row.fromStore ? tr(QT_TRANSLATE_NOOP("RequestWords", "from the store"))
                         : tr(QT_TRANSLATE_NOOP("RequestWords", "answered"));
}

QString limitText(int inFlight, std::optional<double> perSecond)
{
    const QLocale locale;
    const QString atOnce = tr(QT_TRANSLATE_NOOP("RequestWords", "%1 at once")).arg(locale.toString(inFlight));
    return perSecond
               ? tr(QT_TRANSLATE_NOOP("RequestWords", "%1, %2/s")).arg(atOnce, locale.toString(*perSecond, 'g', 3))
               : atOnce;
}

QString shortTime(const QString &isoTime)
{
    const QDateTime time = QDateTime::fromString(isoTime, Qt::ISODateWithMs).toLocalTime();
    if (!time.isValid())
        return {};
    return QLocale().toString(time.date(), QLocale::ShortFormat) + u' ' + time.toString(u"HH:mm:ss"_s);
}

QString moneyText(double amount)
{
    const QLocale locale;
    if (!std::isfinite(amount) || amount == 0 || std::abs(amount) >= 0.1)
        return locale.toString(amount, 'f', 2);
    const int places = 2 + static_cast<int>(std::ceil(-std::log10(std::abs(amount))));
    return locale.toString(amount, 'f', std::min(places, 9));
}

} // namespace evalwright
