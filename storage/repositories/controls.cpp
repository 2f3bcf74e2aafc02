// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/controls.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/repositories/candidates.h"

#include <nlohmann/json.hpp>

#include <QPair>
#include <QSet>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

const QString noBiography = u"no-biography"_s, swappedBiography = u"swapped-biography"_s;

/// Short, and the same for the same text.
QByteArray keyOf(const QString &text, const QString &label)
{
    Sha256 hash;
    hash.add(text.toUtf8());
    hash.add("\n" + label.toUtf8());
    return hash.result().left(16);
}

} // namespace

BiographyFields BiographyFields::of(const Candidate &item)
{
    const nlohmann::json fields = storedJson(item.fields);
    const auto text = [&fields](const char *name) {
        const auto it = fields.is_object() ? fields.find(name) : fields.end();
        return fields.is_object() && it != fields.end() && it->is_string() ? QString::fromStdString(it->get<std::string>())
                                                                          : QString();
    };
    return {text("biography"), text("bare_question"), text("side"), text("swap_side")};
}

QString ControlSet::swapSide(const BiographyFields &parts) const
{
    if (!parts.swapSide.isEmpty() || m_biographies.size() != 2)
        return parts.swapSide;
    for (auto it = m_biographies.cbegin(); it != m_biographies.cend(); ++it) {
        if (it.key() != parts.side)
            return it.key();
    }
    return {};
}

Result<ControlSet> ControlSet::of(Connection &connection, DatasetId dataset)
{
    ControlSet set;
    QSet<QByteArray> bare;
    QHash<QPair<QString, QString>, qint64> items; ///< By side and the side to swap with.
    EVALWRIGHT_TRY(forEachItem(connection, dataset, [&](const Candidate &item) -> Status {
        const BiographyFields parts = BiographyFields::of(item);
        if (parts.biography.isEmpty() || parts.bareQuestion.isEmpty() || !item.question.contains(parts.biography))
            return {};
        ++items[{parts.side, parts.swapSide}];
        bare << keyOf(parts.bareQuestion, item.matchingLabel);
        const QString key = parts.side + u'\n' + parts.biography;
        if (!set.m_place.contains(key)) {
            set.m_place.insert(key, set.m_biographies[parts.side].size());
            set.m_biographies[parts.side] << parts.biography;
        }
        return {};
    }));
    if (items.isEmpty())
        return set;
    set.m_questions.insert(noBiography, bare.size());
    qint64 swapped = 0;
    for (auto it = items.cbegin(); it != items.cend(); ++it) {
        const QString other = set.swapSide({{}, {}, it.key().first, it.key().second});
        swapped += set.m_biographies.contains(other) ? it.value() : 0;
    }
    if (swapped > 0)
        set.m_questions.insert(swappedBiography, swapped);
    return set;
}

QStringList ControlSet::allNames()
{
    return {noBiography, swappedBiography};
}

QStringList ControlSet::names() const
{
    QStringList names;
    for (const QString &name : allNames()) {
        if (m_questions.contains(name))
            names << name;
    }
    return names;
}

std::optional<Candidate> ControlSet::control(const Candidate &item, const QString &name) const
{
    const BiographyFields parts = BiographyFields::of(item);
    if (parts.biography.isEmpty() || parts.bareQuestion.isEmpty() || !item.question.contains(parts.biography))
        return std::nullopt;
    Candidate control = item;
    if (name == noBiography) {
        control.question = parts.bareQuestion;
        return control;
    }
    const QStringList others = m_biographies.value(swapSide(parts));
    const qsizetype place = m_place.value(parts.side + u'\n' + parts.biography, -1);
    if (name != swappedBiography || others.isEmpty() || place < 0)
        return std::nullopt;
    const qsizetype begin = item.question.indexOf(parts.biography);
    control.question.replace(begin, parts.biography.size(), others.at(place % others.size()));
    return control;
}

} // namespace evalwright
