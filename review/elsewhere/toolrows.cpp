// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/elsewhere/toolrows.h"

#include "core/foreignjson.h"
#include "review/sealedzip.h"
#include "storage/exchange/jsonpieces.h"
#include "storage/exchange/rowparts.h"

#include <QIODevice>

#include <algorithm>
#include <cstring>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 longestElement = qint64{16} << 20;
constexpr qint64 mostPlaces = 1'000'000'000;
constexpr std::size_t mostOptions = 100;
const QByteArray listName("list");

/// A JSON list as the only member of an object: what JsonPieces cuts.
class ListInObject : public QIODevice
{
public:
    explicit ListInObject(QIODevice &list) : m_list(list) { open(QIODevice::ReadOnly | QIODevice::Unbuffered); }
    bool isSequential() const override { return true; }

protected:
    qint64 readData(char *data, qint64 most) override
    {
        if (m_before.isEmpty()) {
            if (const qint64 read = m_list.read(data, most); read > 0)
                return read;
            return give(m_after, data, most);
        }
        return give(m_before, data, most);
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    static qint64 give(QByteArray &from, char *data, qint64 most)
    {
        const qint64 count = std::min<qint64>(most, from.size());
        std::memcpy(data, from.constData(), static_cast<std::size_t>(count));
        from.remove(0, count);
        return count;
    }
    QIODevice &m_list;
    QByteArray m_before = "{\"" + listName + "\":", m_after = "}";
};

qint64 wholeOf(const json &value)
{
    if (value.is_number_integer())
        return value.get<qint64>();
    if (!value.is_string())
        return -1;
    bool isNumber = false;
    const qint64 number = QString::fromStdString(value.get_ref<const std::string &>()).toLongLong(&isNumber);
    return isNumber ? number : -1;
}

/// [{"alias": key, "value": text}, …] or [key, …].
bool readOptions(const json &list, ToolAnswer &answer)
{
    if (!list.is_array() || list.size() > mostOptions)
        return false;
    for (const json &one : list) {
        const QString key = one.is_string() ? QString::fromStdString(one.get_ref<const std::string &>()) : textIn(one, "alias");
        if (key.isEmpty() || answer.optionOrder.contains(key))
            return false;
        answer.optionOrder << key;
        answer.optionTexts.insert(key, one.is_string() ? key : textIn(one, "value"));
    }
    return true;
}

} // namespace

json ToolProblem::toJson() const
{
    const auto orNull = [](const QString &text) { return text.isEmpty() ? json(nullptr) : json(text.toStdString()); };
    return {{"row", row},
            {"reason", reason.toStdString()},
            {"field", orNull(field)},
            {"message", message.toStdString()},
            {"item", orNull(item)}};
}

const json &ToolRow::at(const char *name) const
{
    return partOf(members, name);
}

QString ToolRow::text(const char *name) const
{
    return textIn(members, name);
}

qint64 ToolRow::whole(const char *name) const
{
    return wholeOf(at(name));
}

json ToolRow::structured(const char *name) const
{
    const json &value = at(name);
    if (!value.is_string())
        return value;
    json parsed = parseForeignJson(QByteArray::fromStdString(value.get_ref<const std::string &>()));
    return parsed.is_discarded() ? json(nullptr) : parsed;
}

std::optional<ToolProblem> readPlace(const ToolRow &row, const PlaceNames &names, ToolAnswer &answer)
{
    answer.row = row.number;
    answer.itemId = row.text(names.item);
    answer.exportId = row.text(names.exportId);
    const auto bad = [&](const QString &reason, const char *field, const QString &message) {
        return ToolProblem{row.number, reason, QString::fromLatin1(field), message, answer.itemId.left(64)};
    };
    if (!isUuid(answer.itemId))
        return bad(u"id-unknown"_s, names.item, u"The task does not say which item it shows."_s);
    if (!isUuid(answer.exportId))
        return bad(u"id-unknown"_s, names.exportId, u"The task does not say which export it comes from."_s);
    answer.contentHash = row.text(names.contentHash);
    if (!isContentHash(answer.contentHash))
        return bad(answer.contentHash.isEmpty() ? u"missing-field"_s : u"wrong-type"_s, names.contentHash,
                   u"The task does not say which wording was shown."_s);
    const qint64 list = row.whole(names.list), position = row.whole(names.position);
    if (list < 1 || list > 1'000'000)
        return bad(u"wrong-type"_s, names.list, u"The number of the list is none."_s);
    if (position < 1 || position > mostPlaces)
        return bad(u"wrong-type"_s, names.position, u"The place in the list is none."_s);
    answer.slot = static_cast<int>(list - 1);
    answer.position = position - 1;
    const json options = row.structured(names.options);
    if (!options.is_null() && !readOptions(options, answer))
        return bad(u"wrong-type"_s, names.options, u"The options are no list of options."_s);
    return {};
}

bool forEachElement(QIODevice &file, const std::function<bool(const QByteArray &, bool)> &use)
{
    if (file.peek(3) == "\xef\xbb\xbf")
        file.skip(3);
    ListInObject whole(file);
    int members = 0;
    JsonPieces pieces(whole, longestElement);
    const bool isComplete = pieces.read(
        listName,
        [&](const QByteArray &name) {
            ++members;
            return name == listName && members == 1;
        },
        [&](const QByteArray &, QByteArray &&text, bool tooLong) { return use(text, tooLong); });
    return isComplete && members == 1; // Else something stands behind the list.
}

tl::expected<json, ToolProblem> rowObject(qint64 row, const QByteArray &text, bool tooLong)
{
    if (tooLong)
        return tl::unexpected(ToolProblem{row, u"too-long"_s, {}, u"It is longer than 16 MiB."_s, {}});
    if (const auto parsed = rows::parseObject(text); !parsed)
        return tl::unexpected(ToolProblem{row, parsed.error().reason, {}, parsed.error().message, {}});
    json object = parseForeignJson(text);
    if (object.is_discarded())
        return tl::unexpected(ToolProblem{row, u"json-syntax"_s, {}, u"It holds a number that nothing can hold."_s, {}});
    return object;
}

} // namespace evalwright::review
