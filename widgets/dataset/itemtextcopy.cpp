// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/itemtextcopy.h"

#include "core/onfinished.h"
#include "core/text.h"
#include "widgets/dataset/itemjson.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLocale>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t itemsAtOnce = 2000;

/// Some of the items, as they stand in the whole.
struct Part
{
    QString text;
    qint64 bytes = 0, items = 0;
};

Result<Part> readPart(Connection &connection, const std::vector<qint64> &ids, ItemCopy::Format format)
{
    QList<CandidateRow> rows;
    for (const qint64 id : ids) {
        Result<CandidateRow> row = candidateById(connection, CandidateId{id});
        if (!row && row.error().code == ErrorCode::NotFound)
            continue;
        if (!row)
            return failure(row.error());
        rows << *std::move(row);
    }
    Part part;
    part.items = rows.size();
    if (format == ItemCopy::Format::PlainText)
        part.text = itemsAsPlainText(rows);
    else if (!rows.isEmpty())
        part.text = itemsAsJson(rows).mid(1).chopped(2); // Without the brackets of the list, which is of all parts.
    part.bytes = part.text.toUtf8().size();
    return part;
}

} // namespace

QString itemsAsPlainText(const QList<CandidateRow> &rows)
{
    QStringList blocks;
    for (const CandidateRow &row : rows) {
        const Candidate &c = row.candidate;
        QString block = ItemCopy::tr("Item %1").arg(c.ordinal + 1) + u'\n' + (c.question.isEmpty() ? c.statement : c.question) + u"\n\n"_s;
        if (!c.matchingLabel.isEmpty())
            block += ItemCopy::tr("Matching answer: %1").arg(c.matchingLabel.trimmed()) + u'\n';
        QStringList others;
        for (const QString &label : c.otherLabels)
            others << label.trimmed();
        if (!others.isEmpty())
            block += ItemCopy::tr("Other answers: %1").arg(others.join(u", "_s)) + u'\n';
        blocks << block;
    }
    return blocks.join(u'\n');
}

ItemCopy::ItemCopy(std::shared_ptr<Project> project, std::vector<qint64> ids, Format format, QObject *parent)
    : QObject(parent), m_project(std::move(project)), m_ids(std::move(ids)), m_format(format)
{
}

void ItemCopy::start()
{
    next();
}

void ItemCopy::cancel()
{
    end();
}

void ItemCopy::end()
{
    m_isEnded = true;
    deleteLater();
}

void ItemCopy::next()
{
    const std::size_t upTo = std::min(m_ids.size(), m_at + itemsAtOnce);
    std::vector<qint64> some(m_ids.begin() + static_cast<std::ptrdiff_t>(m_at), m_ids.begin() + static_cast<std::ptrdiff_t>(upTo));
    m_at = upTo;
    const auto future = m_project->read([some = std::move(some), format = m_format](Connection &connection) { return readPart(connection, some, format); });
    onFinished(future, this, [this](const Result<Part> &part) {
        if (m_isEnded)
            return;
        if (!part) {
            end();
            Q_EMIT failed(part.error());
            return;
        }
        m_bytes += part->bytes;
        if (m_bytes > m_most) {
            end();
            Q_EMIT failed(Error(ErrorCode::InvalidInput,
                                tr("These items are more than the clipboard takes (%1).").arg(formatBytes(m_most)),
                                tr("Choose fewer, or export the data set to a file."))
                              .withConsequence(tr("Nothing was copied.")));
            return;
        }
        if (part->items > 0) {
            const bool isFirst = m_items == 0;
            if (!isFirst)
                m_text += m_format == Format::Json ? u","_s : u"\n"_s;
            m_text += part->text;
            m_items += part->items;
        }
        Q_EMIT progress(static_cast<qint64>(m_at), static_cast<qint64>(m_ids.size()));
        if (m_at < m_ids.size()) {
            next();
            return;
        }
        if (m_format == Format::Json)
            m_text = m_items > 0 ? u'[' + m_text + u"\n]"_s : u"[]"_s;
        QGuiApplication::clipboard()->setText(m_text);
        end();
        Q_EMIT copied(m_items);
    });
}

} // namespace evalwright
