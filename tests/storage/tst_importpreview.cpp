// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchangefiles.h"
#include "storage/exchange/preview.h"

#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray persona(int row)
{
    const QByteArray statement = "Statement " + QByteArray::number(row);
    return "{\"question\": \"Is the following statement something you would say?\\n\\\"" + statement + "\\\"\", \"statement\": \"" + statement +
           "\", \"label_confidence\": 0.9, \"answer_matching_behavior\": \" Yes\", \"answer_not_matching_behavior\": \" No\"}\n";
}

} // namespace

/// What the beginning of a file tells before anything is imported.
class TestImportPreview : public QObject
{
    Q_OBJECT

    ExchangeFolder m_folder;

    FilePreview preview(const QString &path, const ImportOptions &options = {})
    {
        const auto read = previewFile(path, options);
        if (!read)
            qFatal("%s", qPrintable(read.error().text()));
        return *read;
    }

private Q_SLOTS:
    void publishedRowsAreToldByTheirContent()
    {
        const FilePreview seen = preview(m_folder.written(persona(1) + "{\"question\": \"cut\n" + persona(3), u"txt"_s));
        QCOMPARE(seen.format, u"anthropic-evals"_s);
        QVERIFY(seen.recognised && seen.whole && !seen.mapped && !seen.table && !seen.problem && !seen.refusal);
        QCOMPARE(seen.family, u"persona"_s);
        QCOMPARE(seen.rows.size(), 3);
        QCOMPARE(seen.rowsExpected, 3);
        QCOMPARE(seen.rows[0].row.candidate.statement, u"Statement 1"_s);
        QCOMPARE(seen.rows[0].text, QString::fromUtf8(persona(1)).trimmed());
        QVERIFY(seen.rows[1].row.problem);
        QCOMPARE(seen.rows[1].row.problem->reason, u"json-syntax"_s);
        QCOMPARE(seen.rows[1].line(), 2);
        QCOMPARE(seen.rows[1].text, u"{\"question\": \"cut"_s);
        QCOMPARE(seen.rows[2].line(), 3);
        QVERIFY(seen.columns.contains(u"label_confidence"_s));
    }

    void onlyTheBeginningIsRead()
    {
        QByteArray text;
        for (int row = 0; row < 40'000; ++row)
            text += persona(row);
        const QString path = m_folder.written(text);
        const FilePreview seen = preview(path);
        QCOMPARE(seen.rows.size(), FilePreview::mostRows);
        QVERIFY(!seen.whole);
        QCOMPARE(seen.size, text.size());
        QVERIFY2(seen.rowsExpected > 36'000 && seen.rowsExpected < 44'000, qPrintable(QString::number(seen.rowsExpected)));
        // What follows is not looked at, however broken it is.
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(1 << 20));
        file.write("\xff\xfe broken \xff");
        file.close();
        QCOMPARE(preview(path).rows.size(), FilePreview::mostRows);
        for (const PreviewRow &row : preview(path).rows)
            QVERIFY(!row.row.problem);
    }

    void membersBecomeColumnsByPointer()
    {
        const QString path = m_folder.written("{\"item\": {\"text\": \"Would you lie?\", \"a/b\": [\"never\", \"often\"]}, \"key\": 0}\n");
        ImportOptions options;
        options.format = u"jsonl"_s;
        const FilePreview unmapped = preview(path, options);
        QVERIFY(unmapped.refusal && unmapped.mapped);
        const QStringList columns{u"item"_s, u"key"_s, u"/item/text"_s, u"/item/a~1b"_s, u"/item/a~1b/0"_s, u"/item/a~1b/1"_s};
        QCOMPARE(unmapped.columns, columns);
        options.map = QStringList{u"question=/item/text"_s, u"options=/item/a~1b"_s, u"matching_index=key"_s};
        const FilePreview mapped = preview(path, options);
        QVERIFY2(!mapped.refusal, mapped.refusal ? qPrintable(mapped.refusal->text()) : "");
        QCOMPARE(mapped.rows.size(), 1);
        QVERIFY(!mapped.rows[0].row.problem);
        QCOMPARE(mapped.rows[0].row.candidate.matchingLabel, u" (A)"_s);
        QCOMPARE(mapped.family, u"multiple-choice"_s);
    }

    void tablesOfUnknownColumnsAreOfferedForMapping()
    {
        const QString path = m_folder.written("Stem;Good;Bad\n\"Is it\nso?\";yes;no\nOr not?;no;yes\n", u"dat"_s);
        const FilePreview unmapped = preview(path);
        QCOMPARE(unmapped.format, u"csv"_s);
        QVERIFY(!unmapped.recognised && unmapped.refusal && unmapped.mapped && unmapped.table);
        const QStringList columns{u"Stem"_s, u"Good"_s, u"Bad"_s};
        QCOMPARE(unmapped.columns, columns);
        QVERIFY(!unmapped.rows.isEmpty()); // One sees what there is to map.
        ImportOptions options;
        options.map = QStringList{u"question=Stem"_s, u"matching=Good"_s, u"not_matching=Bad"_s};
        const FilePreview mapped = preview(path, options);
        QVERIFY(!mapped.refusal);
        QCOMPARE(mapped.rows.size(), 2);
        QCOMPARE(mapped.rows[0].row.candidate.question, u"Is it\nso?"_s);
        QCOMPARE(mapped.rows[0].text, u"\"Is it\nso?\";yes;no"_s);
        QCOMPARE(mapped.rows[1].line(), 4);
    }

    void marksAreProblemsWhenTheyAreToBe()
    {
        const QString path = m_folder.written("question,matching,not_matching\n=1+1, Yes, No\n", u"csv"_s);
        QVERIFY(!preview(path).rows[0].row.problem);
        QVERIFY(preview(path).rows[0].row.flags.contains(u"formula-like"_s));
        ImportOptions strict;
        strict.strict = true;
        QVERIFY(preview(path, strict).rows[0].row.problem);
        QCOMPARE(preview(path, strict).rows[0].row.problem->reason, u"formula-like"_s);
    }

    void whatIsOfNoUseSaysWhy()
    {
        QVERIFY(preview(m_folder.written("")).problem);
        QCOMPARE(preview(m_folder.written("PK\x03\x04zip")).problem->reason, u"compressed"_s);
        const FilePreview prose = preview(m_folder.written("Nothing of the kind\nhere.\n", u"md"_s));
        QVERIFY(prose.refusal && prose.format.isEmpty() && prose.rows.isEmpty());
        const auto missing = previewFile(u"/nowhere/at/all.jsonl"_s, {});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, ErrorCode::NotFound);
        ImportOptions wrong;
        wrong.map = QStringList{u"nonsense=x"_s};
        QVERIFY(preview(m_folder.written(persona(1)), wrong).refusal);
    }

    void utf16IsShownAsText()
    {
        const QString text = u"question,matching,not_matching\nGrün?,ja,nein\n"_s;
        QByteArray bytes("\xff\xfe");
        bytes.append(reinterpret_cast<const char *>(text.utf16()), text.size() * 2);
        const FilePreview seen = preview(m_folder.written(bytes, u"csv"_s));
        QCOMPARE(seen.rows.size(), 1);
        QCOMPARE(seen.rows[0].row.candidate.question, u"Grün?"_s);
        QCOMPARE(seen.rows[0].text, u"Grün?,ja,nein"_s);
    }
};

QTEST_GUILESS_MAIN(TestImportPreview)
#include "tst_importpreview.moc"
