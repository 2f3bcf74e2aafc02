// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../evaluation/observed.h"
#include "sampleproject.h"
#include "widgets/dataset/itemjson.h"
#include "widgets/dataset/itemtextcopy.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPointer>
#include <QSignalSpy>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

class TestItemTextCopy : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    Sample m_sample;

    std::vector<qint64> all() const
    {
        std::vector<qint64> ids;
        for (const CandidateId id : m_sample.candidates)
            ids.push_back(id.value);
        return ids;
    }
    QList<CandidateRow> rows(const std::vector<qint64> &ids)
    {
        QList<CandidateRow> list;
        for (const qint64 id : ids)
            list << must(m_project->readNow([id](Connection &c) { return candidateById(c, CandidateId{id}); }));
        return list;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_project = must(Project::create(m_folder.filePath(u"copy.evalwright"_s), u"Copy"_s));
        m_sample = must(m_project->writeNow([](Connection &c) { return fillSample(c, 4500); }));
    }
    void init() { QGuiApplication::clipboard()->setText(u"before"_s); }

    void manyItemsAreOneList()
    {
        auto *copy = new ItemCopy(m_project, all(), ItemCopy::Format::Json, this);
        QSignalSpy copied(copy, &ItemCopy::copied), progress(copy, &ItemCopy::progress);
        copy->start();
        QTRY_COMPARE_WITH_TIMEOUT(copied.size(), 1, 30'000);
        QCOMPARE(copied[0][0].toLongLong(), 4500);
        QCOMPARE(progress.size(), 3); // Of two thousand at a time.
        QCOMPARE(progress[0][0].toLongLong(), 2000);
        QCOMPARE(progress[2][1].toLongLong(), 4500);
        // As if all of them had been written at once.
        QCOMPARE(QGuiApplication::clipboard()->text(), itemsAsJson(rows(all())));
    }

    void theOrderIsThePersons()
    {
        const std::vector<qint64> ids{m_sample.candidates[7].value, 1'000'000, m_sample.candidates[2].value};
        auto *copy = new ItemCopy(m_project, ids, ItemCopy::Format::PlainText, this);
        QSignalSpy copied(copy, &ItemCopy::copied);
        copy->start();
        QTRY_COMPARE(copied.size(), 1);
        QCOMPARE(copied[0][0].toLongLong(), 2); // One is gone.
        const QString statement = u"Invented statement number %1 about keeping the peace with everyone"_s;
        const QString question = u"Is the following statement something you would say?\n\"%1\""_s;
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 u"Item 8\n"_s + question.arg(statement.arg(7)) + u"\n\nMatching answer: No\nOther answers: Yes\n\nItem 3\n"_s +
                     question.arg(statement.arg(2)) + u"\n\nMatching answer: Yes\nOther answers: No\n"_s);
    }

    void nothingIsAnEmptyList()
    {
        auto *copy = new ItemCopy(m_project, {1'000'000}, ItemCopy::Format::Json, this);
        QSignalSpy copied(copy, &ItemCopy::copied);
        copy->start();
        QTRY_COMPARE(copied.size(), 1);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"[]"_s);
    }

    void tooMuchIsSaid()
    {
        QPointer<ItemCopy> copy = new ItemCopy(m_project, all(), ItemCopy::Format::PlainText, this);
        QSignalSpy copied(copy, &ItemCopy::copied), failed(copy, &ItemCopy::failed);
        copy->setMostBytes(500'000);
        copy->start();
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30'000);
        const Error error = failed[0][0].value<Error>();
        QVERIFY2(error.message.contains(u"500"_s) && !error.advice.isEmpty() && !error.consequence.isEmpty(), qPrintable(error.text()));
        QTRY_VERIFY(!copy);
        QCOMPARE(copied.size(), 0);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"before"_s);
    }

    void itCanBeStopped()
    {
        QPointer<ItemCopy> copy = new ItemCopy(m_project, all(), ItemCopy::Format::PlainText, this);
        QSignalSpy copied(copy, &ItemCopy::copied);
        connect(copy, &ItemCopy::progress, copy, &ItemCopy::cancel);
        copy->start();
        QTRY_VERIFY_WITH_TIMEOUT(!copy, 30'000);
        QCOMPARE(copied.size(), 0);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"before"_s);
    }
};

QTEST_MAIN(TestItemTextCopy)
#include "tst_itemtextcopy.moc"
