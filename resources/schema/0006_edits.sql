-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Changes of a candidate's text. `candidate` has the text that counts; what it was before is here and never lost.
-- `batch` is shared by the edits that were made, and are undone, together. Append-only: undoing is an edit, too.
-- `before` and `after` are objects of the columns that changed.
CREATE TABLE candidate_edit (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    batch TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('rule', 'person')),
    reason TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX candidate_edit_candidate ON candidate_edit (candidate_id, id);
CREATE INDEX candidate_edit_batch ON candidate_edit (batch);
