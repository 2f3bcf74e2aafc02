// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/inspectlog.h"

#include "core/foreignjson.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/jsonpieces.h"
#include "storage/exchange/meter.h"
#include "storage/exchange/observations/inspectsample.h"
#include "storage/exchange/observations/pythonjson.h"
#include "storage/exchange/recordsource.h"
#include "storage/exchange/ziparchive.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 longestSample = qint64{64} << 20;

Error noHeader(const QString &path)
{
    return Error(ErrorCode::InvalidInput, u"“%1” has no header that can be read: it is no log of Inspect, or damaged."_s.arg(path),
                 u"Get the log again from where it came."_s)
        .withConsequence(u"Nothing was imported."_s);
}

QString statusOf(const json &value)
{
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string &>()).left(40) : QString();
}

/// What both kinds of log share: header, model, notes, and one text of a sample as a record.
class InspectSource : public ObservationSource
{
public:
    InspectSource(const QString &path, const QString &model) : m_path(path), m_model(model) {}

    Status open()
    {
        m_facts.format = u"inspect-log"_s;
        m_facts.method = u"inspect"_s;
        m_facts.bytes = QFileInfo(m_path).size();
        EVALWRIGHT_TRY(readHeader());
        if (!m_model.isEmpty())
            m_header.model = m_model;
        if (m_header.model.isEmpty()) {
            return failure(Error(ErrorCode::InvalidInput, u"“%1” does not say which model answered."_s.arg(m_path),
                                 u"Name the model with --model."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        if (m_header.task.isEmpty())
            m_header.task = QFileInfo(m_path).completeBaseName();
        return {};
    }

    qint64 position() const override { return m_position; }
    ObservationFacts facts() const override { return m_facts; }

protected:
    virtual Status readHeader() = 0;

    /// The record of a sample's text, or what is wrong with it.
    ObservationRecord recordOf(const QByteArray &text, qint64 number) const
    {
        const auto plain = plainJson(text);
        if (!plain)
            return problem(u"too-long"_s, u"The sample has more than two million values."_s, number);
        const json sample = parseForeignJson(*plain);
        if (sample.is_discarded())
            return problem(u"json-syntax"_s, u"The sample is no JSON that can be read, or is nested too deep."_s, number);
        return numbered(inspectRecord(sample, m_header), number);
    }
    static ObservationRecord problem(const QString &reason, const QString &message, qint64 number)
    {
        ObservationRecord out;
        out.problem = RowProblem{0, 0, reason, message, {}, {}};
        return numbered(std::move(out), number);
    }
    static ObservationRecord tooLong(qint64 number)
    {
        return problem(u"too-long"_s, u"The sample is longer than 64 MiB."_s, number);
    }

    /// Once all is read.
    void takeNotes()
    {
        m_facts.notes.clear();
        if (m_header.status == "error"_L1)
            m_facts.notes << u"The run of this log ended with an error; what it did not reach is missing."_s;
        else if (m_header.status == "cancelled"_L1)
            m_facts.notes << u"The run of this log was stopped; what it did not reach is missing."_s;
        else if (m_header.status == "started"_L1)
            m_facts.notes << u"The run of this log had not ended when it was written."_s;
        if (m_header.invalidated)
            m_facts.notes << u"Whoever made this log marked it as invalid."_s;
        if (m_header.scorers > 1) {
            m_facts.notes << u"The log has %1 scorers; the first, “%2”, is the one that was read."_s.arg(m_header.scorers)
                                 .arg(m_header.scorer.left(60));
        }
    }

    QString m_path;
    InspectHeader m_header;
    ObservationFacts m_facts;
    qint64 m_position = 0;

private:
    static ObservationRecord numbered(ObservationRecord &&record, qint64 number)
    {
        record.line = number;
        if (record.problem)
            record.problem->line = number;
        return std::move(record);
    }

    QString m_model;
};

/// One JSON object. Samples are cut out of it one at a time.
class JsonLog final : public InspectSource
{
public:
    using InspectSource::InspectSource;

    Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) override
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return failure(fileError(file, u"Could not read"_s, m_path));
        Meter meter(file, [this](qint64 bytes) { m_position = bytes; });
        JsonPieces pieces(meter, longestSample);
        qint64 number = 0;
        const bool whole = pieces.read(
            "samples", [](const QByteArray &name) { return name == "samples"; },
            [&](const QByteArray & /*name*/, QByteArray &&text, bool isTooLong) {
                ++number;
                use(isTooLong ? tooLong(number) : recordOf(text, number));
                return !token.isCancelled();
            });
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        if (file.error() != QFileDevice::NoError)
            return failure(fileError(file, u"Could not read"_s, m_path));
        if (!whole)
            use(problem(u"json-syntax"_s, u"The log is no whole JSON object after this sample; it seems to be cut short."_s, number + 1));
        while (!meter.read(1 << 20).isEmpty()) {
        } // What follows a broken object counts for the hash.
        m_facts.sha256 = meter.sha256();
        m_facts.bytes = meter.bytes();
        takeNotes();
        return {};
    }

private:
    Status readHeader() override
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return failure(fileError(file, u"Could not read"_s, m_path));
        bool found = false;
        JsonPieces pieces(file, longestSample);
        // The header stands first; only what is small follows the samples, so the whole file is gone through once.
        pieces.read(
            "samples",
            [](const QByteArray &name) { return name == "eval" || name == "status" || name == "invalidated"; },
            [&](const QByteArray &name, QByteArray &&text, bool isTooLong) {
                const auto plain = isTooLong ? std::nullopt : plainJson(text);
                const json value = plain ? parseForeignJson(*plain) : json();
                if (name == "status") {
                    m_header.status = statusOf(value);
                } else if (name == "invalidated") {
                    m_header.invalidated = value == true;
                } else if (value.is_object()) {
                    readInspectEval(value, m_header);
                    found = true;
                }
                return true;
            });
        return found ? Status() : Status(failure(noHeader(m_path)));
    }
};

/// A ZIP file with a member for each sample.
class EvalLog final : public InspectSource
{
public:
    using InspectSource::InspectSource;

    Status forEach(const std::function<void(ObservationRecord &&)> &use, const CancellationToken &token) override
    {
        // Members are read in the order of the directory, so the hash takes a reading of its own: one before and one
        // after, and what lies between is what was hashed.
        EVALWRIGHT_ASSIGN(const QString before, hash());
        EVALWRIGHT_ASSIGN(const auto archive, ZipArchive::open(m_path));
        qint64 number = 0;
        m_position = 0;
        for (const ZipArchive::Member &member : archive->members()) {
            if (!isSample(member.name))
                continue;
            if (token.isCancelled())
                return failure(stoppedOnRequest());
            ++number;
            const Result<QByteArray> text = archive->read(member, token);
            if (text)
                use(recordOf(*text, number));
            else if (text.error().code == ErrorCode::InvalidInput)
                use(problem(u"too-long"_s, text.error().message, number));
            else if (text.error().code == ErrorCode::Corrupt || text.error().code == ErrorCode::Unsupported)
                use(problem(u"compressed"_s, text.error().message, number));
            else
                return failure(text.error());
            m_position = std::min(m_facts.bytes, m_position + member.packed);
        }
        EVALWRIGHT_ASSIGN(const QString after, hash());
        if (before != after) {
            return failure(Error(ErrorCode::Storage, u"“%1” changed while it was being read."_s.arg(m_path),
                                 u"Import it again when nobody writes it."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        m_facts.sha256 = after;
        takeNotes();
        return {};
    }

private:
    static bool isSample(const QString &name) { return name.startsWith("samples/"_L1) && name.endsWith(".json"_L1); }

    Result<QString> hash()
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return failure(fileError(file, u"Could not read"_s, m_path));
        Meter meter(file, {});
        while (!meter.read(1 << 20).isEmpty()) {
        }
        if (file.error() != QFileDevice::NoError)
            return failure(fileError(file, u"Could not read"_s, m_path));
        m_facts.bytes = meter.bytes();
        return meter.sha256();
    }

    Status readHeader() override
    {
        EVALWRIGHT_ASSIGN(const auto archive, ZipArchive::open(m_path));
        // A run that did not end has no header yet, but it has said what it was going to do.
        for (const QLatin1StringView name : {"header.json"_L1, "_journal/start.json"_L1}) {
            const auto found = std::ranges::find(archive->members(), QString(name), &ZipArchive::Member::name);
            if (found == archive->members().end())
                continue;
            EVALWRIGHT_ASSIGN(const QByteArray text, archive->read(*found));
            const auto plain = plainJson(text);
            const json document = plain ? parseForeignJson(*plain) : json();
            if (!document.is_object() || !document.contains("eval") || !document["eval"].is_object())
                return failure(noHeader(m_path));
            readInspectEval(document["eval"], m_header);
            m_header.status = document.contains("status") ? statusOf(document["status"]) : u"started"_s;
            m_header.invalidated = document.contains("invalidated") && document["invalidated"] == true;
            return {};
        }
        return failure(noHeader(m_path));
    }
};

constexpr QByteArrayView zipStart("PK\x03\x04", 4);

} // namespace

bool recognisesInspectLog(const QString &path, const QByteArray &head)
{
    if (head.startsWith(zipStart))
        return path.endsWith(".eval"_L1, Qt::CaseInsensitive);
    // What a log starts with, wherever the lines break.
    const QByteArray start = head.left(1 << 16);
    return start.trimmed().startsWith('{') && start.contains("\"eval\"") && start.contains("\"task\"") &&
           start.contains("\"model\"") && (start.contains("\"version\"") || start.contains("\"status\""));
}

Result<std::unique_ptr<ObservationSource>> openInspectLog(const QString &path, const QString &model)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return failure(fileError(file, u"Could not read"_s, path));
    const bool packed = file.peek(zipStart.size()) == zipStart;
    std::unique_ptr<InspectSource> source;
    if (packed)
        source = std::make_unique<EvalLog>(path, model);
    else
        source = std::make_unique<JsonLog>(path, model);
    EVALWRIGHT_TRY(source->open());
    return std::unique_ptr<ObservationSource>(std::move(source));
}

} // namespace evalwright
