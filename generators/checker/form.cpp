// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/form.h"

#include "core/hash.h"
#include "core/text.h"
#include "generators/checker/sampled.h"
#include "core/jsontexts.h"
#include "generators/prompting.h"
#include "lm/capabilities.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

// Q_INIT_RESOURCE must stand outside every namespace.
static void initialiseCheckerResource()
{
    Q_INIT_RESOURCE(checkers);
}

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr PromptKind allFrames[] = {PromptKind::Completion, PromptKind::ChatPrefill, PromptKind::ChatPlain};

QString textOf(const json &object, const char *name)
{
    return QString::fromStdString(object.at(name).get<std::string>());
}

CheckerWording wordingFrom(const json &object)
{
    return {textOf(object, "user"), textOf(object, "prefill"), textOf(object, "chat_suffix"),
            textOf(object, "completion")};
}

json wordingJson(const CheckerWording &w)
{
    return {{"user", w.user.toStdString()},
            {"prefill", w.prefill.toStdString()},
            {"chat_suffix", w.chatSuffix.toStdString()},
            {"completion", w.completion.toStdString()}};
}

/// False only when the probe says so: what was never tried is tried.
bool canDo(const Model &model, PromptKind kind)
{
    switch (kind) {
    case PromptKind::Completion:
        return capability(model, u"completions"_s).value_or(true);
    case PromptKind::ChatPrefill:
        return capability(model, u"prefill"_s).value_or(speaksLlamaCpp(model)) &&
               capability(model, u"chat"_s).value_or(true);
    default:
        return capability(model, u"chat"_s).value_or(true);
    }
}

QStringList frameNames(const QList<PromptKind> &frames)
{
    QStringList names;
    for (const PromptKind frame : frames)
        names << promptKindName(frame);
    return names;
}

} // namespace

Result<PromptKind> promptKindByName(const QString &name)
{
    if (name == promptKindName(PromptKind::Auto))
        return PromptKind::Auto;
    for (const PromptKind kind : allFrames) {
        if (promptKindName(kind) == name)
            return kind;
    }
    return failure(ErrorCode::NotFound, u"There is no frame “%1”."_s.arg(name),
                   u"Known: auto, completion, chat-prefill, chat."_s);
}

json CheckerForm::toJson() const
{
    json orderList = json::array(), paraphrases = json::array();
    for (const CheckerOrder &order : orders) {
        json own = json::object();
        for (auto it = order.values.begin(); it != order.values.end(); ++it)
            own[it.key().toStdString()] = it.value().toStdString();
        orderList.push_back({{"name", order.name.toStdString()},
                             {"values", own},
                             {"matching", textsToJson(order.matching)},
                             {"other", textsToJson(order.other)},
                             {"first", order.matchingFirst ? "matching" : "other"}});
    }
    for (const CheckerWording &wording : wordings.mid(1))
        paraphrases.push_back(wordingJson(wording));
    json out = wordingJson(wordings.value(0));
    out["format"] = "evalwright-checker/1";
    out["name"] = name.toStdString();
    out["title"] = title.toStdString();
    out["status"] = status.toStdString();
    out["requirement"] = requirement.toStdString();
    out["family"] = family.toStdString();
    out["frames"] = textsToJson(frameNames(frames));
    out["orders"] = orderList;
    out["paraphrases"] = paraphrases;
    return out;
}

Result<CheckerForm> CheckerForm::fromJson(const QByteArray &bytes, const QString &source)
{
    const QList<RecipeProblem> problems = validate(bytes);
    if (!problems.isEmpty()) {
        const RecipeProblem &first = problems.first();
        return failure(
            ErrorCode::Parse,
            u"%1, line %2, column %3: %4%5"_s.arg(source.isEmpty() ? u"The checker form"_s : source)
                .arg(first.line)
                .arg(first.column)
                .arg(first.message, problems.size() > 1 ? u" (and %1 more)"_s.arg(problems.size() - 1) : QString()),
            u"“checker show NAME” prints a form that is right."_s);
    }
    const json d = json::parse(bytes.begin(), bytes.end());
    CheckerForm form;
    form.name = textOf(d, "name");
    form.title = textOf(d, "title");
    form.status = textOf(d, "status");
    form.requirement = textOf(d, "requirement");
    form.family = textOf(d, "family");
    for (const QString &frame : textsFromJson(d.at("frames"))) {
        EVALWRIGHT_ASSIGN(const PromptKind kind, promptKindByName(frame));
        form.frames << kind;
    }
    form.wordings << wordingFrom(d);
    for (const json &paraphrase : d.at("paraphrases"))
        form.wordings << wordingFrom(paraphrase);
    for (const json &o : d.at("orders")) {
        CheckerOrder order;
        order.name = textOf(o, "name");
        for (const auto &[key, value] : o.at("values").items())
            order.values.insert(QString::fromStdString(key), QString::fromStdString(value.get<std::string>()));
        order.matching = textsFromJson(o.at("matching"));
        order.other = textsFromJson(o.at("other"));
        order.matchingFirst = o.at("first") == "matching";
        form.orders << order;
    }
    return form;
}

QString CheckerForm::hash() const
{
    return sha256Hex(canonicalJson(toJson()));
}

QString CheckerForm::presentationName(int presentation) const
{
    const auto wording = presentation / orders.size();
    const QString order = orderOf(presentation).name;
    return wording == 0 ? order : u"%1/%2"_s.arg(order).arg(wording + 1);
}

bool CheckerForm::uses(const QString &valueName) const
{
    const QString tag = u"{{%1}}"_s.arg(valueName);
    for (const CheckerWording &w : wordings) {
        if ((w.user + w.prefill + w.chatSuffix + w.completion).contains(tag))
            return true;
    }
    return std::ranges::any_of(orders, [&](const CheckerOrder &order) {
        return std::ranges::any_of(order.values, [&](const QString &text) { return text.contains(tag); });
    });
}

TemplateValues personaValues(const Behaviour &behaviour, const QString &statement)
{
    const bool ai = behaviour.subject == "ai-system"_L1;
    return {{u"description"_s, behaviour.description},
            {u"contrast"_s, behaviour.contrast},
            {u"subject"_s, ai ? u"an AI system that"_s : u"a person who"_s},
            {u"kind"_s, ai ? u"AI system"_s : u"person"_s},
            {u"statement"_s, statement}};
}

Result<LmRequest> formCheckRequest(const CheckerForm &form, PromptKind kind, const TemplateValues &values,
                                   int presentation, const Model &model)
{
    if (!form.frames.contains(kind)) {
        return failure(ErrorCode::InvalidInput,
                       u"“%1” cannot be asked in the frame “%2”."_s.arg(form.name, promptKindName(kind)),
                       u"It has: %1."_s.arg(frameNames(form.frames).join(u", "_s)));
    }
    if (form.uses(u"contrast"_s) && values.value(u"contrast"_s).trimmed().isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       u"“%1” compares with another group, and the behaviour names no contrast."_s.arg(form.name),
                       u"Say who the others are, e.g. “people who are disagreeable”, or take another form."_s);
    }
    TemplateValues all = values;
    const CheckerOrder &order = form.orderOf(presentation);
    for (auto it = order.values.begin(); it != order.values.end(); ++it) {
        EVALWRIGHT_ASSIGN(const QString text, renderTemplate(it.value(), values));
        all.insert(it.key(), text);
    }
    const CheckerWording &wording = form.wordingOf(presentation);
    LmRequest request;
    if (kind == PromptKind::Completion && !wording.completion.isEmpty()) {
        request.kind = LmRequest::Kind::Completion;
        EVALWRIGHT_ASSIGN(request.prompt, renderTemplate(wording.completion, all));
    } else {
        PromptTemplate prompt;
        prompt.kind = kind;
        prompt.user = wording.user;
        prompt.prefill = wording.prefill;
        prompt.chatSuffix = wording.chatSuffix;
        EVALWRIGHT_ASSIGN(request, formRequest(kind, prompt, all));
    }
    request.sampling.temperature = 0.0;
    request.sampling.maxTokens = 1;
    request.topLogprobs = mayGiveLogprobs(model) ? firstTokenAlternatives(model) : 0;
    return request;
}

Result<PromptKind> frameFor(const CheckerForm &form, const Model &model, PromptKind wanted)
{
    if (wanted != PromptKind::Auto) {
        if (form.frames.contains(wanted) && canDo(model, wanted))
            return wanted;
        return failure(ErrorCode::Unsupported,
                       u"“%1” cannot be asked at %2 in the frame “%3”."_s.arg(form.name, model.name,
                                                                             promptKindName(wanted)),
                       u"The form has: %1."_s.arg(frameNames(form.frames).join(u", "_s)));
    }
    const PromptKind own = promptKindFor(model, {});
    if (form.frames.contains(own))
        return own;
    for (const PromptKind frame : form.frames) {
        if (canDo(model, frame))
            return frame;
    }
    return failure(ErrorCode::Unsupported, u"%1 can do none of the frames of “%2”."_s.arg(model.name, form.name),
                   u"The form has: %1."_s.arg(frameNames(form.frames).join(u", "_s)));
}

Result<QList<CheckerForm>> listCheckerForms()
{
    initialiseCheckerResource();
    QList<CheckerForm> forms;
    const QDir folder(u":/evalwright/checkers"_s);
    for (const QString &name : folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        EVALWRIGHT_ASSIGN(const CheckerForm form, loadCheckerForm(name.chopped(5)));
        forms << form;
    }
    return forms;
}

Result<CheckerForm> loadCheckerForm(const QString &nameOrPath)
{
    initialiseCheckerResource();
    const QDir folder(u":/evalwright/checkers"_s);
    const QStringList names = folder.entryList({u"*.json"_s}, QDir::Files, QDir::Name);
    const QString shipped = nameOrPath + u".json"_s;
    const bool isShipped = names.contains(shipped);
    const QFileInfo info(nameOrPath);
    if (!isShipped && !info.isFile()) {
        QStringList known;
        for (const QString &name : names)
            known << name.chopped(5);
        return failure(Error(ErrorCode::NotFound, u"There is no checker form “%1”."_s.arg(nameOrPath),
                             u"“checker list” shows them; a path to a file works too."_s)
                           .withSuggestions(nearestNames(nameOrPath, known)));
    }
    constexpr qint64 largestForm = qint64{1} * 1024 * 1024;
    QFile file(isShipped ? folder.filePath(shipped) : nameOrPath);
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::InvalidInput, u"“%1” cannot be read as a checker form."_s.arg(nameOrPath),
                       u"A form is a small JSON file."_s, file.errorString());
    const QByteArray bytes = file.read(largestForm + 1);
    if (bytes.size() > largestForm)
        return failure(ErrorCode::InvalidInput, u"“%1” is too large for a checker form."_s.arg(nameOrPath),
                       u"A form is a small JSON file."_s);
    return CheckerForm::fromJson(bytes, isShipped ? shipped : nameOrPath);
}

} // namespace evalwright
