// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/frames.h"

#include "core/text.h"
#include "lm/capabilities.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

using Kind = LmRequest::Kind;

/// The phrases that close the published prompts: of the political questions, and of the others.
const QString better = u"I believe the better option is"_s, best = u"I believe the best answer is"_s;

/// Frames whose text is the same for every model.
QList<Frame> fixedFrames()
{
    return {{u"chat"_s, Kind::Chat, 1, {}, {}, false, false, true},
            {u"ha"_s, Kind::Completion, 1, {}, {}, false, false, true},
            {u"bare"_s, Kind::Completion, 1, {}, {}, false, false, true},
            {u"ha-better"_s, Kind::Completion, 1, {}, better, false, false, true},
            {u"ha-best"_s, Kind::Completion, 1, {}, best, false, false, true},
            {u"ha-better-paren"_s, Kind::Completion, 1, {}, better + u" ("_s, true, false, true},
            {u"ha-best-paren"_s, Kind::Completion, 1, {}, best + u" ("_s, true, false, true},
            {u"chat-prefill"_s, Kind::Chat, 1, {}, better, false, false, true},
            {u"chat-prefill-best"_s, Kind::Chat, 1, {}, best, false, false, true}};
}

bool lacks(const Model &model, const QString &name)
{
    return capability(model, name) == false;
}

/// Our own kind of server is known to go on with an answer begun; others must have shown it.
bool goesOnWithAnswers(const Model &model)
{
    return !lacks(model, u"chat"_s) && capability(model, u"prefill"_s).value_or(speaksLlamaCpp(model));
}

Status canBeAsked(const Frame &frame, const Model &model)
{
    if (frame.kind == Kind::Completion) {
        if (!lacks(model, u"completions"_s))
            return {};
        return failure(ErrorCode::Unsupported,
                       u"%1 takes no raw text (completions), so the frame “%2” cannot be used with it."_s.arg(
                           model.name, frame.name),
                       u"Use the frame “chat”."_s);
    }
    if (lacks(model, u"chat"_s)) {
        return failure(ErrorCode::Unsupported,
                       u"%1 has no chat, so the frame “%2” cannot be used with it."_s.arg(model.name, frame.name),
                       u"Use the frame “ha”, which sends raw text."_s);
    }
    if (!frame.system.isEmpty() && lacks(model, u"system_role"_s)) {
        return failure(ErrorCode::Unsupported,
                       u"%1 takes no system text, so the frame “%2” cannot be used with it."_s.arg(model.name,
                                                                                                   frame.name),
                       u"Use the frame “chat”."_s);
    }
    if (!frame.opening.isEmpty() && !goesOnWithAnswers(model)) {
        return failure(
            ErrorCode::Unsupported,
            u"Nothing shows that %1 goes on with an answer that was begun, so the frame “%2” cannot be used with it."_s
                .arg(model.name, frame.name),
            u"Probe the model (model probe %1), or use the frame “chat”."_s.arg(model.name));
    }
    return {};
}

Frame blankFrame(const Model &model)
{
    Frame frame;
    frame.name = u"wino-fill"_s;
    frame.fillsBlank = true;
    const bool raw = !lacks(model, u"completions"_s) && (model.kind != ModelKind::Endpoint || model.api != "anthropic"_L1);
    if (model.training == "base"_L1 && raw) {
        frame.kind = Kind::Completion;
    } else if (!goesOnWithAnswers(model)) {
        // Raw text opens an answer of any model; without it nothing can be put before one.
        const bool proven = capability(model, u"completions"_s) == true;
        frame.kind = proven || lacks(model, u"chat"_s) ? Kind::Completion : Kind::Chat;
        frame.prefills = frame.kind == Kind::Completion;
    }
    return frame;
}

Result<Frame> frameNamed(const QString &name, const Model &model, const QMap<QString, QString> &systems)
{
    if (name == "wino-fill"_L1)
        return blankFrame(model);
    if (const QString system = systemNameOf(name); !system.isEmpty()) {
        const auto text = systems.constFind(system);
        if (text == systems.constEnd()) {
            return failure(ErrorCode::NotFound, u"There is no system text “%1” for the frame “%2”."_s.arg(system, name),
                           u"Give its text, on the command line with --system %1=TEXT."_s.arg(system));
        }
        Frame frame;
        frame.name = name;
        frame.system = *text;
        return frame;
    }
    for (const Frame &frame : fixedFrames()) {
        if (frame.name == name)
            return frame;
    }
    return failure(Error(ErrorCode::NotFound, u"There is no frame “%1”."_s.arg(name),
                         u"Use one of: %1, or chat+NAME with a system text."_s.arg(frameNames().join(u", "_s)))
                       .withSuggestions(nearestNames(name, frameNames())));
}

} // namespace

QString Frame::form() const
{
    if (!fillsBlank)
        return {};
    return kind == Kind::Completion ? u"raw"_s : prefills ? u"prefill"_s : u"plain"_s;
}

QStringList frameNames()
{
    QStringList names{u"auto"_s};
    for (const Frame &frame : fixedFrames())
        names << frame.name;
    return names << u"raw"_s << u"wino-fill"_s;
}

QString systemNameOf(const QString &frame)
{
    return frame.startsWith("chat+"_L1) ? frame.sliced(5) : QString();
}

Result<Frame> resolveFrame(const QString &wanted, const Model &model, const QMap<QString, QString> &systems)
{
    QString name = wanted;
    if (name == "auto"_L1)
        name = model.training == "base"_L1 || lacks(model, u"chat"_s) ? u"ha"_s : u"chat"_s;
    if (name == "raw"_L1)
        name = u"bare"_s;
    EVALWRIGHT_ASSIGN(const Frame frame, frameNamed(name, model, systems));
    EVALWRIGHT_TRY(canBeAsked(frame, model));
    return frame;
}

LmRequest renderFrame(const Frame &frame, const ItemAsked &asked, const QString &endOfText)
{
    LmRequest request;
    request.kind = frame.kind;
    QString opening = frame.opening;
    if (frame.fillsBlank && frame.prefills)
        opening = asked.opening;
    if (frame.kind == Kind::Chat) {
        QStringList system{frame.system, asked.system};
        system.removeAll(QString());
        if (!system.isEmpty())
            request.turns << Turn{u"system"_s, system.join(u"\n\n"_s)};
        request.turns << Turn{u"user"_s, asked.question};
        if (!opening.isEmpty())
            request.turns << Turn{u"assistant"_s, opening};
    } else if (frame.isDialogue()) {
        request.prompt = endOfText + u"\n\nHuman: "_s + asked.question + u"\n\nAssistant:"_s +
                         (opening.isEmpty() ? QString() : u' ' + opening);
    } else {
        request.prompt = asked.question;
    }
    return request;
}

QString withoutOpening(const QString &answer, const QString &opening)
{
    if (opening.isEmpty())
        return answer;
    // A chat template may put white space before it.
    qsizetype from = 0;
    while (from < answer.size() && answer[from].isSpace())
        ++from;
    return QStringView(answer).sliced(from).startsWith(opening) ? answer.sliced(from + opening.size()) : answer;
}

} // namespace evalwright
