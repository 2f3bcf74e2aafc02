// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "review/sitting.h"
#include "widgets/review/activetime.h"
#include "widgets/review/reviewendpage.h"
#include "widgets/review/reviewkeys.h"
#include "widgets/review/reviewstartpage.h"

#include <QFuture>
#include <QWidget>

#include <functional>
#include <memory>

class QKeyEvent;
class QStackedWidget;

namespace evalwright {

class Practice;
class RatingPage;
class ReviewFlow;
class ReviewHeader;
class ReviewSettings;
class ReviewSheet;

/// The window raters work in: start page, items, guideline and keys, thanks. See docs/review-window.md.
class ReviewWindow : public QWidget
{
    Q_OBJECT

public:
    /// Opens the sitting of a rater; ready on another thread.
    using Opener = std::function<QFuture<Result<std::shared_ptr<review::Sitting>>>(const QString &rater)>;
    struct Clocks
    {
        std::shared_ptr<const Clock> wall = std::make_shared<SystemClock>();
        SteadyClock steady = steadyClock();
    };

    /// For a rater who is known, such as that of a bundle.
    explicit ReviewWindow(std::shared_ptr<review::Sitting> sitting, QWidget *parent = nullptr);
    ReviewWindow(std::shared_ptr<review::Sitting> sitting, Clocks clocks, QWidget *parent = nullptr);
    /// For a project: the rater gives a code first. The start page waits for setIntro().
    explicit ReviewWindow(Opener opener, QWidget *parent = nullptr);
    ReviewWindow(Opener opener, Clocks clocks, QWidget *parent = nullptr);
    ~ReviewWindow() override;

    void setIntro(const ReviewIntro &intro);
    void showError(const Error &error); ///< On the start page.
    /// Window and questions go over to it at once; what is begun stays.
    void setLanguage(const QString &language);

    ReviewSettings &settings() const { return *m_settings; }
    ReviewHeader *header() const { return m_header; }
    ReviewStartPage *startPage() const { return m_start; }
    RatingPage *ratingPage() const { return m_rating; }
    RatingPage *practicePage() const { return m_practicePage; }
    ReviewSheet *sheet() const { return m_sheet; }
    ReviewEndPage *endPage() const { return m_end; }
    ReviewFlow *flow() const { return m_flow.get(); }
    QWidget *currentPage() const;

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    void build();
    void introduce();
    void speak(); ///< The language of the settings.
    void wordTitle();
    void practise(std::shared_ptr<Practice> practice);
    void begin(const QString &rater);
    void startItems();
    void startPractice();
    void endPractice(bool finished);
    void showEnd(const QString &reason);
    void countFrom(qint64 from, const ReviewEndPage::Counts &sofar);
    bool takeKey(const QKeyEvent &event);
    bool takeOnPage(const ReviewKey &key);
    void openSheet(bool keys);
    void closeSheet();
    void setPage(QWidget *page);
    void toggleFullScreen();
    void watch();
    void dress();

    std::shared_ptr<review::Sitting> m_sitting;
    Opener m_opener;
    Clocks m_clocks;
    ReviewIntro m_intro;
    ReviewSettings *m_settings = nullptr;
    ReviewHeader *m_header = nullptr;
    QStackedWidget *m_pages = nullptr;
    ReviewStartPage *m_start = nullptr;
    RatingPage *m_rating = nullptr, *m_practicePage = nullptr;
    ReviewSheet *m_sheet = nullptr;
    ReviewEndPage *m_end = nullptr;
    QWidget *m_before = nullptr; ///< The page under the sheet.
    std::shared_ptr<Practice> m_practice;
    std::unique_ptr<ReviewFlow> m_flow, m_practiceFlow;
};

} // namespace evalwright
