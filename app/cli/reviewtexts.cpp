// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reviewtexts.h"

#include "app/cli/context.h"
#include "app/cli/reports.h"
#include "core/jsonvalues.h"
#include "core/text.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using namespace review;
using nlohmann::json;

namespace {

QString number(const Estimated &estimated)
{
    if (!estimated.value)
        return u"— (%1)"_s.arg(estimated.reason);
    const QString value = QString::number(*estimated.value, 'f', 3);
    return estimated.low ? u"%1 (%2 to %3)"_s.arg(value, QString::number(*estimated.low, 'f', 3),
                                                  QString::number(*estimated.high, 'f', 3))
                         : value;
}

QString share(const Estimated &estimated)
{
    if (!estimated.value)
        return u"— (%1)"_s.arg(estimated.reason);
    return estimated.low ? u"%1 (%2 to %3)"_s.arg(percent(estimated.value), percent(estimated.low), percent(estimated.high))
                         : u"%1 (%2)"_s.arg(percent(estimated.value), estimated.reason);
}

json rowJson(const statistics::ThresholdRow &row)
{
    return {{"threshold", row.threshold}, {"kept", row.kept},
            {"labelled", row.labelled},   {"precision", jsonvalues::number(row.precision)},
            {"low", jsonvalues::number(row.low)},     {"high", jsonvalues::number(row.high)},
            {"reason", row.reason.empty() ? json(nullptr) : json(row.reason)}};
}

} // namespace

QString agreementText(const Agreement &a)
{
    QString out = u"Review “%1”: %2 of %3 by %4\n"_s.arg(a.review.name, counted(a.judgements, u"judgement"_s),
                                                     counted(a.items, u"drawn item"_s), counted(a.raters, u"rater"_s));
    if (a.changed > 0)
        out += u"%1 of wordings that were edited since; left out unless --include-changed is given\n"_s.arg(
            counted(a.changed, u"judgement"_s));
    if (a.judgements == 0)
        return out + u"Nobody has rated an item yet.\n"_s;
    for (const QuestionAgreement &question : a.questions) {
        out += u"\n%1 (%2; two or more of %3)\n"_s.arg(question.question, counted(question.ratings, u"rating"_s),
                                                      counted(question.itemsWithTwo, u"item"_s));
        out += u"  percent agreement        %1\n"_s.arg(percent(question.percent));
        out += u"  Fleiss' kappa            %1\n"_s.arg(number(question.fleiss));
        if (question.cohen.value)
            out += u"  Cohen's kappa            %1\n"_s.arg(number(question.cohen));
        out += u"  Gwet's AC1               %1\n"_s.arg(number(question.ac1));
        out += u"  Krippendorff's alpha     %1\n"_s.arg(number(question.alpha));
        if (question.kind == "scale"_L1)
            out += u"  alpha, ordinal           %1\n"_s.arg(number(question.ordinal));
    }
    out += u"\nPeople agree with the label of %1 of %2\n"_s.arg(share(a.label.precision), counted(a.label.items, u"item"_s));
    if (a.label.withoutWord > 0)
        out += u"%1 without a majority: they need a decision (review adjudicate)\n"_s.arg(counted(a.label.withoutWord, u"item"_s));
    if (a.label.weighted.value)
        out += u"In the whole data set, weighted by strata: %1\n"_s.arg(share(a.label.weighted));
    for (auto it = a.label.byLabel.cbegin(); it != a.label.byLabel.cend(); ++it)
        out += u"  label %1: %2 of %3\n"_s.arg(it.key()).arg(it->first).arg(it->second);
    if (!a.dawidSkeneReason.isEmpty())
        out += u"No labels by Dawid and Skene: %1\n"_s.arg(a.dawidSkeneReason);
    Table table{{u"rater"_s, u"rated"_s, u"skipped"_s, u"broken"_s, u"seconds"_s, u"with the others"_s, u"gold"_s, u"same again"_s, u""_s},
                {},
                {1, 2, 3, 4, 7}};
    for (const RaterQuality &rater : a.perRater) {
        table.rows << QStringList{rater.code,
                                  QString::number(rater.submitted),
                                  QString::number(rater.skipped),
                                  QString::number(rater.broken),
                                  rater.medianSeconds ? QString::number(*rater.medianSeconds, 'f', 1) : u"—"_s,
                                  rater.accuracy.value ? share(rater.accuracy) : u"—"_s,
                                  rater.goldAsked > 0 ? share(rater.gold) : u"—"_s,
                                  rater.repeated > 0 ? u"%1/%2"_s.arg(rater.same).arg(rater.repeated) : u"—"_s,
                                  rater.isFlagged ? u"below the limit on gold items"_s : QString()};
    }
    out += u'\n' + table.text();
    return out;
}

QString adviceText(const ThresholdAdvice &advice)
{
    if (!advice.advised)
        return u"\nNo threshold is advised: %1\n"_s.arg(advice.reason);
    const statistics::ThresholdRow &row = *advice.advised;
    return u"\nA threshold of %1 on the label's confidence keeps %2, right in %3 (%4 to %5)\n"_s.arg(
        QString::number(row.threshold, 'g', 4), counted(row.kept, u"item"_s), percent(row.precision), percent(row.low),
        percent(row.high));
}

json adviceJson(const ThresholdAdvice &advice)
{
    json curve = json::array();
    for (const statistics::ThresholdRow &row : advice.curve)
        curve.push_back(rowJson(row));
    return {{"advised", advice.advised ? rowJson(*advice.advised) : json(nullptr)},
            {"reason", jsonvalues::text(advice.reason)},
            {"curve", curve}};
}

} // namespace evalwright::cli
