// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/questionnaire.h"
#include "review/sealedzip.h"
#include "review/shownitem.h"

#include <QHash>
#include <QMap>

namespace evalwright::review {

inline const QString bundleFormat = QStringLiteral("evalwright-review-bundle");

/// A rater bundle (docs/review-bundles.md): what raters need, and nothing that tells an answer.
struct Bundle
{
    QString id, projectId, reviewId; ///< UUIDs.
    QString createdAt, programVersion;
    QString title; ///< The data set's name.
    QString datasetId, canary, language;
    QString guideline;
    int guidelineVersion = 0;
    QString guidelineSha256;
    Questionnaire questionnaire;
    int questionnaireVersion = 0;
    QString questionnaireSha256;
    int perItem = 0;
    qint64 orderSeed = 0;           ///< Of optionOrder(); the bundle's own.
    QList<ShownItem> items;         ///< By id.
    QMap<int, QList<qint32>> lists; ///< By the review's slot: indices into `items`.
    Seal seal;
};

/// Opens what may come from anybody. Errors of readSealedZip; Corrupt: its parts do not fit together, with the place.
Result<Bundle> readBundle(const QString &path);

/// What an item is called in a bundle: nobody without the key can tell which published item it is, or that two are one.
QString bundleItemId(const QByteArray &key, const QString &itemUuid, bool isRepeat);

/// The bundle's own seed for orders of options. The plan's would tell where gold items and repeats stand.
qint64 bundleOrderSeed(const QByteArray &key);

} // namespace evalwright::review
