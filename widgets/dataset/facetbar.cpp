// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/facetbar.h"

#include "storage/items/filterchange.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLabels = 12, mostReasons = 12, mostTags = 20;

void setGrowing(QWidget *widget)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    widget->setSizePolicy(policy);
}

/// Labels with and without their blank are one to a filter.
QMap<QString, qint64> trimmed(const QMap<QString, qint64> &counts)
{
    QMap<QString, qint64> out;
    for (auto count = counts.begin(); count != counts.end(); ++count)
        out[count.key().trimmed()] += *count;
    return out;
}

/// A code is also found with a person's words after it; that is what its chip leads to.
QMap<QString, qint64> withWords(const QMap<QString, qint64> &counts)
{
    QMap<QString, qint64> out = counts;
    for (auto count = counts.begin(); count != counts.end(); ++count) {
        for (auto colon = count.key().indexOf(u':'); colon > 0; colon = count.key().indexOf(u':', colon + 1)) {
            const auto code = out.find(count.key().left(colon));
            if (code != out.end())
                *code += *count;
        }
    }
    return out;
}

} // namespace

FacetBar::FacetBar(QWidget *parent)
    : QWidget(parent), m_state(makeGroup({}, false)), m_reason(makeGroup({}, false)), m_stage(makeGroup(tr("Stage"), true)),
      m_confidence(makeGroup(tr("Confidence"), true)), m_lint(makeGroup(tr("Lint"), true)), m_tags(makeGroup(tr("Tags"), true)),
      m_more(new QToolButton(this)), m_counting(new QLabel(tr("counting …"), this))
{
    setAccessibleName(tr("Narrow the items"));
    setGrowing(this);
    m_more->setText(tr("More"));
    m_more->setToolTip(tr("Stage, confidence, lint and tags"));
    m_more->setCheckable(true);
    m_more->setAutoRaise(true);
    m_more->setArrowType(Qt::RightArrow);
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(m_more, &QToolButton::toggled, this, [this](bool on) {
        m_more->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        update();
    });
    m_counting->setFont(Theme::font(Theme::Role::Caption));
    setSecondary(m_counting);
    // Its place is kept, so that nothing moves when it comes.
    QSizePolicy kept = m_counting->sizePolicy();
    kept.setRetainSizeWhenHidden(true);
    m_counting->setSizePolicy(kept);
    m_counting->hide();

    auto *top = new QHBoxLayout;
    top->setSpacing(Theme::spacing());
    top->addWidget(m_state.box, 1);
    top->addWidget(m_counting, 0, Qt::AlignTop);
    top->addWidget(m_more, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing() - 2);
    layout->addLayout(top);
    for (const Group &group : {m_reason, m_stage, m_confidence, m_lint, m_tags})
        layout->addWidget(group.box);
    update();
}

FacetBar::Group FacetBar::makeGroup(const QString &name, bool isMore)
{
    Group group;
    group.box = new QWidget(this);
    group.isMore = isMore;
    setGrowing(group.box);
    group.flow = new FlowLayout(group.box, Theme::spacing() - 2);
    if (!name.isEmpty()) {
        auto *caption = new QLabel(name, group.box);
        caption->setFont(Theme::font(Theme::Role::Caption));
        caption->setMinimumSize(Theme::spacing(9), Chip(QStringLiteral("0"), Theme::Meaning::Accent).sizeHint().height());
        setSecondary(caption);
        group.flow->addWidget(caption);
    }
    return group;
}

void FacetBar::setFilter(const ItemFilter &filter)
{
    m_filter = filter;
    update();
}

void FacetBar::setFacets(const ItemFacets &facets)
{
    m_facets = facets;
    m_total = facets.total;
    update();
}

void FacetBar::setCounting(bool counting)
{
    m_counting->setVisible(counting);
}

void FacetBar::leaveEvent(QEvent *event)
{
    QWidget::leaveEvent(event);
    if (std::exchange(m_hidesLater, false))
        update();
}

void FacetBar::showChip(Group &group, const Look &look, const std::function<ItemFilter(const ItemFilter &, bool)> &change)
{
    Chip *&chip = m_chips[look.key];
    const bool isFresh = !chip;
    if (isFresh) {
        if (!look.isFixed && !look.isOn && look.count == 0) {
            m_chips.remove(look.key);
            return;
        }
        chip = new Chip(group.box);
        chip->setCheckable(true);
        group.flow->addWidget(chip);
        connect(chip, &Chip::clicked, this, [this, change](bool on) { Q_EMIT chosen(change(m_filter, on)); });
    }
    chip->setChipText(u"%1  %2"_s.arg(look.text, m_total < 0 ? u"…"_s : QLocale().toString(look.count)));
    chip->setMeaning(look.meaning);
    chip->setChecked(look.isOn);
    chip->setToolTip(plainToolTip(look.toolTip));
    bool isVisible = look.isFixed || look.isOn || look.count > 0;
    if (!isVisible && !isFresh && !chip->isHidden() && underMouse()) {
        // It must not go, nor others come to its place, while somebody is about to click.
        m_hidesLater = true;
        isVisible = true;
    }
    chip->setVisible(isVisible);
}

/// The most frequent values, and those that are on.
void FacetBar::showValues(Group &group, ItemField field, const QMap<QString, qint64> &counts, qsizetype most,
                      const std::function<Look(const QString &)> &look)
{
    QStringList names = counts.keys();
    for (const ItemTerm &term : std::as_const(m_filter.terms)) {
        if (term.field == field && !term.isNegated) {
            for (const QString &value : term.values) {
                if (!names.contains(value))
                    names << value;
            }
        }
    }
    QStringList chosen = names;
    if (chosen.size() > most) {
        std::ranges::stable_sort(chosen, std::ranges::greater(), [&counts](const QString &name) { return counts.value(name); });
        chosen.resize(most);
    }
    const QString prefix = itemFieldName(field) + u':';
    // Chips that were there stay in their places; those that are rare by now leave.
    for (auto chip = m_chips.begin(); chip != m_chips.end(); ++chip) {
        if (const QString value = chip.key().mid(prefix.size()); chip.key().startsWith(prefix) && !names.contains(value))
            names << value;
    }
    for (const QString &name : std::as_const(names)) {
        Look one = look(name);
        one.key = prefix + name;
        one.isOn = filterHas(m_filter, field, name);
        one.count = chosen.contains(name) || one.isOn ? counts.value(name) : 0;
        showChip(group, one, [field, name](const ItemFilter &filter, bool on) { return filterWith(filter, field, name, on); });
    }
}

void FacetBar::update()
{
    const auto has = [this](ItemField field) {
        return std::ranges::any_of(m_filter.terms, [field](const ItemTerm &term) { return term.field == field; });
    };
    Look all{u"all"_s, tr("All"), tr("Items of every state"), Theme::Meaning::Accent, m_facets.kept + m_facets.rejected + m_facets.undecided,
             !has(ItemField::State) && !has(ItemField::Reason), true};
    showChip(m_state, all, [](const ItemFilter &filter, bool) { return filterWithout(filterWithout(filter, ItemField::State), ItemField::Reason); });
    const auto state = [this](const QString &value, const QString &text, Theme::Meaning meaning, qint64 count) {
        showChip(m_state, {u"state:"_s + value, text, tr("Items by state"), meaning, count, filterHas(m_filter, ItemField::State, value), true},
             [value](const ItemFilter &filter, bool on) { return filterWith(filter, ItemField::State, value, on); });
    };
    state(u"kept"_s, tr("Kept"), Theme::Meaning::Success, m_facets.kept);
    state(u"rejected"_s, tr("Rejected"), Theme::Meaning::Refusal, m_facets.rejected);
    state(u"undecided"_s, tr("Not decided"), Theme::Meaning::Warning, m_facets.undecided);
    showValues(m_state, ItemField::Label, trimmed(m_facets.labels), mostLabels, [](const QString &label) {
        return Look{{}, tr("asked for %1").arg(singleLine(label, 30)), tr("Items whose writer was asked for this answer"),
                    isAffirmative(label) ? Theme::Meaning::Matching : Theme::Meaning::NotMatching};
    });
    showValues(m_reason, ItemField::Reason, withWords(m_facets.reasons), mostReasons, [](const QString &reason) {
        return Look{{}, reasonText(reason), reasonExplanation(reason), Theme::Meaning::Refusal};
    });
    showValues(m_stage, ItemField::Stage, m_facets.stages, mostReasons, [](const QString &stage) {
        return Look{{}, singleLine(stage, 40), tr("The stage of the latest decision"), Theme::Meaning::Machine};
    });
    showValues(m_tags, ItemField::Tag, m_facets.tags, mostTags, [](const QString &tag) {
        return Look{{}, singleLine(tag, 40), tr("Items with this tag"), Theme::Meaning::Human};
    });
    const auto lint = [this](const QString &value, const QString &text, Theme::Meaning meaning, qint64 count) {
        showChip(m_lint, {u"lint:"_s + value, text, tr("Items with a finding of this severity"), meaning, count, filterHas(m_filter, ItemField::Lint, value)},
             [value](const ItemFilter &filter, bool on) { return filterWith(filter, ItemField::Lint, value, on); });
    };
    lint(u"block"_s, tr("blocks"), Theme::Meaning::Error, m_facets.block);
    lint(u"warn"_s, tr("warns"), Theme::Meaning::Warning, m_facets.warn);
    lint(u"info"_s, tr("notes"), Theme::Meaning::Accent, m_facets.info);
    const QLocale locale;
    for (int band = 0; band <= unknownConfidence; ++band) {
        const bool isKnown = band < confidenceBands;
        const qint64 count = isKnown ? m_facets.confidence.empty() ? 0 : m_facets.confidence[static_cast<std::size_t>(band)] : m_facets.withoutConfidence;
        const QString text = isKnown ? u"%1–%2"_s.arg(locale.toString(band / 10.0, 'f', 1), locale.toString((band + 1) / 10.0, 'f', 1)) : tr("unknown");
        showChip(m_confidence, {u"band:%1"_s.arg(band), text, tr("Label confidence"), Theme::Meaning::Accent, count, filterHasBand(m_filter, band)},
             [band](const ItemFilter &filter, bool on) { return filterWithBand(filter, band, on); });
    }
    for (const Group &group : {m_reason, m_stage, m_confidence, m_lint, m_tags}) {
        bool any = false, on = false;
        for (const Chip *chip : group.box->findChildren<Chip *>(Qt::FindDirectChildrenOnly)) {
            any |= !chip->isHidden();
            on |= chip->isChecked();
        }
        group.box->setVisible(any && (!group.isMore || m_more->isChecked() || on));
    }
    updateGeometry();
}

} // namespace evalwright
