// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/checker/knownlabels.h"

#include "core/foreignjson.h"
#include "core/optionparser.h"
#include "core/statistics/random.h"
#include "generators/checker/behaviours.h"
#include "core/jsontexts.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// `count` of them by a seeded shuffle; the head of a file is often its most certain part.
QList<KnownItem> sampleOf(const QList<KnownItem> &items, qsizetype count, qint64 seed, const QString &stream)
{
    const auto order = statistics::shuffle(static_cast<std::uint64_t>(seed), stream.toStdString(),
                                           static_cast<std::size_t>(items.size()));
    QList<KnownItem> out;
    for (qsizetype i = 0; i < std::min(count, items.size()); ++i)
        out << items[static_cast<qsizetype>(order[static_cast<std::size_t>(i)])];
    return out;
}

/// A label is known when it came with an import or a person decided; what a writer was asked for is a wish.
Result<QList<Candidate>> knownItems(Connection &connection, DatasetId dataset)
{
    QList<Candidate> known;
    EVALWRIGHT_ASSIGN(const QList<CandidateRow> rows, allCandidates(connection, dataset));
    for (const CandidateRow &row : rows) {
        const bool is = row.candidate.importSourceId.isValid() || (row.decision && row.decision->actor == "person"_L1);
        if (row.decision && row.decision->keep && is)
            known << row.candidate;
    }
    return known;
}

Error tooFew(const QString &dataset, qsizetype yes, const QString &what, qsizetype no, const QString &other)
{
    return Error(ErrorCode::InvalidInput,
                 u"“%1” has %2 items %3 and %4 %5; two of each are the least."_s.arg(dataset)
                     .arg(yes)
                     .arg(what)
                     .arg(no)
                     .arg(other),
                 u"Import labelled items, or decide about some by hand."_s)
        .withConsequence(u"Nothing was sent."_s);
}

/// Half of each kind, alternating.
QList<KnownItem> balanced(const QList<KnownItem> &yes, const QList<KnownItem> &no, qsizetype each, qint64 seed,
                          const QString &stream)
{
    const QList<KnownItem> first = sampleOf(yes, each, seed, stream + u"/yes"_s);
    const QList<KnownItem> second = sampleOf(no, each, seed, stream + u"/no"_s);
    QList<KnownItem> out;
    for (qsizetype i = 0; i < each; ++i)
        out << first[i] << second[i];
    return out;
}

Result<QList<KnownItem>> personaLabels(const KnownSet &set, const QList<Candidate> &known, qint64 items, qint64 seed)
{
    QList<KnownItem> yes, no;
    for (const Candidate &item : known) {
        if (item.statement.trimmed().isEmpty())
            continue;
        const TemplateValues values{{u"statement"_s, item.statement}};
        if (item.matchingLabel == " Yes"_L1)
            yes << KnownItem{item.id, values, true};
        else if (item.matchingLabel == " No"_L1)
            no << KnownItem{item.id, values, false};
    }
    const qsizetype each = std::min({static_cast<qsizetype>(items / 2), yes.size(), no.size()});
    if (each < 2)
        return failure(tooFew(set.dataset.name, yes.size(), u"of the known label Yes"_s, no.size(), u"of No"_s));
    return balanced(yes, no, each, seed, u"checker/items/"_s + set.dataset.name);
}

struct Choice
{
    CandidateId id;
    ChoiceTexts texts;
};

QList<Choice> choicesOf(const QList<Candidate> &known)
{
    QList<Choice> choices;
    for (const Candidate &item : known) {
        if (const auto texts = choiceTexts(item))
            choices << Choice{item.id, *texts};
    }
    return choices;
}

/// Asked about an option: of the drawn ones every second time about the one that does not show the behaviour, so that
/// there is something to tell apart. No item is asked about twice.
Result<QList<KnownItem>> choiceLabels(const KnownSet &set, const QList<Choice> &choices, qint64 items, qint64 seed)
{
    const qsizetype each = std::min(static_cast<qsizetype>(items / 2), choices.size() / 2);
    if (each < 2)
        return failure(tooFew(set.dataset.name, choices.size() / 2, u"of two options to ask about the one"_s,
                              choices.size() / 2, u"to ask about the other"_s));
    QList<KnownItem> all;
    for (const Choice &choice : choices)
        all << KnownItem{choice.id, {{u"stem"_s, choice.texts.stem}}, false};
    QHash<CandidateId, const ChoiceTexts *> texts;
    for (const Choice &choice : choices)
        texts.insert(choice.id, &choice.texts);
    QList<KnownItem> drawn = sampleOf(all, 2 * each, seed, u"checker/items/"_s + set.dataset.name);
    for (qsizetype i = 0; i < drawn.size(); ++i) {
        const ChoiceTexts &of = *texts.value(drawn[i].id);
        drawn[i].positive = i % 2 == 0;
        const int asked = drawn[i].positive ? of.matching : 1 - of.matching;
        drawn[i].values.insert(u"matching_option"_s, of.options.value(asked));
        drawn[i].values.insert(u"other_option"_s, of.options.value(1 - asked));
    }
    return drawn;
}

QList<KnownItem> stems(const QList<Choice> &choices, bool positive)
{
    QList<KnownItem> items;
    for (const Choice &choice : choices) {
        items << KnownItem{choice.id,
                           {{u"stem"_s, choice.texts.stem},
                            {u"matching_option"_s, choice.texts.options.value(choice.texts.matching)},
                            {u"other_option"_s, choice.texts.options.value(1 - choice.texts.matching)}},
                           positive};
    }
    return items;
}

Result<QList<KnownItem>> relevanceLabels(Connection &connection, const KnownSet &set, const QString &against,
                                         const QList<Choice> &choices, qint64 items, qint64 seed)
{
    EVALWRIGHT_ASSIGN(const Dataset other, datasetByName(connection, against));
    if (other.id == set.dataset.id || other.family != set.dataset.family) {
        return failure(Error(ErrorCode::InvalidInput,
                             u"“%1” cannot be set against “%2”."_s.arg(against, set.dataset.name),
                             u"Take a multiple-choice data set about another behaviour: its questions are what is not "
                             u"relevant."_s)
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const QList<Candidate> theirs, knownItems(connection, other.id));
    const QList<KnownItem> yes = stems(choices, true), no = stems(choicesOf(theirs), false);
    const qsizetype each = std::min({static_cast<qsizetype>(items / 2), yes.size(), no.size()});
    if (each < 2)
        return failure(tooFew(set.dataset.name, yes.size(), u"that are relevant"_s, no.size(), u"that are not"_s));
    return balanced(yes, no, each, seed, u"checker/relevance/%1/%2"_s.arg(set.dataset.name, other.name));
}

/// What the data set's own recipe says of it.
Result<QString> storedTopic(Connection &connection, const Dataset &dataset)
{
    if (!dataset.recipeId.isValid())
        return QString();
    EVALWRIGHT_ASSIGN(const RecipeRecord record, recipeById(connection, dataset.recipeId));
    EVALWRIGHT_ASSIGN(const Recipe recipe, Recipe::fromJson(record.json.toUtf8(), u"The data set's recipe"_s));
    return recipe.values.value(u"topic"_s);
}

} // namespace

TemplateValues KnownSet::valuesOf(const KnownItem &item) const
{
    TemplateValues values = personaValues(behaviour, {});
    if (dataset.family != "persona"_L1)
        values.remove(u"statement"_s);
    values.insert(u"topic"_s, topic);
    values.insert(item.values);
    return values;
}

std::optional<ChoiceTexts> choiceTexts(const Candidate &candidate)
{
    const json fields = storedJson(candidate.fields);
    ChoiceTexts texts;
    if (fields.is_object() && fields.contains("options") && fields.contains("matching_index") &&
        fields.at("matching_index").is_number_integer() && fields.at("options").is_array() &&
        std::ranges::all_of(fields.at("options"), [](const json &o) { return o.is_string(); }) &&
        fields.contains("stem") && fields.at("stem").is_string()) {
        texts.stem = QString::fromStdString(fields.at("stem").get<std::string>());
        texts.options = textsFromJson(fields.at("options"));
        texts.matching = fields.at("matching_index").get<int>();
    } else {
        const ParsedOptions parsed = parseOptions(candidate.question);
        if (!parsed.isOk())
            return std::nullopt;
        texts.stem = parsed.stem;
        for (const QuestionOption &option : parsed.options)
            texts.options << option.text;
        texts.matching = optionIndex(parsed, candidate.matchingLabel);
    }
    if (texts.options.size() != 2 || texts.matching < 0 || texts.matching > 1 || texts.stem.trimmed().isEmpty())
        return std::nullopt;
    return texts;
}

QString topicOf(const Behaviour &behaviour)
{
    return u"it "_s + behaviour.description;
}

Result<KnownSet> openKnownSet(Connection &connection, const CheckerTrialSpec::Set &wanted, qint64 items, qint64 seed)
{
    KnownSet set;
    EVALWRIGHT_ASSIGN(set.dataset, datasetByName(connection, wanted.dataset));
    set.behaviour = wanted.behaviour;
    if (set.behaviour.description.trimmed().isEmpty()) {
        EVALWRIGHT_ASSIGN(set.behaviour, behaviourOf(connection, set.dataset));
    }
    const bool choice = set.dataset.family == "multiple-choice"_L1;
    if (!choice && set.dataset.family != "persona"_L1) {
        return failure(Error(ErrorCode::Unsupported,
                             u"“%1” is of the family “%2”; checkers are tried on persona statements and on "
                             u"multiple-choice questions."_s.arg(set.dataset.name, set.dataset.family))
                           .withConsequence(u"Nothing was sent."_s));
    }
    EVALWRIGHT_ASSIGN(const QList<Candidate> known, knownItems(connection, set.dataset.id));
    if (!choice) {
        if (!wanted.against.isEmpty()) {
            return failure(Error(ErrorCode::InvalidInput,
                                 u"“%1” is set against another data set, which tells what is relevant: that is asked of "
                                 u"multiple-choice questions only."_s.arg(set.dataset.name))
                               .withConsequence(u"Nothing was sent."_s));
        }
        EVALWRIGHT_ASSIGN(set.label, personaLabels(set, known, items, seed));
        return set;
    }
    set.topic = wanted.topic;
    if (set.topic.isEmpty()) {
        EVALWRIGHT_ASSIGN(set.topic, storedTopic(connection, set.dataset));
    }
    if (set.topic.isEmpty())
        set.topic = topicOf(set.behaviour);
    const QList<Choice> choices = choicesOf(known);
    EVALWRIGHT_ASSIGN(set.label, choiceLabels(set, choices, items, seed));
    if (!wanted.against.isEmpty()) {
        EVALWRIGHT_ASSIGN(set.relevance,
                          relevanceLabels(connection, set, wanted.against, choices, items, seed));
    }
    return set;
}

} // namespace evalwright
