// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "lm/batch/batchapi.h"
#include "lm/batch/batchreader.h"
#include "lm/batch/batchwriter.h"
#include "lm/batch/filedownload.h"
#include "lm/curltransport.h"

#include "../support/batchserver.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using Phase = BatchTicket::Phase;
using Fate = BatchServer::Fate;

namespace {

const QByteArray key = "marker-key-123";

struct TestClock final : Clock
{
    QDateTime now = QDateTime::fromSecsSinceEpoch(1'800'000'000, Qt::UTC);
    QDateTime nowUtc() const override { return now; }
};

QByteArray keyOf(int i)
{
    return QCryptographicHash::hash(QByteArray::number(i), QCryptographicHash::Sha256);
}
QString idOf(int i)
{
    return batchCustomId(keyOf(i));
}
QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(not readable)");
}

/// A server, a client, a written batch file with its ticket, and every ticket that was saved.
struct Setting
{
    QTemporaryDir folder;
    BatchService service;
    BatchServer server;
    CurlTransport transport;
    TestClock clock;
    std::unique_ptr<BatchApi> api;
    BatchTicket ticket;
    QList<BatchTicket> saved;
    bool saveWorks = true;

    explicit Setting(BatchService which, int requests = 4) : service(which), server(which, key)
    {
        const bool anthropic = which == BatchService::Anthropic;
        BatchWriter writer({which, folder.path(), u"score"_s});
        for (int i = 0; i < requests; ++i) {
            const BatchLine line{keyOf(i), anthropic ? u"/v1/messages"_s : u"/v1/chat/completions"_s,
                                 "{\"model\":\"m\",\"seed\":" + QByteArray::number(i) + '}'};
            if (!writer.add(line))
                qFatal("The request was not written.");
        }
        const BatchFile file = writer.finish()->files.first();
        ticket.uuid = newUuid();
        ticket.filePath = file.path;
        ticket.sha256 = file.sha256;
        ticket.bytes = file.bytes;
        ticket.lines = file.lines;
        ticket.url = file.url;
        api = std::move(*makeBatchApi({which, server.baseUrl(), key, u"KEY"_s}, transport, clock));
    }
    auto submit(const CancellationToken &token = {})
    {
        return api->submit(
            ticket,
            [this](const BatchTicket &next) -> Status {
                if (!saveWorks)
                    return failure(ErrorCode::DiskFull, u"Full."_s);
                // As a project would: through its stored form.
                auto back = ticketFromJson(ticketToJson(next));
                if (!back)
                    return failure(back.error());
                ticket = *back;
                saved << ticket;
                return {};
            },
            token);
    }
    /// Asks until the batch is final.
    BatchStatus wait()
    {
        for (int i = 0; i < 10; ++i) {
            const auto status = api->retrieve(ticket.batchId, {});
            if (status && isFinal(status->state))
                return *status;
        }
        return {};
    }
};

void addServices()
{
    QTest::addColumn<bool>("anthropic");
    QTest::newRow("OpenAI") << false;
    QTest::newRow("Anthropic") << true;
}
BatchService serviceOf(bool anthropic)
{
    return anthropic ? BatchService::Anthropic : BatchService::OpenAi;
}
/// Where a batch is created.
QByteArray createPath(bool anthropic)
{
    return anthropic ? "/v1/messages/batches" : "/v1/batches";
}

} // namespace

class TestBatchApi : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBatchGoesThroughAllItsSteps_data() { addServices(); }
    void aBatchGoesThroughAllItsSteps()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.server.addForeignBatch(7);
        s.server.setFate(idOf(0), Fate::Twice);
        s.server.setFate(idOf(1), Fate::Errored);
        s.server.setFate(idOf(2), Fate::Expired);
        const auto submitted = s.submit();
        QVERIFY(submitted);
        QVERIFY(!submitted->foundAgain && submitted->certain && submitted->duplicates.isEmpty());
        QCOMPARE(s.server.lastUpload(), contents(s.ticket.filePath)); // Byte by byte.
        QCOMPARE(s.ticket.phase, Phase::Created);                     // Saved before it was told.
        QCOMPARE(s.ticket.batchId, submitted->status.id);
        QVERIFY(s.api->download(submitted->status, s.folder.path(), {})->isEmpty());
        QList<BatchState> states;
        BatchStatus status = submitted->status;
        while (!isFinal(status.state) && states.size() < 10) {
            const auto next = s.api->retrieve(status.id, {});
            QVERIFY(next);
            status = *next;
            states << status.state;
        }
        QCOMPARE(status.state, BatchState::Completed);
        QCOMPARE(status.total, 4);
        if (!anthropic)
            QCOMPARE(states, (QList<BatchState>{BatchState::Validating, BatchState::InProgress, BatchState::Finalizing,
                                                BatchState::Completed}));
        const auto files = s.api->download(status, s.folder.path(), {});
        QVERIFY(files);
        QCOMPARE(files->size(), anthropic ? 1 : 2);
        QMap<QString, BatchResult> results;
        BatchResultReader reader([](const QString &) { return true; },
                                 [&](const BatchResult &result) {
                                     results.insert(result.customId, result);
                                     return Status();
                                 });
        for (const BatchDownload &file : *files) {
            QCOMPARE(sha256Hex(contents(file.path)), file.sha256);
            QCOMPARE(contents(file.path).size(), file.bytes);
            QVERIFY(reader.readFile(s.service, file.path, {}));
        }
        QCOMPARE(results.size(), 4);
        QCOMPARE(reader.report().repeated, 1);
        QCOMPARE(reader.report().problemLines(), 0);
        QCOMPARE(results.value(idOf(0)).outcome, BatchResult::Outcome::Answered);
        QCOMPARE(results.value(idOf(1)).outcome, BatchResult::Outcome::Errored);
        QCOMPARE(results.value(idOf(1)).status, 400);
        QCOMPARE(results.value(idOf(2)).outcome, BatchResult::Outcome::Expired);
        QVERIFY(s.api->download(status, s.folder.path(), {})); // Once more replaces the same files.
    }

    void partialAndChangedResultsAreSeen()
    {
        Setting s(BatchService::OpenAi);
        s.server.setFate(idOf(0), Fate::Missing);
        s.server.setFate(idOf(1), Fate::Changed);
        QVERIFY(s.submit());
        const auto files = s.api->download(s.wait(), s.folder.path(), {});
        QVERIFY(files);
        BatchResultReader reader([](const QString &) { return true; }, [](const BatchResult &) { return Status(); });
        QVERIFY(reader.readFile(s.service, files->first().path, {}));
        QVERIFY(!reader.has(idOf(0)));
        QCOMPARE(reader.report().problems.value(u"content-changed"_s), 1);
        QCOMPARE(reader.report().answered, 3);
    }

    void theSameTicketNeverPaysTwice_data() { addServices(); }
    void theSameTicketNeverPaysTwice()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        const auto again = s.submit();
        QVERIFY(again);
        QVERIFY(again->foundAgain);
        QCOMPARE(s.server.batches(), 1);
    }

    void aCutReplyToCreateIsTakenOver_data() { addServices(); }
    void aCutReplyToCreateIsTakenOver()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.server.addForeignBatch(4); // Older and as large: not ours.
        s.server.cutReplyTo("POST", createPath(anthropic));
        const auto first = s.submit();
        QVERIFY(!first);
        QVERIFY(first.error().mayExist);
        QVERIFY(first.error().failure.isRetryable());
        QCOMPARE(s.ticket.phase, Phase::Creating);
        const auto second = s.submit();
        QVERIFY(second);
        QVERIFY(second->foundAgain);
        QCOMPARE(second->certain, !anthropic);
        QCOMPARE(second->status.id, u"batch_2"_s);
        QCOMPARE(s.server.batches(), 1);
    }

    void aDeathBeforeTheIdWasNotedIsTakenOver_data() { addServices(); }
    void aDeathBeforeTheIdWasNotedIsTakenOver()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        QCOMPARE(s.saved[s.saved.size() - 2].phase, Phase::Creating);
        s.ticket = s.saved[s.saved.size() - 2]; // The last note never reached the disk.
        const auto again = s.submit();
        QVERIFY(again);
        QVERIFY(again->foundAgain);
        QCOMPARE(s.server.batches(), 1);
        if (!anthropic) {
            s.ticket = s.saved.first(); // Not even the upload is known: a project restored from a copy.
            QVERIFY(s.submit()->foundAgain);
            QCOMPARE(s.server.batches(), 1);
        }
    }

    void aLaggingListIsWaitedFor_data() { addServices(); }
    void aLaggingListIsWaitedFor()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.server.cutReplyTo("POST", createPath(anthropic));
        QVERIFY(!s.submit());
        s.server.setListLags(true);
        s.clock.now = s.clock.now.addSecs(59);
        const auto early = s.submit();
        QVERIFY(!early);
        QVERIFY(early.error().mayExist);
        QCOMPARE(early.error().failure.retryAfterSeconds.value_or(0), 1.0);
        s.clock.now = s.clock.now.addDays(-400); // A clock that was set back lets nothing through.
        QCOMPARE(s.submit().error().failure.retryAfterSeconds.value_or(0), 60.0);
        QCOMPARE(s.server.batches(), 1);
        s.server.setListLags(false);
        QVERIFY(s.submit()->foundAgain);
        QCOMPARE(s.server.batches(), 1);
    }

    void aClearNoToASecondAttemptSaysNothingAboutTheFirst_data() { addServices(); }
    void aClearNoToASecondAttemptSaysNothingAboutTheFirst()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.server.cutReplyTo("POST", createPath(anthropic));
        QVERIFY(!s.submit());
        s.server.setListLags(true);
        s.clock.now = s.clock.now.addSecs(61); // Longer than promised: a second creation is tried.
        BatchServer::Fault no{"POST", createPath(anthropic), {}, false};
        no.reply.status = 429;
        s.server.add(no);
        const auto refused = s.submit();
        QVERIFY(!refused);
        QVERIFY(refused.error().mayExist);
        QCOMPARE(s.ticket.phase, Phase::Creating);
        s.server.setListLags(false);
        QVERIFY(s.submit()->foundAgain);
        QCOMPARE(s.server.batches(), 1);
    }

    void aBatchThatWasNeverCreatedIsCreated_data() { addServices(); }
    void aBatchThatWasNeverCreatedIsCreated()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        BatchServer::Fault lost{"POST", createPath(anthropic), {}, false};
        lost.reply.status = 500;
        s.server.add(lost);
        QVERIFY(s.submit().error().mayExist); // A 500 proves nothing.
        s.clock.now = s.clock.now.addSecs(61);
        const auto again = s.submit();
        QVERIFY(again);
        QVERIFY(!again->foundAgain);
        QCOMPARE(s.server.batches(), 1);
        QVERIFY(anthropic || s.server.files() == 1);
    }

    void aListThatCannotBeReadForbidsASecondCreation_data() { addServices(); }
    void aListThatCannotBeReadForbidsASecondCreation()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.server.addForeignBatch(1);
        s.server.cutReplyTo("POST", createPath(anthropic));
        QVERIFY(!s.submit());
        s.clock.now = s.clock.now.addSecs(3600);
        s.server.setListOffered(false);
        QVERIFY(s.submit().error().mayExist);
        s.server.setListOffered(true);
        s.server.setListEndless(true);
        if (!anthropic) { // Anthropic's list ends at the newest batch before ours, which this one repeats.
            QVERIFY(s.submit().error().mayExist);
            QVERIFY(s.server.requestsTo("GET", "/v1/batches?") < 20);
        }
        s.server.setListEndless(false);
        ServerReply busy;
        busy.status = 503;
        s.server.add({"GET", createPath(anthropic), busy, false});
        const auto refused = s.submit();
        QVERIFY(refused.error().mayExist);
        QCOMPARE(refused.error().failure.kind, HttpFailure::Class::Overload);
        QCOMPARE(s.server.batches(), 1);
        QVERIFY(s.submit()->foundAgain);
    }

    void aServerWithoutAListIsUsedOnce()
    {
        Setting s(BatchService::OpenAi);
        s.server.setListOffered(false);
        QVERIFY(s.submit());
        s.ticket = s.saved[s.saved.size() - 2];
        s.clock.now = s.clock.now.addSecs(3600);
        const auto again = s.submit();
        QVERIFY(!again);
        QCOMPARE(again.error().failure.error.code, ErrorCode::Unsupported);
        QCOMPARE(s.server.batches(), 1);
    }

    void aConnectionThatDiesUnderTheCreationLeavesOneBatch()
    {
        // Closed without a byte on a kept connection: the client library sends the same once more by itself.
        Setting s(BatchService::OpenAi);
        BatchServer::Fault fault{"POST", "/v1/batches", {}, true};
        fault.reply.closeAtOnce = true;
        s.server.add(fault);
        auto submitted = s.submit();
        if (!submitted)
            submitted = s.submit();
        QVERIFY(submitted);
        QCOMPARE(s.server.batches() - s.server.cancelled(), 1);
        QCOMPARE(submitted->duplicates.size(), s.server.batches() - 1);
    }

    void severalCandidatesAreAQuestionForAPerson()
    {
        Setting s(BatchService::Anthropic);
        s.server.cutReplyTo("POST", "/v1/messages/batches");
        QVERIFY(!s.submit());
        s.server.addForeignBatch(4);
        s.server.addForeignBatch(5);
        const auto asked = s.submit();
        QVERIFY(!asked);
        QCOMPARE(asked.error().candidates.size(), 2);
        QVERIFY(asked.error().mayExist && !asked.error().failure.isRetryable());
        s.ticket.notOurs << u"batch_2"_s;
        const auto chosen = s.submit();
        QVERIFY(chosen);
        QCOMPARE(chosen->status.id, u"batch_1"_s);
        QVERIFY(!chosen->certain);
        QCOMPARE(s.server.batches(), 1);
    }

    void anUploadIsFoundAgain()
    {
        Setting s(BatchService::OpenAi);
        s.server.cutReplyTo("POST", "/v1/files");
        const auto first = s.submit();
        QVERIFY(!first);
        QVERIFY(!first.error().mayExist);
        QCOMPARE(s.ticket.phase, Phase::Uploading);
        QVERIFY(s.submit());
        QCOMPARE(s.server.files(), 1);
        QCOMPARE(s.server.batches(), 1);
    }

    void aClearNoLeavesNothingBehind_data()
    {
        QTest::addColumn<bool>("anthropic");
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        for (const bool anthropic : {false, true}) {
            const auto row = [&](int status, HttpFailure::Class kind) {
                QTest::addRow("%s %d", anthropic ? "Anthropic" : "OpenAI", status)
                    << anthropic << status << static_cast<int>(kind);
            };
            row(400, HttpFailure::Class::Request);
            row(401, HttpFailure::Class::Auth);
            row(402, HttpFailure::Class::Quota);
            row(429, HttpFailure::Class::Rate);
        }
    }
    void aClearNoLeavesNothingBehind()
    {
        QFETCH(bool, anthropic);
        QFETCH(int, status);
        QFETCH(int, kind);
        Setting s(serviceOf(anthropic));
        BatchServer::Fault no{"POST", createPath(anthropic), {}, false};
        no.reply.status = status;
        no.reply.headers << qMakePair(QByteArray("Retry-After"), QByteArray("7"));
        s.server.add(no);
        const auto refused = s.submit();
        QVERIFY(!refused);
        QVERIFY(!refused.error().mayExist);
        QCOMPARE(static_cast<int>(refused.error().failure.kind), kind);
        QCOMPARE(refused.error().failure.retryAfterSeconds.value_or(0), 7.0);
        QVERIFY(s.submit()); // At once: there is nothing to wait for.
        QCOMPARE(s.server.batches(), 1);
    }

    void aTicketThatCannotBeSavedSendsNothing_data() { addServices(); }
    void aTicketThatCannotBeSavedSendsNothing()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        s.saveWorks = false;
        const auto refused = s.submit();
        QVERIFY(!refused);
        QCOMPARE(refused.error().failure.error.code, ErrorCode::DiskFull);
        QCOMPARE(s.server.batches(), 0);
        QCOMPARE(s.server.files(), 0);
    }

    void aFileThatChangedIsNotSent_data() { addServices(); }
    void aFileThatChangedIsNotSent()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QFile file(s.ticket.filePath);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(30) && file.write("#") == 1);
        file.close();
        const auto refused = s.submit();
        QVERIFY(!refused);
        QCOMPARE(refused.error().failure.error.code, ErrorCode::HashMismatch);
        QCOMPARE(s.server.batches(), 0);
    }

    void cancellingABatchIsTold_data() { addServices(); }
    void cancellingABatchIsTold()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        const auto status = s.api->cancel(s.ticket.batchId, {});
        QVERIFY(status);
        QCOMPARE(status->state, BatchState::Cancelled);
        QCOMPARE(s.server.cancelled(), 1);
    }

    void anExpiredBatchStillHasResults_data() { addServices(); }
    void anExpiredBatchStillHasResults()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        s.server.expireBatches();
        const BatchStatus status = s.wait();
        QCOMPARE(status.state, BatchState::Expired);
        QCOMPARE(s.api->download(status, s.folder.path(), {})->size(), 1);
    }

    void errorsWhilePollingAndFetchingPass_data() { addServices(); }
    void errorsWhilePollingAndFetchingPass()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        ServerReply slow;
        slow.status = 429;
        slow.headers << qMakePair(QByteArray("Retry-After"), QByteArray("90"));
        s.server.add({"GET", createPath(anthropic), slow, false});
        const auto asked = s.api->retrieve(s.ticket.batchId, {});
        QVERIFY(!asked);
        QCOMPARE(asked.error().kind, HttpFailure::Class::Rate);
        QCOMPARE(asked.error().retryAfterSeconds.value_or(0), 90.0);
        const BatchStatus status = s.wait();
        const QByteArray path = anthropic ? "/results" : "/content";
        ServerReply busy;
        busy.status = 500;
        s.server.add({"GET", path, busy, false});
        s.server.cutReplyTo("GET", path);
        const auto first = s.api->download(status, s.folder.path(), {});
        QVERIFY(!first);
        QVERIFY(first.error().isRetryable());
        const auto second = s.api->download(status, s.folder.path(), {});
        QVERIFY(!second);
        QVERIFY(second.error().isRetryable());
        QCOMPARE(QDir(s.folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1); // No half file.
        QVERIFY(s.api->download(status, s.folder.path(), {}));
    }

    void resultsAtAnotherHostAreRefused_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::newRow("host") << QByteArray("http://localhost:1");
        QTest::newRow("name") << QByteArray("http://other.invalid");
        QTest::newRow("user") << QByteArray("http://127.0.0.1@other.invalid");
        QTest::newRow("scheme") << QByteArray("file://127.0.0.1");
        QTest::newRow("port") << QByteArray("http://127.0.0.1:1");
        QTest::newRow("backslash") << QByteArray("http://127.0.0.1\\@other.invalid");
        QTest::newRow("no host") << QByteArray("/v1");
    }
    void resultsAtAnotherHostAreRefused()
    {
        QFETCH(QByteArray, host);
        Setting s(BatchService::Anthropic);
        QVERIFY(s.submit());
        s.server.setResultsHost(host);
        const BatchStatus status = s.wait();
        QVERIFY(!status.resultsUrl.isEmpty());
        const auto refused = s.api->download(status, s.folder.path(), {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::InvalidInput);
        QVERIFY(!refused.error().isRetryable());
    }

    void aRedirectIsNotFollowed()
    {
        Setting s(BatchService::OpenAi);
        TestServer thief([](const ServerRequest &) { return ServerReply(); });
        QVERIFY(s.submit());
        const BatchStatus status = s.wait();
        ServerReply elsewhere;
        elsewhere.status = 302;
        elsewhere.headers << qMakePair(QByteArray("Location"), thief.baseUrl().toLatin1());
        s.server.add({"GET", "/content", elsewhere, false});
        QVERIFY(!s.api->download(status, s.folder.path(), {}));
        QCOMPARE(thief.requests(), 0);
    }

    void aRepeatedKeyIsNeverStored_data() { addServices(); }
    void aRepeatedKeyIsNeverStored()
    {
        QFETCH(bool, anthropic);
        Setting s(serviceOf(anthropic));
        QVERIFY(s.submit());
        const BatchStatus status = s.wait();
        ServerReply echo;
        echo.body = "{\"custom_id\": \"" + key + "\"}\n{\"x\": \"" + key + '"';
        s.server.add({"GET", anthropic ? "/results" : "/content", echo, false});
        const auto files = s.api->download(status, s.folder.path(), {});
        QVERIFY(files);
        QVERIFY(!contents(files->first().path).contains(key));
        QVERIFY(contents(files->first().path).contains("[key]"));
        QCOMPARE(sha256Hex(contents(files->first().path)), files->first().sha256);
        ServerReply no;
        no.status = 400;
        no.body = "{\"error\": {\"message\": \"Bad key " + key + "\"}}";
        s.server.add({"GET", createPath(anthropic), no, false});
        const auto refused = s.api->retrieve(s.ticket.batchId, {});
        QVERIFY(!refused);
        QVERIFY(!refused.error().error.text().contains(QString::fromLatin1(key)));
        QVERIFY(!refused.error().error.detail.contains(QString::fromLatin1(key)));
        for (const BatchTicket &ticket : s.saved)
            QVERIFY(!ticketToJson(ticket).contains(key));
    }

    void hostileRepliesAreErrors_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("no id") << QByteArray("{\"status\": \"completed\"}");
        QTest::newRow("path as id") << QByteArray("{\"id\": \"../files\", \"status\": \"completed\"}");
        QTest::newRow("state") << QByteArray("{\"id\": \"batch_1\", \"status\": \"happy\"}");
        QTest::newRow("state is a list") << QByteArray("{\"id\": \"batch_1\", \"status\": [1]}");
        QTest::newRow("other batch") << QByteArray("{\"id\": \"batch_9\", \"status\": \"completed\"}");
        QTest::newRow("deep") << QByteArray(1'000'000, '[');
        QTest::newRow("large") << "{\"id\": \"batch_1\", \"status\": \"completed\", \"x\": \"" +
                                      QByteArray(5'000'000, 'x') + "\"}";
    }
    void hostileRepliesAreErrors()
    {
        QFETCH(QByteArray, body);
        Setting s(BatchService::OpenAi);
        QVERIFY(s.submit());
        ServerReply reply;
        reply.body = body;
        s.server.add({"GET", "/v1/batches/", reply, false});
        const auto status = s.api->retrieve(s.ticket.batchId, {});
        QVERIFY(!status);
        QCOMPARE(status.error().error.code, ErrorCode::BadResponse);
        QVERIFY(status.error().isRetryable()); // A batch that is paid for is not given up.
        QVERIFY(!s.api->retrieve(u"../files"_s, {}));
        QVERIFY(!s.api->cancel(QString(), {}));
    }

    void strangeNumbersAndFileNamesAreLeftOut()
    {
        Setting s(BatchService::OpenAi);
        QVERIFY(s.submit());
        ServerReply reply;
        reply.body = "{\"id\": \"batch_1\", \"status\": \"failed\", \"request_counts\": {\"total\": -5, \"failed\": "
                     "1e300, \"completed\": \"x\"}, \"output_file_id\": \"../../x\", \"created_at\": 1e308, "
                     "\"errors\": {\"data\": [{\"line\": 3, \"message\": \"Bad line.\"}, 5]}}";
        s.server.add({"GET", "/v1/batches/", reply, false});
        const auto status = s.api->retrieve(s.ticket.batchId, {});
        QVERIFY(status);
        QCOMPARE(status->state, BatchState::Failed);
        QCOMPARE(status->total + status->failed + status->completed, 0);
        QVERIFY(status->outputFileId.isEmpty() && !status->createdAt.isValid());
        QCOMPARE(status->problem, u"line 3: Bad line."_s);
    }

    void aCancellationEndsEveryCallAtOnce()
    {
        Setting s(BatchService::OpenAi);
        QVERIFY(s.submit());
        const BatchStatus status = s.wait();
        ServerReply silent;
        silent.never = true;
        s.server.add({"GET", "/v1/batches/", silent, false});
        s.server.add({"GET", "/content", silent, false});
        for (const bool fetch : {false, true}) {
            const CancellationToken token;
            std::thread stopper([token] {
                QTest::qSleep(100);
                token.cancel();
            });
            QElapsedTimer timer;
            timer.start();
            const ErrorCode code = fetch ? s.api->download(status, s.folder.path(), token).error().error.code
                                         : s.api->retrieve(status.id, token).error().error.code;
            stopper.join();
            QCOMPARE(code, ErrorCode::Cancelled);
            QVERIFY(timer.elapsed() < 2000);
        }
    }

    void aCancelledSubmissionSendsNothingMore()
    {
        Setting s(BatchService::Anthropic);
        const CancellationToken token;
        token.cancel();
        QVERIFY(!s.submit(token));
        QCOMPARE(s.server.batches(), 0);
        QCOMPARE(s.server.requestsTo("POST", "/"), 0);
    }

    void aDownloadIsBounded()
    {
        TestServer server([](const ServerRequest &) {
            ServerReply reply;
            reply.body = QByteArray("line\n").repeated(20'000);
            return reply;
        });
        const QTemporaryDir folder;
        HttpRequest request;
        request.method = "GET";
        request.url = server.baseUrl();
        DownloadLimits limits;
        limits.bytes = 99'999;
        const QString path = folder.filePath(u"f"_s);
        const auto refused = downloadFile(request, {}, {}, path, limits, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().error.code, ErrorCode::BadResponse);
        QVERIFY(!QFile::exists(path));
        limits.bytes = 100'000;
        const auto whole = downloadFile(request, {}, {}, path, limits, {});
        QVERIFY(whole);
        QCOMPARE(contents(path), QByteArray("line\n").repeated(20'000));
        QVERIFY(!downloadFile(request, {}, {}, u"/nowhere/at/all"_s, limits, {}));
    }

    void ticketsAndAddressesAreChecked()
    {
        Setting s(BatchService::OpenAi);
        s.ticket.notOurs << u"batch_7"_s;
        const QByteArray text = ticketToJson(s.ticket);
        QCOMPARE(ticketToJson(*ticketFromJson(text)), text);
        for (const QByteArray &bad :
             {QByteArray(), QByteArray("[]"), QByteArray("{\"v\":2}"), QByteArray(text).replace("planned", "paid"),
              QByteArray(text).replace("planned", "created")})
            QVERIFY(!ticketFromJson(bad));
        for (const QString &bad : {u""_s, u"ftp://x"_s, u"http://"_s, u"http://x/?a=b"_s, u"http://x/"_s})
            QVERIFY(!makeBatchApi({BatchService::OpenAi, bad, key, {}}, s.transport, s.clock));
        const auto versioned =
            makeBatchApi({BatchService::OpenAi, s.server.baseUrl() + u"/v1"_s, key, {}}, s.transport, s.clock);
        QVERIFY(s.submit());
        QVERIFY((*versioned)->retrieve(s.ticket.batchId, {}));
    }

    void aLargeFileArrivesWhole()
    {
        Setting s(BatchService::OpenAi, 20'000);
        QVERIFY(s.submit());
        QVERIFY(s.server.lastUpload() == contents(s.ticket.filePath));
        QCOMPARE(s.wait().total, 20'000);
    }
};

QTEST_GUILESS_MAIN(TestBatchApi)
#include "tst_batchapi.moc"
