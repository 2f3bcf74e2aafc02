// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include "review/answersfile.h"
#include "review/elsewhere/toolrows.h"
#include "review/sealedzip.h"

#include <QDateTime>
#include <QRegularExpression>
#include <QSet>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr double mostSeconds = 1e8;
constexpr PlaceNames taskNames{"item_id", "export_id", "content_hash", "list", "position", "options"};

/// What stands beside the answers in JSON_MIN and in tables.
bool isNoAnswer(const std::string &name)
{
    static const QSet<QString> names{u"item_id"_s,     u"content_hash"_s, u"behavior"_s,   u"question"_s,  u"options"_s,
                                     u"occupation"_s,  u"other_person"_s, u"export_id"_s,  u"list"_s,      u"position"_s,
                                     u"id"_s,          u"annotator"_s,    u"annotation_id"_s, u"created_at"_s, u"updated_at"_s,
                                     u"lead_time"_s,   u"agreement"_s,    u"history"_s};
    return names.contains(QString::fromStdString(name));
}

/// The time in UTC, as exact as it is given; empty for what is no time.
QString utc(const QString &text)
{
    if (isUtcTime(text))
        return text;
    static const QRegularExpression offset(u"[+-][0-9]{2}:?[0-9]{2}\\z"_s);
    if (text.size() > 64 || !offset.match(text).hasMatch())
        return {};
    const QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    const QString utc = time.isValid() ? isoUtc(time) : QString();
    return isUtcTime(utc) ? utc : QString();
}

/// A whole number, as Label Studio calls accounts; −1 for anything else.
qint64 accountOf(const json &value, bool isTable)
{
    if (value.is_number_integer())
        return value.get<qint64>();
    if (value.is_object())
        return wholeIn(value, "id");
    if (!isTable || !value.is_string())
        return -1;
    bool isNumber = false;
    const qint64 number = QString::fromStdString(value.get_ref<const std::string &>()).toLongLong(&isNumber);
    return isNumber ? number : -1;
}

class TaskReader
{
public:
    TaskReader(qint64 row, bool isTable, ToolAnswers &out) : m_row(row), m_isTable(isTable), m_out(out) {}

    void full(const json &task)
    {
        const json &data = partOf(task, "data"), &annotations = partOf(task, "annotations");
        const json &drafts = partOf(task, "drafts");
        if (!data.is_object() || !annotations.is_array())
            return refuse(u"missing-field"_s, data.is_object() ? u"annotations"_s : u"data"_s,
                          u"It is no task of Label Studio."_s);
        m_out.drafts += drafts.is_array() ? static_cast<qint64>(drafts.size()) : 0;
        if (annotations.empty()) {
            ++m_out.unanswered;
            return;
        }
        ToolAnswer place;
        if (const auto problem = readPlace({m_row, data, false}, taskNames, place)) {
            m_out.problems << *problem;
            return;
        }
        for (std::size_t i = 0; i < annotations.size(); ++i) {
            m_prefix = u"annotations[%1]."_s.arg(i);
            annotation(annotations[i], place);
        }
    }

    void minimal(const json &members)
    {
        const ToolRow row{m_row, members, m_isTable};
        if (!members.contains("annotation_id"))
            return refuse(u"missing-field"_s, u"annotation_id"_s, u"It is no row of Label Studio."_s);
        const json &id = row.at("annotation_id");
        if (id.is_null() || (id.is_string() && id.get_ref<const std::string &>().empty())) {
            ++m_out.unanswered;
            return;
        }
        ToolAnswer answer;
        if (const auto problem = readPlace(row, taskNames, answer)) {
            m_out.problems << *problem;
            return;
        }
        m_item = answer.itemId;
        if (!who(answer, row.at("annotator"), u"annotator"_s) ||
            !when(answer, row.whole("annotation_id"), row.text("created_at"), row.text("updated_at"), u"annotation_id"_s) ||
            !howLong(answer, row.structured("lead_time")))
            return;
        for (const auto &[name, value] : members.items()) {
            const bool isEmpty = value.is_null() || (value.is_string() && value.get_ref<const std::string &>().empty());
            if (!isEmpty && !isNoAnswer(name))
                answer.given.insert(QString::fromStdString(name), value);
        }
        m_out.answers.push_back(std::move(answer));
    }

private:
    void refuse(const QString &reason, const QString &field, const QString &message)
    {
        m_out.problems << ToolProblem{m_row, reason, m_prefix + field, message, m_item};
    }

    bool who(ToolAnswer &answer, const json &account, const QString &field)
    {
        const qint64 number = accountOf(account, m_isTable);
        if (number < 0) {
            refuse(u"wrong-type"_s, field,
                   u"It does not say by number who answered; export as JSON, which names no person."_s);
            return false;
        }
        answer.rater = u"ls-%1"_s.arg(number);
        return true;
    }

    bool when(ToolAnswer &answer, qint64 id, const QString &created, const QString &updated, const QString &idField)
    {
        if (id < 0) {
            refuse(u"wrong-type"_s, idField, u"The annotation has no number."_s);
            return false;
        }
        answer.shownAt = utc(created);
        answer.submittedAt = utc(updated.isEmpty() ? created : updated);
        if (answer.shownAt.isEmpty() || answer.submittedAt.isEmpty()) {
            refuse(u"wrong-type"_s, answer.shownAt.isEmpty() ? u"created_at"_s : u"updated_at"_s, u"The time is none."_s);
            return false;
        }
        // unique_id is in one of the four forms only; this is in all of them, and changes when the answer does.
        answer.identity = u"label-studio/%1/%2/%3"_s.arg(QString::number(id), answer.shownAt, answer.submittedAt);
        return true;
    }

    bool howLong(ToolAnswer &answer, const json &seconds)
    {
        if (seconds.is_null())
            return true;
        answer.seconds = seconds.is_number() ? seconds.get<double>() : -1;
        if (answer.seconds >= 0 && answer.seconds <= mostSeconds)
            return true;
        refuse(u"wrong-type"_s, u"lead_time"_s, u"The time it took is none."_s);
        return false;
    }

    void annotation(const json &given, ToolAnswer answer)
    {
        m_item = answer.itemId;
        if (!given.is_object())
            return refuse(u"not-an-object"_s, QString(), u"An annotation is no object."_s);
        if (!who(answer, partOf(given, "completed_by"), u"completed_by"_s) ||
            !when(answer, wholeIn(given, "id"), textIn(given, "created_at"), textIn(given, "updated_at"), u"id"_s) ||
            !howLong(answer, partOf(given, "lead_time")))
            return;
        const json &prediction = partOf(given, "prediction"), &parent = partOf(given, "parent_prediction");
        answer.sawPrediction = (prediction.is_object() && !prediction.empty()) || !parent.is_null();
        answer.isGroundTruth = partOf(given, "ground_truth") == true;
        if (partOf(given, "was_cancelled") == true)
            answer.state = skippedState;
        const json &results = partOf(given, "result");
        if (!results.is_array())
            return refuse(u"wrong-type"_s, u"result"_s, u"The answers are no list."_s);
        for (std::size_t i = 0; i < results.size(); ++i) {
            const QString name = textIn(results[i], "from_name"), field = u"result[%1]"_s.arg(i);
            if (name.isEmpty())
                continue; // A relation of two regions, which this interface has none of.
            const json &value = partOf(results[i], "value");
            if (!value.is_object())
                return refuse(u"wrong-type"_s, field, u"The answer has no value."_s);
            if (answer.given.contains(name))
                return refuse(u"wrong-type"_s, field, u"“%1” is answered twice."_s.arg(name.left(64)));
            answer.given.insert(name, value);
        }
        m_out.answers.push_back(std::move(answer));
    }

    qint64 m_row;
    bool m_isTable;
    ToolAnswers &m_out;
    QString m_prefix, m_item;
};

} // namespace

void readLabelStudioTask(const json &task, qint64 row, bool isTable, ToolAnswers &out)
{
    TaskReader reader(row, isTable, out);
    if (out.form == "json"_L1)
        reader.full(task);
    else
        reader.minimal(task);
}

} // namespace evalwright::review
