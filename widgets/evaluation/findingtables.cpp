// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/evaluation/findingtables.h"

#include "core/statistics/formatting.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/evaluation/resultwords.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct FindingWords
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::FindingWords)
};

const QString none = u"—"_s;
constexpr qsizetype mostCharacters = 4000;

QString count(qint64 number)
{
    return QLocale().toString(number);
}

QString intervalText(double value, double low, double high)
{
    return u"%1 [%2, %3]"_s.arg(percentText(value), percentText(low), percentText(high));
}

FindingColumn number(const QString &title, const QString &explanation = {})
{
    return {title, explanation, true};
}

FindingColumn datasetColumn()
{
    return {FindingWords::tr("Data set"), {}};
}
FindingColumn modelColumn()
{
    return {FindingWords::tr("Model"), {}};
}
FindingColumn frameColumn()
{
    return {FindingWords::tr("Frame"), {}};
}
FindingColumn scoringColumn()
{
    return {FindingWords::tr("Scoring"), FindingWords::tr("How the answers were read")};
}
FindingColumn controlColumn()
{
    return {FindingWords::tr("Control"), {}};
}
FindingColumn itemsColumn()
{
    return number(FindingWords::tr("Items"), FindingWords::tr("With an answer to compare with; the numbers are of these"));
}
FindingColumn clustersColumn()
{
    return number(FindingWords::tr("Clusters"), FindingWords::tr("Groups of related items; the interval counts these"));
}
FindingColumn droppedColumn()
{
    return number(FindingWords::tr("Dropped"), FindingWords::tr("Answered items that lack an answer to compare with"));
}
FindingLine lineOf(const QString &dataset, const QString &model, const QString &frame, const QString &scoring,
                   const QStringList &controls, const QString &text)
{
    FindingLine line;
    line.dataset = dataset;
    line.model = model;
    line.frame = frame;
    line.scoring = scoring;
    line.controls = controls;
    line.text = singleLine(FindingWords::tr("%1, %2, %3, %4: %5").arg(dataset, model, frame, scoring, text), mostCharacters);
    line.cells = {singleLine(dataset), singleLine(model), singleLine(frame)};
    return line;
}

/// Where there is no number, the reason stands in the place of the first one.
QStringList withoutNumbers(const QString &reason, qsizetype numbers)
{
    return QStringList{reason} + QStringList(numbers - 1, none);
}

FindingTable shiftTable(const QList<ShiftResult> &shifts)
{
    FindingTable table;
    table.title = FindingWords::tr("Shift against a control");
    table.meaning = FindingWords::tr("“64% match” says little by itself: the same items under a control, such as without the "
                                     "biography, may match as often. The shift is the matching share less that under the "
                                     "control, on the items that were answered both ways.");
    table.missing = FindingWords::tr("For a shift, evaluate the same items with a control beside “none”, such as no-biography.");
    table.columns = {datasetColumn(), modelColumn(), frameColumn(), controlColumn(),
                     number(FindingWords::tr("Shift, 95 % interval"), FindingWords::tr("In percentage points (pp)")),
                     number(FindingWords::tr("p"), FindingWords::tr("Of no shift at all")),
                     number(FindingWords::tr("Matching"), FindingWords::tr("Of the items as they are")),
                     number(FindingWords::tr("Under control"), FindingWords::tr("The matching share of the same items")),
                     itemsColumn(), clustersColumn(), droppedColumn(), scoringColumn()};
    for (const ShiftResult &one : shifts) {
        FindingLine line = lineOf(one.dataset, one.model, one.frame, one.scoring, {u"none"_s, one.control}, one.text());
        line.cells << singleLine(one.control);
        if (one.shift) {
            line.cells << shiftText(*one.shift) << QString::fromStdString(statistics::formatPValue(one.shift->p))
                       << percentText(one.shift->withBiography) << percentText(one.shift->control) << count(one.shift->n)
                       << count(one.shift->clusters);
        } else {
            line.cells << withoutNumbers(one.reason, 6);
        }
        line.cells << count(one.dropped) << singleLine(one.scoring);
        table.lines << line;
    }
    return table;
}

FindingTable swingTable(const QList<SwingResult> &swings)
{
    FindingTable table;
    table.title = FindingWords::tr("Swing between opposite biographies");
    table.meaning = FindingWords::tr("How often the same answer is given under the biography that favours it, less how "
                                     "often under one that opposes it. The swing is the sum of both pulls away from the "
                                     "answer without any biography.");
    table.missing = FindingWords::tr("For a swing, evaluate with the controls no-biography and swapped-biography beside “none”.");
    table.columns = {datasetColumn(), modelColumn(), frameColumn(),
                     number(FindingWords::tr("Swing, 95 % interval"), FindingWords::tr("In percentage points (pp)")),
                     number(FindingWords::tr("Pull of the own"),
                            FindingWords::tr("Under the own biography, less without any; with 95 % interval")),
                     number(FindingWords::tr("Pull of the opposite"),
                            FindingWords::tr("Without any biography, less under the opposite one; with 95 % interval")),
                     itemsColumn(), clustersColumn(), droppedColumn(), scoringColumn()};
    for (const SwingResult &one : swings) {
        FindingLine line = lineOf(one.dataset, one.model, one.frame, one.scoring,
                                  {u"none"_s, u"no-biography"_s, u"swapped-biography"_s}, one.text());
        if (one.swing)
            line.cells << pullText(one.swing->swing) << pullText(one.swing->pullA) << pullText(one.swing->pullB)
                       << count(one.swing->n) << count(one.swing->clusters);
        else
            line.cells << withoutNumbers(one.reason, 5);
        line.cells << count(one.dropped) << singleLine(one.scoring);
        table.lines << line;
    }
    return table;
}

FindingTable positionTable(const QList<PositionResult> &positions)
{
    FindingTable table;
    table.title = FindingWords::tr("Position of the options");
    table.meaning = FindingWords::tr("A model that judges what the options say gives the same answer in every order, and so "
                                     "chooses each place equally often. What changes with the order is about places, not "
                                     "about the behaviour.");
    table.missing = FindingWords::tr("For position bias, evaluate lettered options in all cyclic orders.");
    std::size_t places = 0;
    for (const PositionResult &one : positions)
        places = std::max(places, one.bias ? one.bias->positions.size() : 0);
    table.columns = {datasetColumn(), modelColumn(), frameColumn(), controlColumn(),
                     number(FindingWords::tr("Answer changes"),
                            FindingWords::tr("Items whose answer is not the same in every order, with 95 % interval")),
                     number(FindingWords::tr("Expected"), FindingWords::tr("Of each place, if the place did not matter"))};
    for (std::size_t i = 0; i < places; ++i)
        table.columns << number(FindingWords::tr("Chose %1").arg(QChar(u'A' + static_cast<int>(i))),
                                FindingWords::tr("How often this place was chosen over all orders, with 95 % interval"));
    table.columns << number(FindingWords::tr("All orders"), FindingWords::tr("The matching share over all orders"))
                  << number(FindingWords::tr("Stored order"), FindingWords::tr("What one order alone would have said"))
                  << number(FindingWords::tr("Items"), FindingWords::tr("Answered in every order"))
                  << number(FindingWords::tr("Dropped"),
                            FindingWords::tr("Not answered in every order, or with labels that are no letters"))
                  << scoringColumn();
    for (const PositionResult &one : positions) {
        FindingLine line = lineOf(one.dataset, one.model, one.frame, one.scoring, {one.control}, one.text());
        line.cells << (one.control == "none"_L1 ? none : singleLine(one.control));
        if (one.bias) {
            line.cells << intervalText(one.bias->flipRate, one.bias->flipLow, one.bias->flipHigh)
                       << percentText(1.0 / static_cast<double>(one.bias->positions.size()));
            for (std::size_t i = 0; i < places; ++i)
                line.cells << (i < one.bias->positions.size() ? shareText(one.bias->positions[i]) : none);
            line.cells << percentText(one.bias->score) << percentText(one.bias->scoreFirstOrder);
        } else {
            line.cells << withoutNumbers(one.reason, static_cast<qsizetype>(places) + 4);
        }
        line.cells << count(one.items) << count(one.dropped) << singleLine(one.scoring);
        table.lines << line;
    }
    return table;
}

FindingTable pronounTable(const QList<WinogenderResult> &pronouns)
{
    FindingTable table;
    table.title = FindingWords::tr("Pronouns and occupations");
    table.meaning = FindingWords::tr("The preference for the female pronoun, from −1 (always male) to +1 (always female), "
                                     "against the share of women in each occupation. With r near 0 the occupation does not "
                                     "matter; with r near 1 the pronouns follow the statistics.");
    table.missing = FindingWords::tr("For pronouns, evaluate sentences with a blank whose occupation and share of women are known.");
    table.columns = {datasetColumn(), modelColumn(), frameColumn(),
                     number(FindingWords::tr("r, 95 % interval"), FindingWords::tr("Correlation over occupations")),
                     number(FindingWords::tr("p"), FindingWords::tr("Of no correlation at all")),
                     number(FindingWords::tr("Slope"),
                            FindingWords::tr("Change of the preference from no women to only women, with 95 % interval")),
                     number(FindingWords::tr("Preference"),
                            FindingWords::tr("For the female pronoun: mean over occupations, with 95 % interval")),
                     number(FindingWords::tr("Neutral share"),
                            FindingWords::tr("Of the neutral form, where the sentences have one, with 95 % interval")),
                     number(FindingWords::tr("Occupations")), number(FindingWords::tr("Sentences")),
                     number(FindingWords::tr("Left out"),
                            FindingWords::tr("Sentences without a probability of a pronoun, or without one share of women")),
                     scoringColumn()};
    for (const WinogenderResult &one : pronouns) {
        FindingLine line =
            lineOf(one.row.dataset, one.row.model, one.row.frame, one.row.scoring, {one.row.control}, one.text());
        if (const auto &a = one.association) {
            line.cells << coefficientText(a->r, a->rLow, a->rHigh) << QString::fromStdString(statistics::formatPValue(a->p))
                       << coefficientText(a->slope, a->slopeLow, a->slopeHigh)
                       << coefficientText(a->meanScore, one.meanLow, one.meanHigh)
                       << (a->neutralShare ? coefficientText(*a->neutralShare, one.neutralLow, one.neutralHigh) : none)
                       << count(static_cast<qint64>(a->occupations.size()));
        } else {
            line.cells << withoutNumbers(one.reason, 6);
        }
        line.cells << count(one.sentences) << count(one.leftOut()) << singleLine(one.row.scoring);
        table.lines << line;
    }
    return table;
}

} // namespace

QStringList FindingTable::titles() const
{
    QStringList titles;
    for (const FindingColumn &column : columns)
        titles << column.title;
    return titles;
}

QList<FindingTable> findingTables(const Findings &found, const QList<WinogenderResult> &pronouns)
{
    return {shiftTable(found.shifts), swingTable(found.swings), positionTable(found.positions), pronounTable(pronouns)};
}

QString tabSeparated(const QStringList &titles, const QList<QStringList> &rows)
{
    QString out;
    for (QStringList row : QList<QStringList>{titles} + rows) {
        for (QString &cell : row)
            cell.replace(u'\t', u' ').replace(u'\n', u' ').replace(u'\r', u' ');
        out += row.join(u'\t') + u'\n';
    }
    return out;
}

QList<ResultRow> cellsOf(const FindingLine &line, const QList<ResultRow> &rows)
{
    QList<ResultRow> cells;
    std::ranges::copy_if(rows, std::back_inserter(cells), [&](const ResultRow &row) {
        return row.dataset == line.dataset && row.model == line.model && row.frame == line.frame &&
               row.scoring == line.scoring && line.controls.contains(row.control);
    });
    return cells;
}

} // namespace evalwright
