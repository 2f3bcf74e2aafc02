// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/reviewdrafts.h"

#include "core/foreignjson.h"
#include "core/hash.h"

#include <QSettings>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

ReviewDrafts::ReviewDrafts(const QString &sittingKey)
    : m_name(sittingKey.isEmpty() ? QString() : u"review/drafts/"_s + sha256Hex(sittingKey.toUtf8()).left(24))
{
    if (m_name.isEmpty())
        return;
    // Settings are a file that anybody may have written in.
    const json stored = storedJson(QSettings().value(m_name).toString());
    if (!stored.is_object())
        return;
    for (auto it = stored.begin(); it != stored.end(); ++it) {
        const json &one = it.value();
        bool isNumber = false;
        const qint64 position = QString::fromStdString(it.key()).toLongLong(&isNumber);
        if (!isNumber || !one.is_object() || !one.contains("answers") || !one["answers"].is_object())
            continue;
        const auto text = [&one](const char *name) {
            const auto found = one.find(name);
            return found != one.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
        };
        ReviewDraft draft{text("uuid"), text("shown_at"), one["answers"], 0, true};
        if (const auto seconds = one.find("seconds"); seconds != one.end() && seconds->is_number())
            draft.seconds = seconds->get<double>();
        if (!draft.uuid.isEmpty() && !draft.shownAt.isEmpty())
            m_drafts.insert(position, draft);
    }
}

std::optional<ReviewDraft> ReviewDrafts::at(qint64 position) const
{
    const auto found = m_drafts.constFind(position);
    return found == m_drafts.constEnd() ? std::optional<ReviewDraft>() : *found;
}

void ReviewDrafts::set(qint64 position, const ReviewDraft &draft)
{
    m_drafts.insert(position, draft);
    keep();
}

void ReviewDrafts::remove(qint64 position)
{
    if (m_drafts.remove(position) > 0)
        keep();
}

void ReviewDrafts::keep() const
{
    if (m_name.isEmpty())
        return;
    QSettings settings;
    json all = json::object();
    for (auto it = m_drafts.cbegin(); it != m_drafts.cend(); ++it) {
        if (!it->isBegun)
            continue;
        all[std::to_string(it.key())] = {{"uuid", it->uuid.toStdString()},
                                         {"shown_at", it->shownAt.toStdString()},
                                         {"answers", it->answers},
                                         {"seconds", it->seconds}};
    }
    if (all.empty())
        settings.remove(m_name);
    else
        settings.setValue(m_name, QString::fromUtf8(canonicalJson(all)));
}

} // namespace evalwright
