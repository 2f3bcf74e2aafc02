// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/checker/validation.h"

namespace evalwright {

/// An item whose label is known, as a form asks about it.
struct KnownItem
{
    CandidateId id;
    TemplateValues values; ///< What the form names, beside the behaviour.
    bool positive = false; ///< The described one would say it; the option shows the behaviour; it is relevant.
};

/// What is known of one data set, drawn and balanced: both kinds alternate.
struct KnownSet
{
    Dataset dataset;
    Behaviour behaviour;
    QString topic;
    QList<KnownItem> label;
    QList<KnownItem> relevance; ///< Empty without a data set to set against.

    const QList<KnownItem> &items(const CheckerForm &form) const
    {
        return form.requirement == u"relevance" ? relevance : label;
    }
    /// All names of a form for one of its items.
    TemplateValues valuesOf(const KnownItem &item) const;
};

/// Draws `items` of each requirement by the seed; a label is known when it came with an import or a person decided.
/// Errors: see validateCheckers().
Result<KnownSet> openKnownSet(Connection &connection, const CheckerTrialSpec::Set &wanted, qint64 items, qint64 seed);

/// A stored item of two options, as forms ask about it.
struct ChoiceTexts
{
    QString stem;
    QStringList options;
    int matching = 0;
};
/// From what its family knows of it, else by the options parser. Unset: not two options, or no such label.
std::optional<ChoiceTexts> choiceTexts(const Candidate &candidate);

/// What follows "whether": "it reaches for influence …". Of a behaviour nobody gave a topic for.
QString topicOf(const Behaviour &behaviour);

/// A gold set (a shipped name or a file) as a data set of known labels named "golds/NAME": made once, found again. Its
/// behaviour and topic come with it.
Result<CheckerTrialSpec::Set> ensureGoldSet(Project &project, const QString &nameOrPath);

} // namespace evalwright
