// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "screenshots.h"
#include "lm/serveridentity.h"
#include "storage/repositories/models.h"
#include "widgets/evaluation/evaluationdialog.h"
#include "widgets/models/enginesetup.h"
#include "widgets/models/ladderdialog.h"
#include "widgets/models/modelspage.h"
#include "widgets/models/scoringbadge.h"
#include "widgets/session/session.h"
#include "widgets/shell/mainwindow.h"
#include "widgets/theme/banner.h"

#include "../support/fakeaccess.h"
#include "../support/testserver.h"

#include <QDialogButtonBox>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr int scoringColumn = 8;

/// {name: {value, evidence, at}} with an identity, as a probe leaves it.
QString probed(std::initializer_list<std::pair<const char *, bool>> values, const char *change = nullptr)
{
    json all{{"identity",
              {{"value", {{"server", "llama.cpp"}, {"build", "b1"}, {"ftype", "Q4_1"}}},
               {"evidence", "props"},
               {"at", "2026-01-02T03:04:05.000Z"}}}};
    for (const auto &[name, value] : values)
        all[name] = {{"value", value}, {"evidence", "seen"}, {"at", "2026-01-02T03:04:05.000Z"}};
    if (change)
        all["server_changed"] = {{"value", true}, {"evidence", change}, {"at", "2026-01-03T00:00:00.000Z"}};
    return QString::fromStdString(all.dump());
}

Model model(const char *name, const char *api, const QString &capabilities)
{
    Model m;
    m.name = QString::fromLatin1(name);
    m.modelId = u"fake"_s;
    m.api = QString::fromLatin1(api);
    m.baseUrl = u"http://localhost:1"_s;
    m.parameters = 1.5e9;
    m.capabilities = capabilities;
    return m;
}

/// Answers, and gives no log-probabilities.
ServerReply plainServer(const ServerRequest &request)
{
    if (request.method == "GET")
        return {200, "{\"data\":[{\"id\":\"fake\",\"owned_by\":\"someone\"}]}"};
    return {200, request.path.endsWith("/chat/completions")
                     ? QByteArray("{\"choices\":[{\"message\":{\"content\":\"ready\"},\"finish_reason\":\"stop\"}]}")
                     : completionBody(" five")};
}

QString badgeOf(const QModelIndex &index)
{
    return index.data(Qt::AccessibleTextRole).toString();
}

} // namespace

class TestModels : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;

    static Status fill(Connection &c)
    {
        for (const Model &one :
             {model("one-exact", "llama.cpp",
                    probed({{"grammar_tokens", true}, {"tokenize", true}, {"token_logprobs", true}})),
              model("three-first", "openai", probed({{"token_logprobs", true}})),
              model("four-sampled", "openai", probed({{"token_logprobs", false}})),
              model("five-unprobed", "openai", u"{}"_s),
              model("six-<b>changed</b>", "openai", probed({{"token_logprobs", true}}, "build: b1 → <i>b2</i>"))})
            EVALWRIGHT_TRY(addModel(c, one));
        return {};
    }
    std::unique_ptr<Session> sessionWith(const QString &name, ModelAccess *access)
    {
        const QString path = m_folder.filePath(name);
        const auto project = *Project::create(path, {});
        const Status filled = project->writeNow([](Connection &c) { return fill(c); });
        if (!filled)
            qFatal("%s", qPrintable(filled.error().text()));
        auto session = std::make_unique<Session>(nullptr, access);
        return session;
    }

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        qputenv("EVALWRIGHT_DATA_DIR", m_folder.filePath(u"data"_s).toUtf8());
        m_theme.apply(*qApp, Theme::Mode::Light);
    }

    void badgesSayHowAndWhy()
    {
        QCOMPARE(scoringBadge(model("m", "openai", u"{}"_s)).text, u"not probed"_s);
        const ScoringBadge exact = scoringBadge(
            model("m", "llama.cpp", probed({{"grammar_tokens", true}, {"tokenize", true}, {"token_logprobs", true}})));
        QCOMPARE(exact.text, u"exact"_s);
        QVERIFY2(exact.evidence.contains(u"build b1"_s) && exact.evidence.contains(u"grammar_tokens: yes (seen)"_s),
                 qPrintable(exact.evidence));
        QCOMPARE(scoringBadge(model("m", "llama.cpp",
                                    probed({{"grammar", true}, {"tokenize", true}, {"token_logprobs", true},
                                            {"grammar_tokens", false}})))
                     .text,
                 u"forced"_s);
        QCOMPARE(scoringBadge(model("m", "openai", probed({{"token_logprobs", true}}))).text, u"first token"_s);
        QCOMPARE(scoringBadge(model("m", "openai", probed({{"token_logprobs", false}}))).text, u"sampled"_s);
        const ScoringBadge changed =
            scoringBadge(model("m", "openai", probed({{"token_logprobs", true}}, "build: 1 → 2")));
        QCOMPARE(changed.text, u"server changed"_s);
        QVERIFY(changed.evidence.contains(u"build: 1 → 2"_s));
    }

    void pageShowsBadgesAndOffersTheProbe()
    {
        TestServer server(plainServer);
        FakeAccess access(server.baseUrl());
        const auto session = sessionWith(u"page.evalwright"_s, &access);
        QSignalSpy opened(session.get(), &Session::projectChanged);
        session->openProject(m_folder.filePath(u"page.evalwright"_s));
        QVERIFY(opened.wait());
        EngineSetup setup;
        ModelsPage page(*session, setup);
        QTableWidget *table = nullptr;
        for (QTableWidget *one : page.findChildren<QTableWidget *>()) {
            if (one->accessibleName() == u"Models of this project"_s)
                table = one;
        }
        QVERIFY(table);
        QTRY_COMPARE(table->rowCount(), 5);
        QStringList badges;
        for (int row = 0; row < 5; ++row)
            badges << badgeOf(table->model()->index(row, scoringColumn));
        badges.sort();
        QCOMPARE(badges,
                 (QStringList{u"exact"_s, u"first token"_s, u"not probed"_s, u"sampled"_s, u"server changed"_s}));
        auto *banner = page.findChild<Banner *>();
        QVERIFY(banner->text().contains(u"build: b1 → <i>b2</i>"_s));
        lookAt(page, u"models-badges"_s, {1300, 700}, m_theme);
        // The offer is taken: the change is gone, and the badge says what the new probe found.
        const auto badge = [&](const QString &name) {
            for (int row = 0; row < table->rowCount(); ++row) {
                if (table->item(row, 0)->text().startsWith(name))
                    return badgeOf(table->model()->index(row, scoringColumn));
            }
            return QString();
        };
        Q_EMIT banner->actionTriggered();
        QTRY_COMPARE_WITH_TIMEOUT(badge(u"six"_s), u"sampled"_s, 20000);
        QTRY_VERIFY(banner->isHidden());
        // A server that was just added is probed at once.
        page.storeAndProbe(model("added", "openai", u"{}"_s));
        QTRY_COMPARE_WITH_TIMEOUT(badge(u"added"_s), u"sampled"_s, 20000);
    }

    void aJobThatStoppedOffersTheProbe()
    {
        TestServer server(plainServer);
        FakeAccess access(server.baseUrl());
        const auto session = sessionWith(u"stopped.evalwright"_s, &access);
        MainWindow window(*session, m_theme);
        QSignalSpy opened(session.get(), &Session::projectChanged);
        session->openProject(m_folder.filePath(u"stopped.evalwright"_s));
        QVERIFY(opened.wait());
        session->jobs().add(u"Evaluate x"_s, [](const CancellationToken &, const ProgressFunction &) -> Result<JobOutcome> {
            return failure(ErrorCode::ServerChanged, u"The server of six is another one."_s);
        });
        const auto offer = [&]() -> Banner * {
            for (Banner *banner : window.findChildren<Banner *>()) {
                if (!banner->isHidden() && banner->text().contains(u"The server of six is another one."_s))
                    return banner;
            }
            return nullptr;
        };
        QTRY_VERIFY(offer());
        Q_EMIT offer()->actionTriggered();
        QVERIFY(qobject_cast<ModelsPage *>(window.tabs()->currentWidget()));
        const auto change = [&] {
            const auto model =
                session->project()->readNow([](Connection &c) { return modelByName(c, u"six-<b>changed</b>"_s); });
            return model ? serverChange(*model) : u"no model"_s;
        };
        QVERIFY(!change().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(change(), QString(), 20000);
    }

    void theLadderIsCheckedAsItIsWritten()
    {
        Model place = model("m", "openai", u"{}"_s);
        place.family = u"Invented"_s;
        place.parameters = 1234567890.5;
        place.training = u"tuned otherwise"_s;
        place.steps = 143000;
        place.released = u"2024-05-01"_s;
        LadderDialog dialog(place, nullptr);
        QVERIFY(dialog.place() == LadderPlace::of(place)); // Nothing is lost by looking.
        const QList<QLineEdit *> fields = dialog.findChildren<QLineEdit *>();
        const auto field = [&](const QString &holds) -> QLineEdit * {
            for (QLineEdit *one : fields) {
                if (one->placeholderText().contains(holds))
                    return one;
            }
            return nullptr;
        };
        auto *buttons = dialog.findChild<QDialogButtonBox *>();
        QAbstractButton *save = nullptr;
        for (QAbstractButton *button : buttons->buttons())
            save = buttons->buttonRole(button) == QDialogButtonBox::AcceptRole ? button : save;
        const auto says = [&](QLineEdit *one, const QString &text) {
            const QString before = one->text();
            one->setText(text);
            const bool wrong = !dialog.problem().isEmpty();
            if (wrong == save->isEnabled())
                qFatal("The button does not follow the fields.");
            if (wrong)
                one->setText(before);
            return wrong ? u"wrong"_s : u"good"_s;
        };
        QLineEdit *parameters = field(u"1.6B"_s), *steps = field(u"143000"_s), *compute = field(u"FLOPs"_s),
                  *released = field(u"2024-05-01"_s);
        QVERIFY(parameters && steps && compute && released);
        for (const QString &text : {u"0"_s, u"-1"_s, u"many"_s, u"inf"_s}) {
            QCOMPARE(says(parameters, text), u"wrong"_s);
            QCOMPARE(says(compute, text), u"wrong"_s);
        }
        for (const QString &text : {u"1.5"_s, u"-1"_s, u"x"_s, u"nan"_s})
            QCOMPARE(says(steps, text), u"wrong"_s);
        for (const QString &text : {u"2024-13-01"_s, u"May 2024"_s, u"2023-02-29"_s})
            QCOMPARE(says(released, text), u"wrong"_s);
        QCOMPARE(says(parameters, u"1.6B"_s), u"good"_s);
        QCOMPARE(says(compute, u"2.1e21"_s), u"good"_s);
        QCOMPARE(says(steps, u"0"_s), u"good"_s);
        QCOMPARE(says(released, QString()), u"good"_s);
        QCOMPARE(dialog.place().parameters, std::optional<double>(1.6e9));
        QCOMPARE(dialog.place().compute, std::optional<double>(2.1e21));
        QCOMPARE(dialog.place().steps, std::optional<qint64>(0));
        QVERIFY(dialog.place().released.isEmpty());
        QCOMPARE(dialog.place().training, u"tuned otherwise"_s);
        lookAt(dialog, u"ladder-dialog"_s, {560, 420}, m_theme);
    }

    void theLadderIsEditedAndImported()
    {
        FakeAccess access(u"http://127.0.0.1:1"_s);
        const auto session = sessionWith(u"ladder.evalwright"_s, &access);
        QSignalSpy opened(session.get(), &Session::projectChanged);
        session->openProject(m_folder.filePath(u"ladder.evalwright"_s));
        QVERIFY(opened.wait());
        EngineSetup setup;
        ModelsPage page(*session, setup);
        QTableWidget *table = nullptr;
        for (QTableWidget *one : page.findChildren<QTableWidget *>()) {
            if (one->accessibleName() == u"Models of this project"_s)
                table = one;
        }
        QVERIFY(table);
        QTRY_COMPARE(table->rowCount(), 5);
        for (int column = 4; column < 8; ++column)
            QVERIFY(table->isColumnHidden(column)); // No model has steps, compute, a day or a rung.
        const auto rowOf = [&](const QString &name) {
            for (int row = 0; row < table->rowCount(); ++row) {
                if (table->item(row, 0)->text() == name)
                    return row;
            }
            return -1;
        };
        QPushButton *edit = nullptr;
        for (QPushButton *button : page.findChildren<QPushButton *>()) {
            if (button->text() == u"Edit ladder …"_s)
                edit = button;
        }
        QVERIFY(edit && !edit->isEnabled());
        {
            const Stage stage(page, {1300, 700});
            table->selectRow(rowOf(u"one-exact"_s));
            QVERIFY(edit->isEnabled());
            const Model before =
                *session->project()->readNow([](Connection &c) { return modelByName(c, u"one-exact"_s); });
            LadderDialog dialog(before, nullptr); // As the button opens it.
            for (QLineEdit *field : dialog.findChildren<QLineEdit *>()) {
                if (field->placeholderText().contains(u"143000"_s))
                    field->setText(u"2000"_s);
            }
            page.setPlace(before, dialog.place());
            QTRY_VERIFY(!table->isColumnHidden(4));
            QCOMPARE(table->item(rowOf(u"one-exact"_s), 4)->text(), QLocale().toString(2000));
            QVERIFY(table->isColumnHidden(5));
        }
        const auto write = [this](const QString &name, const QByteArray &text) {
            QFile file(m_folder.filePath(name));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
                qFatal("The file cannot be written.");
            return file.fileName();
        };
        auto *banner = page.findChild<Banner *>();
        page.importLadder(write(u"bad.csv"_s, "name,parameters\none-exact,many\nnew-one,3B\n"));
        QTRY_VERIFY2(banner->text().contains(u"1 row(s) of the ladder cannot be read"_s) &&
                         banner->text().contains(u"line 2"_s) && banner->text().contains(u"Nothing was changed"_s),
                     qPrintable(banner->text()));
        QCOMPARE(table->rowCount(), 5);
        page.importLadder(write(u"good.csv"_s, "name,family,parameters,compute,released,rung,colour\n"
                                               "one-exact,Invented,3B,2.1e21,2024-05-01,top,red\n"
                                               "new-one,Invented,7B,,,,blue\n"));
        QTRY_COMPARE(table->rowCount(), 6);
        QTRY_VERIFY(!table->isColumnHidden(5) && !table->isColumnHidden(6) && !table->isColumnHidden(7));
        const int row = rowOf(u"one-exact"_s);
        QCOMPARE(table->item(row, 2)->text(), u"3B"_s);
        QCOMPARE(table->item(row, 4)->text(), QLocale().toString(2000)); // What the file leaves out stays.
        QCOMPARE(table->item(row, 6)->text(), u"2024-05-01"_s);
        const auto stored =
            session->project()->readNow([](Connection &c) { return modelByName(c, u"new-one"_s); });
        QVERIFY(stored);
        QCOMPARE(stored->kind, ModelKind::Results);
        lookAt(page, u"models-ladder"_s, {1300, 700}, m_theme);
    }

    void evaluationDialogShowsBadges()
    {
        FakeAccess access(u"http://127.0.0.1:1"_s);
        const auto session = sessionWith(u"dialog.evalwright"_s, &access);
        QSignalSpy opened(session.get(), &Session::projectChanged);
        session->openProject(m_folder.filePath(u"dialog.evalwright"_s));
        QVERIFY(opened.wait());
        EvaluationDialog dialog(*session, {}, {}, nullptr);
        QListWidget *models = nullptr;
        for (QListWidget *list : dialog.findChildren<QListWidget *>()) {
            if (list->accessibleName() == u"Models"_s)
                models = list;
        }
        QVERIFY(models);
        QTRY_COMPARE(models->count(), 5);
        QStringList texts;
        for (int row = 0; row < models->count(); ++row)
            texts << badgeOf(models->model()->index(row, 0));
        QVERIFY2(texts.filter(u", exact"_s).size() == 1 && texts.filter(u", server changed"_s).size() == 1,
                 qPrintable(texts.join(u'\n')));
        lookAt(dialog, u"evaluation-badges"_s, {780, 640}, m_theme);
    }
};

QTEST_MAIN(TestModels)
#include "tst_models.moc"
