// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/importfolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

const QByteArray item = "{\"question\": \"Would you say this?\\n\\\"I stay calm\\\"\", \"statement\": \"I stay calm\", "
                        "\"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";

} // namespace

/// What an import takes of a folder.
class TestImportFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foldersAreLookedThrough()
    {
        QTemporaryDir folder;
        const auto write = [&](const QString &name, const QByteArray &text) {
            QVERIFY(QDir(folder.path()).mkpath(QFileInfo(name).path()));
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        QCOMPARE(importFolder(folder.path()).error().code, ErrorCode::NotFound);
        write(u"README.md"_s, "# Words, words\n");
        write(u"settings.json"_s, "{\"colour\": 1}\n");
        const auto nothing = importFolder(folder.path());
        QCOMPARE(nothing.error().code, ErrorCode::NotFound);
        QVERIFY2(nothing.error().message.contains(u"README.md, settings.json"_s), qPrintable(nothing.error().message));
        write(u"human/calm.jsonl"_s, item);
        write(u"lm/calm.jsonl"_s, item);
        write(u"lm/other.jsonl"_s, item);
        write(u".hidden/secret.jsonl"_s, item);
        write(u"answers.csv"_s, "dataset,item,model,matching\nelsewhere,item 1,theirs,1\n");
        QVERIFY(QFile::link(folder.filePath(u"lm/other.jsonl"_s), folder.filePath(u"link.jsonl"_s)));
        const auto all = importFolder(folder.path());
        QVERIFY(all);
        QStringList names;
        for (const ImportPath &one : all->files)
            names << QDir(folder.path()).relativeFilePath(one.path) + u" → "_s + one.dataset;
        QCOMPARE(names.join(u", "_s), u"answers.csv → , human/calm.jsonl → human-calm, lm/calm.jsonl → lm-calm, lm/other.jsonl → "_s);
        QCOMPARE(all->passedOver, (QStringList{u"README.md"_s, u"settings.json"_s}));
        CancellationToken token;
        token.cancel();
        QCOMPARE(importFolder(folder.path(), token).error().code, ErrorCode::Cancelled);
        // A published repository knows its data sets by itself.
        write(u"data/named/test.jsonl"_s, item);
        const auto published = importFolder(folder.path());
        QVERIFY(published);
        QCOMPARE(published->files.size(), 1);
        QCOMPARE(published->files.constFirst().dataset, u"named"_s);
    }
};

QTEST_GUILESS_MAIN(TestImportFolder)
#include "tst_importfolder.moc"
