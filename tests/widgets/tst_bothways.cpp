// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "../endtoend/cli.h"
#include "../support/fakeaccess.h"
#include "../support/familywriter.h"
#include "storage/exchange/exchange.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/newdatasetdialog.h"

#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

/// What a person makes with the wizard is, byte for byte, what the command line makes of the same recipe and the same
/// recorded answers.
class TestBothWays : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    static QByteArray bytesOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QByteArray exported(const QString &project, const QString &dataset, const QString &format)
    {
        const QString path = m_folder.filePath(u"out"_s);
        const Ran ran = run(onProject(project, u"export %1 --format %2 --force -o %3"_s.arg(dataset, format, path)));
        return ran.code == 0 ? bytesOf(path) : ran.err;
    }
    /// Each item's way from request to decision, without what no two data sets share: names, times and keys of rows.
    static json ways(const QString &project, const QString &dataset)
    {
        json told = run(onProject(project, u"dataset items %1 --provenance --limit 100000"_s.arg(dataset))).json();
        std::function<void(json &)> strip = [&](json &value) {
            if (value.is_object()) {
                for (const char *name : {"uuid", "id", "at", "received_at", "created_at", "response", "from_cache"}) {
                    if (value.contains(name) && !value[name].is_object())
                        value.erase(name);
                }
                value.erase("from_cache");
            }
            if (value.is_structured()) {
                for (json &part : value)
                    strip(part);
            }
        };
        json items = told.is_object() && told.contains("items") ? told["items"] : json();
        strip(items);
        return items;
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void windowAndTerminalMakeTheSame_data()
    {
        QTest::addColumn<int>("samples");
        QTest::addColumn<int>("least");
        QTest::newRow("persona-yes-no") << 40 << 8;
        QTest::newRow("sycophancy-politics") << 2 << 60;
        QTest::newRow("sandbagging-education") << 2 << 60;
        QTest::newRow("risk-multiple-choice") << 30 << 8;
        QTest::newRow("winogenerated") << 20 << 8;
    }
    void windowAndTerminalMakeTheSame()
    {
        QFETCH(int, samples);
        QFETCH(int, least);
        const QString preset = QString::fromLatin1(QTest::currentDataTag());
        const QString window = m_folder.filePath(preset + u".evalwright"_s), recipe = m_folder.filePath(preset + u".json"_s);
        qint64 items = 0;
        {
            TestServer server(writerOfAll);
            FakeAccess access(server.baseUrl());
            Session session(nullptr, &access);
            session.createProject(window, u"w"_s);
            QTRY_VERIFY(session.project());
            for (const QString &name : {u"writer"_s, u"checker"_s}) {
                Model model;
                model.name = model.family = name;
                model.baseUrl = server.baseUrl();
                model.modelId = u"fake"_s;
                QVERIFY(session.project()->writeNow([model](Connection &c) { return addModel(c, model); }, {Topic::Models}));
            }
            NewDatasetDialog wizard(session, nullptr);
            QTRY_COMPARE(wizard.draft().models.size(), 2);
            auto *card = wizard.findChild<QRadioButton *>(preset);
            QVERIFY(card);
            card->click();
            auto *next = wizard.findChild<QPushButton *>(u"next"_s);
            while (wizard.step() < 5) {
                wizard.draft().spec.checker = u"checker"_s;
                if (auto *reason = wizard.findChild<QLineEdit *>(u"trust-reason"_s))
                    reason->setText(u"a test"_s);
                QVERIFY2(next->isEnabled(), qPrintable(QString::number(wizard.step())));
                next->click();
            }
            wizard.findChild<QLineEdit *>(u"dataset"_s)->setText(u"set"_s);
            wizard.findChild<QSpinBox *>(u"samples-per-label"_s)->setValue(samples);
            if (auto *occupations = wizard.findChild<QSpinBox *>(u"occupations"_s); occupations && preset == "winogenerated"_L1)
                occupations->setValue(4);
            QSignalSpy wanted(&wizard, &NewDatasetDialog::generateRequested);
            QFile file(recipe);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(QByteArray::fromStdString(wizard.draft().spec.recipe.toJson().dump(2)));
            file.close();
            QVERIFY(next->isEnabled());
            next->click();
            QCOMPARE(wanted.size(), 1);
            QSignalSpy done(&session.jobs(), &JobQueue::finished);
            session.startGenerate(wanted.first().first().value<GenerateSpec>());
            QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, 60'000);
            const auto sets = session.project()->readNow(listDatasets);
            QVERIFY(sets && sets->size() == 1);
            items = sets->first().items;
            QVERIFY2(items >= least, qPrintable(QString::number(items)));
            session.closeProject();
            // The file is let go beside the window's thread.
            QVERIFY(QThreadPool::globalInstance()->waitForDone(60'000));
        }
        // The server is gone; all that is left of it is what it answered.
        const Ran again = run(onProject(window, u"generate again --recipe %1 --writer writer --checker checker "
                                                u"--trust-checker test"_s.arg(recipe)));
        QVERIFY2(again.code == 0, again.err.constData());
        QCOMPARE(again.json()["items"].get<qint64>(), items);
        QCOMPARE(again.json()["requests"].get<qint64>(), 0);
        QVERIFY(again.json()["from_cache"].get<qint64>() > 0);
        for (const QString &format : {u"anthropic-evals"_s, u"csv"_s}) {
            const QByteArray first = exported(window, u"set"_s, format), second = exported(window, u"again"_s, format);
            QVERIFY2(first.count('\n') >= least, first.constData());
            QCOMPARE(second, first);
        }
        const json first = ways(window, u"set"_s), second = ways(window, u"again"_s);
        QCOMPARE(static_cast<qint64>(first.size()), items);
        for (size_t i = 0; i < first.size(); ++i)
            QCOMPARE(QString::fromStdString(second[i].dump(1)), QString::fromStdString(first[i].dump(1)));
        QVERIFY(first[0]["provenance"].contains("recipe_hash"));
    }
};

QTEST_MAIN(TestBothWays)
#include "tst_bothways.moc"
