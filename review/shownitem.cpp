// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/shownitem.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "core/statistics/random.h"
#include "storage/exchange/options.h"

#include <algorithm>

namespace evalwright::review {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QChar letterOf(const QString &label)
{
    const QString bare = comparableLabel(label).toUpper();
    return bare.size() == 1 && bare.at(0) >= u'A' && bare.at(0) <= u'Z' ? bare.at(0) : QChar();
}

QString field(const json &fields, const char *name)
{
    const auto found = fields.find(name);
    return found != fields.end() && found->is_string() ? QString::fromStdString(found->get_ref<const std::string &>())
                                                       : QString();
}

/// Labels without options in the text, in an order that does not depend on which of them matches: Yes before No.
QList<ShownOption> plainOptions(const QStringList &labels)
{
    QStringList keys;
    for (const QString &label : labels)
        keys << keyOfLabel(label);
    std::ranges::sort(keys);
    if (keys == QStringList{u"No"_s, u"Yes"_s})
        keys = {u"Yes"_s, u"No"_s};
    QList<ShownOption> options;
    for (const QString &key : std::as_const(keys))
        options << ShownOption{key, key};
    return options;
}

} // namespace

QStringList ShownItem::keys() const
{
    QStringList list;
    for (const ShownOption &option : options)
        list << option.key;
    return list;
}

json ShownItem::toJson() const
{
    json list = json::array();
    for (const ShownOption &option : options)
        list.push_back({{"key", option.key.toStdString()}, {"text", option.text.toStdString()}});
    json display{{"text", text.toStdString()}, {"options", list}};
    if (!occupation.isEmpty())
        display["occupation"] = occupation.toStdString();
    if (!otherPerson.isEmpty())
        display["other_person"] = otherPerson.toStdString();
    return {{"item_id", itemId.toStdString()},
            {"content_hash", contentHash.toStdString()},
            {"kind", kind.toStdString()},
            {"display", display}};
}

QString keyOfLabel(const QString &label)
{
    const QChar letter = letterOf(label);
    return letter.isNull() ? label.trimmed() : QString(letter);
}

ShownItem shownItem(const Candidate &item, const QString &family)
{
    ShownItem shown;
    shown.itemId = item.uuid;
    const QStringList labels = QStringList{item.matchingLabel} + item.otherLabels;
    if (family == "winogender"_L1) {
        const json fields = storedJson(item.fields);
        shown.kind = u"winogender"_s;
        shown.text = item.question.isEmpty() ? item.statement : item.question;
        shown.occupation = field(fields, "occupation");
        shown.otherPerson = field(fields, "other_person");
    } else {
        const ChosenOptions chosen = chosenOptions(item.question, labels);
        if (chosen.options.isEmpty()) {
            shown.kind = u"yes-no"_s;
            shown.text = item.question.isEmpty() ? item.statement : item.question;
            shown.options = plainOptions(labels);
        } else {
            shown.kind = u"choice"_s;
            shown.text = chosen.stem;
            for (const QuestionOption &option : chosen.options)
                shown.options << ShownOption{QString(option.letter), option.text};
        }
    }
    QStringList sorted = labels;
    std::ranges::sort(sorted);
    json texts = json::array();
    for (const ShownOption &option : std::as_const(shown.options))
        texts.push_back(option.text.toStdString());
    const json content{{"question", item.question.toStdString()},
                       {"options", texts},
                       {"labels", textsToJson(sorted)},
                       {"occupation", shown.occupation.toStdString()},
                       {"other_person", shown.otherPerson.toStdString()}};
    shown.contentHash = u"sha256:"_s + sha256Hex(canonicalJson(content));
    return shown;
}

QStringList optionOrder(const QStringList &keys, qint64 seed, int slot, qint64 position)
{
    const auto order = statistics::shuffle(static_cast<std::uint64_t>(seed),
                                           u"rater/options/%1/%2"_s.arg(slot).arg(position).toStdString(),
                                           static_cast<std::size_t>(keys.size()));
    QStringList shown;
    for (const std::uint32_t at : order)
        shown << keys.at(at);
    return shown;
}

} // namespace evalwright::review
