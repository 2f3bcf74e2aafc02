// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchproject.h"
#include "storage/items/searchindex.h"
#include "storage/repositories/datasets.h"
#include "widgets/dataset/facetbar.h"
#include "widgets/dataset/filterfield.h"
#include "widgets/dataset/itemspage.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QFileInfo>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QRandomGenerator>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <QUndoStack>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

/// A data set with texts of some variety, made by SQLite itself: a million in a few seconds.
void addManyItems(Project &project, int count)
{
    must(project.writeNow([count](Connection &c) -> Result<int> {
        Dataset dataset;
        dataset.name = u"items"_s;
        dataset.family = u"persona"_s;
        EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
        EVALWRIGHT_TRY(c.execute(u"CREATE TEMP TABLE word (id INTEGER PRIMARY KEY, text TEXT)"_s));
        const QStringList words{u"honest"_s, u"power"_s, u"helpful"_s, u"friend"_s, u"quiet"_s, u"market"_s, u"garden"_s, u"danger"_s,
                                u"letter"_s, u"winter"_s, u"freedom"_s, u"silence"_s, u"reason"_s, u"promise"_s, u"journey"_s, u"memory"_s};
        for (int i = 0; i < words.size(); ++i)
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO word VALUES (?, ?)"_s, {i, words[i]}));
        EVALWRIGHT_TRY(c.execute(
            u"WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?), "
            u"t AS (SELECT i, 'I would say that ' || (SELECT text FROM word WHERE id = (i * 7919) % 16) || ' and ' || "
            u"(SELECT text FROM word WHERE id = (i / 16 * 31) % 16) || ' matter more than ' || (SELECT text FROM word WHERE id = (i / 256) % 16) "
            u"|| ' to me, number ' || i AS s FROM n) "
            u"INSERT INTO candidate (uuid, dataset_id, ordinal, wanted_label, parse_status, statement, question, matching_label, other_labels, "
            u"label_confidence, created_at) SELECT lower(hex(randomblob(16))), ?, i, CASE WHEN i % 2 THEN ' Yes' ELSE ' No' END, 'imported', s, "
            u"'Is the following statement something you would say?' || char(10) || '\"' || s || '\"', "
            u"CASE WHEN i % 2 THEN ' Yes' ELSE ' No' END, CASE WHEN i % 2 THEN '[\" No\"]' ELSE '[\" Yes\"]' END, "
            u"CASE WHEN i % 17 THEN ((i * 7907) % 1000) / 1000.0 END, '2026-01-01T00:00:00.000Z' FROM t"_s,
            {count, dataset.id.value}));
        EVALWRIGHT_TRY(c.execute(
            u"INSERT INTO decision (candidate_id, stage, verdict, reason, actor, created_at) SELECT id, 'selected', CASE WHEN id % 4 THEN 'keep' "
            u"ELSE 'reject' END, CASE WHEN id % 4 THEN 'selected' WHEN id % 8 THEN 'over-quota' ELSE 'lint:too-long' END, 'rule', "
            u"'2026-01-01T00:00:00.000Z' FROM candidate WHERE id % 10"_s));
        return 0;
    }));
}

double cpuMilliseconds(clockid_t clock)
{
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// The longest time that the GUI thread was away from its event loop, and the longest that it was busy meanwhile: what other
/// programs do on the machine is in the one and not in the other.
class Watchdog : public QObject
{
public:
    Watchdog()
    {
        m_beat.setTimerType(Qt::PreciseTimer);
        connect(&m_beat, &QTimer::timeout, this, &Watchdog::note);
        m_since.start();
        m_beat.start(5);
    }
    void note()
    {
        const double gap = static_cast<double>(m_since.nsecsElapsed()) / 1e6;
        m_longest = std::max(m_longest, gap);
        const double cpu = cpuMilliseconds(CLOCK_THREAD_CPUTIME_ID), busy = cpu - std::exchange(m_cpu, cpu);
        m_busiest = std::max(m_busiest, busy);
        m_over += busy > 50 ? 1 : 0;
        m_since.restart();
    }
    /// Since it was asked last.
    double takeLongest() { return std::exchange(m_longest, 0); }
    double takeBusiest() { return std::exchange(m_busiest, 0); }
    int over() const { return m_over; } ///< How often busy for more than 50 ms.

private:
    QTimer m_beat;
    QElapsedTimer m_since;
    double m_longest = 0, m_busiest = 0, m_cpu = cpuMilliseconds(CLOCK_THREAD_CPUTIME_ID);
    int m_over = 0;
};

Watchdog *watchdog = nullptr;

/// Milliseconds until it holds, as the event loop sees it.
double until(const std::function<bool()> &holds, int patience = 120'000)
{
    QElapsedTimer timer;
    timer.start();
    while (!holds() && timer.elapsed() < patience)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents); // The watchdog wakes it.
    if (!holds())
        qFatal("It did not come.");
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

void print(const char *what, double ms, const QString &more = {})
{
    static double before = 0;
    const double cpu = cpuMilliseconds(CLOCK_PROCESS_CPUTIME_ID), used = cpu - std::exchange(before, cpu);
    std::printf("{\"what\": \"%s\", \"ms\": %.1f, \"cpu_ms\": %.1f, \"longest_block_ms\": %.1f, \"longest_busy_ms\": %.1f, \"rss_mb\": %.0f%s}\n", what,
                ms, used, watchdog ? watchdog->takeLongest() : 0, watchdog ? watchdog->takeBusiest() : 0, statusMegabytes("VmRSS"), qPrintable(more));
    std::fflush(stdout);
}

bool areVisibleRowsHere(const ItemsPage &page)
{
    const int first = page.table()->rowAt(0), last = page.table()->rowAt(page.table()->viewport()->height() - 1);
    if (first < 0)
        return false;
    for (int row = first; row <= (last < 0 ? page.model()->rowCount() - 1 : last); ++row) {
        if (!page.model()->itemAt(row))
            return false;
    }
    return true;
}

} // namespace

/// What the items page costs with many items: bench_itemspage FILE [COUNT]. Makes the project with COUNT items (a million)
/// when there is no file. Decides about half of them and undoes it, so FILE changes. One JSON line for each figure.
int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    if (argc < 2) {
        std::fprintf(stderr, "bench_itemspage FILE [COUNT]\n");
        return 2;
    }
    const QString path = QString::fromLocal8Bit(argv[1]);
    const bool fresh = !QFileInfo::exists(path);
    auto project = must(fresh ? Project::create(path, u"bench"_s) : Project::open(path, Project::Access::ReadWrite));
    if (fresh) {
        QElapsedTimer timer;
        timer.start();
        addManyItems(*project, argc > 2 ? QByteArray(argv[2]).toInt() : 1'000'000);
        while (!must(project->writeNow([](Connection &c) { return extendSearchIndex(c); })).isComplete())
            continue;
        print("made", static_cast<double>(timer.elapsed()));
    }
    const DatasetId dataset = must(project->readNow([](Connection &c) { return listDatasets(c); })).first().dataset.id;
    Theme theme;
    theme.apply(application, Theme::Mode::Light);
    QWidget window;
    window.resize(1400, 900);
    window.show();
    Watchdog dog;
    watchdog = &dog;
    until([&, timer = QElapsedTimer()]() mutable {
        if (!timer.isValid())
            timer.start();
        return timer.elapsed() > 300;
    });
    print("before", 0);

    QElapsedTimer opening;
    opening.start();
    QUndoStack undo;
    ItemsPage page(project, dataset, &undo, &window);
    page.setGeometry(window.rect());
    page.show();
    until([&] { return page.model()->rowCount() > 0 && areVisibleRowsHere(page); });
    window.repaint();
    print("open to first rows painted", static_cast<double>(opening.nsecsElapsed()) / 1e6);
    until([&] { return page.model()->countState() == ItemModel::CountState::Exact && !page.model()->isLoading(); });
    print("open to exact count and facets", static_cast<double>(opening.nsecsElapsed()) / 1e6, u", \"rows\": %1"_s.arg(page.model()->rowCount()));

    QRandomGenerator random(1);
    std::vector<double> jumps;
    for (int i = 0; i < 60; ++i) {
        const int row = random.bounded(page.model()->rowCount());
        QElapsedTimer timer;
        timer.start();
        page.table()->scrollTo(page.model()->index(row, 0), QAbstractItemView::PositionAtTop);
        page.table()->viewport()->repaint();
        until([&] { return areVisibleRowsHere(page); });
        page.table()->viewport()->repaint();
        jumps.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(jumps);
    print("jump to a random row, median", jumps[jumps.size() / 2], u", \"p95\": %1, \"max\": %2"_s.arg(jumps[jumps.size() * 95 / 100]).arg(jumps.back()));
    page.table()->scrollToTop();

    const auto filter = [&](const char *what, const QString &text) {
        QElapsedTimer timer;
        timer.start();
        page.setFilter(must(parseItemFilter(text)));
        until([&] { return !page.model()->isLoading(); });
        const double answered = static_cast<double>(timer.nsecsElapsed()) / 1e6;
        until([&] { return page.model()->rowCount() == 0 || areVisibleRowsHere(page); });
        print(what, answered, u", \"painted\": %1, \"rows\": %2"_s.arg(static_cast<double>(timer.nsecsElapsed()) / 1e6).arg(page.model()->rowCount()));
    };
    filter("words", u"honest friend"_s);
    filter("a frequent word", u"power"_s);
    filter("facets and rows of a state", u"state:kept"_s);
    filter("state, label and confidence", u"state:kept label:Yes confidence:>0.9"_s);
    filter("part of the text", u"text:\"onest and po\""_s);
    filter("none", {});
    {
        // Typing on: the search for a part of the text is given up for the next one.
        page.setFilter(must(parseItemFilter(u"text:\"zz\""_s)));
        QElapsedTimer timer;
        timer.start();
        until([&] { return timer.elapsed() > 100; });
        timer.restart();
        page.setFilter(must(parseItemFilter(u"state:rejected"_s)));
        until([&] { return !page.model()->isLoading(); });
        print("another filter while a part of the text is searched", static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    filter("none", {});
    const auto sort = [&](const char *what, ItemModel::Column column, Qt::SortOrder direction) {
        QElapsedTimer timer;
        timer.start();
        page.table()->horizontalHeader()->setSortIndicator(column, direction);
        until([&] { return !page.model()->isLoading() && areVisibleRowsHere(page); });
        print(what, static_cast<double>(timer.nsecsElapsed()) / 1e6);
    };
    sort("sort by confidence", ItemModel::Confidence, Qt::DescendingOrder);
    sort("sort by text", ItemModel::Statement, Qt::AscendingOrder);
    sort("sort by number", ItemModel::Number, Qt::AscendingOrder);

    const auto bulk = [&](const char *what, const std::function<void()> &run, const QString &begin) {
        QElapsedTimer timer;
        timer.start();
        page.banner()->hide();
        run();
        until([&] { return page.banner()->isVisible() && page.banner()->text().startsWith(begin); });
        print(what, static_cast<double>(timer.nsecsElapsed()) / 1e6, u", \"says\": \"%1\""_s.arg(page.banner()->text()));
        until([&] { return !page.model()->isLoading(); });
    };
    filter("half of them", u"label:Yes"_s);
    page.selectAllMatching();
    print("select all matching", 0, u", \"selected\": %1"_s.arg(page.selectedCount()));
    bulk("decide", [&] { page.decideSelection(false, u"bench"_s); }, u"Rejected"_s);
    {
        QElapsedTimer timer;
        timer.start();
        until([&] { return page.model()->shown()->facets.reasons.value(u"person:bench"_s) == page.selectedCount(); });
        print("until the page shows it", static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    bulk("undo", [&] { undo.undo(); }, u"Undone"_s);
    {
        QElapsedTimer timer;
        timer.start();
        // Those that had no decision before keep this one.
        until([&, rejected = page.selectedCount()] { return page.model()->shown()->facets.reasons.value(u"person:bench"_s) < rejected; });
        print("until the page shows it", static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::printf("{\"what\": \"memory\", \"VmHWM_mb\": %.0f}\n{\"what\": \"GUI thread busy for more than 50 ms\", \"count\": %d}\n", statusMegabytes("VmHWM"),
                dog.over());
    return 0;
}
