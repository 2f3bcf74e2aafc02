// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "bundled.h"
#include "review/answersfile.h"
#include "review/judged.h"
#include "review/merge.h"
#include "storage/repositories/edits.h"

#include <algorithm>

/// What tests of merging share.
namespace evalwright::test {

inline Result<review::MergeReport> merge(const Observed &store, const QString &path,
                                         const review::MergeOptions &options = {})
{
    return store.project->writeNow([&](Connection &c) { return review::mergeAnswers(c, path, options); });
}

inline QByteArray exported(const Observed &store, DatasetId dataset)
{
    return must(store.project->readNow([&](Connection &c) { return review::exportJudgements(c, dataset); }));
}

/// What the project holds of a review, but for row numbers and times of merging.
inline QByteArray stateOf(const Observed &store, const Review &of)
{
    return must(store.project->readNow([&](Connection &c) -> Result<QByteArray> {
        EVALWRIGHT_ASSIGN(QByteArray state, review::exportJudgements(c, of.datasetId));
        EVALWRIGHT_ASSIGN(const QList<SlotState> lists, slotsOf(c, of.id));
        for (const SlotState &one : lists)
            state += QByteArray::number(one.slot) + ' ' + one.code.toUtf8() + '\n';
        EVALWRIGHT_ASSIGN(const QList<Rater> raters, listRaters(c));
        for (const Rater &rater : raters)
            state += rater.code.toUtf8() + ' ' + rater.origin.toUtf8() + '\n';
        EVALWRIGHT_ASSIGN(const QVariant current,
                          c.value(QStringLiteral(
                              "SELECT group_concat(uuid) FROM (SELECT uuid FROM judgement_current ORDER BY uuid)")));
        return state + current.toByteArray();
    }));
}

/// Another file with the same project in it.
inline std::shared_ptr<Project> copyOf(const Observed &store, const QString &path)
{
    must(store.project->maintain([&](Connection &c) { return c.execute(QStringLiteral("VACUUM INTO ?"), {path}); })
             .result());
    return must(Project::open(path, Project::Access::ReadWrite));
}

inline QString saved(review::BundleSitting &sitting, const QString &path = {})
{
    return must(sitting.saveAnswers(path).result()).path;
}

inline QString sealedAnswers(const review::AnswersFile &file, const QString &path)
{
    writeBytes(path, must(review::answersBytes(file)));
    return path;
}

inline void edit(const Observed &store, CandidateId id, const QString &question)
{
    must(store.project->writeNow([&](Connection &c) -> Status {
        EVALWRIGHT_ASSIGN(const CandidateRow row, candidateById(c, id));
        CandidateText text = CandidateText::of(row.candidate);
        text.question = question;
        EVALWRIGHT_TRY(editCandidate(c, id, text, newUuid(), QStringLiteral("person"), QStringLiteral("test")));
        return {};
    }));
}

/// Judgements that count in the review, of the items' wording of now.
inline qint64 counted(const Observed &store, const Review &of)
{
    const review::Judged judged =
        must(store.project->readNow([&](Connection &c) { return review::readJudged(c, of); }));
    return std::ranges::count(judged.answers, false, &review::JudgedAnswer::isChanged);
}

} // namespace evalwright::test
