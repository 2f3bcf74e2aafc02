// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/evaluation/findingtables.h"

#include <QWidget>

class QLabel;
class QStackedWidget;

namespace evalwright {

class EmptyState;
class FindingTableView;
class Session;

/// What follows from controls, orders of options and pronouns: a table of each kind that the project has, and how to get
/// the others. It reads for itself, on a reader's thread, and only while it is seen: results alone need none of it.
class FindingsView : public QWidget
{
    Q_OBJECT

public:
    explicit FindingsView(Session &session, QWidget *parent = nullptr);
    /// What it shows may have changed.
    void refresh();
    FindingTableView *table(FindingKind kind) const { return m_sections[static_cast<qsizetype>(kind)].table; }
    bool isEmpty() const; ///< Also while it is read for the first time.

    QString chosenText() const; ///< The chosen finding in a sentence; empty without one.
    QList<ResultRow> chosenCells() const;
    void copy(); ///< All of it as text.

Q_SIGNALS:
    void choiceChanged();
    void evaluationRequested();
    void itemsRequested(const QList<evalwright::ResultRow> &cells);
    void failed(const evalwright::Error &error);
    void readFinished(); ///< Also after a failure.

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Section
    {
        QWidget *whole = nullptr;
        QLabel *title = nullptr, *meaning = nullptr;
        FindingTableView *table = nullptr;
    };
    struct Read
    {
        QList<FindingTable> tables;
        QList<ResultRow> rows;
    };

    Section makeSection();
    void read();
    void show(const Read &read);
    void fail(const Error &error);
    void open();
    const FindingLine *chosenLine() const;

    Session &m_session;
    QStackedWidget *m_stack;
    QLabel *m_reading;
    EmptyState *m_empty;
    QList<Section> m_sections; ///< By kind.
    QLabel *m_missing;
    QList<ResultRow> m_rows;
    bool m_stale = true, m_underWay = false;
    quint64 m_project = 0; ///< Counts projects: an answer about another one is not shown.
};

} // namespace evalwright
