// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../widgets/reviewsample.h"
#include "widgets/theme/theme.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QtConcurrentRun>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// From the key of the last answer to the next item painted, the judgement on disk between them: 600 items of a project
/// file. Prints one JSON line.
int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QTemporaryDir folder;
    useSettingsIn(folder.path(), u"bench"_s);
    Theme theme;
    theme.apply(application, Theme::Mode::Light);
    constexpr int items = 600;
    Observed store;
    store.plain(u"views"_s, items);
    const ReviewId review = makeReviewOf(*store.project, u"views"_s, must(review::preset(u"persona"_s)));
    auto sitting = must(review::openSitting(store.project, review, u"K7"_s));
    ReviewWindow window(sitting);
    window.show();
    const auto until = [](const auto &condition) {
        while (!condition())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    };
    until([&] { return window.isActiveWindow() && window.startPage()->raterCode() == u"K7"_s; });
    window.startPage()->begin();
    const Hands hands(window);
    until([&] { return hands.position() == 0; });
    std::vector<double> waits;
    for (int i = 0; i + 1 < items; ++i) {
        hands.press(Qt::Key_Y);
        hands.press(Qt::Key_4);
        window.repaint();
        QElapsedTimer wait;
        wait.start();
        hands.press(Qt::Key_N);
        until([&] { return hands.position() == i + 1; });
        window.repaint();
        waits.push_back(static_cast<double>(wait.nsecsElapsed()) / 1e6);
    }
    std::ranges::sort(waits);
    std::printf("{\"items\": %d, \"next_item_ms_median\": %.1f, \"next_item_ms_p95\": %.1f, "
                "\"next_item_ms_max\": %.1f}\n",
                items, waits[waits.size() / 2], waits[waits.size() * 95 / 100], waits.back());
    return 0;
}
