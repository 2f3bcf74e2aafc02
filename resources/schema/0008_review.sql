-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- People's judgements. Texts that raters are given are versions that never change; a judgement names those it was
-- given under.
CREATE TABLE guideline (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, version)
) STRICT;

CREATE TABLE questionnaire (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    spec TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (name, version)
) STRICT;

CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    name TEXT NOT NULL,
    questionnaire_id INTEGER NOT NULL REFERENCES questionnaire (id),
    guideline_id INTEGER NOT NULL REFERENCES guideline (id),
    plan TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, name)
) STRICT;

-- The items of a review as they are given to raters: `content_hash` says when one was changed since.
CREATE TABLE review_item (
    review_id INTEGER NOT NULL REFERENCES review (id),
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    content_hash TEXT NOT NULL,
    stratum TEXT NOT NULL DEFAULT '',
    gold TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (review_id, candidate_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_item_candidate ON review_item (candidate_id);

-- A slot is one rater's list, `position` the place in it.
CREATE TABLE assignment (
    review_id INTEGER NOT NULL REFERENCES review (id),
    slot INTEGER NOT NULL,
    position INTEGER NOT NULL,
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    is_repeat INTEGER NOT NULL DEFAULT 0 CHECK (is_repeat IN (0, 1)),
    PRIMARY KEY (review_id, slot, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE rater (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    origin TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE review_slot (
    review_id INTEGER NOT NULL REFERENCES review (id),
    slot INTEGER NOT NULL,
    rater_id INTEGER NOT NULL REFERENCES rater (id),
    taken_at TEXT NOT NULL,
    PRIMARY KEY (review_id, slot),
    UNIQUE (review_id, rater_id)
) STRICT, WITHOUT ROWID;

-- Append-only, as events are: an undo is an event, too.
CREATE TABLE judgement (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    review_id INTEGER NOT NULL REFERENCES review (id),
    rater_id INTEGER NOT NULL REFERENCES rater (id),
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    slot INTEGER NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('submitted', 'skipped', 'broken', 'withdrawn')),
    replaces TEXT NOT NULL DEFAULT '',
    answers TEXT NOT NULL,
    option_order TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    questionnaire_id INTEGER NOT NULL REFERENCES questionnaire (id),
    guideline_id INTEGER NOT NULL REFERENCES guideline (id),
    shown_at TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    seconds_active REAL NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX judgement_place ON judgement (review_id, slot, position);
CREATE INDEX judgement_candidate ON judgement (candidate_id);
CREATE INDEX judgement_replaces ON judgement (replaces) WHERE replaces <> '';
CREATE TRIGGER judgement_stays BEFORE UPDATE ON judgement
BEGIN
    SELECT RAISE(ABORT, 'a judgement is never changed');
END;
CREATE TRIGGER judgement_is_kept BEFORE DELETE ON judgement
BEGIN
    SELECT RAISE(ABORT, 'a judgement is never deleted');
END;

-- What counts: judgements that nothing took back or corrected.
CREATE VIEW judgement_current AS
    SELECT j.* FROM judgement j WHERE j.state <> 'withdrawn'
    AND NOT EXISTS (SELECT 1 FROM judgement r WHERE r.replaces = j.uuid AND r.replaces <> '');

-- The key of a bundle proves that answers belong to it. It never leaves the project.
CREATE TABLE review_bundle (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    review_id INTEGER NOT NULL REFERENCES review (id),
    key BLOB NOT NULL,
    manifest_sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- A person's last word on an item that raters disagree on. Append-only; the latest of an item counts.
CREATE TABLE adjudication (
    id INTEGER PRIMARY KEY,
    review_id INTEGER NOT NULL REFERENCES review (id),
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX adjudication_item ON adjudication (review_id, candidate_id);
