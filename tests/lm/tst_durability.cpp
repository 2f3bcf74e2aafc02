// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What docs/durability.md promises, at every kind of disk call of a job in a process of its own: nothing that was read
// after it was stored is lost, or asked again.
#include "lm/curltransport.h"
#include "lm/requestrunner.h"
#include "storage/projectcheck.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"

#include "../support/fakeaccess.h"
#include "../support/faultserver.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>
#include <unistd.h>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 items = 160;

/// Questions that differ in their number.
class Questions final : public StageSource
{
public:
    qint64 size() const override { return items; }
    qint64 ordinal(qint64 index) const override { return index; }
    Result<QList<PlannedRequest>> requests(const QList<qint64> &indices) override
    {
        QList<PlannedRequest> list;
        for (const qint64 index : indices) {
            PlannedRequest planned;
            planned.ordinal = index;
            planned.request.turns << Turn{u"user"_s, u"Question #%1# would you say that?"_s.arg(index)};
            planned.request.sampling.maxTokens = 1;
            list << planned;
        }
        return list;
    }
};

QByteArray numberOf(const QByteArray &body)
{
    const auto from = body.indexOf('#') + 1;
    return body.mid(from, body.indexOf('#', from) - from);
}

/// Says every answer that it was given, at once: that is when it counts as stored.
class TellingReader final : public AnswerReader
{
public:
    Result<QSet<qint64>> unread(const QList<qint64> &) override { return QSet<qint64>(); }
    Status read(const StepAnswer &answer, const Result<Reply> &reply) override
    {
        if (!reply)
            return failure(reply.error());
        const QByteArray line = QByteArray::number(answer.ordinal) + '\n';
        if (::write(STDOUT_FILENO, line.constData(), static_cast<size_t>(line.size())) != line.size())
            return failure(ErrorCode::Unknown, u"Nobody listens."_s);
        return {};
    }
};

/// The job in the child process. Exit status: 0 done, 2 the disk is full, 3 any other error.
int work(const QString &path, const QString &url)
{
    const auto end = [](const Error &error) {
        std::fprintf(stderr, "%s\n", qPrintable(error.text()));
        return error.code == ErrorCode::DiskFull ? 2 : 3;
    };
    const auto project = Project::open(path, Project::Access::ReadWrite);
    if (!project)
        return end(project.error());
    const auto model = (*project)->readNow([](Connection &c) { return modelByName(c, u"fake"_s); });
    const auto job = (*project)->readNow([](Connection &c) { return jobByParameters(c, u"h"_s); });
    if (!model || !job)
        return end(model ? job.error() : model.error());
    CurlTransport transport;
    FakeAccess access(url);
    const JobServices services{*project, &transport, &access};
    Questions questions;
    TellingReader reader;
    RunnerOptions options;
    options.diskFullPatience = 0.8;
    const auto report = runStage(services, (*job)->id, u"s"_s, *model, questions, &reader, options, {}, {});
    if (!report)
        return end(report.error());
    return report->failed == 0 ? 0 : 3;
}

} // namespace

class TestDurability : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_projects = 0;

    struct Ran
    {
        bool killed = false;
        int code = 0;
        QSet<qint64> told;
        QByteArray words;
    };
    static Ran run(const QString &path, const QString &url, const QMap<QString, QString> &storm)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (auto it = storm.begin(); it != storm.end(); ++it)
            environment.insert(it.key(), it.value());
        process.setProcessEnvironment(environment);
        process.start(QCoreApplication::applicationFilePath(), {u"--work"_s, path, url});
        if (!process.waitForFinished(60'000))
            qFatal("The job hangs.");
        Ran ran{process.exitStatus() == QProcess::CrashExit, process.exitCode(), {}, process.readAllStandardError()};
        const QList<QByteArray> lines = process.readAllStandardOutput().split('\n');
        for (const QByteArray &line : lines) {
            if (!line.isEmpty())
                ran.told << line.toLongLong();
        }
        return ran;
    }
    static QMap<QString, QString> disk(const QString &mode, qint64 at = 0, qint64 calls = 0)
    {
        return {{u"LD_PRELOAD"_s, QStringLiteral(EVALWRIGHT_STORMDISK)},
                {u"STORMDISK_MODE"_s, mode},
                {u"STORMDISK_AT"_s, QString::number(at)},
                {u"STORMDISK_CALLS"_s, QString::number(calls)},
                {u"STORMDISK_SEED"_s, QString::number(at)}};
    }
    QString newProject()
    {
        const QString path = m_folder.filePath(u"p%1.evalwright"_s.arg(++m_projects));
        const auto project = Project::create(path, {});
        if (!project)
            qFatal("%s", qPrintable(project.error().text()));
        const auto made = (*project)->writeNow([](Connection &c) -> Status {
            Model model;
            model.name = model.modelId = u"fake"_s;
            EVALWRIGHT_TRY(addModel(c, model));
            Job job;
            job.kind = u"evaluate"_s;
            job.parameters = u"{}"_s;
            job.parametersHash = u"h"_s;
            return createJob(c, job).map([](const Job &) {});
        });
        if (!made)
            qFatal("%s", qPrintable(made.error().text()));
        return path;
    }
    static FaultServerOptions calm()
    {
        FaultServerOptions options;
        options.pace.latencyMs = 2;
        options.answerBytes = 3000;
        options.itemKey = [](const FaultRequest &request) { return numberOf(request.body); };
        return options;
    }
    /// Sound, with an answer to each of these.
    static void holds(const QString &path, const QSet<qint64> &wanted)
    {
        const auto project = Project::open(path, Project::Access::ReadWrite);
        QVERIFY2(project, project ? "" : qPrintable(project.error().text()));
        const auto check = (*project)->readNow([](Connection &c) { return checkProject(c); });
        QVERIFY(check);
        QVERIFY2(check->ok, check->toJson().dump().c_str());
        const auto answers = stageAnswers(**project, JobId{1}, u"s"_s);
        QVERIFY(answers);
        QSet<qint64> stored;
        for (const StepAnswer &answer : *answers) {
            if (answer.responseId.isValid() && readReply(answer.path, answer.body))
                stored << answer.ordinal;
        }
        QVERIFY2(stored.contains(wanted), "an answer that counted as stored is lost");
    }
    static QSet<qint64> all()
    {
        QSet<qint64> set;
        for (qint64 i = 0; i < items; ++i)
            set << i;
        return set;
    }

private Q_SLOTS:
    void initTestCase()
    {
#ifdef EVALWRIGHT_SANITIZED
        QSKIP("A sanitizer's library wants to be loaded before every other.");
#endif
    }

    void atDiskCalls_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::newRow("killed in the middle of a call") << u"kill"_s;
        QTest::newRow("power fails") << u"power"_s;
        QTest::newRow("the disk is full for good") << u"full"_s;
    }
    void atDiskCalls()
    {
        QFETCH(QString, mode);
        const FaultServer counting(calm());
        const QString countFile = m_folder.filePath(u"count"_s);
        auto count = disk(u"count"_s);
        count[u"STORMDISK_COUNT"_s] = countFile;
        QCOMPARE(run(newProject(), counting.baseUrl(), count).code, 0);
        QFile file(countFile);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const qint64 calls = file.readAll().toLongLong();
        QVERIFY2(calls > 60, qPrintable(QString::number(calls)));

        // The first calls open the project, the last ones close it; how many there are differs from run to run.
        const int rounds = mode == u"full"_s ? 12 : 20;
        QRandomGenerator random(20'221'219);
        int struck = 0;
        qsizetype told = 0;
        for (int round = 0; round < rounds; ++round) {
            const qint64 at = round < 4 ? round + 1 : 1 + random.bounded(static_cast<int>(calls));
            const FaultServer server(calm());
            const QString path = newProject();
            const Ran ran = run(path, server.baseUrl(), disk(mode, at));
            struck += ran.killed || ran.code == 2;
            told += ran.told.size();
            if (mode == u"full"_s)
                QVERIFY2(ran.code == 2 || ran.code == 0, ran.words.constData());
            else
                QVERIFY2(ran.killed || ran.code == 0, ran.words.constData());
            holds(path, ran.told);
            if (QTest::currentTestFailed())
                return;
            const auto before = server.items();
            const Ran again = run(path, server.baseUrl(), {});
            QVERIFY2(again.code == 0, again.words.constData());
            holds(path, all());
            for (const qint64 item : ran.told) {
                const QByteArray key = QByteArray::number(item);
                QVERIFY2(server.item(key).requests == before.value(key).requests,
                         "an answer that counted as stored was asked for again");
            }
        }
        qInfo("%d of %d runs struck, %d answers told before", struck, rounds, int(told));
        QVERIFY2(struck >= rounds / 2, qPrintable(u"only %1 of %2 were struck"_s.arg(struck).arg(rounds)));
    }

    /// Room comes back within the patience: nobody notices, and nothing is asked twice.
    void theDiskIsFullForAWhile()
    {
        const FaultServer server(calm());
        const QString path = newProject();
        const Ran ran = run(path, server.baseUrl(), disk(u"full"_s, 25, 1));
        QVERIFY2(ran.code == 0, ran.words.constData());
        QCOMPARE(ran.told, all());
        QCOMPARE(server.counts().requestsAfterGoodAnswer, 0);
        holds(path, all());
    }

    /// Nothing is ordered or waited for by the wall clock.
    void theClockJumps()
    {
        FaultServerOptions options = calm();
        options.mix = *FaultMix::named("429-plain=0.1,error-503=0.1");
        const FaultServer server(options);
        const QString path = newProject();
        QElapsedTimer clock;
        clock.start();
        const Ran ran = run(path, server.baseUrl(),
                            {{u"LD_PRELOAD"_s, QStringLiteral(EVALWRIGHT_STORMCLOCK)}, {u"STORMCLOCK_EVERY"_s, u"7"_s}});
        QVERIFY2(ran.code == 0, ran.words.constData());
        QCOMPARE(ran.told, all());
        QVERIFY2(clock.elapsed() < 30'000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(server.counts().requestsAfterGoodAnswer, 0);
        holds(path, all());
    }

    /// Every item ends, answered once or failed with its reason, whatever the server does.
    void underTheFullMixOfFaults()
    {
        FaultServerOptions options = calm();
        options.mix = *FaultMix::named("full");
        const FaultServer server(options);
        const QString path = newProject();
        const Ran ran = run(path, server.baseUrl(), {});
        QVERIFY2(ran.code == 0 || ran.code == 3, ran.words.constData());
        QCOMPARE(server.counts().requestsAfterGoodAnswer, 0);
        const auto project = Project::open(path, Project::Access::ReadOnly);
        QVERIFY(project);
        const auto answers = stageAnswers(**project, JobId{1}, u"s"_s);
        QVERIFY(answers);
        QCOMPARE(answers->size(), items);
        for (const StepAnswer &answer : *answers)
            QVERIFY2(answer.responseId.isValid() != !answer.error.isEmpty(), "neither answered nor failed");
    }

    /// The second process is told who writes, and may read meanwhile.
    void twoProcesses()
    {
        const FaultServer server(calm());
        const QString path = newProject();
        const auto first = Project::open(path, Project::Access::ReadWrite);
        QVERIFY(first);
        const Ran second = run(path, server.baseUrl(), {});
        QCOMPARE(second.code, 3);
        QVERIFY2(second.words.contains("is being written by"), second.words.constData());
        QCOMPARE(server.counts().requests, 0);
        QVERIFY(Project::open(path, Project::Access::ReadOnly));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 4 && qstrcmp(argv[1], "--work") == 0)
        return work(QString::fromLocal8Bit(argv[2]), QString::fromLocal8Bit(argv[3]));
    TestDurability test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_durability.moc"
