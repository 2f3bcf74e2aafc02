// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "generators/card/datasetcard.h"
#include "storage/exchange/uniformrows.h"

namespace evalwright {

/// One data set on its way into a repository: what its texts are made of.
struct PublishedSet
{
    DatasetCard card; ///< Its examples are items that are published.
    QString config;   ///< Folder under data/, and name of the configuration.
    QList<UniformRows::Column> columns;
    qint64 rows = 0, bytes = 0, heldBack = 0, clustersHeldBack = 0;
    QString sha256;        ///< Of the data file.
    QString recipeFile;    ///< Relative; empty: no recipe made it.
    nlohmann::json making; ///< {writer, checker, embedder, limit, seed} of its generation; null: none is known.

    QString dataFile() const { return QStringLiteral("data/%1/test.jsonl").arg(config); }
    const QString &name() const { return card.facts.dataset.name; }
    QString canary() const { return card.facts.dataset.canary.simplified(); }
};

/// What all of a repository is called.
struct PublicationNames
{
    QString title, url, language;
    QString date;                       ///< YYYY-MM-DD: when the newest data set was made.
    QString licence, authors, citation; ///< Of the first card that says it; may be empty.
};

/// The link of an SPDX identifier at spdx.org; empty for what is no single identifier.
QString licenceLink(const QString &licence);

QByteArray readmeFile(const PublicationNames &names, const QList<PublishedSet> &sets);
QByteArray licenceFile(const PublicationNames &names);
QByteArray croissantFile(const PublicationNames &names, const QList<PublishedSet> &sets);
QByteArray generationFile(const QList<PublishedSet> &sets);
QByteArray reviewFile(const QList<PublishedSet> &sets);
/// README of the folder of what is held back.
QByteArray privateReadmeFile(const PublicationNames &names, const QList<PublishedSet> &sets, double share, qint64 seed);

} // namespace evalwright
