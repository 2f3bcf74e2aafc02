// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/bundle.h"
#include "review/sitting.h"

#include <QStringList>

namespace evalwright::review {

struct SavedAnswers
{
    QString path;
    QString sha256;
    qint64 answers = 0; ///< Events, withdrawn ones included.
};

/// A rater's sitting on a bundle. Each event is on disk, in a journal of this rater, before it is ready. A place that
/// has a judgement takes another one only as its correction (AlreadyExists): answers files hold one line of events a
/// place.
class BundleSitting : public Sitting
{
public:
    int slot() const { return m_slot; }
    const QString &journalPath() const { return m_journalPath; }
    /// The last answer was not written in full when the program ended, and is asked for again.
    bool isLastAnswerLost() const { return m_isLastAnswerLost; }
    /// NAME.RATER.ewanswers beside the journal.
    const QString &usualAnswersPath() const { return m_answersPath; }

    /// Writes what there is so far, to the usual path when it is empty; a half-done file is valid. Replaces an earlier
    /// file of this sitting; AlreadyExists for anything else, unless `force`. Equal answers give equal bytes.
    virtual QFuture<Result<SavedAnswers>> saveAnswers(const QString &path = {}, bool force = false) = 0;

protected:
    int m_slot = 0;
    QString m_journalPath, m_answersPath;
    bool m_isLastAnswerLost = false;
};

struct BundleSittingOptions
{
    QString bundle;          ///< Path of the .ewbundle.
    QString rater;           ///< Code.
    std::optional<int> slot; ///< Which list; unset: the one this rater began, or the only one.
    QString folder;          ///< For journal and answers; empty: beside the bundle.
};

/// Opens the bundle and goes on where this rater stopped. Blocking, for worker threads. Errors of readBundle and of
/// Journal::open; InvalidInput: the code, no such list (the lists are named), or a journal of another bundle or list.
Result<std::shared_ptr<BundleSitting>> openBundleSitting(const BundleSittingOptions &options);

} // namespace evalwright::review
