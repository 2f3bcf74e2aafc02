// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/reviewoptions.h"

#include "review/goldfile.h"
#include "review/presets.h"
#include "storage/exchange/jsonrow.h"
#include "storage/exchange/smallfile.h"
#include "storage/items/itemselection.h"
#include "storage/repositories/datasets.h"

#include <QFile>

namespace evalwright::cli {

using namespace Qt::StringLiterals;
using namespace review;

namespace {

/// A preset by its name, or a file.
Result<Questionnaire> questionnaireFrom(const QString &named, const QString &family)
{
    if (named.isEmpty())
        return preset(presetForFamily(family));
    if (presetNames().contains(named) || !QFile::exists(named))
        return preset(named);
    EVALWRIGHT_ASSIGN(const QByteArray text, readSmallFile(named));
    return Questionnaire::fromText(text);
}

/// "random", "stratified:200": how items are drawn, and how many where that is said with it.
Status readSample(const QString &text, ReviewPlan &plan)
{
    EVALWRIGHT_ASSIGN(plan.sampling, samplingFrom(text.section(u':', 0, 0)));
    if (!text.contains(u':'))
        return {};
    bool isNumber = false;
    plan.items = text.section(u':', 1).toLongLong(&isNumber);
    if (!isNumber)
        return failure(ErrorCode::InvalidInput, u"“%1” says no number of items."_s.arg(text), u"Write e.g. stratified:200."_s);
    return {};
}

/// The candidates that a filter chooses.
Result<std::vector<qint64>> chosenBy(Connection &connection, DatasetId dataset, const QString &where)
{
    EVALWRIGHT_ASSIGN(const ItemFilter filter, parseItemFilter(where));
    EVALWRIGHT_ASSIGN(const auto columns, readItemColumns(connection, dataset));
    EVALWRIGHT_TRY(checkReasons(*columns, filter));
    EVALWRIGHT_ASSIGN(const ItemSelection found, selectItems(connection, *columns, filter));
    std::vector<qint64> ids;
    for (const std::uint32_t row : found.rows)
        ids.push_back(columns->id[row]);
    return ids;
}

} // namespace

Result<MadeReview> beginReview(Project &project, const ReviewOptions &o)
{
    ReviewPlan plan;
    plan.items = o.items;
    EVALWRIGHT_TRY(readSample(text(o.sample), plan));
    plan.raters = static_cast<int>(o.raters);
    plan.perItem = static_cast<int>(std::min(o.perItem, o.raters));
    plan.overlap = o.overlap;
    plan.gold = o.goldShare;
    plan.repeats = o.repeats;
    plan.stopWidth = o.stopWidth;
    plan.goldLimit = o.goldLimit;
    plan.goldBlocks = o.goldBlocks;
    plan.seed = o.seed.value_or(0);
    EVALWRIGHT_TRY(plan.check());
    NewReview wanted;
    wanted.plan = plan;
    wanted.name = text(o.name);
    EVALWRIGHT_ASSIGN(const Dataset dataset, project.readNow([&](Connection &c) { return datasetByName(c, text(o.dataset)); }));
    wanted.dataset = dataset.id;
    if (!o.where.empty()) {
        EVALWRIGHT_ASSIGN(wanted.chosen, project.readNow([&](Connection &c) { return chosenBy(c, dataset.id, text(o.where)); }));
    }
    EVALWRIGHT_ASSIGN(wanted.questionnaire, questionnaireFrom(text(o.questionnaire), dataset.family));
    if (!o.guideline.empty()) {
        EVALWRIGHT_ASSIGN(const QByteArray guideline, readSmallFile(text(o.guideline)));
        if (firstInvalidUtf8(guideline) >= 0 || guideline.contains('\0')) { // Raters get it: a wrong name must give nothing away.
            return failure(Error(ErrorCode::InvalidInput, u"“%1” is no text in UTF-8."_s.arg(text(o.guideline)),
                                 u"Give the file with what raters are to read."_s)
                               .withConsequence(u"No review was begun."_s));
        }
        wanted.guideline = QString::fromUtf8(guideline).trimmed();
    } else if (dataset.behaviourId.isValid()) {
        EVALWRIGHT_ASSIGN(const Behaviour behaviour,
                          project.readNow([&](Connection &c) { return behaviourById(c, dataset.behaviourId); }));
        wanted.guideline = behaviour.guideline;
    }
    if (o.goldDecided) {
        EVALWRIGHT_ASSIGN(wanted.golds, project.readNow([&](Connection &c) { return decidedGolds(c, dataset.id, wanted.questionnaire); }));
    }
    if (!o.gold.empty()) {
        EVALWRIGHT_ASSIGN(const auto golds, project.readNow([&](Connection &c) { return readGolds(c, dataset.id, text(o.gold)); }));
        wanted.golds.insert(golds);
    }
    return project.writeNow([&](Connection &c) { return makeReview(c, wanted); }, {Topic::Reviews});
}

void addReviewOptions(CLI::App &command, ReviewOptions &options)
{
    command.add_option("dataset", options.dataset, "Data set")->required();
    command.add_option("--name", options.name, "Name of the review [review-N]");
    command.add_option("--sample", options.sample, "random, stratified, by-label, disputed or all; NAME:N says how many items")
        ->capture_default_str();
    command.add_option("--where", options.where,
                       "Draw only from the items that these conditions choose, such as tag:doubtful (docs/items.md)");
    command.add_option("--items", options.items, "Items to draw")->check(wholeNumber(1, mostItems))->capture_default_str();
    command.add_option("--raters", options.raters, "Lists to make")->check(wholeNumber(1, 1000))->capture_default_str();
    command.add_option("--per-item", options.perItem, "Raters of each item, at most all of them")
        ->check(wholeNumber(1, 1000))
        ->capture_default_str();
    command.add_option("--overlap", options.overlap, "Share of the items that every rater gets")->capture_default_str();
    command.add_option("--questionnaire", options.questionnaire,
                      "persona, choice, sycophancy, winogender, or a file [by the data set's family]");
    command.add_option("--guideline", options.guideline, "File with what raters read before they begin [the behaviour's]");
    command.add_option("--gold", options.gold, "JSON lines of items with their right answers: {\"item_id\": …, \"answers\": {…}}");
    command.add_flag("--gold-decided", options.goldDecided, "Items that were decided in earlier reviews are gold items, too");
    command.add_option("--gold-share", options.goldShare, "Gold items as a share of a list")->capture_default_str();
    command.add_option("--repeats", options.repeats, "Items shown twice, as a share of a list")->capture_default_str();
    command.add_option("--gold-limit", options.goldLimit, "Flag raters below this share of right gold items");
    command.add_flag("--gold-blocks", options.goldBlocks, "Such raters get no more items");
    command.add_option("--stop-width", options.stopWidth, "Enough once the interval of label precision is as wide");
    command.add_option("--seed", options.seed, "Seed of the draw and of every order")->check(wholeNumber(-largestSeed, largestSeed));
}

} // namespace evalwright::cli
