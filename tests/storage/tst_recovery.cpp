// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Projects out of damaged files.
#include "storage/tools/projectrecover.h"
#include "toolproject.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <functional>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestRecovery : public QObject
{
    Q_OBJECT

    static constexpr int items = 400;
    static constexpr qsizetype page = 4096;

    QTemporaryDir m_folder;
    QByteArray m_sound;
    QStringList m_contents;
    int m_number = 0;

    QString newPath() { return m_folder.filePath(u"f%1.evalwright"_s.arg(++m_number)); }
    QString write(const QByteArray &bytes)
    {
        const QString path = newPath();
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return path;
    }

    struct Recovered
    {
        RecoverReport report;
        QStringList contents;
        QString complaints;
    };
    /// Recovers from these bytes; the damaged file must stay as it is, and no half file be left.
    Result<Recovered> recover(const QByteArray &bytes, const QByteArray &log = {})
    {
        const QString damaged = write(bytes), to = newPath();
        if (!log.isEmpty()) {
            QFile file(damaged + u"-wal"_s);
            if (!file.open(QIODevice::WriteOnly) || file.write(log) != log.size())
                qFatal("cannot write");
        }
        auto report = recoverProject(damaged, to);
        if (fileBytes(damaged) != bytes || (!log.isEmpty() && fileBytes(damaged + u"-wal"_s) != log))
            qFatal("the damaged file was changed");
        if (!QDir(m_folder.path()).entryList({u"*.part-*"_s}).isEmpty())
            qFatal("a half file was left");
        if (!report) {
            if (QFileInfo::exists(to))
                qFatal("a failed recovery left a project");
            return failure(report.error());
        }
        Recovered recovered{*report, {}, {}};
        const auto project = Project::open(to, Project::Access::ReadWrite);
        if (!project)
            qFatal("%s", qPrintable(project.error().text()));
        recovered.contents = test::contents(**project);
        recovered.complaints = complaints(**project);
        return recovered;
    }
    qint64 salvaged(const Recovered &recovered, const QString &table)
    {
        for (const RecoverReport::Table &t : recovered.report.tables) {
            if (t.name == table)
                return t.salvaged;
        }
        return -1;
    }
    /// Nothing that was not there before, apart from stand-ins; rows whose texts were broken would show here.
    void compareWithSound(const Recovered &recovered)
    {
        const QSet<QString> sound(m_contents.cbegin(), m_contents.cend());
        for (const QString &line : recovered.contents) {
            const bool whole = line.startsWith("item|"_L1) || line.startsWith("answer|"_L1) || line.startsWith("judgement|"_L1);
            if (whole && !line.contains("(lost)"_L1) && !sound.contains(line)) {
                // An item may have lost its reply, an answer its prompt or model.
                const QString start = line.section(u'|', 0, 3);
                QVERIFY2(std::ranges::any_of(sound, [&](const QString &one) { return one.startsWith(line.startsWith("item|"_L1) ? start : line.section(u'|', 0, 1)); }),
                         qPrintable(line));
            }
        }
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString path = newPath();
        const auto project = Project::create(path, u"Trial"_s);
        QVERIFY(project);
        QVERIFY((*project)->writeNow([](Connection &c) { return addGenerated(c, u"first"_s, items); }));
        QVERIFY((*project)->writeNow([](Connection &c) { return addGenerated(c, u"second"_s, 20, u"love"_s); }));
        // Longer than a page.
        QVERIFY((*project)->writeNow([](Connection &c) { return c.execute(u"UPDATE response SET body = CAST(replace(hex(zeroblob(9000)), '00', 'ab') AS BLOB) WHERE id % 50 = 7"_s); }));
        QVERIFY((*project)->maintain([](Connection &c) { return c.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s); }).result());
        m_contents = test::contents(**project);
        m_sound = fileBytes(path);
        QVERIFY(m_sound.size() > 100 * page);
    }

    void aSoundFileLosesNothing()
    {
        const auto recovered = recover(m_sound);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QCOMPARE(recovered->contents, m_contents);
        QCOMPARE(recovered->complaints, QString());
        QVERIFY2(recovered->report.lostNothing(), recovered->report.toJson().dump(1).c_str());
        QCOMPARE(salvaged(*recovered, u"candidate"_s), items + 20);
        QCOMPARE(recovered->report.strayRows, 0);
        QCOMPARE(recovered->report.unknownRows, 0);
    }

    void truncated_data()
    {
        QTest::addColumn<double>("share");
        for (const double share : {0.99, 0.75, 0.5, 0.25, 0.1})
            QTest::addRow("%g", share) << share;
    }
    void truncated()
    {
        QFETCH(const double, share);
        const auto recovered = recover(m_sound.first(static_cast<qsizetype>(static_cast<double>(m_sound.size()) * share)));
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QVERIFY(!recovered->report.lostNothing());
        compareWithSound(*recovered);
        if (share > 0.7)
            QVERIFY(salvaged(*recovered, u"candidate"_s) > items / 2);
    }

    void destroyedPages_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<bool>("zeros");
        for (int seed = 1; seed <= 8; ++seed)
            QTest::addRow("seed %d", seed) << seed << (seed % 2 == 0);
    }
    void destroyedPages()
    {
        QFETCH(const int, seed);
        QFETCH(const bool, zeros);
        QRandomGenerator random(static_cast<quint32>(seed));
        QByteArray bytes = m_sound;
        const auto pages = static_cast<int>(bytes.size() / page);
        for (int i = 0; i < pages / 10; ++i) {
            const qsizetype at = random.bounded(1, pages) * page;
            for (qsizetype k = 0; k < page; ++k)
                bytes[at + k] = zeros ? '\0' : static_cast<char>(random.bounded(256));
        }
        const auto recovered = recover(bytes);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QVERIFY(!recovered->report.lostNothing());
        QVERIFY(salvaged(*recovered, u"candidate"_s) > items / 2);
        compareWithSound(*recovered);
    }

    void scatteredBytes_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 6; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    /// One byte in two thousand is another: lengths, pointers, types of cells, links between pages.
    void scatteredBytes()
    {
        QFETCH(const int, seed);
        QRandomGenerator random(static_cast<quint32>(100 + seed));
        QByteArray bytes = m_sound;
        for (qsizetype i = 0; i < bytes.size() / 2000; ++i)
            bytes[random.bounded(static_cast<int>(bytes.size()))] = static_cast<char>(random.bounded(256));
        const auto recovered = recover(bytes);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QVERIFY(salvaged(*recovered, u"candidate"_s) > items / 2);
    }

    void destroyedHeader()
    {
        QByteArray bytes = m_sound;
        bytes.replace(0, 100, QByteArray(100, '\0'));
        const auto recovered = recover(bytes);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QCOMPARE(recovered->contents, m_contents);
        QCOMPARE(recovered->complaints, QString());
    }

    void destroyedFirstPage()
    {
        QByteArray bytes = m_sound;
        bytes.replace(0, page, QByteArray(page, '\x7f'));
        const auto recovered = recover(bytes);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QVERIFY(salvaged(*recovered, u"candidate"_s) == items + 20);
        QVERIFY(salvaged(*recovered, u"response"_s) == items + 20);
        compareWithSound(*recovered);
    }

    /// All that says which page belongs to which table.
    void destroyedSchema()
    {
        QByteArray bytes = m_sound;
        for (qsizetype at = 0; at < bytes.size(); at += page) {
            if (bytes.mid(at, page).contains("CREATE TABLE") || bytes.mid(at, page).contains("CREATE INDEX") || at == 0)
                bytes.replace(at, page, QByteArray(page, '\0'));
        }
        const auto recovered = recover(bytes);
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().text()));
        QVERIFY(recovered->report.schemaLost);
        QVERIFY2(salvaged(*recovered, u"candidate"_s) == items + 20, recovered->report.toJson().dump(1).c_str());
        QCOMPARE(salvaged(*recovered, u"response"_s), items + 20);
        QCOMPARE(salvaged(*recovered, u"decision"_s), items + 20);
        QCOMPARE(salvaged(*recovered, u"observation"_s), items + 20);
        compareWithSound(*recovered);
    }

    void logs()
    {
        // A file whose latest changes are still in its log.
        const QString path = newPath();
        QByteArray file, log;
        QStringList wanted;
        {
            const auto project = Project::create(path, u"Trial"_s);
            QVERIFY(project);
            QVERIFY((*project)->writeNow([](Connection &c) { return addGenerated(c, u"first"_s, 20); }));
            QVERIFY((*project)->maintain([](Connection &c) { return c.value(u"PRAGMA wal_checkpoint(TRUNCATE)"_s); }).result());
            QVERIFY((*project)->writeNow([](Connection &c) { return addGenerated(c, u"second"_s, 20); }));
            file = fileBytes(path);
            log = fileBytes(path + u"-wal"_s);
            wanted = test::contents(**project);
        }
        QVERIFY(log.size() > 10 * page);
        const auto whole = recover(file, log);
        QVERIFY2(whole, whole ? "" : qPrintable(whole.error().text()));
        QCOMPARE(whole->contents, wanted);
        QCOMPARE(whole->complaints, QString());
        // Without it, and with one that says nothing, the file is as it was at the checkpoint.
        for (const QByteArray &other : {QByteArray(), QByteArray(50000, '\x11'), log.first(20)}) {
            const auto older = recover(file, other);
            QVERIFY2(older, older ? "" : qPrintable(older.error().text()));
            QCOMPARE(salvaged(*older, u"candidate"_s), 20);
            QCOMPARE(older->complaints, QString());
        }
        // One that breaks off or is damaged counts up to there.
        QByteArray damaged = log;
        damaged[log.size() / 2] = static_cast<char>(damaged[log.size() / 2] + 1);
        for (const QByteArray &other : {log.first(log.size() - 100), damaged}) {
            const auto part = recover(file, other);
            QVERIFY2(part, part ? "" : qPrintable(part.error().text()));
            QVERIFY(salvaged(*part, u"candidate"_s) >= 20);
        }
    }

    void noDatabaseAtAll_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("short") << QByteArray("SQLite format 3");
        QTest::newRow("text") << QByteArray("Dear reader,\n").repeated(5000);
        QRandomGenerator random(5);
        QByteArray noise(200'000, '\0');
        for (char &byte : noise)
            byte = static_cast<char>(random.bounded(256));
        QTest::newRow("noise") << noise;
        QTest::newRow("zeros") << QByteArray(100'000, '\0');
    }
    void noDatabaseAtAll()
    {
        QFETCH(const QByteArray, bytes);
        const auto recovered = recover(bytes);
        QVERIFY(!recovered);
        QCOMPARE(recovered.error().code, ErrorCode::NotAProject);
    }

    void refusals()
    {
        const QString damaged = write(m_sound), taken = write("precious");
        const auto code = [](const Result<RecoverReport> &report) { return report ? ErrorCode::Unknown : report.error().code; };
        QCOMPARE(code(recoverProject(damaged, taken)), ErrorCode::AlreadyExists);
        QCOMPARE(fileBytes(taken), QByteArray("precious"));
        QCOMPARE(code(recoverProject(damaged, damaged)), ErrorCode::AlreadyExists);
        QCOMPARE(code(recoverProject(m_folder.filePath(u"missing"_s), newPath())), ErrorCode::NotFound);
        QCOMPARE(code(recoverProject(m_folder.path(), newPath())), ErrorCode::NotAProject);
        QByteArray old = m_sound;
        old[63] = 8;
        QCOMPARE(code(recoverProject(write(old), newPath())), ErrorCode::Unsupported);
        CancellationToken token;
        const QString to = newPath();
        QCOMPARE(code(recoverProject(damaged, to, token, [token](const ToolProgress &) { token.cancel(); })), ErrorCode::Cancelled);
        QVERIFY(!QFileInfo::exists(to));
        QCOMPARE(QDir(m_folder.path()).entryList({u"*.part-*"_s}), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestRecovery)
#include "tst_recovery.moc"
