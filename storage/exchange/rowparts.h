// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/exchange/format.h"
#include "storage/exchange/jsonrow.h"

#include <functional>

/// What the readers of all kinds of rows share.
namespace evalwright::rows {

void addFlag(QStringList &flags, const QString &flag);
/// Marks of a text: very-long, control-character, bidi-control, invisible-character.
void flagText(const QString &text, QStringList &flags);
/// Something is left besides blanks, controls and invisible characters.
bool hasVisible(const QString &text);

/// A problem at a byte of its row, with the text around it; line 0.
RowProblem problemAt(const QByteArray &row, qsizetype offset, const QString &reason, const QString &message,
                     const QString &field = {});
/// Names of columns that a person may have meant: no more than a thousand, none longer than 100 characters. Others are
/// neither compared nor repeated in messages.
QStringList sensibleNames(const QStringList &columns);
/// The first of these, for a message.
QString listOf(const QStringList &columns);

/// A row that must be one JSON object.
tl::expected<JsonRow, RowProblem> parseObject(const QByteArray &row);

/// {"fields": members that are not known, "flags": marks}, both optional: Candidate::extra.
QString extraOf(const JsonNode &object, const std::function<bool(const QString &key)> &isKnown,
                const QStringList &flags);

/// Adds a mark to a row that is otherwise complete.
void mark(ImportedRow &row, const QString &flag);

/// Looks up what a row needs; the first failure is the row's problem.
class Fields
{
public:
    Fields(const QByteArray &row, const JsonNode &object, ImportedRow &out) : m_row(row), m_object(object), m_out(out)
    {
    }

    const JsonNode *find(const QString &key) const { return m_object.find(key); }
    void bad(const QString &reason, const QString &message, const QString &field);
    /// Present and not null. Keys that are not known may be a misspelling of this one.
    bool required(const QString &key, const std::function<bool(const QString &key)> &isKnown);
    /// Of a member that is there: a text that is not empty.
    bool text(const QString &key, QString &out);

private:
    const QByteArray &m_row;
    const JsonNode &m_object;
    ImportedRow &m_out;
};

} // namespace evalwright::rows
