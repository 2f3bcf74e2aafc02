// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/project.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/requestlog.h"
#include "storage/repositories/responses.h"

#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

QString keyOf(int n)
{
    return QString::number(n, 16).rightJustified(64, u'0');
}

} // namespace

class TestRequestLog : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    JobId m_job, m_other;
    static constexpr int steps = 10;

    static Response answer(ModelId model, int n, bool complete)
    {
        Response response;
        response.requestKey = keyOf(n);
        response.promptJson = u"{\"max_tokens\":16,\"prompt\":\"x\"}"_s;
        response.modelId = model;
        response.path = u"completions"_s;
        response.seed = 7;
        response.sample = 3;
        response.status = complete ? 200 : 503;
        response.body = complete ? QByteArray("{\"choices\":[]}") : QByteArray("busy");
        response.complete = complete;
        response.promptTokens = 100;
        response.completionTokens = 10;
        response.attempts = complete ? 3 : 2;
        response.resent = complete && n == 1 ? 1 : 0;
        response.seconds = 0.25;
        response.receivedAt = u"2026-01-01T00:00:00.000Z"_s;
        return response;
    }
    /// Steps 0 and 1 were answered, 2 came from the store, 3 failed with evidence, 4 failed without, the rest waits.
    Status fill(Connection &c)
    {
        Model model;
        model.name = u"priced"_s;
        model.baseUrl = u"http://localhost:1"_s;
        model.modelId = u"m"_s;
        model.priceIn = 1.0;
        model.priceOut = 2.0;
        EVALWRIGHT_ASSIGN(model, addModel(c, model));
        for (JobId *made : {&m_job, &m_other}) {
            Job job;
            job.kind = u"evaluate"_s;
            job.title = u"job"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"hash"_s;
            EVALWRIGHT_ASSIGN(job, createJob(c, job));
            *made = job.id;
            QList<JobStep> planned;
            for (int i = 0; i < steps; ++i) {
                JobStep step;
                step.stage = i < 8 ? u"b"_s : u"a"_s;
                step.ordinal = i;
                step.modelId = model.id;
                step.requestKey = keyOf(i);
                planned << step;
            }
            EVALWRIGHT_TRY(planSteps(c, job.id, planned));
        }
        for (const int n : {0, 1, 2}) {
            if (n == 1)
                EVALWRIGHT_TRY(storeResponse(c, answer(model.id, n, false)));
            EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, answer(model.id, n, true)));
            EVALWRIGHT_TRY(finishStep(c, m_job, u"b"_s, n, id, n == 2));
            if (n == 2)
                EVALWRIGHT_TRY(finishStep(c, m_other, u"b"_s, n, id, false));
        }
        EVALWRIGHT_TRY(storeResponse(c, answer(model.id, 3, false)));
        EVALWRIGHT_TRY(finishStep(c, m_job, u"b"_s, 3, {}, false, QString(1000, u'e')));
        EVALWRIGHT_TRY(finishStep(c, m_job, u"b"_s, 4, {}, false, u"no connection"_s));
        for (int i = 0; i < 5; ++i)
            EVALWRIGHT_TRY(logEvent(c, u"limit"_s, i == 2 ? m_other : m_job, u"{\"in_flight\":%1}"_s.arg(i)));
        return logEvent(c, u"other"_s, m_job, u"{}"_s);
    }
    QList<RequestRow> page(RequestFilter filter, const std::optional<RequestPlace> &after = {}, int limit = 200)
    {
        const auto rows =
            m_project->readNow([&](Connection &c) { return requestPage(c, m_job, filter, after, limit); });
        if (!rows)
            qFatal("%s", qPrintable(rows.error().text()));
        return *rows;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto project = Project::create(m_folder.filePath(u"log.evalwright"_s), u"Log"_s);
        QVERIFY(project);
        m_project = *project;
        const Status filled = m_project->writeNow([this](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }

    void pagesCoverEveryRequestOnce()
    {
        QList<qint64> seen;
        std::optional<RequestPlace> after;
        while (true) {
            const QList<RequestRow> rows = page(RequestFilter::All, after, 3);
            for (const RequestRow &row : rows)
                seen << row.place.ordinal;
            if (rows.size() < 3)
                break;
            after = rows.constLast().place;
        }
        QCOMPARE(seen, (QList<qint64>{8, 9, 0, 1, 2, 3, 4, 5, 6, 7}));
    }

    void filtersAgreeWithTheCounts()
    {
        const auto counts = m_project->readNow([this](Connection &c) { return requestCounts(c, m_job); });
        QVERIFY(counts);
        for (const RequestFilter filter : {RequestFilter::All, RequestFilter::Waiting, RequestFilter::Answered,
                                           RequestFilter::FromStore, RequestFilter::Failed})
            QCOMPARE(counts->of(filter), page(filter).size());
        QCOMPARE(counts->all, 10);
        QCOMPARE(counts->waiting, 5);
        QCOMPARE(counts->answered, 2);
        QCOMPARE(counts->fromStore, 1);
        QCOMPARE(counts->failed, 2);
        QCOMPARE(counts->resent, 1);
    }

    void rowsTellWhatTheAnswerTook()
    {
        const QList<RequestRow> answered = page(RequestFilter::Answered);
        QCOMPARE(answered.size(), 2);
        const RequestRow &row = answered[1];
        QCOMPARE(row.model, u"priced"_s);
        QVERIFY(!row.local);
        QCOMPARE(row.attempts, 3);
        QCOMPARE(row.resent, 1);
        QCOMPARE(row.seconds, 0.25);
        QCOMPARE(row.promptTokens, std::optional<qint64>(100));
        QCOMPARE(row.completionTokens, std::optional<qint64>(10));
        QCOMPARE(row.cost, std::optional<double>((100 * 1.0 + 10 * 2.0) / 1e6));
        QVERIFY(page(RequestFilter::FromStore).constFirst().fromStore);
        const RequestRow failed = page(RequestFilter::Failed).constFirst();
        QVERIFY(!failed.response.isValid());
        QCOMPARE(failed.error.size(), 600); // A list needs no more.
        QVERIFY(!failed.cost);
    }

    void theRequestIsToldAsItWasSent()
    {
        const StepId step = page(RequestFilter::Answered).constLast().step;
        const auto detail = m_project->readNow([&](Connection &c) { return requestDetail(c, step); });
        QVERIFY(detail);
        QCOMPARE(detail->request, std::optional<QString>(u"{\"max_tokens\":16,\"prompt\":\"x\",\"seed\":7}"_s));
        QCOMPARE(detail->body, QByteArray("{\"choices\":[]}"));
        QCOMPARE(detail->row.status, 200);
        QCOMPARE(detail->sample, 3);
        QCOMPARE(detail->path, u"completions"_s);
        QCOMPARE(detail->key, keyBytes(keyOf(1)));
        const auto tries = m_project->readNow([&](Connection &c) { return failedTries(c, detail->key); });
        QVERIFY(tries);
        QCOMPARE(tries->tries.size(), 1);
        QCOMPARE(tries->tries[0].status, 503);
        QCOMPARE(tries->tries[0].attempt, 2);
        QCOMPARE(tries->tries[0].start, QByteArray("busy"));
    }

    void anAnswerFromTheStoreNamesWhoAskedFirst()
    {
        const StepId step = page(RequestFilter::FromStore).constFirst().step;
        const auto detail = m_project->readNow([&](Connection &c) { return requestDetail(c, step); });
        QVERIFY(detail && detail->origin);
        QCOMPARE(detail->job, m_job);
        QCOMPARE(detail->origin->job, m_other);
        QVERIFY(detail->origin->isFromCacheFor(m_job) && !detail->origin->isFromCacheFor(m_other));
        QCOMPARE(originText(*detail->origin),
                 u"from cache, first asked on 2026-01-01 by job %1, “job” (priced, 3 tries)"_s.arg(m_other.value));
        const StepId own = page(RequestFilter::Answered).constFirst().step;
        const auto asked = m_project->readNow([&](Connection &c) { return requestDetail(c, own); });
        QVERIFY(asked && asked->origin && !asked->origin->isFromCacheFor(m_job));
    }

    void failedRequestsShowWhatIsLeft()
    {
        const QList<RequestRow> failed = page(RequestFilter::Failed);
        const auto detail = m_project->readNow([&](Connection &c) { return requestDetail(c, failed[0].step); });
        QVERIFY(detail);
        QVERIFY(!detail->request);
        QCOMPARE(detail->row.error.size(), 1000);
        const auto tries = m_project->readNow([&](Connection &c) { return failedTries(c, detail->key); });
        QVERIFY(tries);
        QCOMPARE(tries->tries.size(), 1);
        QCOMPARE(tries->request, std::optional<QString>(u"{\"max_tokens\":16,\"prompt\":\"x\",\"seed\":7}"_s));
        const auto none = m_project->readNow([&](Connection &c) { return failedTries(c, keyBytes(keyOf(4))); });
        QVERIFY(none && none->tries.isEmpty() && !none->request);
        const auto missing = m_project->readNow([](Connection &c) { return requestDetail(c, StepId{12345}); });
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
    }

    void aSeedIsPutBackOnlyWhereItWas()
    {
        const QString prompt = u"{\"options\":{\"seed\":7},\"prompt\":\"x\"}"_s;
        for (const QString &path : {u"/api/generate"_s, u"messages"_s}) {
            const auto kept = m_project->writeNow([&](Connection &c) -> Result<FailedTries> {
                EVALWRIGHT_ASSIGN(const QVariant model, c.value(u"SELECT id FROM model"_s));
                Response other = answer(ModelId{model.toLongLong()}, 500, false);
                other.promptJson = prompt;
                other.path = path;
                EVALWRIGHT_TRY(storeResponse(c, other));
                return failedTries(c, keyBytes(keyOf(500)));
            });
            QVERIFY(kept);
            QCOMPARE(kept->path, path);
            QCOMPARE(kept->request, std::optional<QString>(prompt));
        }
    }

    void anAnswerLeadsToWhoPaidForIt()
    {
        const RequestRow stored = page(RequestFilter::FromStore).constFirst();
        const auto found = m_project->readNow([&](Connection &c) { return requestOfResponse(c, stored.response); });
        QVERIFY(found);
        QCOMPARE(found->job, m_other);
        QVERIFY(!m_project->readNow([](Connection &c) { return requestOfResponse(c, ResponseId{999}); }));
    }

    void eventsComeInPagesNewestFirst()
    {
        QStringList details;
        qint64 before = 0;
        while (true) {
            const auto events =
                m_project->readNow([&](Connection &c) { return jobEvents(c, m_job, u"limit"_s, before, 3); });
            QVERIFY(events);
            for (const LoggedEvent &event : *events)
                details << event.detail;
            if (events->size() < 3)
                break;
            before = events->constLast().id;
        }
        QCOMPARE(details, (QStringList{u"{\"in_flight\":4}"_s, u"{\"in_flight\":3}"_s, u"{\"in_flight\":1}"_s,
                                       u"{\"in_flight\":0}"_s}));
    }
};

QTEST_GUILESS_MAIN(TestRequestLog)
#include "tst_requestlog.moc"
