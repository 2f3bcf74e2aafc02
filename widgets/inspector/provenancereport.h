// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/review.h"
#include "evaluation/results.h"
#include "storage/repositories/candidates.h"
#include "widgets/theme/theme.h"

#include <QHash>

namespace evalwright {

/// Everything stored about one candidate: how it came to be and what models answered, with every exchange behind it.
struct ProvenanceReport
{
    Provenance provenance;
    QList<ItemAnswer> answers;
    QHash<ResponseId, Response> responses; ///< Of the writer, the checkers and the answers.
    QHash<ResponseId, AnswerOrigin> origins; ///< Of the same.
    QString biography, bareQuestion, side;    ///< Of an item that asks after a biography; else empty.
    QList<std::pair<QString, Candidate>> controls; ///< By the control's name (ControlSet).

    QList<Judgement> judgements; ///< People's, oldest first; withdrawn ones too.
    QHash<qint64, QString> raters; ///< Codes, by id.

    /// Changes when the stored facts change; equal means nothing new to show.
    QString signature() const;
};
Result<ProvenanceReport> readProvenance(Connection &connection, CandidateId id);

/// A named piece of exact text behind a step.
struct ExactText
{
    QString name, text;
};

/// One step of the time line, in words. All texts are plain.
struct TimelineEntry
{
    QString title;       ///< E.g. “Prompt”.
    QString about;       ///< Beside the title: model, seed, time.
    QString summary;     ///< One or a few lines; may quote models.
    bool quoted = false; ///< The summary is text of a model or a file: shown in mono.
    Theme::Meaning meaning = Theme::Meaning::Accent;
    QString at; ///< ISO time, or empty.
    QList<ExactText> texts;
    ResponseId response; ///< What this step tells about, when it is one answer.
};

/// From import or prompt to the latest decision.
QList<TimelineEntry> howItCameToBe(const ProvenanceReport &report);
/// The item's question under each of its controls.
QList<TimelineEntry> controlsOf(const ProvenanceReport &report);
/// One entry per answer, newest run first.
QList<TimelineEntry> whatModelsAnswered(const ProvenanceReport &report);

/// The prompt of a stored request body as a person reads it: turns under their role, or the raw text. A body of another
/// shape comes back as it is.
QString promptText(const QString &promptJson);
/// JSON with indentation; text that is no JSON comes back as it is.
QString indentedJson(const QString &json);
/// "just now", "5 minutes ago", "3 days ago"; the date from a month on.
QString relativeTime(const QDateTime &then, const QDateTime &now);

} // namespace evalwright
