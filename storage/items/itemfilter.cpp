// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/itemfilter.h"

#include "core/text.h"

#include <algorithm>
#include <array>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Field
{
    ItemField field;
    QLatin1StringView name;
    QStringList values; ///< All that there are; empty: the data set says.
};

const std::array<Field, 15> &fields()
{
    static const std::array<Field, 15> all{{
        {ItemField::Text, "text"_L1, {}},
        {ItemField::State, "state"_L1, {u"kept"_s, u"rejected"_s, u"undecided"_s, u"all"_s}},
        {ItemField::Label, "label"_L1, {}},
        {ItemField::Reason, "reason"_L1, {}},
        {ItemField::Stage, "stage"_L1, {}},
        {ItemField::By, "by"_L1, {u"person"_s, u"rule"_s}},
        {ItemField::Confidence, "confidence"_L1, {}},
        {ItemField::Cluster, "cluster"_L1, {}},
        {ItemField::Tag, "tag"_L1, {}},
        {ItemField::Lint, "lint"_L1, {}},
        {ItemField::Rated, "rated"_L1, {u"yes"_s, u"no"_s, u"disputed"_s, u"broken"_s}},
        {ItemField::Edited, "edited"_L1, {u"yes"_s, u"no"_s}},
        {ItemField::Source, "source"_L1, {}},
        {ItemField::Id, "id"_L1, {}},
        {ItemField::Number, "number"_L1, {}},
    }};
    return all;
}

const Field *fieldNamed(QStringView name)
{
    const auto found = std::ranges::find_if(fields(), [&](const Field &one) { return name.compare(one.name, Qt::CaseInsensitive) == 0; });
    return found == fields().end() ? nullptr : &*found;
}

const Field &fieldOf(ItemField field)
{
    return *std::ranges::find(fields(), field, &Field::field);
}

bool isNumeric(ItemField field)
{
    return field == ItemField::Confidence || field == ItemField::Number;
}

/// A part of the text that blanks end, quotes left as they stand.
struct Piece
{
    qsizetype at = 0;
    QString text;
    bool isOpen = false; ///< A quote is not closed.
};

QList<Piece> piecesOf(const QString &text)
{
    QList<Piece> pieces;
    bool isQuoted = false, isInside = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (!isQuoted && c.isSpace()) {
            isInside = false;
            continue;
        }
        if (!isInside) {
            pieces << Piece{i, {}, false};
            isInside = true;
        }
        if (c == u'"')
            isQuoted = !isQuoted;
        else if (isQuoted && c == u'\\' && i + 1 < text.size() && (text[i + 1] == u'"' || text[i + 1] == u'\\'))
            pieces.last().text += text[i++];
        pieces.last().text += text[i];
    }
    if (isQuoted)
        pieces.last().isOpen = true;
    return pieces;
}

/// Where the name of a field ends: at the first colon that stands before any quote; -1 without one.
qsizetype colonOf(const QString &piece)
{
    const qsizetype colon = piece.indexOf(u':'), quote = piece.indexOf(u'"');
    return quote >= 0 && quote < colon ? -1 : colon;
}

/// A value without its quotes, and where it stands with them.
struct Value
{
    QString text;
    qsizetype at = 0, length = 0;
};

/// Divides values at commas outside of quotes, and takes the quotes off.
QList<Value> valuesOf(QStringView text)
{
    QList<Value> values{Value()};
    bool isQuoted = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u',' && !isQuoted) {
            values << Value{{}, i + 1, 0};
            continue;
        }
        if (isQuoted && c == u'\\' && i + 1 < text.size())
            values.last().text += text[++i];
        else if (c == u'"')
            isQuoted = !isQuoted;
        else
            values.last().text += c;
        values.last().length = i + 1 - values.last().at;
    }
    return values;
}

QString quoted(const QString &value)
{
    static const auto isPlain = [](QChar c) { return !c.isSpace() && c != u'"' && c != u',' && c != u'\\'; };
    if (!value.isEmpty() && std::all_of(value.cbegin(), value.cend(), isPlain))
        return value;
    QString out = value;
    out.replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s);
    return u'"' + out + u'"';
}

tl::unexpected<Error> wrong(qsizetype at, const QString &what, const QString &advice = {}, const QStringList &suggestions = {})
{
    return failure(Error(ErrorCode::InvalidInput, u"Character %1 of the filter: %2"_s.arg(QString::number(at + 1), what), advice)
                       .withSuggestions(suggestions));
}

std::optional<double> numberIn(QStringView text)
{
    bool ok = false;
    const double value = text.trimmed().toDouble(&ok);
    return ok && qIsFinite(value) ? std::optional(value) : std::nullopt;
}

/// ">0.9", "0.5..0.8", "0.7", "none".
Status readRange(ItemTerm &term, const QString &value, qsizetype at)
{
    const auto bad = [&] {
        return wrong(at, u"“%1” is no number or range."_s.arg(value.left(40)), u"Write 0.9, >0.9, <=0.5, 0.5..0.8%1."_s.arg(
                                                                                  term.field == ItemField::Confidence ? u" or none"_s : u""_s));
    };
    if (value == "none"_L1 && term.field == ItemField::Confidence) {
        term.isUnknown = true;
        return {};
    }
    if (const qsizetype dots = value.indexOf(".."_L1); dots >= 0) {
        const QStringView low = QStringView(value).left(dots), high = QStringView(value).mid(dots + 2);
        term.low = numberIn(low);
        term.high = numberIn(high);
        if ((!low.isEmpty() && !term.low) || (!high.isEmpty() && !term.high) || (low.isEmpty() && high.isEmpty()))
            return bad();
        return {};
    }
    const bool isEqual = value.size() > 1 && value[1] == u'=';
    const auto number = numberIn(QStringView(value).mid(value.startsWith(u'>') || value.startsWith(u'<') ? isEqual ? 2 : 1 : 0));
    if (!number)
        return bad();
    if (value.startsWith(u'>')) {
        term.low = number;
        term.isLowOpen = !isEqual;
    } else if (value.startsWith(u'<')) {
        term.high = number;
        term.isHighOpen = !isEqual;
    } else {
        term.low = term.high = number;
    }
    return {};
}

QString rangeText(const ItemTerm &term)
{
    const auto number = [](double value) { return QString::number(value, 'g', 17).size() > QString::number(value, 'g', 15).size() && QString::number(value, 'g', 15).toDouble() == value
                                                      ? QString::number(value, 'g', 15)
                                                      : QString::number(value, 'g', 17); };
    if (term.isUnknown)
        return u"none"_s;
    if (term.low && term.high)
        return *term.low == *term.high ? number(*term.low) : number(*term.low) + u".."_s + number(*term.high);
    if (term.low)
        return (term.isLowOpen ? u">"_s : u">="_s) + number(*term.low);
    return (term.isHighOpen ? u"<"_s : u"<="_s) + number(term.high.value_or(0));
}

} // namespace

QString itemFieldName(ItemField field)
{
    return field == ItemField::Words ? QString() : QString(fieldOf(field).name);
}

QString ItemFilter::toText() const
{
    QStringList parts;
    for (const ItemTerm &term : terms) {
        if (term.field == ItemField::Words) {
            parts << (term.isNegated ? u"-"_s : u""_s) + term.values.value(0);
            continue;
        }
        QStringList values;
        for (const QString &value : term.values)
            values << quoted(value);
        parts << (term.isNegated ? u"-"_s : u""_s) + itemFieldName(term.field) + u':' +
                     (isNumeric(term.field) ? rangeText(term) : values.join(u','));
    }
    return parts.join(u' ');
}

Result<ItemFilter> parseItemFilter(const QString &text, FilterPlace *wrongPlace)
{
    ItemFilter filter;
    QStringList words;
    const auto wrongAt = [wrongPlace](qsizetype from, qsizetype length, const QString &what, const QString &advice = {},
                                      const QStringList &suggestions = {}) {
        if (wrongPlace)
            *wrongPlace = {from, length};
        return wrong(from, what, advice, suggestions);
    };
    const QString narrower = u"Choose by a label, tag or cluster that the items have in common."_s;
    if (text.size() > longestFilter) {
        return wrongAt(longestFilter, text.size() - longestFilter,
                       u"the filter is longer than %1 characters."_s.arg(longestFilter), narrower);
    }
    qsizetype count = 0;
    const auto tooMany = [&](const Piece &piece, qsizetype more) -> std::optional<tl::unexpected<Error>> {
        count += more;
        if (count <= mostFilterValues)
            return std::nullopt;
        return wrongAt(piece.at, piece.text.size(), u"the filter has more than %1 values."_s.arg(mostFilterValues), narrower);
    };
    for (const Piece &piece : piecesOf(text)) {
        if (piece.isOpen)
            return wrongAt(piece.at, piece.text.size(), u"a quote is not closed."_s, u"Put a \" at the end of the phrase."_s);
        const bool isNegated = piece.text.startsWith(u'-') && colonOf(piece.text) > 1;
        const QString body = piece.text.mid(isNegated ? 1 : 0);
        const qsizetype colon = colonOf(body), at = piece.at + (isNegated ? 1 : 0);
        const bool looksLikeField = colon > 0 && std::all_of(body.cbegin(), body.cbegin() + colon, [](QChar c) { return c.isLetter(); }) &&
                                    !body.mid(colon).startsWith("://"_L1);
        if (!looksLikeField && piece.text.size() > 1 && piece.text.startsWith(u'-')) {
            ItemTerm without;
            without.isNegated = true;
            without.values = {piece.text.mid(1)};
            if (const auto error = tooMany(piece, 1))
                return *error;
            filter.terms << without;
            continue;
        }
        if (!looksLikeField) {
            words << piece.text;
            if (const auto error = tooMany(piece, 1))
                return *error;
            continue;
        }
        const Field *field = fieldNamed(QStringView(body).left(colon));
        if (!field) {
            QStringList names;
            for (const Field &one : fields())
                names << one.name;
            return wrongAt(at, colon, u"there is no field “%1”."_s.arg(body.left(colon).left(40)),
                         u"Fields: %1. Put the words in quotes if they are meant as text."_s.arg(names.join(u", "_s)),
                         nearestNames(body.left(colon).toLower(), names));
        }
        ItemTerm term;
        term.field = field->field;
        term.isNegated = isNegated;
        const QString rest = body.mid(colon + 1);
        if (rest.isEmpty())
            return wrongAt(at, colon + 1, u"“%1:” needs a value."_s.arg(field->name), u"Write e.g. state:kept or confidence:>0.9."_s);
        const qsizetype restAt = at + colon + 1;
        if (isNumeric(field->field)) {
            if (const auto error = tooMany(piece, 1))
                return *error;
            if (wrongPlace)
                *wrongPlace = {restAt, rest.size()};
            EVALWRIGHT_TRY(readRange(term, rest, restAt));
            filter.terms << term;
            continue;
        }
        const QList<Value> values = valuesOf(rest);
        if (const auto error = tooMany(piece, values.size()))
            return *error;
        for (const Value &value : values) {
            if (value.text.isEmpty() && field->field != ItemField::Cluster && field->field != ItemField::Label)
                return wrongAt(restAt + value.at, std::max<qsizetype>(1, value.length), u"a value of “%1” is empty."_s.arg(field->name));
            if (field->values.isEmpty()) {
                term.values << value.text;
                continue;
            }
            const auto known = std::ranges::find_if(field->values, [&](const QString &one) { return one.compare(value.text, Qt::CaseInsensitive) == 0; });
            if (known == field->values.end())
                return wrongAt(restAt + value.at, value.length, u"“%1” is no value of “%2”."_s.arg(value.text.left(40), field->name),
                               u"Values: %1."_s.arg(field->values.join(u", "_s)), nearestNames(value.text.toLower(), field->values));
            term.values << *known;
        }
        term.values.removeDuplicates();
        filter.terms << term;
    }
    if (!words.isEmpty()) {
        ItemTerm term;
        term.values = {words.join(u' ')};
        filter.terms << term;
    }
    return filter;
}

FilterCompletion completeItemFilter(const QString &text, qsizetype cursor, const std::function<QStringList(ItemField)> &values)
{
    FilterCompletion out;
    const QList<Piece> pieces = piecesOf(text.left(cursor));
    const bool isInside = !pieces.isEmpty() && (pieces.last().isOpen || !text.left(cursor).back().isSpace());
    const QString piece = isInside ? pieces.last().text : QString();
    const qsizetype start = isInside ? pieces.last().at : cursor, minus = piece.startsWith(u'-') ? 1 : 0;
    const QString body = piece.mid(minus);
    const qsizetype colon = colonOf(body);
    if (colon < 0) {
        out.from = start + minus;
        out.length = cursor - out.from;
        for (const Field &one : fields()) {
            if (QString(one.name).startsWith(body, Qt::CaseInsensitive))
                out.choices << one.name + u':';
        }
        return out;
    }
    const Field *field = fieldNamed(QStringView(body).left(colon));
    if (!field)
        return out;
    const qsizetype comma = std::max(colon, body.lastIndexOf(u','));
    QString begun = body.mid(comma + 1);
    out.from = start + minus + comma + 1;
    out.length = cursor - out.from;
    begun.remove(u'"');
    QStringList all = field->values;
    if (all.isEmpty() && values)
        all = values(field->field);
    if (field->field == ItemField::Confidence)
        all = {u">0.9"_s, u"0.5..0.8"_s, u"none"_s};
    for (const QString &value : std::as_const(all)) {
        if (value.startsWith(begun, Qt::CaseInsensitive))
            out.choices << quoted(value);
    }
    return out;
}

} // namespace evalwright
