// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/trust.h"

#include "core/foreignjson.h"
#include "generators/prompting.h"
#include "storage/repositories/notes.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString figure(double value)
{
    return QString::number(value, 'f', 2);
}

/// "psychopathy: AUROC 0.30 (0.18 to 0.42), 100 items, refused"
QString trialText(const ValidationRow &row)
{
    const json result = storedJson(row.validation.result);
    QString text = row.dataset + u": "_s;
    const json auroc = result.is_object() ? result.value("auroc", json::object()) : json::object();
    const auto number = [&](const char *name) { return auroc.contains(name) && auroc.at(name).is_number(); };
    if (number("value") && number("low") && number("high")) {
        text += u"AUROC %1 (%2 to %3), "_s.arg(figure(auroc.at("value").get<double>()),
                                               figure(auroc.at("low").get<double>()),
                                               figure(auroc.at("high").get<double>()));
    }
    return text + u"%1 items, %2"_s.arg(row.validation.items).arg(verdictName(verdictOf(row.validation)));
}

bool isOfBehaviour(const ValidationRow &row, const Behaviour &behaviour)
{
    const json asked = storedJson(row.validation.checkJson);
    return asked.is_object() && !behaviour.description.isEmpty() &&
           asked.value("description", json()) == json(behaviour.description.toStdString());
}

} // namespace

Result<CheckerTrust> trustOf(Connection &connection, const Recipe &recipe, const Model &checker)
{
    const RecipeStage *check = recipe.checking();
    return check ? trustOf(connection, *check, recipe.behaviour, checker) : CheckerTrust();
}

Result<CheckerTrust> trustOf(Connection &connection, const RecipeStage &check, const Behaviour &behaviour,
                             const Model &checker)
{
    CheckerTrust trust;
    if (!check.form || check.requirement != "label"_L1)
        return trust;
    EVALWRIGHT_ASSIGN(const PromptKind frame, frameFor(*check.form, checker, check.prompt.kind));
    const CheckMethod method = checkMethodFor(check.method, check.samples, checker);
    ValidationFilter filter;
    filter.model = checker.id;
    filter.checkHash = checkerHash(*check.form, frame, method);
    EVALWRIGHT_ASSIGN(const QList<ValidationRow> all, latestValidations(connection, filter));
    for (const ValidationRow &row : all) {
        if (isOfBehaviour(row, behaviour))
            trust.trials << row;
    }
    trust.sameBehaviour = !trust.trials.isEmpty();
    if (!trust.sameBehaviour)
        trust.trials = all;
    const QString how =
        promptKindName(frame) + (method.sampled ? u", %1 samples each"_s.arg(method.samples) : QString());
    const QString asked = u"%1 in the form “%2” (%3)"_s.arg(checker.name, check.form->name, how);
    if (trust.trials.isEmpty()) {
        trust.state = CheckerTrust::State::Untried;
        trust.text = u"The checker %1 was never tried on items whose labels are known."_s.arg(asked);
        return trust;
    }
    const auto usable = std::ranges::count_if(
        trust.trials, [](const ValidationRow &row) { return isTrusted(verdictOf(row.validation)); });
    const bool enough = trust.sameBehaviour ? usable == trust.trials.size() : 2 * usable >= trust.trials.size();
    trust.state = enough ? CheckerTrust::State::Usable : CheckerTrust::State::Refused;
    QStringList figures;
    for (const ValidationRow &row : std::as_const(trust.trials))
        figures << trialText(row);
    trust.text = (enough ? u"The checker %1 tells labels apart: %2."_s
                         : u"The checker %1 is not better than chance where it was tried: %2."_s)
                     .arg(asked, figures.join(u"; "_s));
    return trust;
}

Status mayUse(const CheckerTrust &trust, const QString &reason)
{
    if (trust.state != CheckerTrust::State::Refused || !reason.trimmed().isEmpty())
        return {};
    return failure(Error(ErrorCode::Unsupported, trust.text,
                         u"Try other forms or another model (“checker validate”), or say why you use it all the same "
                         u"(--trust-checker \"reason\"); the reason stays with the data set."_s)
                       .withConsequence(u"Nothing was sent."_s));
}

QString familyWarning(const Model &writer, const Model &checker)
{
    if (writer.id == checker.id)
        return u"%1 checks its own texts; its mistakes as a writer and as a checker go together."_s.arg(writer.name);
    if (!writer.family.isEmpty() && writer.family == checker.family)
        return u"Writer and checker are of the same family (%1)."_s.arg(writer.family);
    return {};
}

Status noteChecker(Connection &connection, DatasetId dataset, const CheckerTrust &trust, const QString &reason,
                   const Model *writer, const Model &checker)
{
    DatasetNote note;
    if (trust.state != CheckerTrust::State::NoCheck) {
        note.kind = trust.state == CheckerTrust::State::Usable    ? u"tried-checker"_s
                    : trust.state == CheckerTrust::State::Untried ? u"untried-checker"_s
                                                                  : u"refused-checker"_s;
        note.text = trust.text;
        EVALWRIGHT_TRY(addNote(connection, dataset, note));
    }
    if (trust.state == CheckerTrust::State::Refused) {
        const DatasetNote why{u"overridden-checker"_s, reason.trimmed(), u"{}"_s, u"person"_s, {}};
        EVALWRIGHT_TRY(addNote(connection, dataset, why));
    }
    if (writer && !familyWarning(*writer, checker).isEmpty()) {
        note.kind = u"same-family"_s;
        note.text = writer->id == checker.id
                        ? u"%1 wrote the items and checked them itself."_s.arg(writer->name)
                        : u"Writer (%1) and checker (%2) are of one family, %3."_s.arg(writer->name, checker.name,
                                                                                        writer->family);
        EVALWRIGHT_TRY(addNote(connection, dataset, note));
    }
    return {};
}

} // namespace evalwright
