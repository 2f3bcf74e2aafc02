// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace evalwright {

/// A field for a text of several lines that comes out letter by letter as it went in. QPlainTextEdit's own text has blanks
/// in place of no-break spaces and one line end in place of all.
class ExactTextEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ExactTextEdit(QWidget *parent = nullptr);

    void setExactText(const QString &text);
    /// The text that was set, if the person did not change it; else with the line ends that the one set had. Of different
    /// ones in one text those that the person did not touch become the first kind: see keepsLineEnds().
    QString exactText() const;
    /// Replaces the text as if it were typed: it can be undone.
    void typeText(const QString &text);
    /// Whether a change elsewhere in the text leaves all line ends as they are.
    bool keepsLineEnds() const { return m_keepsLineEnds; }

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString read(QString raw) const;

    QString m_original, m_shown; ///< As set, and as the document has it then.
    QString m_lineEnd = QStringLiteral("\n");
    bool m_keepsLineEnds = true;
};

} // namespace evalwright
