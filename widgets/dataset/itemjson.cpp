// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemjson.h"

#include <nlohmann/json.hpp>

namespace evalwright {

QString itemsAsJson(const QList<CandidateRow> &rows)
{
    using nlohmann::ordered_json;
    ordered_json list = ordered_json::array();
    for (const CandidateRow &row : rows) {
        const Candidate &c = row.candidate;
        ordered_json others = ordered_json::array();
        for (const QString &label : c.otherLabels)
            others.push_back(label.toStdString());
        ordered_json item;
        item["uuid"] = c.uuid.toStdString();
        item["statement"] = c.statement.toStdString();
        item["question"] = c.question.toStdString();
        item["answer_matching_behavior"] = c.matchingLabel.toStdString();
        // As published: a single other answer stands alone, several are a list.
        item["answer_not_matching_behavior"] = others.size() == 1 ? others.front() : others;
        item["label_confidence"] = c.labelConfidence ? ordered_json(*c.labelConfidence) : ordered_json(nullptr);
        item["state"] = !row.decision ? "undecided" : row.decision->keep ? "kept" : "rejected";
        item["reason"] = row.decision ? ordered_json(row.decision->reason.toStdString()) : ordered_json(nullptr);
        list.push_back(std::move(item));
    }
    return QString::fromStdString(list.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

} // namespace evalwright
