// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchproject.h"
#include "review/agreement.h"
#include "review/makereview.h"
#include "review/presets.h"
#include "review/sitting.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <cstdio>
#include <nlohmann/json.hpp>

/// How long the agreement of many judgements takes: ITEMS items by three raters, read from the project, every number
/// with its interval. Usage: bench_reviewagreement [ITEMS [FILE]]; 33,334 when left out, which are 100,002 judgements. FILE
/// is made and kept, for the command line to be timed on.
using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

void print(const char *name, double seconds, qint64 judgements)
{
    const json line{{"benchmark", name}, {"judgements", judgements}, {"seconds", seconds}};
    std::puts(line.dump().c_str());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int items = QCoreApplication::arguments().value(1, u"33334"_s).toInt();
    const QTemporaryDir folder;
    const auto project = must(Project::create(QCoreApplication::arguments().value(2, folder.filePath(u"p.evalwright"_s)), u"bench"_s));
    addBenchItems(*project, items);
    NewReview wanted;
    wanted.dataset = must(project->writeNow([](Connection &c) -> Result<DatasetId> {
        EVALWRIGHT_TRY(c.execute(u"UPDATE candidate SET label_confidence = 0.5 + 0.5 * ordinal / (SELECT count(*) FROM candidate)"_s));
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, u"items"_s));
        return dataset.id;
    }));
    wanted.plan.sampling = Sampling::All;
    wanted.plan.repeats = 0;
    wanted.questionnaire = must(preset(u"persona"_s));
    QElapsedTimer timer;
    timer.start();
    const Review review = must(project->writeNow([&](Connection &c) { return makeReview(c, wanted); })).review;
    print("review/make", static_cast<double>(timer.elapsed()) / 1000, qint64{3} * items);
    for (const QString &rater : {u"a"_s, u"b"_s, u"c"_s})
        must(openSitting(project, review.id, rater));
    // Answers that are right in nine of ten cases, by a number that depends on item and rater alone.
    must(project->writeNow([&](Connection &c) {
        return c.execute(
            u"INSERT INTO judgement (uuid, review_id, rater_id, candidate_id, slot, position, state, answers, option_order, "
            u"content_hash, questionnaire_id, guideline_id, shown_at, submitted_at, seconds_active, created_at) "
            u"SELECT a.slot || '-' || a.position, a.review_id, s.rater_id, a.candidate_id, a.slot, a.position, 'submitted', "
            u"'{\"ambiguous\":\"no\",\"answer\":\"' || CASE WHEN (a.candidate_id % 2 = 0) = "
            u"((a.candidate_id * 7919 + a.slot * 104729) % 1009 < 908) THEN 'Yes' ELSE 'No' END || '\",\"relevance\":' || "
            u"(1 + (a.candidate_id * 31 + a.slot * 17) % 5) || '}', '[\"Yes\",\"No\"]', i.content_hash, v.questionnaire_id, "
            u"v.guideline_id, '', '', 4, '' FROM assignment a JOIN review v ON v.id = a.review_id "
            u"JOIN review_slot s ON s.review_id = a.review_id AND s.slot = a.slot "
            u"JOIN review_item i ON i.review_id = a.review_id AND i.candidate_id = a.candidate_id"_s);
    }));
    for (int round = 0; round < 3; ++round) {
        timer.start();
        const Judged judged = must(project->readNow([&](Connection &c) { return readJudged(c, review); }));
        print("review/read", static_cast<double>(timer.elapsed()) / 1000, static_cast<qint64>(judged.answers.size()));
        timer.start();
        const Agreement found = agreementOf(judged, {});
        print("review/agreement", static_cast<double>(timer.elapsed()) / 1000, found.judgements);
        std::printf("alpha %.4f [%.4f, %.4f]\n", found.ofLabel()->alpha.value.value_or(0),
                    found.ofLabel()->alpha.low.value_or(0), found.ofLabel()->alpha.high.value_or(0));
    }
    return 0;
}
