// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/records.h"
#include "storage/project.h"
#include "storage/repositories/embeddings.h"

#include <QWidget>

class QComboBox;
class QPushButton;

namespace evalwright {

/// What items are compared by on the map, and the two things a model can be asked for: vectors of the items, names of
/// the clusters. Only says what is wanted; whoever listens starts the job.
class MapModels : public QWidget
{
    Q_OBJECT

public:
    MapModels(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent = nullptr);

    ModelId embedder() const;     ///< Invalid: the built-in lexical embedding.
    QString embedderName() const; ///< Empty then.
    qint64 vectors() const;       ///< That the chosen model has; 0 for the built-in one.
    /// Reads the models anew; what is chosen stays, as long as it is there.
    void read();
    QPushButton *nameButton() const { return m_name; } ///< For a place beside the clusters.

Q_SIGNALS:
    void chosen();      ///< Another embedding, by the person.
    void wasRead();     ///< The models are there.
    void embedRequested(const QString &model);
    void namesRequested(const QString &model);
    void failed(const evalwright::Error &error);

private:
    void showModels(const QList<Model> &models, const QList<EmbeddingModel> &embedded);
    void fillMenu(QPushButton *button, const QStringList &models, const QString &none,
                  void (MapModels::*wanted)(const QString &));

    std::shared_ptr<Project> m_project;
    DatasetId m_dataset;
    QList<EmbeddingModel> m_embedded;
    QStringList m_shown; ///< What the lists are made of.
    QComboBox *m_choice;
    QPushButton *m_embed, *m_name;
};

} // namespace evalwright
