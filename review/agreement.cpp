// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/agreement.h"

#include "core/statistics/dawidskene.h"
#include "core/statistics/kappa.h"
#include "core/statistics/krippendorff.h"
#include "core/statistics/numerics.h"
#include "core/statistics/proportions.h"
#include "core/statistics/ratings.h"
#include "review/agreementparts.h"
#include "review/reviewplan.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <cmath>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using namespace parts;

namespace {

constexpr std::size_t mostCells = 50'000'000; ///< Items × raters that a table of every rater may have: 400 MB.

/// Judgements of drawn items that are counted: no gold items, second showings, skipped, broken or edited ones.
class Counted
{
public:
    Counted(const Judged &judged, const AgreementSettings &settings) : m_judged(judged)
    {
        for (const JudgedAnswer &answer : judged.answers) {
            if (answer.isRepeat || answer.isSkipped || answer.isBroken ||
                (answer.isChanged && !settings.includeChanged) ||
                judged.items[static_cast<size_t>(answer.item)].isGold)
                continue;
            answers.push_back(&answer);
        }
    }
    std::vector<const JudgedAnswer *> answers; ///< By item, rater.

    /// items × the largest number of ratings of an item: who rated does not matter for it.
    struct Table
    {
        std::vector<statistics::Rating> codes;
        std::vector<qint32> items; ///< Of each row.
        std::size_t width = 0;
        qint64 ratings = 0;
        std::vector<qint64> counts;
        statistics::RatingTable table(std::size_t categories) const { return {codes, width, categories}; }
    };
    Table packed(qsizetype question) const
    {
        Table made;
        made.counts.resize(static_cast<size_t>(m_judged.questions.at(question).categories.size()));
        std::vector<std::vector<qint16>> rows;
        for (const JudgedAnswer *answer : answers) {
            const qint16 code = answer->codes[static_cast<size_t>(question)];
            if (code < 0)
                continue;
            if (made.items.empty() || made.items.back() != answer->item) {
                made.items.push_back(answer->item);
                rows.emplace_back();
            }
            rows.back().push_back(code);
            made.width = std::max(made.width, rows.back().size());
            ++made.ratings;
            ++made.counts[static_cast<size_t>(code)];
        }
        made.codes.resize(rows.size() * made.width);
        for (size_t i = 0; i < rows.size(); ++i) {
            for (size_t k = 0; k < rows[i].size(); ++k)
                made.codes[i * made.width + k] = static_cast<std::uint32_t>(rows[i][k]);
        }
        return made;
    }
    /// items × raters; empty when that would be too large.
    Table full(qsizetype question) const
    {
        Table made = packed(question);
        const auto raters = static_cast<size_t>(m_judged.raters.size());
        if (made.items.size() * raters > mostCells)
            return {};
        made.width = raters;
        made.codes.assign(made.items.size() * raters, std::nullopt);
        size_t row = 0;
        for (const JudgedAnswer *answer : answers) {
            const qint16 code = answer->codes[static_cast<size_t>(question)];
            if (code < 0)
                continue;
            while (made.items[row] != answer->item)
                ++row;
            made.codes[row * raters + static_cast<size_t>(answer->rater)] = static_cast<std::uint32_t>(code);
        }
        return made;
    }

private:
    const Judged &m_judged;
};

/// No interval is as narrow as that: where all ratings agree the formulas see no spread, and know nothing of it.
Estimated withSpread(double value, const std::optional<double> &low, const std::optional<double> &high)
{
    Estimated made{value, low, high, {}};
    if (low && high && !(*low < *high)) {
        made.low = made.high = std::nullopt;
        made.reason = u"no two ratings of an item differ, so nothing is known of the spread"_s;
    }
    return made;
}

template <class Found>
Estimated estimated(const Found &found)
{
    return found ? withSpread(found->value, found->low, found->high) : Estimated{{}, {}, {}, reasonOf(found.error())};
}

Estimated alphaOf(const Counted::Table &table, statistics::AlphaLevel level, const AgreementSettings &settings,
                  const CancellationToken &token)
{
    std::vector<std::optional<double>> values(table.codes.size());
    for (size_t i = 0; i < values.size(); ++i) {
        if (table.codes[i])
            values[i] = static_cast<double>(*table.codes[i]);
    }
    if (!settings.intervals) {
        const auto alone = statistics::krippendorffAlpha(values, table.width, level);
        return alone ? Estimated{alone->value, {}, {}, {}} : Estimated{{}, {}, {}, reasonOf(alone.error())};
    }
    statistics::ResamplingSettings resampling;
    resampling.replicates = settings.replicates;
    resampling.seed = settings.seed;
    resampling.token = token;
    Estimated made = estimated(statistics::krippendorffAlphaBootstrap(values, table.width, level, {}, resampling));
    if (!made.value) { // Of a single item there is a value without an interval.
        if (const auto alone = statistics::krippendorffAlpha(values, table.width, level))
            made.value = alone->value;
    }
    return made;
}

/// Of the two raters who rated, where there are just two.
Estimated cohenOf(const Counted &counted, qsizetype question, std::size_t categories)
{
    std::vector<qint32> raters;
    for (const JudgedAnswer *answer : counted.answers) {
        if (answer->codes[static_cast<size_t>(question)] >= 0 && std::ranges::find(raters, answer->rater) == raters.end())
            raters.push_back(answer->rater);
        if (raters.size() > 2)
            break;
    }
    Estimated made;
    if (raters.size() != 2) {
        made.reason = u"Cohen's kappa is of two raters; see Fleiss' kappa"_s;
        return made;
    }
    std::ranges::sort(raters);
    std::vector<statistics::Rating> first, second;
    qint32 item = -1;
    for (const JudgedAnswer *answer : counted.answers) {
        const qint16 code = answer->codes[static_cast<size_t>(question)];
        if (code < 0)
            continue;
        if (answer->item != item) {
            first.emplace_back();
            second.emplace_back();
            item = answer->item;
        }
        (answer->rater == raters[0] ? first : second).back() = static_cast<std::uint32_t>(code);
    }
    const auto found = statistics::cohenKappa(first, second, categories);
    if (!found) {
        made.reason = reasonOf(found.error());
        return made;
    }
    return withSpread(found->kappa, found->low, found->high);
}

QuestionAgreement agreementOn(const Judged &judged, const Counted &counted, qsizetype place,
                              const AgreementSettings &settings, const CancellationToken &token)
{
    const JudgedQuestion &question = judged.questions.at(place);
    QuestionAgreement made;
    made.question = question.id;
    made.kind = questionKindName(question.kind);
    made.categories = question.categories;
    const Counted::Table table = counted.packed(place);
    made.items = static_cast<qint64>(table.items.size());
    made.ratings = table.ratings;
    made.counts = table.counts;
    const auto categories = static_cast<size_t>(question.categories.size());
    const auto fleiss = statistics::fleissKappa(table.table(categories));
    made.fleiss = estimated(fleiss);
    const auto ac1 = statistics::gwetAc1(table.table(categories));
    made.ac1 = estimated(ac1);
    if (ac1) { // Defined also where raters used one category only.
        made.percent = ac1->percent;
        made.itemsWithTwo = ac1->itemsWithTwo;
    }
    made.cohen = cohenOf(counted, place, categories);
    made.alpha = alphaOf(table, statistics::AlphaLevel::Nominal, settings, token);
    if (question.kind == QuestionKind::Scale)
        made.ordinal = alphaOf(table, statistics::AlphaLevel::Ordinal, settings, token);
    return made;
}

QList<RaterQuality> raterQualities(const Judged &judged, const Counted &counted, const AgreementSettings &settings)
{
    QList<RaterQuality> all(judged.raters.size());
    std::vector<std::vector<double>> seconds(static_cast<size_t>(judged.raters.size()));
    struct Showing
    {
        qint16 first = -1, second = -1;
    };
    QHash<std::pair<qint32, qint32>, Showing> shown; // By rater, item.
    std::vector<std::int64_t> goldRight(static_cast<size_t>(judged.raters.size()));
    const qsizetype label = judged.labelQuestion;
    for (const JudgedAnswer &answer : judged.answers) {
        RaterQuality &rater = all[answer.rater];
        ++rater.judgements;
        rater.skipped += answer.isSkipped ? 1 : 0;
        rater.broken += answer.isBroken ? 1 : 0;
        if (answer.isSkipped || answer.isBroken)
            continue;
        ++rater.submitted;
        if (answer.secondsActive > 0) // Other tools need not say.
            seconds[static_cast<size_t>(answer.rater)].push_back(static_cast<double>(answer.secondsActive));
        if (label < 0 || answer.isChanged)
            continue;
        const qint16 code = answer.codes[static_cast<size_t>(label)];
        const JudgedItem &item = judged.items[static_cast<size_t>(answer.item)];
        if (item.isGold && !answer.isRepeat && item.gold[static_cast<size_t>(label)] >= 0) {
            ++rater.goldAsked;
            goldRight[static_cast<size_t>(answer.rater)] += code == item.gold[static_cast<size_t>(label)] ? 1 : 0;
        }
        Showing &showing = shown[{answer.rater, answer.item}];
        (answer.isRepeat ? showing.second : showing.first) = code;
    }
    for (auto it = shown.cbegin(); it != shown.cend(); ++it) {
        if (it->first < 0 || it->second < 0)
            continue;
        ++all[it.key().first].repeated;
        all[it.key().first].same += it->first == it->second ? 1 : 0;
    }
    std::vector<statistics::RaterRow> rows;
    if (label >= 0) {
        const Counted::Table table = counted.full(label);
        const auto categories = static_cast<size_t>(judged.questions.at(label).categories.size());
        if (!table.items.empty()) {
            if (auto found = statistics::raterTable(table.table(categories)))
                rows = std::move(*found);
        }
    }
    for (qsizetype i = 0; i < all.size(); ++i) {
        RaterQuality &rater = all[i];
        const auto at = static_cast<size_t>(i);
        rater.code = judged.raters.at(i);
        if (const auto median = statistics::quantile(seconds[at], std::array{0.5}))
            rater.medianSeconds = median->front();
        if (at < rows.size()) {
            rater.compared = rows[at].n;
            rater.confusion = rows[at].confusion;
            rater.accuracy = {rows[at].accuracy, rows[at].low, rows[at].high, {}};
        }
        if (!rater.accuracy.value)
            rater.accuracy.reason = u"no item with a majority of the other raters"_s;
        rater.gold = shareOf(goldRight[at], rater.goldAsked, u"no gold item was rated"_s);
        rater.isFlagged = settings.goldLimit && rater.gold.value && *rater.gold.value < *settings.goldLimit;
    }
    return all;
}

/// Votes of every item that somebody judged, gold items left out.
QList<ItemVerdict> verdictsOf(const Judged &judged, const Counted &counted, const AgreementSettings &settings)
{
    const qsizetype label = judged.labelQuestion;
    const QStringList categories = label < 0 ? QStringList() : judged.questions.at(label).categories;
    QMap<qint32, ItemVerdict> byItem;
    for (const JudgedAnswer &answer : judged.answers) {
        const JudgedItem &item = judged.items[static_cast<size_t>(answer.item)];
        if (item.isGold || answer.isRepeat || (answer.isChanged && !settings.includeChanged))
            continue;
        ItemVerdict &verdict = byItem[answer.item];
        verdict.skipped += answer.isSkipped ? 1 : 0;
        verdict.broken += answer.isBroken ? 1 : 0;
    }
    for (auto it = byItem.begin(); it != byItem.end(); ++it) {
        const JudgedItem &item = judged.items[static_cast<size_t>(it.key())];
        it->candidate = item.candidate;
        it->uuid = item.uuid;
        it->votes.resize(static_cast<size_t>(categories.size()));
        it->label = item.label < 0 ? QString() : categories.value(item.label);
        it->adjudicated = item.adjudicated;
    }
    for (const JudgedAnswer *answer : counted.answers) {
        const qint16 code = label < 0 ? qint16(-1) : answer->codes[static_cast<size_t>(label)];
        if (code >= 0)
            ++byItem[answer->item].votes[static_cast<size_t>(code)];
    }
    for (ItemVerdict &verdict : byItem) {
        int all = 0, most = 0, times = 0;
        size_t best = 0;
        for (size_t k = 0; k < verdict.votes.size(); ++k) {
            all += verdict.votes[k];
            if (verdict.votes[k] > most) {
                most = verdict.votes[k];
                times = 0;
                best = k;
            }
            times += verdict.votes[k] == most && most > 0 ? 1 : 0;
        }
        if (times == 1)
            verdict.majority = categories.at(static_cast<qsizetype>(best));
        verdict.dispute = all > 0 ? 1 - static_cast<double>(most) / all : 0;
    }
    return byItem.values();
}

void addDawidSkene(const Judged &judged, const Counted &counted, Agreement &made, const CancellationToken &token)
{
    const qsizetype label = judged.labelQuestion;
    if (label < 0) {
        made.dawidSkeneReason = u"the questionnaire does not ask about the label"_s;
        return;
    }
    const Counted::Table table = counted.full(label);
    const auto categories = static_cast<size_t>(judged.questions.at(label).categories.size());
    if (table.items.empty()) {
        made.dawidSkeneReason = counted.answers.empty() ? u"nobody has rated an item"_s
                                                        : u"there are too many items and raters for one table"_s;
        return;
    }
    const auto found = statistics::dawidSkene(table.table(categories), token);
    if (!found) {
        made.dawidSkeneReason = reasonOf(found.error());
        return;
    }
    QHash<qint64, size_t> rows;
    for (size_t row = 0; row < table.items.size(); ++row)
        rows.insert(judged.items[static_cast<size_t>(table.items[row])].candidate, row);
    for (ItemVerdict &verdict : made.verdicts) {
        const auto row = rows.constFind(verdict.candidate);
        if (row == rows.constEnd() || !found->label[*row])
            continue;
        verdict.dawidSkene = made.categories.at(static_cast<qsizetype>(*found->label[*row]));
        verdict.posterior = found->posterior[*row * categories + *found->label[*row]];
    }
    for (qsizetype i = 0; i < made.perRater.size(); ++i) {
        if (made.perRater.at(i).submitted == 0)
            continue;
        const auto begin = found->confusion.begin() + static_cast<std::ptrdiff_t>(static_cast<size_t>(i) * categories * categories);
        made.perRater[i].skill.assign(begin, begin + static_cast<std::ptrdiff_t>(categories * categories));
    }
}

} // namespace

Agreement agreementOf(const Judged &judged, const AgreementSettings &settings, const CancellationToken &token)
{
    Agreement made;
    made.review = judged.review;
    made.judgements = static_cast<qint64>(judged.answers.size());
    if (judged.labelQuestion >= 0) {
        made.labelQuestion = judged.questions.at(judged.labelQuestion).id;
        made.categories = judged.questions.at(judged.labelQuestion).categories;
    }
    const Counted counted(judged, settings);
    for (const JudgedAnswer &answer : judged.answers)
        made.changed += answer.isChanged ? 1 : 0;
    for (qsizetype place = 0; place < judged.questions.size(); ++place)
        made.questions << agreementOn(judged, counted, place, settings, token);
    made.perRater = raterQualities(judged, counted, settings);
    made.raters = std::ranges::count_if(made.perRater, [](const RaterQuality &one) { return one.judgements > 0; });
    made.verdicts = verdictsOf(judged, counted, settings);
    made.items = made.verdicts.size();
    if (settings.intervals)
        addDawidSkene(judged, counted, made, token);
    else
        made.dawidSkeneReason = u"not asked for"_s;
    made.label = againstPeople(judged, made);
    return made;
}

Result<ReadAgreement> readAgreement(Connection &connection, const Review &review, AgreementSettings settings,
                                    const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const ReviewPlan plan, ReviewPlan::fromText(review.plan));
    settings.goldLimit = plan.goldLimit;
    ReadAgreement made;
    EVALWRIGHT_ASSIGN(made.judged, readJudged(connection, review, token));
    made.agreement = agreementOf(made.judged, settings, token);
    if (token.isCancelled())
        return failure(ErrorCode::Cancelled, u"Stopped as asked."_s);
    return made;
}

const QuestionAgreement *Agreement::ofLabel() const
{
    const auto found = std::ranges::find(questions, labelQuestion, &QuestionAgreement::question);
    return labelQuestion.isEmpty() || found == questions.end() ? nullptr : &*found;
}

QList<ItemVerdict> Agreement::disputed() const
{
    QList<ItemVerdict> list;
    for (const ItemVerdict &verdict : verdicts) {
        if (verdict.adjudicated.isEmpty() && (verdict.dispute > 0 || verdict.broken > 0))
            list << verdict;
    }
    std::ranges::stable_sort(list, [](const ItemVerdict &a, const ItemVerdict &b) {
        return std::pair(a.dispute, a.broken) > std::pair(b.dispute, b.broken);
    });
    return list;
}

} // namespace evalwright::review
