// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/agreementtables.h"

#include "widgets/evaluation/resultwords.h"

#include <QCoreApplication>
#include <QLocale>

namespace evalwright {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

struct AgreementTables
{
    Q_DECLARE_TR_FUNCTIONS(AgreementTables)
};

QString count(qint64 number)
{
    return QLocale().toString(number);
}

QString coefficient(double value)
{
    return QLocale().toString(value, 'f', 3);
}

template <class Format>
QString withInterval(const Estimated &estimated, Format format)
{
    if (!estimated.value)
        return u"—"_s;
    return estimated.low ? AgreementTables::tr("%1  [%2, %3]").arg(format(*estimated.value), format(*estimated.low), format(*estimated.high))
                         : format(*estimated.value);
}

} // namespace

FindingTable agreementTable(const Agreement &agreement)
{
    FindingTable table;
    table.title = AgreementTables::tr("How far raters agree with each other");
    table.meaning = AgreementTables::tr("Percent counts pairs of raters that say the same. Kappa and alpha take off what chance "
                                        "alone would give: 0 is chance, 1 is full agreement.");
    table.columns = {{AgreementTables::tr("Question"), {}, false},
                     {AgreementTables::tr("Ratings"), AgreementTables::tr("Of drawn items; neither gold items nor second showings"), true},
                     {AgreementTables::tr("Percent"), AgreementTables::tr("Mean over items with two ratings or more"), true},
                     {AgreementTables::tr("Fleiss' kappa"), AgreementTables::tr("With missing ratings as Gwet (2014)"), true},
                     {AgreementTables::tr("Cohen's kappa"), AgreementTables::tr("Where two raters rated in all"), true},
                     {AgreementTables::tr("Gwet's AC1"), AgreementTables::tr("Does not fall where almost all answers are alike"), true},
                     {AgreementTables::tr("Alpha"), AgreementTables::tr("Krippendorff, nominal; interval by resampling items"), true},
                     {AgreementTables::tr("Alpha, ordinal"), AgreementTables::tr("Krippendorff, of scales: near steps count as near"), true}};
    for (const QuestionAgreement &question : agreement.questions) {
        FindingLine line;
        line.cells = {question.question,
                      count(question.ratings),
                      question.percent ? percentText(*question.percent) : u"—"_s,
                      withInterval(question.fleiss, coefficient),
                      withInterval(question.cohen, coefficient),
                      withInterval(question.ac1, coefficient),
                      withInterval(question.alpha, coefficient),
                      question.kind == "scale"_L1 ? withInterval(question.ordinal, coefficient) : u"—"_s};
        line.text = question.alpha.reason.isEmpty()
                        ? AgreementTables::tr("%1: %2 ratings of %3 items").arg(question.question, count(question.ratings), count(question.items))
                        : AgreementTables::tr("%1: %2").arg(question.question, question.alpha.reason);
        table.lines << line;
    }
    return table;
}

FindingTable raterTable(const Agreement &agreement)
{
    FindingTable table;
    table.title = AgreementTables::tr("Raters");
    table.meaning = AgreementTables::tr("With the others: how often the rater says what the majority of the others says of the "
                                        "same item. Gold items have a known answer.");
    table.columns = {{AgreementTables::tr("Rater"), {}, false},
                     {AgreementTables::tr("Rated"), {}, true},
                     {AgreementTables::tr("Skipped"), {}, true},
                     {AgreementTables::tr("Broken"), {}, true},
                     {AgreementTables::tr("Seconds"), AgreementTables::tr("Median of active time for an item"), true},
                     {AgreementTables::tr("With the others"), {}, true},
                     {AgreementTables::tr("Gold items"), {}, true},
                     {AgreementTables::tr("Same again"), AgreementTables::tr("Of items shown twice, those with the same answer"), true},
                     {AgreementTables::tr("Note"), {}, false}};
    for (const RaterQuality &rater : agreement.perRater) {
        FindingLine line;
        line.cells = {rater.code,
                      count(rater.submitted),
                      count(rater.skipped),
                      count(rater.broken),
                      rater.medianSeconds ? QLocale().toString(*rater.medianSeconds, 'f', 1) : u"—"_s,
                      withInterval(rater.accuracy, percentText),
                      withInterval(rater.gold, percentText),
                      rater.repeated > 0 ? AgreementTables::tr("%1 of %2").arg(rater.same).arg(rater.repeated) : u"—"_s,
                      rater.isFlagged ? AgreementTables::tr("below the limit on gold items") : QString()};
        line.text = AgreementTables::tr("%1: %2 judgements").arg(rater.code, count(rater.judgements));
        table.lines << line;
    }
    return table;
}

FindingTable confusionTable(const Agreement &agreement)
{
    FindingTable table;
    table.title = AgreementTables::tr("What raters say of which items");
    table.meaning = AgreementTables::tr("By what the majority of the others says of the item. Gold items and second showings are left out.");
    table.missing = AgreementTables::tr("It takes items with a majority of other raters.");
    table.columns = {{AgreementTables::tr("Rater"), {}, false}, {AgreementTables::tr("The others say"), {}, false}};
    for (const QString &category : agreement.categories)
        table.columns << FindingColumn{AgreementTables::tr("Says %1").arg(category), {}, true};
    const auto categories = static_cast<std::size_t>(agreement.categories.size());
    for (const RaterQuality &rater : agreement.perRater) {
        if (rater.compared == 0 || rater.confusion.size() != categories * categories)
            continue;
        for (std::size_t others = 0; others < categories; ++others) {
            FindingLine line;
            line.cells = {rater.code, agreement.categories.at(static_cast<qsizetype>(others))};
            for (std::size_t given = 0; given < categories; ++given)
                line.cells << count(rater.confusion[others * categories + given]);
            line.text = line.cells.join(u", "_s);
            table.lines << line;
        }
    }
    return table;
}

FindingTable reliabilityTable(const Agreement &agreement)
{
    FindingTable table;
    table.title = AgreementTables::tr("Confidence of the label against people's word");
    table.meaning = AgreementTables::tr("If a confidence can be believed, people agree as often as it says. Bins hold equal numbers "
                                        "of items.");
    table.missing = AgreementTables::tr("No curve: %1.").arg(agreement.label.reliabilityReason);
    table.columns = {{AgreementTables::tr("Confidence"), {}, false},
                     {AgreementTables::tr("Items"), {}, true},
                     {AgreementTables::tr("Mean confidence"), {}, true},
                     {AgreementTables::tr("People agree"), {}, true}};
    if (!agreement.label.reliability)
        return table;
    for (const statistics::ReliabilityBin &bin : agreement.label.reliability->bins) {
        FindingLine line;
        line.cells = {AgreementTables::tr("%1 to %2").arg(percentText(bin.low), percentText(bin.high)), count(bin.n),
                      percentText(bin.meanConfidence), percentText(bin.sharePositive)};
        line.text = line.cells.join(u", "_s);
        table.lines << line;
    }
    return table;
}

FindingTable disputedTable(const Agreement &agreement)
{
    FindingTable table;
    table.title = AgreementTables::tr("Disputed items");
    table.meaning = AgreementTables::tr("Raters disagree on the label, or call the item broken. Choose one to read it, and decide.");
    table.missing = AgreementTables::tr("No item is disputed.");
    table.columns = {{AgreementTables::tr("Item"), {}, false},
                     {AgreementTables::tr("Votes"), {}, false},
                     {AgreementTables::tr("Broken"), {}, true},
                     {AgreementTables::tr("Label"), AgreementTables::tr("The data set's own"), false},
                     {AgreementTables::tr("Dawid–Skene"), AgreementTables::tr("The most likely label, given how each rater errs"), false}};
    for (const ItemVerdict &verdict : agreement.disputed()) {
        QStringList votes;
        for (qsizetype i = 0; i < agreement.categories.size(); ++i) {
            if (const int given = verdict.votes[static_cast<size_t>(i)]; given > 0)
                votes << u"%1 × %2"_s.arg(QString::number(given), agreement.categories.at(i));
        }
        FindingLine line;
        line.cells = {verdict.uuid.left(8), votes.join(u", "_s), count(verdict.broken), verdict.label,
                      verdict.dawidSkene.isEmpty()
                          ? u"—"_s
                          : AgreementTables::tr("%1 (%2)").arg(verdict.dawidSkene, percentText(verdict.posterior.value_or(0)))};
        line.text = AgreementTables::tr("Item %1: %2").arg(verdict.uuid, votes.join(u", "_s));
        table.lines << line;
    }
    return table;
}

QString agreementWords(const Agreement &agreement)
{
    if (agreement.judgements == 0)
        return AgreementTables::tr("Nobody has rated an item yet.");
    QStringList lines;
    lines << AgreementTables::tr("%1 judgements of %2 drawn items by %3 raters.")
                 .arg(count(agreement.judgements), count(agreement.items), count(agreement.raters));
    if (agreement.label.precision.value) {
        lines << AgreementTables::tr("People agree with the label of %1 of %2 items.")
                     .arg(withInterval(agreement.label.precision, percentText), count(agreement.label.items));
        if (agreement.label.weighted.value)
            lines << AgreementTables::tr("In the whole data set, weighted by strata: %1.").arg(withInterval(agreement.label.weighted, percentText));
    } else {
        lines << AgreementTables::tr("Nothing can be said of the labels yet: %1.").arg(agreement.label.precision.reason);
    }
    if (agreement.label.withoutWord > 0)
        lines << AgreementTables::tr("%1 items have no majority and wait for a decision.").arg(count(agreement.label.withoutWord));
    if (agreement.changed > 0)
        lines << AgreementTables::tr("%1 judgements are of wordings that were edited since, and are not counted.").arg(count(agreement.changed));
    return lines.join(u'\n');
}

} // namespace evalwright
