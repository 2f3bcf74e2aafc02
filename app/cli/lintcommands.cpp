// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "core/text.h"
#include "generators/lint/fix.h"
#include "generators/lint/lintdataset.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

struct LintArguments
{
    std::string dataset;
    std::vector<std::string> rules, severities, golds;
    std::string undo;
    bool catalogue = false, all = false, noStore = false, fix = false, preview = false;
};

QStringList familiesOf(const LintRule &rule)
{
    QStringList names;
    for (int family = 0; family < lintFamilies; ++family) {
        if (rule.appliesTo(static_cast<LintFamily>(family)))
            names << lintFamilyName(static_cast<LintFamily>(family));
    }
    return names;
}

Result<int> printCatalogue(Context &context)
{
    json all = json::array();
    Table table{{u"rule"_s, u"level"_s, u"severity"_s, u"fix"_s, u"what it finds"_s}, {}, {}};
    for (const LintRule &rule : lintRules()) {
        all.push_back({{"name", rule.name.toStdString()},
                       {"version", rule.version},
                       {"level", rule.isSetRule() ? "set" : "item"},
                       {"severity", severityName(rule.severity).toStdString()},
                       {"title", rule.title.toStdString()},
                       {"explanation", rule.explanation.toStdString()},
                       {"fires", rule.fires.toStdString()},
                       {"does_not_fire", rule.doesNot.toStdString()},
                       {"families", toJson(familiesOf(rule))},
                       {"has_fix", rule.fix != nullptr}});
        table.rows << QStringList{rule.name, rule.isSetRule() ? u"set"_s : u"item"_s, severityName(rule.severity),
                                  rule.fix ? u"yes"_s : u""_s, rule.title};
    }
    context.print({{"rules", all}}, table.text());
    return Done;
}

Error noRule(const QString &name)
{
    QStringList names;
    for (const LintRule &rule : lintRules())
        names << rule.name;
    return Error(ErrorCode::NotFound, u"There is no rule “%1”."_s.arg(name),
                 u"evalwright-cli lint --rules lists them."_s)
        .withSuggestions(nearestNames(name, names));
}

/// RULE=block|warn|info|off|default
Result<QHash<QString, QString>> severitiesFrom(const std::vector<std::string> &pairs)
{
    QHash<QString, QString> severities;
    for (const std::string &pair : pairs) {
        const QString rule = text(pair).section(u'=', 0, 0), severity = text(pair).section(u'=', 1);
        if (!lintRule(rule))
            return failure(noRule(rule));
        if (!severityFromName(severity) && severity != "default"_L1) {
            return failure(ErrorCode::InvalidInput, u"“%1” is no severity."_s.arg(severity),
                           u"Write RULE=block, warn, info, off or default."_s);
        }
        severities.insert(rule, severity == "default"_L1 ? QString() : severity);
    }
    return severities;
}

Status storeSeverities(Project &project, const QHash<QString, QString> &severities)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            for (auto it = severities.cbegin(); it != severities.cend(); ++it)
                EVALWRIGHT_TRY(setLintSetting(c, it.key(), it.value()));
            return {};
        },
        {Topic::Datasets});
}

Result<QStringList> questionsIn(Project &project, const std::vector<std::string> &datasets)
{
    QStringList questions;
    for (const std::string &name : datasets) {
        EVALWRIGHT_TRY(project.readNow([&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, text(name)));
            return forEachItem(c, set.id, [&](const Candidate &item) -> Status {
                questions << item.question;
                return {};
            });
        }));
    }
    return questions;
}

json toJson(const SetFinding &finding)
{
    json figures = json::object();
    for (const auto &[name, value] : finding.figures)
        figures[name.toStdString()] = value;
    json threshold = json::array();
    for (const double limit : finding.threshold)
        threshold.push_back(limit);
    return {{"rule", finding.rule.toStdString()},
            {"severity", severityName(finding.severity).toStdString()},
            {"value", orNull(finding.value)},
            {"threshold", finding.threshold.size() == 1 ? json(finding.threshold.first()) : threshold},
            {"n", finding.n},
            {"fires", finding.fires},
            {"detail", orNull(finding.detail)},
            {"figures", figures}};
}

json toJson(const DatasetFinding &finding, const QHash<qint64, QString> &uuids)
{
    return {{"uuid", orNull(uuids.value(finding.candidate.value))},
            {"row", finding.ordinal + 1},
            {"severity", severityName(finding.severity).toStdString()},
            {"field", finding.field.toStdString()},
            {"start", finding.start < 0 ? json() : json(finding.start)},
            {"length", finding.length < 0 ? json() : json(finding.length)},
            {"detail", orNull(finding.detail)},
            {"earlier_row", finding.earlierOrdinal < 0 ? json() : json(finding.earlierOrdinal + 1)}};
}

QString setTable(const LintReport &report)
{
    Table table{{u"set rule"_s, u"severity"_s, u"value"_s, u"limit"_s, u"n"_s, u""_s}, {}, {2, 3, 4}};
    for (const SetFinding &finding : report.set) {
        QStringList limits;
        for (const double limit : finding.threshold)
            limits << QString::number(limit);
        table.rows << QStringList{finding.rule,
                                  severityName(finding.severity),
                                  finding.value ? QString::number(*finding.value, 'g', 4) : u"—"_s,
                                  limits.join(u"–"_s),
                                  QString::number(finding.n),
                                  finding.fires ? (u"FIRES  "_s + finding.detail).trimmed() : finding.detail};
    }
    return table.text();
}

Result<int> print(Context &context, Project &project, const std::string &name, const LintReport &report)
{
    QHash<const LintRule *, json> items;
    QHash<const LintRule *, qint64> counts;
    if (context.json) {
        QSet<qint64> found;
        for (const DatasetFinding &finding : report.findings)
            found << finding.candidate.value;
        EVALWRIGHT_ASSIGN(const auto uuids, project.readNow([&](Connection &c) { return uuidsOf(c, found.values()); }));
        for (const DatasetFinding &finding : report.findings)
            items[finding.rule].push_back(toJson(finding, uuids));
    }
    for (const DatasetFinding &finding : report.findings)
        ++counts[finding.rule];
    json rules = json::array(), set = json::array();
    Table table{{u"rule"_s, u"severity"_s, u"items"_s, u"what"_s}, {}, {2}};
    for (const LintRule *rule : report.ran) {
        const QString severity = severityName(report.severities.value(rule->name));
        rules.push_back({{"name", rule->name.toStdString()},
                         {"severity", severity.toStdString()},
                         {"count", counts.value(rule)},
                         {"items", items.value(rule, json::array())}});
        if (counts.value(rule) > 0)
            table.rows << QStringList{rule->name, severity, QString::number(counts.value(rule)), rule->title};
    }
    qint64 blockingRules = 0;
    for (const SetFinding &finding : report.set) {
        set.push_back(toJson(finding));
        blockingRules += finding.fires && finding.severity == Severity::Block ? 1 : 0;
    }
    const QString summary =
        u"%1 checked. Blocking: %2, and %3 about the whole set.\n"_s.arg(
            counted(report.items, u"item"_s), counted(report.blocking, u"item"_s),
            counted(blockingRules, u"finding"_s));
    context.print({{"dataset", name},
                   {"n", report.items},
                   {"blocking", report.blocking},
                   {"blocking_set", blockingRules},
                   {"rules", rules},
                   {"set", set}},
                  (table.rows.isEmpty() ? u"No rule fires on an item.\n"_s : table.text()) + u"\n"_s +
                      (report.set.isEmpty() ? QString() : setTable(report) + u"\n"_s) + summary);
    return Done;
}

json toJson(const CandidateText &text)
{
    return {{"statement", orNull(text.statement)}, {"question", orNull(text.question)}};
}

/// What was fixed, or would be, with the texts.
Result<int> print(Context &context, const std::string &dataset, const FixReport &report, bool preview)
{
    json byRule = json::object(), fixed = json::array(), left = json::array();
    Table table{{u"rule"_s, u"items"_s}, {}, {1}};
    for (const LintRule &rule : lintRules()) {
        if (const qint64 count = report.byRule.value(rule.name); count > 0) {
            byRule[rule.name.toStdString()] = count;
            table.rows << QStringList{rule.name, QString::number(count)};
        }
    }
    for (const FixedItem &item : report.fixed) {
        fixed.push_back({{"row", item.ordinal + 1},
                         {"rules", cli::toJson(item.rules)},
                         {"before", toJson(item.before)},
                         {"after", toJson(item.after)}});
    }
    QString text = table.rows.isEmpty() ? QString() : table.text() + u'\n';
    for (const auto &[ordinal, why] : report.left) {
        left.push_back({{"row", ordinal + 1}, {"reason", why.toStdString()}});
        text += u"Left as it is, row %1: %2\n"_s.arg(ordinal + 1).arg(why);
    }
    const QString items = counted(report.fixed.size(), u"item"_s);
    text += report.fixed.isEmpty() ? u"Nothing to fix.\n"_s
            : preview ? u"%1 would be changed; nothing was.\n"_s.arg(items)
                      : u"%1 changed; what they were before is kept. Take it back with --undo %2\n"_s.arg(items, report.batch);
    context.print({{"dataset", dataset},
                   {"preview", preview},
                   {"batch", orNull(report.batch)},
                   {"fixed", fixed},
                   {"by_rule", byRule},
                   {"left", left}},
                  text);
    return Done;
}

Result<int> undo(Context &context, Project &project, const LintArguments &a, DatasetId dataset)
{
    QString batch = text(a.undo);
    if (batch == "last"_L1) {
        EVALWRIGHT_ASSIGN(const QList<EditBatch> batches,
                          project.readNow([&](Connection &c) { return editBatches(c, dataset); }));
        if (batches.isEmpty())
            return failure(ErrorCode::NotFound, u"No item of “%1” was ever changed."_s.arg(text(a.dataset)));
        batch = batches.first().batch;
    }
    EVALWRIGHT_ASSIGN(const UndoneEdits outcome,
                      project.writeNow([&](Connection &c) { return undoEdits(c, batch); }, {Topic::Candidates}));
    EVALWRIGHT_TRY(lintDataset(project, dataset, {}, context.token()));
    context.print({{"dataset", a.dataset},
                   {"batch", outcome.batch.toStdString()},
                   {"undone", outcome.undone},
                   {"changed_since", outcome.changedSince}},
                  u"%1 back as before%2. To do it again: --undo %3\n"_s.arg(
                      counted(outcome.undone, u"item"_s),
                      outcome.changedSince > 0
                          ? u"; %1 changed since and left as they are"_s.arg(counted(outcome.changedSince, u"item"_s))
                          : QString(),
                      outcome.batch));
    return Done;
}

Result<int> fix(Context &context, Project &project, const LintArguments &a, DatasetId dataset)
{
    FixOptions options;
    options.rules = texts(a.rules);
    options.preview = a.preview;
    if (const ProgressFunction progress = context.progress()) {
        options.progress = [progress](qint64 done, qint64 total) {
            JobProgress p;
            p.stage = u"lint"_s;
            p.done = done;
            p.total = total;
            progress(p);
        };
    }
    EVALWRIGHT_ASSIGN(const FixReport report, fixDataset(project, dataset, options, context.token()));
    context.endProgress();
    return print(context, a.dataset, report, a.preview);
}

Result<int> lint(Context &context, const LintArguments &a)
{
    if (a.catalogue)
        return printCatalogue(context);
    if (a.dataset.empty() && a.severities.empty()) {
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"No data set was named."_s,
                                      u"Write evalwright-cli lint DATASET, or lint --rules for the rules."_s));
    }
    if ((a.fix || !a.undo.empty()) && a.dataset.empty())
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"No data set was named."_s,
                                      u"Write evalwright-cli lint DATASET --fix."_s));
    LintOptions options;
    options.rules = texts(a.rules);
    for (const QString &rule : std::as_const(options.rules)) {
        if (!lintRule(rule))
            return failure(noRule(rule));
    }
    EVALWRIGHT_ASSIGN(const auto severities, severitiesFrom(a.severities));
    options.all = a.all;
    options.store = !a.noStore;
    const bool edits = (a.fix && !a.preview) || !a.undo.empty();
    const bool writes = (options.store && !a.fix) || edits || !severities.isEmpty();
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(writes ? Project::Access::ReadWrite : Project::Access::ReadOnly));
    DatasetId id;
    if (!a.dataset.empty()) { // A wrong name changes nothing.
        EVALWRIGHT_ASSIGN(const Dataset dataset,
                          project->readNow([&](Connection &c) { return datasetByName(c, text(a.dataset)); }));
        id = dataset.id;
    }
    if (!severities.isEmpty())
        EVALWRIGHT_TRY(storeSeverities(*project, severities));
    if (a.dataset.empty()) {
        json set = json::object();
        for (auto it = severities.cbegin(); it != severities.cend(); ++it)
            set[it.key().toStdString()] = orNull(it.value());
        context.print({{"severities", set}}, u"Stored in the project; the next lint goes by it.\n"_s);
        return Done;
    }
    if (!a.undo.empty())
        return undo(context, *project, a, id);
    if (a.fix)
        return fix(context, *project, a, id);
    std::vector<std::string> golds = a.golds;
    std::erase(golds, a.dataset); // Examples are no copies of themselves.
    EVALWRIGHT_ASSIGN(options.goldQuestions, questionsIn(*project, golds));
    if (const ProgressFunction progress = context.progress()) {
        options.progress = [progress](qint64 done, qint64 total) {
            JobProgress p;
            p.stage = u"lint"_s;
            p.done = done;
            p.total = total;
            progress(p);
        };
    }
    EVALWRIGHT_ASSIGN(const LintReport report, lintDataset(*project, id, options, context.token()));
    context.endProgress();
    return print(context, *project, a.dataset, report);
}

} // namespace

void addLintCommand(CLI::App &app, Context &context)
{
    auto a = std::make_shared<LintArguments>();
    CLI::App *command = app.add_subcommand(
        "lint", "Check the items of a data set: duplicates, broken options, cues that give the label away.\n"
                "The findings stay in the project. Exit status 0 whenever the check ran, whatever it found.\n"
                "Example: evalwright-cli -p study.evalwright lint agreeableness --rule near-duplicate");
    command->add_option("DATASET", a->dataset);
    command->add_option("--rule", a->rules, "Only these rules; after the data set");
    command->add_flag("--rules", a->catalogue, "List the rules instead, with an explanation and examples in --json");
    command->add_flag("--all", a->all, "Also candidates that were rejected");
    command
        ->add_option("--set-severity", a->severities,
                     "RULE=block|warn|info|off for this project, or RULE=default; alone or before a check")
        ->allow_extra_args(false);
    command->add_option("--golds", a->golds, "Data set with the examples that the writer was shown, for seed-copy-…")
        ->allow_extra_args(false);
    command->add_flag("--no-store", a->noStore, "Only print; the project stays as it is");
    CLI::Option *fix = command->add_flag(
        "--fix", a->fix, "Change the kept items that rules with a safe fix fire on; what they were stays in the project");
    command->add_flag("--preview", a->preview, "With --fix: say what would be changed; change nothing")->needs(fix);
    command->add_option("--undo", a->undo, "Take edits back: the name that --fix gave, or “last”")->excludes(fix);
    command->callback([&context, a] { context.command = [&context, a] { return lint(context, *a); }; });
}

} // namespace evalwright::cli
