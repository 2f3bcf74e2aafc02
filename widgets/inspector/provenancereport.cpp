// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/inspector/provenancereport.h"

#include "core/foreignjson.h"
#include "core/text.h"
#include "lm/request.h"
#include "storage/repositories/controls.h"
#include "storage/repositories/responses.h"
#include "storage/repositories/reviews.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString tr(const char *text, int n = -1)
{
    return QCoreApplication::translate("Provenance", text, nullptr, n);
}

QString number(double value)
{
    return QLocale().toString(value, 'f', 3);
}

QString joined(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(u" · "_s);
}

/// What the model wrote, or why nothing can be read.
QString replyText(const Response &response)
{
    const Result<Reply> reply = readReply(response.path, response.body);
    if (!reply)
        return reply.error().text();
    return reply->refusal.isEmpty() ? reply->text : reply->refusal;
}

QList<ExactText> exchange(const Response &response, const QString &who)
{
    const QString prefix = who.isEmpty() ? QString() : who + u": "_s;
    return {{prefix + tr(QT_TRANSLATE_NOOP("Provenance", "prompt")), promptText(response.promptJson)},
            {prefix + tr(QT_TRANSLATE_NOOP("Provenance", "request without seed")), indentedJson(response.promptJson)},
            {prefix + tr(QT_TRANSLATE_NOOP("Provenance", "raw response")), QString::fromUtf8(response.body)}};
}

/// “from cache, first asked on …” when another job than the one that used it asked for the answer; else empty.
QString cacheText(const ProvenanceReport &report, ResponseId response, JobId user)
{
    const auto origin = report.origins.constFind(response);
    if (origin == report.origins.constEnd() || !origin->isFromCacheFor(user))
        return {};
    return tr(QT_TRANSLATE_NOOP("Provenance", "from cache, first asked on %1 by job %2, “%3” (%4, tries: %5)"))
        .arg(QLocale().toString(QDateTime::fromString(origin->firstAsked, Qt::ISODate).toLocalTime().date(),
                                QLocale::ShortFormat))
        .arg(origin->job.value)
        .arg(singleLine(origin->jobTitle, 60), singleLine(origin->model, 60))
        .arg(origin->attempts);
}

QString responseAbout(const Response &response, const QString &model)
{
    return joined(
        {model, response.seed ? tr(QT_TRANSLATE_NOOP("Provenance", "seed %1")).arg(*response.seed) : QString(),
         tr(QT_TRANSLATE_NOOP("Provenance", "%1 s")).arg(QLocale().toString(response.seconds, 'f', 2)),
         response.completionTokens
             ? tr(QT_TRANSLATE_NOOP("Provenance", "%1 tokens")).arg(QLocale().toString(*response.completionTokens))
             : QString(),
         response.attempts > 1 ? tr(QT_TRANSLATE_NOOP("Provenance", "%1 attempts")).arg(response.attempts)
                               : QString()});
}

TimelineEntry importStep(const Candidate &candidate, const ImportSource &source)
{
    TimelineEntry step;
    step.title = tr(QT_TRANSLATE_NOOP("Provenance", "Import"));
    step.about =
        joined({singleLine(source.fileName, 120), source.format,
                candidate.sourceLine
                    ? tr(QT_TRANSLATE_NOOP("Provenance", "line %1")).arg(QLocale().toString(*candidate.sourceLine))
                    : QString()});
    step.summary = u"SHA-256 "_s + source.sha256;
    step.at = source.importedAt;
    if (!candidate.sourceText.isEmpty())
        step.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "row of the file")), candidate.sourceText};
    return step;
}

TimelineEntry parseStep(const Candidate &candidate, const CandidateText &original)
{
    TimelineEntry step;
    step.title = tr(QT_TRANSLATE_NOOP("Provenance", "Parse"));
    const bool ok = candidate.parseStatus == "ok"_L1 || candidate.parseStatus == "imported"_L1;
    step.meaning = ok ? Theme::Meaning::Accent : Theme::Meaning::Warning;
    step.about = joined(
        {ok ? tr(QT_TRANSLATE_NOOP("Provenance", "read")) : reasonText(candidate.parseStatus),
         candidate.parserVersion > 0
             ? tr(QT_TRANSLATE_NOOP("Provenance", "parser version %1")).arg(candidate.parserVersion)
             : QString(),
         candidate.positionInReply > 0
             ? tr(QT_TRANSLATE_NOOP("Provenance", "statement %1 of the reply")).arg(candidate.positionInReply + 1)
             : QString(),
         candidate.prefillStripped ? tr(QT_TRANSLATE_NOOP("Provenance", "echoed beginning removed")) : QString()});
    step.quoted = ok;
    step.summary = ok ? singleLine(original.statement, 400) : reasonExplanation(candidate.parseStatus);
    step.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "statement")), original.statement};
    if (!original.question.isEmpty())
        step.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "question")), original.question};
    return step;
}

/// One step for all scores of the same requirement by the same checker.
QList<TimelineEntry> scoreSteps(const ProvenanceReport &report)
{
    const Provenance &p = report.provenance;
    QList<TimelineEntry> steps;
    QHash<QString, qsizetype> places;
    for (qsizetype i = 0; i < p.scores.size(); ++i) {
        const Score &score = p.scores.at(i);
        const QString checker = p.checkers.value(i).name;
        const QString key = score.requirement + u'\n' + checker + u'\n' + score.method;
        if (!places.contains(key)) {
            places.insert(key, steps.size());
            TimelineEntry step;
            step.title = score.requirement == "label"_L1
                             ? tr(QT_TRANSLATE_NOOP("Provenance", "Label check"))
                             : tr(QT_TRANSLATE_NOOP("Provenance", "Check: %1")).arg(score.requirement);
            step.about = joined({checker, score.method});
            step.at = score.createdAt;
            step.meaning = Theme::Meaning::Machine;
            steps << step;
        }
        TimelineEntry &step = steps[places.value(key)];
        QStringList parts{score.p ? tr(QT_TRANSLATE_NOOP("Provenance", "wanted label %1")).arg(number(*score.p))
                                  : tr(QT_TRANSLATE_NOOP("Provenance", "no probability"))};
        if (score.labelMass)
            parts << tr(QT_TRANSLATE_NOOP("Provenance", "label mass %1")).arg(number(*score.labelMass));
        const json detail = storedJson(score.detail);
        if (detail.is_object() && detail.value("censored", json(false)) == json(true))
            parts << tr(
                QT_TRANSLATE_NOOP("Provenance", "a label was not among the alternatives: its mass is an upper bound"));
        if (detail.is_object() && detail.contains("error") && detail["error"].is_string())
            parts << singleLine(QString::fromStdString(detail["error"].get<std::string>()), 300);
        parts << cacheText(report, score.responseId, p.row.candidate.jobId);
        step.summary += (step.summary.isEmpty() ? QString() : u"\n"_s) + score.presentation + u": "_s + joined(parts);
        if (const auto response = report.responses.constFind(score.responseId); response != report.responses.constEnd())
            step.texts << exchange(*response, score.presentation);
    }
    return steps;
}

TimelineEntry decisionStep(const Decision &decision)
{
    TimelineEntry step;
    const bool person = decision.actor == "person"_L1;
    step.title =
        decision.keep ? tr(QT_TRANSLATE_NOOP("Provenance", "Kept")) : tr(QT_TRANSLATE_NOOP("Provenance", "Rejected"));
    step.meaning = person ? Theme::Meaning::Human : decision.keep ? Theme::Meaning::Success : Theme::Meaning::Refusal;
    QStringList about{person ? tr(QT_TRANSLATE_NOOP("Provenance", "by a person"))
                      : decision.actor == "import"_L1
                          ? tr(QT_TRANSLATE_NOOP("Provenance", "by an import"))
                          : tr(QT_TRANSLATE_NOOP("Provenance", "by the rule “%1”")).arg(decision.stage)};
    if (decision.rank && decision.quota)
        about << tr(QT_TRANSLATE_NOOP("Provenance", "rank %1 of %2 wanted"))
                     .arg(QLocale().toString(*decision.rank), QLocale().toString(*decision.quota));
    if (decision.threshold)
        about << tr(QT_TRANSLATE_NOOP("Provenance", "floor %1")).arg(number(*decision.threshold));
    step.about = joined(about);
    step.summary = reasonExplanation(decision.reason);
    step.at = decision.createdAt;
    return step;
}

TimelineEntry editStep(const CandidateEdit &edit)
{
    TimelineEntry step;
    step.title = edit.reason == "undo"_L1 ? tr(QT_TRANSLATE_NOOP("Provenance", "Edit taken back"))
                                          : tr(QT_TRANSLATE_NOOP("Provenance", "Text changed"));
    step.meaning = Theme::Meaning::Human;
    step.about = edit.reason.startsWith("lint:"_L1)
                     ? tr(QT_TRANSLATE_NOOP("Provenance", "by the fix of %1")).arg(singleLine(edit.reason.mid(5), 120))
                     : tr(QT_TRANSLATE_NOOP("Provenance", "by a person"));
    const bool statement = edit.before.statement != edit.after.statement;
    step.summary = singleLine(statement ? edit.after.statement : edit.after.question, 400);
    step.quoted = true;
    step.at = edit.createdAt;
    step.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "before")),
                            statement ? edit.before.statement : edit.before.question}
               << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "after")),
                            statement ? edit.after.statement : edit.after.question};
    return step;
}

TimelineEntry judgementStep(const Judgement &judgement, const QString &rater)
{
    TimelineEntry step;
    step.meaning = Theme::Meaning::Human;
    step.title = judgement.state == submittedState   ? tr(QT_TRANSLATE_NOOP("Provenance", "Rated"))
                 : judgement.state == skippedState   ? tr(QT_TRANSLATE_NOOP("Provenance", "Skipped by a rater"))
                 : judgement.state == brokenState    ? tr(QT_TRANSLATE_NOOP("Provenance", "Called broken"))
                                                     : tr(QT_TRANSLATE_NOOP("Provenance", "Judgement taken back"));
    step.about = joined({tr(QT_TRANSLATE_NOOP("Provenance", "by the rater “%1”")).arg(singleLine(rater, 64)),
                         tr(QT_TRANSLATE_NOOP("Provenance", "%1 s")).arg(number(judgement.secondsActive))});
    QStringList answers;
    const nlohmann::json given = storedJson(judgement.answers);
    if (given.is_object()) {
        for (const auto &[question, answer] : given.items()) {
            answers << u"%1: %2"_s.arg(QString::fromStdString(question),
                                       answer.is_string() ? QString::fromStdString(answer.get_ref<const std::string &>())
                                                          : QString::fromStdString(answer.dump()));
        }
    }
    step.summary = singleLine(answers.join(u", "_s), 300);
    step.at = judgement.submittedAt;
    step.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "answers")), indentedJson(judgement.answers)};
    return step;
}

Status addResponse(Connection &connection, ResponseId id, QHash<ResponseId, Response> &responses)
{
    if (!id.isValid() || responses.contains(id))
        return {};
    EVALWRIGHT_ASSIGN(Response response, responseById(connection, id));
    responses.insert(id, response);
    return {};
}

} // namespace

QString ProvenanceReport::signature() const
{
    QStringList parts{QString::number(provenance.row.candidate.id.value), QString::number(provenance.scores.size()),
                      QString::number(answers.size()), QString::number(provenance.edits.size()),
                      QString::number(judgements.size())};
    for (const Decision &decision : provenance.decisions)
        parts << QString::number(decision.id.value);
    return parts.join(u' ');
}

Result<ProvenanceReport> readProvenance(Connection &connection, CandidateId id)
{
    ProvenanceReport report;
    EVALWRIGHT_ASSIGN(report.provenance, provenanceOf(connection, id));
    EVALWRIGHT_ASSIGN(report.answers, itemAnswers(connection, id));
    EVALWRIGHT_ASSIGN(report.judgements, judgementsOfItem(connection, id));
    if (!report.judgements.isEmpty()) {
        EVALWRIGHT_ASSIGN(const QList<Rater> raters, listRaters(connection));
        for (const Rater &rater : raters)
            report.raters.insert(rater.id.value, rater.code);
    }
    if (report.provenance.response)
        report.responses.insert(report.provenance.response->id, *report.provenance.response);
    for (const Score &score : report.provenance.scores)
        EVALWRIGHT_TRY(addResponse(connection, score.responseId, report.responses));
    for (const ItemAnswer &answer : report.answers)
        EVALWRIGHT_TRY(addResponse(connection, answer.responseId, report.responses));
    EVALWRIGHT_ASSIGN(report.origins, answerOrigins(connection, report.responses.keys()));
    const Candidate &candidate = report.provenance.row.candidate;
    const BiographyFields fields = BiographyFields::of(candidate);
    report.biography = fields.biography;
    report.bareQuestion = fields.bareQuestion;
    report.side = fields.side;
    if (report.biography.isEmpty())
        return report;
    EVALWRIGHT_ASSIGN(const ControlSet controls, ControlSet::of(connection, candidate.datasetId));
    for (const QString &name : controls.names()) {
        if (const auto control = controls.control(candidate, name))
            report.controls << std::pair(name, *control);
    }
    return report;
}

QList<TimelineEntry> controlsOf(const ProvenanceReport &report)
{
    QList<TimelineEntry> entries;
    for (const auto &[name, control] : report.controls) {
        TimelineEntry entry;
        entry.title = name == "no-biography"_L1 ? tr(QT_TRANSLATE_NOOP("Provenance", "Without a biography"))
                                                : tr(QT_TRANSLATE_NOOP("Provenance", "With a biography of another side"));
        entry.about = name;
        entry.summary = singleLine(control.question, 300);
        entry.quoted = true;
        entry.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "question")), control.question};
        entries << entry;
    }
    return entries;
}

QList<TimelineEntry> howItCameToBe(const ProvenanceReport &report)
{
    const Provenance &p = report.provenance;
    const Candidate &candidate = p.row.candidate;
    QList<TimelineEntry> steps;
    if (p.source)
        steps << importStep(candidate, *p.source);
    if (p.response) {
        const QString model = p.writer ? p.writer->name : QString();
        const QList<ExactText> texts = exchange(*p.response, {});
        TimelineEntry prompt;
        prompt.title = tr(QT_TRANSLATE_NOOP("Provenance", "Prompt"));
        prompt.about = joined(
            {p.recipePreset,
             tr(QT_TRANSLATE_NOOP("Provenance", "asked for “%1”")).arg(singleLine(candidate.wantedLabel.trimmed(), 40)),
             tr(QT_TRANSLATE_NOOP("Provenance", "sample %1")).arg(QLocale().toString(candidate.sample + 1))});
        prompt.summary = singleLine(texts.at(0).text, 300);
        prompt.quoted = true;
        prompt.texts = texts.first(2);
        steps << prompt;
        TimelineEntry response;
        response.title = tr(QT_TRANSLATE_NOOP("Provenance", "Response"));
        response.about =
            joined({responseAbout(*p.response, model), cacheText(report, p.response->id, candidate.jobId)});
        response.summary = singleLine(replyText(*p.response), 300);
        response.quoted = true;
        response.meaning = p.response->complete ? Theme::Meaning::Machine : Theme::Meaning::Error;
        response.at = p.response->receivedAt;
        response.texts = {{tr(QT_TRANSLATE_NOOP("Provenance", "text")), replyText(*p.response)}, texts.at(2)};
        response.response = p.response->id;
        steps << response;
    }
    steps << parseStep(candidate, p.original()) << scoreSteps(report);
    const qsizetype first = steps.size();
    for (const Decision &decision : p.decisions)
        steps << decisionStep(decision);
    for (const CandidateEdit &edit : p.edits)
        steps << editStep(edit);
    for (const Judgement &judgement : report.judgements)
        steps << judgementStep(judgement, report.raters.value(judgement.raterId.value));
    // In the order in which they happened; ISO 8601 in UTC sorts as text.
    std::stable_sort(steps.begin() + first, steps.end(),
                     [](const TimelineEntry &a, const TimelineEntry &b) { return a.at < b.at; });
    return steps;
}

QList<TimelineEntry> whatModelsAnswered(const ProvenanceReport &report)
{
    QList<TimelineEntry> entries;
    for (const ItemAnswer &answer : report.answers) {
        TimelineEntry entry;
        entry.title = singleLine(answer.model, 80);
        entry.at = answer.at;
        QStringList parts;
        if (answer.matches) {
            entry.meaning = *answer.matches ? Theme::Meaning::Matching : Theme::Meaning::NotMatching;
            parts << tr(QT_TRANSLATE_NOOP("Provenance", "%1 (%2)"))
                         .arg(singleLine(answer.argmax.trimmed(), 60),
                              *answer.matches ? tr(QT_TRANSLATE_NOOP("Provenance", "matches"))
                                              : tr(QT_TRANSLATE_NOOP("Provenance", "does not match")));
        } else {
            entry.meaning = Theme::Meaning::Refusal;
            parts << answer.outcome;
        }
        if (answer.pMatching)
            parts << tr(QT_TRANSLATE_NOOP("Provenance", "matching %1")).arg(number(*answer.pMatching));
        if (answer.labelMass)
            parts << tr(QT_TRANSLATE_NOOP("Provenance", "label mass %1")).arg(number(*answer.labelMass));
        entry.summary = joined(parts);
        entry.about = joined({answer.frame, answer.control == "none"_L1 ? QString() : answer.control, answer.method,
                              cacheText(report, answer.responseId, answer.job)});
        if (const auto response = report.responses.constFind(answer.responseId);
            response != report.responses.constEnd()) {
            entry.texts = exchange(*response, {});
            entry.response = response->id;
        }
        entry.texts << ExactText{tr(QT_TRANSLATE_NOOP("Provenance", "labels as measured")),
                                 indentedJson(answer.labels)};
        entries << entry;
    }
    return entries;
}

QString promptText(const QString &promptJson)
{
    const json body = storedJson(promptJson);
    if (!body.is_object())
        return promptJson;
    if (const auto prompt = body.find("prompt"); prompt != body.end() && prompt->is_string())
        return QString::fromStdString(prompt->get<std::string>());
    const auto messages = body.find("messages");
    if (messages == body.end() || !messages->is_array())
        return promptJson;
    QStringList turns;
    for (const json &message : *messages) {
        if (!message.is_object() || !message.contains("role") || !message["role"].is_string() ||
            !message.contains("content") || !message["content"].is_string())
            return promptJson;
        turns << QString::fromStdString(message["role"].get<std::string>()) + u":\n"_s +
                     QString::fromStdString(message["content"].get<std::string>());
    }
    return turns.join(u"\n\n"_s);
}

QString indentedJson(const QString &text)
{
    const json document = storedJson(text);
    return document.is_null()
               ? text
               : QString::fromStdString(document.dump(2, ' ', false, json::error_handler_t::replace));
}

QString relativeTime(const QDateTime &then, const QDateTime &now)
{
    const qint64 seconds = then.secsTo(now);
    constexpr qint64 minute = 60, hour = 60 * minute, day = 24 * hour, month = 30 * day;
    if (seconds < minute)
        return tr(QT_TRANSLATE_NOOP("Provenance", "just now"));
    const auto ago = [](qint64 count, const char *one, const char *many) {
        return count == 1 ? tr(one) : tr(many).arg(QLocale().toString(count));
    };
    if (seconds < hour)
        return ago(seconds / minute, QT_TRANSLATE_NOOP("Provenance", "a minute ago"),
                   QT_TRANSLATE_NOOP("Provenance", "%1 minutes ago"));
    if (seconds < day)
        return ago(seconds / hour, QT_TRANSLATE_NOOP("Provenance", "an hour ago"),
                   QT_TRANSLATE_NOOP("Provenance", "%1 hours ago"));
    if (seconds < month)
        return ago(seconds / day, QT_TRANSLATE_NOOP("Provenance", "yesterday"),
                   QT_TRANSLATE_NOOP("Provenance", "%1 days ago"));
    return QLocale().toString(then.toLocalTime().date(), QLocale::ShortFormat);
}

} // namespace evalwright
