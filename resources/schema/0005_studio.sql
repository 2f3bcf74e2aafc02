-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Kinds of jobs are the program's business (generate, trial, evaluate, validate, embed, …): the CHECK goes, and with it
-- the need to make this table anew for the next kind.
CREATE TABLE job_5 (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'waiting', 'done', 'partly', 'failed', 'cancelled', 'budget')),
    parameters TEXT NOT NULL,
    parameters_hash TEXT NOT NULL,
    dataset_id INTEGER REFERENCES dataset (id),
    error TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT
) STRICT;
INSERT INTO job_5 (id, uuid, kind, title, state, parameters, parameters_hash, dataset_id, error, result, created_at,
    started_at, finished_at)
SELECT id, uuid, kind, title, state, parameters, parameters_hash, dataset_id, error, result, created_at, started_at,
    finished_at FROM job;
DROP TABLE job;
ALTER TABLE job_5 RENAME TO job;
CREATE INDEX job_parameters ON job (parameters_hash);

-- What items are made of before they are items: a biography, an occupation with its clean names. Kept and rejected
-- alike; `stage` and `reason` say where and why one was lost, both empty while it is in.
CREATE TABLE material (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    job_id INTEGER REFERENCES job (id),
    kind TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    target TEXT NOT NULL,
    sample INTEGER NOT NULL DEFAULT 0,
    parse_status TEXT NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}',
    stage TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, kind, ordinal)
) STRICT;

-- Which reply filled which part of a material.
CREATE TABLE material_response (
    material_id INTEGER NOT NULL REFERENCES material (id),
    stage TEXT NOT NULL,
    presentation TEXT NOT NULL DEFAULT '',
    response_id INTEGER NOT NULL REFERENCES response (id),
    p REAL,
    label_mass REAL,
    PRIMARY KEY (material_id, stage, presentation)
) STRICT, WITHOUT ROWID;
CREATE INDEX material_response_response ON material_response (response_id);

-- What the family knows of a candidate beside the columns: options, question and biography, occupation, golds shown.
ALTER TABLE candidate ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';
ALTER TABLE candidate ADD COLUMN material_id INTEGER REFERENCES material (id);
CREATE INDEX candidate_material ON candidate (material_id) WHERE material_id IS NOT NULL;

CREATE TABLE lint_finding (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    rule TEXT NOT NULL,
    rule_version INTEGER NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('block', 'warn', 'info')),
    field TEXT NOT NULL DEFAULT '',
    start INTEGER,
    length INTEGER,
    detail TEXT NOT NULL DEFAULT '',
    UNIQUE (candidate_id, rule, rule_version)
) STRICT;
CREATE INDEX lint_finding_rule ON lint_finding (rule, candidate_id);

-- A person's own severity of a rule in this project.
CREATE TABLE lint_setting (
    rule TEXT PRIMARY KEY,
    severity TEXT NOT NULL CHECK (severity IN ('block', 'warn', 'info', 'off')),
    changed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What stays with a data set in words: a checker of the writer's family, a checker that was overridden, a release with
-- findings. Append-only.
CREATE TABLE dataset_note (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    detail TEXT NOT NULL DEFAULT '{}',
    actor TEXT NOT NULL CHECK (actor IN ('rule', 'person')),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX dataset_note_dataset ON dataset_note (dataset_id);

-- A checker tried on items whose labels are known. `check_json` is what it was asked, whole; `result` its figures.
CREATE TABLE checker_validation (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    job_id INTEGER NOT NULL REFERENCES job (id),
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    behaviour_id INTEGER REFERENCES behaviour (id),
    prompt TEXT NOT NULL,
    frame TEXT NOT NULL,
    check_json TEXT NOT NULL,
    check_hash TEXT NOT NULL,
    items INTEGER NOT NULL,
    result TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX checker_validation_check ON checker_validation (check_hash, model_id);

-- Versions of a prompt as a person saved them, with why.
CREATE TABLE prompt_version (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    preset TEXT NOT NULL,
    stage TEXT NOT NULL,
    json TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX prompt_version_stage ON prompt_version (preset, stage, id);

-- Embeddings from a model: `vector` is little-endian float32. The built-in lexical embedding is computed when needed.
CREATE TABLE embedding (
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    text_sha256 BLOB NOT NULL,
    vector BLOB NOT NULL,
    response_id INTEGER REFERENCES response (id),
    PRIMARY KEY (candidate_id, model_id)
) STRICT, WITHOUT ROWID;

-- Names that a model or a person gave to clusters of the map.
CREATE TABLE cluster_name (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    clustering TEXT NOT NULL,
    cluster INTEGER NOT NULL,
    name TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('model', 'person')),
    response_id INTEGER REFERENCES response (id),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX cluster_name_dataset ON cluster_name (dataset_id, clustering);
