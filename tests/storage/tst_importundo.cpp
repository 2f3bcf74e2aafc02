// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Imports that are undone: what goes, what stays, and that the file can be imported again.
#include "exchangefiles.h"
#include "storage/exchange/importundo.h"
#include "storage/items/searchindex.h"
#include "storage/projectcheck.h"

#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray rows(int from, int count, const QByteArray &word = "calm")
{
    QByteArray out;
    for (int i = from; i < from + count; ++i) {
        const QByteArray text = "I stay " + word + " in case " + QByteArray::number(i);
        out += "{\"question\": \"Would you say this?\\n\\\"" + text + "\\\"\", \"statement\": \"" + text +
               "\", \"label_confidence\": 0.75, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
    }
    return out;
}

qint64 number(Project &project, const QString &sql)
{
    const auto value = project.readNow([&](Connection &c) { return c.value(sql); });
    return value ? value->toLongLong() : -1;
}

ImportSourceId imported(Project &project, const QString &path, const QString &dataset)
{
    ImportOptions options;
    options.dataset = dataset;
    const auto report = importFile(project, path, options);
    if (!report || report->imported == 0)
        qFatal("The file was not imported.");
    return {number(project, u"SELECT max(id) FROM import_source"_s)};
}

void change(Project &project, const QString &sql, const QVariantList &values = {})
{
    if (const auto done = project.writeNow([&](Connection &c) { return c.execute(sql, values); }); !done)
        qFatal("%s", qPrintable(done.error().text()));
}

bool isSound(Project &project)
{
    const auto check = project.readNow([](Connection &c) { return checkProject(c); });
    if (check && !check->ok)
        qWarning("%s", qPrintable(check->problems.constFirst().text));
    return check && check->ok;
}

QList<qint64> found(Project &project, const QString &words)
{
    QList<qint64> ids;
    (void)project.readNow([&](Connection &c) {
        return forEachMatch(c, {1, 1'000'000}, words, {}, [&](qint64 id) { ids << id; });
    });
    return ids;
}

void indexAll(Project &project)
{
    for (bool complete = false; !complete;) {
        const auto state = project.writeNow([](Connection &c) { return extendSearchIndex(c, 1000); });
        QVERIFY(state);
        complete = state->isComplete();
    }
}

} // namespace

class TestImportUndo : public QObject
{
    Q_OBJECT

    ExchangeFolder m_folder;

private Q_SLOTS:
    void whatNothingHappenedToIsGone()
    {
        const auto project = m_folder.project();
        const QString file = m_folder.written(rows(0, 60));
        const ImportSourceId source = imported(*project, file, u"calm"_s);
        indexAll(*project);
        QCOMPARE(found(*project, u"calm"_s).size(), 60);
        change(*project, u"INSERT INTO lint_finding (candidate_id, rule, rule_version, severity) SELECT id, 'short', 1, 'warn' FROM candidate"_s);
        const auto plan = project->readNow([&](Connection &c) { return planImportUndo(c, source); });
        QVERIFY(plan);
        QCOMPARE(plan->removed, 60);
        QCOMPARE(plan->rejected + plan->rejectedBefore, 0);
        QVERIFY(plan->datasetGoes && !plan->hasJobsSince);
        QCOMPARE(itemsIn(*project, u"calm"_s).size(), 60);

        qint64 told = -1;
        const auto done = undoImport(*project, source, {}, [&](qint64 now, qint64 total) { told = now + total; });
        QVERIFY2(done, qPrintable(done ? QString() : done.error().text()));
        QCOMPARE(done->removed, 60);
        QVERIFY(done->datasetGoes);
        QCOMPARE(told, 60);
        for (const QString &table : {u"candidate"_s, u"decision"_s, u"lint_finding"_s, u"import_source"_s, u"dataset WHERE removed_at IS NULL"_s})
            QCOMPARE(number(*project, u"SELECT count(*) FROM "_s + table), 0);
        QCOMPARE(number(*project, u"SELECT count(*) FROM event_log WHERE kind = 'import-undone' AND json_extract(detail, '$.removed') = 60 "
                                  u"AND length(json_extract(detail, '$.sha256')) = 64"_s),
                 1);
        QVERIFY(isSound(*project));
        QVERIFY(found(*project, u"calm"_s).isEmpty());
        QCOMPARE(undoImport(*project, source).error().code, ErrorCode::NotFound);
        // References are enforced again.
        QVERIFY(!project->writeNow([](Connection &c) { return c.execute(u"INSERT INTO candidate_tag (candidate_id, tag_id) VALUES (1, 1)"_s); }));

        // The file comes back, and numbers of items that are gone mean the new ones.
        imported(*project, file, u"calm"_s);
        QCOMPARE(itemsIn(*project, u"calm"_s).size(), 60);
        imported(*project, m_folder.written(rows(0, 5, "restless")), u"restless"_s);
        QCOMPARE(found(*project, u"restless"_s).size(), 5);
        indexAll(*project);
        QCOMPARE(found(*project, u"restless"_s).size(), 5);
        QCOMPARE(found(*project, u"calm"_s).size(), 60);
        QVERIFY(isSound(*project));
    }

    void whatSomethingHappenedToIsRejected()
    {
        const auto project = m_folder.project();
        const QString file = m_folder.written(rows(0, 40));
        const ImportSourceId source = imported(*project, file, u"calm"_s);
        const auto first = number(*project, u"SELECT min(id) FROM candidate"_s);
        QVERIFY(project->writeNow([&](Connection &c) -> Status {
            EVALWRIGHT_TRY(decideAll(c, {first}, true, u"person"_s));
            EVALWRIGHT_TRY(decideAll(c, {first + 1}, false, u"person"_s));
            EVALWRIGHT_TRY(tagAll(c, {first + 2}, u"odd"_s, true));
            EVALWRIGHT_TRY(relabelAll(c, {first + 3}, u"No"_s, u"it says so"_s));
            // A place in somebody's review.
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO questionnaire (id, name, version, spec, sha256, created_at) VALUES (1, 'q', 1, '{}', '', '')"_s));
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO guideline (id, dataset_id, version, text, sha256, created_at) SELECT 1, id, 1, '', '', '' FROM dataset"_s));
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO review (id, uuid, dataset_id, name, questionnaire_id, guideline_id, plan, created_at) "
                                     u"SELECT 1, '0a3b1b1e-8f0c-4c53-9a55-8e1d3f0a9c11', id, 'r', 1, 1, '{}', '' FROM dataset"_s));
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO assignment (review_id, slot, position, candidate_id) VALUES (1, 1, 1, ?)"_s, {first + 4}));
            // Whatever refers to an item in a later schema counts by itself.
            EVALWRIGHT_TRY(c.execute(u"CREATE TABLE later (item INTEGER NOT NULL REFERENCES candidate (id))"_s));
            EVALWRIGHT_TRY(c.execute(u"INSERT INTO later (item) VALUES (?)"_s, {first + 5}));
            return {};
        }));
        const auto plan = project->readNow([&](Connection &c) { return planImportUndo(c, source); });
        QVERIFY2(plan, qPrintable(plan ? QString() : plan.error().text()));
        QCOMPARE(plan->removed, 34);
        QCOMPARE(plan->rejected, 5);
        QCOMPARE(plan->rejectedBefore, 1);
        QVERIFY(!plan->datasetGoes);
        const auto done = undoImport(*project, source);
        QVERIFY2(done, qPrintable(done ? QString() : done.error().text()));
        QCOMPARE(done->removed, plan->removed);
        QCOMPARE(done->rejected, plan->rejected);
        QCOMPARE(done->rejectedBefore, plan->rejectedBefore);
        QCOMPARE(number(*project, u"SELECT count(*) FROM candidate"_s), 6);
        QVERIFY(itemsIn(*project, u"calm"_s).isEmpty());
        QCOMPARE(number(*project, u"SELECT count(*) FROM candidate_edit"_s) + number(*project, u"SELECT count(*) FROM candidate_tag"_s), 2);

        // Imported again, what was removed comes, and what stayed is known.
        ImportOptions options;
        options.dataset = u"calm"_s;
        const auto again = importFile(*project, file, options);
        QVERIFY(again);
        QCOMPARE(again->imported, 34);
        QCOMPARE(again->duplicates, 6);
        QVERIFY(project->writeNow([&](Connection &c) { return takeBackDecisions(c, done->rejections); }));
        QCOMPARE(itemsIn(*project, u"calm"_s).size(), 39); // All but the one that a person rejected.
    }

    void aJobSinceKeepsAll()
    {
        const auto project = m_folder.project();
        const ImportSourceId source = imported(*project, m_folder.written(rows(0, 10)), u"calm"_s);
        const auto jobAt = [&](const QString &kind, const QString &finished) {
            change(*project, u"DELETE FROM job"_s);
            change(*project,
                   u"INSERT INTO job (uuid, kind, title, state, parameters, parameters_hash, created_at, finished_at) "
                   u"VALUES ('0b3b1b1e-8f0c-4c53-9a55-8e1d3f0a9c11', ?, '', 'done', '{}', '', '2020-01-01T00:00:00.000Z', ?)"_s,
                   {kind, finished.isEmpty() ? QVariant() : QVariant(finished)});
            return project->readNow([&](Connection &c) { return planImportUndo(c, source); })->rejected;
        };
        QCOMPARE(jobAt(u"evaluate"_s, u"2020-01-02T00:00:00.000Z"_s), 0); // Before the import.
        QCOMPARE(jobAt(u"generate"_s, {}), 0);                            // Of another data set.
        QCOMPARE(jobAt(u"evaluate"_s, u"2120-01-02T00:00:00.000Z"_s), 10);
        QCOMPARE(jobAt(u"embed"_s, {}), 10);
        const auto done = undoImport(*project, source);
        QVERIFY(done);
        QVERIFY(done->hasJobsSince);
        QCOMPARE(done->rejected, 10);
        QCOMPARE(number(*project, u"SELECT count(*) FROM import_source WHERE length(sha256) = 64"_s), 1); // It is whole.
    }

    void othersStay()
    {
        const auto project = m_folder.project();
        imported(*project, m_folder.written(rows(0, 8)), u"calm"_s);
        const ImportSourceId second = imported(*project, m_folder.written(rows(100, 7)), u"calm"_s);
        const auto done = undoImport(*project, second);
        QVERIFY(done);
        QCOMPARE(done->removed, 7);
        QVERIFY(!done->datasetGoes);
        QCOMPARE(itemsIn(*project, u"calm"_s).size(), 8);
        const auto left = project->readNow([](Connection &c) -> Result<QList<ImportListed>> {
            EVALWRIGHT_ASSIGN(const Dataset set, datasetByName(c, u"calm"_s));
            return listImports(c, set.id);
        });
        QVERIFY(left);
        QCOMPARE(left->size(), 1);
        QCOMPARE(left->constFirst().kept, 8);
    }

    void cancelledItLeavesEverything()
    {
        const auto project = m_folder.project();
        const ImportSourceId source = imported(*project, m_folder.written(rows(0, 26'000)), u"calm"_s);
        CancellationToken token;
        const auto done = undoImport(*project, source, token, [&](qint64 now, qint64) {
            if (now > 0)
                token.cancel(); // The first piece is done.
        });
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Cancelled);
        QCOMPARE(itemsIn(*project, u"calm"_s).size(), 26'000);
        QVERIFY(undoImport(*project, source));
        QCOMPARE(number(*project, u"SELECT count(*) FROM candidate"_s), 0);
    }
};

QTEST_GUILESS_MAIN(TestImportUndo)
#include "tst_importundo.moc"
