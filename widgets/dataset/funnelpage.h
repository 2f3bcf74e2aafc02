// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/generate.h"
#include "storage/items/itemfilter.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"

#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QScrollArea;
class QToolButton;
class QVBoxLayout;

namespace evalwright {

class Banner;
class FlowLayout;
class NumbersTable;

/// What the funnel page shows: the stages, and how many candidates no stage has decided about yet.
struct FunnelReport
{
    QList<FunnelStage> stages;
    qint64 undecided = 0;
};
Result<FunnelReport> readFunnel(Connection &connection, DatasetId dataset);

/// "92.0 % [89.1, 94.2]" with the Wilson interval; an em dash for nothing of nothing.
QString keepRateText(qint64 kept, qint64 of);
/// Words of a stage's id; an unknown one is shown as it is.
QString stageName(const QString &id);

/// From what was asked for to what was kept: stages in order with counts, keep rates per label and losses by reason. A
/// click on a loss, or on the first or last stage, asks for exactly these items.
class FunnelPage : public QWidget
{
    Q_OBJECT

public:
    FunnelPage(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent = nullptr);

Q_SIGNALS:
    void showItems(const evalwright::ItemFilter &filter);
    /// Texts that items are made of (biographies, occupations) were lost at a stage; they are no items.
    void showMaterials(const QString &stage, const QString &reason);
    /// From the empty state.
    void fillRequested();
    /// The newest reading is shown.
    void loaded();

private:
    void read();
    void show(const FunnelReport &report);
    struct Place
    {
        qint64 whole = 0;   ///< What the bar's full width stands for.
        bool items = false; ///< The rows that are lost here are candidates.
        bool joins = false; ///< Here candidates are made of what was written.
        bool first = false, last = false;
    };
    QFrame *makeCard(const FunnelStage &stage, const Place &place);
    void addLosses(QFrame *card, QVBoxLayout *column, const FunnelStage &stage, bool items);
    void fillTable(const FunnelReport &report);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    Banner *m_banner;
    QLabel *m_head;
    QToolButton *m_numbersButton;
    QScrollArea *m_scroll;
    QWidget *m_stages;
    FlowLayout *m_flow;
    NumbersTable *m_table;
    QWidget *m_empty;
    QTimer m_refresh;
    QString m_shown; ///< The numbers on the screen; equal ones are not drawn again.
    bool m_reading = false, m_again = false;
};

} // namespace evalwright
