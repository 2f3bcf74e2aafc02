// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchitems.h"
#include "benchproject.h"
#include "storage/items/bulk.h"
#include "storage/items/itemselection.h"
#include "storage/items/searchindex.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/edits.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>
#include <ctime>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

template <class Work>
auto timed(const char *what, Work work)
{
    QElapsedTimer timer;
    timer.start();
    const std::clock_t before = std::clock();
    auto result = work();
    const double processor = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    std::printf("{\"what\": \"%s\", \"seconds\": %.3f, \"cpu_seconds\": %.3f, \"rss_mb\": %.0f}\n", what,
                static_cast<double>(timer.nsecsElapsed()) / 1e9, processor, statusMegabytes("VmRSS"));
    std::fflush(stdout);
    return result;
}

} // namespace

/// Times what the items view does with the first data set of a project: bench_items FILE [--write [decide|tag|relabel]]. With --write also the
/// full-text index, and decisions, tags and labels of half of the items (or one of these), which change the file. One JSON
/// line for each.
/// bench_items FILE --make COUNT makes a project to time it with.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "bench_items FILE [--write [decide|tag|relabel] | --make COUNT]\n");
        return 2;
    }
    if (argc > 3 && qstrcmp(argv[2], "--make") == 0) {
        addBenchItems(*must(Project::create(QString::fromLocal8Bit(argv[1]), {})), QByteArray(argv[3]).toInt());
        return 0;
    }
    const bool writes = argc > 2;
    const QByteArray only = argc > 3 ? QByteArray(argv[3]) : QByteArray(); // Of what changes the file.
    const auto does = [&only](const char *what) { return only.isEmpty() || only == what; };
    auto project = must(timed("open", [&] {
        return Project::open(QString::fromLocal8Bit(argv[1]), writes ? Project::Access::ReadWrite : Project::Access::ReadOnly);
    }));
    const DatasetId dataset = must(project->readNow([](Connection &c) { return listDatasets(c); })).first().dataset.id;
    const auto read = [&](auto question) { return must(project->readNow(question)); };
    CandidateFilter first;
    first.dataset = dataset;
    timed("first page", [&] {
        return read([&](Connection &c) { return candidateRows(c, first, CandidateOrder::Ordinal, Qt::AscendingOrder, 0, 200); }).size();
    });
    const auto columns = timed("columns", [&] { return read([&](Connection &c) { return readItemColumns(c, dataset); }); });
    if (writes) {
        timed("full-text index", [&] {
            while (!must(project->writeNow([](Connection &c) { return extendSearchIndex(c); })).isComplete())
                continue;
            return 0;
        });
    }
    const auto select = [&](const char *what, const QString &filter) {
        return timed(what, [&] {
            return read([&](Connection &c) -> Result<ItemSelection> {
                EVALWRIGHT_ASSIGN(const ItemFilter parsed, parseItemFilter(filter));
                return selectItems(c, *columns, parsed);
            });
        });
    };
    const ItemSelection all = select("facets of everything", {});
    select("state, label and confidence", u"state:kept label:Yes confidence:>0.9"_s);
    std::printf("{\"what\": \"rows\", \"count\": %zu}\n", select("words", u"honest friend"_s).rows.size());
    std::printf("{\"what\": \"rows\", \"count\": %zu}\n", select("a frequent word", u"power"_s).rows.size());
    std::printf("{\"what\": \"rows\", \"count\": %zu}\n", select("part of the text", u"text:\"onest frie\""_s).rows.size());
    for (const auto &[name, sort] : {std::pair{"sort by label", ItemSort::Label}, {"sort by confidence", ItemSort::Confidence},
                                     {"sort by text", ItemSort::Text}}) {
        timed(name, [&] {
            ItemRows rows = all.rows;
            must(project->readNow([&](Connection &c) -> Result<int> {
                EVALWRIGHT_TRY(sortItems(c, *columns, rows, sort, Qt::AscendingOrder));
                return 0;
            }));
            return rows.size();
        });
    }
    timed("jump to a page at the end", [&] {
        QList<qint64> ids;
        for (std::size_t i = all.rows.size() - std::min<std::size_t>(200, all.rows.size()); i < all.rows.size(); ++i)
            ids << columns->id[all.rows[i]];
        return read([&](Connection &c) { return candidatesById(c, ids); }).size();
    });
    if (writes) {
        std::vector<qint64> half;
        for (std::size_t i = 0; i < columns->size(); i += 2)
            half.push_back(columns->id[i]);
        const auto write = [&](const char *what, auto change) { return timed(what, [&] { return must(project->writeNow(change)); }); };
        if (does("decide")) {
            const DecisionMarks marks = write("decide half", [&](Connection &c) { return decideAll(c, half, false, u"person:bench"_s); });
            const TakenBack back = write("take back", [&](Connection &c) { return takeBackDecisions(c, marks); });
            std::printf("{\"what\": \"restored\", \"count\": %lld}\n", back.restored);
        }
        if (does("tag")) {
            const auto tagged = write("tag half", [&](Connection &c) { return tagAll(c, half, u"bench"_s, true); });
            write("take the tag away", [&](Connection &c) { return tagAll(c, tagged, u"bench"_s, false); });
        }
        if (does("relabel")) {
            const Relabelled relabelled = write("relabel half", [&](Connection &c) { return relabelAll(c, half, u"Yes"_s, u"bench"_s); });
            const UndoneEdits undone = write("undo the labels", [&](Connection &c) { return undoEdits(c, relabelled.batch); });
            std::printf("{\"what\": \"relabelled and undone\", \"count\": %lld, \"undone\": %lld}\n", relabelled.changed, undone.undone);
            const UndoneEdits redone = write("redo the labels", [&](Connection &c) { return undoEdits(c, undone.batch); });
            write("undo them once more", [&](Connection &c) { return undoEdits(c, redone.batch); }); // As they were, for the next run.
        }
    }
    return 0;
}
