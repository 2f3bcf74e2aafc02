// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/peopleslabels.h"

#include "review/agreement.h"
#include "storage/repositories/reviews.h"

namespace evalwright::review {

Result<QHash<qint64, bool>> labelsByPeople(Connection &connection, DatasetId dataset, const CancellationToken &token)
{
    QHash<qint64, bool> labels;
    AgreementSettings settings;
    settings.intervals = false;
    EVALWRIGHT_ASSIGN(const QList<Review> reviews, reviewsOf(connection, dataset));
    for (const Review &review : reviews) {
        EVALWRIGHT_ASSIGN(const ReadAgreement read, readAgreement(connection, review, settings, token));
        for (const ItemVerdict &verdict : read.agreement.verdicts) {
            if (!verdict.people().isEmpty() && !verdict.label.isEmpty() && !labels.contains(verdict.candidate))
                labels.insert(verdict.candidate, verdict.people() == verdict.label);
        }
    }
    return labels;
}

} // namespace evalwright::review
