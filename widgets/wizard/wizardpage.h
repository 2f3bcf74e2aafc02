// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "generators/generate.h"

#include <QHash>
#include <QWidget>

#include <optional>

namespace evalwright {

class Session;

/// What the pages of the wizard share. Going back loses nothing: it all lives here.
struct WizardDraft
{
    GenerateSpec spec;
    QList<Model> models;              ///< Of the project.
    std::optional<TrialReport> trial; ///< Of `trialSpec`.
    nlohmann::json trialSpec;
    QHash<QString, Recipe> visited; ///< Recipes as they were left when another was chosen, by preset.
    QString namedByItself;          ///< The data set's name as the window proposed it.
    QList<OccupationRow> wholeTable; ///< Of which the recipe takes the first rows.
    const Model *model(const QString &name) const;
    /// The writer, or a nameless chat model while none is chosen, for the preview.
    Model writerOrExample() const;
};

/// A page of the wizard: shows the draft when entered, writes into it as the person types.
class WizardPage : public QWidget
{
    Q_OBJECT

public:
    WizardPage(Session &session, WizardDraft &draft, QWidget *parent = nullptr)
        : QWidget(parent), m_session(session), m_draft(draft)
    {
    }
    virtual QString title() const = 0;
    virtual void enter() = 0;
    /// Another page comes, or the wizard closes.
    virtual void leave() {}
    /// The page shows prompts itself: the dialog's preview makes room.
    virtual bool hasOwnPreview() const { return false; }
    /// Why one cannot go on, in a sentence; empty when one can.
    virtual QString problem() const { return {}; }

Q_SIGNALS:
    void changed();
    void failed(const evalwright::Error &error);

protected:
    Session &m_session;
    WizardDraft &m_draft;
};

} // namespace evalwright
