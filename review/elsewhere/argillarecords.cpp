// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/argillarecords.h"

#include "core/hash.h"
#include "core/jsontexts.h"

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int highestRating = 10; ///< Argilla's ratings go from 0 to 10.

json property(const QString &name, const QString &title, const json &settings)
{
    return {{"name", name.toStdString()}, {"title", title.toStdString()}, {"settings", settings},
            {"type", settings.at("type")}};
}

json label(const QString &value, const QString &text)
{
    return {{"value", value.toStdString()}, {"text", text.toStdString()}};
}

class Questions
{
public:
    Questions(const ToolJob &job, const QStringList &keys, QStringList &notes) : m_job(job), m_keys(keys), m_notes(notes)
    {
    }

    json run()
    {
        json list = json::array();
        bool isAnyRequired = false;
        for (const ReviewQuestion &question : m_job.questionnaire.questions) {
            json one = property(toolName(question.id), said(question.text), settingsOf(question));
            const QString description = descriptionOf(question);
            one["description"] = description.isEmpty() ? json(nullptr) : json(description.toStdString());
            // It has no questions that wait for others; one that need not be asked cannot be required.
            one["required"] = question.required && question.shownIf.isEmpty();
            isAnyRequired = isAnyRequired || one["required"].get<bool>();
            list.push_back(one);
        }
        if (!isAnyRequired && !list.empty()) {
            list.front()["required"] = true;
            m_notes << u"“%1” has to be answered: Argilla wants one such question."_s.arg(
                m_job.questionnaire.questions.constFirst().id);
        }
        json broken = property(brokenControl, u"Is the item fine?"_s,
                               labels(u"label_selection"_s, {label(fineValue, u"The item is fine"_s),
                                                             label(brokenValue, u"The item is broken: it cannot be judged"_s)}));
        broken["description"] = nullptr;
        broken["required"] = false;
        list.push_back(broken);
        return list;
    }

private:
    QString said(const LocalText &text) const { return text.forLanguage(m_job.language); }

    static json labels(const QString &type, const json &options)
    {
        json settings{{"type", type.toStdString()}, {"options", options}};
        if (options.size() >= 3) // Fewer are always visible, and may not be counted.
            settings["visible_options"] = options.size();
        return settings;
    }

    json settingsOf(const ReviewQuestion &question)
    {
        json options = json::array();
        switch (question.kind) {
        case QuestionKind::Options:
            for (const QString &key : m_keys)
                options.push_back(label(key, key));
            return labels(u"label_selection"_s, options);
        case QuestionKind::Choice:
        case QuestionKind::MultiChoice:
            for (const ReviewChoice &choice : question.choices)
                options.push_back(label(choice.key, said(choice.text)));
            return labels(question.kind == QuestionKind::Choice ? u"label_selection"_s : u"multi_label_selection"_s,
                          options);
        case QuestionKind::Scale:
            for (int step = question.low; step <= question.high; ++step) {
                if (question.high > highestRating)
                    options.push_back(label(QString::number(step), QString::number(step)));
                else
                    options.push_back({{"value", step}});
            }
            return question.high > highestRating ? labels(u"label_selection"_s, options)
                                                 : json{{"type", "rating"}, {"options", options}};
        case QuestionKind::Text:
            return {{"type", "text"}, {"use_markdown", false}};
        case QuestionKind::Flag:
            return labels(u"label_selection"_s, {label(flagOn, u"Yes"_s), label(flagOff, u"No"_s)});
        }
        return {};
    }

    QString descriptionOf(const ReviewQuestion &question)
    {
        QStringList parts;
        if (!question.shownIf.isEmpty()) {
            parts << u"Only after “%1” was answered with: %2."_s.arg(question.shownIf,
                                                                     question.shownValues.join(u", "_s));
            m_notes << u"“%1” is asked of every item: Argilla has no questions that wait for another. Answers where it would "
                       u"not have been asked are left out when they come back."_s.arg(question.id);
        }
        const QString low = said(question.lowText), high = said(question.highText);
        if (question.kind == QuestionKind::Scale && (!low.isEmpty() || !high.isEmpty()))
            parts << u"%1 = %2, %3 = %4"_s.arg(QString::number(question.low), low, QString::number(question.high), high);
        return parts.join(u'\n');
    }

    const ToolJob &m_job;
    const QStringList &m_keys;
    QStringList &m_notes;
};

json field(const QString &name, const QString &title, bool required)
{
    json made = property(name, title, {{"type", "text"}, {"use_markdown", false}});
    made["required"] = required;
    return made;
}

json metadata(const QString &name, const json &settings)
{
    json made{{"name", name.toStdString()}, {"title", name.toStdString()}, {"settings", settings}};
    made["visible_for_annotators"] = false;
    return made;
}

} // namespace

json argillaRecord(const ToolJob &job, const ToolTask &task)
{
    json record{{"id", task.item.itemId.toStdString()},
                {"question", task.item.text.toStdString()},
                {"meta_export_id", job.exportId.toStdString()},
                {"meta_content_hash", task.item.contentHash.toStdString()},
                {"meta_behavior", job.behaviour.toStdString()},
                {"meta_list", task.slot + 1},
                {"meta_position", task.position + 1}};
    QStringList lines;
    bool isNamed = false; // Options that say more than their key.
    for (const QString &key : task.optionOrder) {
        const auto option = std::ranges::find(task.item.options, key, &ShownOption::key);
        isNamed = isNamed || option->text != key;
        lines << u"%1: %2"_s.arg(key, option->text);
    }
    QStringList shown = task.optionOrder;
    if (isNamed)
        record["options"] = lines.join(u'\n').toStdString();
    else
        shown.sort(); // As the labels of the question stand.
    record["meta_options"] = canonicalJson(textsToJson(shown)).toStdString();
    if (!task.item.occupation.isEmpty())
        record["occupation"] = task.item.occupation.toStdString();
    if (!task.item.otherPerson.isEmpty())
        record["other_person"] = task.item.otherPerson.toStdString();
    const ReviewQuestion *asked = job.questionnaire.labelQuestion();
    if (job.showsPredictions && asked && asked->kind == QuestionKind::Options && task.optionOrder.contains(task.label))
        record[toolName(asked->id).toStdString()] = task.label.toStdString();
    return record;
}

ArgillaSettings argillaSettings(const ToolJob &job, const QStringList &keys)
{
    ArgillaSettings made;
    json fields = json::array({field(u"question"_s, job.behaviour, true)});
    if (job.isPronounTask) {
        fields.push_back(field(u"occupation"_s, u"Occupation"_s, false));
        fields.push_back(field(u"other_person"_s, u"Other person"_s, false));
    } else {
        fields.push_back(field(u"options"_s, u"Options"_s, false));
    }
    const json term{{"type", "terms"}, {"values", nullptr}}, whole{{"type", "integer"}, {"min", nullptr}, {"max", nullptr}};
    const QString canary = job.canary.isEmpty() ? QString() : u"\n\n"_s + job.canary;
    made.document = {{"guidelines", (job.guideline.trimmed() + canary).trimmed().toStdString()},
                     {"questions", Questions(job, keys, made.notes).run()},
                     {"fields", fields},
                     {"vectors", json::array()},
                     {"metadata",
                      {metadata(u"meta_export_id"_s, term), metadata(u"meta_content_hash"_s, term),
                       metadata(u"meta_behavior"_s, term), metadata(u"meta_list"_s, whole),
                       metadata(u"meta_position"_s, whole), metadata(u"meta_options"_s, term)}},
                     {"allow_extra_metadata", false},
                     {"distribution", {{"strategy", "overlap"}, {"min_submitted", job.ratersPerItem}}},
                     {"mapping", nullptr}};
    return made;
}

} // namespace evalwright::review
