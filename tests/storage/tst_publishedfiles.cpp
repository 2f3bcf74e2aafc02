// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What published data needs: canaries, whole folders, safe names, columns of one type, parts that are held back.
#include "exchangefiles.h"
#include "storage/exchange/canary.h"
#include "storage/exchange/privatesplit.h"
#include "storage/exchange/repositoryfolder.h"
#include "storage/exchange/safenames.h"
#include "storage/exchange/uniformrows.h"
#include "storage/exchange/wholefolder.h"
#include "storage/repositories/notes.h"

#include <QDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QByteArray rowsOf(int count, int perCluster = 1)
{
    QByteArray out;
    for (int i = 0; i < count; ++i)
        out += "{\"question\": \"Is number " + QByteArray::number(i) +
               " right?\", \"matching\": \" Yes\", \"not_matching\": \" No\"" +
               (perCluster > 1 ? ", \"cluster\": \"c" + QByteArray::number(i / perCluster) + "\"" : QByteArray()) +
               "}\n";
    return out;
}

const QByteArray mark = "\"mine/1\"";

Result<WholeFolder> folderAt(const QString &path, bool replace = false, const QString &project = u"/nowhere/p"_s)
{
    return WholeFolder::prepare(path, project, replace, u"meta/mark.json"_s, mark, {u"a.txt"_s, u"meta"_s});
}

} // namespace

class TestPublishedFiles : public QObject
{
    Q_OBJECT

    ExchangeFolder m_files;

    static Status import(Project &p, const QString &file, const QString &set)
    {
        ImportOptions options;
        options.dataset = set;
        options.format = u"jsonl"_s;
        const auto report = importFile(p, file, options);
        return report && report->bad == 0
                   ? Status()
                   : failure(ErrorCode::InvalidInput, report ? reasonsOf(*report) : report.error().text());
    }
    static QString canaryOfSet(Project &p, const QString &set)
    {
        return p.readNow([&](Connection &c) { return datasetByName(c, set); })->canary;
    }
    static QStringList originsOf(Project &p, const QString &set)
    {
        QStringList out;
        const auto notes = p.readNow([&](Connection &c) -> Result<QList<DatasetNote>> {
            EVALWRIGHT_ASSIGN(const Dataset d, datasetByName(c, set));
            return notesOf(c, d.id);
        });
        for (const DatasetNote &note : *notes) {
            if (note.kind == "origin"_L1)
                out << note.text;
        }
        return out;
    }
    QString newFolder()
    {
        const QString path = m_files.path(u"folder"_s);
        return QDir().mkdir(path) ? path : QString();
    }

private Q_SLOTS:
    void theCanaryStandsBesideTheFile()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(rowsOf(3)), u"a"_s));
        QVERIFY(import(*p, m_files.written(rowsOf(4)), u"b"_s));
        const QString folder = newFolder(), list = folder + u"/CANARY.txt"_s;
        const auto first = exportDataset(*p, u"a"_s, u"jsonl"_s, folder + u"/one.jsonl"_s, false);
        QVERIFY(first);
        QCOMPARE(first->canaryPath, list);
        QVERIFY(exportDataset(*p, u"b"_s, u"jsonl"_s, folder + u"/two.jsonl"_s, false));
        QVERIFY(exportDataset(*p, u"a"_s, u"jsonl"_s, folder + u"/one.jsonl"_s, true)); // Its line is not doubled.
        QCOMPARE(contentsOf(list), "one.jsonl: " + canaryOfSet(*p, u"a"_s).toUtf8() +
                                       "\ntwo.jsonl: " + canaryOfSet(*p, u"b"_s).toUtf8() + '\n');
        QVERIFY(!contentsOf(folder + u"/one.jsonl"_s).contains("canary"));
        QVERIFY(canaryOfSet(*p, u"b"_s).startsWith(canaryOf(folder + u"/two.jsonl"_s)) &&
                !canaryOf(folder + u"/two.jsonl"_s).isEmpty());
        QCOMPARE(canaryOf(folder + u"/three.jsonl"_s), QString());

        ExportOptions off;
        off.canary = Canary::Off;
        const QString other = newFolder();
        QVERIFY(exportDataset(*p, u"a"_s, u"jsonl"_s, other + u"/one.jsonl"_s, off));
        QCOMPARE(QDir(other).entryList(QDir::Files), QStringList{u"one.jsonl"_s});
    }

    void aFileOfSomebodyElseStays()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(rowsOf(3)), u"a"_s));
        const QString folder = newFolder();
        QFile notes(folder + u"/CANARY.txt"_s);
        QVERIFY(notes.open(QIODevice::WriteOnly) && notes.write("birds\n") == 6);
        notes.close();
        const auto report = exportDataset(*p, u"a"_s, u"jsonl"_s, folder + u"/one.jsonl"_s, false);
        QVERIFY(report);
        QVERIFY(report->canaryPath.isEmpty() && report->warning.contains(u"CANARY.txt"_s));
        QCOMPARE(contentsOf(notes.fileName()), QByteArray("birds\n"));
        QCOMPARE(report->rows, 3);
    }

    void theCanaryInRows()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(rowsOf(2)), u"a"_s));
        ExportOptions rows;
        rows.canary = Canary::InRows;
        for (const QString &format :
             {u"jsonl"_s, u"anthropic-evals"_s, u"csv"_s, u"inspect-jsonl"_s, u"inspect-csv"_s, u"inverse-scaling"_s}) {
            const QString file = newFolder() + u"/x"_s;
            QVERIFY(exportDataset(*p, u"a"_s, format, file, rows));
            QVERIFY2(contentsOf(file).count(canaryOfSet(*p, u"a"_s).toUtf8()) == 2, qPrintable(format));
        }
    }

    void importsAreLinkedToTheirOrigin()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(rowsOf(3)), u"a"_s));
        const QString folder = newFolder(), file = folder + u"/one.jsonl"_s;
        QVERIFY(exportDataset(*p, u"a"_s, u"jsonl"_s, file, false));
        QVERIFY(import(*p, file, u"again"_s));
        const auto noted = noteOrigin(*p, u"again"_s, file);
        QVERIFY(noted && noted->contains(u"“a”"_s));
        QCOMPARE(originsOf(*p, u"again"_s), QStringList{*noted});
        // Its own rows have no other origin.
        QCOMPARE(*noteOrigin(*p, u"a"_s, file), QString());
        QCOMPARE(originsOf(*p, u"a"_s), QStringList());
        // In another project nothing but the canary is known, and it is noted once.
        const auto other = m_files.project();
        QVERIFY(import(*other, file, u"x"_s));
        QVERIFY(noteOrigin(*other, u"x"_s, file)->contains(u"evalwright canary GUID"_s));
        QVERIFY(noteOrigin(*other, u"x"_s, file));
        QCOMPARE(originsOf(*other, u"x"_s).size(), 1);
        QCOMPARE(*noteOrigin(*other, u"x"_s, m_files.written(rowsOf(1))), QString());
    }

    void namesAreSafe()
    {
        SafeNames names;
        QCOMPARE(names.of(u"agreeableness"_s), u"agreeableness"_s);
        QCOMPARE(names.of(u"Agreeableness"_s), u"Agreeableness-2"_s); // Alike on disks that know no case.
        QCOMPARE(names.of(u"../../etc/passwd"_s), u"etc-passwd"_s);
        QCOMPARE(names.of(u".."_s), u"dataset"_s);
        QCOMPARE(names.of(u"/"_s), u"dataset-2"_s);
        QCOMPARE(names.of(u"😀"_s), u"dataset-3"_s);
        QCOMPARE(names.of(u"Größe é"_s), u"Gro-e-e"_s);
        QCOMPARE(names.of(u"CON"_s), u"set-CON"_s);
        QCOMPARE(names.of(u"nul.txt"_s), u"set-nul.txt"_s);
        QCOMPARE(names.of(u"-rf"_s), u"rf"_s);
        QCOMPARE(names.of(QString(500, u'a')), QString(80, u'a'));
        QCOMPARE(names.of(QString(500, u'a')), QString(78, u'a') + u"-2"_s);
    }

    void foldersAppearWhole()
    {
        const QString path = newFolder() + u"/out"_s;
        {
            auto folder = folderAt(path);
            QVERIFY(folder);
            QVERIFY(folder->write(u"a.txt"_s, "one"));
            QVERIFY(!QFileInfo::exists(path));
        }
        QCOMPARE(QDir(path + u"/.."_s).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList()); // Given up: nothing is left.
        auto folder = folderAt(path + u'/');
        QVERIFY(folder && folder->write(u"a.txt"_s, "one") && folder->write(u"meta/mark.json"_s, mark));
        auto out = folder->file(u"deep/er/b"_s);
        QVERIFY(out && out->write("x") && out->write("y") && out->close());
        QCOMPARE(out->sha256(), sha256Hex("xy"));
        QCOMPARE(out->bytes(), 2);
        QVERIFY(folder->publish());
        QCOMPARE(contentsOf(path + u"/deep/er/b"_s), QByteArray("xy"));
        QCOMPARE(folderAt(path).error().code, ErrorCode::AlreadyExists);
    }

    void onlyWhatIsOursIsReplaced()
    {
        const QString path = newFolder();
        QVERIFY(QDir(path).mkdir(u".git"_s));
        QFile config(path + u"/.git/config"_s);
        QVERIFY(config.open(QIODevice::WriteOnly) && config.write("kept") == 4);
        config.close();
        QCOMPARE(folderAt(path, true).error().code, ErrorCode::InvalidInput); // No mark: it is somebody's.
        QVERIFY(QDir(path).mkdir(u"meta"_s));
        QFile markFile(path + u"/meta/mark.json"_s);
        QVERIFY(markFile.open(QIODevice::WriteOnly) && markFile.write(mark) > 0);
        markFile.close();
        auto folder = folderAt(path, true);
        QVERIFY(folder && folder->write(u"a.txt"_s, "new") && folder->publish());
        QCOMPARE(contentsOf(path + u"/.git/config"_s), QByteArray("kept"));
        QCOMPARE(contentsOf(path + u"/a.txt"_s), QByteArray("new"));
        QVERIFY(!QFileInfo::exists(path + u"/meta"_s)); // Ours, and not written again.
        QCOMPARE(QDir(path + u"/.."_s).entryList({u"*.part-*"_s}, QDir::AllEntries), QStringList());

        QFile file(path + u"/file"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(folderAt(file.fileName(), true).error().code, ErrorCode::InvalidInput);
        QVERIFY(QFile::link(path, path + u"-link"_s));
        QCOMPARE(folderAt(path + u"-link"_s, true).error().code, ErrorCode::InvalidInput);
        QCOMPARE(folderAt(path + u"/no/where"_s).error().code, ErrorCode::ReadOnly);
    }

    void theProjectIsNeverReplaced()
    {
        const QString path = newFolder();
        QVERIFY(QDir(path).mkpath(u"meta"_s));
        QFile markFile(path + u"/meta/mark.json"_s), project(path + u"/p.evalwright"_s);
        QVERIFY(markFile.open(QIODevice::WriteOnly) && markFile.write(mark) > 0 && project.open(QIODevice::WriteOnly));
        markFile.close();
        project.close();
        QCOMPARE(folderAt(path, true, project.fileName()).error().code, ErrorCode::InvalidInput);
        QVERIFY(QFileInfo::exists(project.fileName()));
    }

    void columnsHaveOneType()
    {
        const auto row = [](const QByteArray &text) { return parseJsonRow(text)->root; };
        const QList<QByteArray> written{
            R"({"t": "x", "l": "a", "n": 1, "f": 1, "b": true, "m": "x", "o": {"a": 1}, "z": null, "big": 1, "none": null})",
            R"({"t": "y", "l": ["b", "c"], "n": 2, "f": 0.5, "b": false, "m": 2, "o": "text", "z": [1], "big": 123456789012345678901234567890, "none": null})"};
        UniformRows rows;
        for (const QByteArray &text : written)
            rows.survey(row(text));
        using Type = UniformRows::Type;
        const QList<Type> types{Type::Text, Type::Texts, Type::Integer, Type::Float, Type::Truth,
                                Type::Text, Type::Text,  Type::Text,    Type::Float, Type::Text};
        for (qsizetype i = 0; i < types.size(); ++i)
            QCOMPARE(rows.columns()[i].type, types[i]);
        QCOMPARE(
            rows.row(row(written[0])),
            QByteArray(
                R"({"t": "x", "l": ["a"], "n": 1, "f": 1.0, "b": true, "m": "x", "o": "{\"a\": 1}", "z": null, "big": 1.0, "none": null})") +
                '\n');
        QCOMPARE(
            rows.row(row(written[1])),
            QByteArray(
                R"({"t": "y", "l": ["b", "c"], "n": 2, "f": 0.5, "b": false, "m": "2", "o": "text", "z": "[1]", "big": 123456789012345678901234567890.0, "none": null})") +
                '\n');
    }

    void wholeClustersAreHeldBack()
    {
        const auto p = m_files.project();
        QVERIFY(import(*p, m_files.written(rowsOf(60, 3)), u"clusters"_s));
        QVERIFY(import(*p, m_files.written(rowsOf(60)), u"single"_s));
        const auto draw = [&](const QString &set, double share, quint64 seed) {
            return p->readNow([&](Connection &c) -> Result<PrivateSplit> {
                EVALWRIGHT_ASSIGN(const Dataset d, datasetByName(c, set));
                return PrivateSplit::draw(c, d, share, seed);
            });
        };
        const auto split = draw(u"clusters"_s, 0.1, 1);
        QVERIFY(split);
        QCOMPARE(split->items(), 6);
        QCOMPARE(split->clusters(), 2);
        QMap<QString, int> held;
        for (const Candidate &item : itemsIn(*p, u"clusters"_s))
            held[item.cluster] += split->holdsBack(item) ? 1 : 0;
        for (const int count : held)
            QVERIFY(count == 0 || count == 3);
        const auto kept = [&](const PrivateSplit &one) {
            QString out;
            for (const Candidate &item : itemsIn(*p, u"single"_s))
                out += one.holdsBack(item) ? u'x' : u'.';
            return out;
        };
        QCOMPARE(draw(u"single"_s, 0.25, 1)->items(), 15);
        QCOMPARE(kept(*draw(u"single"_s, 0.25, 1)), kept(*draw(u"single"_s, 0.25, 1)));
        QVERIFY(kept(*draw(u"single"_s, 0.25, 1)) != kept(*draw(u"single"_s, 0.25, 2)));
        for (const double share : {0.0, 1.0, -1.0, 0.001, std::nan("")})
            QCOMPARE(draw(u"single"_s, share, 1).error().code, ErrorCode::InvalidInput);
    }

    void repositoriesAreFound()
    {
        const QString folder = newFolder();
        QCOMPARE(repositoryData(folder).error().code, ErrorCode::NotFound);
        for (const QString &name :
             {u"data/one/test.jsonl"_s, u"data/two/a.jsonl"_s, u"data/two/b.jsonl"_s, u"metadata/generation.json"_s}) {
            QVERIFY(QDir(folder).mkpath(QFileInfo(name).path()));
            QFile file(folder + u'/' + name);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(name.endsWith(u"json"_s) ? "{\"data_sets\": [{\"config\": \"one\", \"name\": \"../One 1\", "
                                                  "\"file\": \"/etc/passwd\"}, 1, {\"config\": \"../..\"}]}"
                                                : "{}");
        }
        const auto data = repositoryData(folder);
        QVERIFY(data);
        QStringList found;
        for (const RepositoryData &one : *data)
            found << QDir(folder).relativeFilePath(one.path) + u' ' + one.dataset;
        QCOMPARE(found, (QStringList{u"data/one/test.jsonl ../One 1"_s, u"data/two/a.jsonl two-a"_s,
                                     u"data/two/b.jsonl two-b"_s}));
    }
};

QTEST_GUILESS_MAIN(TestPublishedFiles)
#include "tst_publishedfiles.moc"
