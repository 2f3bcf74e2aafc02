// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/labelstudiotasks.h"

#include "review/elsewhere/labelstudioconfig.h"

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// y and n, or the option's letter; empty for other keys, which Label Studio numbers.
QString hotkeyOf(const QString &key)
{
    if (key == "Yes"_L1 || key == "No"_L1)
        return key.left(1).toLower();
    return key.size() == 1 && key.at(0) >= u'A' && key.at(0) <= u'Z' ? key.toLower() : QString();
}

json optionsOf(const ToolTask &task)
{
    json options = json::array();
    for (const QString &key : task.optionOrder) {
        const auto option = std::ranges::find(task.item.options, key, &ShownOption::key);
        json one{{"value", withoutVariables(option->text).toStdString()}, {"alias", key.toStdString()}};
        if (const QString hotkey = hotkeyOf(key); !hotkey.isEmpty())
            one["hotkey"] = hotkey.toStdString();
        options.push_back(one);
    }
    return options;
}

} // namespace

json labelStudioTask(const ToolJob &job, const ToolTask &task)
{
    json data{{"item_id", task.item.itemId.toStdString()},
              {"content_hash", task.item.contentHash.toStdString()},
              {"behavior", job.behaviour.toStdString()},
              {"question", task.item.text.toStdString()},
              {"options", optionsOf(task)},
              {"export_id", job.exportId.toStdString()},
              {"list", task.slot + 1},
              {"position", task.position + 1}};
    if (job.isPronounTask) {
        data["occupation"] = task.item.occupation.toStdString();
        data["other_person"] = task.item.otherPerson.toStdString();
    }
    json out{{"data", data}, {"meta", {{"canary", job.canary.toStdString()}}}};
    const ReviewQuestion *label = job.questionnaire.labelQuestion();
    if (job.showsPredictions && label && label->kind == QuestionKind::Options &&
        task.optionOrder.contains(task.label)) {
        const json choice{{"from_name", toolName(label->id).toStdString()},
                          {"to_name", "question"},
                          {"type", "choices"},
                          {"value", {{"choices", json::array({task.label.toStdString()})}}}};
        json prediction{{"model_version", "label of the data set"}, {"result", json::array({choice})}};
        if (task.confidence)
            prediction["score"] = *task.confidence;
        out["predictions"] = json::array({prediction});
    }
    return out;
}

} // namespace evalwright::review
