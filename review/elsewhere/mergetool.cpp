// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/mergetool.h"

#include "core/foreignjson.h"
#include "core/hmac.h"
#include "core/jsontexts.h"
#include "review/acceptance.h"
#include "review/elsewhere/toolvalue.h"
#include "storage/project.h"
#include "storage/repositories/reviews.h"

#include <QSet>

#include <algorithm>
#include <map>
#include <tuple>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// One export that answers may be of, and what its review asks.
struct Export
{
    std::optional<ReviewBundle> bundle; ///< Unset: not this project's.
    Review review;
    Questionnaire questionnaire;
    QString questionnaireSha256, guidelineSha256;
    int guidelineVersion = 0;
};

/// Answers of one rater to one list: what a bundle's answers file holds.
struct Sheet
{
    AnswersFile file;
    std::vector<const ToolAnswer *> from; ///< By event.
};

class ToolMerge
{
public:
    ToolMerge(Connection &connection, const ToolAnswers &answers, const ToolMergeOptions &options, ToolMergeReport &report)
        : m_connection(connection), m_answers(answers), m_options(options), m_report(report)
    {
    }

    Status run()
    {
        EVALWRIGHT_ASSIGN(m_project, projectUuid(m_connection));
        for (const ToolProblem &problem : m_answers.problems)
            refuse(problem);
        bool isAnyOurs = m_answers.answers.empty();
        for (const ToolAnswer &answer : m_answers.answers) {
            EVALWRIGHT_ASSIGN(const Export *found, exportOf(answer.exportId));
            if (!found->bundle) {
                refuse({answer.row, u"signature"_s, u"export_id"_s, u"This project did not write the task."_s,
                        answer.itemId});
                continue;
            }
            isAnyOurs = true;
            take(*found, answer);
        }
        if (!isAnyOurs) {
            return failure(Error(ErrorCode::HashMismatch,
                                 u"“%1” answers tasks that this project did not write."_s.arg(m_answers.path),
                                 u"Open the project that wrote the tasks."_s, u"signature"_s)
                               .withConsequence(u"Nothing of it was merged."_s));
        }
        for (auto &[key, sheet] : m_sheets)
            EVALWRIGHT_TRY(merge(sheet));
        m_report.reviews = QStringList(m_reviews.begin(), m_reviews.end());
        m_report.raters = QStringList(m_raters.begin(), m_raters.end());
        m_report.ignored = QStringList(m_ignored.begin(), m_ignored.end());
        std::ranges::stable_sort(m_report.problems, {}, &ToolProblem::row);
        for (QStringList *list : {&m_report.reviews, &m_report.raters, &m_report.ignored})
            list->sort();
        return {};
    }

private:
    void refuse(const ToolProblem &problem)
    {
        ++m_report.bad;
        if (m_report.problems.size() < ToolMergeReport::mostListed)
            m_report.problems << problem;
    }

    Result<const Export *> exportOf(const QString &uuid)
    {
        const auto known = m_exports.find(uuid);
        if (known != m_exports.end())
            return &known->second;
        Export made;
        EVALWRIGHT_ASSIGN(made.bundle, reviewBundleByUuid(m_connection, uuid));
        if (made.bundle) {
            EVALWRIGHT_ASSIGN(made.review, reviewById(m_connection, made.bundle->reviewId));
            EVALWRIGHT_ASSIGN(const QuestionnaireRecord record,
                              questionnaireById(m_connection, made.review.questionnaireId));
            EVALWRIGHT_ASSIGN(made.questionnaire, readQuestionnaire(record));
            EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(m_connection, made.review.guidelineId));
            made.questionnaireSha256 = record.sha256;
            made.guidelineSha256 = guideline.sha256;
            made.guidelineVersion = guideline.version;
        }
        return &m_exports.emplace(uuid, std::move(made)).first->second;
    }

    /// The answers in the words of the questionnaire; unset when the row was refused.
    std::optional<json> answersOf(const Export &of, const ToolAnswer &answer, bool &isBroken)
    {
        json answers = json::object();
        QSet<QString> known{brokenControl};
        for (const ReviewQuestion &question : of.questionnaire.questions) {
            const QString name = toolName(question.id);
            known << name;
            const auto given = answer.given.constFind(name);
            if (given == answer.given.constEnd())
                continue;
            auto value = answerFrom(question, *given, answer.optionTexts);
            if (!value) {
                refuse({answer.row, u"wrong-type"_s, question.id, value.error().message, answer.itemId});
                return {};
            }
            if (!value->is_null())
                answers[question.id.toStdString()] = *std::move(value);
        }
        for (auto it = answer.given.cbegin(); it != answer.given.cend(); ++it) {
            if (!known.contains(it.key()) && m_ignored.size() < 100)
                m_ignored << it.key().left(64);
        }
        static const ReviewQuestion fine = [] {
            ReviewQuestion question;
            question.id = brokenControl;
            question.kind = QuestionKind::Choice;
            question.choices = {{fineValue, {}}, {brokenValue, {}}};
            return question;
        }();
        const auto state = answerFrom(fine, answer.given.value(brokenControl), {});
        if (!state) {
            refuse({answer.row, u"wrong-type"_s, brokenControl, state.error().message, answer.itemId});
            return {};
        }
        isBroken = *state == brokenValue.toStdString();
        return answers;
    }

    void take(const Export &of, const ToolAnswer &answer)
    {
        AnswerEvent event;
        GivenJudgement &given = event.given;
        given.state = answer.state;
        if (answer.state == submittedState) {
            bool isBroken = false;
            const auto answers = answersOf(of, answer, isBroken);
            if (!answers)
                return;
            given.state = isBroken ? brokenState : submittedState;
            given.answers = *answers;
        }
        given.uuid = derivedUuid(answer.exportId, answer.itemId + u'/' + answer.identity);
        given.position = answer.position;
        // Where the tool says no time, all that is known is that it was after the export.
        given.shownAt = answer.shownAt.isEmpty() ? of.bundle->createdAt : answer.shownAt;
        given.submittedAt = answer.submittedAt.isEmpty() ? given.shownAt : answer.submittedAt;
        given.secondsActive = answer.seconds;
        event.itemId = answer.itemId;
        event.contentHash = answer.contentHash;
        event.optionOrder = answer.optionOrder;
        event.guidelineVersion = of.guidelineVersion;
        event.sawPrediction = answer.sawPrediction;

        Sheet &sheet = m_sheets[{answer.exportId, answer.rater, answer.slot}];
        if (sheet.from.empty()) {
            AnswersFile &file = sheet.file;
            file.path = m_answers.path;
            file.bundleId = answer.exportId;
            file.projectId = m_project;
            file.reviewId = of.review.uuid;
            file.guidelineSha256 = of.guidelineSha256;
            file.questionnaireSha256 = of.questionnaireSha256;
            // These tools hand no seal on. That the answers are to this project's tasks is seen by the names of the
            // items, which only its key makes.
            file.bundleSeal = {of.bundle->manifestSha256,
                               QString::fromLatin1(hmacSha256(of.bundle->key, of.bundle->manifestSha256.toLatin1()).toHex())};
            file.rater = answer.rater;
            file.slot = answer.slot;
            file.origin = formatName(m_answers.tool);
        }
        sheet.file.events.push_back(std::move(event));
        sheet.from.push_back(&answer);
    }

    Status merge(const Sheet &sheet)
    {
        MergeOptions options;
        options.acceptChanged = m_options.acceptChanged;
        EVALWRIGHT_ASSIGN(const MergeReport merged, mergeAnswers(m_connection, sheet.file, options));
        m_report.judgementsNew += merged.judgementsNew;
        m_report.judgementsKnown += merged.judgementsKnown;
        m_report.accepted += merged.accepted;
        m_report.conflicts += merged.conflicts;
        QSet<qint64> refused;
        for (const MergeRow &row : merged.rows) {
            const ToolAnswer &from = *sheet.from[static_cast<std::size_t>(row.line - 1)];
            if (row.reason == "content-changed"_L1) {
                ++m_report.changed;
                continue;
            }
            refused << row.line;
            refuse({from.row, row.reason, {},
                    row.message.isEmpty() ? u"The list has no such item at that place."_s : row.message, from.itemId});
        }
        for (std::size_t i = 0; i < sheet.from.size(); ++i) {
            if (refused.contains(static_cast<qint64>(i) + 1))
                continue;
            m_reviews << merged.reviewName;
            m_raters << merged.rater;
            m_report.skipped += sheet.file.events[i].given.state == skippedState ? 1 : 0;
            m_report.sawPrediction += sheet.from[i]->sawPrediction ? 1 : 0;
            if (sheet.from[i]->isGroundTruth && sheet.file.events[i].given.state == submittedState)
                EVALWRIGHT_TRY(addGold(sheet.file.events[i].given.uuid));
        }
        return {};
    }

    Status addGold(const QString &uuid)
    {
        EVALWRIGHT_ASSIGN(const auto judgement, judgementByUuid(m_connection, uuid));
        if (!judgement)
            return {};
        EVALWRIGHT_ASSIGN(const JudgementNames names, namesOf(m_connection, *judgement));
        m_report.golds << json{{"item_id", names.item.toStdString()}, {"answers", storedJson(judgement->answers)}};
        return {};
    }

    Connection &m_connection;
    const ToolAnswers &m_answers;
    const ToolMergeOptions &m_options;
    ToolMergeReport &m_report;
    QString m_project;
    std::map<QString, Export> m_exports;
    std::map<std::tuple<QString, QString, int>, Sheet> m_sheets; ///< By export, rater, list: the same in every order.
    QSet<QString> m_reviews, m_raters, m_ignored;
};

} // namespace

json ToolMergeReport::toJson() const
{
    json disputes = json::array(), refusals = json::array(), right = json::array();
    for (const MergeConflict &one : conflicts)
        disputes.push_back(
            {{"judgement", one.judgement.toStdString()}, {"stored", one.stored}, {"incoming", one.incoming}});
    for (const ToolProblem &problem : problems)
        refusals.push_back(problem.toJson());
    for (const json &gold : golds)
        right.push_back(gold);
    return {{"path", path.toStdString()},
            {"format", formatName(tool).toStdString()},
            {"form", form.toStdString()},
            {"reviews", textsToJson(reviews)},
            {"raters", textsToJson(raters)},
            {"rows", rows},
            {"unanswered", unanswered},
            {"drafts", drafts},
            {"skipped", skipped},
            {"judgements_new", judgementsNew},
            {"judgements_known", judgementsKnown},
            {"accepted", accepted},
            {"saw_prediction", sawPrediction},
            {"content_changed", changed},
            {"conflicts", disputes},
            {"bad_rows", bad},
            {"rejected", refusals},
            {"ignored", textsToJson(ignored)},
            {"golds", right},
            {"merged", !refused}};
}

Result<ToolMergeReport> mergeToolAnswers(const std::shared_ptr<Project> &project, const QString &path,
                                         const ToolMergeOptions &options, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const ToolAnswers answers, readToolAnswers(path, token));
    ToolMergeReport report;
    report.path = path;
    report.tool = answers.tool;
    report.form = answers.form;
    report.rows = answers.rows;
    report.unanswered = answers.unanswered;
    report.drafts = answers.drafts;
    const Status stored = project->writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_TRY(ToolMerge(c, answers, options, report).run());
            report.refused = report.bad > 0 && !options.skipBad;
            if (report.refused) // Takes back what was written so far.
                return failure(ErrorCode::InvalidInput, u"“%1” has rows that cannot be used."_s.arg(path));
            return {};
        },
        {Topic::Reviews});
    if (report.refused) {
        report.judgementsNew = report.judgementsKnown = report.accepted = report.skipped = report.sawPrediction = 0;
        report.changed = 0;
        report.conflicts.clear();
        report.golds.clear();
        return report;
    }
    EVALWRIGHT_TRY(stored);
    return report;
}

} // namespace evalwright::review
