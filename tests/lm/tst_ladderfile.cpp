// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/ladderfile.h"
#include "storage/project.h"
#include "storage/repositories/models.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

/// A ladder of models comes from a table.
class TestLadderFile : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;

    QString file(const QByteArray &text)
    {
        const QString path = m_folder.filePath(u"ladder.csv"_s);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("a test file cannot be written");
        return path;
    }
    Result<LadderReport> apply(const QByteArray &text)
    {
        EVALWRIGHT_ASSIGN(const LadderFile read, readLadderFile(file(text)));
        if (!read.problems.isEmpty())
            return failure(ErrorCode::InvalidInput, read.problems.first().message);
        return m_project->writeNow([&](Connection &c) { return applyLadder(c, read); });
    }
    Model model(const QString &name)
    {
        const auto found = m_project->readNow([&](Connection &c) { return modelByName(c, name); });
        return found ? *found : Model{};
    }

private Q_SLOTS:
    void init()
    {
        m_project = *Project::create(m_folder.filePath(u"p.evalwright"_s), {});
    }
    void cleanup()
    {
        m_project.reset();
        QFile::remove(m_folder.filePath(u"p.evalwright"_s));
    }

    void modelsAreAddedAndCompleted()
    {
        const auto added = apply("name,family,parameters,training,steps,compute,released,rung,base_url,model,colour\n"
                                 "a,fam,1.6B,rlhf,250,1.2e21,2022-12-19,,,,red\n"
                                 "b,fam,810M,base,0,,,,http://127.0.0.1:9/v1/,bee,blue\n");
        QVERIFY2(added, added ? "" : qPrintable(added.error().text()));
        QCOMPARE(added->added, (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(added->resultsOnly, QStringList{u"a"_s});
        const Model a = model(u"a"_s), b = model(u"b"_s);
        QCOMPARE(a.kind, ModelKind::Results);
        QCOMPARE(a.parameters, std::optional(1.6e9));
        QCOMPARE(a.steps, std::optional<qint64>(250));
        QCOMPARE(a.compute, std::optional(1.2e21));
        QCOMPARE(a.released, u"2022-12-19"_s);
        QVERIFY(!canBeAsked(a));
        QCOMPARE(b.kind, ModelKind::Endpoint);
        QCOMPARE(b.baseUrl, u"http://127.0.0.1:9/v1"_s);
        QVERIFY(canBeAsked(b));
        // What the file leaves empty stays.
        const auto changed = apply("name,steps,rung\na,,one\nb,0,\n");
        QVERIFY(changed);
        QCOMPARE(changed->changed, QStringList{u"a"_s});
        QCOMPARE(changed->unchanged, QStringList{u"b"_s});
        QCOMPARE(model(u"a"_s).rung, u"one"_s);
        QCOMPARE(model(u"a"_s).steps, std::optional<qint64>(250));
    }

    void unreadColumnsAreNamed()
    {
        const auto read = readLadderFile(file("name,colour\na,red\n"));
        QVERIFY(read);
        QCOMPARE(read->unread, QStringList{u"colour"_s});
    }

    void badRows_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("field");
        const QByteArray header = "name,family,parameters,steps,released,base_url,model,api\n";
        const auto row = [&](const char *name, const QByteArray &cells, const QString &field) {
            QTest::newRow(name) << header + cells + '\n' << field;
        };
        row("no name", ",f,1B,,,,,", u"name"_s);
        row("twice", "a,f,1B,,,,,\na,f,1B,,,,,", u"name"_s);
        row("no size", "a,f,huge,,,,,", u"parameters"_s);
        row("negative size", "a,f,-1B,,,,,", u"parameters"_s);
        row("half a step", "a,f,1B,0.5,,,,", u"steps"_s);
        row("no day", "a,f,1B,,yesterday,,,", u"released"_s);
        row("a key in the address", "a,f,1B,,,http://user:secret@host/v1,m,", u"name"_s);
        row("no model id", "a,f,1B,,,http://127.0.0.1/v1,,", u"model"_s);
        row("unknown api", "a,f,1B,,,http://127.0.0.1/v1,m,telepathy", u"api"_s);
    }
    void badRows()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, field);
        const auto read = readLadderFile(file(text));
        QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
        QCOMPARE(read->problems.size(), 1);
        QCOMPARE(read->problems.first().field, field);
        QVERIFY(read->problems.first().line > 1);
        QVERIFY(!read->problems.first().message.contains(u"secret"_s));
    }

    void noNames()
    {
        const auto read = readLadderFile(file("model,size\nx,1\n"));
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::InvalidInput);
    }

    void placesAreChecked()
    {
        QVERIFY(apply("name\na\n"));
        const ModelId id = model(u"a"_s).id;
        const auto set = [&](const std::function<void(LadderPlace &)> &change) {
            LadderPlace place;
            change(place);
            return m_project->writeNow([&](Connection &c) { return setLadderPlace(c, id, place); });
        };
        QVERIFY(!set([](LadderPlace &p) { p.parameters = 0; }));
        QVERIFY(!set([](LadderPlace &p) { p.compute = std::numeric_limits<double>::infinity(); }));
        QVERIFY(!set([](LadderPlace &p) { p.steps = -1; }));
        QVERIFY(!set([](LadderPlace &p) { p.released = u"2024-13-01"_s; }));
        QVERIFY(set([](LadderPlace &p) { p.released = u"2024-02-29"_s; }));
    }
};

QTEST_GUILESS_MAIN(TestLadderFile)
#include "tst_ladderfile.moc"
