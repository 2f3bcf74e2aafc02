// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "review/elsewhere/tooltasks.h"

#include <nlohmann/json.hpp>

namespace evalwright::review {

/// A record as `dataset.records.log` of Argilla 2 takes it: {id, question, options?, occupation?, other_person?,
/// meta_export_id, meta_content_hash, meta_behavior, meta_list, meta_position, meta_options}, and with predictions the
/// answer to the question about the label. `options` is a text for raters; meta_options the keys in its order, a JSON
/// list as text. List and position count from 1.
nlohmann::json argillaRecord(const ToolJob &job, const ToolTask &task);

struct ArgillaSettings
{
    nlohmann::json document; ///< What `rg.Settings.from_json` of Argilla 2 reads.
    QStringList notes;       ///< What the questionnaire says and Argilla cannot.
};
/// `keys`: of the options of all items. Argilla has one list of labels for all records: an item's own options stand in
/// its text, and whoever chooses a label that the item does not have is found out when answers come back.
ArgillaSettings argillaSettings(const ToolJob &job, const QStringList &keys);

} // namespace evalwright::review
