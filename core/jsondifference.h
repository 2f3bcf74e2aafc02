// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

#include <nlohmann/json_fwd.hpp>

namespace evalwright {

struct LeafDifference
{
    QString path;   ///< "stages.write.sampling.temperature"; parts of a list by number, or by their "id".
    QString first, second; ///< As text, shortened to longestLeafText; an em dash where one document lacks the leaf.
};

struct LeafDifferences
{
    QList<LeafDifference> list; ///< By path; mostLeafDifferences at most.
    qint64 total = 0;
};

inline constexpr qsizetype longestLeafText = 400, mostLeafDifferences = 500;

/// Bounded whatever the documents hold, as long as their depth is (core/foreignjson.h).
/// Where two documents differ, leaf by leaf. Lists whose members all have an "id" of their own are compared member by
/// member, whatever their order; that the order differs is a leaf "(order)" of its own.
LeafDifferences leafDifferences(const nlohmann::json &first, const nlohmann::json &second);

} // namespace evalwright
