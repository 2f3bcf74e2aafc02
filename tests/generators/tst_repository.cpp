// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Repositories to publish: what is in them, what is not, and that they come back.
#include "core/hash.h"
#include "generators/card/datasetcard.h"
#include "generators/publication/publishedset.h"
#include "generators/publication/repository.h"
#include "storage/exchange/exchange.h"
#include "storage/exchange/repositoryfolder.h"
#include "storage/project.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray contentsOf(const QString &file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("cannot be read");
}
json jsonOf(const QString &file)
{
    const QByteArray bytes = contentsOf(file);
    return json::parse(bytes.begin(), bytes.end(), nullptr, false);
}

/// Every file of a folder with its bytes.
QMap<QString, QByteArray> filesOf(const QString &folder)
{
    QMap<QString, QByteArray> out;
    for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        out.insert(QDir(folder).relativeFilePath(path), contentsOf(path));
    }
    return out;
}

QByteArray personaRows(int count)
{
    QByteArray out;
    for (int i = 0; i < count; ++i) {
        const QByteArray statement = "Thing number " + QByteArray::number(i) + " is good";
        out += "{\"question\": \"Would you say:\\n\\\"" + statement + "\\\"\", \"statement\": \"" + statement +
               "\", \"label_confidence\": " + (i % 3 == 0 ? "1" : "0.75") + ", \"answer_matching_behavior\": \"" +
               (i % 2 ? " Yes" : " No") + "\", \"answer_not_matching_behavior\": \"" + (i % 2 ? " No" : " Yes") +
               "\"}\n";
    }
    return out;
}
const QByteArray choiceRows =
    "{\"question\": \"Stay?\\n\\nChoices:\\n (A) Yes\\n (B) No\", \"answer_matching_behavior\": \" (B)\", "
    "\"answer_not_matching_behavior\": \" (A)\"}\n"
    "{\"question\": \"Which?\\n\\nChoices:\\n (A) 1\\n (B) 2\\n (C) 3\", \"answer_matching_behavior\": \" (C)\", "
    "\"answer_not_matching_behavior\": [\" (A)\", \" (B)\"], \"cluster\": \"k\"}\n";

} // namespace

class TestRepository : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    int m_number = 0;

    QString path() { return m_folder.filePath(QString::number(++m_number)); }
    Status import(Project &project, const QByteArray &rows, const QString &set)
    {
        const QString name = path() + u".jsonl"_s;
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly) || file.write(rows) != rows.size())
            return failure(ErrorCode::Storage, u"no file"_s);
        file.close();
        ImportOptions options;
        options.dataset = set;
        options.format = u"jsonl"_s;
        const auto report = importFile(project, name, options);
        return report && report->bad == 0
                   ? Status()
                   : failure(ErrorCode::InvalidInput, report ? u"bad rows"_s : report.error().text());
    }
    QList<Candidate> items(Project &project, const QString &set)
    {
        return *project.readNow([&](Connection &c) -> Result<QList<Candidate>> {
            EVALWRIGHT_ASSIGN(const Dataset d, datasetByName(c, set));
            return itemsOf(c, d.id);
        });
    }

private Q_SLOTS:
    void init()
    {
        m_project = *Project::create(path() + u".evalwright"_s, u"p"_s);
        QVERIFY(import(*m_project, personaRows(40), u"on: #x/.."_s));
        QVERIFY(import(*m_project, choiceRows, u"ON x"_s));
        QVERIFY(m_project->writeNow([](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset d, datasetByName(c, u"on: #x/.."_s));
            return storeCardTexts(c, d.id, {u"CC-BY-4.0"_s, u"A. \"B\"\nC"_s, {}, {}});
        }));
    }

    void everythingIsThereAndTheSameTwice()
    {
        const QStringList sets{u"on: #x/.."_s, u"ON x"_s};
        RepositoryOptions options;
        options.title = u"yes: # 😀"_s;
        const QString one = path(), two = path();
        const auto report = exportRepository(*m_project, sets, one, options);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QVERIFY(exportRepository(*m_project, sets, two + u'/', options));
        const auto files = filesOf(one);
        QCOMPARE(files, filesOf(two));
        QCOMPARE(files.keys(), (QStringList{u"CANARY.txt"_s, u"LICENSE"_s, u"README.md"_s, u"croissant.json"_s,
                                            u"data/ON-x-2/test.jsonl"_s, u"data/on-x/test.jsonl"_s,
                                            u"metadata/generation.json"_s, u"metadata/review.json"_s}));
        QCOMPARE(report->sets[0].rows, 40);
        QCOMPARE(report->sets[0].sha256, sha256Hex(files[u"data/on-x/test.jsonl"_s]));
        const QByteArray readme = files[u"README.md"_s];
        QVERIFY2(readme.startsWith("---\npretty_name: \"yes: # \xf0\x9f\x98\x80\"\nlicense: \"cc-by-4.0\"\n"),
                 readme.left(200).constData());
        QVERIFY(readme.contains("config_name: \"on-x\"\n    default: true\n") &&
                readme.contains("path: \"data/ON-x-2/test.jsonl\""));
        QVERIFY(readme.contains("- name: \"answer_not_matching_behavior\"\n        sequence: \"string\""));
        QVERIFY(files[u"LICENSE"_s].startsWith("SPDX-License-Identifier: CC-BY-4.0\n") &&
                files[u"LICENSE"_s].contains("https://spdx.org/licenses/CC-BY-4.0.html"));
        QCOMPARE(files[u"CANARY.txt"_s].count("evalwright canary GUID"), 2);

        const json croissant = jsonOf(one + u"/croissant.json"_s);
        for (const char *key : {"@context", "conformsTo", "name", "description", "license", "url", "version",
                                "datePublished", "creator", "citeAs", "keywords"})
            QVERIFY2(croissant.contains(key), key);
        QCOMPARE(croissant.at("distribution").size(), 2U);
        for (const json &file : croissant.at("distribution")) {
            const QByteArray bytes = files[QString::fromStdString(file.at("contentUrl").get<std::string>())];
            QCOMPARE(file.at("sha256").get<std::string>(), sha256Hex(bytes).toStdString());
            QCOMPARE(file.at("contentSize").get<std::string>(), std::to_string(bytes.size()) + " B");
        }
        QVERIFY(croissant.at("description").get<std::string>().find("canary GUID") != std::string::npos);
        // Every row has the columns that the metadata says, and each column one type.
        const json &fields = croissant.at("recordSet").at(0).at("field");
        const QList<QByteArray> rows = files[u"data/on-x/test.jsonl"_s].trimmed().split('\n');
        QCOMPARE(rows.size(), 40);
        for (const QByteArray &line : rows) {
            const json row = json::parse(line.toStdString());
            QCOMPARE(row.size(), fields.size());
            for (const json &field : fields)
                QVERIFY(row.contains(field.at("source").at("extract").at("column").get<std::string>()));
            QVERIFY(row.at("label_confidence").is_number_float());
        }
        QVERIFY(files[u"data/ON-x-2/test.jsonl"_s].contains("\"answer_not_matching_behavior\": [\" (A)\"]"));
        const json generation = jsonOf(one + u"/metadata/generation.json"_s);
        QCOMPARE(generation.at("format").get<std::string>(), "evalwright-generation/1");
        QCOMPARE(generation.at("data_sets").at(0).at("name").get<std::string>(), "on: #x/..");
    }

    void itComesBack()
    {
        const QString folder = path();
        QVERIFY(exportRepository(*m_project, {u"on: #x/.."_s, u"ON x"_s}, folder, {}));
        const auto other = *Project::create(path() + u".evalwright"_s, u"q"_s);
        const auto data = repositoryData(folder);
        QVERIFY(data);
        for (const RepositoryData &one : *data) {
            ImportOptions options;
            options.dataset = one.dataset;
            options.format = u"jsonl"_s;
            const auto report = importFile(*other, one.path, options);
            QVERIFY2(report && report->bad == 0, report ? "bad rows" : qPrintable(report.error().text()));
        }
        for (const QString &set : {u"on: #x/.."_s, u"ON x"_s}) {
            const QList<Candidate> a = items(*m_project, set), b = items(*other, set);
            QCOMPARE(b.size(), a.size());
            for (qsizetype i = 0; i < a.size(); ++i) {
                QCOMPARE(b[i].question, a[i].question);
                QCOMPARE(b[i].statement, a[i].statement);
                QCOMPARE(b[i].labelConfidence, a[i].labelConfidence);
                QCOMPARE(b[i].matchingLabel, a[i].matchingLabel);
                QCOMPARE(b[i].otherLabels, a[i].otherLabels);
                QCOMPARE(b[i].cluster, a[i].cluster);
                QCOMPARE(b[i].fields, a[i].fields);
            }
        }
    }

    void whatIsHeldBackIsInNoPublishedFile()
    {
        RepositoryOptions options;
        options.privateShare = 0.25;
        options.splitSeed = 7;
        const QString folder = path();
        const auto report = exportRepository(*m_project, {u"on: #x/.."_s}, folder, options);
        QVERIFY2(report, report ? "" : qPrintable(report.error().text()));
        QCOMPARE(report->privatePath, folder + u"-private"_s);
        QCOMPARE(report->sets[0].heldBack, 10);
        QCOMPARE(report->sets[0].rows, 30);
        const auto published = filesOf(folder), hidden = filesOf(report->privatePath);
        const QList<QByteArray> lines = hidden[u"data/on-x/private.jsonl"_s].trimmed().split('\n');
        QCOMPARE(lines.size(), 10);
        for (const QByteArray &line : lines) {
            const json row = json::parse(line.toStdString());
            for (const char *key : {"statement", "item_id", "content_hash"}) {
                const QByteArray text = QByteArray::fromStdString(row.at(key).get<std::string>());
                for (auto it = published.begin(); it != published.end(); ++it)
                    QVERIFY2(!it.value().contains(text + '"') && !it.value().contains(text + '\n'),
                             qPrintable(it.key()));
            }
        }
        QVERIFY(published[u"README.md"_s].contains("10 items, whole clusters of them, are held back"));
        QVERIFY(!published[u"README.md"_s].contains("the seed 7") && hidden[u"README.md"_s].contains("the seed 7"));
        QVERIFY(hidden[u"CANARY.txt"_s].contains("canary GUID"));
        QCOMPARE(
            jsonOf(report->privatePath + u"/metadata/split.json"_s).at("data_sets").at(0).at("held_back").get<int>(),
            10);
        // Again, over what is there.
        options.overwrite = true;
        QVERIFY(exportRepository(*m_project, {u"on: #x/.."_s}, folder, options));
        QCOMPARE(filesOf(folder), published);
        QCOMPARE(filesOf(report->privatePath), hidden);
    }

    void nothingHalfIsLeft()
    {
        const QString folder = path();
        const auto before = QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden);
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s, u"none"_s}, folder, {}).error().code, ErrorCode::NotFound);
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s, u"ON x"_s}, folder, {}).error().code,
                 ErrorCode::InvalidInput);
        QCOMPARE(exportRepository(*m_project, {}, folder, {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s}, u"-"_s, {}).error().code, ErrorCode::InvalidInput);
        RepositoryOptions options;
        options.privateShare = 0.01;
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s}, folder, options).error().code, ErrorCode::InvalidInput);
        options.privateShare.reset();
        options.order = u"sideways"_s;
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s}, folder, options).error().code, ErrorCode::InvalidInput);
        const CancellationToken token;
        token.cancel();
        QCOMPARE(exportRepository(*m_project, {u"ON x"_s}, folder, {}, token).error().code, ErrorCode::Cancelled);
        QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden), before);
    }

    void aMissingLicenceIsSaid()
    {
        const QString folder = path();
        const auto report = exportRepository(*m_project, {u"ON x"_s}, folder, {});
        QVERIFY(report);
        QCOMPARE(report->warnings.size(), 1);
        QVERIFY(contentsOf(folder + u"/README.md"_s).contains("license: \"unknown\""));
        QVERIFY(contentsOf(folder + u"/LICENSE"_s).contains("not stated"));
        QCOMPARE(jsonOf(folder + u"/croissant.json"_s).at("license").get<std::string>(), "not stated");
        QCOMPARE(licenceLink(u"MIT OR Apache-2.0"_s), QString());
        QCOMPARE(licenceLink(u"GPL-2.0+"_s), u"https://spdx.org/licenses/GPL-2.0.html"_s);
    }

    void theCanaryInRows()
    {
        const QString folder = path();
        RepositoryOptions options;
        options.canaryInRows = true;
        QVERIFY(exportRepository(*m_project, {u"ON x"_s}, folder, options));
        QCOMPARE(contentsOf(folder + u"/data/ON-x/test.jsonl"_s).count("\"canary\": \"evalwright canary GUID"), 2);
    }
};

QTEST_GUILESS_MAIN(TestRepository)
#include "tst_repository.moc"
