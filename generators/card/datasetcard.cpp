// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/card/datasetcard.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/text.h"
#include "storage/repositories/handdecisions.h"
#include "storage/repositories/models.h"
#include "storage/repositories/reviews.h"

#include <QRegularExpression>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString noteKind = u"card"_s;
constexpr qsizetype longestText = 10'000;

QString member(const json &object, const char *name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? QString::fromStdString(found->get_ref<const std::string &>()) : QString();
}

Result<QList<CardModel>> modelsOf(Connection &connection, const DatasetModels &names)
{
    QList<CardModel> models;
    const auto add = [&](const QString &role, const QStringList &list) -> Status {
        for (const QString &name : list) {
            CardModel one;
            one.role = role;
            one.name = withoutDirectory(name);
            // A model that was removed since is known by its name alone.
            if (const auto model = modelByName(connection, name)) {
                one.family = model->family;
                one.training = model->training;
                one.parameters = model->parameters;
                one.fingerprint = model->fingerprint;
            } else if (model.error().code != ErrorCode::NotFound) {
                return failure(model.error());
            }
            models << one;
        }
        return {};
    };
    EVALWRIGHT_TRY(add(u"writer"_s, names.writers));
    EVALWRIGHT_TRY(add(u"checker"_s, names.checkers));
    return models;
}

Result<QList<CardReview>> reviewsFor(Connection &connection, DatasetId dataset, const CancellationToken &token)
{
    QList<CardReview> cards;
    EVALWRIGHT_ASSIGN(const QList<Review> reviews, reviewsOf(connection, dataset));
    for (const Review &review : reviews) {
        EVALWRIGHT_ASSIGN(review::ReadAgreement read, review::readAgreement(connection, review, {}, token));
        if (read.agreement.judgements == 0)
            continue;
        CardReview card;
        card.name = review.name;
        EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(connection, review.questionnaireId));
        card.questionnaire = u"%1 v%2"_s.arg(record.name, QString::number(record.version));
        EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(connection, review.guidelineId));
        card.hasGuideline = !guideline.text.isEmpty();
        for (const review::RaterQuality &rater : read.agreement.perRater) {
            card.goldAsked += rater.goldAsked;
            card.goldRight += rater.gold.value ? qRound64(*rater.gold.value * static_cast<double>(rater.goldAsked)) : 0;
        }
        card.agreement = std::move(read.agreement);
        card.agreement.verdicts.clear();
        cards << card;
    }
    return cards;
}

/// The first items of each label.
Result<QList<CardExample>> examplesOf(Connection &connection, DatasetId dataset)
{
    CandidateFilter filter;
    filter.dataset = dataset;
    filter.state = CandidateFilter::State::Kept;
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows,
                      candidateRows(connection, filter, CandidateOrder::Ordinal, Qt::AscendingOrder, 0, exampleRows));
    QMap<QString, int> taken;
    QList<CardExample> examples;
    for (const CandidateRow &row : rows) {
        const Candidate &item = row.candidate;
        if (taken[item.matchingLabel]++ >= examplesPerLabel)
            continue;
        examples << exampleOf(item);
    }
    return examples;
}

} // namespace

CardExample exampleOf(const Candidate &item)
{
    return {item.question.isEmpty() ? item.statement : item.question, item.matchingLabel.trimmed(),
            item.otherLabels.join(u", "_s).trimmed(), item.labelConfidence};
}

Status storeCardTexts(Connection &connection, DatasetId dataset, const CardTexts &texts)
{
    static const QRegularExpression licence(u"\\A[A-Za-z0-9.+ ()-]{0,200}\\z"_s);
    if (!licence.match(texts.licence).hasMatch()) {
        return failure(ErrorCode::InvalidInput, u"“%1” is no name of a licence."_s.arg(texts.licence.left(60)),
                       u"Use an SPDX identifier, such as CC-BY-4.0."_s);
    }
    for (const QString &text : {texts.authors, texts.citation, texts.limits}) {
        if (text.size() > longestText)
            return failure(ErrorCode::InvalidInput, u"A text of the card is longer than %1 characters."_s.arg(longestText));
    }
    EVALWRIGHT_ASSIGN(const CardTexts before, cardTextsOf(connection, dataset));
    if (before == texts)
        return {};
    const json detail{{"licence", texts.licence.trimmed().toStdString()},
                      {"authors", texts.authors.trimmed().toStdString()},
                      {"citation", texts.citation.trimmed().toStdString()},
                      {"limits", texts.limits.trimmed().toStdString()}};
    // Each note says something else than the ones before, so that going back to an earlier text is a new one, too.
    EVALWRIGHT_ASSIGN(const QVariant earlier,
                      connection.value(u"SELECT count(*) FROM dataset_note WHERE dataset_id = ? AND kind = ?"_s,
                                       {dataset.value, noteKind}));
    return addNote(connection, dataset,
                   {noteKind, u"Texts of the card, version %1"_s.arg(earlier.toLongLong() + 1),
                    QString::fromUtf8(canonicalJson(detail)), u"person"_s, {}});
}

Status storeLicence(Project &project, const QStringList &datasets, const QString &licence)
{
    return project.writeNow(
        [&](Connection &c) -> Status {
            for (const QString &name : datasets) {
                EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, name));
                EVALWRIGHT_ASSIGN(CardTexts texts, cardTextsOf(c, dataset.id));
                texts.licence = licence;
                EVALWRIGHT_TRY(storeCardTexts(c, dataset.id, texts));
            }
            return {};
        },
        {Topic::Datasets});
}

Result<CardTexts> cardTextsOf(Connection &connection, DatasetId dataset)
{
    CardTexts texts;
    EVALWRIGHT_ASSIGN(const QList<DatasetNote> notes, notesOf(connection, dataset));
    for (const DatasetNote &note : notes) {
        if (note.kind != noteKind)
            continue;
        const json detail = storedJson(note.detail);
        texts = {member(detail, "licence"), member(detail, "authors"), member(detail, "citation"), member(detail, "limits")};
    }
    return texts;
}

Result<DatasetCard> readDatasetCard(Connection &connection, DatasetId dataset, const CancellationToken &token)
{
    DatasetCard card;
    EVALWRIGHT_ASSIGN(card.facts, datasetFacts(connection, dataset));
    card.facts.notes.removeIf([](const DatasetNote &note) { return note.kind == noteKind || note.kind == "calibration"_L1; });
    EVALWRIGHT_ASSIGN(card.texts, cardTextsOf(connection, dataset));
    EVALWRIGHT_ASSIGN(card.models, modelsOf(connection, card.facts.models));
    EVALWRIGHT_ASSIGN(card.stages, datasetFunnel(connection, dataset));
    EVALWRIGHT_ASSIGN(card.findings, lintCountsOfItems(connection, dataset));
    EVALWRIGHT_ASSIGN(card.reviews, reviewsFor(connection, dataset, token));
    EVALWRIGHT_ASSIGN(card.calibration, calibrationOf(connection, dataset));
    EVALWRIGHT_ASSIGN(card.examples, examplesOf(connection, dataset));
    for (const ReasonCount &reason : std::as_const(card.facts.reasons)) {
        if (!reason.keep && isPeoplesWord(reason.reason))
            card.droppedByPeople += reason.count;
    }
    return card;
}

} // namespace evalwright
