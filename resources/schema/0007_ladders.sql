-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Models get what a ladder needs, and a kind for those of which only results are known; kinds are the program's
-- business, so the CHECK goes.
CREATE TABLE model_7 (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    api TEXT NOT NULL DEFAULT 'openai',
    base_url TEXT NOT NULL DEFAULT '',
    model_id TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    key_env TEXT NOT NULL DEFAULT '',
    family TEXT NOT NULL DEFAULT '',
    parameters REAL,
    training TEXT NOT NULL DEFAULT '',
    steps INTEGER,
    price_in REAL,
    price_out REAL,
    max_in_flight INTEGER,
    capabilities TEXT NOT NULL DEFAULT '{}',
    fingerprint TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    removed_at TEXT,
    requests_per_minute REAL,
    tokens_per_minute REAL,
    -- Training compute in FLOPs, the day it was released (YYYY-MM-DD), and the name on the ladder that several
    -- endpoints of one and the same model share; empty: its own name.
    compute REAL,
    released TEXT NOT NULL DEFAULT '',
    rung TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO model_7 (id, uuid, name, kind, api, base_url, model_id, location, key_env, family, parameters, training,
    steps, price_in, price_out, max_in_flight, capabilities, fingerprint, created_at, removed_at, requests_per_minute,
    tokens_per_minute)
SELECT id, uuid, name, kind, api, base_url, model_id, location, key_env, family, parameters, training, steps, price_in,
    price_out, max_in_flight, capabilities, fingerprint, created_at, removed_at, requests_per_minute, tokens_per_minute
FROM model;
DROP TABLE model;
ALTER TABLE model_7 RENAME TO model;
CREATE UNIQUE INDEX model_name ON model (name) WHERE removed_at IS NULL;

-- `matches` is set where somebody else said whether an answer matches; else the item's label decides. `repeat` tells
-- several answers of one cell apart.
CREATE TABLE observation_7 (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    frame TEXT NOT NULL,
    control TEXT NOT NULL DEFAULT 'none',
    option_order TEXT NOT NULL DEFAULT 'stored',
    repeat INTEGER NOT NULL DEFAULT 0,
    method TEXT NOT NULL,
    method_version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'unparsed', 'undecided', 'http-error')),
    argmax TEXT NOT NULL DEFAULT '',
    matches INTEGER CHECK (matches IN (0, 1)),
    p_matching REAL,
    label_mass REAL,
    undecided_mass REAL,
    censored INTEGER NOT NULL DEFAULT 0,
    labels TEXT NOT NULL DEFAULT '[]',
    response_id INTEGER REFERENCES response (id),
    created_at TEXT NOT NULL,
    UNIQUE (run_id, candidate_id, model_id, frame, control, option_order, repeat)
) STRICT;
INSERT INTO observation_7 (id, run_id, candidate_id, model_id, frame, control, option_order, method, method_version,
    outcome, argmax, p_matching, label_mass, undecided_mass, censored, labels, response_id, created_at)
SELECT id, run_id, candidate_id, model_id, frame, control, option_order, method, method_version, outcome, argmax,
    p_matching, label_mass, undecided_mass, censored, labels, response_id, created_at FROM observation;
DROP TABLE observation;
ALTER TABLE observation_7 RENAME TO observation;
-- What models answered to one item.
CREATE INDEX observation_candidate ON observation (candidate_id);
-- Failed requests belong to results; among a million steps they are few.
CREATE INDEX job_step_failed ON job_step (job_id, stage) WHERE state = 'failed';

-- The answers of a cell packed together, up to the observation `upto`: results of millions of answers come at once.
-- Made of `observation` alone and made again when it is missing.
CREATE TABLE answer_pack (
    run_id INTEGER NOT NULL REFERENCES run (id),
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    frame TEXT NOT NULL,
    control TEXT NOT NULL,
    option_order TEXT NOT NULL,
    repeat INTEGER NOT NULL,
    method TEXT NOT NULL,
    answers INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (dataset_id, run_id, model_id, frame, control, option_order, repeat, method)
) STRICT;
CREATE TABLE answer_pack_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    upto INTEGER NOT NULL
) STRICT;

-- What a verdict rests on besides the answers, with when it was said: `dataset_id` NULL is the project's own. The
-- latest of a name counts. Append-only.
CREATE TABLE verdict_setting (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER REFERENCES dataset (id),
    name TEXT NOT NULL CHECK (name IN ('smallest-effect', 'direction')),
    value TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX verdict_setting_dataset ON verdict_setting (dataset_id, name);
