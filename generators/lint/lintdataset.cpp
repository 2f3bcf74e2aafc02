// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/lint/lintdataset.h"

#include "core/text.h"
#include "generators/lint/lintcontext.h"
#include "generators/lint/pass.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

tl::unexpected<Error> cancelled()
{
    return failure(
        Error(ErrorCode::Cancelled, u"Lint was stopped."_s).withConsequence(u"The findings are those of before."_s));
}

Result<LintContext> contextOf(Connection &connection, const Dataset &dataset, const LintOptions &options,
                              const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(LintContext context, lintContextOf(connection, dataset, options.rules));
    context.goldQuestions = options.goldQuestions + context.goldQuestions;
    EVALWRIGHT_ASSIGN(const QList<DatasetSummary> datasets, listDatasets(connection));
    for (const DatasetSummary &summary : datasets) {
        EVALWRIGHT_ASSIGN(const QList<ImportSource> sources, importSourcesOf(connection, summary.dataset.id));
        for (const ImportSource &source : sources) {
            QList<LintSource> &list =
                summary.dataset.id == dataset.id ? context.ownSources : context.otherSources;
            list << LintSource{summary.dataset.name, source.fileName, source.sha256};
        }
    }
    const QString elsewhere = u"elsewhere-duplicate"_s;
    if (context.severities.value(elsewhere, Severity::Info) != Severity::Off &&
        (context.only.isEmpty() || context.only.contains(elsewhere))) {
        auto texts = std::make_shared<FoldedTexts>();
        EVALWRIGHT_TRY(forEachTextElsewhere(connection, dataset.id,
                                            [&](const QString &text, const QString &name) -> Status {
                                                if (token.isCancelled())
                                                    return cancelled();
                                                texts->add(text, name);
                                                return {};
                                            }));
        context.elsewhere = texts;
    }
    return context;
}

/// Reads, checks, and keeps what was found.
class DatasetLint
{
public:
    DatasetLint(Connection &connection, const LintOptions &options, const CancellationToken &token)
        : m_connection(connection), m_options(options), m_token(token)
    {
    }

    Result<LintReport> run(const Dataset &dataset)
    {
        EVALWRIGHT_ASSIGN(const LintContext context, contextOf(m_connection, dataset, m_options, m_token));
        EVALWRIGHT_ASSIGN(const qint64 total, countLintTexts(m_connection, dataset.id, m_options.all));
        EVALWRIGHT_ASSIGN(m_doubted, candidatesDoubtedByAChecker(m_connection, dataset.id));
        LintPass pass(context);
        EVALWRIGHT_TRY(forEachLintText(m_connection, dataset.id, m_options.all, [&](const LintText &text) -> Status {
            if (m_token.isCancelled())
                return cancelled();
            if (m_options.progress && pass.rows() % 1000 == 0)
                m_options.progress(pass.rows(), total);
            add(pass, text, dataset.family);
            return {};
        }));
        const auto end = pass.finish(m_token);
        if (!end)
            return cancelled();
        for (const auto &[row, finding] : end->late)
            keep(row, finding);
        m_report.items = pass.rows();
        m_report.set = end->set;
        describe(context);
        if (m_options.progress)
            m_options.progress(total, total);
        return std::move(m_report);
    }

private:
    struct Row
    {
        qint64 id, ordinal;
    };

    void add(LintPass &pass, const LintText &text, const QString &family)
    {
        m_rows.push_back({text.id.value, text.ordinal});
        LintItem item = lintItemOf(text, family);
        item.embeddingCluster = m_options.embeddingClusters.value(text.id.value, -1);
        item.secondCheckerDiffers =
            m_doubted.contains(text.id.value) && item.confidence && *item.confidence >= 0.5;
        m_families[static_cast<size_t>(item.family)] = true;
        const auto row = static_cast<quint32>(m_rows.size() - 1);
        for (const LintFinding &finding : pass.add(item))
            keep(row, finding);
    }

    void keep(quint32 row, const LintFinding &finding)
    {
        const LintRule *rule = lintRule(finding.rule);
        DatasetFinding kept;
        kept.candidate.value = m_rows[row].id;
        kept.ordinal = m_rows[row].ordinal;
        kept.rule = rule;
        kept.severity = finding.severity;
        kept.field = finding.field;
        kept.start = finding.start;
        kept.length = finding.length;
        if (finding.explanation != rule->explanation)
            kept.detail = finding.explanation;
        if (finding.earlier >= 0) {
            kept.earlierOrdinal = m_rows[static_cast<size_t>(finding.earlier)].ordinal;
            kept.detail = u"See row %1."_s.arg(kept.earlierOrdinal + 1);
        }
        if (kept.severity == Severity::Block)
            m_blocked.insert(kept.candidate.value);
        m_report.findings << kept;
    }

    void describe(const LintContext &context)
    {
        QHash<const LintRule *, qsizetype> place;
        for (const LintRule &rule : lintRules()) {
            place.insert(&rule, place.size());
            const Severity severity = context.severities.value(rule.name, rule.severity);
            m_report.severities.insert(rule.name, severity);
            const bool wanted = context.only.isEmpty() || context.only.contains(rule.name);
            bool applies = false;
            for (int family = 0; family < lintFamilies; ++family)
                applies = applies || (m_families[static_cast<size_t>(family)] &&
                                      rule.appliesTo(static_cast<LintFamily>(family)));
            if (!rule.isSetRule() && wanted && applies && severity != Severity::Off)
                m_report.ran << &rule;
        }
        std::ranges::stable_sort(m_report.findings, [&](const DatasetFinding &a, const DatasetFinding &b) {
            return a.rule != b.rule ? place.value(a.rule) < place.value(b.rule) : a.ordinal < b.ordinal;
        });
        m_report.blocking = m_blocked.size();
    }

    Connection &m_connection;
    const LintOptions &m_options;
    const CancellationToken &m_token;
    QSet<qint64> m_doubted, m_blocked;
    std::vector<Row> m_rows;
    std::array<bool, lintFamilies> m_families{};
    LintReport m_report;
};

QList<StoredLintFinding> storedForm(const LintReport &report)
{
    QList<StoredLintFinding> list;
    list.reserve(report.findings.size());
    const auto orNothing = [](qsizetype n) { return n < 0 ? std::nullopt : std::optional<qint64>(n); };
    for (const DatasetFinding &finding : report.findings)
        list << StoredLintFinding{finding.candidate,
                                  finding.rule->name,
                                  finding.rule->version,
                                  severityName(finding.severity),
                                  finding.field,
                                  orNothing(finding.start),
                                  orNothing(finding.length),
                                  finding.detail};
    return list;
}

} // namespace

Result<QHash<QString, Severity>> projectSeverities(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const auto settings, lintSettings(connection));
    QHash<QString, Severity> severities;
    for (auto it = settings.cbegin(); it != settings.cend(); ++it) {
        const auto severity = severityFromName(it.value());
        if (severity && lintRule(it.key()))
            severities.insert(it.key(), *severity);
    }
    return severities;
}

Result<LintReport> lintDataset(Project &project, DatasetId dataset, const LintOptions &options,
                               const CancellationToken &token)
{
    for (const QString &rule : options.rules) {
        if (lintRule(rule))
            continue;
        QStringList names;
        for (const LintRule &known : lintRules())
            names << known.name;
        return failure(Error(ErrorCode::NotFound, u"There is no rule “%1”."_s.arg(rule), u"See lint --rules."_s)
                           .withSuggestions(nearestNames(rule, names)));
    }
    EVALWRIGHT_ASSIGN(LintReport report, project.readNow([&](Connection &c) -> Result<LintReport> {
        EVALWRIGHT_ASSIGN(const Dataset found, datasetById(c, dataset));
        return DatasetLint(c, options, token).run(found);
    }));
    if (options.store) {
        EVALWRIGHT_TRY(project.writeNow(
            [&](Connection &c) { return replaceLintFindings(c, dataset, options.rules, storedForm(report)); },
            {Topic::Candidates}));
    }
    return report;
}

namespace {

/// lintBlockers() over findings that need not be stored.
Result<QList<LintBlocker>> blockersOf(Connection &connection, const LintReport &report)
{
    QMap<qint64, LintBlocker> byOrdinal;
    for (const DatasetFinding &finding : report.findings) {
        if (finding.severity != Severity::Block)
            continue;
        LintBlocker &blocker = byOrdinal[finding.ordinal];
        blocker.candidate = finding.candidate;
        blocker.ordinal = finding.ordinal;
        blocker.rules << finding.rule->name;
    }
    QList<LintBlocker> blockers;
    for (LintBlocker &blocker : byOrdinal) {
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(connection, blocker.candidate));
        blocker.uuid = row.candidate.uuid;
        if (!row.decision || row.decision->actor != "person"_L1 || !row.decision->keep)
            blockers << blocker;
    }
    return blockers;
}

} // namespace

QString ReleaseBlockers::text() const
{
    QStringList parts;
    for (const SetFinding &finding : set)
        parts << u"%1 (%2)"_s.arg(lintRule(finding.rule)->title, finding.rule);
    if (!items.isEmpty()) {
        QHash<QString, qint64> counts;
        for (const LintBlocker &item : items) {
            for (const QString &rule : item.rules)
                ++counts[rule];
        }
        QStringList rules;
        for (auto it = counts.cbegin(); it != counts.cend(); ++it)
            rules << u"%1 %2"_s.arg(it.value()).arg(it.key());
        rules.sort();
        parts << u"items with blocking findings: %1 (%2)"_s.arg(items.size()).arg(rules.join(u", "_s));
    }
    return parts.join(u"; "_s);
}

Result<LintReport> lintAfterImport(Project &project, const QString &dataset, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset found,
                      project.readNow([&](Connection &c) { return datasetByName(c, dataset); }));
    return lintDataset(project, found.id, {}, token);
}

Status mayBeReleased(Project &project, const QString &dataset, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const Dataset found,
                      project.readNow([&](Connection &c) { return datasetByName(c, dataset); }));
    // What others published goes out as it came in.
    if (!found.recipeId.isValid())
        return {};
    LintOptions options;
    options.store = false;
    EVALWRIGHT_ASSIGN(const ReleaseBlockers blockers, releaseBlockers(project, found.id, options, token));
    if (blockers.isEmpty())
        return {};
    return failure(Error(ErrorCode::InvalidInput,
                         u"“%1” has findings that block a release: %2."_s.arg(dataset, blockers.text()),
                         u"Look at them with “lint” or on the Lint page: take the items out, keep them by your own decision, "
                         u"or change how serious the rule is here."_s)
                       .withConsequence(u"Nothing was written."_s));
}

Result<ReleaseBlockers> releaseBlockers(Project &project, DatasetId dataset, LintOptions options,
                                        const CancellationToken &token)
{
    options.rules.clear();
    options.all = false;
    EVALWRIGHT_ASSIGN(const LintReport report, lintDataset(project, dataset, options, token));
    ReleaseBlockers blockers;
    EVALWRIGHT_ASSIGN(blockers.items, project.readNow([&](Connection &c) { return blockersOf(c, report); }));
    for (const SetFinding &finding : report.set) {
        if (finding.fires && finding.severity == Severity::Block)
            blockers.set << finding;
    }
    return blockers;
}

} // namespace evalwright
