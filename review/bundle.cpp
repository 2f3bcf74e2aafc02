// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/bundle.h"

#include "core/hash.h"
#include "core/hmac.h"

#include <QRegularExpression>
#include <QSet>
#include <QUuid>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr std::size_t mostItems = 1'000'000, mostLists = 1000, mostOptions = 100;
constexpr qsizetype longestKey = 1000;

tl::unexpected<Error> corrupt(const QString &where, const QString &what)
{
    return failure(Error(ErrorCode::Corrupt, u"The bundle is not well formed: %1 %2."_s.arg(where, what),
                         u"Ask for a new bundle."_s)
                       .withConsequence(u"Nothing of it was used."_s));
}

Result<ShownItem> itemFrom(const json &line, const QString &where)
{
    ShownItem item;
    item.itemId = textIn(line, "item_id");
    item.contentHash = textIn(line, "content_hash");
    item.kind = textIn(line, "kind");
    const json &display = partOf(line, "display");
    item.text = textIn(display, "text");
    item.occupation = textIn(display, "occupation");
    item.otherPerson = textIn(display, "other_person");
    if (!isUuid(item.itemId) || !isContentHash(item.contentHash))
        return corrupt(where, u"has no id or no hash"_s);
    if (!QStringList{u"yes-no"_s, u"choice"_s, u"winogender"_s}.contains(item.kind) || item.text.isEmpty())
        return corrupt(where, u"shows nothing that raters could judge"_s);
    const json &options = partOf(display, "options");
    if (!options.is_array() || options.size() > mostOptions)
        return corrupt(where, u"has no list of options, or too long a one"_s);
    for (const json &one : options) {
        const ShownOption option{textIn(one, "key"), textIn(one, "text")};
        if (option.key.isEmpty() || option.key.size() > longestKey || item.keys().contains(option.key))
            return corrupt(where, u"has an option without a key of its own"_s);
        item.options << option;
    }
    return item;
}

Status readParts(Bundle &bundle, const SealedZip &file)
{
    bundle.guideline = QString::fromUtf8(file.members[u"guideline.md"_s]);
    if (bundle.guideline.toUtf8() != file.members[u"guideline.md"_s])
        return corrupt(u"guideline.md"_s, u"is no UTF-8 text"_s);
    EVALWRIGHT_ASSIGN(bundle.questionnaire, Questionnaire::fromText(file.members[u"questionnaire.json"_s]));
    bundle.questionnaireSha256 = sha256Hex(canonicalJson(bundle.questionnaire.toJson()));
    bundle.guidelineSha256 = sha256Hex(bundle.guideline.toUtf8());

    EVALWRIGHT_ASSIGN(const std::vector<json> items, linesOf(file.members[u"items.jsonl"_s], u"items.jsonl"_s));
    if (items.size() > mostItems)
        return corrupt(u"items.jsonl"_s, u"has more than %1 items"_s.arg(mostItems));
    QHash<QString, qint32> indices;
    for (std::size_t i = 0; i < items.size(); ++i) {
        const QString where = u"line %1 of items.jsonl"_s.arg(i + 1);
        EVALWRIGHT_ASSIGN(const ShownItem item, itemFrom(items[i], where));
        if (indices.contains(item.itemId))
            return corrupt(where, u"has the id of an earlier one"_s);
        indices.insert(item.itemId, static_cast<qint32>(bundle.items.size()));
        bundle.items << item;
    }
    EVALWRIGHT_ASSIGN(const std::vector<json> lists,
                      linesOf(file.members[u"assignment.jsonl"_s], u"assignment.jsonl"_s));
    if (lists.empty() || lists.size() > mostLists)
        return corrupt(u"assignment.jsonl"_s, u"has no lists, or more than %1"_s.arg(mostLists));
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const QString where = u"line %1 of assignment.jsonl"_s.arg(i + 1);
        const qint64 slot = wholeIn(lists[i], "rater_slot");
        const json &ids = partOf(lists[i], "item_ids");
        if (slot < 0 || slot > 1'000'000 || bundle.lists.contains(static_cast<int>(slot)) || !ids.is_array())
            return corrupt(where, u"is no list of its own"_s);
        QList<qint32> list;
        QSet<qint32> seen;
        for (const json &id : ids) {
            const auto found = id.is_string()
                                   ? indices.constFind(QString::fromStdString(id.get_ref<const std::string &>()))
                                   : indices.constEnd();
            if (found == indices.constEnd() || seen.contains(*found))
                return corrupt(where, u"names an item that is not there, or twice"_s);
            seen << *found;
            list << *found;
        }
        bundle.lists.insert(static_cast<int>(slot), list);
    }
    return {};
}

} // namespace

QString bundleItemId(const QByteArray &key, const QString &itemUuid, bool isRepeat)
{
    const QByteArray code = hmacSha256(key, itemUuid.toUtf8() + (isRepeat ? "/1" : "/0"));
    return QUuid::fromRfc4122(QByteArrayView(code).first(16)).toString(QUuid::WithoutBraces);
}

qint64 bundleOrderSeed(const QByteArray &key)
{
    const QByteArray code = hmacSha256(key, "order of options");
    qint64 seed = 0;
    for (int i = 0; i < 6; ++i) // 48 bits: a number that every reader of JSON keeps.
        seed = (seed << 8) | static_cast<unsigned char>(code[i]);
    return seed;
}

Result<Bundle> readBundle(const QString &path)
{
    EVALWRIGHT_ASSIGN(const SealedZip file, readSealedZip(path, bundleFormat,
                                                          {u"items.jsonl"_s, u"assignment.jsonl"_s, u"guideline.md"_s,
                                                           u"questionnaire.json"_s}));
    const json &manifest = file.manifest;
    Bundle bundle;
    bundle.seal = file.seal;
    bundle.id = textIn(manifest, "bundle_id");
    bundle.projectId = textIn(manifest, "project_id");
    bundle.reviewId = textIn(manifest, "review_id");
    if (!isUuid(bundle.id) || !isUuid(bundle.projectId) || !isUuid(bundle.reviewId) || bundle.seal.hmac.isEmpty())
        return corrupt(u"manifest.json"_s, u"does not say which bundle it is"_s);
    bundle.createdAt = textIn(manifest, "created");
    bundle.programVersion = textIn(manifest, "program_version").left(64);
    bundle.title = textIn(partOf(manifest, "data_set"), "name").left(1000);
    bundle.datasetId = textIn(partOf(manifest, "data_set"), "uuid");
    bundle.canary = textIn(manifest, "canary");
    static const QRegularExpression language(u"\\A([a-z]{2,3}(_[A-Z]{2})?)?\\z"_s);
    bundle.language = textIn(manifest, "language");
    if (!language.match(bundle.language).hasMatch())
        return corrupt(u"language in manifest.json"_s, u"is none"_s);
    bundle.orderSeed = wholeIn(manifest, "order_seed");
    bundle.perItem = static_cast<int>(std::clamp<qint64>(wholeIn(manifest, "per_item"), 0, 1'000'000));
    const qint64 guideline = wholeIn(partOf(manifest, "guideline"), "version"),
                 questionnaire = wholeIn(partOf(manifest, "questionnaire"), "version");
    if (guideline < 1 || guideline > 1'000'000 || questionnaire < 1 || questionnaire > 1'000'000 ||
        bundle.orderSeed < 0)
        return corrupt(u"manifest.json"_s, u"lacks a version or the seed"_s);
    bundle.guidelineVersion = static_cast<int>(guideline);
    bundle.questionnaireVersion = static_cast<int>(questionnaire);
    EVALWRIGHT_TRY(readParts(bundle, file));
    return bundle;
}

} // namespace evalwright::review
