// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/items/itemselection.h"
#include "widgets/theme/theme.h"

#include <QMap>
#include <QWidget>

#include <functional>

class QLabel;
class QToolButton;

namespace evalwright {

class Chip;
class FlowLayout;

/// Chips that narrow the items by state, label, reason, stage, confidence, findings of lint and tags. Each shows how many
/// items it leads to together with all other conditions of the filter. The filter alone says which are on; a click asks
/// for another filter.
class FacetBar : public QWidget
{
    Q_OBJECT

public:
    explicit FacetBar(QWidget *parent = nullptr);

    void setFilter(const ItemFilter &filter);
    void setFacets(const ItemFacets &facets);
    /// The numbers are those of a former answer for the moment.
    void setCounting(bool counting);
    /// All candidates; −1 before the first numbers.
    qint64 total() const { return m_total; }

Q_SIGNALS:
    /// A person wants this filter.
    void chosen(const evalwright::ItemFilter &filter);

protected:
    void leaveEvent(QEvent *event) override;

private:
    /// Chips beside each other under one name.
    struct Group
    {
        QWidget *box = nullptr;
        FlowLayout *flow = nullptr;
        bool isMore = false; ///< Shown when it is asked for, or one of its chips is on.
    };
    struct Look
    {
        QString key, text, toolTip;
        Theme::Meaning meaning = Theme::Meaning::Accent;
        qint64 count = 0;
        bool isOn = false, isFixed = false; ///< Fixed: shown with no items too.
    };
    Group makeGroup(const QString &name, bool isMore);
    void update();
    void showChip(Group &group, const Look &look, const std::function<ItemFilter(const ItemFilter &, bool on)> &change);
    void showValues(Group &group, ItemField field, const QMap<QString, qint64> &counts, qsizetype most,
                const std::function<Look(const QString &)> &look);

    ItemFilter m_filter;
    ItemFacets m_facets;
    qint64 m_total = -1;
    bool m_hidesLater = false;
    QMap<QString, Chip *> m_chips;
    Group m_state, m_reason, m_stage, m_confidence, m_lint, m_tags;
    QToolButton *m_more;
    QLabel *m_counting;
};

} // namespace evalwright
