// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The data set card: from the project, with people's texts, and harmless whatever items say.
#include "../review/reviewed.h"
#include "core/markdown.h"
#include "findwidgets.h"
#include "screenshots.h"
#include "widgets/dataset/cardpage.h"
#include "widgets/theme/banner.h"

#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextBrowser>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

const QTextDocument::MarkdownFeatures harmless =
    QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) | QTextDocument::MarkdownNoHTML;

QStringList linksIn(const QTextDocument &document)
{
    QStringList links;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextCharFormat format = it.fragment().charFormat();
            if (format.isAnchor() || format.isImageFormat())
                links << format.anchorHref() + format.toImageFormat().name();
        }
    }
    return links;
}

} // namespace

class TestCardPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp, Theme::Mode::Light); }

    void textStaysText_data()
    {
        QTest::addColumn<QString>("text");
        for (const QString &text :
             {u"**bold** and _it_ and `code`"_s, u"# heading"_s, u"- list"_s, u"1. first"_s, u"12) twelfth"_s,
              u"<script>alert(1)</script> <b>x</b>"_s, u"[link](javascript:alert(1)) ![i](http://x/y.png)"_s,
              u"http://example.com/a and www.example.com and a@b.example"_s, u"&lt;&#60;"_s, u"a | b"_s, u"| a | b |"_s,
              u"~~gone~~"_s, u"back\\slash"_s, u"> quote"_s, u"---"_s, u"==="_s, u"+ plus"_s, u"a.b (c) d: e"_s,
              u"- [ ] task"_s, u"$x^2$"_s})
            QTest::newRow(qPrintable(text)) << text;
    }
    void textStaysText()
    {
        QFETCH(QString, text);
        QTextDocument document;
        document.setMarkdown(u"before\n\n"_s + markdownText(text) + u"\n\nafter\n"_s,
                             harmless);
        QCOMPARE(document.toPlainText(), u"before\n"_s + text + u"\nafter"_s);
        QVERIFY(linksIn(document).isEmpty());
        document.setMarkdown(markdownTable({u"a"_s, u"b"_s}, {{text, u"x"_s}}),
                             harmless);
        QVERIFY2(document.toPlainText().contains(text), qPrintable(document.toPlainText()));
        QVERIFY(linksIn(document).isEmpty());
    }

    void blocksOfCodeKeepEverything()
    {
        const QString text = u"```\n# no heading\n````\n<b>x</b>\nlast"_s;
        QTextDocument document;
        document.setMarkdown(markdownBlock(text), harmless);
        QCOMPARE(document.toPlainText().trimmed(), text);
        QVERIFY(markdownText(u"a\nb\r\nc\u202Ed"_s).contains(u"a b c⟨U+202E⟩d"_s));
    }

    void theCardOfARatedDataSet()
    {
        Reviewed s(40);
        review::NewReview wanted = s.wanted();
        wanted.plan.items = 30;
        wanted.plan.raters = wanted.plan.perItem = 2;
        const Review review = s.make(wanted).review;
        for (const QString &rater : {u"one"_s, u"two"_s}) {
            const auto sitting = s.sit(review, rater);
            for (const review::Place &place : must(sitting->places(0, 100).result()))
                must(sitting->store(Reviewed::given(place.position, place.position % 3 ? u"Yes"_s : u"No"_s)).result());
        }
        CardPage page(s.store.project, s.dataset, u"d"_s);
        QSignalSpy shown(&page, &CardPage::shown), saved(&page, &CardPage::saved);
        const Stage stage(page, QSize(900, 900));
        QTRY_COMPARE(shown.size(), 1);
        const QString card = page.markdown();
        for (const QString &part : {u"# d"_s, u"40 items"_s, u"Review “review-1” with the questions persona v1 and a guideline"_s,
                                    u"by 2 raters"_s, u"Labels that people agree with"_s, u"Krippendorff's alpha"_s,
                                    u"Licence: not stated"_s, u"evalwright canary GUID"_s})
            QVERIFY2(card.contains(part), qPrintable(part + u"\n"_s + card));
        QVERIFY(!card.contains(u"No person has"_s));
        QVERIFY(!card.contains(u"one"_s + u" "_s) || !card.contains(u"rater one"_s)); // Codes of raters are nobody's business.
        const DatasetCard read = must(s.store.ask([&](Connection &c) { return readDatasetCard(c, s.dataset); }));
        QCOMPARE(read.reviews.size(), 1);
        QCOMPARE(read.reviews.first().agreement.raters, 2);
        QVERIFY(read.toJson()["reviews"][0]["label_precision"]["value"].is_number());

        auto *licence = page.findChild<QLineEdit *>();
        QPushButton *keep = button(page, u"Keep these texts"_s);
        QVERIFY(!keep->isEnabled());
        licence->setText(u"CC-BY-4.0; DROP"_s);
        QVERIFY(keep->isEnabled());
        keep->click();
        QTRY_VERIFY(page.findChild<Banner *>()->text().contains(u"no name of a licence"_s));
        for (const QString &name : {u"CC-BY-4.0"_s, u"MIT"_s, u"CC-BY-4.0"_s}) { // Back to an earlier one, too.
            licence->setText(name);
            const qsizetype before = shown.size();
            keep->click();
            QTRY_VERIFY(shown.size() > before);
            QTRY_VERIFY2(page.markdown().contains(u"Licence: "_s + name), qPrintable(page.markdown().right(400)));
            QVERIFY(!keep->isEnabled());
        }
        // What somebody is typing stays when the project changes.
        page.findChild<QPlainTextEdit *>()->setPlainText(u"Only a *few* items."_s);
        const qsizetype before = shown.size();
        must(s.store.project->writeNow([](Connection &) -> Status { return {}; }, {Topic::Reviews}));
        QTRY_VERIFY(shown.size() > before);
        QCOMPARE(page.findChild<QPlainTextEdit *>()->toPlainText(), u"Only a *few* items."_s);
        keep->click();
        QTRY_VERIFY(page.markdown().contains(u"Only a \\*few\\* items."_s));

        QTemporaryDir folder;
        page.saveTo(folder.filePath(u"README.md"_s));
        QTRY_COMPARE(saved.size(), 1);
        QFile file(folder.filePath(u"README.md"_s));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), page.markdown());
        page.saveTo(s.store.project->path()); // Never over the project.
        QTRY_COMPARE(saved.size(), 2);
        QVERIFY(must(s.store.ask([](Connection &c) { return listDatasets(c); })).size() == 1);
        lookAt(page, u"card"_s, QSize(900, 1100), m_theme);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestCardPage)
#include "tst_cardpage.moc"
