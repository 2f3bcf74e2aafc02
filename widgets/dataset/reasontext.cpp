// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/reasontext.h"

#include "widgets/dataset/plaintext.h"

#include <QCoreApplication>

#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr auto context = "ReasonText";

struct Words
{
    QLatin1StringView code;
    const char *shortText;
    const char *sentence;
};

constexpr std::array words{
    Words{"http-error"_L1, QT_TRANSLATE_NOOP("ReasonText", "server error"),
          QT_TRANSLATE_NOOP("ReasonText", "The server answered with an error; there is no text to read.")},
    Words{"refused"_L1, QT_TRANSLATE_NOOP("ReasonText", "refused"),
          QT_TRANSLATE_NOOP("ReasonText", "The writing model declined to write a statement.")},
    Words{"truncated"_L1, QT_TRANSLATE_NOOP("ReasonText", "cut off"),
          QT_TRANSLATE_NOOP("ReasonText", "The reply ended at the token limit, inside the statement.")},
    Words{"empty"_L1, QT_TRANSLATE_NOOP("ReasonText", "empty reply"),
          QT_TRANSLATE_NOOP("ReasonText", "The reply held no text.")},
    Words{"exact-duplicate"_L1, QT_TRANSLATE_NOOP("ReasonText", "exact duplicate"),
          QT_TRANSLATE_NOOP("ReasonText", "An earlier candidate of this data set has the same statement.")},
    Words{"near-duplicate"_L1, QT_TRANSLATE_NOOP("ReasonText", "near duplicate"),
          QT_TRANSLATE_NOOP("ReasonText", "An earlier candidate of this data set says almost the same.")},
    Words{"meaning-duplicate"_L1, QT_TRANSLATE_NOOP("ReasonText", "same meaning"),
          QT_TRANSLATE_NOOP("ReasonText", "An earlier candidate of this data set is as near as the recipe allows, "
                                          "in the embedding that it compares by.")},
    Words{"no-embedding"_L1, QT_TRANSLATE_NOOP("ReasonText", "no embedding"),
          QT_TRANSLATE_NOOP("ReasonText",
                            "The embedding model gave no usable vector, so nobody knows what the candidate repeats.")},
    Words{"label-disagrees"_L1, QT_TRANSLATE_NOOP("ReasonText", "other label"),
          QT_TRANSLATE_NOOP("ReasonText", "The checker gives the other answer for this statement.")},
    Words{"label-uncertain"_L1, QT_TRANSLATE_NOOP("ReasonText", "label uncertain"),
          QT_TRANSLATE_NOOP("ReasonText", "The checker is not sure enough which answer matches the behaviour.")},
    Words{"irrelevant"_L1, QT_TRANSLATE_NOOP("ReasonText", "off topic"),
          QT_TRANSLATE_NOOP("ReasonText", "The checker finds that the statement does not test the behaviour.")},
    Words{"over-quota"_L1, QT_TRANSLATE_NOOP("ReasonText", "over quota"),
          QT_TRANSLATE_NOOP("ReasonText",
                            "Good enough, but others had filled the number wanted for its group.")},
    Words{"balance"_L1, QT_TRANSLATE_NOOP("ReasonText", "balance"),
          QT_TRANSLATE_NOOP("ReasonText", "Left out so that every label has the same number of items.")},
    Words{"person"_L1, QT_TRANSLATE_NOOP("ReasonText", "by a person"),
          QT_TRANSLATE_NOOP("ReasonText", "A person decided this.")},
    Words{"people-broken"_L1, QT_TRANSLATE_NOOP("ReasonText", "called broken"),
          QT_TRANSLATE_NOOP("ReasonText", "Raters called the item broken.")},
    Words{"people-label"_L1, QT_TRANSLATE_NOOP("ReasonText", "other label by people"),
          QT_TRANSLATE_NOOP("ReasonText", "By people's word another label is right.")},
    Words{"selected"_L1, QT_TRANSLATE_NOOP("ReasonText", "selected"),
          QT_TRANSLATE_NOOP("ReasonText", "Within the number that is kept of its group; where a checker ranks them, among those it is surest of.")},
    Words{"imported"_L1, QT_TRANSLATE_NOOP("ReasonText", "imported"),
          QT_TRANSLATE_NOOP("ReasonText", "Came with an imported file.")},
    Words{"import-undone"_L1, QT_TRANSLATE_NOOP("ReasonText", "import undone"),
          QT_TRANSLATE_NOOP("ReasonText", "A person undid the import that it came with.")},
};

QString tr(const char *text)
{
    return QCoreApplication::translate(context, text);
}

const Words *wordsOf(const QString &code)
{
    for (const Words &entry : words) {
        if (code == entry.code)
            return &entry;
    }
    return nullptr;
}

/// The part after "parse:", "lint:" or "person:"; hyphens of a code become blanks.
QString rest(const QString &code, bool isCode)
{
    QString text = singleLine(code.section(u':', 1), 120);
    return isCode ? text.replace(u'-', u' ') : text;
}

} // namespace

QString reasonText(const QString &code)
{
    if (const Words *entry = wordsOf(code))
        return tr(entry->shortText);
    if (code.startsWith("parse:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "not readable: %1")).arg(rest(code, true));
    if (code.startsWith("lint:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "lint: %1")).arg(rest(code, true));
    if (code.startsWith("person:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "by a person: %1")).arg(rest(code, false));
    return singleLine(code, 120);
}

QString reasonExplanation(const QString &code)
{
    if (const Words *entry = wordsOf(code))
        return tr(entry->sentence);
    if (code.startsWith("parse:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "The reply came, but no statement could be read from it (%1)."))
            .arg(rest(code, true));
    if (code.startsWith("lint:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "The lint rule “%1” blocks this text.")).arg(rest(code, true));
    if (code.startsWith("person:"_L1))
        return tr(QT_TRANSLATE_NOOP("ReasonText", "A person decided this: %1")).arg(rest(code, false));
    return singleLine(code, 120);
}

QString stateText(const Decision &decision)
{
    if (!decision.keep)
        return reasonText(decision.reason);
    const bool byPerson = decision.reason == "person"_L1 || decision.reason.startsWith("person:"_L1);
    return byPerson ? tr(QT_TRANSLATE_NOOP("ReasonText", "kept by a person"))
                    : tr(QT_TRANSLATE_NOOP("ReasonText", "kept"));
}

bool isAffirmative(const QString &label)
{
    return label.trimmed().compare("yes"_L1, Qt::CaseInsensitive) == 0;
}

} // namespace evalwright
