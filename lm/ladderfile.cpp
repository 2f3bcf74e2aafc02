// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/ladderfile.h"

#include "core/jsontexts.h"
#include "core/text.h"
#include "lm/endpointaddress.h"
#include "lm/standardaccess.h"
#include "storage/exchange/recordsource.h"
#include "storage/repositories/models.h"

#include <QDate>
#include <QSet>

#include <cmath>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QStringList known{u"name"_s,     u"family"_s, u"parameters"_s, u"training"_s, u"steps"_s, u"compute"_s, u"released"_s,
                        u"rung"_s,     u"base_url"_s, u"model"_s,    u"api"_s,      u"key_env"_s, u"gguf"_s,  u"local"_s};

/// One row under work: the first problem is the row's.
class RowReading
{
public:
    explicit RowReading(const InputRecord &record) : m_record(record) {}

    std::optional<RowProblem> problem;

    QString text(const QString &name) const
    {
        const JsonNode *node = m_record.find({name});
        const bool isValue = node && (node->kind == JsonNode::Kind::Text || node->kind == JsonNode::Kind::Number);
        return isValue ? node->text.trimmed() : QString();
    }
    void bad(const QString &name, const QString &message)
    {
        if (!problem)
            problem = m_record.problemAt(m_record.find({name}), u"wrong-type"_s, message, name);
    }
    std::optional<double> size(const QString &name)
    {
        const QString value = text(name);
        if (value.isEmpty())
            return std::nullopt;
        const auto number = parametersFromText(value);
        if (!number)
            bad(name, u"“%1” must be a number above 0 such as 1.6B or 1.6e9, not “%2”."_s.arg(name, value.left(40)));
        return number;
    }

private:
    const InputRecord &m_record;
};

Result<Model> modelOf(RowReading &row)
{
    const QString name = row.text(u"name"_s), url = row.text(u"base_url"_s), gguf = row.text(u"gguf"_s),
                  local = row.text(u"local"_s);
    if (!local.isEmpty())
        return catalogueModel(name, local);
    if (!gguf.isEmpty())
        return ggufModel(name, gguf);
    Model model;
    model.name = name;
    model.modelId = row.text(u"model"_s);
    if (url.isEmpty()) {
        model.kind = ModelKind::Results;
        return model;
    }
    EVALWRIGHT_ASSIGN(model.baseUrl, checkedEndpointAddress(url));
    if (model.modelId.isEmpty())
        row.bad(u"model"_s, u"A model on a server needs the server's own name for it in the column “model”."_s);
    const QString api = row.text(u"api"_s);
    if (!api.isEmpty())
        model.api = api;
    if (!QStringList{u"openai"_s, u"llama.cpp"_s, u"anthropic"_s, u"ollama"_s}.contains(model.api))
        row.bad(u"api"_s, u"The API “%1” is not known; use openai, llama.cpp, anthropic or ollama."_s.arg(api.left(40)));
    model.keyEnv = row.text(u"key_env"_s);
    return model;
}

void readRow(const InputRecord &record, QSet<QString> &names, LadderFile &file)
{
    if (record.problem) {
        file.problems << *record.problem;
        return;
    }
    RowReading row(record);
    LadderRow out;
    out.line = record.line;
    const QString name = row.text(u"name"_s);
    if (name.isEmpty())
        row.bad(u"name"_s, u"The model has no name."_s);
    else if (names.contains(name))
        row.bad(u"name"_s, u"The name “%1” comes twice."_s.arg(name));
    names << name;
    const auto made = modelOf(row);
    if (!made)
        row.bad(u"name"_s, made.error().text());
    else
        out.model = *made;
    out.canBeAsked = out.model.kind != ModelKind::Results;
    const auto set = [&](QString &target, const QString &column) {
        if (const QString value = row.text(column); !value.isEmpty())
            target = value;
    };
    set(out.model.family, u"family"_s);
    set(out.model.training, u"training"_s);
    set(out.model.released, u"released"_s);
    set(out.model.rung, u"rung"_s);
    if (const auto parameters = row.size(u"parameters"_s))
        out.model.parameters = parameters;
    out.model.compute = row.size(u"compute"_s);
    if (const QString steps = row.text(u"steps"_s); !steps.isEmpty()) {
        bool ok = false;
        const double number = steps.toDouble(&ok);
        if (!ok || number < 0 || number > 9e15 || number != std::floor(number))
            row.bad(u"steps"_s, u"“steps” must be a whole number, not “%1”."_s.arg(steps.left(40)));
        else
            out.model.steps = static_cast<qint64>(number);
    }
    if (!out.model.released.isEmpty() && !QDate::fromString(out.model.released, Qt::ISODate).isValid())
        row.bad(u"released"_s, u"“released” must be a day as 2024-05-01, not “%1”."_s.arg(out.model.released.left(40)));
    if (row.problem)
        file.problems << *row.problem;
    else
        file.rows << out;
}

} // namespace

Result<LadderFile> readLadderFile(const QString &path)
{
    LadderFile file;
    QSet<QString> names;
    EVALWRIGHT_TRY(readRecords(
        path,
        [&file, &path](const QStringList &columns) -> Status {
            bool named = false;
            for (const QString &column : columns) {
                named = named || column.compare(u"name"_s, Qt::CaseInsensitive) == 0;
                if (!known.contains(column.toLower()))
                    file.unread << column;
            }
            if (named)
                return {};
            return failure(Error(ErrorCode::InvalidInput, u"“%1” has no column “name”."_s.arg(path),
                                 u"A ladder has the columns: %1."_s.arg(known.join(u", "_s)))
                               .withConsequence(u"Nothing was changed."_s));
        },
        [&](const InputRecord &record) -> Status {
            readRow(record, names, file);
            return {};
        }));
    return file;
}

Result<LadderReport> applyLadder(Connection &connection, const LadderFile &file)
{
    LadderReport report;
    for (const LadderRow &row : file.rows) {
        const auto present = modelByName(connection, row.model.name);
        if (!present && present.error().code != ErrorCode::NotFound)
            return failure(present.error());
        if (!present) {
            EVALWRIGHT_TRY(addModel(connection, row.model));
            report.added << row.model.name;
            if (!row.canBeAsked)
                report.resultsOnly << row.model.name;
            continue;
        }
        const LadderPlace before = LadderPlace::of(*present), wanted = LadderPlace::of(row.model);
        LadderPlace after = before;
        const auto take = [](auto &target, const auto &value, bool isKnown) {
            if (isKnown)
                target = value;
        };
        take(after.family, wanted.family, !wanted.family.isEmpty());
        take(after.training, wanted.training, !wanted.training.isEmpty());
        take(after.released, wanted.released, !wanted.released.isEmpty());
        take(after.rung, wanted.rung, !wanted.rung.isEmpty());
        take(after.parameters, wanted.parameters, wanted.parameters.has_value());
        take(after.compute, wanted.compute, wanted.compute.has_value());
        take(after.steps, wanted.steps, wanted.steps.has_value());
        if (after == before) {
            report.unchanged << row.model.name;
            continue;
        }
        EVALWRIGHT_TRY(setLadderPlace(connection, present->id, after));
        report.changed << row.model.name;
    }
    return report;
}

json LadderReport::toJson() const
{
    return {{"added", textsToJson(added)},
            {"changed", textsToJson(changed)},
            {"unchanged", textsToJson(unchanged)},
            {"results_only", textsToJson(resultsOnly)}};
}

} // namespace evalwright
