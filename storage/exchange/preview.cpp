// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/preview.h"

#include "storage/exchange/delimitedreader.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/jsonrow.h"
#include "storage/exchange/sourcefile.h"
#include "storage/exchange/tablerows.h"

#include <QBuffer>
#include <QFileInfo>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 mostBytes = qint64{4} << 20;
constexpr qsizetype mostText = 1 << 14; ///< Characters of one row.
constexpr qsizetype mostColumns = 200;

/// Adds the members of an object, and what they hold as JSON pointers.
void addMembers(QStringList &columns, const JsonNode &node, const QString &pointer, int depth)
{
    constexpr int deepest = 3;
    constexpr size_t mostOfArray = 8;
    const auto add = [&](const QString &name, const JsonNode &value) {
        QString part = name;
        part.replace(u'~', "~0"_L1).replace(u'/', "~1"_L1);
        const QString path = pointer + u'/' + part;
        const QString column = depth == 0 ? name : path;
        if (columns.size() < mostColumns && !columns.contains(column))
            columns << column;
        if (depth < deepest)
            addMembers(columns, value, path, depth + 1);
    };
    for (size_t i = 0; i < node.items.size(); ++i) {
        if (node.kind == JsonNode::Kind::Object)
            add(node.keys[static_cast<qsizetype>(i)], node.items[i]);
        else if (i < mostOfArray)
            add(QString::number(i), node.items[i]);
    }
}

QStringList membersOf(const QByteArray &text)
{
    QStringList columns;
    qsizetype seen = 0;
    for (const QByteArray &line : text.split('\n')) {
        if (seen == FilePreview::mostRows)
            break;
        if (line.trimmed().isEmpty())
            continue;
        ++seen;
        if (const auto row = parseJsonRow(line.trimmed()); row && row->root.kind == JsonNode::Kind::Object)
            addMembers(columns, row->root, {}, 0);
    }
    // What can be a question comes before what hardly is one.
    std::ranges::stable_partition(columns, [](const QString &column) { return !column.startsWith(u'/'); });
    return columns;
}

QStringList headerOf(const QByteArray &text, const QString &format, qint64 longestRow)
{
    QByteArray copy = text;
    QBuffer buffer(&copy);
    buffer.open(QIODevice::ReadOnly);
    const bool quotes = format != "tsv"_L1 && format != "winogender"_L1;
    TableRows table(buffer, {quotes ? guessDelimiter(text) : '\t', quotes}, longestRow, false);
    if (!table.begin())
        return {};
    return table.columns().mid(0, mostColumns);
}

/// A text of which the first line has several cells, but none that is known.
bool looksLikeTable(const QByteArray &text)
{
    const QByteArray line = text.left(text.indexOf('\n'));
    return text.contains('\n') && !text.contains('\0') && firstInvalidUtf8(text) < 0 && !line.trimmed().startsWith('{') &&
           !line.trimmed().startsWith('[') && line.contains(guessDelimiter(text));
}

/// The rows that the text has, at most as many as are shown.
void readRows(FilePreview &preview, SourceFile &source, const SourceFile::Beginning &beginning)
{
    QByteArray text = beginning.text;
    std::optional<FileFacts> facts;
    // With what the first reading says about the rows the second one tells options and biographies apart.
    for (int reading = 0; reading < 2; ++reading) {
        QBuffer buffer(&text);
        buffer.open(QIODevice::ReadOnly);
        const auto reader = source.readerOf(buffer, facts);
        preview.rows.clear();
        bool more = false;
        for (ImportedRow row; reader->next(row);) {
            if (preview.rows.size() == FilePreview::mostRows) {
                more = true;
                break;
            }
            source.judge(row);
            preview.rows << PreviewRow{row, {}};
        }
        preview.whole = beginning.whole && !more;
        // A record that goes over several lines may be cut at the end.
        if (!beginning.whole && !more && !preview.rows.isEmpty())
            preview.rows.removeLast();
        facts = reader->facts();
        preview.refusal = reader->refusal();
    }
    if (preview.rows.isEmpty() && !beginning.whole && !preview.refusal) {
        PreviewRow row;
        row.row.problem = RowProblem{1, 0, u"too-long"_s, u"The first row is too long to be shown here; an import reads it."_s, {}, {}};
        preview.rows << row;
    }
    preview.family = facts->family;
    preview.mapping = facts->mapping;
}

/// Gives each row its lines: from where it starts to where the next one does.
void addTexts(FilePreview &preview, const QByteArray &text)
{
    QList<qsizetype> starts{0};
    for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
        starts << at + 1;
    const auto startOf = [&](qint64 line) {
        return line > 0 && line <= starts.size() ? starts[line - 1] : text.size();
    };
    qint64 read = 0;
    for (qsizetype i = 0; i < preview.rows.size(); ++i) {
        const qint64 line = preview.rows[i].line();
        const bool isLast = i + 1 == preview.rows.size();
        const qsizetype from = startOf(line), to = isLast ? (preview.whole ? text.size() : startOf(line + 1)) : startOf(preview.rows[i + 1].line());
        QByteArray raw = text.mid(from, to - from);
        while (raw.endsWith('\n') || raw.endsWith('\r'))
            raw.chop(1);
        preview.rows[i].text = QString::fromUtf8(raw).left(mostText);
        read = std::max<qint64>(read, to);
    }
    if (preview.rows.isEmpty() || read <= 0)
        return;
    preview.rowsExpected = preview.whole ? preview.rows.size()
                                         : static_cast<qint64>(static_cast<double>(preview.size) * static_cast<double>(preview.rows.size()) /
                                                               static_cast<double>(read));
}

/// Rows that nothing reads, so that one sees what the columns hold.
void addUnread(FilePreview &preview, const QByteArray &text)
{
    const QList<QByteArray> lines = text.split('\n');
    for (qsizetype i = preview.table ? 1 : 0; i < lines.size() && preview.rows.size() < FilePreview::mostRows; ++i) {
        if (lines[i].trimmed().isEmpty())
            continue;
        PreviewRow row;
        row.row.candidate.sourceLine = i + 1;
        row.row.problem = RowProblem{i + 1, 0, u"missing-field"_s, preview.refusal->message, {}, {}};
        preview.rows << row;
    }
}

} // namespace

Result<FilePreview> previewFile(const QString &path, const ImportOptions &options, const CancellationToken &token)
{
    EVALWRIGHT_TRY(requireRegularFile(path));
    FilePreview preview;
    preview.path = path;
    preview.size = QFileInfo(path).size();
    auto source = std::make_unique<SourceFile>();
    Status opened = source->open(path, options, token);
    preview.recognised = opened && options.format == "auto"_L1 && options.map.isEmpty();
    if (!opened && opened.error().code == ErrorCode::Unsupported && options.format == "auto"_L1) {
        ImportOptions asTable = options;
        asTable.format = u"csv"_s;
        auto table = std::make_unique<SourceFile>();
        EVALWRIGHT_TRY(table->open(path, asTable, token));
        EVALWRIGHT_ASSIGN(const SourceFile::Beginning head, table->beginning(2, 1 << 16));
        if (looksLikeTable(head.text)) {
            source = std::move(table);
            opened = {};
        }
    }
    if (!opened) {
        const ErrorCode code = opened.error().code;
        if (code != ErrorCode::Unsupported && code != ErrorCode::InvalidInput)
            return failure(opened.error());
        preview.refusal = opened.error();
        return preview;
    }
    if (source->problem()) {
        preview.problem = source->problem();
        return preview;
    }
    preview.format = source->format().name;
    preview.formatTitle = source->format().title;
    preview.mapped = source->format().mapped;
    const bool lines = preview.format.endsWith("jsonl"_L1) || preview.format == "anthropic-evals"_L1;
    preview.table = !lines && preview.format != "winogender"_L1;
    EVALWRIGHT_ASSIGN(const SourceFile::Beginning beginning, source->beginning(FilePreview::mostRows + 2, mostBytes));
    if (token.isCancelled())
        return failure(stoppedOnRequest());
    preview.columns = lines ? membersOf(beginning.text) : headerOf(beginning.text, preview.format, options.longestRow);
    readRows(preview, *source, beginning);
    if (preview.refusal && preview.rows.isEmpty())
        addUnread(preview, beginning.text);
    addTexts(preview, beginning.text);
    return preview;
}

} // namespace evalwright
