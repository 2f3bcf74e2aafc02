// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <nlohmann/json.hpp>
#include <optional>

namespace evalwright {

/// A text with its translations. In JSON a text alone, or an object by language ("en", "de", "zh_CN"), "en" among them.
struct LocalText
{
    QString text;                   ///< English, as published or as the researcher wrote it.
    QMap<QString, QString> in;      ///< By language, without "en".
    /// In that language or its base ("de" for "de_AT"), else in English.
    QString forLanguage(const QString &language) const;
    bool operator==(const LocalText &) const = default;
};

/// What a rater gives as an answer.
enum class QuestionKind {
    Options,     ///< One of the item's own options: a text, the option's key.
    Choice,      ///< One of `choices`: a text, the choice's key.
    MultiChoice, ///< Any of `choices`: a list of keys in the order of the choices.
    Scale,       ///< A whole number from `low` to `high`.
    Text,        ///< Free text.
    Flag,        ///< true, or false.
};
QString questionKindName(QuestionKind kind); ///< options | choice | multi-choice | scale | text | flag

struct ReviewChoice
{
    QString key;
    LocalText text;
    bool operator==(const ReviewChoice &) const = default;
};

struct ReviewQuestion
{
    QString id;
    QuestionKind kind = QuestionKind::Options;
    LocalText text;
    QList<ReviewChoice> choices;    ///< Of Choice and MultiChoice, 2 to 20.
    int low = 1, high = 5;          ///< Of Scale, up to 9 steps.
    LocalText lowText, highText;    ///< What the ends of a scale mean; may be empty.
    bool required = true;           ///< Of a question that is shown. Flags are never required: off is an answer.
    QString shownIf;                ///< Only after this earlier question got one of `shownValues`; empty: always.
    QStringList shownValues;        ///< Keys, numbers, "true" or "false".
    bool operator==(const ReviewQuestion &) const = default;
};

/// What raters are asked about every item. Data: researchers edit it, and judgements keep the version they were given
/// under.
struct Questionnaire
{
    QString name;                ///< a-z, 0-9, -
    QString title;
    QList<ReviewQuestion> questions;

    /// The question about the label: the first one of kind Options, else the first required Choice; null without one.
    const ReviewQuestion *labelQuestion() const;
    const ReviewQuestion *find(const QString &id) const;
    QStringList languages() const; ///< That some of its texts are in, sorted, without "en".
    bool operator==(const Questionnaire &) const = default;

    nlohmann::json toJson() const;
    /// InvalidInput names the place, such as questions[2].choices. Unknown members are refused, so that no typing mistake
    /// passes.
    static Result<Questionnaire> fromJson(const nlohmann::json &document);
    static Result<Questionnaire> fromText(const QByteArray &utf8);
};

/// What the question can be answered with, as values of `shownValues`; empty: anything.
QStringList possibleAnswers(const ReviewQuestion &question);

/// Whether the question is put, given the answers to earlier ones by id.
bool isShown(const Questionnaire &questionnaire, const ReviewQuestion &question, const nlohmann::json &answers);

/// The answers as they are stored: those of questions that are not shown are left out. InvalidInput for a question that
/// there is not, an answer of another kind or outside of what was on offer, a text of more than 10,000 characters, and,
/// when `complete`, for a required answer that is missing. `options`: keys of the item's own options.
Result<nlohmann::json> checkedAnswers(const Questionnaire &questionnaire, const nlohmann::json &answers,
                                      const QStringList &options, bool complete);

} // namespace evalwright
