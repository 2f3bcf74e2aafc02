// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/scoringbadge.h"

#include "core/foreignjson.h"
#include "evaluation/scoring.h"
#include "lm/capabilities.h"
#include "lm/serveridentity.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/chip.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QDateTime>
#include <QLocale>
#include <QPainter>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int badgeRole = Qt::UserRole + 40, meaningRole = Qt::UserRole + 41;
constexpr int padding = 6;

QString evidenceOf(const Model &model, const QString &name)
{
    const nlohmann::json all = storedJson(model.capabilities);
    const std::string key = name.toStdString();
    if (!all.is_object() || !all.contains(key) || !all[key].is_object() || !all[key].contains("evidence") ||
        !all[key]["evidence"].is_string())
        return {};
    return QString::fromStdString(all[key]["evidence"].get<std::string>());
}

/// When, who, and what the choice rests on.
QString evidence(const Model &model)
{
    QStringList lines;
    const QDateTime at = QDateTime::fromString(probedAt(model), Qt::ISODateWithMs);
    if (at.isValid())
        lines << ScoringBadgeDelegate::tr("Probed on %1")
                     .arg(QLocale().toString(at.toLocalTime(), QLocale::ShortFormat));
    if (const auto identity = storedIdentity(model)) {
        const QString who = identity->text();
        lines << (who.isEmpty() ? ScoringBadgeDelegate::tr("The server does not say who it is.") : who);
    }
    for (const QString &name : {u"prompt_logprobs"_s, u"grammar_tokens"_s, u"grammar"_s, u"token_logprobs"_s,
                                u"guided_choice"_s, u"determinism"_s}) {
        const QString because = evidenceOf(model, name);
        if (because.isEmpty())
            continue;
        const std::optional<bool> value = capability(model, name);
        lines << u"%1: %2 (%3)"_s.arg(name,
                                      !value   ? ScoringBadgeDelegate::tr("unknown")
                                      : *value ? ScoringBadgeDelegate::tr("yes")
                                               : ScoringBadgeDelegate::tr("no"),
                                      because.left(160));
    }
    return lines.join(u'\n');
}

} // namespace

ScoringBadge scoringBadge(const Model &model)
{
    if (const QString change = serverChange(model); !change.isEmpty()) {
        return {ScoringBadgeDelegate::tr("server changed"), Theme::Meaning::Warning,
                ScoringBadgeDelegate::tr("%1\nJobs stop at this server until it is probed again.").arg(change) + u'\n' +
                    evidence(model)};
    }
    if (!isProbed(model)) {
        return {ScoringBadgeDelegate::tr("not probed"), Theme::Meaning::TextSecondary,
                ScoringBadgeDelegate::tr(
                    "Nothing is known of what this model's server can do. Probe it on the Models page.")};
    }
    const QString words = evidence(model);
    switch (usualMethod(model)) {
    case ScoringMethod::Exact:
        return {ScoringBadgeDelegate::tr("exact"), Theme::Meaning::Success, words};
    case ScoringMethod::Forced:
        return {ScoringBadgeDelegate::tr("forced"), Theme::Meaning::Success, words};
    case ScoringMethod::FirstToken:
        return {ScoringBadgeDelegate::tr("first token"), Theme::Meaning::Accent, words};
    case ScoringMethod::Sampled:
        break;
    }
    return {ScoringBadgeDelegate::tr("sampled"), Theme::Meaning::Refusal, words};
}

ScoringBadge probingBadge()
{
    return {ScoringBadgeDelegate::tr("probing …"), Theme::Meaning::Machine,
            ScoringBadgeDelegate::tr("The server is being asked what it can do.")};
}

void ScoringBadgeDelegate::setBadge(QAbstractItemModel &model, const QModelIndex &index, const ScoringBadge &badge)
{
    model.setData(index, badge.text, badgeRole);
    model.setData(index, static_cast<int>(badge.meaning), meaningRole);
    model.setData(index, plainToolTip(badge.evidence), Qt::ToolTipRole);
    const QString name = index.data().toString();
    model.setData(index, name.isEmpty() ? badge.text : name + u", "_s + badge.text, Qt::AccessibleTextRole);
}

void ScoringBadgeDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString text = index.data(badgeRole).toString();
    if (text.isEmpty())
        return QStyledItemDelegate::paint(painter, option, index);
    const auto meaning = static_cast<Theme::Meaning>(index.data(meaningRole).toInt());
    const Theme *theme = Theme::of(option.widget);
    const QFont font = Theme::font(Theme::Role::Caption);
    QRect whole = option.rect;
    if (const auto *view = qobject_cast<const QAbstractItemView *>(option.widget))
        whole = whole.intersected(view->viewport()->rect()); // The chip stays in sight beside a long text.
    QRect room = whole.adjusted(padding, 0, -padding, 0);
    if (index.data().toString().isEmpty()) {
        QStyledItemDelegate::paint(painter, option, index);
    } else {
        QStyleOptionViewItem panel = option, words = option;
        initStyleOption(&panel, index);
        const QStyle *style = panel.widget ? panel.widget->style() : QApplication::style();
        style->drawPrimitive(QStyle::PE_PanelItemViewItem, &panel, painter, panel.widget);
        const int width = std::min(chipSize(text, font).width(), room.width());
        words.rect = whole;
        if (option.direction == Qt::RightToLeft) {
            room.setWidth(width);
            words.rect.setLeft(room.right() + padding);
        } else {
            room.setLeft(room.right() - width + 1);
            words.rect.setRight(room.left() - padding);
        }
        QStyledItemDelegate::paint(painter, words, index);
    }
    painter->save();
    drawChip(*painter, room, text, theme->color(meaning), theme->tint(meaning), font, option.direction);
    painter->restore();
}

QSize ScoringBadgeDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString text = index.data(badgeRole).toString();
    const QSize base = QStyledItemDelegate::sizeHint(option, index);
    if (text.isEmpty())
        return base;
    const QSize chip = chipSize(text, Theme::font(Theme::Role::Caption));
    return {base.width() + chip.width() + 2 * padding, std::max(base.height(), chip.height() + 2)};
}

} // namespace evalwright
