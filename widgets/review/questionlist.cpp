// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/questionlist.h"

#include "widgets/review/questionpanel.h"
#include "widgets/review/reviewsettings.h"

#include <QTimer>
#include <QVBoxLayout>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

QuestionList::QuestionList(ReviewSettings &settings, QWidget *parent)
    : QScrollArea(parent), m_settings(settings), m_layout(new QVBoxLayout)
{
    auto *inside = new QWidget;
    inside->setLayout(m_layout);
    m_layout->setContentsMargins(0, 0, 0, 0);
    setWidget(inside);
    setWidgetResizable(true);
    viewport()->setAutoFillBackground(false); // The window's shows through.
    inside->setAutoFillBackground(false);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    connect(&m_settings, &ReviewSettings::lookChanged, this, &QuestionList::refreshSpacing);
    refreshSpacing();
}

void QuestionList::setFooter(QWidget *footer)
{
    m_footer = footer;
    m_layout->addWidget(footer);
}

void QuestionList::showFooter()
{
    QTimer::singleShot(0, this, [this] { ensureWidgetVisible(m_footer); });
}

void QuestionList::setQuestionnaire(const Questionnaire &questionnaire)
{
    m_questionnaire = questionnaire;
    m_marked = nullptr;
    m_panels.clear();
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (item->widget() && item->widget() != m_footer) {
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        delete item;
    }
    for (const ReviewQuestion &question : m_questionnaire.questions) {
        auto *panel = new QuestionPanel(question, m_settings);
        connect(panel, &QuestionPanel::entered, this, [this, panel] { mark(panel); });
        connect(panel, &QuestionPanel::answered, this, [this, panel](bool last) {
            mark(panel);
            refreshShown();
            Q_EMIT answered(last);
        });
        m_layout->addWidget(panel);
        m_panels << panel;
    }
    if (m_footer)
        m_layout->addWidget(m_footer);
    m_layout->addStretch(1);
}

void QuestionList::fill(const review::Place &place, const json &answers)
{
    for (QuestionPanel *panel : std::as_const(m_panels)) {
        if (panel->question().kind == QuestionKind::Options) {
            QList<review::ShownOption> options;
            for (const QString &key : place.optionOrder) {
                const auto found = std::ranges::find(place.item.options, key, &review::ShownOption::key);
                if (found != place.item.options.end())
                    options << *found;
            }
            panel->setOptions(options);
        }
        const auto answer = answers.find(panel->question().id.toStdString());
        panel->setAnswer(answer == answers.end() ? json() : *answer);
    }
    refreshShown();
    ensureVisible(0, 0);
}

json QuestionList::answers() const
{
    json given = json::object();
    for (const QuestionPanel *panel : m_panels) {
        if (const json answer = panel->answer(); !answer.is_null())
            given[panel->question().id.toStdString()] = answer;
    }
    // What was answered before its question was hidden again is not asked any more.
    json shown = json::object();
    for (const QuestionPanel *panel : m_panels) {
        const auto found = given.find(panel->question().id.toStdString());
        if (found != given.end() && isShown(m_questionnaire, panel->question(), given))
            shown[found.key()] = *found;
    }
    return shown;
}

void QuestionList::refreshShown()
{
    const json given = answers();
    for (QuestionPanel *panel : std::as_const(m_panels))
        panel->setVisible(isShown(m_questionnaire, panel->question(), given));
}

QuestionPanel *QuestionList::firstMissing() const
{
    const auto found = std::ranges::find_if(m_panels, [](const QuestionPanel *one) {
        return !one->isHidden() && one->question().required && !one->isAnswered();
    });
    return found == m_panels.end() ? nullptr : *found;
}

bool QuestionList::isAllAnswered() const
{
    return std::ranges::all_of(m_panels, [](const QuestionPanel *one) {
        return one->isHidden() || one->isAnswered() || (one->field() && !one->question().required);
    });
}

bool QuestionList::advance()
{
    const auto open = [](const QuestionPanel *one) {
        return !one->isHidden() && !one->isAnswered() && (!one->field() || one->question().required);
    };
    const auto begin = m_panels.begin() + m_panels.indexOf(m_marked) + 1;
    auto next = std::find_if(begin, m_panels.end(), open);
    if (next == m_panels.end())
        next = std::find_if(m_panels.begin(), begin, open);
    if (next == m_panels.end() || !open(*next))
        return false;
    mark(*next);
    (*next)->takeFocus();
    return true;
}

void QuestionList::markFirst()
{
    if (m_marked)
        m_marked->setMarked(false);
    m_marked = nullptr;
    if (advance())
        return;
    for (QuestionPanel *panel : std::as_const(m_panels)) {
        if (!panel->isHidden()) {
            mark(panel);
            panel->takeFocus();
            return;
        }
    }
}

void QuestionList::mark(QuestionPanel *panel)
{
    if (m_marked && m_marked != panel)
        m_marked->setMarked(false);
    m_marked = panel;
    panel->setMarked(true);
    showMarked();
}

void QuestionList::focusMarked()
{
    if (m_marked)
        m_marked->takeFocus();
}

bool QuestionList::take(const ReviewKey &key)
{
    return m_marked && m_marked->take(key);
}

bool QuestionList::chooseReached()
{
    return m_marked && m_marked->chooseReached();
}

void QuestionList::move(ReviewAct arrow)
{
    if (!m_marked || m_marked->move(arrow) || arrow == ReviewAct::Left || arrow == ReviewAct::Right)
        return;
    if (QuestionPanel *next = neighbour(arrow == ReviewAct::Down ? 1 : -1))
        next->takeFocus();
}

QuestionPanel *QuestionList::neighbour(int direction) const
{
    for (qsizetype at = m_panels.indexOf(m_marked) + direction; at >= 0 && at < m_panels.size(); at += direction) {
        if (!m_panels[at]->isHidden())
            return m_panels[at];
    }
    return nullptr;
}

bool QuestionList::comment()
{
    QuestionPanel *field = nullptr;
    for (QuestionPanel *panel : std::as_const(m_panels)) {
        if (panel->field() && !panel->isHidden() && (!field || panel->question().id == "comment"_L1))
            field = panel;
    }
    if (field)
        field->takeFocus();
    return field != nullptr;
}

bool QuestionList::isTyping() const
{
    return std::ranges::any_of(m_panels, &QuestionPanel::hasTextFocus);
}

QList<QWidget *> QuestionList::stops() const
{
    QList<QWidget *> list;
    for (const QuestionPanel *panel : m_panels)
        list += panel->stops();
    return list;
}

void QuestionList::showMarked()
{
    // Once the layout knows the new sizes.
    QTimer::singleShot(0, this, [this] {
        if (m_marked)
            ensureWidgetVisible(m_marked, 0, Theme::spacing());
    });
}

void QuestionList::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    showMarked();
}

void QuestionList::refreshSpacing()
{
    m_layout->setSpacing(m_settings.spacing(2));
    showMarked();
}

} // namespace evalwright
