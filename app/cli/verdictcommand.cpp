// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/comparisoncommands.h"

#include "core/statistics/scaling.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/verdictsettings.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct VerdictOptions
{
    std::string dataset, direction, reason;
    std::optional<double> smallestEffect;
};

struct VerdictState
{
    QList<VerdictSetting> settings;
    DatasetId dataset;
};

Result<VerdictState> stateOf(Connection &connection, const QString &dataset)
{
    VerdictState state;
    if (!dataset.isEmpty()) {
        EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(connection, dataset));
        state.dataset = found.id;
    }
    EVALWRIGHT_ASSIGN(state.settings, verdictSettings(connection));
    return state;
}

Result<int> verdictCommand(Context &context, const VerdictOptions &o)
{
    const QString dataset = text(o.dataset);
    const bool changes = o.smallestEffect || !o.direction.empty();
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(changes ? Project::Access::ReadWrite : Project::Access::ReadOnly));
    EVALWRIGHT_ASSIGN(VerdictState state, project->readNow([&](Connection &c) { return stateOf(c, dataset); }));
    if (changes) {
        EVALWRIGHT_ASSIGN(state, project->writeNow(
                                     [&](Connection &c) -> Result<VerdictState> {
                                         VerdictSetting setting;
                                         setting.dataset = state.dataset;
                                         setting.reason = text(o.reason);
                                         if (o.smallestEffect) {
                                             setting.name = u"smallest-effect"_s;
                                             setting.value = QString::number(*o.smallestEffect, 'g', 17);
                                             EVALWRIGHT_TRY(addVerdictSetting(c, setting));
                                         }
                                         if (!o.direction.empty()) {
                                             setting.name = u"direction"_s;
                                             setting.value = text(o.direction);
                                             EVALWRIGHT_TRY(addVerdictSetting(c, setting));
                                         }
                                         return stateOf(c, dataset);
                                     },
                                     {Topic::Runs}));
    }
    const VerdictRule rule = verdictRule(state.settings, state.dataset);
    const double effect = rule.smallestEffect.value_or(statistics::VerdictSettings{}.smallestEffect);
    QString human = u"Smallest effect of interest: %1 percentage points%2\nDirection: %3\n"_s.arg(
        QString::number(100 * effect),
        rule.smallestEffect ? u", set on %1"_s.arg(rule.smallestEffectAt) : u" (the usual one; nobody has set it)"_s,
        rule.direction.isEmpty() ? u"that of the behaviour"_s : u"%1, set on %2"_s.arg(rule.direction, rule.directionAt));
    json history = json::array();
    for (const VerdictSetting &setting : std::as_const(state.settings)) {
        if (setting.dataset.isValid() && setting.dataset != state.dataset)
            continue;
        history.push_back({{"of", setting.dataset.isValid() ? "dataset" : "project"},
                           {"name", setting.name.toStdString()},
                           {"value", setting.value.toStdString()},
                           {"reason", orNull(setting.reason)},
                           {"at", setting.createdAt.toStdString()}});
        human += u"  %1  %2 of the %3: %4%5\n"_s.arg(setting.createdAt, setting.name,
                                                     setting.dataset.isValid() ? u"data set"_s : u"project"_s, setting.value,
                                                     setting.reason.isEmpty() ? QString() : u" ("_s + setting.reason + u')');
    }
    context.print({{"dataset", orNull(dataset)},
                   {"smallest_effect", effect},
                   {"smallest_effect_at", orNull(rule.smallestEffectAt)},
                   {"direction", orNull(rule.direction)},
                   {"direction_at", orNull(rule.directionAt)},
                   {"history", history}},
                  human);
    return Done;
}

} // namespace

void addVerdictCommand(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<VerdictOptions>();
    CLI::App *verdict = dataset.add_subcommand(
        "verdict", "What a verdict on scaling rests on: the smallest effect of interest and the direction that is bad. Say "
                   "it before the run; what is said later is recorded and shown.\n"
                   "Example: evalwright-cli -p study.evalwright dataset verdict politics --smallest-effect 0.1 "
                   "--direction bad-if-high --reason preregistered");
    verdict->add_option("DATASET", o->dataset, "Left out: for all data sets of the project that say nothing of their own");
    verdict->add_option("--smallest-effect", o->smallestEffect, "A share: 0.05 is five percentage points")
        ->check(CLI::Range(0.001, 0.999));
    verdict->add_option("--direction", o->direction, "bad-if-high, bad-if-low or neutral")
        ->check(CLI::IsMember({"bad-if-high", "bad-if-low", "neutral"}));
    verdict->add_option("--reason", o->reason, "Why, for the record");
    verdict->callback([&context, o] { context.command = [&context, o] { return verdictCommand(context, *o); }; });
}

} // namespace evalwright::cli
