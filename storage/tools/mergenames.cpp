// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What has a name: behaviours, recipes, models, data sets.
#include "storage/tools/merging.h"

#include "core/hash.h"

#include <QUrl>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A password in an address would be a secret; it is not needed to say which server it was.
QString withoutUser(const QString &address)
{
    QUrl url(address);
    if (!url.isValid() || url.userInfo().isEmpty())
        return address;
    url.setUserInfo(QString());
    return url.toString();
}

} // namespace

Status Merging::behaviours()
{
    EVALWRIGHT_TRY(recognise(u"behaviour"_s, u"n.uuid = o.uuid"_s));
    EVALWRIGHT_TRY(recognise(u"behaviour"_s,
                             u"n.name = o.name AND n.category = o.category AND n.description = o.description AND n.contrast = o.contrast "
                             u"AND n.polarity = o.polarity AND n.guideline = o.guideline AND n.subject = o.subject"_s));
    EVALWRIGHT_TRY(numberRest(u"behaviour"_s));
    QList<std::pair<qint64, QString>> added;
    EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT m.old, o.name FROM temp.map_behaviour m JOIN other.behaviour o ON o.id = m.old WHERE m.added = 1 ORDER BY m.old"_s, {},
                                     [&](const Statement::Row &row) { added << std::pair(row.integer(0), row.text(1)); }));
    for (const auto &[old, name] : added) {
        EVALWRIGHT_ASSIGN(const QString free, freeName(name, u"SELECT 1 FROM main.behaviour WHERE name = ?"_s));
        EVALWRIGHT_TRY(m_file.execute(
            u"INSERT INTO main.behaviour (id, uuid, name, category, description, contrast, polarity, guideline, subject, created_at) "
            u"SELECT m.new, o.uuid, ?, o.category, o.description, o.contrast, o.polarity, o.guideline, o.subject, o.created_at FROM "
            u"temp.map_behaviour m JOIN other.behaviour o ON o.id = m.old WHERE m.old = ?"_s,
            {free, old}));
    }
    return countMapped(u"behaviour"_s);
}

Status Merging::recipes()
{
    EVALWRIGHT_TRY(recognise(u"recipe"_s, u"n.hash = o.hash"_s));
    EVALWRIGHT_TRY(numberRest(u"recipe"_s));
    return insertMapped(u"recipe"_s, {{"hash"}, {"preset"}, {"json"}, {"created_at"}});
}

/// Never by name alone: by uuid, or by everything that decides what it answers. A plain address on this or some other
/// machine and a file say nothing without the fingerprint of what was found there.
Status Merging::models()
{
    struct Found
    {
        qint64 old;
        QString name, url;
    };
    QList<Found> theirs;
    EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT o.id, o.name, o.base_url FROM temp.need_model q JOIN other.model o ON o.id = q.id ORDER BY o.id"_s, {},
                                     [&](const Statement::Row &row) {
                                         theirs << Found{row.integer(0), row.text(1), row.text(2)};
                                     }));
    const QString select = u"SELECT n.id FROM other.model o JOIN main.model n ON %1 WHERE o.id = ? AND NOT EXISTS (SELECT 1 FROM "
                           u"temp.map_model m WHERE m.new = n.id) ORDER BY n.removed_at IS NOT NULL, n.id LIMIT 1"_s;
    const QString byUuid = select.arg(u"n.uuid = o.uuid"_s);
    const QString byIdentity = select.arg(
        u"(o.kind = 'results' AND n.kind = 'results' AND n.name = o.name AND n.family = o.family AND n.parameters IS o.parameters AND "
        u"n.training = o.training AND n.steps IS o.steps) OR (o.kind <> 'results' AND n.kind = o.kind AND n.api = o.api AND n.base_url = "
        u"o.base_url AND n.model_id = o.model_id AND n.location = o.location AND n.fingerprint = o.fingerprint AND (o.fingerprint <> '' OR "
        u"o.kind = 'catalogue' OR o.base_url LIKE 'https://%'))"_s);
    // All that are known by uuid first: what one of them is here, no other can be.
    for (const QString &question : {byUuid, byIdentity}) {
        for (const Found &model : theirs) {
            EVALWRIGHT_ASSIGN(const QVariant mapped, m_file.value(u"SELECT 1 FROM temp.map_model WHERE old = ?"_s, {model.old}));
            if (mapped.isValid())
                continue;
            EVALWRIGHT_ASSIGN(const QVariant here, m_file.value(question, {model.old}));
            if (here.isValid())
                EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO temp.map_model (old, new, added) VALUES (?, ?, 0)"_s, {model.old, here}));
        }
    }
    EVALWRIGHT_TRY(numberRest(u"model"_s));
    for (const Found &model : theirs) {
        EVALWRIGHT_ASSIGN(const qint64 added, m_file.number(u"SELECT added FROM temp.map_model WHERE old = ?"_s, {model.old}));
        if (added != 0) {
            EVALWRIGHT_ASSIGN(const QString name, freeName(model.name, u"SELECT 1 FROM main.model WHERE name = ? AND removed_at IS NULL"_s));
            // How many requests an account allows is that account's matter.
            EVALWRIGHT_TRY(m_file.execute(
                u"INSERT INTO main.model (id, uuid, name, kind, api, base_url, model_id, location, key_env, family, parameters, training, "
                u"steps, price_in, price_out, capabilities, fingerprint, created_at, removed_at, compute, released, rung) SELECT m.new, o.uuid, "
                u"?, o.kind, o.api, ?, o.model_id, o.location, CASE WHEN o.key_env GLOB '[A-Za-z_]*' AND o.key_env NOT GLOB '*[^A-Za-z0-9_]*' "
                u"THEN o.key_env ELSE '' END, o.family, o.parameters, o.training, o.steps, o.price_in, o.price_out, o.capabilities, "
                u"o.fingerprint, o.created_at, o.removed_at, o.compute, o.released, o.rung FROM temp.map_model m JOIN other.model o ON o.id = "
                u"m.old WHERE m.old = ?"_s,
                {name, withoutUser(model.url).isNull() ? u""_s : withoutUser(model.url), model.old}));
        }
        MergeReport::ModelEntry entry;
        entry.name = model.name;
        entry.isNew = added != 0;
        EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT n.name, n.base_url, n.key_env FROM temp.map_model m JOIN main.model n ON n.id = m.new WHERE m.old = ?"_s,
                                         {model.old}, [&](const Statement::Row &row) {
                                             entry.here = row.text(0);
                                             entry.baseUrl = row.text(1);
                                             entry.keyEnv = row.text(2);
                                         }));
        m_report.models << entry;
    }
    return countMapped(u"model"_s);
}

/// The data set here that has the same candidates, whatever their order: of the same family and size, and their sorted
/// contents alike.
Result<std::optional<qint64>> Merging::sameContent(qint64 dataset)
{
    const QString digestOf = u"SELECT %2 AS h FROM %1.candidate c WHERE c.dataset_id = ? ORDER BY h"_s;
    const auto digest = [&](const QString &schema, qint64 id) -> Result<QByteArray> {
        Sha256 all;
        EVALWRIGHT_TRY(m_file.forEachRow(digestOf.arg(schema, candidateContent(u"c"_s)), {id}, [&](const Statement::Row &row) {
            const std::string_view bytes = row.bytes(0);
            all.add(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())));
        }));
        return all.result();
    };
    QList<qint64> likely;
    EVALWRIGHT_TRY(m_file.forEachRow(
        u"SELECT n.id FROM other.dataset o JOIN main.dataset n ON n.family = o.family AND n.removed_at IS NULL WHERE o.id = ? AND o.removed_at "
        u"IS NULL AND n.id NOT IN (SELECT new FROM temp.map_dataset) AND EXISTS (SELECT 1 FROM main.candidate WHERE dataset_id = n.id) AND "
        u"(SELECT count(*) FROM main.candidate WHERE dataset_id = n.id) = (SELECT count(*) FROM other.candidate WHERE dataset_id = o.id) "
        u"ORDER BY n.name <> o.name, n.id"_s,
        {dataset}, [&](const Statement::Row &row) { likely << row.integer(0); }));
    if (likely.isEmpty())
        return std::nullopt;
    EVALWRIGHT_ASSIGN(const QByteArray wanted, digest(u"other"_s, dataset));
    for (const qint64 id : likely) {
        EVALWRIGHT_ASSIGN(const QByteArray here, digest(u"main"_s, id));
        if (here == wanted)
            return id;
    }
    return std::nullopt;
}

Status Merging::datasets()
{
    struct Found
    {
        qint64 old;
        QString name;
        bool removed;
    };
    EVALWRIGHT_TRY(recognise(u"dataset"_s, u"n.uuid = o.uuid"_s));
    QList<Found> rest;
    EVALWRIGHT_TRY(m_file.forEachRow(u"SELECT o.id, o.name, o.removed_at IS NOT NULL FROM temp.need_dataset q JOIN other.dataset o ON o.id = q.id "
                                     u"WHERE NOT EXISTS (SELECT 1 FROM temp.map_dataset WHERE old = o.id) ORDER BY o.id"_s,
                                     {}, [&](const Statement::Row &row) {
                                         rest << Found{row.integer(0), row.text(1), row.integer(2) != 0};
                                     }));
    EVALWRIGHT_TRY(m_file.execute(u"CREATE TEMP TABLE same_content (old INTEGER PRIMARY KEY)"_s));
    for (const Found &set : rest) {
        EVALWRIGHT_ASSIGN(const std::optional<qint64> here, sameContent(set.old));
        if (here) {
            EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO temp.map_dataset (old, new, added) VALUES (?, ?, 0)"_s, {set.old, *here}));
            EVALWRIGHT_TRY(m_file.execute(u"INSERT INTO temp.same_content (old) VALUES (?)"_s, {set.old}));
        }
    }
    EVALWRIGHT_TRY(numberRest(u"dataset"_s));
    for (const Found &set : rest) {
        const QString taken = u"SELECT 1 FROM main.dataset WHERE name = ? AND removed_at IS NULL"_s;
        QString name = m_options.names.value(set.name);
        EVALWRIGHT_ASSIGN(const qint64 added, m_file.number(u"SELECT added FROM temp.map_dataset WHERE old = ?"_s, {set.old}));
        if (added == 0)
            continue;
        if (name.isEmpty()) {
            EVALWRIGHT_ASSIGN(name, set.removed ? Result<QString>(set.name) : freeName(set.name, taken));
        } else {
            EVALWRIGHT_ASSIGN(const QVariant used, m_file.value(taken, {name}));
            if (used.isValid()) {
                return failure(Error(ErrorCode::AlreadyExists, u"There is already a data set named “%1”."_s.arg(name),
                                     u"Choose another name."_s)
                                   .withConsequence(u"Nothing was copied."_s));
            }
        }
        EVALWRIGHT_TRY(m_file.execute(
            u"INSERT INTO main.dataset (id, uuid, name, family, behaviour_id, recipe_id, canary, created_at, removed_at) SELECT m.new, o.uuid, ?, "
            u"o.family, (SELECT new FROM temp.map_behaviour WHERE old = o.behaviour_id), (SELECT new FROM temp.map_recipe WHERE old = "
            u"o.recipe_id), o.canary, o.created_at, o.removed_at FROM temp.map_dataset m JOIN other.dataset o ON o.id = m.old WHERE m.old = ?"_s,
            {name, set.old}));
    }
    return countMapped(u"dataset"_s);
}

Status Merging::promptVersions()
{
    if (!everything())
        return {};
    return insertOthers(u"prompt_version"_s, {{"uuid"}, {"preset"}, {"stage"}, {"json"}, {"note"}, {"created_at"}}, u"WHERE true"_s,
                        u"n.uuid = o.uuid"_s);
}

} // namespace evalwright
