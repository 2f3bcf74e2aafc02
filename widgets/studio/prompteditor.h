// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/template.h"
#include "widgets/studio/scintilla.h"

namespace evalwright {

class MustacheLexer;

/// A field for one text of a prompt: coloured names, completion after “{{”, marks beside wrong lines. Follows the theme.
class PromptEditor : public QsciScintilla
{
    Q_OBJECT

public:
    explicit PromptEditor(QWidget *parent = nullptr);

    void setNames(const QStringList &names);
    /// Replaces the text, forgets what could be undone, and says nothing about it.
    void setPrompt(const QString &text);
    QString prompt() const { return text(); }
    /// Marks these lines, and says why in the margin's tooltip.
    void setProblems(const QList<TemplateProblem> &problems);
    int markedLines() const;
    /// Puts the cursor there; counts from 1.
    void goTo(int line, int column);
    /// A read-only text looks like one.
    void setEditable(bool editable);

Q_SIGNALS:
    void edited();

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void colour();
    void offerNames();
    MustacheLexer *m_lexer;
    QList<TemplateProblem> m_problems;
    bool m_filling = false, m_editable = true;
};

} // namespace evalwright
