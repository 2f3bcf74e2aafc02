// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewwindow.h"

#include "core/onfinished.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/review/fieldmenu.h"
#include "widgets/review/practice.h"
#include "widgets/review/ratingpage.h"
#include "widgets/review/reviewflow.h"
#include "widgets/review/reviewheader.h"
#include "widgets/review/reviewsettings.h"
#include "widgets/review/reviewsheet.h"

#include <QApplication>
#include <QCloseEvent>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QWindow>

namespace evalwright {

using namespace Qt::StringLiterals;
using review::GivenJudgement;
using review::Place;

namespace {

const QString geometryKey = u"review/geometry"_s;
constexpr qint64 countedAtOnce = 500;

bool isTyping()
{
    const QWidget *focused = QApplication::focusWidget();
    const auto *line = qobject_cast<const QLineEdit *>(focused);
    const auto *field = qobject_cast<const QPlainTextEdit *>(focused);
    return (line && !line->isReadOnly()) || (field && !field->isReadOnly());
}

} // namespace

ReviewWindow::ReviewWindow(std::shared_ptr<review::Sitting> sitting, QWidget *parent)
    : ReviewWindow(std::move(sitting), Clocks(), parent)
{
}

ReviewWindow::ReviewWindow(std::shared_ptr<review::Sitting> sitting, Clocks clocks, QWidget *parent)
    : QWidget(parent, Qt::Window), m_sitting(std::move(sitting)), m_clocks(std::move(clocks))
{
    build();
    introduce();
}

ReviewWindow::ReviewWindow(Opener opener, QWidget *parent) : ReviewWindow(std::move(opener), Clocks(), parent) {}

ReviewWindow::ReviewWindow(Opener opener, Clocks clocks, QWidget *parent)
    : QWidget(parent, Qt::Window), m_opener(std::move(opener)), m_clocks(std::move(clocks))
{
    build();
}

ReviewWindow::~ReviewWindow()
{
    qApp->removeEventFilter(this);
}

void ReviewWindow::build()
{
    setAutoFillBackground(true);
    m_settings = new ReviewSettings(this);
    m_header = new ReviewHeader(*m_settings);
    m_pages = new QStackedWidget;
    m_start = new ReviewStartPage(*m_settings);
    m_rating = new RatingPage(*m_settings, *m_clocks.wall, m_clocks.steady);
    m_practicePage = new RatingPage(*m_settings, *m_clocks.wall, m_clocks.steady);
    m_sheet = new ReviewSheet(*m_settings);
    m_end = new ReviewEndPage(*m_settings);
    for (QWidget *page : QList<QWidget *>{m_start, m_rating, m_practicePage, m_sheet, m_end})
        m_pages->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(3), Theme::spacing(2), Theme::spacing(3), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(3));
    layout->addWidget(m_header);
    layout->addWidget(m_pages, 1);
    resize(1120, 820);
    if (const QByteArray kept = QSettings().value(geometryKey).toByteArray(); !kept.isEmpty())
        restoreGeometry(kept);

    connect(m_header, &ReviewHeader::guidelineWanted, this, [this] { openSheet(false); });
    connect(m_header, &ReviewHeader::keysWanted, this, [this] { openSheet(true); });
    connect(m_header, &ReviewHeader::fullScreenWanted, this, &ReviewWindow::toggleFullScreen);
    connect(m_start, &ReviewStartPage::beginWanted, this, &ReviewWindow::begin);
    connect(m_start, &ReviewStartPage::practiceWanted, this, &ReviewWindow::startPractice);
    connect(m_sheet, &ReviewSheet::closed, this, &ReviewWindow::closeSheet);
    connect(m_end, &ReviewEndPage::closeWanted, this, &QWidget::close);
    connect(m_end, &ReviewEndPage::undoWanted, this, [this] { m_flow->undo(); });
    connect(m_end, &ReviewEndPage::earlierWanted, this, [this] { m_flow->earlier(); });
    connect(m_settings, &ReviewSettings::lookChanged, this, &ReviewWindow::dress);
    connect(m_settings, &ReviewSettings::languageChanged, this, &ReviewWindow::speak);
    dress();
    speak();
    setPage(m_start);
    // Keys mean the same whatever control has the focus, and any input tells that the rater is there.
    qApp->installEventFilter(this);
}

void ReviewWindow::introduce()
{
    const review::Sitting::Info &info = m_sitting->info();
    ReviewIntro intro{info.title,    info.questionnaire, info.guideline, info.guidelineVersion,
                      u"yes-no"_s, info.language,      info.rater};
    onFinished(m_sitting->places(0, 1), this, [this, intro](const Result<QList<Place>> &first) mutable {
        if (first && !first->isEmpty())
            intro.kind = first->constFirst().item.kind;
        setIntro(intro);
        if (!first)
            showError(first.error());
    });
}

void ReviewWindow::setIntro(const ReviewIntro &intro)
{
    m_intro = intro;
    if (!intro.language.isEmpty())
        m_settings->setLanguage(intro.language, ReviewSettings::Keep::No);
    m_start->showIntro(intro);
    m_header->setLanguages(m_start->languageCodes());
    wordTitle();
}

void ReviewWindow::setLanguage(const QString &language)
{
    m_settings->setLanguage(language);
}

void ReviewWindow::speak()
{
    // Of this window alone: the rest of the program is in English.
    setLocale(m_settings->words().locale());
    setLayoutDirection(ReviewLanguage::directionOf(m_settings->words().code()));
    wordTitle();
    QEvent change(QEvent::LanguageChange);
    QCoreApplication::sendEvent(this, &change); // Every part hears of it and takes its words anew.
    if (m_practiceFlow) {
        // The items of the practice are words of the window too.
        auto practice = std::make_shared<Practice>(m_intro.kind, m_settings->words());
        practice->takeOver(*m_practice);
        practise(std::move(practice));
    }
}

void ReviewWindow::wordTitle()
{
    setWindowTitle(m_intro.title.isEmpty()
                       ? m_settings->translate("Review", "Review")
                       : m_settings->translate("Review", "Review · %1").arg(singleLine(m_intro.title, 80)));
}

void ReviewWindow::showError(const Error &error)
{
    m_start->setBusy(m_intro.questionnaire.questions.isEmpty());
    m_start->showError(error);
}

QWidget *ReviewWindow::currentPage() const
{
    return m_pages->currentWidget();
}

void ReviewWindow::setPage(QWidget *page)
{
    m_pages->setCurrentWidget(page);
    m_header->setVisible(page != m_start);
    watch();
}

void ReviewWindow::begin(const QString &rater)
{
    if (m_sitting) {
        startItems();
        return;
    }
    m_start->setBusy(true);
    onFinished(m_opener(rater), this, [this](const Result<std::shared_ptr<review::Sitting>> &sitting) {
        m_start->setBusy(false);
        if (!sitting) {
            m_start->showError(sitting.error());
            return;
        }
        m_sitting = *sitting;
        startItems();
    });
}

void ReviewWindow::startItems()
{
    if (m_flow)
        return;
    m_flow = std::make_unique<ReviewFlow>(m_sitting, *m_clocks.wall);
    m_header->setTitle(m_sitting->info().title, m_sitting->info().rater);
    m_header->setProgress(m_flow->done(), m_sitting->info().places);
    m_rating->setFlow(m_flow.get());
    connect(m_flow.get(), &ReviewFlow::shown, this, [this] {
        setPage(m_rating);
        m_rating->focusQuestion();
    });
    connect(m_flow.get(), &ReviewFlow::stored, this, [this](const GivenJudgement &judgement) {
        m_header->setProgress(m_flow->done(), m_sitting->info().places);
        if (judgement.state != withdrawnState)
            m_header->addWorked(judgement.secondsActive);
    });
    connect(m_flow.get(), &ReviewFlow::busyChanged, this, [this] { m_end->setCanUndo(m_flow->canUndo()); });
    connect(m_flow.get(), &ReviewFlow::finished, this, [this] { showEnd({}); });
    connect(m_flow.get(), &ReviewFlow::stopped, this, &ReviewWindow::showEnd);
    setPage(m_rating);
    m_flow->start();
}

void ReviewWindow::startPractice()
{
    m_start->hideNote();
    practise(std::make_shared<Practice>(m_intro.kind, m_settings->words()));
    setPage(m_practicePage);
}

void ReviewWindow::practise(std::shared_ptr<Practice> practice)
{
    m_practice = std::move(practice);
    auto flow = std::make_unique<ReviewFlow>(m_practice, *m_clocks.wall);
    flow->setWaits(true);
    m_practicePage->setFlow(flow.get());
    m_practiceFlow = std::move(flow);
    m_header->setPractice();
    m_header->setProgress(m_practiceFlow->done(), m_practice->info().places);
    connect(m_practiceFlow.get(), &ReviewFlow::stored, this, [this](const GivenJudgement &judgement) {
        m_header->setProgress(m_practiceFlow->done(), m_practice->info().places);
        if (judgement.state != withdrawnState)
            m_practicePage->showFeedback(m_practice->feedback(judgement));
    });
    connect(m_practiceFlow.get(), &ReviewFlow::finished, this, [this] { endPractice(true); });
    m_practiceFlow->start();
}

void ReviewWindow::endPractice(bool finished)
{
    m_practicePage->setFlow(nullptr);
    if (m_practiceFlow)
        m_practiceFlow.release()->deleteLater(); // It may be the one that tells.
    setPage(m_start);
    if (finished)
        m_start->showPracticed(m_practice->right(), m_practice->info().places);
    else
        m_start->hideNote();
}

void ReviewWindow::showEnd(const QString &reason)
{
    m_end->showEnd(reason);
    m_end->setCanUndo(m_flow->canUndo());
    setPage(m_end);
    countFrom(0, {});
}

void ReviewWindow::countFrom(qint64 from, const ReviewEndPage::Counts &sofar)
{
    onFinished(m_sitting->places(from, countedAtOnce), this,
               [this, from, counts = sofar](const Result<QList<Place>> &places) mutable {
                   if (!places)
                       return; // Thanks without numbers.
                   for (const Place &place : *places) {
                       if (!place.given)
                           continue;
                       ++(place.given->state == skippedState  ? counts.skipped
                          : place.given->state == brokenState ? counts.broken
                                                              : counts.submitted);
                   }
                   if (places->size() == countedAtOnce)
                       countFrom(from + countedAtOnce, counts);
                   else
                       m_end->showCounts(counts);
               });
}

void ReviewWindow::openSheet(bool keys)
{
    if (currentPage() != m_sheet)
        m_before = currentPage();
    if (keys)
        m_sheet->showKeys();
    else
        m_sheet->showGuideline(m_intro.guidelineVersion, m_intro.guideline);
    setPage(m_sheet);
}

void ReviewWindow::closeSheet()
{
    if (currentPage() != m_sheet || !m_before)
        return;
    setPage(m_before);
    if (auto *page = qobject_cast<RatingPage *>(m_before))
        page->focusQuestion();
}

void ReviewWindow::toggleFullScreen()
{
    setWindowState(windowState() ^ Qt::WindowFullScreen);
}

bool ReviewWindow::takeKey(const QKeyEvent &event)
{
    const ReviewKey key = reviewKey(event, isTyping());
    switch (key.act) {
    case ReviewAct::Held:
        return true;
    case ReviewAct::Larger:
        m_settings->setPercent(m_settings->percent() + ReviewSettings::step);
        return true;
    case ReviewAct::Smaller:
        m_settings->setPercent(m_settings->percent() - ReviewSettings::step);
        return true;
    case ReviewAct::NormalSize:
        m_settings->setPercent(ReviewSettings::smallest);
        return true;
    case ReviewAct::FullScreen:
        toggleFullScreen();
        return true;
    case ReviewAct::Help:
    case ReviewAct::Guideline:
        if (currentPage() == m_sheet)
            closeSheet();
        else
            openSheet(key.act == ReviewAct::Help);
        return true;
    default:
        return takeOnPage(key);
    }
}

bool ReviewWindow::takeOnPage(const ReviewKey &key)
{
    QWidget *page = currentPage();
    if (key.act == ReviewAct::Escape && page == m_sheet) {
        closeSheet();
        return true;
    }
    if (auto *button = qobject_cast<QPushButton *>(QApplication::focusWidget());
        button && key.act == ReviewAct::Submit) {
        button->click();
        return true;
    }
    if (auto *rating = qobject_cast<RatingPage *>(page); rating && rating->take(key))
        return true;
    if (key.act == ReviewAct::Escape) {
        if (windowState().testFlag(Qt::WindowFullScreen))
            toggleFullScreen();
        else if (page == m_practicePage)
            endPractice(false);
        return true;
    }
    if (page == m_end && m_flow) {
        if (key.act == ReviewAct::Undo)
            m_flow->undo();
        else if (key.act == ReviewAct::Earlier)
            m_flow->earlier();
    }
    if (key.act == ReviewAct::Submit && page == m_start) {
        m_start->begin();
        return true;
    }
    return false;
}

bool ReviewWindow::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::MouseMove: // A window hears of it even where its widgets do not ask.
        if (watched == window()->windowHandle())
            m_rating->time().input();
        break;
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::Wheel: {
        const auto *widget = qobject_cast<QWidget *>(watched);
        if (!widget || (widget != this && !isAncestorOf(widget)))
            break;
        m_rating->time().input();
        if (event->type() == QEvent::KeyPress)
            return takeKey(*static_cast<QKeyEvent *>(event));
        break;
    }
    case QEvent::ContextMenu: {
        auto *widget = qobject_cast<QWidget *>(watched);
        if (!widget || !isAncestorOf(widget))
            break;
        // Qt's own menus are in English, those of scroll bars among them.
        if (QMenu *menu = fieldMenu(widget, *m_settings))
            menu->popup(static_cast<QContextMenuEvent *>(event)->globalPos());
        return true;
    }
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

bool ReviewWindow::event(QEvent *event)
{
    const bool handled = QWidget::event(event);
    switch (event->type()) {
    case QEvent::Show:
        if (auto *page = qobject_cast<RatingPage *>(currentPage()))
            page->focusQuestion();
        watch();
        break;
    case QEvent::WindowActivate:
    case QEvent::WindowDeactivate:
    case QEvent::Hide:
        watch();
        break;
    default:
        break;
    }
    return handled;
}

void ReviewWindow::watch()
{
    m_rating->time().setWatched(isVisible() && isActiveWindow());
}

void ReviewWindow::dress()
{
    setStyleSheet(m_settings->styleSheet());
    setPalette(m_settings->palette());
}

void ReviewWindow::closeEvent(QCloseEvent *event)
{
    if (m_rating)
        m_rating->keepDraft();
    QSettings().setValue(geometryKey, saveGeometry());
    QWidget::closeEvent(event);
}

} // namespace evalwright
