// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What raters are asked, edited in the window, and items whose answers are known.
#include "../review/reviewed.h"
#include "review/goldfile.h"
#include "findwidgets.h"
#include "screenshots.h"
#include "widgets/review/answerbutton.h"
#include "widgets/review/golditemsdialog.h"
#include "widgets/review/newreviewdialog.h"
#include "widgets/review/questionform.h"
#include "widgets/review/questionlist.h"
#include "widgets/review/questionnaireeditor.h"
#include "widgets/review/questionpanel.h"
#include "widgets/review/reviewlanguage.h"
#include "widgets/theme/banner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace evalwright;
using namespace evalwright::test;
using namespace evalwright::review;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QuestionPanel *panel(const QWidget &widget, const QString &id)
{
    for (QuestionPanel *one : widget.findChild<QuestionList *>()->panels()) {
        if (one->question().id == id)
            return one;
    }
    return nullptr;
}

void choose(const QWidget &widget, const QString &id, const QString &text)
{
    for (AnswerButton *one : panel(widget, id)->buttons()) {
        if (one->answerText().contains(text))
            return one->click();
    }
    qFatal("There is no answer %s.", qPrintable(text));
}

} // namespace

class TestReviewQuestions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme.apply(*qApp, Theme::Mode::Light); }

    void presetsComeBackAsTheyAre_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : presetNames())
            QTest::newRow(qPrintable(name)) << name;
    }
    void presetsComeBackAsTheyAre()
    {
        QFETCH(QString, name);
        const Questionnaire before = must(preset(name));
        QuestionnaireEditor editor(before);
        const Stage stage(editor, QSize(1120, 700));
        auto *list = named<QListWidget>(editor, u"Questions"_s);
        auto *language = named<QComboBox>(editor, u"Texts in"_s);
        // Looking at every question in every language changes nothing.
        for (int i = 0; i < language->count(); ++i) {
            if (!ReviewLanguage::isDrawable(language->itemData(i).toString()))
                continue; // A font for it is missing, which Qt warns of.
            language->setCurrentIndex(i);
            for (int row = 0; row < list->count(); ++row)
                list->setCurrentRow(row);
        }
        QCOMPARE(editor.questionnaire(), before);
        QVERIFY2(editor.problem().isEmpty(), qPrintable(editor.problem()));
        language->setCurrentIndex(0);
        list->setCurrentRow(2);
        if (name == "persona"_L1)
            lookAt(editor, u"questions-editor"_s, QSize(1120, 700), m_theme);
    }

    void aQuestionOfEveryKind()
    {
        Questionnaire empty;
        empty.name = u"mine"_s;
        QuestionnaireEditor editor(empty);
        const Stage stage(editor, QSize(1120, 700));
        QVERIFY(!editor.problem().isEmpty());
        QVERIFY(!button(editor, u"Use these questions"_s)->isEnabled());
        for (QAction *kind : button(editor, u"Add"_s)->menu()->actions())
            kind->trigger();
        QCOMPARE(editor.questionnaire().questions.size(), 6);
        QVERIFY2(editor.problem().isEmpty(), qPrintable(editor.problem()));
        QVERIFY(button(editor, u"Use these questions"_s)->isEnabled());
        QCOMPARE(editor.findChild<QuestionList *>()->panels().size(), 6);
        QCOMPARE(must(Questionnaire::fromJson(editor.questionnaire().toJson())), editor.questionnaire());
        auto *list = named<QListWidget>(editor, u"Questions"_s);
        list->setCurrentRow(5);
        button(editor, u"Up"_s)->click();
        QCOMPARE(editor.questionnaire().questions.at(4).kind, QuestionKind::Flag);
        QCOMPARE(list->currentRow(), 4);
        button(editor, u"Remove"_s); // That of the questions is the first.
        QCOMPARE(editor.questionnaire().questions.size(), 6);
    }

    void textsChoicesAndConditions()
    {
        QuestionnaireEditor editor(must(preset(u"persona"_s)));
        const Stage stage(editor, QSize(1120, 700));
        auto *form = editor.findChild<QuestionForm *>();
        auto *list = named<QListWidget>(editor, u"Questions"_s);
        const auto at = [&](const QString &id) {
            for (int row = 0; row < list->count(); ++row) {
                if (list->item(row)->text() == id)
                    return row;
            }
            qFatal("There is no question %s.", qPrintable(id));
        };
        list->setCurrentRow(at(u"ambiguous"_s));
        auto *text = named<QPlainTextEdit>(*form, u"Text of the question"_s);
        text->setPlainText(u"Is it <b>unclear</b>?"_s);
        QCOMPARE(editor.questionnaire().find(u"ambiguous"_s)->text.text, u"Is it <b>unclear</b>?"_s);
        // A choice more, of another text, and its key.
        auto *table = form->findChild<QTableWidget *>();
        const int choices = table->rowCount();
        button(*form, u"Add a choice"_s)->click();
        QCOMPARE(table->rowCount(), choices + 1);
        table->item(choices, 0)->setText(u"perhaps"_s);
        table->item(choices, 1)->setText(u"Perhaps"_s);
        QCOMPARE(editor.questionnaire().find(u"ambiguous"_s)->choices.last(), (ReviewChoice{u"perhaps"_s, {u"Perhaps"_s, {}}}));
        table->item(choices, 0)->setText(u"no such key"_s);
        QVERIFY2(editor.problem().contains(u"key"_s), qPrintable(editor.problem()));
        QVERIFY(!button(editor, u"Use these questions"_s)->isEnabled());
        table->item(choices, 0)->setText(u"perhaps"_s);
        QVERIFY(editor.problem().isEmpty());
        // Another language changes texts alone.
        auto *language = named<QComboBox>(editor, u"Texts in"_s);
        language->setCurrentIndex(language->findData(u"de"_s));
        text->setPlainText(u"Ist es unklar?"_s);
        const LocalText both = editor.questionnaire().find(u"ambiguous"_s)->text;
        QCOMPARE(both.forLanguage(u"de"_s), u"Ist es unklar?"_s);
        QCOMPARE(both.text, u"Is it <b>unclear</b>?"_s);
        QVERIFY(!form->findChild<QLineEdit *>()->isEnabled());
        text->setPlainText(QString());
        QVERIFY(!editor.questionnaire().find(u"ambiguous"_s)->text.in.contains(u"de"_s));
        language->setCurrentIndex(0);
        // Shown only after an answer; without a chosen one that is a problem.
        button(editor, u"Add"_s)->menu()->actions().at(4)->trigger();
        QComboBox *shown = nullptr;
        for (QComboBox *box : form->findChildren<QComboBox *>()) {
            if (box->findData(u"ambiguous"_s) >= 0)
                shown = box;
        }
        QVERIFY(shown);
        shown->setCurrentIndex(shown->findData(u"ambiguous"_s));
        QVERIFY(!editor.problem().isEmpty());
        auto *values = named<QListWidget>(*form, u"Answers that show this question"_s);
        values->item(0)->setCheckState(Qt::Checked);
        QVERIFY2(editor.problem().isEmpty(), qPrintable(editor.problem()));
        const ReviewQuestion &last = editor.questionnaire().questions.last();
        QCOMPARE(last.shownIf, u"ambiguous"_s);
        QCOMPARE(last.shownValues, QStringList{values->item(0)->text()});
        // Its id moves away from under it: told, and kept.
        list->setCurrentRow(at(u"ambiguous"_s));
        auto *id = form->findChild<QLineEdit *>();
        id->setText(u"unclear"_s);
        Q_EMIT id->textEdited(id->text());
        QVERIFY(editor.problem().contains(u"shown_if"_s));
        QCOMPARE(editor.questionnaire().questions.last().shownIf, u"ambiguous"_s);
        lookAt(editor, u"questions-problem"_s, QSize(1120, 700), m_theme);
    }

    void filesAreSavedAndOpened()
    {
        QTemporaryDir folder;
        const Questionnaire before = must(preset(u"choice"_s));
        QuestionnaireEditor editor(before);
        editor.saveFile(folder.filePath(u"q.json"_s));
        auto *banner = editor.findChild<Banner *>();
        QTRY_VERIFY(banner->text().contains(u"Saved"_s));
        QuestionnaireEditor other(must(preset(u"winogender"_s)));
        other.openFile(folder.filePath(u"q.json"_s));
        QTRY_COMPARE(other.questionnaire(), before);
        other.openFile(folder.filePath(u"none.json"_s));
        QTRY_VERIFY(other.findChild<Banner *>()->text().contains(u"none.json"_s));
        QCOMPARE(other.questionnaire(), before);
    }

    void goldItemsFromItemsDecisionsAndFiles()
    {
        Reviewed s(30);
        NewReview wanted = s.wanted();
        wanted.plan.items = 10;
        const Review earlier = s.make(wanted).review;
        const QList<Candidate> items = must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); }));
        const Place place = must(s.sit(earlier, u"r"_s)->places(0, 1).result()).first();
        must(s.store.project->writeNow([&](Connection &c) { return adjudicate(c, earlier, place.item.itemId, u"Yes"_s, u"so"_s); }));

        GoldItemsDialog dialog(s.store.project, s.dataset, must(preset(u"persona"_s)), {});
        QSignalSpy shown(&dialog, &GoldItemsDialog::itemsShown), changed(&dialog, &GoldItemsDialog::changed);
        const Stage stage(dialog, QSize(1060, 680));
        QTRY_VERIFY(!shown.isEmpty());
        auto *list = named<QListWidget>(dialog, u"Items"_s);
        QCOMPARE(list->count(), 30);
        QPushButton *add = button(dialog, u"Make it a gold item"_s);
        QVERIFY(!add->isEnabled());
        list->setCurrentRow(3);
        choose(dialog, u"answer"_s, u"No"_s);
        QVERIFY(add->isEnabled());
        add->click();
        QCOMPARE(dialog.golds().size(), 1);
        QCOMPARE(dialog.golds().value(items.at(3).id.value), (json{{"answer", "No"}}));
        QCOMPARE(list->currentRow(), 4);
        QVERIFY(!add->isEnabled()); // The next item has no answers yet.
        list->setCurrentRow(3);
        QCOMPARE(panel(dialog, u"answer"_s)->answer(), json("No"));
        button(dialog, u"What was decided"_s)->click();
        QTRY_COMPARE(dialog.golds().size(), 2);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"g.jsonl"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const qint64 third = items.at(20).id.value;
        file.write("{\"item_id\": \"" + items.at(20).uuid.toUtf8() + "\", \"answers\": {\"answer\": \"Yes\"}}\n");
        file.close();
        dialog.openFile(file.fileName());
        QTRY_COMPARE(dialog.golds().size(), 3);
        QVERIFY(dialog.golds().contains(third));
        auto *chosen = named<QListWidget>(dialog, u"Gold items"_s);
        QTRY_COMPARE(chosen->count(), 3);
        const qsizetype before = changed.size();
        dialog.openFile(folder.filePath(u"none.jsonl"_s));
        QTRY_VERIFY(changed.size() > before);
        QVERIFY(dialog.findChild<Banner *>()->text().contains(u"none.jsonl"_s));
        lookAt(dialog, u"gold-items"_s, QSize(1060, 680), m_theme);
        chosen->setCurrentRow(0);
        button(dialog, u"Remove"_s)->click();
        QTRY_COMPARE(chosen->count(), 2);
        // The search is the data set's.
        named<QLineEdit>(dialog, u"Search the items"_s)->setText(u"no such text anywhere"_s);
        QTRY_COMPARE(list->count(), 0);
        QVERIFY(!add->isEnabled());
    }

    void aReviewWithOwnQuestionsAndGoldItems()
    {
        Reviewed s(40);
        NewReviewDialog dialog(s.store.project, s.dataset);
        QTRY_VERIFY(dialog.beginButton()->isEnabled());
        QCOMPARE(dialog.questionnaire().name, u"persona"_s);
        Questionnaire edited = dialog.questionnaire();
        edited.questions.first().text.text = u"Which answer shows it?"_s;
        dialog.useQuestions(must(preset(u"choice"_s)));
        QCOMPARE(dialog.questionnaire().name, u"choice"_s);
        dialog.useQuestions(edited);
        QCOMPARE(dialog.questionnaire(), edited);
        GoldItemsDialog::Golds golds;
        const QList<Candidate> items = must(s.store.ask([&](Connection &c) { return itemsOf(c, s.dataset); }));
        for (int i = 0; i < 3; ++i)
            golds.insert(items.at(i).id.value, {{"answer", "Yes"}});
        dialog.useGolds(golds);
        QVERIFY(button(dialog, u"3 chosen …"_s)->isEnabled());
        for (QCheckBox *box : dialog.findChildren<QCheckBox *>())
            box->setChecked(true);
        QCOMPARE(dialog.plan().goldLimit, std::optional(0.7));
        QVERIFY(dialog.plan().goldBlocks);
        lookAt(dialog, u"review-new-gold"_s, QSize(640, 740), m_theme);
        QSignalSpy begun(&dialog, &NewReviewDialog::begun);
        dialog.beginButton()->click();
        QTRY_COMPARE(begun.size(), 1);
        const MadeReview made = begun.first().first().value<MadeReview>();
        QVERIFY(made.golds > 0);
        QCOMPARE(s.count(u"SELECT count(*) FROM questionnaire"_s), 1);
        // The same questions with another word are the next version of their name.
        NewReviewDialog again(s.store.project, s.dataset);
        QTRY_VERIFY(again.beginButton()->isEnabled());
        QSignalSpy second(&again, &NewReviewDialog::begun);
        again.beginButton()->click();
        QTRY_COMPARE(second.size(), 1);
        QCOMPARE(s.count(u"SELECT max(version) FROM questionnaire WHERE name = 'persona'"_s), 2);
    }

private:
    Theme m_theme;
};

QTEST_MAIN(TestReviewQuestions)
#include "tst_reviewquestions.moc"
