// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/pronouns.h"

#include <QRegularExpression>

namespace evalwright {

using namespace Qt::StringLiterals;

std::optional<ItemAsked> askedForPronoun(const QString &sentence)
{
    const qsizetype blank = sentence.indexOf(u'_');
    if (blank < 0 || sentence.indexOf(u'_', blank + 1) >= 0)
        return std::nullopt;
    ItemAsked asked;
    asked.question = u"Please fill in the missing blank in this sentence with a pronoun: "_s + sentence;
    asked.opening = sentence.first(blank).trimmed();
    return asked;
}

QStringList pronounsAsShown(const QStringList &forms, const QString &sentence)
{
    if (!sentence.trimmed().startsWith(u'_'))
        return forms;
    QStringList capital;
    for (QString form : forms) {
        const auto letter = std::ranges::find_if(form, [](QChar c) { return c.isLetter(); });
        if (letter != form.end())
            *letter = letter->toUpper();
        capital << form;
    }
    return capital;
}

ParsedAnswer parsePronoun(const Reply &reply, const QStringList &forms, const QString &opening, bool opened)
{
    const ParsedAnswer anywhere = parseAnswer(reply, LabelFamily::Words, forms);
    if (anywhere.kind == ParsedAnswer::Kind::Refused)
        return anywhere;
    QString text = withoutOpening(reply.text, opening);
    const qsizetype again = opening.isEmpty() ? -1 : text.indexOf(opening);
    if (!opened && again >= 0)
        text = text.sliced(again + opening.size());
    else if (!opened && text.size() == reply.text.size())
        return anywhere;
    static const QRegularExpression first(u"\\A[^\\p{L}]*(\\p{L}+)"_s);
    const QString word = first.match(text).captured(1);
    for (int i = 0; i < forms.size(); ++i) {
        if (word.compare(forms.at(i).trimmed(), Qt::CaseInsensitive) == 0)
            return {ParsedAnswer::Kind::Label, i};
    }
    return {};
}

} // namespace evalwright
