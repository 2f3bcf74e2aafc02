// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/editcolumns.h"

#include "core/foreignjson.h"
#include "core/hash.h"

#include <nlohmann/json.hpp>

namespace evalwright::editcolumns {

using nlohmann::json;

json labelsToJson(const QStringList &labels)
{
    json list = json::array();
    for (const QString &label : labels)
        list.push_back(label.toStdString());
    return list;
}

QString differing(const CandidateText &text, const CandidateText &other)
{
    json columns = json::object();
    if (text.statement != other.statement)
        columns["statement"] = text.statement.toStdString();
    if (text.question != other.question)
        columns["question"] = text.question.toStdString();
    if (text.matchingLabel != other.matchingLabel)
        columns["matching_label"] = text.matchingLabel.toStdString();
    if (text.otherLabels != other.otherLabels)
        columns["other_labels"] = labelsToJson(text.otherLabels);
    if (text.fields != other.fields)
        columns["fields"] = text.fields.toStdString();
    return QString::fromUtf8(canonicalJson(columns));
}

void apply(const QString &stored, CandidateText &text)
{
    const json columns = storedJson(stored);
    if (!columns.is_object())
        return; // “project check” tells of unreadable JSON.
    const auto take = [&](const char *name, QString &into) {
        if (const auto it = columns.find(name); it != columns.end() && it->is_string())
            into = QString::fromStdString(it->get<std::string>());
    };
    take("statement", text.statement);
    take("question", text.question);
    take("matching_label", text.matchingLabel);
    take("fields", text.fields);
    if (const auto it = columns.find("other_labels"); it != columns.end() && it->is_array()) {
        text.otherLabels.clear();
        for (const json &label : *it) {
            if (label.is_string())
                text.otherLabels << QString::fromStdString(label.get<std::string>());
        }
    }
}

} // namespace evalwright::editcolumns
