// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/frames.h"

#include "core/text.h"
#include "lm/capabilities.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

bool lacks(const Model &model, const QString &name)
{
    return capability(model, name) == false;
}

} // namespace

QStringList frameNames()
{
    return {u"auto"_s, u"chat"_s, u"ha"_s, u"bare"_s};
}

Result<Frame> resolveFrame(const QString &wanted, const Model &model)
{
    if (!frameNames().contains(wanted)) {
        return failure(Error(ErrorCode::NotFound, u"There is no frame “%1”."_s.arg(wanted),
                             u"Use one of: %1."_s.arg(frameNames().join(u", "_s)))
                           .withSuggestions(nearestNames(wanted, frameNames())));
    }
    QString name = wanted;
    if (name == "auto"_L1)
        name = model.training == "base"_L1 || lacks(model, u"chat"_s) ? u"ha"_s : u"chat"_s;
    if (name == "chat"_L1) {
        if (lacks(model, u"chat"_s)) {
            return failure(ErrorCode::Unsupported,
                           u"%1 has no chat, so the frame “chat” cannot be used with it."_s.arg(model.name),
                           u"Use the frame “ha”, which sends raw text."_s);
        }
        return Frame{name, LmRequest::Kind::Chat, 1};
    }
    if (lacks(model, u"completions"_s)) {
        return failure(
            ErrorCode::Unsupported,
            u"%1 takes no raw text (completions), so the frame “%2” cannot be used with it."_s.arg(model.name, name),
            u"Use the frame “chat”."_s);
    }
    return Frame{name, LmRequest::Kind::Completion, 1};
}

LmRequest renderFrame(const Frame &frame, const QString &question, const QString &endOfText)
{
    LmRequest request;
    request.kind = frame.kind;
    if (frame.kind == LmRequest::Kind::Chat)
        request.turns << Turn{u"user"_s, question};
    else if (frame.name == "ha"_L1)
        request.prompt = endOfText + u"\n\nHuman: "_s + question + u"\n\nAssistant:"_s;
    else
        request.prompt = question;
    return request;
}

} // namespace evalwright
