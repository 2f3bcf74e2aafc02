// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/studio/prompteditor.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/studio/mustachelexer.h"
#include "widgets/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QToolTip>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int problemMarker = 1, nameList = 1;

} // namespace

PromptEditor::PromptEditor(QWidget *parent) : QsciScintilla(parent), m_lexer(new MustacheLexer(this))
{
    setUtf8(true);
    setEolMode(EolUnix);
    setLexer(m_lexer);
    setWrapMode(WrapWord);
    setMarginType(0, SymbolMargin);
    setMarginWidth(0, 16);
    setMarginWidth(1, 0);
    setMarginMarkerMask(0, 1 << problemMarker);
    markerDefine(RightTriangle, problemMarker);
    setAutoCompletionSource(AcsNone);
    setTabIndents(false);
    SendScintilla(SCI_AUTOCSETSEPARATOR, static_cast<unsigned long>('\n'));
    SendScintilla(SCI_AUTOCSETMAXHEIGHT, 8UL);
    SendScintilla(SCI_SETSCROLLWIDTH, 1UL);
    SendScintilla(SCI_SETSCROLLWIDTHTRACKING, 1UL);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::StyledPanel);
    connect(this, &QsciScintilla::textChanged, this, [this] {
        if (!m_filling)
            Q_EMIT edited();
    });
    connect(this, &QsciScintillaBase::SCN_CHARADDED, this, [this](int character) {
        if (character == '{')
            offerNames();
    });
    connect(this, &QsciScintilla::userListActivated, this, [this](int, const QString &name) {
        insert(name + u"}}"_s);
        int line = 0, column = 0;
        getCursorPosition(&line, &column);
        setCursorPosition(line, column + static_cast<int>(name.size()) + 2);
    });
    connect(Theme::of(this), &Theme::changed, this, &PromptEditor::colour);
    colour();
}

void PromptEditor::colour()
{
    const Theme *theme = Theme::of(this);
    for (const int style : {MustacheLexer::Text, MustacheLexer::Known, MustacheLexer::Unknown, MustacheLexer::Broken}) {
        m_lexer->setColor(m_lexer->defaultColor(style), style);
        m_lexer->setPaper(m_lexer->defaultPaper(style), style);
        m_lexer->setFont(m_lexer->defaultFont(style), style);
    }
    const QColor paper = theme->color(m_editable ? Theme::Meaning::Surface : Theme::Meaning::SurfaceRaised);
    m_lexer->setPaper(paper, MustacheLexer::Text);
    m_lexer->setDefaultPaper(paper);
    m_lexer->setDefaultColor(theme->color(Theme::Meaning::Text));
    setPaper(paper);
    setColor(theme->color(Theme::Meaning::Text));
    setCaretForegroundColor(theme->color(Theme::Meaning::Text));
    setMarginsBackgroundColor(theme->color(Theme::Meaning::SurfaceRaised));
    setMarginsForegroundColor(theme->color(Theme::Meaning::TextSecondary));
    setSelectionBackgroundColor(theme->color(Theme::Meaning::Accent));
    setSelectionForegroundColor(Theme::onAccent(theme->isDark()));
    setMarkerForegroundColor(theme->color(Theme::Meaning::Error), problemMarker);
    setMarkerBackgroundColor(theme->color(Theme::Meaning::Error), problemMarker);
    recolor();
}

void PromptEditor::setNames(const QStringList &names)
{
    if (names == m_lexer->known())
        return;
    m_lexer->setKnown(names);
    recolor();
}

void PromptEditor::setPrompt(const QString &text)
{
    if (text == this->text())
        return;
    m_filling = true;
    const bool readOnly = isReadOnly();
    setReadOnly(false);
    setText(text);
    setReadOnly(readOnly);
    SendScintilla(SCI_EMPTYUNDOBUFFER);
    m_filling = false;
}

void PromptEditor::setEditable(bool editable)
{
    m_editable = editable;
    setReadOnly(!editable);
    colour();
}

void PromptEditor::setProblems(const QList<TemplateProblem> &problems)
{
    m_problems = problems;
    markerDeleteAll(problemMarker);
    for (const TemplateProblem &problem : problems)
        markerAdd(problem.line - 1, problemMarker);
}

int PromptEditor::markedLines() const
{
    int marked = 0;
    for (int line = 0; line < lines(); ++line)
        marked += (markersAtLine(line) & (1U << problemMarker)) != 0 ? 1 : 0;
    return marked;
}

void PromptEditor::goTo(int line, int column)
{
    setCursorPosition(std::max(0, line - 1), std::max(0, column - 1));
    ensureCursorVisible();
    setFocus();
}

void PromptEditor::offerNames()
{
    int line = 0, column = 0;
    getCursorPosition(&line, &column);
    if (isReadOnly() || m_lexer->known().isEmpty() || text(line).mid(std::max(0, column - 2), 2) != "{{"_L1)
        return;
    QStringList names = m_lexer->known();
    names.sort();
    showUserList(nameList, names);
}

/// The tab key leaves the field: prompts hold no tabs, and keys must reach what comes after.
void PromptEditor::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Tab && event->modifiers() == Qt::NoModifier && !isListActive()) {
        focusNextChild();
        return;
    }
    if (event->key() == Qt::Key_Backtab) {
        focusPreviousChild();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier && !isReadOnly()) {
        // Anywhere: the tag is opened, too.
        insert(u"{{"_s);
        int line = 0, column = 0;
        getCursorPosition(&line, &column);
        setCursorPosition(line, column + 2);
        offerNames();
        return;
    }
    QsciScintilla::keyPressEvent(event);
}

bool PromptEditor::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QsciScintilla::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int line = lineAt(help->pos()) + 1;
    QStringList reasons;
    for (const TemplateProblem &problem : m_problems) {
        if (problem.line == line)
            reasons << problem.message;
    }
    if (reasons.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(help->globalPos(), plainToolTip(reasons.join(u'\n')), this);
    return true;
}

} // namespace evalwright
