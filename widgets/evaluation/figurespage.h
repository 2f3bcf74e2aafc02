// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "evaluation/report.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace evalwright {

class Banner;
class EmptyState;
class FigurePage;
class Session;

/// Figures of the project's results: the kind, what it is made from, and the figures that were kept. A shown figure
/// stays as it is when newer results exist, and says so.
class FiguresPage : public QWidget
{
    Q_OBJECT

public:
    explicit FiguresPage(Session &session, QWidget *parent = nullptr);
    /// Shows the curves of one data set, or of all with an empty name.
    void showDataset(const QString &name);
    FigurePage *figurePage() const { return m_page; }
    /// What the choices ask for.
    FigureQuery query() const;
    /// Writes everything that is known of the chosen data set, or of all, as one page.
    void writeReport(const QString &path);

Q_SIGNALS:
    void evaluationRequested();
    void loaded();
    void reportWritten(const QString &path);

private:
    QWidget *choices();
    void fillChoices();
    void fill(const QList<ResultRow> &rows, const QList<FigureRecord> &kept);
    void showWhatMatters();
    /// Makes the figure of the choices; `replace` false: only says whether it would be another one.
    void build(bool replace);
    void showKept(const FigureRecord &record);
    void keep();
    /// Asks for a file, draws one figure after the other between events, and writes the page.
    void saveReport();
    void drawReport(const QString &path);
    void showFigure(const FigureSpec &figure);

    Session &m_session;
    Banner *m_banner;
    QComboBox *m_kind, *m_dataset, *m_first, *m_other, *m_axis, *m_measure, *m_control, *m_frame, *m_kept;
    QLabel *m_axisName, *m_measureName, *m_controlName, *m_frameName, *m_firstName, *m_otherName;
    QCheckBox *m_across;
    QPushButton *m_keep, *m_report;
    QStackedWidget *m_stack;
    EmptyState *m_empty, *m_nothing;
    FigurePage *m_page;
    QList<FigureRecord> m_records;
    std::optional<FigureSpec> m_shownKept; ///< What the shown figure was kept as; unset for one just made.
    std::shared_ptr<const Report> m_drawn; ///< The report that is being drawn; null: none.
    QList<QByteArray> m_pictures;
    QString m_wanted, m_shownHash;
    quint64 m_generation = 0, m_filling = 0;
    bool m_replacing = false; ///< A figure that the person asked for is being made.
};

} // namespace evalwright
