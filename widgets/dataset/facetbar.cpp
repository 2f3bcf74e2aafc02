// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/facetbar.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

using State = CandidateFilter::State;

constexpr qsizetype mostLabels = 12;
constexpr qsizetype mostReasons = 12;

State stateOf(const ReasonCount &count)
{
    // A decision always has a stage; without one there is none.
    return count.keep                                        ? State::Kept
           : count.stage.isEmpty() && count.reason.isEmpty() ? State::Undecided
                                                             : State::Rejected;
}

QString stateKey(State state)
{
    return u"state:%1"_s.arg(static_cast<int>(state));
}

} // namespace

FacetBar::FacetBar(QWidget *parent) : QWidget(parent), m_flow(new FlowLayout(this, Theme::spacing()))
{
    setAccessibleName(tr("Narrow the items"));
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    update();
}

void FacetBar::setCounts(QList<ReasonCount> counts)
{
    m_counts = std::move(counts);
    m_total = 0;
    for (const ReasonCount &count : m_counts)
        m_total += count.count;
    update();
}

void FacetBar::setChoice(const CandidateFilter &filter)
{
    m_state = filter.state;
    m_reason = filter.reason;
    m_label = filter.label;
    update();
}

qint64 FacetBar::countOf(State state, const QString &reason, const QString &label) const
{
    qint64 sum = 0;
    for (const ReasonCount &count : m_counts) {
        if ((state == State::All || stateOf(count) == state) && (reason.isEmpty() || count.reason == reason) &&
            (label.isEmpty() || count.label == label))
            sum += count.count;
    }
    return sum;
}

Chip *FacetBar::chip(const QString &key)
{
    Chip *&found = m_chips[key];
    if (!found) {
        found = new Chip(this);
        found->setCheckable(true);
        m_flow->addWidget(found);
    }
    return found;
}

void FacetBar::update()
{
    const QLocale locale;
    // The order of making is the order on the screen: states, labels, then reasons.
    const auto show = [&](const QString &key, const QString &text, Theme::Meaning meaning, qint64 count, bool on,
                          bool visible, const QString &toolTip, auto choose) {
        if (!visible && !m_chips.contains(key))
            return;
        const bool fresh = !m_chips.contains(key);
        Chip *made = chip(key);
        made->setChipText(u"%1  %2"_s.arg(text, locale.toString(count)));
        made->setMeaning(meaning);
        made->setChecked(on);
        made->setVisible(visible);
        made->setToolTip(plainToolTip(toolTip));
        if (fresh) {
            connect(made, &Chip::clicked, this, [this, choose] {
                choose();
                update();
                Q_EMIT chosen();
            });
        }
    };
    const auto state = [&](State value, const QString &text, Theme::Meaning meaning) {
        const qint64 count = countOf(value, value == State::All || value == m_state ? m_reason : QString(), m_label);
        const bool on = m_state == value && (value != State::All || m_reason.isEmpty());
        show(stateKey(value), text, meaning, value == State::All ? countOf(value, {}, m_label) : count, on, true,
             tr("Items by state"), [this, value] {
                 m_state = value;
                 m_reason.clear();
             });
    };
    state(State::All, tr("All"), Theme::Meaning::Accent);
    state(State::Kept, tr("Kept"), Theme::Meaning::Success);
    state(State::Rejected, tr("Rejected"), Theme::Meaning::Refusal);
    state(State::Undecided, tr("Not decided"), Theme::Meaning::Warning);

    QMap<QString, qint64> all, rejected;
    for (const ReasonCount &count : m_counts) {
        if (!count.label.isEmpty())
            all[count.label] += count.count;
        if (stateOf(count) == State::Rejected)
            rejected[count.reason] += count.count;
    }
    // People's own reasons can be as many as items: the most frequent ones are enough to choose from.
    QStringList reasons = rejected.keys();
    std::stable_sort(reasons.begin(), reasons.end(),
                     [&rejected](const QString &a, const QString &b) { return rejected.value(a) > rejected.value(b); });
    reasons = reasons.first(qMin<qsizetype>(reasons.size(), mostReasons));
    if (!m_reason.isEmpty() && rejected.contains(m_reason) && !reasons.contains(m_reason))
        reasons << m_reason;
    // A file can have as many labels as rows.
    QStringList labels = all.keys();
    if (labels.size() > mostLabels) {
        std::stable_sort(labels.begin(), labels.end(),
                         [&all](const QString &a, const QString &b) { return all.value(a) > all.value(b); });
        labels = labels.first(mostLabels);
        if (!m_label.isEmpty() && !labels.contains(m_label))
            labels << m_label;
    }
    for (const QString &label : std::as_const(labels)) {
        show(u"label:"_s + label, tr("asked for %1").arg(singleLine(label.trimmed(), 30)),
             isAffirmative(label) ? Theme::Meaning::Matching : Theme::Meaning::NotMatching,
             countOf(m_state, m_reason, label), m_label == label, true,
             tr("Items whose writer was asked for this answer"),
             [this, label] { m_label = m_label == label ? QString() : label; });
    }
    for (const QString &reason : std::as_const(reasons)) {
        const qint64 count = countOf(State::Rejected, reason, m_label);
        show(u"reason:"_s + reason, reasonText(reason), Theme::Meaning::Refusal, count, m_reason == reason,
             count > 0 || m_reason == reason, reasonExplanation(reason), [this, reason] {
                 const bool off = m_reason == reason;
                 m_reason = off ? QString() : reason;
                 m_state = off ? State::All : State::Rejected;
             });
    }
    // A reason that is rare by now, or that no item has any more, leaves the bar.
    for (auto it = m_chips.begin(); it != m_chips.end(); ++it) {
        if (it.key().startsWith("label:"_L1) && !labels.contains(it.key().mid(6)))
            it.value()->hide();
        if (it.key().startsWith("reason:"_L1) && !reasons.contains(it.key().mid(7)) && m_reason != it.key().mid(7))
            it.value()->hide();
    }
    updateGeometry();
}

} // namespace evalwright
