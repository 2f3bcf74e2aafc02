// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/writtenitem.h"

#include "storage/exchange/jsonrow.h"
#include "storage/exchange/questionrow.h"

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// The extra data of a row with a text among its unknown fields, in place of one of that name.
QString withField(const QString &extra, const QString &name, const QString &value)
{
    const auto parsed = parseJsonRow(extra.toUtf8(), questionrow::deepestExtra);
    if (!parsed)
        return extra; // Whoever writes the row says what is wrong.
    JsonNode fields = JsonNode::object(), out = JsonNode::object();
    const JsonNode *before = parsed->root.find(u"fields"_s);
    for (size_t i = 0; before && i < before->items.size(); ++i) {
        if (before->keys[static_cast<qsizetype>(i)] != name)
            fields.add(before->keys[static_cast<qsizetype>(i)], before->items[i]);
    }
    fields.add(name, JsonNode::ofText(value));
    out.add(u"fields"_s, std::move(fields));
    if (const JsonNode *flags = parsed->root.find(u"flags"_s))
        out.add(u"flags"_s, *flags);
    return out.toText();
}

} // namespace

Candidate writtenItem(Candidate item, bool trimLabels, const QString &canary)
{
    if (trimLabels) {
        item.matchingLabel = item.matchingLabel.trimmed();
        for (QString &label : item.otherLabels)
            label = label.trimmed();
    }
    if (!canary.isEmpty())
        item.extra = withField(item.extra, u"canary"_s, canary);
    return item;
}

} // namespace evalwright
