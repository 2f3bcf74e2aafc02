// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/bundlewriter.h"

#include "core/clock.h"
#include "core/hash.h"
#include "core/hmac.h"
#include "review/bundle.h"
#include "review/givenlists.h"
#include "review/reviewplan.h"
#include "review/shownitems.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/wholefile.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <map>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

Result<QList<int>> chosenSlots(Connection &connection, const Review &review, const BundleOptions &options)
{
    EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(connection, review.id));
    QList<int> all, free;
    for (const SlotState &state : states) {
        all << state.slot;
        if (!state.rater.isValid())
            free << state.slot;
    }
    if (!options.slots.isEmpty()) {
        QList<int> chosen;
        for (const int slot : options.slots) {
            if (!all.contains(slot) || chosen.contains(slot))
                return failure(ErrorCode::InvalidInput,
                               u"The review has no list %1, or it is asked for twice."_s.arg(slot + 1),
                               u"The review has the lists 1 to %1."_s.arg(all.size()));
            chosen << slot;
        }
        std::ranges::sort(chosen);
        return chosen;
    }
    const qsizetype wanted = options.lists.value_or(static_cast<int>(std::max<qsizetype>(1, free.size())));
    if (wanted < 1)
        return failure(ErrorCode::InvalidInput, u"A bundle needs a list at least."_s);
    if (wanted > free.size()) {
        return failure(
            Error(ErrorCode::Unsupported,
                  u"%1 of the %2 lists of this review are free; the others have raters or went away in bundles."_s
                      .arg(free.size())
                      .arg(all.size()),
                  u"Ask for fewer, name the lists to write them once more, or begin a review with more raters."_s)
                .withConsequence(u"Nothing was written."_s));
    }
    return free.first(wanted);
}

struct Parts
{
    QByteArray items, assignment;
    qint64 count = 0;
};

/// Items by their names in the bundle, so that the order tells nothing.
Result<Parts> itemsAndLists(Connection &connection, const Review &review, const QString &family,
                            const QList<int> &slots, const QByteArray &key)
{
    std::map<std::pair<qint64, bool>, QString> names; // Of candidate, repeat.
    std::map<int, QList<std::pair<qint64, bool>>> lists;
    QList<qint64> ids;
    for (const int slot : slots) {
        EVALWRIGHT_ASSIGN(const QList<Assignment> list, assignmentsOf(connection, review.id, slot));
        for (const Assignment &place : list) {
            const std::pair one{place.candidateId.value, place.isRepeat};
            lists[slot] << one;
            if (names.try_emplace(one).second && !names.contains({one.first, !one.second}))
                ids << one.first;
        }
    }
    std::map<QString, QByteArray> lines;
    EVALWRIGHT_TRY(forEachShown(connection, ids, family, [&](const Candidate &item, ShownItem shown) -> Status {
        for (const bool isRepeat : {false, true}) {
            const auto name = names.find({item.id.value, isRepeat});
            if (name == names.end())
                continue;
            name->second = shown.itemId = bundleItemId(key, item.uuid, isRepeat);
            lines[name->second] = canonicalJson(shown.toJson()) + '\n';
        }
        return {};
    }));
    Parts parts;
    parts.count = static_cast<qint64>(lines.size());
    for (const auto &[name, line] : lines)
        parts.items += line;
    for (const auto &[slot, list] : lists) {
        json places = json::array();
        for (const auto &one : list)
            places.push_back(names[one].toStdString());
        parts.assignment += canonicalJson({{"rater_slot", slot}, {"item_ids", places}}) + '\n';
    }
    return parts;
}

} // namespace

json WrittenBundle::toJson() const
{
    json lists = json::array();
    for (const int slot : slots)
        lists.push_back(slot + 1);
    return {{"bundle", path.toStdString()},
            {"bundle_id", uuid.toStdString()},
            {"sha256", sha256.toStdString()},
            {"items", items},
            {"lists", lists}};
}

Result<SealedBytes> bundleBytes(Connection &connection, const Review &review, const QList<int> &slots,
                                const BundleIdentity &identity, const QString &language, qint64 *items)
{
    EVALWRIGHT_ASSIGN(const Dataset dataset, datasetById(connection, review.datasetId));
    EVALWRIGHT_ASSIGN(const ReviewPlan plan, ReviewPlan::fromText(review.plan));
    EVALWRIGHT_ASSIGN(const Guideline guideline, guidelineById(connection, review.guidelineId));
    EVALWRIGHT_ASSIGN(const QuestionnaireRecord questionnaire, questionnaireById(connection, review.questionnaireId));
    EVALWRIGHT_ASSIGN(const QString project, projectUuid(connection));
    EVALWRIGHT_ASSIGN(const Parts parts, itemsAndLists(connection, review, dataset.family, slots, identity.key));
    const json manifest{{"format", (bundleFormat + u"/1"_s).toStdString()},
                        {"bundle_id", identity.uuid.toStdString()},
                        {"created", identity.createdAt.toStdString()},
                        {"program_version", EVALWRIGHT_VERSION},
                        {"project_id", project.toStdString()},
                        {"review_id", review.uuid.toStdString()},
                        {"data_set", {{"name", dataset.name.toStdString()}, {"uuid", dataset.uuid.toStdString()}}},
                        {"language", language.toStdString()},
                        {"guideline", {{"version", guideline.version}, {"sha256", guideline.sha256.toStdString()}}},
                        {"questionnaire",
                         {{"id", questionnaire.name.toStdString()},
                          {"version", questionnaire.version},
                          {"sha256", questionnaire.sha256.toStdString()}}},
                        {"raters", slots.size()},
                        {"per_item", plan.perItem},
                        {"order_seed", bundleOrderSeed(identity.key)},
                        {"blind", true},
                        {"canary", dataset.canary.toStdString()},
                        {"items", parts.count}};
    if (items)
        *items = parts.count;
    return sealedZipBytes(manifest,
                          {{u"items.jsonl"_s, parts.items},
                           {u"assignment.jsonl"_s, parts.assignment},
                           {u"guideline.md"_s, guideline.text.toUtf8()},
                           {u"questionnaire.json"_s, questionnaire.spec.toUtf8()}},
                          identity.key);
}

Result<WrittenBundle> writeBundle(const std::shared_ptr<Project> &project, ReviewId id, const QString &path,
                                  const BundleOptions &options)
{
    EVALWRIGHT_TRY(mayWriteFile(path, project->path(), options.force));
    WrittenBundle made;
    made.path = path;
    std::optional<WholeFile> file;
    QList<int> reserved;
    Review review;
    const Status stored = project->writeNow(
        [&](Connection &c) -> Status {
            EVALWRIGHT_ASSIGN(review, reviewById(c, id));
            EVALWRIGHT_ASSIGN(made.slots, chosenSlots(c, review, options));
            const BundleIdentity identity{newUuid(), secretBytes(32), isoNow()};
            EVALWRIGHT_ASSIGN(const SealedBytes sealed,
                              bundleBytes(c, review, made.slots, identity, options.language, &made.items));
            made.uuid = identity.uuid;
            made.sha256 = sha256Hex(sealed.bytes);
            EVALWRIGHT_TRY(addReviewBundle(
                c, {identity.uuid, review.id, identity.key, sealed.seal.manifestSha256, identity.createdAt}));
            EVALWRIGHT_ASSIGN(const QList<SlotState> states, slotsOf(c, review.id));
            for (const SlotState &state : states) {
                if (made.slots.contains(state.slot) && !state.rater.isValid())
                    reserved << state.slot;
            }
            EVALWRIGHT_TRY(giveLists(c, review, reserved));
            // On disk before the project says that it went away.
            EVALWRIGHT_ASSIGN(file, WholeFile::prepare(path, sealed.bytes));
            return {};
        },
        {Topic::Reviews});
    EVALWRIGHT_TRY(stored);
    if (Status published = file->publish(options.force); !published) {
        EVALWRIGHT_TRY(project->writeNow(
            [&](Connection &c) -> Status {
                EVALWRIGHT_TRY(removeReviewBundle(c, made.uuid));
                return freeLists(c, review, reserved);
            },
            {Topic::Reviews}));
        return tl::unexpected<Error>(std::move(published).error());
    }
    return made;
}

} // namespace evalwright::review
