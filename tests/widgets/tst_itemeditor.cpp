// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The editor of one item, and what was edited: every letter survives, and no item breaks unnoticed.
#include "../evaluation/observed.h"
#include "findwidgets.h"
#include "sampleproject.h"
#include "screenshots.h"
#include "widgets/dataset/bulkcommands.h"
#include "widgets/dataset/exacttextedit.h"
#include "widgets/dataset/itemedits.h"
#include "widgets/dataset/itemeditor.h"
#include "widgets/dataset/textdiff.h"
#include "widgets/theme/banner.h"

#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTextBlock>
#include <QTextEdit>
#include <QUndoStack>

using namespace evalwright;
using namespace evalwright::test;
using namespace Qt::StringLiterals;

namespace {

bool says(const QWidget &widget, const QString &part)
{
    for (const QLabel *label : widget.findChildren<QLabel *>()) {
        if (label->isVisibleTo(&widget) && label->text().contains(part))
            return true;
    }
    return false;
}

} // namespace

class TestItemEditor : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    std::shared_ptr<Project> m_project;
    Sample m_sample;
    Theme m_theme;
    int m_files = 0;

    CandidateText text(int i)
    {
        return CandidateText::of(must(m_project->readNow([&](Connection &c) { return candidateById(c, m_sample.candidates[i]); })).candidate);
    }
    void store(int i, const CandidateText &wanted, const QString &reason = u"hand"_s, const QString &actor = u"person"_s)
    {
        must(m_project->writeNow(
            [&](Connection &c) { return editCandidate(c, m_sample.candidates[i], wanted, newBatch(), actor, reason); }, {Topic::Candidates}));
    }
    QString newBatch() { return u"batch-%1"_s.arg(++m_files); }

private Q_SLOTS:
    void initTestCase()
    {
        m_theme.apply(*qApp, Theme::Mode::Light);
        QLocale::setDefault(QLocale::c());
    }
    void init()
    {
        m_project = must(Project::create(m_folder.filePath(u"edit-%1.evalwright"_s.arg(++m_files)), u"Edit"_s));
        m_sample = must(m_project->writeNow([](Connection &c) { return fillSample(c, 8); }));
    }

    void textsComeOutAsTheyWentIn_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("keepsLineEnds");
        QTest::newRow("plain") << u"one\ntwo\n\n three "_s << true;
        QTest::newRow("no-break space") << u"a\u00a0b\n\u00a0"_s << true;
        QTest::newRow("line separator") << u"a\u2028b"_s << true;
        QTest::newRow("windows") << u"a\r\nb\r\n"_s << true;
        QTest::newRow("mixed") << u"a\r\nb\nc"_s << false;
        QTest::newRow("paragraph separator") << u"a\u2029b"_s << false;
        QTest::newRow("bidi and picture") << u"\u202ea\u202c \U0001F600 e\u0301"_s << true;
        QTest::newRow("tabs") << u"\ta\t"_s << true;
    }
    void textsComeOutAsTheyWentIn()
    {
        QFETCH(QString, text);
        QFETCH(bool, keepsLineEnds);
        ExactTextEdit edit;
        edit.setExactText(text);
        QCOMPARE(edit.exactText(), text);
        QCOMPARE(edit.keepsLineEnds(), keepsLineEnds);
        edit.moveCursor(QTextCursor::End);
        QTest::keyClicks(&edit, u"x"_s);
        if (keepsLineEnds)
            QCOMPARE(edit.exactText(), text + u'x');
        QTest::keyClick(&edit, Qt::Key_Backspace);
        QCOMPARE(edit.exactText(), text);
        edit.setExactText(u"a"_s);
        edit.moveCursor(QTextCursor::End);
        QTest::keyClick(&edit, Qt::Key_Return, Qt::ShiftModifier); // No line separator of Unicode.
        QCOMPARE(edit.exactText(), u"a\n"_s);
    }

    void anItemIsEdited()
    {
        ItemEditor editor(m_project);
        const Stage stage(editor, {680, 560});
        QSignalSpy loaded(&editor, &ItemEditor::loaded);
        QSignalSpy saved(&editor, &ItemEditor::saveRequested);
        editor.edit(m_sample.candidates[2]);
        QTRY_COMPARE(loaded.size(), 1);
        const CandidateText before = text(2);
        QCOMPARE(editor.before(), before);
        QCOMPARE(editor.edited().text, before);
        QVERIFY(!button(editor, u"Save"_s)->isEnabled());
        // The question quotes the statement, and follows it.
        auto *statement = named<ExactTextEdit>(editor, u"Statement"_s), *question = named<ExactTextEdit>(editor, u"Question"_s);
        statement->moveCursor(QTextCursor::End);
        QTest::keyClicks(statement, u" and"_s);
        QTest::keyClick(statement, Qt::Key_Return);
        QTest::keyClicks(statement, u" me"_s);
        CandidateText wanted = before;
        wanted.statement += u" and\n me"_s;
        wanted.question.replace(before.statement, wanted.statement);
        QCOMPARE(question->exactText(), wanted.question);
        QVERIFY(button(editor, u"Save"_s)->isEnabled());
        named<QLineEdit>(editor, u"Reason of the edit"_s)->setText(u"clearer"_s);
        QTest::keyClick(statement, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(saved.size(), 1);
        QCOMPARE(saved[0][0].value<CandidateId>(), m_sample.candidates[2]);
        QCOMPARE(saved[0][1].value<CandidateText>(), before);
        QCOMPARE(saved[0][2].value<CandidateText>(), wanted);
        QCOMPARE(saved[0][3].toString(), u"clearer"_s);
        // A question that was changed by hand as well is left alone where it does not quote the statement once.
        question->setPlainText(u"Quite another question"_s);
        QTest::keyClicks(statement, u"x"_s);
        QCOMPARE(question->exactText(), u"Quite another question"_s);
        QVERIFY(says(editor, u"does not quote"_s));
        QVERIFY(button(editor, u"Save"_s)->isEnabled());
    }

    void answersAreAddedAndRemovedAndKeepTheirBlanks()
    {
        ItemEditor editor(m_project);
        const Stage stage(editor, {680, 560});
        QSignalSpy loaded(&editor, &ItemEditor::loaded);
        editor.edit(m_sample.candidates[2]);
        QTRY_COMPARE(loaded.size(), 1);
        auto *matching = named<QLineEdit>(editor, u"Matching answer"_s);
        QCOMPARE(matching->text(), u" Yes"_s);
        matching->setFocus();
        matching->end(false);
        QTest::keyClicks(matching, u", yes"_s);
        QCOMPARE(editor.edited().text.matchingLabel, u" Yes, yes"_s);
        QVERIFY(editor.edited().problems.isEmpty());
        QToolButton *add = nullptr;
        for (QToolButton *one : editor.findChildren<QToolButton *>()) {
            if (one->text() == u"Add an answer"_s)
                add = one;
        }
        QVERIFY(add);
        add->click();
        QVERIFY(!button(editor, u"Save"_s)->isEnabled());
        QVERIFY(says(editor, u"is empty"_s));
        QList<QLineEdit *> others;
        for (QLineEdit *one : editor.findChildren<QLineEdit *>()) {
            if (one->accessibleName() == u"Other answer"_s)
                others << one;
        }
        QCOMPARE(others.size(), 2);
        QTest::keyClicks(others[1], u"No"_s); // There is one already.
        QVERIFY(says(editor, u"twice"_s));
        QTest::keyClicks(others[1], u"t sure"_s);
        QCOMPARE(editor.edited().text.otherLabels, (QStringList{u" No"_s, u" Not sure"_s}));
        QVERIFY(button(editor, u"Save"_s)->isEnabled());
        named<QToolButton>(editor, u"Remove this answer"_s)->click();
        QCOMPARE(editor.edited().text.otherLabels, QStringList{u" Not sure"_s});
        others[1]->setText(u""_s);
        QTest::keyClicks(others[1], u"Never"_s);
        QVERIFY(says(editor, u"other blanks"_s));
    }

    void linesOfLabelsSurvive()
    {
        CandidateText odd = text(2);
        odd.matchingLabel = u" two\nlines "_s;
        odd.otherLabels = {u"\tno"_s, u" maybe\u2028"_s};
        store(2, odd);
        ItemEditor editor(m_project);
        QSignalSpy loaded(&editor, &ItemEditor::loaded);
        editor.edit(m_sample.candidates[2]);
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(editor.edited().text, odd);
        QVERIFY(!editor.isChanged());
        named<ExactTextEdit>(editor, u"Statement"_s)->typeText(u"changed"_s);
        QCOMPARE(editor.edited().text.matchingLabel, odd.matchingLabel);
        QCOMPARE(editor.edited().text.otherLabels, odd.otherLabels);
    }

    void itSaysWhatIsAboutTheFormerText()
    {
        ItemEditor editor(m_project);
        const Stage stage(editor, {680, 560});
        QSignalSpy loaded(&editor, &ItemEditor::loaded);
        editor.edit(m_sample.candidates[0]); // Two scores, an answer.
        QTRY_COMPARE(loaded.size(), 1);
        QVERIFY(says(editor, u"about the former text"_s));
        QVERIFY2(says(editor, u"2 score"_s), "two scores");
        QVERIFY(says(editor, u"1 answer"_s));
        editor.edit(m_sample.candidates[2]);
        QTRY_COMPARE(loaded.size(), 2);
        QVERIFY(!says(editor, u"about the former text"_s));
    }

    void leavingWarnsOnce()
    {
        ItemEditor editor(m_project);
        QSignalSpy loaded(&editor, &ItemEditor::loaded), cancelled(&editor, &ItemEditor::cancelled);
        editor.edit(m_sample.candidates[2]);
        QTRY_COMPARE(loaded.size(), 1);
        editor.cancel();
        QCOMPARE(cancelled.size(), 1);
        named<ExactTextEdit>(editor, u"Statement"_s)->typeText(u"changed"_s);
        editor.cancel();
        QCOMPARE(cancelled.size(), 1);
        QVERIFY(editor.findChild<Banner *>()->text().contains(u"not saved"_s));
        editor.cancel();
        QCOMPARE(cancelled.size(), 2);
    }

    void anItemThatIsGoneIsAnError()
    {
        ItemEditor editor(m_project);
        editor.edit(CandidateId{1'000'000});
        QTRY_VERIFY(!editor.findChild<Banner *>()->text().isEmpty());
        QVERIFY(!editor.isEnabled());
        editor.save();
        QVERIFY(!editor.isChanged());
    }

    void sidesShowWhatIsDifferent()
    {
        TextDiff diff;
        const Stage stage(diff, {700, 300});
        QSignalSpy compared(&diff, &TextDiff::compared);
        diff.setTexts(u"I like <b>tea</b>.\nAnd so\u202e on."_s, u"I love <b>tea</b>.\nAnd so on."_s);
        QTRY_COMPARE(compared.size(), 1);
        // Plain, with everything in sight.
        QCOMPARE(diff.shownBefore(), u"I like <b>tea</b>.\nAnd so⟨U+202E⟩ on."_s);
        QCOMPARE(diff.shownAfter(), u"I love <b>tea</b>.\nAnd so on."_s);
        const auto formats = [&](const QString &name) {
            QStringList marked;
            const QTextDocument *document = named<QTextEdit>(diff, name)->document();
            for (QTextBlock block = document->begin(); block.isValid(); block = block.next()) {
                for (auto it = block.begin(); !it.atEnd(); ++it) {
                    const QTextCharFormat format = it.fragment().charFormat();
                    if (format.fontStrikeOut() || format.underlineStyle() == QTextCharFormat::SingleUnderline) {
                        if (format.background().style() == Qt::NoBrush)
                            qFatal("Marked without a ground.");
                        marked << it.fragment().text();
                    }
                }
            }
            return marked;
        };
        QCOMPARE(formats(u"Before"_s), (QStringList{u"like"_s, u"⟨U+202E⟩"_s}));
        QCOMPARE(formats(u"After"_s), QStringList{u"love"_s});
        diff.setTexts(u"same"_s, u"same"_s);
        QTRY_COMPARE(compared.size(), 2);
        QVERIFY(says(diff, u"same"_s));
        QVERIFY(formats(u"After"_s).isEmpty());
    }

    void longTextsLoseWhatIsEqual()
    {
        const QString equal = u"word "_s.repeated(20'000);
        const QString before = equal + u"old"_s + equal, after = equal + u"new"_s + equal;
        TextDiff diff;
        const Stage stage(diff, {700, 300});
        QSignalSpy compared(&diff, &TextDiff::compared);
        diff.setTexts(before, after);
        QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, 20'000);
        QVERIFY(diff.shownBefore().contains(u"old"_s));
        QVERIFY(diff.shownAfter().contains(u"new"_s));
        QVERIFY(diff.shownAfter().contains(u"are not shown"_s));
        QVERIFY(diff.shownAfter().size() < 2000);
        // Without anything equal the rest is left out.
        const QString one = u"a"_s.repeated(100'000), other = u"b"_s.repeated(100'000);
        diff.setTexts(one, other);
        QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 2, 20'000);
        QVERIFY(diff.shownBefore().size() < TextDiff::mostShown + 200);
        QVERIFY2(diff.shownBefore().contains(u"80,000"_s) || diff.shownBefore().contains(u"80000"_s), qPrintable(diff.shownBefore().right(100)));
        // Pieces never tear a pair.
        const QString smiles = u"\U0001F600"_s.repeated(40);
        const auto pieces = diffPieces(smiles, textDifference(smiles, {}), true, 13);
        QCOMPARE(pieces[0].text, u"\U0001F600"_s.repeated(6));
    }

    void editsAreListedAndTakenBack()
    {
        const CandidateText first = text(2);
        CandidateText second = first, third;
        second.statement = u"Second <i>words</i>"_s;
        third = second;
        std::swap(third.matchingLabel, third.otherLabels[0]);
        store(2, second, u"lint:outer-whitespace"_s, u"rule"_s);
        store(2, third, u"it <b>agrees</b>"_s);
        QUndoStack stack;
        ItemEditsView view(m_project, &stack);
        const Stage stage(view, {760, 560});
        QSignalSpy loaded(&view, &ItemEditsView::loaded), back(&view, &ItemEditsView::takenBack);
        view.showCandidate(m_sample.candidates[2]);
        QTRY_COMPARE(view.edits().size(), 2);
        QTRY_VERIFY(says(view, u"Edit 2 of 2: “it <b>agrees</b>”, by a person"_s));
        QTRY_VERIFY(says(view, u"fix of outer-whitespace, by a rule"_s));
        QCOMPARE(view.findChildren<TextDiff *>().size(), 2);
        view.takeBack(view.edits().first().id);
        QTRY_COMPARE(back.size(), 1);
        QCOMPARE(text(2).statement, first.statement);
        QCOMPARE(text(2).matchingLabel, third.matchingLabel);
        QTRY_COMPARE(view.edits().size(), 3);
        QTRY_VERIFY(says(view, u"took an edit back"_s));
        stack.undo();
        QTRY_COMPARE(back.size(), 2);
        QCOMPARE(text(2), third);
        // The same part was changed again: nothing is taken back behind a person's back.
        CandidateText fourth = third;
        fourth.statement = u"Fourth"_s;
        store(2, fourth);
        view.takeBack(view.edits().first().id);
        QTRY_COMPARE(back.size(), 3);
        QCOMPARE(text(2), fourth);
        QVERIFY(view.findChild<Banner *>()->text().contains(u"later edit"_s));
        view.showCandidate(m_sample.candidates[3]);
        loaded.clear();
        QTRY_VERIFY(!loaded.isEmpty());
        QTRY_VERIFY(says(view, u"nobody has edited it"_s));
    }

    void manyEditsAreShownInParts()
    {
        CandidateText changed = text(2);
        for (int i = 0; i < 45; ++i) {
            changed.statement = u"Version %1"_s.arg(i);
            store(2, changed);
        }
        QUndoStack stack;
        ItemEditsView view(m_project, &stack);
        const Stage stage(view, {760, 560});
        view.showCandidate(m_sample.candidates[2]);
        QTRY_COMPARE(view.edits().size(), 45);
        QTRY_COMPARE(view.findChildren<TextDiff *>().size(), 20);
        button(view, u"Show older edits"_s)->click();
        button(view, u"Show older edits"_s)->click();
        QCOMPARE(view.findChildren<TextDiff *>().size(), 45);
        QVERIFY(button(view, u"Show older edits"_s)->isHidden());
    }

    void twoItemsStandSideBySide()
    {
        ItemPairView view(m_project);
        const Stage stage(view, {760, 480});
        QSignalSpy loaded(&view, &ItemPairView::loaded);
        view.showItems(m_sample.candidates[2], m_sample.candidates[3]);
        QTRY_COMPARE(loaded.size(), 1);
        QCOMPARE(view.findChildren<TextDiff *>().size(), 3); // Statement, question, answers.
        QTRY_VERIFY(says(view, u"Item 3"_s) && says(view, u"Item 4"_s));
        view.showItems(m_sample.candidates[2], CandidateId{1'000'000});
        QTRY_VERIFY(!view.findChild<Banner *>()->isHidden());
    }

    void looks()
    {
        {
            ItemEditor editor(m_project);
            QSignalSpy loaded(&editor, &ItemEditor::loaded);
            editor.edit(m_sample.candidates[0]);
            QTRY_COMPARE(loaded.size(), 1);
            lookAt(editor, u"item-editor"_s, {680, 560}, m_theme);
            named<QLineEdit>(editor, u"Matching answer"_s)->setFocus();
            named<QLineEdit>(editor, u"Matching answer"_s)->clear();
            named<QLineEdit>(editor, u"Matching answer"_s)->setModified(true);
            named<ExactTextEdit>(editor, u"Statement"_s)->typeText(u"I never say yes to anybody who asks me for a favour"_s);
            lookAt(editor, u"item-editor-refused"_s, {680, 640}, m_theme);
        }
        CandidateText changed = text(2);
        const QString former = changed.statement;
        changed.statement = u"I would rather keep the peace with everyone than win an argument"_s;
        changed.question.replace(former, changed.statement);
        store(2, changed, u"reads as a person would say it"_s);
        std::swap(changed.matchingLabel, changed.otherLabels[0]);
        store(2, changed, u"they do not agree"_s);
        QUndoStack stack;
        ItemEditsView view(m_project, &stack);
        view.showCandidate(m_sample.candidates[2]);
        QTRY_COMPARE(view.edits().size(), 2);
        lookAt(view, u"item-edits"_s, {780, 560}, m_theme);
        ItemPairView pair(m_project);
        QSignalSpy loaded(&pair, &ItemPairView::loaded);
        pair.showItems(m_sample.candidates[0], m_sample.candidates[3]);
        QTRY_COMPARE(loaded.size(), 1);
        lookAt(pair, u"item-pair"_s, {780, 440}, m_theme);
    }
};

QTEST_MAIN(TestItemEditor)
#include "tst_itemeditor.moc"
