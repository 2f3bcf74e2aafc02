// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/answersfile.h"

#include "core/hash.h"
#include "core/jsontexts.h"
#include "review/givenlists.h"

#include <QHash>
#include <QDateTime>
#include <QRegularExpression>
#include <QSet>

#include <cmath>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr std::size_t mostEvents = 1'000'000, mostOptions = 100;
constexpr double mostSeconds = 1e8;
const QString answersName = u"answers.jsonl"_s;

tl::unexpected<Error> corrupt(const QString &where, const QString &what)
{
    return failure(
        Error(ErrorCode::Corrupt, u"%1 %2."_s.arg(where, what), u"Ask the rater to save the answers again."_s)
            .withConsequence(u"Nothing of the file was used."_s));
}

} // namespace

bool isUtcTime(const QString &text)
{
    static const QRegularExpression form(
        u"\\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z\\z"_s);
    if (!form.match(text).hasMatch())
        return false;
    // The latest judgement of a place counts: a month 99 would win over every correction. Seconds are as the form has them.
    return QDateTime::fromString(text.left(19), u"yyyy-MM-ddTHH:mm:ss"_s).isValid() && text < u"2100"_s;
}

json AnswerEvent::toJson() const
{
    json line{{"judgement_id", given.uuid.toStdString()},
              {"item_id", itemId.toStdString()},
              {"content_hash", contentHash.toStdString()},
              {"state", given.state.toStdString()},
              {"answers", given.answers},
              {"option_order", textsToJson(optionOrder)},
              {"position", given.position},
              {"shown_at", given.shownAt.toStdString()},
              {"submitted_at", given.submittedAt.toStdString()},
              {"seconds_active", given.secondsActive},
              {"guideline_version", guidelineVersion}};
    if (!given.replaces.isEmpty())
        line["replaces"] = given.replaces.toStdString();
    return line;
}

Result<AnswerEvent> AnswerEvent::fromJson(const json &line, const QString &where)
{
    AnswerEvent event;
    GivenJudgement &given = event.given;
    given.uuid = textIn(line, "judgement_id");
    event.itemId = textIn(line, "item_id");
    given.replaces = textIn(line, "replaces");
    if (!isUuid(given.uuid) || !isUuid(event.itemId) || (!given.replaces.isEmpty() && !isUuid(given.replaces)))
        return corrupt(where, u"has an id that is none"_s);
    event.contentHash = textIn(line, "content_hash");
    if (!isContentHash(event.contentHash))
        return corrupt(where, u"does not say which wording was shown"_s);
    given.state = textIn(line, "state");
    if (!QStringList{submittedState, skippedState, brokenState, withdrawnState}.contains(given.state) ||
        (given.state == withdrawnState && given.replaces.isEmpty()))
        return corrupt(where, u"has a state that means nothing"_s);
    const json &answers = partOf(line, "answers");
    const json &order = partOf(line, "option_order");
    if (!answers.is_object() || !order.is_array() || order.size() > mostOptions)
        return corrupt(where, u"has no answers or no order of options"_s);
    given.answers = answers;
    for (const json &key : order) {
        if (!key.is_string())
            return corrupt(where, u"has an order of options that is none"_s);
        event.optionOrder << QString::fromStdString(key.get_ref<const std::string &>());
    }
    given.position = wholeIn(line, "position");
    const qint64 guideline = wholeIn(line, "guideline_version");
    if (given.position < 0 || given.position > 1'000'000'000 || guideline < 1 || guideline > 1'000'000)
        return corrupt(where, u"has no place in the list, or no version of the guideline"_s);
    event.guidelineVersion = static_cast<int>(guideline);
    given.shownAt = textIn(line, "shown_at");
    given.submittedAt = textIn(line, "submitted_at");
    const json &seconds = partOf(line, "seconds_active");
    given.secondsActive = seconds.is_number() ? seconds.get<double>() : -1;
    if (!isUtcTime(given.shownAt) || !isUtcTime(given.submittedAt) ||
        !(given.secondsActive >= 0 && given.secondsActive <= mostSeconds))
        return corrupt(where, u"has a time that is none"_s);
    return event;
}

Result<AnswersFile> readAnswers(const QString &path)
{
    EVALWRIGHT_ASSIGN(const SealedZip zip, readSealedZip(path, answersFormat, {answersName}));
    AnswersFile file;
    file.path = path;
    const QString where = u"The manifest of “%1”"_s.arg(path);
    file.bundleId = textIn(zip.manifest, "bundle_id");
    file.projectId = textIn(zip.manifest, "project_id");
    file.reviewId = textIn(zip.manifest, "review_id");
    if (!isUuid(file.bundleId) || !isUuid(file.projectId) || !isUuid(file.reviewId))
        return corrupt(where, u"does not say which bundle was answered"_s);
    auto seal = Seal::fromJson(partOf(zip.manifest, "bundle_seal"));
    if (!seal || seal->hmac.isEmpty())
        return corrupt(where, u"has no seal of the bundle"_s);
    file.bundleSeal = *seal;
    file.guidelineSha256 = textIn(zip.manifest, "guideline_sha256");
    file.questionnaireSha256 = textIn(zip.manifest, "questionnaire_sha256");
    const json &rater = partOf(zip.manifest, "rater");
    file.rater = textIn(rater, "code");
    const qint64 slot = wholeIn(rater, "slot");
    if (!mayRate(file.rater) || slot < 0 || slot > 1'000'000)
        return corrupt(where, u"does not say who answered which list"_s);
    file.slot = static_cast<int>(slot);
    file.programVersion = textIn(zip.manifest, "program_version").left(64);
    file.started = textIn(zip.manifest, "started");
    file.saved = textIn(zip.manifest, "saved");

    EVALWRIGHT_ASSIGN(const std::vector<json> lines, linesOf(zip.members[answersName], answersName));
    if (lines.size() > mostEvents)
        return corrupt(u"“%1”"_s.arg(path), u"holds more than %1 answers"_s.arg(mostEvents));
    QHash<QString, qint64> positions; // Of the events so far.
    QSet<QString> replaced;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const QString at = u"Line %1 of answers.jsonl in “%2”"_s.arg(i + 1).arg(path);
        EVALWRIGHT_ASSIGN(AnswerEvent event, AnswerEvent::fromJson(lines[i], at));
        const GivenJudgement &given = event.given;
        if (positions.contains(given.uuid))
            return corrupt(at, u"has the id of an earlier one"_s);
        // Whoever could take back what is not in the file could take back what others said.
        if (!given.replaces.isEmpty() &&
            (positions.value(given.replaces, -1) != given.position || replaced.contains(given.replaces)))
            return corrupt(at, u"takes back what no earlier line says"_s);
        positions.insert(given.uuid, given.position);
        replaced << given.replaces;
        file.events.push_back(std::move(event));
    }
    return file;
}

Result<QByteArray> answersBytes(const AnswersFile &file)
{
    QByteArray lines;
    for (const AnswerEvent &event : file.events)
        lines += canonicalJson(event.toJson()) + '\n';
    const json manifest{{"format", (answersFormat + u"/1"_s).toStdString()},
                        {"bundle_id", file.bundleId.toStdString()},
                        {"project_id", file.projectId.toStdString()},
                        {"review_id", file.reviewId.toStdString()},
                        {"bundle_seal", file.bundleSeal.toJson()},
                        {"guideline_sha256", file.guidelineSha256.toStdString()},
                        {"questionnaire_sha256", file.questionnaireSha256.toStdString()},
                        {"rater", {{"code", file.rater.toStdString()}, {"slot", file.slot}}},
                        {"program_version", file.programVersion.toStdString()},
                        {"started", file.started.toStdString()},
                        {"saved", file.saved.toStdString()},
                        {"answers", file.events.size()}};
    EVALWRIGHT_ASSIGN(const SealedBytes sealed, sealedZipBytes(manifest, {{answersName, lines}}));
    return sealed.bytes;
}

} // namespace evalwright::review
