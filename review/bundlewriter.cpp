// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/bundlewriter.h"

#include "core/hash.h"
#include "review/bundle.h"
#include "review/reviewplan.h"
#include "review/shownitems.h"
#include "storage/project.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/reviews.h"

#include <map>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

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
    WrittenBundle made;
    made.path = path;
    const auto make = [&](Connection &c, const Review &review, const QList<int> &slots,
                          const BundleIdentity &identity) -> Result<Outgoing> {
        EVALWRIGHT_ASSIGN(const SealedBytes sealed, bundleBytes(c, review, slots, identity, options.language, &made.items));
        made.sha256 = sha256Hex(sealed.bytes);
        return Outgoing{{{path, sealed.bytes}}, sealed.seal.manifestSha256};
    };
    EVALWRIGHT_ASSIGN(const GivenAway given, giveAway(project, id, {path}, {options.lists, options.slots, options.force}, make));
    made.uuid = given.uuid;
    made.slots = given.slots;
    return made;
}

} // namespace evalwright::review
