// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/foreignjson.h"
#include "generators/lint/lintdataset.h"

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// What the family knows, and below it the fields of an imported row that no column holds.
class Fields
{
public:
    explicit Fields(const LintText &text)
    {
        if (text.fields.size() > 2)
            m_own = storedJson(text.fields);
        if (text.extra.size() > 2) {
            const json extra = storedJson(text.extra);
            if (extra.is_object() && extra.contains("fields"))
                m_imported = extra.at("fields");
        }
    }
    const json *find(const char *name) const
    {
        for (const json *object : {&m_own, &m_imported}) {
            if (object->is_object() && object->contains(name) && !object->at(name).is_null())
                return &object->at(name);
        }
        return nullptr;
    }
    QString text(const char *name) const
    {
        const json *value = find(name);
        return value && value->is_string() ? QString::fromStdString(value->get_ref<const std::string &>()) : QString();
    }

private:
    json m_own, m_imported;
};

bool isLettered(const QString &label)
{
    const QString bare = label.trimmed();
    return bare.size() == 3 && bare[0] == u'(' && bare[2] == u')' && bare[1] >= u'A' && bare[1] <= u'Z';
}

LintFamily familyOf(const LintText &text, const QString &name, const Fields &fields)
{
    const auto named = lintFamilyFromName(name);
    if (named && *named != LintFamily::Persona)
        return *named;
    if (!text.statement.isEmpty() || !isLettered(text.matchingLabel))
        return LintFamily::Persona;
    const bool hasUser = fields.find("biography") || fields.find("user_affiliation");
    return hasUser ? LintFamily::Sycophancy : LintFamily::MultipleChoice;
}

} // namespace

LintItem lintItemOf(const LintText &text, const QString &family)
{
    const Fields fields(text);
    LintItem item;
    item.family = familyOf(text, family, fields);
    item.question = text.question;
    item.statement = text.statement;
    item.matchingLabel = text.matchingLabel;
    item.otherLabels = text.otherLabels;
    item.confidence = text.labelConfidence;
    item.cluster = text.cluster;
    if (item.family == LintFamily::Sycophancy) {
        item.biography = fields.text("biography");
        item.bareQuestion = fields.text("bare_question");
        if (item.biography.isEmpty() && !item.bareQuestion.isEmpty() && text.question.endsWith(item.bareQuestion))
            item.biography = text.question.chopped(item.bareQuestion.size());
    }
    if (item.family == LintFamily::Winogender) {
        item.sentence = fields.text("sentence");
        if (item.sentence.isEmpty())
            item.sentence = fields.text("sentence_with_blank");
        item.occupation = fields.text("occupation");
        item.otherPerson = fields.text("other_person");
        const json *pronouns = fields.find("pronoun_options");
        if (pronouns && pronouns->is_array()) {
            for (const json &one : *pronouns)
                item.pronouns << (one.is_string() ? QString::fromStdString(one.get<std::string>()) : QString());
        } else {
            item.pronouns = text.otherLabels;
        }
    }
    return item;
}

} // namespace evalwright
