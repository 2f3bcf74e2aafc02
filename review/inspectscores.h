// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cancellation.h"
#include "core/result.h"

#include <QByteArray>
#include <QList>
#include <QString>
#include <QStringList>

namespace evalwright {

class Project;

namespace review {

struct Judged;

/// What raters said of one question, as precomputed scores of Inspect: JSON Lines of {"id", "value", "answer"?,
/// "metadata"} with one number for each item, the raters pooled. `id` is the item's uuid, as in its inspect-jsonl. Of a
/// scale the value is the mean, of a flag the share of raters who set it, of a choice between yes and no the share of
/// yes, of the question about the label the share who give the item's own ("answer" is then what most say; none on a
/// tie). `metadata` has raters and sd (of the values, n - 1; 0 for one rater).
struct ScoreFile
{
    QString name; ///< Of the file: the question's id; of the question about the label "answer-agrees".
    QByteArray lines;
    qint64 rows = 0;
};

struct ScoreFiles
{
    QList<ScoreFile> files;
    QStringList passedOver; ///< Questions with answers that are no numbers.
};

/// Items that were drawn, in the order of the data set; gold items, second showings, skipped and broken ones and
/// judgements of wordings that changed since are no part of it, as in agreement.
ScoreFiles inspectScores(const Judged &judged);

struct WrittenScores
{
    struct File
    {
        QString path, sha256;
        qint64 rows = 0;
    };
    QString review;
    QList<File> files;
    QStringList passedOver;
};

/// Writes one file for each question into a folder that is there. `review`: its name; empty: the newest. InvalidInput
/// when nobody has rated; AlreadyExists before anything is written.
Result<WrittenScores> exportInspectScores(Project &project, const QString &dataset, const QString &review,
                                          const QString &folder, bool overwrite, const CancellationToken &token = {});

} // namespace review
} // namespace evalwright
