// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "sampleproject.h"
#include "screenshots.h"
#include "storage/repositories/requestlog.h"
#include "widgets/activity/limitlist.h"
#include "widgets/activity/requestwords.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/requests/requestmodel.h"
#include "widgets/requests/requestspage.h"
#include "widgets/requests/requesttext.h"
#include "widgets/requests/requestview.h"
#include "widgets/session/session.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

constexpr int waiting = 450;
const QByteArray hostileBody = "{\"choices\":[{\"text\":\"<b>bold</b> \\u202e\",\"p\":1.50}],\"usage\":{}}";

QString keyOf(int n)
{
    return QString::number(n + 1, 16).rightJustified(64, u'0');
}

} // namespace

/// The list of a job's requests and the chosen request, on a real project.
class TestRequests : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    Theme m_theme;
    std::unique_ptr<Session> m_session;
    JobId m_job;

    Status fill(Connection &c)
    {
        Model model;
        model.name = u"inventa-1.5b"_s;
        model.baseUrl = u"http://localhost:1"_s;
        model.modelId = u"inventa"_s;
        model.priceIn = 0.4;
        model.priceOut = 1.6;
        EVALWRIGHT_ASSIGN(model, addModel(c, model));
        Job job;
        job.kind = u"generate"_s;
        job.title = u"Generate <i>agreeableness</i>"_s;
        job.parameters = u"{}"_s;
        job.parametersHash = u"hash"_s;
        job.state = JobState::Paused;
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        m_job = job.id;
        QList<JobStep> steps;
        for (int i = 0; i < 4 + waiting; ++i) {
            JobStep step;
            step.stage = u"write"_s;
            step.ordinal = i;
            step.modelId = model.id;
            step.requestKey = keyOf(i);
            steps << step;
        }
        EVALWRIGHT_TRY(planSteps(c, job.id, steps));
        Response answer;
        answer.promptJson = u"{\"max_tokens\":16,\"messages\":[{\"content\":\"Write <u>one</u> \u202e statement.\","
                            u"\"role\":\"user\"}]}"_s;
        answer.modelId = model.id;
        answer.path = u"chat/completions"_s;
        answer.seed = 81;
        answer.receivedAt = u"2026-01-02T03:04:05.000Z"_s;
        answer.promptTokens = 120;
        answer.completionTokens = 12;
        const auto keep = [&](int n, bool complete, bool stored) -> Status {
            answer.requestKey = keyOf(n);
            answer.complete = complete;
            answer.status = complete ? 200 : 503;
            answer.attempts = complete && n == 0 ? 2 : 1;
            answer.resent = complete && n == 0 ? 1 : 0;
            answer.seconds = 0.42;
            answer.body = complete ? hostileBody : QByteArray("<html>overloaded</html>");
            EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, answer));
            return complete ? finishStep(c, job.id, u"write"_s, n, id, stored) : Status{};
        };
        EVALWRIGHT_TRY(keep(0, false, false));
        EVALWRIGHT_TRY(keep(0, true, false));
        EVALWRIGHT_TRY(keep(1, true, true));
        EVALWRIGHT_TRY(keep(2, false, false));
        EVALWRIGHT_TRY(finishStep(c, job.id, u"write"_s, 2, {}, false, u"The server <b>refused</b>."_s));
        EVALWRIGHT_TRY(finishStep(c, job.id, u"write"_s, 3, {}, false, u"Nobody answers."_s));
        return {};
    }
    static QPlainTextEdit *text(RequestView &view, const QString &name)
    {
        for (auto *edit : view.findChildren<QPlainTextEdit *>()) {
            if (edit->accessibleName() == name)
                return edit;
        }
        qFatal("no such text");
    }
    static QString copied(RequestView &view, const QString &name)
    {
        QGuiApplication::clipboard()->clear();
        for (auto *button : view.findChildren<QToolButton *>()) {
            if (button->accessibleName() == name)
                button->click();
        }
        return QGuiApplication::clipboard()->text();
    }
    static QString error(RequestView &view) { return view.findChild<QLabel *>(u"error"_s)->text(); }
    /// Chooses a row and waits for its texts.
    static void choose(RequestsPage &page, int row)
    {
        QSignalSpy tries(page.view(), &RequestView::triesLoaded);
        page.table()->selectRow(row);
        QVERIFY(tries.wait());
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QCoreApplication::setOrganizationName(u"evalwright"_s);
        QCoreApplication::setApplicationName(u"tst_requests"_s);
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        m_session = std::make_unique<Session>();
        QSignalSpy opened(m_session.get(), &Session::projectChanged);
        m_session->createProject(m_folder.filePath(u"r.evalwright"_s), u"Requests"_s);
        QVERIFY(opened.wait());
        const Status filled = m_session->project()->writeNow([this](Connection &c) { return fill(c); });
        QVERIFY2(filled, filled ? "" : qPrintable(filled.error().text()));
    }
    void cleanupTestCase() { m_session.reset(); }

    void theListIsReadInPages()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        QSignalSpy loaded(page.model(), &RequestModel::loaded);
        QVERIFY(loaded.wait());
        QCOMPARE(page.model()->rowCount(), 200);
        QVERIFY(page.model()->canFetchMore({}));
        while (page.model()->canFetchMore({})) {
            page.model()->fetchMore({});
            page.model()->fetchMore({}); // While one page is read no other is asked for.
            QVERIFY(loaded.wait());
        }
        QCOMPARE(page.model()->rowCount(), 4 + waiting);
        for (int row = 0; row < page.model()->rowCount(); ++row)
            QCOMPARE(page.model()->rowAt(row)->place.ordinal, row);
    }

    void columnsTellWhatARequestTook()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        QTRY_COMPARE(page.model()->rowCount(), 200);
        const auto cell = [&](int row, int column) { return page.model()->index(row, column).data().toString(); };
        QCOMPARE(cell(0, RequestModel::Place), u"writing 0"_s);
        QCOMPARE(cell(0, RequestModel::State), u"answered"_s);
        QCOMPARE(cell(0, RequestModel::ModelName), u"inventa-1.5b"_s);
        QCOMPARE(cell(0, RequestModel::Status), u"200"_s);
        QCOMPARE(cell(0, RequestModel::Tries), u"2"_s);
        QCOMPARE(cell(0, RequestModel::Resent), u"1"_s);
        QCOMPARE(cell(0, RequestModel::TokensIn), u"120"_s);
        QCOMPARE(cell(0, RequestModel::TokensOut), u"12"_s);
        QCOMPARE(cell(0, RequestModel::Cost), moneyText((120 * 0.4 + 12 * 1.6) / 1e6));
        QCOMPARE(cell(1, RequestModel::State), u"from the store"_s);
        QCOMPARE(cell(1, RequestModel::Cost), u"paid before"_s);
        QVERIFY(cell(1, RequestModel::Stored).startsWith(u"first asked on"_s));
        QCOMPARE(cell(2, RequestModel::State), u"failed"_s);
        QCOMPARE(cell(4, RequestModel::State), u"waiting"_s);
        QCOMPARE(cell(4, RequestModel::Cost), u"—"_s);
        // A tooltip that reads markup would show the word in bold.
        QVERIFY(page.model()->index(2, RequestModel::State).data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;"_s));
    }

    void filtersCountAndList()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        QTRY_COMPARE(page.model()->rowCount(), 200);
        const QList<std::pair<QString, int>> expected{{u"All: "_s, 4 + waiting},
                                                      {u"Failed: "_s, 2},
                                                      {u"Answered: "_s, 1},
                                                      {u"From the store: "_s, 1},
                                                      {u"Waiting: "_s, waiting}};
        const QList<Chip *> chips = page.findChildren<Chip *>();
        QCOMPARE(chips.size(), expected.size());
        for (qsizetype i = 0; i < chips.size(); ++i) {
            QTRY_COMPARE(chips[i]->chipText(), expected[i].first + QLocale().toString(expected[i].second));
            chips[i]->click();
            QTRY_COMPARE(page.model()->rowCount(), std::min(expected[i].second, RequestModel::pageSize));
            for (qsizetype j = 0; j < chips.size(); ++j)
                QCOMPARE(chips[j]->isChecked(), i == j);
        }
    }

    void anAnsweredRequestShowsWhatWasSentAndWhatCame()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        QSignalSpy first(page.view(), &RequestView::triesLoaded);
        QVERIFY(first.wait()); // The first row is chosen by itself.
        RequestView &view = *page.view();
        // As sent, its seed in its place; the view is indented, the copy is exact.
        QCOMPARE(copied(view, u"Copy the request as it was sent"_s),
                 u"{\"max_tokens\":16,\"messages\":[{\"content\":\"Write <u>one</u> \u202e statement.\",\"role\":"
                 u"\"user\"}],\"seed\":81}"_s);
        QVERIFY(text(view, u"Request"_s)->toPlainText().contains(u"\n  \"seed\": 81\n"_s));
        QVERIFY(text(view, u"Prompt"_s)->toPlainText().contains(u"Write <u>one</u> ⟨U+202E⟩ statement."_s));
        QVERIFY(text(view, u"Answer"_s)->toPlainText().contains(u"\"p\": 1.50"_s)); // Numbers stay as they came.
        QCOMPARE(copied(view, u"Copy the answer as it is stored"_s), QString::fromUtf8(hostileBody));
        auto *bytes = view.findChild<QToolButton *>(u"bytes"_s);
        bytes->click();
        QVERIFY(text(view, u"Answer"_s)->toPlainText().startsWith(u"00000000  7b 22 63 68"_s));
        bytes->click();
        QVERIFY(text(view, u"Answer"_s)->toPlainText().startsWith(u"{\n"_s));
        const QString tries = text(view, u"Failed tries"_s)->toPlainText();
        QVERIFY(tries.contains(u"status 503"_s) && tries.contains(u"<html>overloaded</html>"_s));
    }

    void failedRequestsShowWhatIsLeft()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        QTRY_COMPARE(page.model()->rowCount(), 200);
        choose(page, 2);
        QCOMPARE(error(*page.view()), u"The server <b>refused</b>."_s);
        QVERIFY(!text(*page.view(), u"Request"_s)->toPlainText().isEmpty()); // Known from the failed try.
        QVERIFY(text(*page.view(), u"Answer"_s)->toPlainText().isEmpty());
        choose(page, 3);
        QVERIFY(text(*page.view(), u"Request"_s)->toPlainText().isEmpty());
        QVERIFY(!text(*page.view(), u"Request"_s)->placeholderText().isEmpty());
        QVERIFY(text(*page.view(), u"Failed tries"_s)->toPlainText().isEmpty());
    }

    void aRequestBeyondTheListCanBeShown()
    {
        const auto rows = m_session->project()->readNow([this](Connection &c) {
            return requestPage(c, m_job, RequestFilter::All, RequestPlace{u"write"_s, 400}, 1);
        });
        QVERIFY(rows && rows->size() == 1);
        RequestsPage page(*m_session, m_job, u"job"_s);
        page.showStep(rows->constFirst().step);
        QSignalSpy loaded(page.view(), &RequestView::loaded);
        QVERIFY(loaded.wait());
        QTRY_COMPARE(page.model()->rowCount(), 200);
        QCOMPARE(page.view()->step(), rows->constFirst().step); // The first row did not take its place.
        page.view()->showStep(m_session->project(), StepId{99999});
        QVERIFY(loaded.wait());
        QVERIFY(page.view()->findChild<Banner *>()->text().contains(u"99999"_s));
    }

    void aRunningJobIsReadAgainInPlace()
    {
        RequestsPage page(*m_session, m_job, u"job"_s);
        page.setFilter(RequestFilter::Failed);
        QTRY_COMPARE(page.model()->rowCount(), 2);
        const auto again = [this](Connection &c) { return replanFailedSteps(c, m_job); };
        QVERIFY(m_session->project()->writeNow(again));
        page.model()->refresh();
        QTRY_COMPARE(page.model()->rowCount(), 0);
        const auto fail = [this](Connection &c) -> Status {
            EVALWRIGHT_TRY(finishStep(c, m_job, u"write"_s, 2, {}, false, u"The server <b>refused</b>."_s));
            return finishStep(c, m_job, u"write"_s, 3, {}, false, u"Nobody answers."_s);
        };
        QVERIFY(m_session->project()->writeNow(fail));
        page.model()->refresh();
        QTRY_COMPARE(page.model()->rowCount(), 2);
    }

    void bodiesAreIndentedAndNothingElse()
    {
        QCOMPARE(indentedBody("{\"b\":1.0,\"a\":[1, 2],\"e\":{},\"f\":[ ],\"s\":\"x,\\\"{y\"}"),
                 u"{\n  \"b\": 1.0,\n  \"a\": [\n    1,\n    2\n  ],\n  \"e\": {},\n  \"f\": [],\n  \"s\": "
                 u"\"x,\\\"{y\"\n}"_s);
        QCOMPARE(indentedBody("not { json"), u"not { json"_s);
        QCOMPARE(indentedBody(""), QString());
        const QByteArray deep = QByteArray(100'000, '[') + QByteArray(100'000, ']');
        QCOMPARE(indentedBody(deep), QString::fromUtf8(deep)); // Deeper than is read: not indented.
        QCOMPARE(hexDump("A\nB"), u"00000000  41 0a 42                                         A.B\n"_s);
        QVERIFY(hexDump(QByteArray(100, 'x'), 16).endsWith(u"… and 84 more bytes\n"_s));
        QCOMPARE(viewText(u"a\u202eb"_s), u"a⟨U+202E⟩b"_s);
        QVERIFY(viewText(QString(100, u'x'), 10).startsWith(u"xxxxxxxxxx\n…"_s));
    }

    void wordsForWhatTheEngineSays()
    {
        QCOMPARE(failuresText({}), u"none"_s);
        QCOMPARE(failuresText({{u"overload"_s, 3}, {u"rate"_s, 12}, {u"auth"_s, 0}, {u"new"_s, 1}}),
                 u"12\u00a0refused for speed, 3\u00a0server overloaded, 1\u00a0new"_s);
        QCOMPARE(limitReasonText(u"trying more at once"_s), u"Trying more at once"_s);
        QCOMPARE(limitReasonText(u"something\nnew"_s), u"something ⏎ new"_s);
        QCOMPARE(limitText(8, 2.5), u"8 at once, 2.5/s"_s);
        QCOMPARE(moneyText(0), u"0.00"_s);
        QCOMPARE(moneyText(0.42), u"0.42"_s);
        QCOMPARE(moneyText(0.0000672), u"0.0000672"_s);
    }

    void limitEventsOfAnyShapeAreRead()
    {
        const LimitChange change = limitChangeFrom(
            {1, u"2026-01-01T00:00:00.000Z"_s,
             u"{\"at\":\"2026-01-02T00:00:00.000Z\",\"why\":\"trying more at once\",\"in_flight_before\":8,"
             u"\"in_flight\":10,\"per_second\":2.5,\"held_seconds\":12}"_s});
        QCOMPARE(change.before, u"8 at once"_s);
        QCOMPARE(change.after, u"10 at once, 2.5/s"_s);
        QCOMPARE(change.at, u"2026-01-02T00:00:00.000Z"_s);
        QCOMPARE(change.why, u"Trying more at once; nothing was sent for 12 s"_s);
        for (const QString &strange :
             {u"[]"_s, u"no json"_s, u"{\"in_flight\":1e300,\"why\":7,\"held_seconds\":1e300}"_s,
              u"{\"in_flight\":\"x\",\"in_flight_before\":-4}"_s}) {
            const LimitChange read = limitChangeFrom({1, u"t"_s, strange});
            QVERIFY(read.before.isEmpty() && read.after.isEmpty() && read.why.isEmpty());
            QCOMPARE(read.at, u"t"_s);
        }
    }

    void looksRight()
    {
        RequestsPage page(*m_session, m_job, u"Generate agreeableness"_s);
        QSignalSpy tries(page.view(), &RequestView::triesLoaded);
        QVERIFY(tries.wait());
        page.view()->findChild<QTabWidget *>()->setCurrentIndex(2);
        test::lookAt(page, u"requests"_s, {1180, 760}, m_theme);
    }
};

QTEST_MAIN(TestRequests)
#include "tst_requests.moc"
