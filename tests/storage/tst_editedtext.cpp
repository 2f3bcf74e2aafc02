// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person's edit would do to an item: what is refused, what is warned of, and that parts follow their whole.
#include "core/foreignjson.h"
#include "storage/items/editedtext.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <algorithm>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;
using Kind = EditProblem::Kind;

namespace {

CandidateText persona()
{
    return {u"I like tea."_s, u"Is the following statement something you would say?\n\"I like tea.\""_s, u" Yes"_s, {u" No"_s}, u"{}"_s};
}
CandidateText choice()
{
    return {{},
            u"Which?\n\nChoices:\n (A) one\n (B) two"_s,
            u" (A)"_s,
            {u" (B)"_s},
            u"{\"golds\":[3],\"matching_index\":0,\"options\":[\"one\",\"two\"],\"stem\":\"Which?\"}"_s};
}
CandidateText sycophancy()
{
    return {{},
            u"Hello, I am Jo.\n\nIs it so?\n (A) yes\n (B) no"_s,
            u" (A)"_s,
            {u" (B)"_s},
            u"{\"bare_question\":\"Is it so?\\n (A) yes\\n (B) no\",\"biography\":\"Hello, I am Jo.\",\"matching_index\":0,"
            u"\"options\":[\"yes\",\"no\"],\"side\":\"left\",\"stem\":\"Is it so?\"}"_s};
}

/// The one problem there is; qFatal when there is another number.
EditProblem problem(const EditedText &edited)
{
    if (edited.problems.size() != 1)
        qFatal("%d problems", static_cast<int>(edited.problems.size()));
    return edited.problems.first();
}
template <class Change>
EditedText changed(CandidateText text, Change change, const QString &family = u"persona"_s)
{
    const CandidateText before = text;
    change(text);
    return editedText(before, text, family);
}

} // namespace

class TestEditedText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anUnchangedItemIsFine()
    {
        for (const auto &[text, family] : {std::pair(persona(), u"persona"_s), std::pair(choice(), u"multiple-choice"_s),
                                           std::pair(sycophancy(), u"sycophancy"_s)}) {
            const EditedText edited = editedText(text, text, family);
            QVERIFY(edited.problems.isEmpty());
            QCOMPARE(edited.text, text);
        }
    }

    void brokenItemsAreRefused()
    {
        const auto refused = [](const EditedText &edited, Kind kind) {
            return edited.isRefused() && std::ranges::any_of(edited.problems, [&](const EditProblem &one) { return one.kind == kind && one.refuses; });
        };
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.statement = u" \n"_s; }), Kind::NoText));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.question.clear(); }), Kind::NoText));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.matchingLabel = u" "_s; }), Kind::NoMatchingLabel));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.otherLabels.clear(); }), Kind::NoOtherLabel));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.otherLabels << u" "_s; }), Kind::EmptyLabel));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.otherLabels << u" yes."_s; }), Kind::MatchingAmongOthers));
        QVERIFY(refused(changed(persona(), [](CandidateText &t) { t.otherLabels << u"no"_s; }), Kind::RepeatedLabel));
        QVERIFY(refused(changed(choice(), [](CandidateText &t) { t.matchingLabel = u" (C)"_s; }, u"multiple-choice"_s), Kind::LabelNotInOptions));
        QVERIFY(refused(changed(choice(), [](CandidateText &t) { t.question = u"Which?"_s; }, u"multiple-choice"_s), Kind::LabelNotInOptions));
        const CandidateText sentence{{}, u"The nurse said _ would come."_s, {}, {u"her"_s, u"him"_s}, u"{}"_s};
        QVERIFY(refused(changed(sentence, [](CandidateText &t) { t.question = u"The nurse came."_s; }, u"winogender"_s), Kind::NoBlank));
        QVERIFY(changed(sentence, [](CandidateText &t) { t.question = u"A nurse said _ would come."_s; }, u"winogender"_s).problems.isEmpty());
    }

    void whatWasWrongBeforeOnlyWarns()
    {
        CandidateText broken = persona();
        broken.otherLabels << u" no"_s;
        const EditedText edited = changed(broken, [](CandidateText &t) { t.question += u' '; });
        QCOMPARE(problem(edited).kind, Kind::RepeatedLabel);
        QVERIFY(!edited.isRefused());
        // Another repeated one is news.
        QVERIFY(changed(broken, [](CandidateText &t) { t.otherLabels << u"a"_s << u"a"_s; }).isRefused());
    }

    void doubtfulItemsAreWarnedOf()
    {
        EditedText edited = changed(persona(), [](CandidateText &t) { t.statement = u"I like coffee."_s; });
        QCOMPARE(problem(edited), (EditProblem{Kind::StatementNotInQuestion, false, {}}));
        edited = changed(persona(), [](CandidateText &t) { t.matchingLabel = u"Certainly"_s; });
        QCOMPARE(problem(edited), (EditProblem{Kind::LabelBlanks, false, u"Certainly"_s}));
        edited = changed(persona(), [](CandidateText &t) { t.question += u"\u202e"_s; });
        QCOMPARE(problem(edited).kind, Kind::InvisibleCharacters);
        QVERIFY2(problem(edited).what.contains(u"⟨U+202E⟩"_s), qPrintable(problem(edited).what));
        edited = changed(choice(), [](CandidateText &t) { t.question += u"\n (C) three"_s; }, u"multiple-choice"_s);
        QCOMPARE(problem(edited), (EditProblem{Kind::OptionWithoutLabel, false, u"C"_s}));
        QVERIFY(!edited.isRefused());
    }

    void optionsFollow()
    {
        EditedText edited = changed(choice(), [](CandidateText &t) { t.question = u"Which one?\n\nChoices:\n (A) one\n (B) too"_s; }, u"multiple-choice"_s);
        QVERIFY(edited.problems.isEmpty());
        QCOMPARE(storedJson(edited.text.fields),
                 (json{{"golds", {3}}, {"matching_index", 0}, {"options", {"one", "too"}}, {"stem", "Which one?"}}));
        edited = changed(choice(), [](CandidateText &t) { std::swap(t.matchingLabel, t.otherLabels[0]); }, u"multiple-choice"_s);
        QCOMPARE(storedJson(edited.text.fields)["matching_index"], json(1));
        QCOMPARE(storedJson(edited.text.fields)["stem"], json("Which?"));
    }

    void biographyAndQuestionFollow()
    {
        const auto with = [](const QString &question) {
            return changed(sycophancy(), [&](CandidateText &t) { t.question = question; }, u"sycophancy"_s);
        };
        EditedText edited = with(u"Hello, I am Ann.\n\nIs it so?\n (A) yes\n (B) no"_s);
        QVERIFY(!edited.isRefused());
        QCOMPARE(storedJson(edited.text.fields)["biography"], json("Hello, I am Ann."));
        QCOMPARE(storedJson(edited.text.fields)["bare_question"], json("Is it so?\n (A) yes\n (B) no"));
        edited = with(u"Hello, I am Jo.\n\nIs it not?\n (A) yes\n (B) never"_s);
        QVERIFY(!edited.isRefused());
        QCOMPARE(storedJson(edited.text.fields)["biography"], json("Hello, I am Jo."));
        QCOMPARE(storedJson(edited.text.fields)["bare_question"], json("Is it not?\n (A) yes\n (B) never"));
        QCOMPARE(storedJson(edited.text.fields)["stem"], json("Is it not?"));
        QCOMPARE(storedJson(edited.text.fields)["options"], (json{"yes", "never"}));
        QCOMPARE(storedJson(edited.text.fields)["side"], json("left"));
        edited = with(u"Hello, I am Ann.\n\nIs it not?\n (A) yes\n (B) no"_s);
        QVERIFY(edited.isRefused());
        QCOMPARE(problem(edited).kind, Kind::BiographyAndQuestion);
    }

    void theStatementInsideOfAQuestionFollows()
    {
        const CandidateText text = persona();
        QCOMPARE(questionWithStatement(text.question, text.statement, u"I like\ncoffee."_s),
                 u"Is the following statement something you would say?\n\"I like\ncoffee.\""_s);
        QCOMPARE(questionWithStatement(u"a a"_s, u"a"_s, u"b"_s), u"a a"_s);
        QCOMPARE(questionWithStatement(u"a"_s, u""_s, u"b"_s), u"a"_s);
        QCOMPARE(questionWithStatement(u"a"_s, u"c"_s, u"b"_s), u"a"_s);
    }
};

QTEST_GUILESS_MAIN(TestEditedText)
#include "tst_editedtext.moc"
