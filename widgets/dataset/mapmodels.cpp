// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/mapmodels.h"

#include "core/onfinished.h"
#include "generators/map/embed.h"
#include "storage/repositories/models.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QPushButton>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

struct Both
{
    QList<Model> models;
    QList<EmbeddingModel> embedded;
};

} // namespace

MapModels::MapModels(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_choice(new QComboBox),
      m_embed(new QPushButton(tr("Embed with a model …"))), m_name(new QPushButton(tr("Ask a model for names …")))
{
    m_choice->setAccessibleName(tr("What items are compared by"));
    m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choice->setMinimumContentsLength(20);
    m_embed->setToolTip(tr("Asks a model for a vector of every item on the map; the map can then be drawn by these"));
    m_name->setToolTip(tr("Asks a model for a name of every cluster that no person has named"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(m_choice);
    layout->addWidget(m_embed);
    showModels({}, {});
    connect(m_choice, &QComboBox::activated, this, &MapModels::chosen);
}

ModelId MapModels::embedder() const
{
    return ModelId{m_choice->currentData().toLongLong()};
}

QString MapModels::embedderName() const
{
    const auto found = std::ranges::find(m_embedded, embedder(), &EmbeddingModel::id);
    return found == m_embedded.end() ? QString() : found->name;
}

qint64 MapModels::vectors() const
{
    const auto found = std::ranges::find(m_embedded, embedder(), &EmbeddingModel::id);
    return found == m_embedded.end() ? 0 : found->candidates;
}

void MapModels::read()
{
    onFinished(m_project->read([dataset = m_dataset](Connection &c) -> Result<Both> {
        Both both;
        EVALWRIGHT_ASSIGN(both.models, listModels(c));
        EVALWRIGHT_ASSIGN(both.embedded, embeddingModels(c, dataset));
        return both;
    }),
               this, [this](const Result<Both> &both) {
                   if (!both) {
                       Q_EMIT failed(both.error());
                       return;
                   }
                   showModels(both->models, both->embedded);
                   Q_EMIT wasRead();
               });
}

void MapModels::showModels(const QList<Model> &models, const QList<EmbeddingModel> &embedded)
{
    // Every change of a candidate reads them: a list that is open stays as long as nothing in it is different.
    QStringList shown;
    for (const Model &model : models)
        shown << model.name + u'/' + model.api;
    for (const EmbeddingModel &model : embedded)
        shown << u"%1/%2/%3"_s.arg(model.id.value).arg(model.candidates).arg(model.name);
    if (m_choice->count() > 0 && shown == m_shown)
        return;
    m_shown = shown;
    const ModelId before = m_choice->count() > 0 ? embedder() : ModelId();
    m_embedded = embedded;
    m_choice->clear();
    m_choice->addItem(tr("Compared by words (built in)"), qint64{0});
    for (const EmbeddingModel &model : embedded) {
        m_choice->addItem(tr("Compared by %1").arg(singleLine(model.name, 40)), model.id.value);
        m_choice->setItemData(m_choice->count() - 1,
                              plainToolTip(tr("%1 candidates have a vector of %2")
                                               .arg(QLocale().toString(model.candidates), model.name)),
                              Qt::ToolTipRole);
        if (model.id == before)
            m_choice->setCurrentIndex(m_choice->count() - 1);
    }
    QStringList all, canEmbedToo;
    for (const Model &model : models) {
        all << model.name;
        if (canEmbed(model))
            canEmbedToo << model.name;
    }
    fillMenu(m_embed, canEmbedToo, tr("No model of this project can; add one on the page Models"),
             &MapModels::embedRequested);
    fillMenu(m_name, all, tr("There is no model yet; add one on the page Models"), &MapModels::namesRequested);
    const bool writable = m_project->access() == Project::Access::ReadWrite;
    m_embed->setEnabled(writable);
    m_name->setEnabled(writable);
}

void MapModels::fillMenu(QPushButton *button, const QStringList &models, const QString &none,
                         void (MapModels::*wanted)(const QString &))
{
    auto *menu = new QMenu(button);
    for (const QString &model : models) {
        QString shown = singleLine(model, 60);
        menu->addAction(shown.replace(QLatin1Char('&'), QLatin1String("&&")), this,
                        [this, wanted, model] { Q_EMIT(this->*wanted)(model); });
    }
    if (models.isEmpty())
        menu->addAction(none)->setEnabled(false);
    if (QMenu *old = button->menu())
        old->deleteLater();
    button->setMenu(menu);
}

} // namespace evalwright
