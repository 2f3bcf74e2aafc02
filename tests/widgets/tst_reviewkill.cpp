// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 while a rater presses keys in the real window: whatever was stored when the next item appeared is there
// afterwards, and nothing is there twice.
#include "../review/bundled.h"
#include "review/merge.h"
#include "reviewsample.h"
#include "screenshots.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QThread>

#include <cstdio>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

const QString rater = u"K7"_s;

/// The program that is killed: rates by keys, and says what is stored as soon as the next item is shown. Every fifth
/// judgement is taken back and given anew. One line per event: "judged POSITION ANSWER" or "withdrawn POSITION".
int rateUntilKilled(const QString &kind, const QString &file)
{
    QTemporaryDir folder;
    useSettingsIn(folder.path(), u"rater"_s);
    std::shared_ptr<Project> project;
    std::shared_ptr<review::Sitting> sitting;
    if (kind == "project"_L1) {
        project = must(Project::open(file, Project::Access::ReadWrite));
        sitting = must(review::openSitting(project, ReviewId{1}, rater));
    } else {
        sitting = Bundled::open(file, rater, 0);
    }
    ReviewWindow window(sitting);
    const Stage stage(window, {1120, 820});
    if (!QTest::qWaitForWindowActive(window.window()))
        qFatal("The window did not become active.");
    const Hands hands(window);
    hands.begin();
    const auto say = [](const char *event, qint64 position, const QString &answer) {
        std::printf("%s %lld %s\n", event, static_cast<long long>(position), qPrintable(answer));
        std::fflush(stdout);
    };
    for (int count = 1; hands.position() >= 0; ++count) {
        const qint64 here = hands.position();
        const bool yes = (here + count) % 3 != 0;
        hands.press(yes ? Qt::Key_Y : Qt::Key_N);
        hands.press(Qt::Key_4);
        hands.press(Qt::Key_N);
        if (here + 1 == window.flow()->info().places)
            break; // The last item: nothing is shown after it.
        if (!hands.comesTo(here + 1))
            qFatal("The next item did not come.");
        say("judged", here, yes ? u"Yes"_s : u"No"_s);
        if (count % 5 != 0)
            continue;
        hands.press(Qt::Key_Z);
        if (!hands.comesTo(here))
            qFatal("The item did not come back.");
        say("withdrawn", here, {});
        hands.press(Qt::Key_Return); // With its answers.
        if (!hands.comesTo(here + 1))
            qFatal("The next item did not come.");
        say("judged", here, yes ? u"Yes"_s : u"No"_s);
    }
    return 0;
}

/// An event as it is told and as it is stored.
struct Event
{
    QString what;
    qint64 position;
    QString answer;
    bool operator==(const Event &) const = default;
};

} // namespace

class TestReviewKill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static QString answerOf(const json &answers)
    {
        return answers.contains("answer") ? QString::fromStdString(answers.at("answer").get<std::string>()) : QString();
    }
    static QList<Event> storedIn(const std::shared_ptr<Project> &project)
    {
        QList<Event> events;
        QSet<QString> uuids;
        must(project->readNow([&](Connection &c) {
            return c.forEachRow(u"SELECT state, position, answers, uuid FROM judgement ORDER BY id"_s, {},
                                [&](const Statement::Row &row) {
                                    const std::string_view answers = row.bytes(2);
                                    const bool isBack = row.text(0) == withdrawnState;
                                    events << Event{isBack ? u"withdrawn"_s : u"judged"_s, row.integer(1),
                                                    isBack ? QString() : answerOf(json::parse(answers.begin(), answers.end()))};
                                    uuids << row.text(3);
                                });
        }));
        if (uuids.size() != events.size())
            qFatal("An event is there twice.");
        return events;
    }
    /// Every place counts once.
    static void nothingIsTwice(const std::shared_ptr<Project> &project)
    {
        QCOMPARE(must(project->readNow([](Connection &c) {
                     return c.value(u"SELECT count(*) - count(DISTINCT position) FROM judgement_current"_s);
                 })).toInt(),
                 0);
    }

private Q_SLOTS:
    void atRandomMoments_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("project") << u"project"_s;
        QTest::newRow("bundle") << u"bundle"_s;
    }
    void atRandomMoments()
    {
        QFETCH(QString, kind);
        constexpr int rounds = 10;
        const bool isBundle = kind == "bundle"_L1;
        Bundled s(120, 1, 0);
        const QString projectFile = s.store.project->path(), bundle = isBundle ? s.bundle() : QString();
        if (!isBundle)
            s.store.project.reset();
        QRandomGenerator random(20'221'219);
        QList<Event> told;     // All that was said to be stored, by every program.
        int between = 0;       // Events that were stored and not told of: the program was killed just then.
        for (int round = 0; round < rounds; ++round) {
            QProcess program;
            program.start(QCoreApplication::applicationFilePath(), {u"--rate"_s, kind, isBundle ? bundle : projectFile});
            QVERIFY(program.waitForStarted());
            QByteArray said;
            const int lines = 1 + random.bounded(9);
            while (said.count('\n') < lines && program.waitForReadyRead(30'000))
                said += program.readAllStandardOutput();
            QThread::usleep(static_cast<unsigned long>(random.bounded(15'000)));
            QVERIFY2(program.state() == QProcess::Running, program.readAllStandardError().constData());
            program.kill();
            QVERIFY(program.waitForFinished());
            said += program.readAllStandardOutput();
            QVERIFY2(said.count('\n') >= lines, program.readAllStandardError().constData());
            QList<Event> now;
            for (const QByteArray &line : said.split('\n')) {
                const QList<QByteArray> words = line.split(' ');
                if (words.size() == 3 && said.endsWith('\n'))
                    now << Event{QString::fromUtf8(words[0]), words[1].toLongLong(), QString::fromUtf8(words[2])};
            }
            QList<Event> stored;
            if (isBundle) {
                // What the rater sends back is what the project gets.
                const auto sitting = Bundled::open(bundle, rater);
                const QString answers = must(sitting->saveAnswers().result()).path;
                must(s.store.project->writeNow([&](Connection &c) { return review::mergeAnswers(c, answers); }));
                stored = storedIn(s.store.project);
                nothingIsTwice(s.store.project);
            } else {
                const auto project = must(Project::open(projectFile, Project::Access::ReadOnly));
                stored = storedIn(project);
                nothingIsTwice(project);
            }
            // All that was told is there; at most one event more, which the program did not come to tell of.
            QList<Event> more = stored;
            for (const Event &event : told + now) {
                QVERIFY2(more.contains(event), qPrintable(u"%1 %2 %3 is lost"_s.arg(event.what).arg(event.position).arg(event.answer)));
                more.removeOne(event);
            }
            QVERIFY2(more.size() <= 1, qPrintable(u"%1 events more than were told of"_s.arg(more.size())));
            between += static_cast<int>(more.size());
            told = stored;
        }
        qInfo("%d events in %d programs that were killed; %d of them stored just before", int(told.size()), rounds, between);
        QVERIFY(told.size() > 2 * rounds);
    }
};

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    if (argc == 4 && qstrcmp(argv[1], "--rate") == 0)
        return rateUntilKilled(QString::fromLocal8Bit(argv[2]), QString::fromLocal8Bit(argv[3]));
    TestReviewKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_reviewkill.moc"
