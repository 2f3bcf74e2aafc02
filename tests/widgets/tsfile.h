// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QList>
#include <QRegularExpression>
#include <QString>
#include <QStringList>
#include <QXmlStreamReader>

namespace evalwright::test {

/// A message of a translation file.
struct TsMessage
{
    QString context, source, type; ///< Type: empty, unfinished, vanished or obsolete.
    bool isPlural = false;
    QStringList texts; ///< One, or the plural forms.

    QString key() const { return context + u'\n' + source; }
};

/// In the order of the file; empty when it cannot be read.
inline QList<TsMessage> readTs(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<TsMessage> messages;
    QXmlStreamReader xml(&file);
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const QStringView name = xml.name();
        if (name == QLatin1StringView("name")) {
            context = xml.readElementText();
        } else if (name == QLatin1StringView("message")) {
            TsMessage message;
            message.context = context;
            message.isPlural = xml.attributes().value(QLatin1StringView("numerus")) == QLatin1StringView("yes");
            messages << message;
        } else if (name == QLatin1StringView("source")) {
            messages.last().source = xml.readElementText();
        } else if (name == QLatin1StringView("translation")) {
            messages.last().type = xml.attributes().value(QLatin1StringView("type")).toString();
            if (!messages.last().isPlural)
                messages.last().texts << xml.readElementText();
        } else if (name == QLatin1StringView("numerusform")) {
            messages.last().texts << xml.readElementText();
        }
    }
    return xml.hasError() ? QList<TsMessage>() : messages;
}

/// %1 to %99, %n, %Ln, and &, sorted.
inline QStringList placeholdersOf(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("%L?(?:[1-9][0-9]?|n)|&"));
    QStringList found;
    for (auto it = pattern.globalMatch(text); it.hasNext();)
        found << it.next().captured();
    found.sort();
    return found;
}

} // namespace evalwright::test
