// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/markdown.h"
#include "core/yaml.h"
#include "generators/publication/publishedset.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

namespace {

/// As the Hub spells licences; those that it does not list are "other", with their name beside.
void addLicence(ordered_json &front, const QString &licence)
{
    static const QStringList known{u"afl-3.0"_s,
                                   u"agpl-3.0"_s,
                                   u"apache-2.0"_s,
                                   u"artistic-2.0"_s,
                                   u"bsd-2-clause"_s,
                                   u"bsd-3-clause"_s,
                                   u"bsl-1.0"_s,
                                   u"cc-by-2.0"_s,
                                   u"cc-by-2.5"_s,
                                   u"cc-by-3.0"_s,
                                   u"cc-by-4.0"_s,
                                   u"cc-by-nc-2.0"_s,
                                   u"cc-by-nc-3.0"_s,
                                   u"cc-by-nc-4.0"_s,
                                   u"cc-by-nc-nd-3.0"_s,
                                   u"cc-by-nc-nd-4.0"_s,
                                   u"cc-by-nc-sa-2.0"_s,
                                   u"cc-by-nc-sa-3.0"_s,
                                   u"cc-by-nc-sa-4.0"_s,
                                   u"cc-by-nd-4.0"_s,
                                   u"cc-by-sa-3.0"_s,
                                   u"cc-by-sa-4.0"_s,
                                   u"cc0-1.0"_s,
                                   u"ecl-2.0"_s,
                                   u"epl-1.0"_s,
                                   u"epl-2.0"_s,
                                   u"eupl-1.1"_s,
                                   u"eupl-1.2"_s,
                                   u"gfdl"_s,
                                   u"gpl-2.0"_s,
                                   u"gpl-3.0"_s,
                                   u"isc"_s,
                                   u"lgpl-2.1"_s,
                                   u"lgpl-3.0"_s,
                                   u"mit"_s,
                                   u"mpl-2.0"_s,
                                   u"ms-pl"_s,
                                   u"ncsa"_s,
                                   u"odbl"_s,
                                   u"osl-3.0"_s,
                                   u"pddl"_s,
                                   u"unlicense"_s,
                                   u"wtfpl"_s,
                                   u"zlib"_s};
    QString id = licence.trimmed().toLower();
    for (const QString &suffix : {u"-only"_s, u"-or-later"_s}) {
        if (id.endsWith(suffix))
            id.chop(suffix.size());
    }
    if (licence.isEmpty()) {
        front["license"] = "unknown";
    } else if (known.contains(id)) {
        front["license"] = id.toStdString();
    } else {
        front["license"] = "other";
        front["license_name"] = licence.toStdString();
        front["license_link"] = "LICENSE";
    }
}

std::string sizeCategory(qint64 items)
{
    static const std::array<std::pair<qint64, const char *>, 5> bounds{{{1'000, "n<1K"},
                                                                        {10'000, "1K<n<10K"},
                                                                        {100'000, "10K<n<100K"},
                                                                        {1'000'000, "100K<n<1M"},
                                                                        {10'000'000, "1M<n<10M"}}};
    for (const auto &[bound, name] : bounds) {
        if (items < bound)
            return name;
    }
    return "10M<n<100M";
}

ordered_json featureOf(const UniformRows::Column &column)
{
    ordered_json feature;
    feature["name"] = column.name.toStdString();
    using Type = UniformRows::Type;
    if (column.type == Type::Texts)
        feature["sequence"] = "string";
    else
        feature["dtype"] = column.type == Type::Integer ? "int64"
                           : column.type == Type::Float ? "float64"
                           : column.type == Type::Truth ? "bool"
                                                        : "string";
    return feature;
}

ordered_json frontMatter(const PublicationNames &names, const QList<PublishedSet> &sets)
{
    const auto any = [&](auto has) { return std::ranges::any_of(sets, has); };
    const bool written = any([](const PublishedSet &set) { return !set.card.facts.models.writers.isEmpty(); }),
               imported = any([](const PublishedSet &set) { return !set.card.facts.sources.isEmpty(); }),
               rated = any([](const PublishedSet &set) { return !set.card.reviews.isEmpty(); });
    qint64 rows = 0;
    for (const PublishedSet &set : sets)
        rows += set.rows;
    ordered_json front, annotations = ordered_json::array(), languages = ordered_json::array(),
                        tags = ordered_json::array();
    if (written)
        annotations.push_back("machine-generated");
    if (rated)
        annotations.push_back("expert-generated");
    if (imported)
        annotations.push_back("found");
    if (written)
        languages.push_back("machine-generated");
    if (imported)
        languages.push_back("found");
    tags.push_back("evaluation");
    if (written)
        tags.push_back("model-written");
    front["pretty_name"] = names.title.toStdString();
    addLicence(front, names.licence);
    front["language"].push_back(names.language.toStdString());
    if (!annotations.empty())
        front["annotations_creators"] = annotations;
    if (!languages.empty())
        front["language_creators"] = languages;
    if (written && !imported)
        front["source_datasets"].push_back("original");
    front["task_categories"].push_back("multiple-choice");
    front["size_categories"].push_back(sizeCategory(rows));
    front["tags"] = tags;
    for (const PublishedSet &set : sets) {
        ordered_json config;
        config["config_name"] = set.config.toStdString();
        if (&set == &sets.first())
            config["default"] = true;
        config["data_files"].push_back({{"split", "test"}, {"path", set.dataFile().toStdString()}});
        front["configs"].push_back(config);
    }
    // With the types said, no reader has to guess them from the first rows.
    for (const PublishedSet &set : sets) {
        ordered_json info;
        info["config_name"] = set.config.toStdString();
        for (const UniformRows::Column &column : set.columns)
            info["features"].push_back(featureOf(column));
        front["dataset_info"].push_back(info);
    }
    return front;
}

QString filesPart(const QList<PublishedSet> &sets)
{
    QString out = u"## Files\n\n"_s;
    QList<QStringList> rows;
    qint64 heldBack = 0;
    for (const PublishedSet &set : sets) {
        rows << QStringList{set.name(), set.config, set.dataFile(), QString::number(set.rows),
                            QString::number(set.heldBack)};
        heldBack += set.heldBack;
    }
    out += markdownTable({u"data set"_s, u"configuration"_s, u"file"_s, u"items"_s, u"held back"_s}, rows) + u'\n';
    if (heldBack > 0)
        out += u"%1 items, whole clusters of them, are held back and are in no file here. Numbers of the cards count "
               u"them, examples are "
               u"none of them.\n\n"_s.arg(heldBack);
    out +=
        u"How the data was made is in `metadata/generation.json`, what raters said in numbers in `metadata/review.json`."_s;
    for (const PublishedSet &set : sets) {
        if (!set.recipeFile.isEmpty())
            out += u" The recipe of %1 is `%2`."_s.arg(markdownText(set.name()), set.recipeFile);
    }
    return out + u"\n\nEach row has `item_id`, by which it is named in the project that it comes from, and "
                 u"`content_hash`, which changes "
                 u"with its wording.\n"_s;
}

QString notStated(const QString &text)
{
    return text.isEmpty() ? u"not stated"_s : text;
}

} // namespace

QString licenceLink(const QString &licence)
{
    static const QRegularExpression identifier(u"\\A[A-Za-z0-9.-]+\\+?\\z"_s);
    return identifier.match(licence).hasMatch()
               ? u"https://spdx.org/licenses/%1.html"_s.arg(QString(licence).remove(u'+'))
               : QString();
}

QByteArray readmeFile(const PublicationNames &names, const QList<PublishedSet> &sets)
{
    QString body;
    if (sets.size() > 1)
        body += u"# "_s + markdownText(names.title) + u"\n\n"_s;
    for (const PublishedSet &set : sets)
        body += set.card.markdown() + u'\n';
    body += filesPart(sets);
    return "---\n" + toYaml(frontMatter(names, sets)) + "---\n\n" + body.toUtf8();
}

QByteArray licenceFile(const PublicationNames &names)
{
    if (names.licence.isEmpty())
        return "The licence of this data is not stated. Without one nobody but its authors may use or pass it on.\n";
    QString out = u"SPDX-License-Identifier: %1\n"_s.arg(names.licence);
    const QString link = licenceLink(names.licence);
    out += u"\nThis data is licensed under %1 by: %2.\n"_s.arg(names.licence, notStated(names.authors.simplified()));
    out += link.isEmpty() ? u"The texts of its parts are at https://spdx.org/licenses/.\n"_s
                          : u"The text of the licence is at %1\n"_s.arg(link);
    return out.toUtf8();
}

QByteArray privateReadmeFile(const PublicationNames &names, const QList<PublishedSet> &sets, double share, qint64 seed)
{
    QString out = u"# Held back from: %1\n\nThese items are no part of the published repository. Keep them off the "
                  u"net: they tell whether a "
                  u"model has seen the published ones.\n\nDrawn by whole clusters: a share of %2 with the seed %3. "
                  u"Whoever has the "
                  u"recipe and the same models may write like ones.\n\n"_s.arg(markdownText(names.title))
                      .arg(share)
                      .arg(seed);
    QList<QStringList> rows;
    for (const PublishedSet &set : sets)
        rows << QStringList{set.name(), u"data/%1/private.jsonl"_s.arg(set.config), QString::number(set.heldBack),
                            QString::number(set.clustersHeldBack), QString::number(set.rows)};
    out += markdownTable({u"data set"_s, u"file"_s, u"items"_s, u"clusters"_s, u"published"_s}, rows) + u'\n';
    for (const PublishedSet &set : sets)
        out += set.canary() + u'\n';
    return out.toUtf8();
}

} // namespace evalwright
