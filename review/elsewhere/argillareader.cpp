// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/toolrows.h"
#include "review/sealedzip.h"

#include <map>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr PlaceNames recordNames{"id", "meta_export_id", "meta_content_hash", "meta_list", "meta_position", "meta_options"};
constexpr std::string_view responsesSuffix = ".responses", suggestionSuffix = ".suggestion";

/// What one account said about the record.
struct Response
{
    QString status;
    QHash<QString, json> given;
};

QString textOf(const json &value)
{
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string &>()) : QString();
}

std::optional<QString> nameBefore(const std::string &key, std::string_view suffix)
{
    if (!std::string_view(key).ends_with(suffix))
        return {};
    return QString::fromStdString(key.substr(0, key.size() - suffix.size()));
}

} // namespace

void readArgillaRecord(const json &record, qint64 row, ToolAnswers &out)
{
    std::map<QString, Response> responses; // By account.
    QList<ToolProblem> problems;
    bool hasSuggestion = false;
    const QString item = textIn(record, "id").left(64);
    const auto bad = [&](const QString &field, const QString &message) {
        problems << ToolProblem{row, u"wrong-type"_s, field, message, item};
    };
    for (const auto &[key, value] : record.items()) {
        if (const auto suggested = nameBefore(key, suggestionSuffix); suggested && !value.is_null())
            hasSuggestion = true;
        const auto question = nameBefore(key, responsesSuffix);
        if (!question || value.is_null())
            continue;
        const QString field = QString::fromStdString(key).left(64);
        const json &users = partOf(record, (key + ".users").c_str()), &states = partOf(record, (key + ".status").c_str());
        if (!value.is_array() || !users.is_array() || !states.is_array() || users.size() != value.size() ||
            states.size() != value.size()) {
            bad(field, u"Answers, accounts and states do not belong together."_s);
            continue;
        }
        for (std::size_t i = 0; i < value.size(); ++i) {
            const QString user = textOf(users[i]), status = textOf(states[i]);
            if (!isUuid(user)) {
                bad(field + u".users"_s, u"It does not say by id who answered."_s);
                continue;
            }
            Response &response = responses[user];
            const bool isFirst = response.status.isEmpty();
            if (status != "submitted"_L1 && status != "discarded"_L1 && status != "draft"_L1)
                bad(field + u".status"_s, u"It does not say whether the answer was handed in."_s);
            else if (!isFirst && response.status != status)
                bad(field + u".status"_s, u"One part of the answer was handed in and another was not."_s);
            else if (response.given.contains(*question))
                bad(field, u"One account answers the question twice."_s);
            response.status = status;
            response.given.insert(*question, value[i]);
        }
    }
    if (!problems.isEmpty()) {
        out.problems += problems;
        return;
    }
    if (responses.empty()) {
        ++out.unanswered;
        return;
    }
    ToolAnswer place;
    if (const auto problem = readPlace({row, record, false}, recordNames, place)) {
        out.problems << *problem;
        return;
    }
    for (const auto &[user, response] : responses) {
        if (response.status == "draft"_L1) {
            ++out.drafts;
            continue;
        }
        ToolAnswer answer = place;
        answer.rater = u"argilla-"_s + user.left(8);
        answer.identity = u"argilla/"_s + user;
        answer.state = response.status == "discarded"_L1 ? skippedState : submittedState;
        answer.given = response.given;
        answer.sawPrediction = hasSuggestion;
        out.answers.push_back(std::move(answer));
    }
}

} // namespace evalwright::review
