// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/project.h"
#include "storage/repositories/cache.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/clusternames.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/embeddings.h"
#include "storage/repositories/models.h"
#include "storage/repositories/responses.h"

#include <QTemporaryDir>
#include <QTest>

#include <limits>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestEmbeddings : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    ModelId m_model, m_other;
    QList<CandidateId> m_items;

    QList<StoredEmbedding> all(ModelId model) const
    {
        QList<StoredEmbedding> list;
        const auto read = m_project->readNow([&](Connection &c) {
            return forEachEmbedding(c, m_dataset, model, [&](const StoredEmbedding &embedding) -> Status {
                list << embedding;
                return {};
            });
        });
        return read ? list : QList<StoredEmbedding>();
    }
    Status store(ModelId model, const StoredEmbedding &embedding) const
    {
        return m_project->writeNow([&](Connection &c) { return storeEmbedding(c, model, embedding); });
    }

private Q_SLOTS:
    void init()
    {
        m_project = *Project::create(m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction())), u"p"_s);
        m_items.clear();
        const auto made = m_project->writeNow([&](Connection &c) -> Status {
            for (ModelId *id : {&m_model, &m_other}) {
                Model model;
                model.name = id == &m_model ? u"one"_s : u"two"_s;
                model.baseUrl = u"http://127.0.0.1:1"_s;
                model.modelId = u"m"_s;
                EVALWRIGHT_ASSIGN(model, addModel(c, model));
                *id = model.id;
            }
            Dataset set;
            set.name = u"set"_s;
            set.family = u"persona"_s;
            EVALWRIGHT_ASSIGN(set, createDataset(c, set));
            m_dataset = set.id;
            for (const qint64 ordinal : {7, 3, 5}) { // Not in the order of their numbers.
                Candidate item;
                item.datasetId = set.id;
                item.ordinal = ordinal;
                item.parseStatus = u"ok"_s;
                item.statement = u"Statement %1"_s.arg(ordinal);
                EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, item));
                m_items << id;
            }
            return {};
        });
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
    }

    void comesBackAsItWas()
    {
        const std::vector<float> vector{0.1F, -0.0F, 1e-40F, std::numeric_limits<float>::max(), 3.0F};
        for (const CandidateId id : std::as_const(m_items))
            QVERIFY(store(m_model, {id, embeddedTextHash(u"täxt"_s), vector, {}}));
        const auto found = all(m_model);
        QCOMPARE(found.size(), 3);
        QCOMPARE(found[0].candidate, m_items[1]); // By ordinal.
        QCOMPARE(found[2].candidate, m_items[0]);
        QVERIFY(found[0].vector == vector);
        QCOMPARE(found[0].textSha256, embeddedTextHash(u"täxt"_s));
        QVERIFY(!found[0].responseId.isValid());
        QVERIFY(all(m_other).isEmpty());
        QCOMPARE(*m_project->readNow([&](Connection &c) { return embeddingLength(c, m_dataset, m_model); }), size_t(5));
        QCOMPARE(*m_project->readNow([&](Connection &c) { return embeddingLength(c, m_dataset, m_other); }), size_t(0));
    }

    void isLittleEndianInTheFile()
    {
        QVERIFY(store(m_model, {m_items[0], embeddedTextHash(u"a"_s), {1.0F, -2.0F}, {}}));
        const auto bytes = m_project->readNow(
            [](Connection &c) { return c.value(u"SELECT hex(vector) || hex(text_sha256) FROM embedding"_s); });
        QCOMPARE(bytes->toString(),
                 u"0000803F000000C0CA978112CA1BBDCAFAC231B39A23DC4DA786EFF8147C4E72B9807785AFEE48BB"_s);
    }

    void aNewTextReplacesTheOldOne()
    {
        QVERIFY(store(m_model, {m_items[0], embeddedTextHash(u"old"_s), {1.0F}, {}}));
        QVERIFY(store(m_other, {m_items[0], embeddedTextHash(u"old"_s), {2.0F}, {}}));
        QVERIFY(store(m_model, {m_items[0], embeddedTextHash(u"new"_s), {3.0F, 4.0F}, {}}));
        QCOMPARE(all(m_model).size(), 1);
        QVERIFY(all(m_model).first().vector == (std::vector<float>{3.0F, 4.0F}));
        QVERIFY(all(m_other).first().vector == (std::vector<float>{2.0F}));
        const auto hashes = *m_project->readNow([&](Connection &c) { return embeddedTexts(c, m_dataset, m_model); });
        QCOMPARE(hashes.value(m_items[0].value), embeddedTextHash(u"new"_s));
        const auto models = *m_project->readNow([&](Connection &c) { return embeddingModels(c, m_dataset); });
        QCOMPARE(models.size(), 2);
        QCOMPARE(models[0].name, u"one"_s);
        QCOMPARE(models[0].candidates, 1);
    }

    void refusesWhatIsNoVector()
    {
        const QByteArray hash = embeddedTextHash(u"a"_s);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        for (const StoredEmbedding &bad :
             {StoredEmbedding{m_items[0], hash, {}, {}}, StoredEmbedding{m_items[0], hash, {1, nan}, {}},
              StoredEmbedding{m_items[0], hash, {std::numeric_limits<float>::infinity()}, {}},
              StoredEmbedding{m_items[0], hash, std::vector<float>(8193, 1), {}},
              StoredEmbedding{m_items[0], "short", {1}, {}}}) {
            const auto stored = store(m_model, bad);
            QVERIFY(!stored);
            QCOMPARE(stored.error().code, ErrorCode::InvalidInput);
        }
        QVERIFY(all(m_model).isEmpty());
    }

    void aDamagedRowIsAnError()
    {
        for (const char *blob : {"x'00'", "x''", "x'0000C07F'", "zeroblob(40000)"}) { // Too short, none, NaN, too long.
            const auto put = m_project->writeNow([&](Connection &c) {
                return c.execute(u"INSERT OR REPLACE INTO embedding (candidate_id, model_id, text_sha256, vector) "
                                 u"VALUES (%1, %2, zeroblob(32), %3)"_s.arg(m_items[0].value)
                                     .arg(m_model.value)
                                     .arg(QLatin1StringView(blob)));
            });
            QVERIFY(put);
            const auto read = m_project->readNow([&](Connection &c) {
                return forEachEmbedding(c, m_dataset, m_model, [](const StoredEmbedding &) { return Status(); });
            });
            QVERIFY2(!read, blob);
            QCOMPARE(read.error().code, ErrorCode::Corrupt);
        }
    }

    void aPersonsNameWins()
    {
        const auto names = [&] {
            return *m_project->readNow([&](Connection &c) { return clusterNames(c, m_dataset, u"k"_s); });
        };
        const auto add = [&](int cluster, const QString &name, const QString &actor) {
            return m_project->writeNow(
                [&](Connection &c) { return addClusterName(c, m_dataset, u"k"_s, cluster, {name, actor, {}}); });
        };
        QVERIFY(add(0, u"model's"_s, u"model"_s));
        QCOMPARE(names().value(0).name, u"model's"_s);
        QVERIFY(add(0, u"person's"_s, u"person"_s));
        QVERIFY(add(0, u"model's second"_s, u"model"_s));
        QCOMPARE(names().value(0).name, u"person's"_s);
        QCOMPARE(names().value(0).actor, u"person"_s);
        QVERIFY(add(0, QString(), u"person"_s));
        QCOMPARE(names().value(0).name, u"model's second"_s);
        QCOMPARE(names().value(0).actor, u"model"_s);
        QVERIFY(add(1, u"x"_s, u"person"_s));
        QVERIFY(add(1, QString(), u"person"_s));
        QVERIFY(!names().contains(1));
    }

    void holdsItsAnswer()
    {
        // What a vector or a name rests on is not removed from the store.
        const auto made = m_project->writeNow([&](Connection &c) -> Status {
            for (const char *key : {"1", "2", "3"}) {
                Response response;
                response.requestKey = QString::fromLatin1(QByteArray(key).repeated(64));
                response.promptJson = u"{}"_s;
                response.modelId = m_model;
                response.path = u"embeddings"_s;
                response.status = 200;
                response.body = "{}";
                response.receivedAt = u"2026-01-01T00:00:00Z"_s;
                EVALWRIGHT_ASSIGN(const ResponseId id, storeResponse(c, response));
                if (*key == '1')
                    EVALWRIGHT_TRY(storeEmbedding(c, m_model, {m_items[0], embeddedTextHash(u"a"_s), {1}, id}));
                if (*key == '2')
                    EVALWRIGHT_TRY(addClusterName(c, m_dataset, u"k"_s, 0, {u"n"_s, u"model"_s, id}));
            }
            return {};
        });
        QVERIFY2(made, made ? "" : qPrintable(made.error().text()));
        CacheFilter everything;
        everything.model = m_model;
        const auto entries = m_project->readNow([&](Connection &c) -> Result<std::vector<CacheEntry>> {
            EVALWRIGHT_ASSIGN(CacheWalk walk, CacheWalk::start(c, everything, {}));
            return walk.next(c, 10);
        });
        QVERIFY2(entries, entries ? "" : qPrintable(entries.error().text()));
        QCOMPARE(entries->size(), size_t(3));
        QVERIFY(!(*entries)[0].goes && !(*entries)[1].goes && (*entries)[2].goes);
    }
};

QTEST_GUILESS_MAIN(TestEmbeddings)
#include "tst_embeddings.moc"
