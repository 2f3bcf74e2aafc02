// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/comparisoncommands.h"

#include "generators/datasetcomparison.h"

#include <CLI/CLI.hpp>

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLeavesShown = 40;

QString overlapText(const ComparedOverlap &overlap, const QString &of, const QString &in)
{
    return u"Of the %1 of %2 are in %3: %4 letter by letter, %5 nearly\n"_s.arg(
        counted(overlap.items, u"item"_s), of, in, comparedText(overlap, false), comparedText(overlap, true));
}

QString comparisonText(const DatasetComparison &c)
{
    QString out;
    if (c.making.bothHaveRecipes && !c.making.recipe.list.isEmpty()) {
        Table leaves{{u"recipe"_s, c.a, c.b}, {}, {}};
        const auto oneLine = [](const QString &text) {
            const QString line = text.simplified();
            return line.size() > 60 ? line.left(59) + u'…' : line;
        };
        for (const LeafDifference &leaf : c.making.recipe.list.mid(0, mostLeavesShown))
            leaves.rows << QStringList{leaf.path, oneLine(leaf.first), oneLine(leaf.second)};
        out += leaves.text();
        if (c.making.recipe.total > mostLeavesShown)
            out += u"… and %1 more\n"_s.arg(c.making.recipe.total - mostLeavesShown);
        out += u'\n';
    }
    Table table{{u"what"_s, c.a, u"n"_s, c.b, u"n"_s, u"difference"_s, u"p"_s, u"q"_s}, {}, {2, 4, 6, 7}};
    const auto number = [](const std::optional<double> &value) {
        return value ? QString::number(*value, 'g', 3) : u"—"_s;
    };
    QStringList notes;
    for (const ComparedRow &row : c.rows) {
        table.rows << QStringList{row.title,
                                  comparedText(row, row.a),
                                  QString::number(row.a.n),
                                  comparedText(row, row.b),
                                  QString::number(row.b.n),
                                  comparedDifference(row),
                                  number(row.p),
                                  number(row.q)};
        if (!row.note.isEmpty() && !notes.join(QString()).contains(row.note)) // Some rows share theirs.
            notes << u"%1: %2\n"_s.arg(row.title, row.note);
    }
    out += table.text() + u"Differences are %1 minus %2; brackets hold 95% intervals.\n\n"_s.arg(c.b, c.a);
    out += overlapText(c.ofA, c.a, c.b) + overlapText(c.ofB, c.b, c.a) + u'\n' + notes.join(QString());
    for (const QString &note : c.notes)
        out += u"Note: %1\n"_s.arg(note);
    return out;
}

Result<int> compare(Context &context, const QString &a, const QString &b)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    SimilarityWork work;
    work.token = context.token();
    if (const ProgressFunction progress = context.progress()) {
        work.progress = [progress](double share) {
            JobProgress shown;
            shown.done = static_cast<qint64>(100 * share);
            shown.total = 100;
            progress(shown);
        };
    }
    const auto comparison = compareDatasets(*project, a, b, work);
    context.endProgress();
    if (!comparison)
        return failure(comparison.error());
    context.print(comparison->toJson(), comparisonText(*comparison));
    return Done;
}

} // namespace

void addCompareDatasetsCommand(CLI::App &recipe, Context &context)
{
    auto a = std::make_shared<std::string>(), b = std::make_shared<std::string>();
    CLI::App *command = recipe.add_subcommand(
        "compare", "Two data sets side by side: what differs in their recipes, and in what came of them.\n"
                   "Example: evalwright-cli -p study.evalwright recipe compare first second");
    command->add_option("DATASET_A", *a, "Made by the first version")->required();
    command->add_option("DATASET_B", *b, "Made by the second")->required();
    command->callback([&context, a, b] {
        context.command = [&context, a, b] { return compare(context, text(*a), text(*b)); };
    });
}

} // namespace evalwright::cli
