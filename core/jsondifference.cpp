// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsondifference.h"

#include <nlohmann/json.hpp>

#include <map>
#include <set>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

using Leaves = std::map<QString, json>;

/// The ids of a list's members; empty unless each has one and no two are equal.
QStringList idsOf(const json &list)
{
    QStringList ids;
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

void collect(const json &value, const QString &path, Leaves &leaves)
{
    const auto below = [&path](const QString &name) { return path.isEmpty() ? name : path + u'.' + name; };
    if (value.is_object() && !value.empty()) {
        for (const auto &[name, member] : value.items())
            collect(member, below(QString::fromStdString(name)), leaves);
    } else if (value.is_array() && !value.empty()) {
        // Long lists are data (questions, occupations), and finding their ids would take time.
        constexpr size_t mostWithIds = 200;
        const QStringList ids = value.size() <= mostWithIds ? idsOf(value) : QStringList();
        if (!ids.isEmpty())
            leaves[below(u"(order)"_s)] = ids.join(u", "_s).toStdString();
        for (size_t i = 0; i < value.size(); ++i)
            collect(value[i], below(ids.isEmpty() ? QString::number(i) : ids.at(static_cast<qsizetype>(i))), leaves);
    } else {
        leaves[path] = value;
    }
}

QString textOf(const json *leaf)
{
    if (!leaf)
        return u"—"_s;
    const QString text = QString::fromStdString(
        leaf->is_string() ? leaf->get<std::string>() : leaf->dump(-1, ' ', false, json::error_handler_t::replace));
    return text.size() > longestLeafText ? text.left(longestLeafText - 1) + u'…' : text;
}

} // namespace

LeafDifferences leafDifferences(const json &first, const json &second)
{
    Leaves a, b;
    collect(first, {}, a);
    collect(second, {}, b);
    std::set<QString> paths;
    for (const Leaves *leaves : {&a, &b}) {
        for (const auto &[path, leaf] : *leaves)
            paths.insert(path);
    }
    LeafDifferences out;
    for (const QString &path : paths) {
        const auto inA = a.find(path), inB = b.find(path);
        const json *one = inA == a.end() ? nullptr : &inA->second, *other = inB == b.end() ? nullptr : &inB->second;
        if (one && other && *one == *other)
            continue;
        if (++out.total <= mostLeafDifferences)
            out.list << LeafDifference{path, textOf(one), textOf(other)};
    }
    return out;
}

} // namespace evalwright
