// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/stagename.h"

#include <QStringList>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString start = u"evaluate:"_s;

/// Cuts the text off at the last `mark` behind `from` and returns what stood behind it.
QString takeBehind(QString &text, QChar mark, qsizetype from)
{
    const qsizetype at = text.lastIndexOf(mark);
    if (at < from)
        return {};
    const QString behind = text.sliced(at + 1);
    text.truncate(at);
    return behind;
}

} // namespace

QString StageName::text() const
{
    QString name = start + model + u':' + frame;
    if (control != "none"_L1)
        name += u'@' + control;
    if (order != "stored"_L1)
        name += u'#' + order;
    if (repeat > 0)
        name += u'~' + QString::number(repeat);
    return part.isEmpty() ? name : name + u':' + part;
}

StageName StageName::of(const QString &text)
{
    static const QStringList parts{u"text"_s,   u"render"_s, u"tokens"_s, u"exact"_s,
                                   u"forced"_s, u"drift"_s,  u"sampled"_s};
    StageName name;
    if (!text.startsWith(start))
        return name;
    QString rest = text.sliced(start.size());
    if (const qsizetype last = rest.lastIndexOf(u':'); last >= 0 && parts.contains(rest.sliced(last + 1)))
        name.part = takeBehind(rest, u':', 0);
    const qsizetype frameAt = rest.lastIndexOf(u':') + 1;
    if (const QString repeat = takeBehind(rest, u'~', frameAt); !repeat.isEmpty())
        name.repeat = repeat.toLongLong();
    if (const QString order = takeBehind(rest, u'#', frameAt); !order.isEmpty())
        name.order = order;
    if (const QString control = takeBehind(rest, u'@', frameAt); !control.isEmpty())
        name.control = control;
    name.frame = rest.sliced(frameAt);
    name.model = frameAt > 0 ? rest.first(frameAt - 1) : QString();
    return name;
}

} // namespace evalwright
