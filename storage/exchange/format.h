// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "core/result.h"
#include "storage/exchange/fieldmapping.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>

class QIODevice;

namespace evalwright {

/// A row that does not become an item, and where. Line and column count from 1, columns in code points; 0 is unknown.
struct RowProblem
{
    qint64 line = 0, column = 0;
    QString reason;  ///< A reason code of the interchange formats ("json-syntax", "missing-field", …).
    QString message; ///< What is wrong, in words.
    QString field;   ///< The field concerned, if one is.
    QString excerpt; ///< At most 120 characters around the place.
};

/// One row of a file: a candidate to store, or the problem that prevents it.
struct ImportedRow
{
    Candidate candidate;
    QStringList flags; ///< Marks of accepted rows ("number-as-text", …).
    std::optional<RowProblem> problem;
};

class QuestionTails;

/// What a whole file says about itself; complete after the last row.
struct FileFacts
{
    QString family;                    ///< Of the data set.
    QString dialect;                   ///< How the file is written, as canonical JSON text.
    QString mapping = QStringLiteral("{}"); ///< Target → column or JSON pointer, where the format has a choice.
    bool cutShort = false;             ///< The last row looks as if the file had been cut there.
    std::shared_ptr<const QuestionTails> tails; ///< Of files whose questions follow a biography; else null.
};

/// Reads the rows of one file in order. Memory does not grow with the number of rows.
class RowReader
{
public:
    virtual ~RowReader() = default;
    /// False at the end of the file, or when refusal() says why the rest is of no use. Goes on after a row with a
    /// problem.
    virtual bool next(ImportedRow &row) = 0;
    virtual FileFacts facts() const = 0;
    /// Whether what `survey` said about the way of writing holds for all rows that were read with it.
    virtual bool surveyHeld() const { return true; }
    /// Why no row of the file can be read (a required column has no source).
    virtual std::optional<Error> refusal() const { return std::nullopt; }
};

/// Writes rows one after the other; what the calls return, joined, is the file.
class RowWriter
{
public:
    virtual ~RowWriter() = default;
    /// Whether all items must be shown to survey() before the first row is written (to know the columns of a table).
    virtual bool surveys() const { return false; }
    virtual Status survey(const Candidate & /*candidate*/) { return {}; }
    virtual Result<QByteArray> row(const Candidate &candidate) = 0;
    virtual QByteArray end() = 0;
};

struct ReadSettings
{
    qint64 longestRow = qint64{64} << 20; ///< Bytes.
    QByteArray head;                      ///< The first bytes of the file, for guesses.
    /// What a first pass found, or what the beginning of the file lets expect. With it the reader fills
    /// Candidate::fields, and keeps the text of rows that the writer would not reproduce.
    std::optional<FileFacts> survey;
    FieldMapping mapping;      ///< What the user mapped; the rest is guessed.
    bool csvUnescape = false;  ///< Take the apostrophe of spreadsheet safety off, though the file does not say so.
};

struct WriteSettings
{
    QString dialect;     ///< Of the source of the items; may be empty: the format's own way of writing.
    bool csvSafe = true; ///< Cells of a table that a spreadsheet would take for a formula get an apostrophe.
    QString dataset;     ///< Its name, for formats whose rows say it; may be empty.
};

/// One file format. A new one is a file of its own and a line in fileFormats().
struct FileFormat
{
    QString name;  ///< As in --format.
    QString title; ///< For people, untranslated.
    /// Whether the first bytes of a file look like this format.
    bool (*recognises)(const QByteArray &head) = nullptr;
    /// Null when the format cannot be read.
    std::unique_ptr<RowReader> (*reader)(QIODevice &device, const ReadSettings &settings) = nullptr;
    /// Null when the format cannot be written.
    std::unique_ptr<RowWriter> (*writer)(const WriteSettings &settings) = nullptr;
    /// Whether ReadSettings::mapping means something to it.
    bool mapped = false;
};

const QList<FileFormat> &fileFormats();
/// By name; NotFound with the nearest names.
Result<FileFormat> fileFormat(const QString &name);

} // namespace evalwright
