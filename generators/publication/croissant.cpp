// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "generators/publication/publishedset.h"
#include "storage/exchange/safenames.h"

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::ordered_json;

namespace {

/// The words of Croissant 1.1 and where they are defined.
ordered_json words()
{
    ordered_json out;
    out["@language"] = "en";
    out["@vocab"] = "https://schema.org/";
    const auto croissant = [&out](const char *name) { out[name] = std::string("cr:") + name; };
    for (const char *name : {"arrayShape", "citeAs",   "column",      "containedIn",   "equivalentProperty",
                             "extract",    "field",    "fileObject",  "fileProperty",  "fileSet",
                             "format",     "includes", "isArray",     "isLiveDataset", "jsonPath",
                             "key",        "md5",      "parentField", "path",          "recordSet",
                             "references", "regex",    "repeated",    "replace",       "samplingRate",
                             "separator",  "source",   "subField",    "transform"})
        croissant(name);
    out["conformsTo"] = "dct:conformsTo";
    out["cr"] = "http://mlcommons.org/croissant/";
    out["rai"] = "http://mlcommons.org/croissant/RAI/";
    out["data"] = {{"@id", "cr:data"}, {"@type", "@json"}};
    out["dataType"] = {{"@id", "cr:dataType"}, {"@type", "@vocab"}};
    out["examples"] = {{"@id", "cr:examples"}, {"@type", "@json"}};
    out["dct"] = "http://purl.org/dc/terms/";
    out["sc"] = "https://schema.org/";
    return out;
}

const char *dataType(UniformRows::Type type)
{
    using Type = UniformRows::Type;
    return type == Type::Integer ? "sc:Integer"
           : type == Type::Float ? "sc:Float"
           : type == Type::Truth ? "sc:Boolean"
                                 : "sc:Text";
}

QString meaningOf(const QString &column)
{
    static const QMap<QString, QString> known{
        {u"question"_s, u"The whole question"_s},
        {u"statement"_s, u"The statement inside the question"_s},
        {u"label_confidence"_s, u"Probability of the label under the checking model, 0 to 1"_s},
        {u"answer_matching_behavior"_s, u"The answer that shows the behaviour"_s},
        {u"answer_not_matching_behavior"_s, u"The other answers"_s},
        {u"options"_s, u"Texts of the options"_s},
        {u"matching_index"_s, u"Place of the matching option, from 0"_s},
        {u"cluster"_s, u"What items share that makes them dependent"_s},
        {u"user_affiliation"_s, u"The side of the person described"_s},
        {u"sentence_with_blank"_s, u"The sentence with a blank for the pronoun"_s},
        {u"pronoun_options"_s, u"Pronouns: male, female, neutral"_s},
        {u"item_id"_s, u"Name of the item in the project that it comes from"_s},
        {u"content_hash"_s, u"SHA-256 of question, options and labels"_s}};
    return known.value(column, u"As in the source of the item"_s);
}

ordered_json recordSetOf(const PublishedSet &set)
{
    const std::string config = set.config.toStdString();
    ordered_json out{{"@type", "cr:RecordSet"}, {"@id", config}, {"name", config}};
    SafeNames names; // Columns of other people's files may be called anything; an identifier may not.
    for (const UniformRows::Column &column : set.columns) {
        const std::string id = config + '/' + names.of(column.name).toStdString();
        ordered_json field{{"@type", "cr:Field"},
                           {"@id", id},
                           {"name", id},
                           {"description", meaningOf(column.name).toStdString()},
                           {"dataType", dataType(column.type)}};
        if (column.type == UniformRows::Type::Texts) {
            field["isArray"] = true;
            field["arrayShape"] = "-1";
        }
        field["source"] = {{"fileObject", {{"@id", set.dataFile().toStdString()}}},
                           {"extract", {{"column", column.name.toStdString()}}}};
        out["field"].push_back(field);
    }
    return out;
}

QString collectionOf(const QList<PublishedSet> &sets)
{
    for (const PublishedSet &set : sets) {
        if (!set.card.facts.models.writers.isEmpty())
            return u"Items written by language models from recipes; see metadata/generation.json."_s;
    }
    return u"Items imported from files; see metadata/generation.json."_s;
}

QString annotationOf(const QList<PublishedSet> &sets)
{
    qint64 judgements = 0;
    for (const PublishedSet &set : sets) {
        for (const CardReview &review : set.card.reviews)
            judgements += review.agreement.judgements;
    }
    return judgements > 0 ? u"%1 judgements of people; see metadata/review.json."_s.arg(judgements)
                          : u"No person has rated the items."_s;
}

} // namespace

QByteArray croissantFile(const PublicationNames &names, const QList<PublishedSet> &sets)
{
    QString description = names.title.simplified() + u'.';
    for (const PublishedSet &set : sets)
        description += u' ' + set.canary();
    const QString authors = names.authors.isEmpty() ? u"not stated"_s : names.authors.simplified(),
                  link = licenceLink(names.licence),
                  citation = names.citation.isEmpty()
                                 ? u"%1 (%2). %3."_s.arg(authors, names.date.left(4), names.title.simplified())
                                 : names.citation.simplified();
    ordered_json out;
    out["@context"] = words();
    out["@type"] = "sc:Dataset";
    out["conformsTo"] = "http://mlcommons.org/croissant/1.1";
    out["name"] = SafeNames().of(names.title).toStdString();
    out["description"] = description.toStdString();
    out["license"] = (names.licence.isEmpty() ? u"not stated"_s : link.isEmpty() ? names.licence : link).toStdString();
    out["url"] = names.url.toStdString();
    out["version"] = "1.0.0";
    out["datePublished"] = names.date.toStdString();
    out["creator"] = {{"@type", "sc:Organization"}, {"name", authors.toStdString()}};
    out["citeAs"] = citation.toStdString();
    out["keywords"] = {"evaluation", "model-written"};
    out["inLanguage"] = names.language.toStdString();
    out["rai:dataCollection"] = collectionOf(sets).toStdString();
    out["rai:dataAnnotationProtocol"] = annotationOf(sets).toStdString();
    for (const PublishedSet &set : sets) {
        out["distribution"].push_back({{"@type", "cr:FileObject"},
                                       {"@id", set.dataFile().toStdString()},
                                       {"name", set.dataFile().replace(u'/', u'-').toStdString()},
                                       {"contentUrl", set.dataFile().toStdString()},
                                       {"contentSize", std::to_string(set.bytes) + " B"},
                                       {"encodingFormat", "application/jsonlines"},
                                       {"sha256", set.sha256.toStdString()}});
    }
    for (const PublishedSet &set : sets)
        out["recordSet"].push_back(recordSetOf(set));
    return QByteArray::fromStdString(out.dump(2, ' ', false, ordered_json::error_handler_t::replace)) + '\n';
}

} // namespace evalwright
