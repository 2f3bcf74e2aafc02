// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "lm/batch/batchreader.h"

#include "lm/batch/jsonmembers.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/jsonrow.h"
#include "storage/exchange/linereader.h"

#include <QCryptographicHash>
#include <QFile>

#include <numeric>

namespace evalwright {

using namespace Qt::StringLiterals;
using Outcome = BatchResult::Outcome;

namespace {

constexpr int deepest = 64;
constexpr qsizetype longestId = 64, longestWords = 1000;
constexpr qsizetype mostKept = 100, longestKept = 2000;

tl::unexpected<BatchLineProblem> problem(const QString &reason, const QString &message)
{
    return tl::unexpected(BatchLineProblem{reason, message});
}

/// Says why a text is not JSON. Building the document tells most, but costs many times the memory of the text.
tl::unexpected<BatchLineProblem> syntaxProblem(const QByteArray &line)
{
    constexpr qsizetype affordable = 1 << 20;
    if (line.size() <= affordable) {
        if (const auto parsed = parseJsonRow(line, deepest); !parsed)
            return problem(parsed.error().reason, parsed.error().message);
    }
    return problem(u"json-syntax"_s, u"The line is not JSON, or nested deeper than %1 levels."_s.arg(deepest));
}

QByteArray bytes(QByteArrayView view)
{
    return view.toByteArray();
}

/// Members of a value that may be anything.
QList<JsonMember> membersOf(QByteArrayView value)
{
    return isJsonObject(value) ? jsonMembers(value, 1000).value_or(QList<JsonMember>()) : QList<JsonMember>();
}

QString words(QByteArrayView value)
{
    constexpr qsizetype longest = 100'000;
    return jsonText(value, longest).value_or(QString()).left(longestWords);
}

/// {"code", "message"}, {"error": {"message", "type"}} or a text.
struct Complaint
{
    QString message, kind;
};

Complaint complaintOf(QByteArrayView value)
{
    if (!isJsonObject(value))
        return {words(value), {}};
    QList<JsonMember> members = membersOf(value);
    if (const QByteArrayView inner = jsonMember(members, "error"); !inner.isEmpty()) {
        if (!isJsonObject(inner))
            return {words(inner), {}};
        members = membersOf(inner);
    }
    Complaint out{words(jsonMember(members, "message")), words(jsonMember(members, "code"))};
    if (out.kind.isEmpty())
        out.kind = words(jsonMember(members, "type"));
    return out;
}

QString sentence(const Complaint &complaint, const QString &otherwise)
{
    if (complaint.message.isEmpty())
        return complaint.kind.isEmpty() ? otherwise : complaint.kind;
    return complaint.message;
}

/// A whole number from 100 to 599; 0 when it is none.
int httpStatus(QByteArrayView value)
{
    bool ok = false;
    const int status = bytes(value).toInt(&ok);
    return ok && status >= 100 && status <= 599 ? status : 0;
}

/// The request was not answered: it failed, or it never ran.
BatchResult notAnswered(BatchResult out, QByteArrayView error)
{
    const Complaint complaint = complaintOf(error);
    out.error = sentence(complaint, u"The server gave no reason."_s);
    out.outcome = complaint.kind == "batch_expired"_L1     ? Outcome::Expired
                  : complaint.kind == "batch_cancelled"_L1 ? Outcome::Cancelled
                                                           : Outcome::Errored;
    return out;
}

tl::expected<BatchResult, BatchLineProblem> openAiLine(BatchResult out, const QList<JsonMember> &line)
{
    const QByteArrayView response = jsonMember(line, "response"), error = jsonMember(line, "error");
    if (response.isEmpty()) {
        if (error.isEmpty())
            return problem(u"missing-field"_s, u"There is neither a response nor an error."_s);
        out.body = bytes(error);
        return notAnswered(std::move(out), error);
    }
    if (!isJsonObject(response))
        return problem(u"wrong-type"_s, u"The response is no object."_s);
    const QList<JsonMember> members = membersOf(response);
    if (contradicts(members, "status_code") || contradicts(members, "body"))
        return problem(u"duplicate-key"_s, u"The response says two different things."_s);
    const QByteArrayView status = jsonMember(members, "status_code"), body = jsonMember(members, "body");
    if (status.isEmpty() && body.isEmpty() && !jsonMember(members, "choices").isEmpty()) {
        out.status = 200; // Old vLLM: the reply itself stands here.
        out.body = bytes(response);
    } else {
        out.status = httpStatus(status);
        if (out.status == 0)
            return problem(u"wrong-type"_s, u"“status_code” is no HTTP status."_s);
        out.body = bytes(body);
    }
    if (!error.isEmpty()) {
        // vLLM puts the reason here and leaves the body empty.
        out.body = out.body.isEmpty() ? bytes(error) : out.body;
        return notAnswered(std::move(out), error);
    }
    if (out.status != 200)
        return notAnswered(std::move(out), body);
    if (!isJsonObject(out.body))
        return problem(u"wrong-type"_s, u"The body of the response is no object."_s);
    if (!jsonMember(membersOf(out.body), "error").isEmpty())
        return notAnswered(std::move(out), body); // A 200 with an error inside is an error.
    return out;
}

/// The HTTP status that belongs to a type of error; 0 for one that we do not know.
int anthropicStatus(const QString &type)
{
    static const QHash<QString, int> known{{u"invalid_request_error"_s, 400}, {u"authentication_error"_s, 401},
                                           {u"billing_error"_s, 402},         {u"permission_error"_s, 403},
                                           {u"not_found_error"_s, 404},       {u"request_too_large"_s, 413},
                                           {u"rate_limit_error"_s, 429},      {u"api_error"_s, 500},
                                           {u"overloaded_error"_s, 529}};
    return known.value(type);
}

tl::expected<BatchResult, BatchLineProblem> anthropicLine(BatchResult out, const QList<JsonMember> &line)
{
    const QByteArrayView result = jsonMember(line, "result");
    if (result.isEmpty())
        return problem(u"missing-field"_s, u"There is no result."_s);
    if (!isJsonObject(result))
        return problem(u"wrong-type"_s, u"The result is no object."_s);
    const QList<JsonMember> members = membersOf(result);
    if (contradicts(members, "type") || contradicts(members, "message"))
        return problem(u"duplicate-key"_s, u"The result says two different things."_s);
    const QString type = words(jsonMember(members, "type"));
    if (type == "succeeded"_L1) {
        const QByteArrayView message = jsonMember(members, "message");
        if (!isJsonObject(message))
            return problem(u"wrong-type"_s, u"The message is no object."_s);
        out.status = 200;
        out.body = bytes(message);
        return out;
    }
    if (type == "errored"_L1) {
        const QByteArrayView error = jsonMember(members, "error");
        const Complaint complaint = complaintOf(error);
        out.outcome = Outcome::Errored;
        out.status = anthropicStatus(complaint.kind);
        out.body = bytes(error);
        out.error = sentence(complaint, u"The server gave no reason."_s);
        return out;
    }
    if (type == "canceled"_L1 || type == "expired"_L1) {
        out.outcome = type == "expired"_L1 ? Outcome::Expired : Outcome::Cancelled;
        out.error = type == "expired"_L1 ? u"The batch ended before this request was run."_s
                                         : u"The batch was cancelled before this request was run."_s;
        return out;
    }
    return problem(u"wrong-type"_s, u"“%1” is no type of result."_s.arg(type.left(longestId)));
}

QByteArray digestOf(const BatchResult &result)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::number(static_cast<int>(result.outcome)) + ' ' + QByteArray::number(result.status) + ' ' +
                 QByteArray::number(result.error.size()) + ' ' + result.error.toUtf8());
    hash.addData(result.body);
    return hash.result().left(16);
}

} // namespace

qint64 BatchReadReport::problemLines() const
{
    return std::accumulate(problems.cbegin(), problems.cend(), qint64{0});
}

tl::expected<BatchResult, BatchLineProblem> readBatchLine(BatchService service, const QByteArray &line)
{
    if (!isJson(line, deepest))
        return syntaxProblem(line);
    const QByteArrayView view = QByteArrayView(line).trimmed();
    if (!isJsonObject(view))
        return problem(u"not-an-object"_s, u"The line is no JSON object."_s);
    const auto members = jsonMembers(view);
    if (!members)
        return problem(u"wrong-type"_s, u"The line has more members than any result."_s);
    for (const char *key : {"custom_id", "response", "error", "result"}) {
        if (contradicts(*members, key))
            return problem(u"duplicate-key"_s, u"“%1” occurs twice with different values."_s.arg(QLatin1String(key)));
    }
    const QByteArrayView id = jsonMember(*members, "custom_id");
    if (id.isEmpty())
        return problem(u"missing-field"_s, u"There is no “custom_id”."_s);
    BatchResult out;
    // Six bytes are the longest spelling of one character (\u0041).
    const auto text = jsonText(id, longestId * 6);
    if (!text || text->isEmpty() || text->size() > longestId)
        return problem(u"wrong-type"_s, u"“custom_id” is no text of 1 to 64 characters."_s);
    out.customId = *text;
    auto result = service == BatchService::Anthropic ? anthropicLine(out, *members) : openAiLine(out, *members);
    if (!result)
        result.error().customId = out.customId;
    return result;
}

BatchResultReader::BatchResultReader(IsKnown isKnown, Sink sink, ProblemSink problems, qint64 longestLine)
    : m_isKnown(std::move(isKnown)), m_sink(std::move(sink)), m_problems(std::move(problems)),
      m_longestLine(longestLine)
{
}

Status BatchResultReader::report(BatchLineProblem found)
{
    ++m_report.problems[found.reason];
    found.file = m_files.last();
    const Status done = m_problems ? m_problems(found) : Status();
    if (m_report.first.size() < mostKept) {
        found.raw = QByteArray(found.raw.constData(), std::min(found.raw.size(), longestKept));
        m_report.first << found;
    }
    return done;
}

Status BatchResultReader::take(const BatchResult &result, qint64 line, const QByteArray &raw)
{
    BatchLineProblem found;
    found.line = line;
    found.customId = result.customId;
    found.raw = raw;
    if (!m_isKnown(result.customId)) {
        found.reason = u"id-unknown"_s;
        found.message = u"No request of this batch has the id “%1”."_s.arg(result.customId);
        return report(std::move(found));
    }
    const QByteArray id = result.customId.toUtf8(), digest = digestOf(result);
    if (const auto seen = m_seen.constFind(id); seen != m_seen.cend()) {
        if (seen->digest == digest) {
            ++m_report.repeated;
            return {};
        }
        found.reason = u"content-changed"_s;
        found.message = u"“%1” has two different results; the first is kept."_s.arg(result.customId);
        found.firstFile = m_files.value(seen->file);
        found.firstLine = seen->line;
        return report(std::move(found));
    }
    EVALWRIGHT_TRY(m_sink(result));
    // After the sink: a result that could not be stored is not a result that was handed on.
    m_seen.insert(id, {digest, m_files.size() - 1, line});
    switch (result.outcome) {
    case Outcome::Answered:
        ++m_report.answered;
        break;
    case Outcome::Errored:
        ++m_report.errored;
        break;
    case Outcome::Expired:
        ++m_report.expired;
        break;
    case Outcome::Cancelled:
        ++m_report.cancelled;
        break;
    }
    return {};
}

Status BatchResultReader::read(BatchService service, QIODevice &device, const QString &name,
                               const CancellationToken &token)
{
    m_files << name;
    constexpr qint64 headSize = 16;
    if (const QString content = contentProblem(device.peek(headSize)); !content.isEmpty()) {
        return failure(ErrorCode::Parse,
                       content == "compressed"_L1 ? u"“%1” is compressed."_s.arg(name)
                                                  : u"“%1” is not UTF-8 text."_s.arg(name),
                       u"Unpack or convert it first."_s);
    }
    LineReader reader(device, m_longestLine);
    QByteArray line;
    while (reader.next(line)) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        ++m_report.lines;
        BatchLineProblem found;
        if (reader.tooLong()) {
            found.reason = u"too-long"_s;
            found.message = u"The line is longer than %1 bytes."_s.arg(m_longestLine);
        } else if (line.trimmed().isEmpty()) {
            ++m_report.blank;
            continue;
        } else if (const auto result = readBatchLine(service, line); result) {
            EVALWRIGHT_TRY(take(*result, reader.number(), line));
            continue;
        } else {
            found = result.error();
            found.raw = line;
            m_report.cutShort = m_report.cutShort || !reader.ended();
        }
        found.line = reader.number();
        EVALWRIGHT_TRY(report(std::move(found)));
    }
    return {};
}

Status BatchResultReader::readFile(BatchService service, const QString &path, const CancellationToken &token)
{
    QFile file(path);
    if (!file.exists())
        return failure(ErrorCode::NotFound, u"There is no file “%1”."_s.arg(path), u"Check the name."_s);
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, u"Could not read"_s, path));
    EVALWRIGHT_TRY(read(service, file, path, token));
    if (file.error() != QFileDevice::NoError)
        return failure(fileError(file, u"Could not read"_s, path));
    return {};
}

} // namespace evalwright
