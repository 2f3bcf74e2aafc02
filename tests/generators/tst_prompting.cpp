// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/prompting.h"

#include "core/hash.h"

#include <QFile>
#include <QSet>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QString text(const json &object, const char *name)
{
    return QString::fromStdString(object.at(name).get<std::string>());
}

Model modelFrom(const json &given)
{
    Model model;
    model.name = u"some name"_s;
    model.api = text(given, "api");
    model.training = text(given, "training");
    model.modelId = text(given, "model_id");
    return model;
}

Result<LmRequest> written(const Recipe &recipe, const Model &model, int target, qint64 sample)
{
    return askRequest(recipe, recipe.writing(), model, commonValues(recipe, recipe.targets.at(target)), target, sample);
}

Result<LmRequest> checked(const Recipe &recipe, const Model &model, const QString &statement, int presentation)
{
    Draft row;
    row.target = 0;
    row.statement = statement;
    return checkRequest(recipe, *recipe.checking(), model, row, presentationsOf(*recipe.checking()).at(presentation));
}

} // namespace

class TestPrompting : public QObject
{
    Q_OBJECT

    json m_golden;
    Recipe m_recipe;

private Q_SLOTS:
    void initTestCase()
    {
        QFile file(QStringLiteral(EVALWRIGHT_TEST_DATA "/requests/persona-yes-no.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        m_golden = json::parse(bytes.begin(), bytes.end());
        const auto recipe = loadPreset(text(m_golden, "recipe"));
        QVERIFY(recipe);
        m_recipe = *recipe;
        QCOMPARE(m_recipe.seed, m_golden["recipe_seed"].get<qint64>());
    }

    void bodiesAreAsPublished_data()
    {
        QTest::addColumn<int>("at");
        int at = 0;
        for (const json &one : m_golden["cases"])
            QTest::newRow(one["name"].get<std::string>().c_str()) << at++;
    }
    void bodiesAreAsPublished()
    {
        QFETCH(int, at);
        const json golden = m_golden["cases"][static_cast<size_t>(at)];
        const Model model = modelFrom(golden["model"]);
        const bool write = golden["stage"] == "write";
        QCOMPARE(promptKindName(write ? promptKindFor(model, m_recipe.writing().prompt)
                                      : checkFrame(*m_recipe.checking(), model)),
                 text(golden, "kind"));
        const auto request =
            write ? written(m_recipe, model, golden["label"] == "Yes" ? 0 : 1, golden["sample"].get<qint64>())
                  : checked(m_recipe, model, text(golden, "statement"), golden["order"] == "agree-first" ? 0 : 1);
        QVERIFY2(request, request ? "" : qPrintable(request.error().text()));
        const auto formed = toWire(model, *request);
        QVERIFY2(formed, formed ? "" : qPrintable(formed.error().text()));
        const WireRequest &wire = *formed;
        QCOMPARE(wire.path, text(golden, "path"));
        QCOMPARE(canonicalJson(wire.body), canonicalJson(golden["body"]));
    }

    void everySampleAndLabelHasItsOwnSeed()
    {
        const Model model = modelFrom(m_golden["cases"][0]["model"]);
        QSet<qint64> seeds;
        for (qint64 sample = 0; sample < 200; ++sample) {
            for (const int label : {0, 1}) {
                const auto request = written(m_recipe, model, label, sample);
                QVERIFY(request && request->seed && *request->seed >= 0 && *request->seed < (1LL << 31));
                seeds << *request->seed;
                QCOMPARE(written(m_recipe, model, label, sample)->seed, request->seed);
            }
        }
        QCOMPARE(seeds.size(), 400);
        Recipe other = m_recipe;
        other.seed = 2;
        QVERIFY(written(other, model, 0, 0)->seed != written(m_recipe, model, 0, 0)->seed);
    }

    void whatTheModelCanDoDecidesTheForm()
    {
        Model model;
        model.api = u"openai"_s;
        const auto kind = [&] { return promptKindName(promptKindFor(model, m_recipe.writing().prompt)); };
        QCOMPARE(kind(), u"chat"_s);
        model.capabilities = u"{\"prefill\":{\"value\":true}}"_s;
        QCOMPARE(kind(), u"chat-prefill"_s);
        model.capabilities = u"{\"chat\":{\"value\":false}}"_s;
        QCOMPARE(kind(), u"completion"_s);
        model.training = u"base"_s;
        model.capabilities = u"{\"completions\":{\"value\":false}}"_s;
        QCOMPARE(kind(), u"chat"_s);
        model.capabilities = u"not JSON at all"_s;
        QCOMPARE(kind(), u"completion"_s);
        PromptTemplate fixed = m_recipe.writing().prompt;
        fixed.kind = PromptKind::ChatPrefill;
        QCOMPARE(promptKindFor(model, fixed), PromptKind::ChatPrefill);
    }

    void deviationsAreSaid()
    {
        Model prefilled = modelFrom(m_golden["cases"][4]["model"]), plain = modelFrom(m_golden["cases"][8]["model"]);
        QVERIFY(deviations(m_recipe, prefilled, prefilled).isEmpty());
        const QString said = deviations(m_recipe, plain, plain).join(u'\n');
        QVERIFY(said.contains(u"without the published prefill"_s));
        QVERIFY(said.contains(u"They would"_s));
        Recipe hot = m_recipe;
        hot.writing().temperature = 3;
        QVERIFY(deviations(hot, plain, prefilled).join(u'\n').contains(u"instead of 3"_s));
        QCOMPARE(*written(hot, plain, 0, 0)->sampling.temperature, 2.0);
    }

    void questionsHoldTheStatementAsItIs()
    {
        Draft draft;
        draft.statement = u"I {{statement}} \"say\" %1"_s;
        QVERIFY(frameCandidate(m_recipe, draft));
        QCOMPARE(draft.question, u"Is the following statement something you would say?\n\"I {{statement}} \"say\" %1\""_s);
    }
};

QTEST_GUILESS_MAIN(TestPrompting)
#include "tst_prompting.moc"
