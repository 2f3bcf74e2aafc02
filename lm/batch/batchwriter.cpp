// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchwriter.h"

#include "core/hash.h"
#include "lm/batch/jsonmembers.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/outputfile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostOpen = 16;
constexpr qsizetype longestModel = 1000;
constexpr int deepestBody = 64;
const QByteArray anthropicHead = "{\"requests\":[\n", anthropicTail = "\n]}\n";

/// 96 bits of the request key: what the custom id says.
using ShortKey = std::array<char, 12>;

ShortKey shortKey(const QByteArray &requestKey)
{
    ShortKey out{};
    std::copy_n(requestKey.cbegin(), out.size(), out.begin());
    return out;
}

tl::unexpected<Error> invalid(const QString &message)
{
    return failure(Error(ErrorCode::InvalidInput, message).withConsequence(u"No batch file was written."_s));
}

/// OpenAI's batch takes more, but these are the requests that this program makes.
bool isBatchedPath(BatchService service, const QString &url)
{
    if (service == BatchService::Anthropic)
        return url == "/v1/messages"_L1;
    return url == "/v1/chat/completions"_L1 || url == "/v1/completions"_L1;
}

/// The name of the model, after checking that the body can go into a batch at all.
Result<QString> modelOf(const BatchLine &line)
{
    if (!isJson(line.bodyJson, deepestBody))
        return invalid(u"The body of a request is not JSON."_s);
    const auto members = jsonMembers(line.bodyJson, 1000);
    if (!members)
        return invalid(u"The body of a request is no JSON object."_s);
    if (jsonMember(*members, "stream") == QByteArrayView("true"))
        return invalid(u"A request asks for a stream, which no batch has."_s);
    const auto model = jsonText(jsonMember(*members, "model"), longestModel);
    if (!model || model->isEmpty() || contradicts(*members, "model"))
        return invalid(u"The body of a request names no model."_s);
    return *model;
}

/// Raw line ends stand only between the tokens of a JSON text.
QByteArray onOneLine(QByteArray json)
{
    std::ranges::replace_if(
        json, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return json.trimmed();
}

QByteArray entryOf(BatchService service, const BatchLine &line)
{
    const QByteArray head = "{\"custom_id\":\"" + batchCustomId(line.requestKey).toLatin1() + '"';
    if (service == BatchService::Anthropic)
        return head + ",\"params\":" + onOneLine(line.bodyJson) + '}';
    return head + ",\"method\":\"POST\",\"url\":\"" + line.url.toLatin1() + "\",\"body\":" + onOneLine(line.bodyJson) +
           "}\n";
}

} // namespace

QString batchCustomId(const QByteArray &requestKey)
{
    return u"r-"_s + QString::fromLatin1(requestKey.left(12).toHex());
}

BatchLimits BatchLimits::of(BatchService service)
{
    return service == BatchService::Anthropic ? BatchLimits{100'000, 256'000'000} : BatchLimits{50'000, 200'000'000};
}

struct BatchWriter::Part
{
    BatchFile file;
    QString temporary;
    std::unique_ptr<QFile> device; ///< Null once closed.
    std::unique_ptr<QCryptographicHash> hash;
    std::set<ShortKey> keys;
    bool isPublished = false;
};

BatchWriter::BatchWriter(BatchWriteOptions options) : m_options(std::move(options))
{
    const BatchLimits most = BatchLimits::of(m_options.service);
    const auto within = [](qint64 asked, qint64 limit) { return asked > 0 ? std::min(asked, limit) : limit; };
    m_options.limits = {within(m_options.limits.lines, most.lines), within(m_options.limits.bytes, most.bytes)};
}

BatchWriter::~BatchWriter()
{
    for (const auto &part : m_parts) {
        part->device.reset();
        if (!part->isPublished && !part->temporary.isEmpty())
            QFile::remove(part->temporary);
    }
}

QString BatchWriter::target(qsizetype number) const
{
    const QString ending = m_options.service == BatchService::Anthropic ? u"json"_s : u"jsonl"_s;
    return QDir(m_options.folder)
        .filePath(u"%1-%2.%3"_s.arg(m_options.stem).arg(number, 3, 10, QLatin1Char('0')).arg(ending));
}

Status BatchWriter::write(Part &part, const QByteArray &bytes)
{
    if (part.device->write(bytes) != bytes.size())
        return failure(fileError(*part.device, u"Could not write"_s, part.file.path));
    part.hash->addData(bytes);
    part.file.bytes += bytes.size();
    return {};
}

Status BatchWriter::open(Part &part)
{
    EVALWRIGHT_TRY(mayWriteFile(part.file.path, m_options.projectPath, m_options.overwrite));
    const QString name = QFileInfo(part.file.path).fileName();
    const QString temporary = QDir(m_options.folder).filePath(u".%1.%2.part"_s.arg(name, newUuid()));
    part.device = std::make_unique<QFile>(temporary);
    if (!part.device->open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(fileError(*part.device, u"Could not write"_s, part.file.path));
    part.temporary = temporary;
    part.hash = std::make_unique<QCryptographicHash>(QCryptographicHash::Sha256);
    return m_options.service == BatchService::Anthropic ? write(part, anthropicHead) : Status();
}

Status BatchWriter::close(Part &part)
{
    if (m_options.service == BatchService::Anthropic)
        EVALWRIGHT_TRY(write(part, anthropicTail));
    if (!part.device->flush() || ::fsync(part.device->handle()) != 0)
        return failure(fileError(*part.device, u"Could not write"_s, part.file.path));
    part.file.sha256 = QString::fromLatin1(part.hash->result().toHex());
    part.device.reset();
    part.hash.reset();
    part.keys.clear();
    return {};
}

Result<BatchWriter::Part *> BatchWriter::partFor(const QString &model, const QString &url, qint64 bytes)
{
    const bool anthropic = m_options.service == BatchService::Anthropic;
    const qint64 around = anthropic ? anthropicHead.size() + anthropicTail.size() : 0;
    if (bytes + around > m_options.limits.bytes)
        return invalid(u"One request is larger than a whole batch file may be."_s);
    const auto group = std::make_pair(model, url);
    const auto found = m_open.find(group);
    if (found != m_open.end()) {
        Part &part = *found->second;
        const qint64 tail = anthropic ? anthropicTail.size() : 0;
        if (part.file.lines < m_options.limits.lines && part.file.bytes + bytes + tail <= m_options.limits.bytes)
            return &part;
        EVALWRIGHT_TRY(close(part));
        m_open.erase(found);
    }
    if (m_open.size() >= mostOpen)
        return invalid(u"The requests are for more than %1 models; write them in several runs."_s.arg(mostOpen));
    auto part = std::make_unique<Part>();
    part->file.path = target(static_cast<qsizetype>(m_parts.size()) + 1);
    part->file.model = model;
    part->file.url = url;
    Part *raw = part.get();
    m_parts.push_back(std::move(part));
    EVALWRIGHT_TRY(open(*raw));
    m_open.emplace(group, raw);
    return raw;
}

Status BatchWriter::add(const BatchLine &line)
{
    if (m_failed)
        return invalid(u"An earlier request could not be written."_s);
    m_failed = true; // Until this line is in its file.
    if (line.requestKey.size() != 32)
        return invalid(u"The key of a request has %1 bytes instead of 32."_s.arg(line.requestKey.size()));
    if (!isBatchedPath(m_options.service, line.url))
        return invalid(u"Requests to “%1” cannot go into such a batch."_s.arg(line.url));
    EVALWRIGHT_ASSIGN(const QString model, modelOf(line));
    const QByteArray entry = entryOf(m_options.service, line);
    constexpr qint64 separator = 2;
    EVALWRIGHT_ASSIGN(Part * part, partFor(model, line.url, entry.size() + separator));
    if (!part->keys.insert(shortKey(line.requestKey)).second)
        return invalid(u"The request %1 occurs twice."_s.arg(batchCustomId(line.requestKey)));
    const bool isLater = m_options.service == BatchService::Anthropic && part->file.lines > 0;
    EVALWRIGHT_TRY(write(*part, isLater ? ",\n" + entry : entry));
    ++part->file.lines;
    m_failed = false;
    return {};
}

Status BatchWriter::publish(const Part &part, QStringList &replaced)
{
    EVALWRIGHT_TRY(mayWriteFile(part.file.path, m_options.projectPath, m_options.overwrite));
    if (m_options.overwrite && QFileInfo::exists(part.file.path)) {
        if (std::rename(QFile::encodeName(part.temporary).constData(), QFile::encodeName(part.file.path).constData()) !=
            0)
            return failure(ErrorCode::Storage, u"Could not replace “%1”."_s.arg(part.file.path),
                           u"Check the permissions of the folder."_s, qt_error_string(errno));
        replaced << part.file.path;
        return {};
    }
    // QFile::rename() never replaces a file, also not one that appeared a moment ago.
    QFile file(part.temporary);
    if (!file.rename(part.file.path))
        return failure(fileError(file, u"Could not write"_s, part.file.path));
    return {};
}

Result<BatchWriteReport> BatchWriter::finish()
{
    if (m_failed)
        return invalid(u"An earlier request could not be written."_s);
    m_failed = true; // Nothing can be added any more.
    for (const auto &[group, part] : m_open)
        EVALWRIGHT_TRY(close(*part));
    m_open.clear();
    QStringList replaced;
    for (const auto &part : m_parts) {
        if (auto done = publish(*part, replaced); !done) {
            for (const auto &earlier : m_parts) {
                if (earlier->isPublished && !replaced.contains(earlier->file.path))
                    QFile::remove(earlier->file.path);
            }
            Error error = std::move(done).error();
            error.consequence = replaced.isEmpty() ? u"No batch file was written."_s
                                                   : u"These were already replaced: %1."_s.arg(replaced.join(u", "_s));
            return failure(std::move(error));
        }
        part->isPublished = true;
    }
    // The names are on the disk only when the folder is.
    if (const int folder = ::open(QFile::encodeName(m_options.folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    BatchWriteReport report;
    for (const auto &part : m_parts)
        report.files << part->file;
    static const QRegularExpression number(u"-(\\d{3,})\\.jsonl?$"_s);
    const QStringList there = QDir(m_options.folder).entryList(QDir::Files, QDir::Name);
    for (const QString &name : there) {
        const auto match = number.match(name);
        const QString path = QDir(m_options.folder).filePath(name);
        if (match.hasMatch() && target(match.captured(1).toLongLong()) == path &&
            match.captured(1).toULongLong() > m_parts.size())
            report.stale << path;
    }
    return report;
}

} // namespace evalwright
