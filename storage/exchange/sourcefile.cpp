// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/sourcefile.h"

#include "core/foreignjson.h"
#include "core/hash.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/filehash.h"
#include "storage/exchange/linereader.h"
#include "storage/exchange/meter.h"
#include "storage/exchange/utf16device.h"

#include <QBuffer>
#include <QFileInfo>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 headBytes = 1 << 16;

} // namespace

void SourceFile::refuse(const QString &reason, const QString &message)
{
    m_problem = RowProblem{0, 0, reason, message, {}, {}};
}

Status SourceFile::open(const QString &path, const ImportOptions &options, const CancellationToken &token)
{
    m_path = path;
    m_options = options;
    const bool standardInput = path == "-"_L1;
    const QFileInfo info(path);
    m_name = standardInput ? u"standard input"_s : info.fileName();
    if (standardInput && options.dataset.isEmpty())
        return failure(ErrorCode::InvalidInput, u"Standard input has no name to call the data set by."_s,
                       u"Name the data set with --dataset."_s);
    if (!standardInput && !info.exists())
        return failure(ErrorCode::NotFound, u"There is no file “%1”."_s.arg(path), u"Check the path."_s);
    if (!standardInput && info.isDir()) {
        refuse(u"not-a-file"_s, u"This is a folder, not a file."_s);
        return {};
    }
    m_file.setFileName(path);
    const bool isOpen = standardInput ? m_file.open(stdin, QIODevice::ReadOnly) : m_file.open(QIODevice::ReadOnly);
    if (!isOpen)
        return failure(fileError(m_file, u"Could not read"_s, path));
    m_source = &m_file;
    struct stat opened = {};
    if (!standardInput && ::fstat(m_file.handle(), &opened) == 0 && S_ISCHR(opened.st_mode)) {
        refuse(u"not-a-file"_s, u"This is a device, not a file."_s); // Some, like /dev/zero, never end.
        return {};
    }
    if (m_file.isSequential() || standardInput)
        EVALWRIGHT_TRY(spool(token));
    const QByteArray head = m_source->peek(headBytes);
    if (head.isEmpty()) {
        refuse(u"empty-file"_s, u"The file is empty."_s);
        return {};
    }
    m_bigEndian = isBigEndianUtf16(head);
    m_head = m_bigEndian ? utf8Head(head) : head;
    if (const QString problem = contentProblem(m_head); !problem.isEmpty()) {
        refuse(problem, problem == "compressed"_L1 ? u"The content is compressed; unpack it first."_s
                                                   : u"The text is UTF-32; save it as UTF-8 first."_s);
        return {};
    }
    return chooseFormat();
}

/// Pipes cannot be read twice, so they are copied to a temporary file.
Status SourceFile::spool(const CancellationToken &token)
{
    if (!m_spool.open())
        return failure(fileError(m_spool, u"Could not make the temporary file"_s, m_spool.fileName()));
    constexpr qint64 piece = 1 << 18;
    for (QByteArray part = m_file.read(piece); !part.isEmpty(); part = m_file.read(piece)) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        if (m_spool.write(part) != part.size())
            return failure(fileError(m_spool, u"Could not write the temporary file"_s, m_spool.fileName()));
    }
    if (!m_spool.seek(0))
        return failure(fileError(m_spool, u"Could not read the temporary file"_s, m_spool.fileName()));
    m_source = &m_spool;
    return {};
}

Status SourceFile::chooseFormat()
{
    EVALWRIGHT_ASSIGN(m_mapping, FieldMapping::parse(m_options.map));
    const auto accepted = [&](const FileFormat &format) -> Status {
        m_format = format;
        if (m_mapping.isEmpty() || format.mapped)
            return {};
        return failure(Error(ErrorCode::InvalidInput,
                             u"The columns of the format “%1” have fixed names; there is nothing to map."_s.arg(format.name),
                             u"Choose jsonl, csv or tsv as the format."_s)
                           .withConsequence(u"Nothing was imported."_s));
    };
    if (m_options.format != "auto"_L1) {
        EVALWRIGHT_ASSIGN(const FileFormat format, fileFormat(m_options.format));
        if (!format.reader)
            return failure(ErrorCode::Unsupported, u"The format “%1” can be written but not read."_s.arg(format.name));
        return accepted(format);
    }
    QStringList names;
    for (const FileFormat &format : fileFormats()) {
        if (format.reader && format.recognises(m_head) && (m_options.map.isEmpty() || format.mapped))
            return accepted(format);
        names << format.name;
    }
    if (!m_options.map.isEmpty()) {
        EVALWRIGHT_ASSIGN(const FileFormat csv, fileFormat(u"csv"_s));
        return accepted(csv); // What is mapped by hand need not have names that are known.
    }
    return failure(Error(ErrorCode::Unsupported, u"The format of “%1” is not recognised."_s.arg(m_name),
                         u"Known formats: %1. Name one with --format if it is one of them."_s.arg(names.join(u", "_s)))
                       .withConsequence(u"Nothing was imported."_s));
}

std::unique_ptr<RowReader> SourceFile::readerOf(QIODevice &text, const std::optional<FileFacts> &survey) const
{
    return m_format.reader(text, {m_options.longestRow, m_head, survey, m_mapping, m_options.csvUnescape});
}

void SourceFile::completeFacts(FileFacts &facts) const
{
    if (!m_bigEndian)
        return;
    auto dialect = storedJson(facts.dialect);
    if (!dialect.is_object())
        dialect = nlohmann::json::object();
    dialect["encoding"] = *m_bigEndian ? "utf-16be" : "utf-16le";
    facts.dialect = QString::fromUtf8(canonicalJson(dialect));
}

Result<std::optional<FileFacts>> SourceFile::guess()
{
    // Enough for a few dozen rows. Rows that are cut at the end are no matter: a guess needs no whole row.
    constexpr qsizetype guessBytes = 1 << 14;
    QByteArray beginning = m_head.left(guessBytes);
    const qsizetype lastLine = beginning.lastIndexOf('\n');
    if (beginning.size() == guessBytes && lastLine > 0)
        beginning.truncate(lastLine + 1);
    QBuffer buffer(&beginning);
    buffer.open(QIODevice::ReadOnly);
    const auto reader = readerOf(buffer, std::nullopt);
    bool any = false;
    for (ImportedRow row; reader->next(row);)
        any = any || !row.problem;
    const FileFacts facts = reader->facts();
    // How questions follow biographies only the whole file tells.
    if (!any || reader->refusal() || facts.tails)
        return std::optional<FileFacts>();
    return facts;
}

void SourceFile::judge(ImportedRow &row) const
{
    if (m_options.strict && !row.problem && !row.flags.isEmpty()) {
        row.problem = RowProblem{row.candidate.sourceLine.value_or(0),
                                 0,
                                 row.flags.first(),
                                 u"The row is marked: %1."_s.arg(row.flags.join(u", "_s)),
                                 {},
                                 {}};
    }
}

Result<SourceFile::Beginning> SourceFile::beginning(qsizetype lines, qint64 mostBytes)
{
    if (!m_source->seek(0))
        return failure(fileError(*m_source, u"Could not read"_s, m_path));
    Beginning beginning;
    QByteArray bytes;
    qsizetype ends = 0;
    while (ends < lines && bytes.size() < mostBytes) {
        const QByteArray part = m_source->read(headBytes);
        if (part.isEmpty())
            break;
        ends += part.count('\n');
        bytes += part;
    }
    if (m_source->error() != QFileDevice::NoError)
        return failure(fileError(*m_source, u"Could not read"_s, m_path));
    beginning.whole = m_source->atEnd();
    beginning.text = m_bigEndian ? utf8Head(bytes) : bytes;
    if (const qsizetype last = beginning.text.lastIndexOf('\n'); !beginning.whole && last > 0)
        beginning.text.truncate(last + 1);
    return beginning;
}

Result<QString> SourceFile::sha256(const CancellationToken &token)
{
    if (!m_source->seek(0))
        return failure(fileError(*m_source, u"Could not read"_s, m_path));
    return sha256OfRest(*m_source, m_path, token);
}

Result<SourceFile::Reading> SourceFile::read(const std::optional<FileFacts> &survey,
                                             const std::function<Status(ImportedRow &row)> &use,
                                             const CancellationToken &token,
                                             const std::function<void(qint64 bytes)> &progress)
{
    if (!m_source->seek(0))
        return failure(fileError(*m_source, u"Could not read"_s, m_path));
    Meter meter(*m_source, progress);
    std::optional<Utf16Device> utf16;
    if (m_bigEndian)
        utf16.emplace(meter, *m_bigEndian);
    QIODevice &text = utf16 ? static_cast<QIODevice &>(*utf16) : meter;
    const auto reader = readerOf(text, survey);
    for (ImportedRow row; reader->next(row);) {
        if (token.isCancelled())
            return failure(stoppedOnRequest());
        judge(row);
        EVALWRIGHT_TRY(use(row));
    }
    if (m_source->error() != QFileDevice::NoError)
        return failure(fileError(*m_source, u"Could not read"_s, m_path));
    if (std::optional<Error> refusal = reader->refusal())
        return failure(*std::move(refusal));
    Reading reading;
    reading.facts = reader->facts();
    reading.surveyHeld = !survey || (survey->family == reading.facts.family && survey->mapping == reading.facts.mapping &&
                                     (!reading.facts.tails || survey->tails) && reader->surveyHeld());
    completeFacts(reading.facts);
    reading.sha256 = meter.sha256();
    reading.bytes = meter.bytes();
    return reading;
}

} // namespace evalwright
