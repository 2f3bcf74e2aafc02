// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/modelwords.h"

#include "lm/capabilities.h"
#include "lm/serveridentity.h"

#include <QCoreApplication>

#include <optional>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct ModelWords
{
    Q_DECLARE_TR_FUNCTIONS(evalwright::ModelWords)
};

} // namespace

QString abilities(const Model &model)
{
    if (model.capabilities == u"{}"_s)
        return ModelWords::tr("not probed yet");
    QStringList words;
    const auto says = [&](const QString &name, const QString &yes, const QString &no) {
        const std::optional<bool> value = capability(model, name);
        if (value)
            words << (*value ? yes : no);
    };
    says(u"chat"_s, ModelWords::tr("chat"), ModelWords::tr("no chat"));
    says(u"completions"_s, ModelWords::tr("raw completions"), ModelWords::tr("no raw completions"));
    says(u"token_logprobs"_s, ModelWords::tr("log-probabilities"), ModelWords::tr("no log-probabilities"));
    return words.isEmpty() ? ModelWords::tr("unclear") : words.join(u" · "_s);
}

QString serverText(const Model &model)
{
    const auto identity = storedIdentity(model);
    if (!identity)
        return u"—"_s;
    QStringList parts{identity->server, identity->build, identity->quantisation};
    parts.removeAll(QString());
    const QString text = parts.join(u' ');
    return text.isEmpty() ? ModelWords::tr("does not tell") : text;
}

QString whereText(const Model &model)
{
    switch (model.kind) {
    case ModelKind::Catalogue:
        return ModelWords::tr("this computer");
    case ModelKind::Gguf:
        return model.location;
    case ModelKind::Results:
        return ModelWords::tr("elsewhere; only results are known");
    case ModelKind::Endpoint:
        return model.baseUrl;
    }
    return {};
}

QString trainingText(const QString &training)
{
    if (training == u"base"_s)
        return ModelWords::tr("base");
    if (training == u"instruct"_s)
        return ModelWords::tr("instruction-tuned");
    if (training == u"rlhf"_s)
        return ModelWords::tr("RLHF");
    return training.isEmpty() ? u"—"_s : training;
}

QString stateText(const EngineStatus::Model &model)
{
    switch (model.state) {
    case InstallState::Missing:
        return ModelWords::tr("not installed");
    case InstallState::Partial:
        return ModelWords::tr("download unfinished");
    case InstallState::Unverified:
    case InstallState::Installed:
        return ModelWords::tr("installed");
    case InstallState::Damaged:
        return ModelWords::tr("damaged: install again");
    }
    return {};
}

} // namespace evalwright
