// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/systemtexts.h"

#include "core/foreignjson.h"
#include "evaluation/frames.h"

#include <QRegularExpression>
#include <QSqlError>

namespace evalwright::preparation {

using namespace Qt::StringLiterals;

namespace {

/// Of every evaluation that named some, the newest text of each name.
Result<QMap<QString, QString>> storedSystems(Connection &connection)
{
    EVALWRIGHT_ASSIGN(QSqlQuery rows,
                      connection.query(u"SELECT parameters FROM job WHERE kind = 'evaluate' AND "
                                       u"instr(parameters, '\"systems\"') > 0 ORDER BY id"_s));
    QMap<QString, QString> texts;
    while (rows.next()) {
        const nlohmann::json parameters = storedJson(rows.value(0).toString());
        if (!parameters.is_object() || !parameters.contains("systems") || !parameters["systems"].is_object())
            continue;
        for (const auto &[name, text] : parameters["systems"].items()) {
            if (text.is_string())
                texts.insert(QString::fromStdString(name), QString::fromStdString(text.get<std::string>()));
        }
    }
    if (rows.lastError().isValid())
        return failure(sqlError(rows.lastError(), u"Reading the project"_s));
    return texts;
}

Status checkText(const QString &name, const QString &text)
{
    static const QRegularExpression valid(u"\\A[a-z0-9-]{1,32}\\z"_s);
    if (!valid.match(name).hasMatch()) {
        return failure(ErrorCode::InvalidInput, u"“%1” cannot name a system text."_s.arg(name.left(64)),
                       u"Use 1 to 32 of the characters a-z, 0-9 and -."_s);
    }
    if (text.trimmed().isEmpty())
        return failure(ErrorCode::InvalidInput, u"The system text “%1” is empty."_s.arg(name),
                       u"Use the frame “chat”, which has none."_s);
    return {};
}

} // namespace

Result<QMap<QString, QString>> systemsOf(Connection &connection, const EvaluateSpec &spec)
{
    QMap<QString, QString> texts;
    QStringList asked;
    for (const QString &frame : spec.frames) {
        if (const QString name = systemNameOf(frame); !name.isEmpty())
            asked << name;
    }
    for (auto given = spec.systems.cbegin(); given != spec.systems.cend(); ++given) {
        EVALWRIGHT_TRY(checkText(given.key(), given.value()));
        if (!asked.contains(given.key())) {
            return failure(ErrorCode::InvalidInput, u"No frame asks for the system text “%1”."_s.arg(given.key()),
                           u"Add the frame chat+%1, or leave the text out."_s.arg(given.key()));
        }
    }
    if (asked.isEmpty())
        return texts;
    EVALWRIGHT_ASSIGN(const auto stored, storedSystems(connection));
    for (const QString &name : std::as_const(asked)) {
        const auto given = spec.systems.constFind(name);
        const auto known = stored.constFind(name);
        if (given != spec.systems.constEnd() && known != stored.constEnd() && *given != *known) {
            return failure(
                Error(ErrorCode::InvalidInput, u"The name “%1” stands for another system text in this project."_s.arg(name),
                      u"Use another name for this text, or leave it out to ask with the text of before."_s)
                    .withConsequence(
                        u"Answers under the frame chat+%1 would mean two things. Nothing was sent."_s.arg(name)));
        }
        if (given != spec.systems.constEnd())
            texts.insert(name, *given);
        else if (known != stored.constEnd())
            texts.insert(name, *known);
    }
    return texts;
}

} // namespace evalwright::preparation
