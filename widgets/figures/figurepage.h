// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "evaluation/figurespec.h"
#include "widgets/figures/figurerender.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;
class QPlainTextEdit;
class QToolButton;
class QVBoxLayout;

namespace evalwright {

class Banner;
class FigurePlot;
class NumbersTable;

/// A figure with everything that belongs to it: verdicts with their reasons, notes, the numbers as a table, copies and
/// files.
class FigurePage : public QWidget
{
    Q_OBJECT

public:
    enum class Format { Png, Svg, Pdf, Csv, Json };

    explicit FigurePage(QWidget *parent = nullptr);

    void setFigure(const FigureSpec &spec);
    const FigureSpec &figure() const;
    FigurePlot *plot() const { return m_plot; }
    /// Shows or hides the banner that says that newer results exist.
    void setNewerResultsExist(bool exist);
    void setNumbersVisible(bool visible);
    /// Writes the figure as it is shown (hidden series stay out of pictures, never out of the numbers).
    Status exportTo(const QString &path, Format format) const;
    void copyImage() const;
    /// Opens the fields for title and notes; `keepWords` takes them over, `leaveWords` forgets them.
    void editWords();
    void keepWords();
    void leaveWords();
    void showError(const Error &error);

Q_SIGNALS:
    /// The person wants the figure made again from the newest results.
    void updateRequested();
    /// Title or notes were written anew; figure() has them. The owner keeps them or not.
    void wordsEdited(const FigureSpec &figure);
    void pointActivated(qsizetype series, qsizetype point, qsizetype panel);

private:
    void askWhereToExport(Format format);
    void fillVerdictsAndNotes();
    void fillNumbers();
    void showWords();
    QMenu *exportMenu(QWidget *parent);
    QWidget *wordsEditor();
    FigureRendering rendering() const;

    QLabel *m_title, *m_subtitle;
    QToolButton *m_numbersButton;
    Banner *m_newer, *m_message;
    FigurePlot *m_plot;
    NumbersTable *m_numbers;
    QVBoxLayout *m_cards;
    QLineEdit *m_titleEdit = nullptr;
    QPlainTextEdit *m_notesEdit = nullptr;
    QWidget *m_editor; ///< Made with the two fields above.
    FigureRendering m_rendering;
    bool m_numbersFilled = false; ///< The table of many items is made when somebody asks for it.
};

} // namespace evalwright
