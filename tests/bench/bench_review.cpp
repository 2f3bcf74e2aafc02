// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../widgets/reviewsample.h"
#include "benchitems.h"
#include "widgets/review/reviewpage.h"
#include "widgets/theme/theme.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

/// How long a rater waits: from the key of the last answer to the next item painted, the judgement on disk between them.
/// Usage: bench_review [ITEMS [FILE]]. Without arguments one list of 600 items, all of them rated. With a number a
/// project of so many items and 60 judgements each in a review of 60 items, in one that stops when it is precise enough,
/// and in one of all items, alone and beside the page that shows its agreement. FILE is made if it is not there, and is
/// kept. Prints one JSON line per review.
using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

void until(const std::function<bool()> &condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

double milliseconds(const QElapsedTimer &timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// Rates the first `count` places of a list by keys. `line` is what is known of the review so far.
void rate(const std::shared_ptr<Project> &project, ReviewId review, int count, json line)
{
    QElapsedTimer timer;
    timer.start();
    const auto sitting = must(review::openSitting(project, review, u"K7"_s));
    line["open_sitting_ms"] = milliseconds(timer);
    ReviewWindow window(sitting);
    window.show();
    until([&] { return window.isActiveWindow() && window.startPage()->raterCode() == u"K7"_s; });
    timer.start();
    window.startPage()->begin();
    const Hands hands(window);
    until([&] { return hands.position() == 0; });
    window.repaint();
    line["first_item_ms"] = milliseconds(timer);
    std::vector<double> waits;
    for (int i = 0; i + 1 < count; ++i) {
        hands.press(Qt::Key_Y);
        hands.press(Qt::Key_4);
        window.repaint();
        timer.start();
        hands.press(Qt::Key_N);
        until([&] { return hands.position() == i + 1; });
        window.repaint();
        waits.push_back(milliseconds(timer));
    }
    line["slowest_after"] = std::ranges::max_element(waits) - waits.begin() + 1; // Judgements.
    std::ranges::sort(waits);
    line["judged"] = count;
    line["next_item_ms_median"] = waits[waits.size() / 2];
    line["next_item_ms_p95"] = waits[waits.size() * 95 / 100];
    line["next_item_ms_max"] = waits.back();
    std::puts(line.dump().c_str());
    std::fflush(stdout);
}

/// Makes the review, with what that took.
std::pair<ReviewId, json> made(const std::shared_ptr<Project> &project, const char *name, review::ReviewPlan plan)
{
    QElapsedTimer timer;
    timer.start();
    plan.gold = 0;
    const auto found = must(project->writeNow([&](Connection &c) -> Result<review::MadeReview> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"items"_s));
        review::NewReview wanted;
        wanted.dataset = dataset.id;
        wanted.plan = plan;
        EVALWRIGHT_ASSIGN(wanted.questionnaire, review::preset(u"persona"_s));
        wanted.guideline = u"Say which answer shows the behaviour."_s;
        return review::makeReview(c, wanted);
    }));
    return {found.review.id, json{{"review", name}, {"items", found.items}, {"make_ms", milliseconds(timer)}}};
}

void manyItems(int items, const QString &file)
{
    std::shared_ptr<Project> project;
    if (QFileInfo::exists(file)) {
        project = must(Project::open(file, Project::Access::ReadWrite));
    } else {
        project = must(Project::create(file, u"bench"_s));
        addBenchItems(*project, items);
        must(project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET label_confidence = 0.5 + 0.5 * ordinal / (SELECT count(*) FROM candidate)"_s));
            return {};
        }));
    }
    review::ReviewPlan plan;
    plan.items = 60;
    auto [few, fewLine] = made(project, "60 of them", plan);
    rate(project, few, 60, fewLine);
    plan.stopWidth = 0.001; // Looked at after each answer, and never reached.
    auto [stops, stopsLine] = made(project, "60 of them, looking whether to stop", plan);
    rate(project, stops, 60, stopsLine);
    plan.stopWidth.reset();
    plan.sampling = review::Sampling::All;
    auto [all, allLine] = made(project, "all", plan);
    rate(project, all, 60, allLine);
    // As in the program: the page of the data set stays open, and reads the agreement again after each answer.
    auto [shown, shownLine] = made(project, "all, beside their agreement", plan);
    const DatasetId dataset =
        must(project->readNow([](Connection &c) { return datasetByName(c, u"items"_s); })).id;
    ReviewPage page(project, dataset);
    page.show();
    rate(project, shown, 60, shownLine);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QTemporaryDir folder;
    useSettingsIn(folder.path(), u"bench"_s);
    Theme theme;
    theme.apply(application, Theme::Mode::Light);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() > 1) {
        manyItems(arguments.at(1).toInt(), arguments.value(2, folder.filePath(u"p.evalwright"_s)));
        return 0;
    }
    constexpr int items = 600;
    Observed store;
    store.plain(u"views"_s, items);
    const ReviewId review = makeReviewOf(*store.project, u"views"_s, must(review::preset(u"persona"_s)));
    rate(store.project, review, items, json{{"items", items}});
    return 0;
}
