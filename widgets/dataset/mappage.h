// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/map/itemmap.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QTableWidget;
class QThreadPool;
class QToolButton;
class QUndoStack;

namespace evalwright {

class Banner;
class EmptyState;
class FlowLayout;
class MapModels;
class MapView;
class NumbersTable;

/// Items as points, near each other when their words are alike, or a model's vectors of them. The plane of the principal components comes first, the
/// layout of neighbours when it is ready. Clusters are listed with their names, shares and repeats.
class MapPage : public QWidget
{
    Q_OBJECT

public:
    enum Color { ByLabel, ByConfidence, ByCluster, ByState };

    /// Renaming goes on `undoStack`. Both must outlive the page.
    MapPage(std::shared_ptr<Project> project, DatasetId dataset, QThreadPool &workers, QUndoStack &undoStack,
            QWidget *parent = nullptr);
    ~MapPage() override;

    /// Reads and draws anew; what is under way is dropped.
    void draw();
    void setColor(Color color);
    void selectCluster(int cluster);
    MapView *view() const { return m_view; }
    MapModels *models() const { return m_models; }
    /// Of the selected points.
    QList<CandidateId> selection() const;
    void rename(int cluster, const QString &name);

Q_SIGNALS:
    void started();   ///< The first points are shown, or there are none.
    void clustered(); ///< Clusters are listed.
    void arranged();  ///< The layout has ended, or was cancelled.
    void candidateActivated(evalwright::CandidateId id);
    void showItems(const QList<evalwright::CandidateId> &ids, const QString &which);
    void writeMoreLike(const QList<evalwright::CandidateId> &ids);
    void writeAwayFrom(const QList<evalwright::CandidateId> &ids);
    void fillRequested();
    /// A model is wanted for vectors of the items, or for names of the clusters of the map by `embedder` (empty: by
    /// words). `all`: of all candidates.
    void embedRequested(const QString &model, bool all);
    void namesRequested(const QString &model, const QString &embedder, bool all);

protected:
    void showEvent(QShowEvent *event) override;

private:
    struct Mailbox;
    QWidget *buildSide();
    void lookForChanges();
    void lookForNames();
    void lookForVectors();
    void showStart(std::shared_ptr<const MapStart> start);
    void startClusters();
    void startLayout();
    void endLayout(const QString &state);
    void pollLayout();
    void setPoints(const MapPoints &points);
    void showClusters();
    void showColors();
    void showSelection(std::vector<int> points, const QString &which);
    void showPoint(int point);
    void fillNumbers();
    void applyName(int cluster, const QString &key, const QString &name);
    void fail(const Error &error);

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QThreadPool &m_workers;
    QUndoStack &m_undo;
    std::shared_ptr<const MapStart> m_start;
    std::optional<MapClusters> m_clusters;
    MapPoints m_points;
    std::shared_ptr<Mailbox> m_mailbox;
    CancellationToken m_token;
    quint64 m_generation = 0;
    bool m_asked = false, m_busy = false;
    qint64 m_vectors = 0;  ///< Of the map's model, when it was drawn.
    QString m_embedder;    ///< Name of the map's model; empty: by words.
    QString m_which;
    QTimer m_poll;

    Banner *m_banner;
    EmptyState *m_empty;
    QWidget *m_content;
    MapView *m_view;
    MapModels *m_models;
    QComboBox *m_scope, *m_color;
    QLabel *m_head, *m_about, *m_selected;
    QProgressBar *m_progress;
    QPushButton *m_cancel, *m_again, *m_items, *m_more, *m_away, *m_rename;
    QWidget *m_legend;
    FlowLayout *m_legendLayout;
    QTableWidget *m_list;
    QLineEdit *m_name;
    QToolButton *m_numbersButton;
    NumbersTable *m_numbers;
};

} // namespace evalwright
