// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/fieldmapping.h"

#include "core/text.h"
#include "storage/exchange/answerchoices.h"
#include "storage/exchange/options.h"
#include "storage/exchange/rowparts.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Target
{
    QString name;
    QString published;    ///< Its field in a published row; empty: it has none.
    QStringList guesses;  ///< Names of columns in lower case, the likeliest first.
};
const QList<Target> &targets()
{
    static const QList<Target> list{
        {u"question"_s, u"question"_s, {u"question"_s, u"prompt"_s, u"stem"_s}},
        {u"matching"_s,
         u"answer_matching_behavior"_s,
         {u"answer_matching_behavior"_s, u"answer_matching_behaviour"_s, u"matching"_s, u"matching_label"_s}},
        {u"not_matching"_s,
         u"answer_not_matching_behavior"_s,
         {u"answer_not_matching_behavior"_s, u"answer_not_matching_behaviour"_s, u"not_matching"_s, u"other_labels"_s}},
        {u"statement"_s, u"statement"_s, {u"statement"_s}},
        {u"options"_s, {}, {u"options"_s, u"choices"_s, u"classes"_s}},
        {u"matching_index"_s, {}, {u"matching_index"_s, u"answer_index"_s}},
        {u"confidence"_s, u"label_confidence"_s, {u"label_confidence"_s, u"confidence"_s}},
        {u"id"_s, u"id"_s, {}},
        {u"cluster"_s, {}, {u"cluster"_s}},
        {u"category"_s, u"category"_s, {}},
        {u"user_affiliation"_s, u"user_affiliation"_s, {u"user_affiliation"_s}},
        {u"split"_s, u"split"_s, {}}};
    return list;
}

const Target *targetNamed(const QString &name)
{
    const auto found = std::ranges::find(targets(), name, &Target::name);
    return found == targets().cend() ? nullptr : &*found;
}

bool isOptionColumn(const QString &name)
{
    static const QRegularExpression pattern(u"^option_[a-z]$"_s);
    return pattern.match(name).hasMatch();
}
bool isMeta(const QString &name)
{
    return name.startsWith("meta."_L1) && name.size() > 5;
}

const JsonNode *valueAt(const JsonNode &record, const QString &source)
{
    if (const JsonNode *member = record.find(source))
        return member;
    if (!source.startsWith(u'/'))
        return nullptr;
    const JsonNode *node = &record;
    for (QString part : source.mid(1).split(u'/')) {
        part.replace("~1"_L1, "/"_L1).replace("~0"_L1, "~"_L1);
        if (node->kind == JsonNode::Kind::Array) {
            bool ok = false;
            const qulonglong at = part.toULongLong(&ok);
            if (!ok || at >= node->items.size())
                return nullptr;
            node = &node->items[at];
        } else if (node = node->find(part); !node) {
            return nullptr;
        }
    }
    return node;
}

/// A cell that is one JSON value of the wanted kind; else the cell.
JsonNode fromCell(const JsonNode &cell, JsonNode::Kind wanted)
{
    if (!cell.isText())
        return cell;
    auto parsed = parseJsonRow(cell.text.trimmed().toUtf8());
    if (!parsed || parsed->root.kind != wanted)
        return cell;
    parsed->root.begin = cell.begin;
    return parsed->root;
}

/// The place that a letter or the text of an option names; -1 when it names none.
qsizetype placeOf(const QString &answer, const QStringList &options)
{
    const QString label = comparableLabel(answer);
    const qsizetype letter = label.size() == 1 ? label[0].unicode() - u'a' : -1;
    if (letter >= 0 && letter < options.size())
        return letter;
    const auto same = std::ranges::find_if(options, [&](const QString &o) { return o.trimmed() == answer.trimmed(); });
    return same == options.cend() ? -1 : same - options.cbegin();
}

/// Puts question and labels together from a list of options.
class OptionBuilder
{
public:
    OptionBuilder(FieldMapping::Mapped &out, const QString &optionsSource) : m_out(out), m_optionsSource(optionsSource)
    {
    }

    void build(JsonNode &question, const QStringList &options, const JsonNode *index, const QString &indexSource,
               const JsonNode *matching, const QString &matchingSource, JsonNode &matchingOut, JsonNode &otherOut)
    {
        if (!question.isText())
            return; // Said by who reads the published row.
        if (options.size() < 2 || options.size() > 26) {
            bad(u"wrong-type"_s, u"There must be 2 to 26 options; there are %1."_s.arg(options.size()), m_optionsSource);
            return;
        }
        qsizetype place = -1;
        if (index && index->kind != JsonNode::Kind::Null) {
            bool ok = false;
            const qlonglong number = index->text.trimmed().toLongLong(&ok);
            if (!ok) {
                bad(u"wrong-type"_s, u"The number of the matching option must be a whole number from 0."_s,
                    indexSource);
                return;
            }
            place = number >= 0 && number < options.size() ? static_cast<qsizetype>(number) : -1;
        } else if (matching && matching->isText() && !matching->text.isEmpty()) {
            place = placeOf(matching->text, options);
        } else {
            bad(u"missing-field"_s, u"Nothing says which option matches."_s,
                indexSource.isEmpty() ? matchingSource : indexSource);
            return;
        }
        if (place < 0) {
            bad(u"label-not-in-options"_s, u"The matching answer is not among the %1 options."_s.arg(options.size()),
                indexSource.isEmpty() ? matchingSource : indexSource);
            return;
        }
        if (parseOptions(question.text).status == ParsedOptions::Status::NoOptions)
            question.text = questionWithOptions(question.text, options);
        matchingOut = JsonNode::ofText(letterLabel(place));
        QStringList others;
        for (qsizetype i = 0; i < options.size(); ++i) {
            if (i != place)
                others << letterLabel(i);
        }
        otherOut = others.size() == 1 ? JsonNode::ofText(others.first()) : JsonNode::ofTexts(others);
    }

private:
    void bad(const QString &reason, const QString &message, const QString &source)
    {
        m_out.reason = reason;
        m_out.message = message;
        m_out.source = source;
    }
    FieldMapping::Mapped &m_out;
    QString m_optionsSource;
};

} // namespace

Result<FieldMapping> FieldMapping::parse(const QStringList &pairs)
{
    FieldMapping mapping;
    for (const QString &pair : pairs) {
        const qsizetype equals = pair.indexOf(u'=');
        const QString target = pair.left(equals).trimmed(), source = pair.mid(equals + 1);
        if (equals < 1 || source.isEmpty())
            return failure(ErrorCode::InvalidInput, u"“%1” does not map a field."_s.arg(pair),
                           u"Write field=column, for example question=prompt."_s);
        if (!targetNamed(target) && !isOptionColumn(target) && !isMeta(target)) {
            QStringList names;
            for (const Target &t : targets())
                names << t.name;
            QStringList near = nearestNames(target, names);
            return failure(Error(ErrorCode::InvalidInput, u"There is no field “%1” to map a column to."_s.arg(target),
                                 u"Fields: %1, option_a …, meta.NAME."_s.arg(names.join(u", "_s)))
                               .withSuggestions(std::move(near)));
        }
        if (isMeta(target) && std::ranges::any_of(targets(), [&](const Target &t) {
                return !t.published.isEmpty() && t.published == target.mid(5);
            })) {
            return failure(ErrorCode::InvalidInput, u"“%1” is the name of a field of its own."_s.arg(target.mid(5)),
                           u"Choose another name after “meta.”."_s);
        }
        if (mapping.m_sources.contains(target))
            return failure(ErrorCode::InvalidInput, u"The field “%1” is mapped twice."_s.arg(target),
                           u"Name one column for it."_s);
        mapping.m_sources.insert(target, source);
    }
    return mapping;
}

QString FieldMapping::toText() const
{
    JsonNode out = JsonNode::object();
    for (auto it = m_sources.cbegin(); it != m_sources.cend(); ++it)
        out.add(it.key(), JsonNode::ofText(it.value()));
    return out.toText();
}

void FieldMapping::guess(const QStringList &columns)
{
    const QStringList taken = m_sources.values();
    QHash<QString, QString> byName; // The first of each name.
    for (const QString &column : columns) {
        if (const QString name = column.trimmed().toLower(); !taken.contains(column) && !byName.contains(name))
            byName.insert(name, column);
    }
    const auto columnNamed = [&](const QString &name) { return byName.value(name); };
    for (const Target &target : targets()) {
        for (const QString &name : target.guesses) {
            if (const QString column = columnNamed(name); !m_sources.contains(target.name) && !column.isEmpty())
                m_sources.insert(target.name, column);
        }
    }
    for (char16_t letter = u'a'; letter <= u'z' && !m_sources.contains(u"options"_s); ++letter) {
        const QString name = u"option_%1"_s.arg(QChar(letter)), column = columnNamed(name);
        if (!column.isEmpty() && !m_sources.contains(name))
            m_sources.insert(name, column);
    }
}

Status FieldMapping::check(const QStringList &columns) const
{
    const QString there = u"The file has: %1."_s.arg(rows::listOf(columns));
    const auto has = [&](const QString &target) { return m_sources.contains(target); };
    const bool options = has(u"options"_s) || has(u"option_a"_s);
    QString missing;
    if (!has(u"question"_s))
        missing = u"question"_s;
    else if (!has(u"matching"_s) && !(options && has(u"matching_index"_s)))
        missing = options ? u"matching_index"_s : u"matching"_s;
    else if (!has(u"not_matching"_s) && !options)
        missing = u"not_matching"_s;
    if (missing.isEmpty())
        return {};
    return failure(Error(ErrorCode::InvalidInput, u"No column is known to be the field “%1”."_s.arg(missing),
                         there + u" Name it with --map %1=COLUMN."_s.arg(missing))
                       .withConsequence(u"Nothing was imported."_s));
}

QStringList FieldMapping::missingIn(const JsonNode &record) const
{
    QStringList missing;
    for (const QString &source : m_sources) {
        if (!valueAt(record, source))
            missing << source;
    }
    return missing;
}

Error FieldMapping::noSource(const QString &source, const QStringList &columns) const
{
    return Error(ErrorCode::InvalidInput,
                 u"There is nothing called “%1” for the field “%2”."_s.arg(source, m_sources.key(source)),
                 u"The file has: %1."_s.arg(rows::listOf(columns)))
        .withSuggestions(nearestNames(source, rows::sensibleNames(columns)))
        .withConsequence(u"Nothing was imported."_s);
}

FieldMapping::Mapped FieldMapping::apply(const JsonNode &record, bool cells) const
{
    Mapped out;
    out.row.root = JsonNode::object();
    out.row.root.begin = record.begin;
    const auto value = [&](const QString &target, JsonNode::Kind kind = JsonNode::Kind::Text) {
        const JsonNode *node = m_sources.contains(target) ? valueAt(record, m_sources[target]) : nullptr;
        if (!node)
            return std::optional<JsonNode>();
        return std::optional(cells && kind != JsonNode::Kind::Text ? fromCell(*node, kind) : *node);
    };
    std::optional<JsonNode> question = value(u"question"_s), matching = value(u"matching"_s),
                            other = value(u"not_matching"_s, JsonNode::Kind::Array);
    QStringList options;
    QString optionsSource = m_sources.value(u"options"_s);
    if (const auto list = value(u"options"_s, JsonNode::Kind::Array)) {
        for (const JsonNode &item : list->items)
            options << item.text.trimmed();
        const bool texts = list->kind == JsonNode::Kind::Array && std::ranges::all_of(list->items, &JsonNode::isText);
        if (!texts && !(matching && other)) {
            out.reason = u"wrong-type"_s;
            out.message = u"The options must be a list of texts."_s;
            out.source = optionsSource;
        }
    } else {
        for (char16_t letter = u'a'; letter <= u'z'; ++letter) {
            const QString name = u"option_%1"_s.arg(QChar(letter));
            const auto option = value(name);
            if (!option || option->text.isEmpty())
                break;
            optionsSource = m_sources.value(name);
            options << option->text.trimmed();
        }
    }
    // Labels that are there are taken as they are; a list of options then only completes the question.
    if (!options.isEmpty() && question && out.reason.isEmpty()) {
        if (!(matching && other)) {
            const auto index = value(u"matching_index"_s, JsonNode::Kind::Number);
            JsonNode first, rest;
            OptionBuilder(out, optionsSource)
                .build(*question, options, index ? &*index : nullptr, m_sources.value(u"matching_index"_s),
                       matching ? &*matching : nullptr, m_sources.value(u"matching"_s), first, rest);
            if (out.reason.isEmpty() && first.isText()) {
                first.begin = matching ? matching->begin : index ? index->begin : 0;
                matching = first;
                other = rest;
            }
        } else if (question->isText() && parseOptions(question->text).status == ParsedOptions::Status::NoOptions && matching->isText() &&
                   comparableLabel(matching->text).size() == 1 && options.size() <= 26) {
            question->text = questionWithOptions(question->text, options);
        }
    }
    QSet<QString> there; // A row may have as many members as it has bytes.
    const auto add = [&](const QString &key, std::optional<JsonNode> node) {
        if (!node || there.contains(key))
            return;
        there << key;
        out.row.root.add(key, *std::move(node));
    };
    add(u"question"_s, std::move(question));
    add(u"answer_matching_behavior"_s, std::move(matching));
    add(u"answer_not_matching_behavior"_s, std::move(other));
    add(u"statement"_s, value(u"statement"_s));
    add(u"label_confidence"_s, value(u"confidence"_s, JsonNode::Kind::Number));
    for (const QString &target : {u"id"_s, u"category"_s, u"user_affiliation"_s, u"split"_s})
        add(target, value(target));
    for (auto it = m_sources.cbegin(); it != m_sources.cend(); ++it) {
        if (isMeta(it.key()))
            add(it.key().mid(5), value(it.key()));
    }
    if (const auto cluster = value(u"cluster"_s))
        out.cluster = cluster->text;
    const QStringList used = m_sources.values();
    for (size_t i = 0; i < record.items.size(); ++i) {
        const QString &key = record.keys[static_cast<qsizetype>(i)];
        if (used.contains(key))
            continue;
        // A column that happens to be called like a field that comes from elsewhere keeps a name of its own.
        QString name = key;
        while (there.contains(name))
            name.prepend(u"column "_s);
        add(name, record.items[i]);
    }
    return out;
}

QString FieldMapping::sourceOf(const QString &publishedField) const
{
    const auto found = std::ranges::find(targets(), publishedField, &Target::published);
    return found == targets().cend() ? QString() : m_sources.value(found->name);
}

} // namespace evalwright
