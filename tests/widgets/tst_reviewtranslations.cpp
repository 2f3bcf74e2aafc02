// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/presets.h"
#include "tsfile.h"
#include "widgets/review/reviewlanguage.h"

#include <QDir>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

/// The files of translations against the sources: every text of the review window is there in every language, with what
/// is filled into it. No window is needed.
class TestReviewTranslations : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    QList<TsMessage> m_sources;

    static QString sourceFolder() { return QStringLiteral(EVALWRIGHT_SOURCE_DIR); }
    static QStringList translated()
    {
        QStringList all = ReviewLanguage::all();
        all.removeAll(u"en"_s);
        return all;
    }
    static void languageRows()
    {
        QTest::addColumn<QString>("language");
        for (const QString &language : translated())
            QTest::newRow(qPrintable(language)) << language;
    }
    static QList<TsMessage> messagesIn(const QString &language)
    {
        return readTs(u"%1/resources/translations/evalwright_review_%2.ts"_s.arg(sourceFolder(), language));
    }

private Q_SLOTS:
    void initTestCase()
    {
        // What the sources say now, read by Qt's own tool.
        const QString path = m_folder.filePath(u"now.ts"_s);
        QStringList arguments{u"-silent"_s, u"-locations"_s, u"none"_s};
        const QDir folder(sourceFolder() + u"/widgets/review"_s);
        for (const QString &name : folder.entryList({u"*.h"_s, u"*.cpp"_s})) {
            // The researcher's page, dialog and tables stay in English.
            static const QStringList others{u"reviewpage"_s, u"newreviewdialog"_s, u"agreementtables"_s, u"bringanswersdialog"_s,
                                            u"givelistsdialog"_s, u"golditemsdialog"_s, u"questionnaireeditor"_s, u"questionform"_s,
                                            u"peopleswordbox"_s};
            if (!others.contains(name.section(u'.', 0, 0)))
                arguments << folder.filePath(name);
        }
        arguments << u"-ts"_s << path;
        QProcess lupdate;
        lupdate.start(QStringLiteral(EVALWRIGHT_LUPDATE), arguments);
        QVERIFY(lupdate.waitForFinished());
        QCOMPARE(lupdate.exitCode(), 0);
        m_sources = readTs(path);
        QVERIFY(m_sources.size() > 150);
    }

    void everyTextIsThere_data() { languageRows(); }
    void everyTextIsThere()
    {
        QFETCH(const QString, language);
        static const QHash<QString, qsizetype> plurals{{u"de"_s, 2}, {u"es"_s, 2}, {u"fr"_s, 2},
                                                       {u"hi"_s, 2}, {u"ar"_s, 6}, {u"zh_CN"_s, 1}};
        QHash<QString, TsMessage> have;
        for (const TsMessage &message : messagesIn(language))
            have.insert(message.key(), message);
        QStringList wrong;
        for (const TsMessage &source : std::as_const(m_sources)) {
            const auto found = have.constFind(source.key());
            if (found == have.constEnd()) {
                wrong << u"not there: "_s + source.source;
                continue;
            }
            if (!found->type.isEmpty())
                wrong << found->type + u": "_s + source.source;
            if (found->texts.size() != (source.isPlural ? plurals.value(language) : 1))
                wrong << u"number of forms: "_s + source.source;
            for (const QString &text : found->texts) {
                if (text.trimmed().isEmpty())
                    wrong << u"empty: "_s + source.source;
                QStringList wanted = placeholdersOf(source.source), given = placeholdersOf(text);
                if (source.isPlural && !given.contains(u"%n"_s)) // “One minute” needs no number.
                    wanted.removeAll(u"%n"_s);
                if (given != wanted)
                    wrong << u"placeholders: "_s + text;
                if (text.count(u'\n') != source.source.count(u'\n'))
                    wrong << u"lines: "_s + text;
            }
            have.remove(source.key());
        }
        for (const TsMessage &message : std::as_const(have))
            wrong << u"not in the sources any more: "_s + message.source;
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void nothingIsLeftInEnglish_data() { languageRows(); }
    void nothingIsLeftInEnglish()
    {
        QFETCH(const QString, language);
        static const QSet<QString> mayBeTheSame{u"Item"_s, u"Details"_s, u"No"_s}; // Words of German, French, Spanish.
        for (const TsMessage &message : messagesIn(language)) {
            // Most keyboards of the world say Ctrl and Esc.
            if (message.context == "ReviewKeys"_L1 || mayBeTheSame.contains(message.source))
                continue;
            QVERIFY2(message.texts.constFirst() != message.source, qPrintable(message.source));
        }
    }

    void theProgramFindsThem_data() { languageRows(); }
    void theProgramFindsThem()
    {
        QFETCH(const QString, language);
        ReviewLanguage words;
        words.set(language);
        QCOMPARE(words.code(), language);
        for (const TsMessage &message : messagesIn(language)) {
            const QString found = words.translate(qUtf8Printable(message.context), qUtf8Printable(message.source));
            if (!message.isPlural)
                QCOMPARE(found, message.texts.constFirst());
        }
        // Digits are keys to press, the same in every language.
        QVERIFY(words.locale().toString(1234567890).contains(u"1"_s));
    }

    void arabicHasSixForms()
    {
        ReviewLanguage words;
        words.set(u"ar"_s);
        const auto minutes = [&words](int n) { return words.translate("Review", "about %n min left", nullptr, n); };
        QCOMPARE(minutes(1), u"بقيت دقيقة واحدة تقريبًا"_s);
        QCOMPARE(minutes(2), u"بقيت دقيقتان تقريبًا"_s);
        QCOMPARE(minutes(7), u"بقيت نحو 7 دقائق"_s);
        QCOMPARE(minutes(25), u"بقيت نحو 25 دقيقة"_s);
        QCOMPARE(minutes(100), u"بقيت نحو 100 دقيقة"_s);
        words.set(u"en"_s);
        QCOMPARE(minutes(7), u"about 7 min left"_s);
    }

    void presetsHaveEveryLanguage_data() { languageRows(); }
    void presetsHaveEveryLanguage()
    {
        QFETCH(const QString, language);
        for (const QString &name : review::presetNames()) {
            const auto preset = review::preset(name);
            QVERIFY(preset);
            const auto check = [&](const LocalText &text) {
                if (!text.text.isEmpty() && text.in.value(language).trimmed().isEmpty())
                    qWarning("%s has not %s", qPrintable(name), qPrintable(text.text)); // Fatal.
            };
            for (const ReviewQuestion &question : preset->questions) {
                check(question.text);
                check(question.lowText);
                check(question.highText);
                for (const ReviewChoice &choice : question.choices)
                    check(choice.text);
            }
        }
    }

    void theNearestLanguage_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("found");
        for (const auto &[wanted, found] :
             {std::pair("de", "de"), {"de_AT", "de"}, {"de-Latn-AT", "de"}, {"pt-BR", ""}, {"zh", "zh_CN"},
              {"zh-Hans-SG", "zh_CN"}, {"zh_TW", ""}, {"ar-EG", "ar"}, {"hi-IN", "hi"}, {"en_GB", "en"}, {"C", ""}})
            QTest::newRow(wanted) << QString::fromLatin1(wanted) << QString::fromLatin1(found);
    }
    void theNearestLanguage()
    {
        QFETCH(const QString, wanted);
        QFETCH(const QString, found);
        QCOMPARE(ReviewLanguage::nearest(wanted), found);
    }

    void theFirstThatThePersonWants()
    {
        QCOMPARE(ReviewLanguage::firstOf({u"pt-BR"_s, u"es-MX"_s, u"en"_s}), u"es"_s);
        QCOMPARE(ReviewLanguage::firstOf({u"sw"_s}), u"en"_s);
    }
};

QTEST_MAIN(TestReviewTranslations)
#include "tst_reviewtranslations.moc"
