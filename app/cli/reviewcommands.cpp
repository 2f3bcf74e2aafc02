// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "app/cli/reports.h"
#include "app/cli/reviewoptions.h"
#include "app/cli/reviewtexts.h"
#include "core/text.h"
#include "review/feedback.h"
#include "review/givenlists.h"
#include "review/goldfile.h"
#include "review/makereview.h"
#include "review/stopping.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using namespace review;
using nlohmann::json;

namespace {

struct OfReview
{
    std::string dataset, name;
};

Result<int> newCommand(Context &context, const ReviewOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const MadeReview made, beginReview(*project, o));
    json places = json::array();
    qint64 ratings = 0;
    for (const qint64 count : made.places) {
        places.push_back(count);
        ratings += count;
    }
    QString human = u"Review “%1” of %2: %3 in %4, %5 to be given\n"_s.arg(
        made.review.name, text(o.dataset), counted(made.items, u"item"_s), counted(made.places.size(), u"list"_s),
        counted(ratings, u"rating"_s));
    if (made.golds > 0)
        human += u"%1 among them\n"_s.arg(counted(made.golds, u"gold item"_s));
    EVALWRIGHT_ASSIGN(const Guideline guideline,
                      project->readNow([&](Connection &c) { return guidelineById(c, made.review.guidelineId); }));
    if (guideline.text.isEmpty())
        human += u"Note: there is no guideline; raters will see the questions alone (--guideline FILE)\n"_s;
    EVALWRIGHT_ASSIGN(const PlannedWidth width, plannedWidth(made.items, 0.95));
    human += u"If people agree with 95% of the labels, the interval will be %1 to %2\n"_s.arg(percent(width.low), percent(width.high));
    EVALWRIGHT_ASSIGN(const ReviewPlan plan, ReviewPlan::fromText(made.review.plan));
    context.print({{"review", made.review.name.toStdString()},
                   {"uuid", made.review.uuid.toStdString()},
                   {"dataset", o.dataset},
                   {"items", made.items},
                   {"gold_items", made.golds},
                   {"lists", places},
                   {"ratings", ratings},
                   {"expected_low", width.low},
                   {"expected_high", width.high},
                   {"plan", plan.toJson()}},
                  human);
    return Done;
}

Result<int> planCommand(Context &context, double width, double precision, qint64 perItem)
{
    EVALWRIGHT_ASSIGN(const PlannedWidth found, itemsForWidth(width, precision));
    context.print({{"items", found.items},
                   {"ratings", found.items * perItem},
                   {"low", found.low},
                   {"high", found.high},
                   {"precision", found.precision}},
                  u"%1, that is %2 with %3 each, give an interval of %4 to %5 if people agree with %6 of the labels\n"_s.arg(
                      counted(found.items, u"item"_s), counted(found.items * perItem, u"rating"_s),
                      counted(perItem, u"rater"_s), percent(found.low), percent(found.high), percent(found.precision)));
    return Done;
}

Result<int> listCommand(Context &context, const QString &name)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    struct Row
    {
        Review review;
        QString questionnaire;
        QList<SlotState> lists;
        qint64 done = 0;
    };
    EVALWRIGHT_ASSIGN(const QList<Row> rows, project->readNow([&](Connection &c) -> Result<QList<Row>> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, name));
        EVALWRIGHT_ASSIGN(const QList<Review> reviews, reviewsOf(c, dataset.id));
        QList<Row> found;
        for (const Review &review : reviews) {
            Row row;
            row.review = review;
            EVALWRIGHT_ASSIGN(const QuestionnaireRecord record, questionnaireById(c, review.questionnaireId));
            row.questionnaire = u"%1 v%2"_s.arg(record.name, QString::number(record.version));
            EVALWRIGHT_ASSIGN(row.lists, slotsOf(c, review.id));
            EVALWRIGHT_ASSIGN(const QVariant done,
                              c.value(u"SELECT count(*) FROM judgement_current WHERE review_id = ?"_s, {review.id.value}));
            row.done = done.toLongLong();
            found << row;
        }
        return found;
    }));
    json all = json::array();
    Table table{{u"review"_s, u"questionnaire"_s, u"lists"_s, u"taken"_s, u"places"_s, u"rated"_s, u"begun"_s}, {}, {2, 3, 4, 5}};
    for (const Row &row : rows) {
        qint64 places = 0, taken = 0;
        json raters = json::array();
        for (const SlotState &list : row.lists) {
            places += list.places;
            const bool isAway = list.rater.isValid() && list.code == nobodyYet(row.review.uuid, list.slot);
            taken += list.rater.isValid() ? 1 : 0;
            raters.push_back({{"list", list.slot + 1},
                              {"places", list.places},
                              {"in_a_bundle", isAway},
                              {"rater", list.rater.isValid() && !isAway ? json(list.code.toStdString()) : json(nullptr)}});
        }
        all.push_back({{"review", row.review.name.toStdString()},
                       {"uuid", row.review.uuid.toStdString()},
                       {"questionnaire", row.questionnaire.toStdString()},
                       {"places", places},
                       {"rated", row.done},
                       {"created", row.review.createdAt.toStdString()},
                       {"lists", raters}});
        table.rows << QStringList{row.review.name, row.questionnaire, QString::number(row.lists.size()), QString::number(taken),
                                  QString::number(places), QString::number(row.done), row.review.createdAt.left(10)};
    }
    context.print({{"reviews", all}}, rows.isEmpty() ? u"No review of “%1” yet; begin one with “review new”.\n"_s.arg(name)
                                                     : table.text());
    return Done;
}

Result<int> agreementCommand(Context &context, const OfReview &of, bool includeChanged, std::optional<double> wanted,
                             bool everyItem)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    struct Found
    {
        Agreement agreement;
        std::optional<ThresholdAdvice> advice;
    };
    EVALWRIGHT_ASSIGN(const Found found, project->readNow([&](Connection &c) -> Result<Found> {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(of.dataset)));
        EVALWRIGHT_ASSIGN(const Review review, reviewByName(c, dataset.id, text(of.name)));
        AgreementSettings settings;
        settings.includeChanged = includeChanged;
        EVALWRIGHT_ASSIGN(ReadAgreement read, readAgreement(c, review, settings, context.token()));
        Found made{std::move(read.agreement), {}};
        if (wanted) {
            EVALWRIGHT_ASSIGN(made.advice, thresholdAdvice(c, read.judged, made.agreement, *wanted));
        }
        return made;
    }));
    json object = found.agreement.toJson();
    if (found.advice)
        object["threshold"] = adviceJson(*found.advice);
    if (everyItem) {
        object["verdicts"] = json::array();
        for (const ItemVerdict &verdict : found.agreement.verdicts)
            object["verdicts"].push_back(verdict.toJson(found.agreement.categories));
    }
    context.print(object, agreementText(found.agreement) + (found.advice ? adviceText(*found.advice) : QString()));
    return Done;
}

Result<int> applyCommand(Context &context, const OfReview &of, const FeedbackRule &rule, bool dryRun, bool undo)
{
    if (!undo && rule.broken == 0 && !rule.mislabelled)
        return context.wrongUse(Error(ErrorCode::InvalidInput, u"Nothing says which items to drop."_s,
                                      u"Give --broken N, --mislabelled, or both; or --undo."_s));
    EVALWRIGHT_ASSIGN(const auto project,
                      context.openProject(dryRun ? Project::Access::ReadOnly : Project::Access::ReadWrite));
    EVALWRIGHT_ASSIGN(const Dataset dataset, project->readNow([&](Connection &c) { return datasetByName(c, text(of.dataset)); }));
    if (undo) {
        EVALWRIGHT_ASSIGN(const qint64 restored, project->writeNow([&](Connection &c) { return undoFeedback(c, dataset.id); },
                                                                   {Topic::Candidates}));
        context.print({{"restored", restored}}, u"%1 as before\n"_s.arg(counted(restored, u"item"_s)));
        return Done;
    }
    EVALWRIGHT_ASSIGN(const FeedbackPlan plan, project->readNow([&](Connection &c) -> Result<FeedbackPlan> {
        EVALWRIGHT_ASSIGN(const Review review, reviewByName(c, dataset.id, text(of.name)));
        AgreementSettings settings;
        settings.intervals = false;
        EVALWRIGHT_ASSIGN(const ReadAgreement read, readAgreement(c, review, settings, context.token()));
        return planFeedback(read.agreement, rule);
    }));
    qint64 dropped = 0;
    if (!dryRun) {
        EVALWRIGHT_ASSIGN(dropped, project->writeNow([&](Connection &c) { return applyFeedback(c, plan); }, {Topic::Candidates}));
    }
    context.print({{"broken", plan.broken.size()}, {"mislabelled", plan.mislabelled.size()}, {"dropped", dropped}, {"dry_run", dryRun}},
                  u"%1 called broken, %2 with another label by people's word; %3\n"_s.arg(
                      counted(plan.broken.size(), u"item"_s), counted(plan.mislabelled.size(), u"item"_s),
                      dryRun ? u"nothing was changed"_s : u"%1 dropped (review apply --undo takes it back)"_s.arg(dropped)));
    return Done;
}

Result<int> adjudicateCommand(Context &context, const OfReview &of, const QString &item, const QString &answer,
                              const QString &reason)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadWrite));
    EVALWRIGHT_TRY(project->writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, text(of.dataset)));
            EVALWRIGHT_ASSIGN(const Review review, reviewByName(c, dataset.id, text(of.name)));
            return adjudicate(c, review, item, answer, reason);
        },
        {Topic::Reviews}));
    context.print({{"item", item.toStdString()}, {"answer", answer.toStdString()}},
                  u"Decided: %1 for item %2\n"_s.arg(answer, item));
    return Done;
}

} // namespace

void addReviewCommands(CLI::App &app, Context &context)
{
    CLI::App *review = app.add_subcommand("review", "People's judgements of items");
    review->require_subcommand(1);

    auto o = std::make_shared<ReviewOptions>();
    CLI::App *begin = review->add_subcommand(
        "new", "Begin a review: draw items and make a list for each rater.\n"
               "Example: evalwright-cli -p study.evalwright review new agreeableness --sample stratified:200 --raters 3");
    addReviewOptions(*begin, *o);
    begin->callback([&context, o] { context.command = [&context, o] { return newCommand(context, *o); }; });

    auto width = std::make_shared<double>(0.1);
    auto precision = std::make_shared<double>(0.95);
    auto each = std::make_shared<qint64>(3);
    CLI::App *plan = review->add_subcommand("plan", "How many ratings give which width of interval.\n"
                                                    "Example: evalwright-cli review plan --width 0.08 --precision 0.95");
    plan->add_option("--width", *width, "Width of the 95% interval, as a share")->capture_default_str();
    plan->add_option("--precision", *precision, "Expected share of labels that people agree with")->capture_default_str();
    plan->add_option("--per-item", *each, "Raters of each item")->check(wholeNumber(1, 1000))->capture_default_str();
    plan->callback([&context, width, precision, each] {
        context.command = [&context, width, precision, each] { return planCommand(context, *width, *precision, *each); };
    });

    auto listed = std::make_shared<std::string>();
    CLI::App *list = review->add_subcommand("list", "Reviews of a data set.\n"
                                                    "Example: evalwright-cli -p study.evalwright review list agreeableness");
    list->add_option("dataset", *listed, "Data set")->required();
    list->callback([&context, listed] { context.command = [&context, listed] { return listCommand(context, text(*listed)); }; });

    auto of = std::make_shared<OfReview>();
    auto changed = std::make_shared<bool>(false), every = std::make_shared<bool>(false);
    auto wanted = std::make_shared<std::optional<double>>();
    CLI::App *agreement = review->add_subcommand(
        "agreement", "How far raters agree, with each other and with the labels.\n"
                     "Example: evalwright-cli -p study.evalwright review agreement agreeableness --precision 0.95");
    agreement->add_option("dataset", of->dataset, "Data set")->required();
    agreement->add_option("--review", of->name, "Name of the review [the newest]");
    agreement->add_flag("--include-changed", *changed, "Count judgements of wordings that were edited since");
    agreement->add_option("--precision", *wanted, "Advise a threshold of confidence for this precision");
    agreement->add_flag("--items", *every, "Also every item's votes (JSON)");
    agreement->callback([&context, of, changed, wanted, every] {
        context.command = [&context, of, changed, wanted, every] {
            return agreementCommand(context, *of, *changed, *wanted, *every);
        };
    });

    struct Word
    {
        OfReview of;
        std::string item, answer, reason;
    };
    auto word = std::make_shared<Word>();
    CLI::App *decide = review->add_subcommand(
        "adjudicate", "The last word on an item that raters disagree on.\n"
                      "Example: evalwright-cli -p study.evalwright review adjudicate agreeableness ITEM Yes --reason \"says so\"");
    decide->add_option("dataset", word->of.dataset, "Data set")->required();
    decide->add_option("item", word->item, "Id of the item")->required();
    decide->add_option("answer", word->answer, "The right answer to the question about the label")->required();
    decide->add_option("--reason", word->reason, "Why")->required();
    decide->add_option("--review", word->of.name, "Name of the review [the newest]");
    decide->callback([&context, word] {
        context.command = [&context, word] {
            return adjudicateCommand(context, word->of, text(word->item), text(word->answer), text(word->reason));
        };
    });
    struct Apply
    {
        OfReview of;
        FeedbackRule rule;
        qint64 broken = 0, votes = 2;
        bool dryRun = false, undo = false;
    };
    auto apply = std::make_shared<Apply>();
    CLI::App *drop = review->add_subcommand(
        "apply", "Drop the items that people call broken or mislabelled.\n"
                 "Example: evalwright-cli -p study.evalwright review apply agreeableness --broken 2 --mislabelled");
    drop->add_option("dataset", apply->of.dataset, "Data set")->required();
    drop->add_option("--review", apply->of.name, "Name of the review [the newest]");
    drop->add_option("--broken", apply->broken, "Called broken by so many raters")->check(wholeNumber(1, 1000));
    drop->add_flag("--mislabelled", apply->rule.mislabelled, "A decision or a majority for another label");
    drop->add_option("--votes", apply->votes, "Fewest votes of such a majority")->check(wholeNumber(1, 1000))->capture_default_str();
    drop->add_flag("--dry-run", apply->dryRun, "Say what would be dropped, and change nothing");
    drop->add_flag("--undo", apply->undo, "Take back what was dropped so");
    drop->callback([&context, apply] {
        context.command = [&context, apply] {
            apply->rule.broken = static_cast<int>(apply->broken);
            apply->rule.votes = static_cast<int>(apply->votes);
            return applyCommand(context, apply->of, apply->rule, apply->dryRun, apply->undo);
        };
    });
    addReviewFileCommands(*review, context);
}

} // namespace evalwright::cli
