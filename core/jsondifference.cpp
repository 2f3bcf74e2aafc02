// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsondifference.h"

#include <QStringList>

#include <algorithm>
#include <nlohmann/json.hpp>


namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qsizetype longestPath = 300;

/// The ids of a list's members; empty unless each has one and no two are equal.
QStringList idsOf(const json &list)
{
    constexpr size_t mostWithIds = 200; // Long lists are data (questions, occupations), and finding theirs takes time.
    QStringList ids;
    if (!list.is_array() || list.size() > mostWithIds)
        return ids;
    for (const json &member : list) {
        if (!member.is_object() || !member.contains("id") || !member["id"].is_string())
            return {};
        const QString id = QString::fromStdString(member["id"].get_ref<const std::string &>());
        if (ids.contains(id))
            return {};
        ids << id;
    }
    return ids;
}

/// Walks both documents side by side; a path is put together only where they differ.
class Walk
{
public:
    LeafDifferences out;

    /// A null pointer: that document has nothing here.
    void compare(const json *a, const json *b)
    {
        if (a && b && *a == *b)
            return;
        if (isList(a) && isList(b))
            return compareLists(*a, *b);
        if (isObject(a) && isObject(b))
            return compareObjects(*a, *b);
        // Of different kinds, or only in one: what is a leaf is told as one, of the others their leaves.
        const bool insideA = isList(a) || isObject(a), insideB = isList(b) || isObject(b);
        if ((a && !insideA) || (b && !insideB))
            add(insideA ? nullptr : a, insideB ? nullptr : b);
        if (insideA)
            isList(a) ? compareLists(*a, json::array()) : compareObjects(*a, json::object());
        if (insideB)
            isList(b) ? compareLists(json::array(), *b) : compareObjects(json::object(), *b);
    }

private:
    static bool isList(const json *value) { return value && value->is_array() && !value->empty(); }
    static bool isObject(const json *value) { return value && value->is_object() && !value->empty(); }

    void compareObjects(const json &a, const json &b)
    {
        for (const auto &[name, member] : a.items()) {
            const auto other = b.find(name);
            step(QString::fromStdString(name), &member, other == b.end() ? nullptr : &*other);
        }
        for (const auto &[name, member] : b.items()) {
            if (!a.contains(name))
                step(QString::fromStdString(name), nullptr, &member);
        }
    }
    void compareLists(const json &a, const json &b)
    {
        const QStringList idsA = idsOf(a), idsB = idsOf(b);
        const bool byId = (!idsA.isEmpty() || a.empty()) && (!idsB.isEmpty() || b.empty());
        if (!byId) {
            for (size_t i = 0; i < std::max(a.size(), b.size()); ++i)
                step(QString::number(i), i < a.size() ? &a[i] : nullptr, i < b.size() ? &b[i] : nullptr);
            return;
        }
        if (idsA != idsB) {
            const json first = idsA.join(u", "_s).toStdString(), second = idsB.join(u", "_s).toStdString();
            step(u"(order)"_s, a.empty() ? nullptr : &first, b.empty() ? nullptr : &second);
        }
        const auto member = [](const json &list, const QStringList &ids, const QString &id) {
            const qsizetype at = ids.indexOf(id);
            return at < 0 ? nullptr : &list[static_cast<size_t>(at)];
        };
        for (const QString &id : idsA)
            step(id, member(a, idsA, id), member(b, idsB, id));
        for (const QString &id : idsB) {
            if (!idsA.contains(id))
                step(id, nullptr, member(b, idsB, id));
        }
    }
    void step(const QString &name, const json *a, const json *b)
    {
        m_path << name;
        compare(a, b);
        m_path.removeLast();
    }
    void add(const json *a, const json *b)
    {
        if (++out.total > mostLeafDifferences)
            return;
        const QString path = m_path.join(u'.');
        out.list << LeafDifference{path.size() > longestPath ? path.left(longestPath - 1) + u'…' : path, textOf(a),
                                   textOf(b)};
    }
    static QString textOf(const json *leaf)
    {
        if (!leaf)
            return u"—"_s;
        const QString text = QString::fromStdString(
            leaf->is_string() ? leaf->get<std::string>() : leaf->dump(-1, ' ', false, json::error_handler_t::replace));
        return text.size() > longestLeafText ? text.left(longestLeafText - 1) + u'…' : text;
    }

    QStringList m_path;
};

} // namespace

LeafDifferences leafDifferences(const json &first, const json &second)
{
    Walk walk;
    walk.compare(&first, &second);
    std::ranges::stable_sort(walk.out.list, {}, &LeafDifference::path);
    return walk.out;
}

} // namespace evalwright
