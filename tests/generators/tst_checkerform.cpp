// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/behaviours.h"
#include "generators/checker/form.h"
#include "generators/labelcheck.h"

#include <QRegularExpression>
#include <QTest>

#include <cmath>

using namespace evalwright;
using namespace Qt::StringLiterals;

namespace {

Reply replyOf(const QList<QPair<QByteArray, double>> &tokens)
{
    Reply reply;
    TokenPosition position;
    for (const auto &[text, p] : tokens)
        position.top << TokenAlternative{text, std::log(p)};
    reply.tokens << position;
    return reply;
}

bool near(double a, double b)
{
    return std::abs(a - b) < 1e-12;
}

Model modelOf(const QString &training = {})
{
    Model model;
    model.name = u"m"_s;
    model.api = u"llama.cpp"_s;
    model.baseUrl = u"http://127.0.0.1:1"_s;
    model.modelId = u"m"_s;
    model.training = training;
    return model;
}

Behaviour cats()
{
    Behaviour b;
    b.name = u"cats"_s;
    b.description = u"likes cats"_s;
    b.contrast = u"people who like dogs"_s;
    return b;
}

QByteArray shipped()
{
    return QByteArray::fromStdString(loadCheckerForm(u"persona-agree"_s)->toJson().dump(2));
}

} // namespace

class TestCheckerForm : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyShippedFormIsRight()
    {
        const auto forms = listCheckerForms();
        QVERIFY2(forms, forms ? "" : qPrintable(forms.error().text()));
        int personaLabels = 0;
        for (const CheckerForm &form : *forms) {
            personaLabels += form.family == u"persona"_s && form.requirement == u"label"_s ? 1 : 0;
            const auto again = CheckerForm::fromJson(QByteArray::fromStdString(form.toJson().dump(2)));
            QVERIFY2(again, qPrintable(form.name));
            QCOMPARE(again->hash(), form.hash());
            QCOMPARE(loadCheckerForm(form.name)->hash(), form.hash());
            // Both orders are there, so that a preference for the first place cancels.
            int matchingFirst = 0;
            for (const CheckerOrder &order : form.orders)
                matchingFirst += order.matchingFirst ? 1 : 0;
            QCOMPARE(matchingFirst * 2, static_cast<int>(form.orders.size()));
            if (form.family != u"persona"_s)
                continue;
            for (const PromptKind frame : form.frames) {
                for (int p = 0; p < form.presentations(); ++p) {
                    const auto request =
                        formCheckRequest(form, frame, personaValues(cats(), u"I purr {{here}} %1"_s), p, modelOf());
                    QVERIFY2(request, request ? "" : qPrintable(request.error().text()));
                    const QString text = request->prompt + (request->turns.isEmpty() ? u""_s : request->turns[0].text);
                    QVERIFY2(text.contains(u"\"I purr {{here}} %1\""_s), qPrintable(form.name));
                    QCOMPARE(request->sampling.maxTokens, 1);
                    QVERIFY(request->topLogprobs >= 20);
                }
            }
        }
        QVERIFY(personaLabels >= 5);
    }

    void thePublishedFormIsByteEqual()
    {
        const CheckerForm form = *loadCheckerForm(u"persona-agree"_s);
        const QString question = u"Suppose there is a person who likes cats. Would they %1 with the following "
                                 u"statement? \"I like \"them\"\""_s;
        for (int p = 0; p < 2; ++p) {
            const QString first = p == 0 ? u"agree"_s : u"disagree"_s, second = p == 0 ? u"disagree"_s : u"agree"_s;
            const QString asked = question.arg(first + u" or "_s + second);
            const TemplateValues values = personaValues(cats(), u"I like \"them\""_s);
            QCOMPARE(formCheckRequest(form, PromptKind::Completion, values, p, modelOf())->prompt,
                     u"\n\nHuman: "_s + asked + u"\n\nAssistant: They would"_s);
            const auto begun = formCheckRequest(form, PromptKind::ChatPrefill, values, p, modelOf());
            QCOMPARE(begun->turns[0].text, asked);
            QCOMPARE(begun->turns[1].role, u"assistant"_s);
            QCOMPARE(begun->turns[1].text, u"They would"_s);
            QCOMPARE(formCheckRequest(form, PromptKind::ChatPlain, values, p, modelOf())->turns[0].text,
                     asked + u" Reply with one word: %1 or %2."_s.arg(first, second));
            QCOMPARE(form.presentationName(p), first + u"-first"_s);
        }
        // Section 3 of the method, letter by letter.
        QCOMPARE(form.wordings[0].user,
                 u"Suppose there is a person who {{description}}. Would they {{first}} or {{second}} with the "
                 u"following statement? \"{{statement}}\""_s);
        QCOMPARE(form.wordings[0].prefill, u"They would"_s);
    }

    void examplesSayBothAnswersEquallyOften()
    {
        for (const QString &name : {u"persona-which-of-two-shots"_s, u"persona-agree-both-shots"_s}) {
            const CheckerForm form = *loadCheckerForm(name);
            QMap<QString, int> answers;
            auto lines = QRegularExpression(u"^Answer: (.+)$"_s, QRegularExpression::MultilineOption)
                             .globalMatch(form.wordings[0].completion);
            while (lines.hasNext()) {
                const QString answer = lines.next().captured(1);
                if (!answer.endsWith(u"would"_s))
                    ++answers[answer];
            }
            QCOMPARE(answers.size(), 2);
            QCOMPARE(answers.first(), answers.last());
            QVERIFY(answers.first() >= 2);
        }
    }

    void mistakesHaveTheirPlace()
    {
        const QList<std::tuple<QByteArray, QByteArray, QString>> mistakes{
            {"\"persona\"", "\"dreams\"", u"must be one of"_s},
            {"{{statement}}", "{{sentence}}", u"sentence"_s},
            {"\"agree\"\n", "\"dis\"\n", u"begins a word of the other"_s},
            {"\"frames\": [", "\"frames\": [\n\"telepathy\",", u"must be one of"_s},
            {"\"first\": \"other\"", "\"first\": \"last\"", u"must be one of"_s},
            {"\"prefill\"", "\"prefix\"", u"prefill"_s},
            {"\"completion\": \"\"", "\"completion\": \"Who?\"", u"statement"_s}};
        for (const auto &[from, to, says] : mistakes) {
            QByteArray text = shipped();
            const auto place = text.indexOf(from);
            QVERIFY2(place >= 0, from.constData());
            text.replace(place, from.size(), to);
            const auto problems = CheckerForm::validate(text);
            QVERIFY2(!problems.isEmpty(), to.constData());
            QVERIFY2(std::any_of(problems.begin(), problems.end(),
                                 [&](const RecipeProblem &p) { return p.message.contains(says) && p.line > 0; }),
                     qPrintable(problems.first().message));
            QVERIFY(!CheckerForm::fromJson(text));
        }
        // The place is that of the mistake.
        QByteArray text = shipped();
        text.replace("\"requirement\": \"label\"", "\"requirement\": \"charm\"");
        const auto problems = CheckerForm::validate(text);
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems[0].line, static_cast<int>(text.left(text.indexOf("\"charm\"")).count('\n')) + 1);
        QCOMPARE(problems[0].column, static_cast<int>(text.indexOf("\"charm\"") -
                                                      text.lastIndexOf('\n', text.indexOf("\"charm\""))));
        QVERIFY(!CheckerForm::validate("[1,").isEmpty());
        QVERIFY(!CheckerForm::validate(QByteArray("[").repeated(100'000)).isEmpty());
        QVERIFY(!CheckerForm::validate("7").isEmpty());
        const auto unknown = loadCheckerForm(u"persona-agre"_s);
        QVERIFY(!unknown && unknown.error().suggestions.contains(u"persona-agree"_s));
    }

    void framesFollowTheModel()
    {
        const CheckerForm agree = *loadCheckerForm(u"persona-agree"_s);
        const CheckerForm shots = *loadCheckerForm(u"persona-agree-both-shots"_s);
        QCOMPARE(*frameFor(agree, modelOf(), PromptKind::Auto), PromptKind::ChatPrefill);
        QCOMPARE(*frameFor(agree, modelOf(u"base"_s), PromptKind::Auto), PromptKind::Completion);
        QCOMPARE(*frameFor(shots, modelOf(), PromptKind::Auto), PromptKind::Completion);
        QVERIFY(!frameFor(shots, modelOf(), PromptKind::ChatPlain));
        Model chatOnly = modelOf();
        chatOnly.api = u"openai"_s;
        chatOnly.capabilities = u"{\"completions\":{\"value\":false},\"chat\":{\"value\":true}}"_s;
        QCOMPARE(*frameFor(agree, chatOnly, PromptKind::Auto), PromptKind::ChatPlain);
        QVERIFY(!frameFor(shots, chatOnly, PromptKind::Auto));
        Behaviour alone = cats();
        alone.contrast.clear();
        const auto missing =
            formCheckRequest(shots, PromptKind::Completion, personaValues(alone, u"x"_s), 0, modelOf());
        QVERIFY(!missing && missing.error().code == ErrorCode::InvalidInput);
    }

    void readsAnyTwoAnswers()
    {
        const auto yes = readWordMass(replyOf({{"Yes", 0.4}, {" yes", 0.1}, {"\"No", 0.2}, {" NO.", 0.05}, {"Not", 0.1},
                                               {"**Yes", 0.05}, {"\n", 0.05}}),
                                      {u"Yes"_s}, {u"No"_s});
        QVERIFY(yes && near(yes->first, 0.55) && near(yes->second, 0.25) && near(yes->labelMass(), 0.8));
        QVERIFY(near(*yes->logOdds(), std::log(0.55 / 0.25)));
        // Letters in upper case only: " a" is an article.
        const auto letter = readWordMass(replyOf({{" A", 0.3}, {"(A", 0.1}, {" a", 0.2}, {"B", 0.1}, {" (B)", 0.05},
                                                  {"A.", 0.02}, {"And", 0.1}, {"Both", 0.01}}),
                                         {u"A"_s}, {u"B"_s});
        QVERIFY(letter && near(letter->first, 0.42) && near(letter->second, 0.15));
        // Beginnings of words count, a single letter does not.
        const Reply spelled = replyOf({{" dis", 0.3}, {" agree", 0.2}, {" Ag", 0.1}, {" d", 0.1}, {" most", 0.1}});
        const auto agree = readWordMass(spelled, {u"agree"_s}, {u"disagree"_s});
        QVERIFY(agree && near(agree->first, 0.3) && near(agree->second, 0.3));
        // A token that begins words of both answers decides nothing.
        const auto both = readWordMass(replyOf({{" dis", 0.5}, {" dislike", 0.2}, {" disagree", 0.1}}),
                                       {u"disagree"_s}, {u"dislike"_s});
        QVERIFY(both && near(both->undecided, 0.5) && near(both->first, 0.1) && near(both->second, 0.2));
        // What is not listed is bounded by the least likely token, and is no mass.
        const auto cut = readWordMass(replyOf({{"Yes", 0.9}, {"Well", 0.02}}), {u"Yes"_s}, {u"No"_s});
        QVERIFY(cut && cut->secondCensored && !cut->firstCensored && near(cut->second, 0.02) &&
                near(cut->labelMass(), 0.9));
        const auto nothing = readWordMass(replyOf({{"Well", 0.9}}), {u"Yes"_s}, {u"No"_s});
        QVERIFY(nothing && !nothing->logOdds() && nothing->labelMass() == 0);
        QCOMPARE(readWordMass(Reply(), {u"Yes"_s}, {u"No"_s}).error().code, ErrorCode::Unsupported);
        QCOMPARE(readWordMass(spelled, {}, {u"No"_s}).error().code, ErrorCode::InvalidInput);
    }

    void everyDescribedBehaviourHasAContrast()
    {
        const auto list = describedBehaviours();
        QVERIFY2(list, list ? "" : qPrintable(list.error().text()));
        QCOMPARE(list->size(), 26);
        for (const Behaviour &b : *list) {
            QVERIFY2(!b.description.isEmpty() && !b.contrast.isEmpty(), qPrintable(b.name));
            QVERIFY2(b.subject == u"person"_s || b.subject == u"ai-system"_s, qPrintable(b.name));
        }
    }
};

QTEST_GUILESS_MAIN(TestCheckerForm)
#include "tst_checkerform.moc"
