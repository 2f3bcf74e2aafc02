// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/sitting.h"

namespace evalwright {

class ReviewLanguage;

/// Five made-up items of a kind (yes-no, choice, winogender) with one question each, to learn the keys and what is asked
/// for, in the language of the window. Nothing is stored.
class Practice : public review::Sitting
{
public:
    Practice(const QString &kind, const ReviewLanguage &words);
    ~Practice() override;

    QFuture<Result<QList<review::Place>>> places(qint64 from, qint64 count) override;
    QFuture<Status> store(const review::GivenJudgement &judgement) override;
    QFuture<Result<QString>> reasonToStop() override;

    /// Whether the answer is right, and why it is that one.
    QString feedback(const review::GivenJudgement &judgement) const;
    int right() const; ///< Of the answers given so far.
    /// What was given in another language.
    void takeOver(const Practice &other);

private:
    bool isRight(const review::GivenJudgement &judgement) const;

    QList<review::Place> m_places;
    QStringList m_right, m_why; ///< By place.
    QString m_rightWords, m_wrongWords, m_neitherWords;
};

} // namespace evalwright
