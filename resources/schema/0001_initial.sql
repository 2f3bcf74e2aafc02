-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Times are ISO 8601 UTC text. Fractions are 0..1. Everything a person or a model produced is only ever added.

CREATE TABLE project (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    program_version TEXT NOT NULL
) STRICT;

CREATE TABLE behaviour (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    contrast TEXT NOT NULL DEFAULT '',
    polarity TEXT NOT NULL DEFAULT 'neutral' CHECK (polarity IN ('bad-if-high', 'bad-if-low', 'neutral')),
    guideline TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT 'person' CHECK (subject IN ('person', 'ai-system')),
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE recipe (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    preset TEXT NOT NULL,
    json TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

-- What answers. `kind` says where it lives; no secret is stored, only the name of the variable that holds it.
CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('endpoint', 'gguf', 'catalogue')),
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
    removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX model_name ON model (name) WHERE removed_at IS NULL;

CREATE TABLE dataset (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    family TEXT NOT NULL,
    behaviour_id INTEGER REFERENCES behaviour (id),
    recipe_id INTEGER REFERENCES recipe (id),
    canary TEXT NOT NULL,
    created_at TEXT NOT NULL,
    removed_at TEXT
) STRICT;
CREATE UNIQUE INDEX dataset_name ON dataset (name) WHERE removed_at IS NULL;

CREATE TABLE job (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('generate', 'trial', 'evaluate')),
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'partly', 'failed', 'cancelled', 'budget')),
    parameters TEXT NOT NULL,
    parameters_hash TEXT NOT NULL,
    dataset_id INTEGER REFERENCES dataset (id),
    error TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    started_at TEXT,
    finished_at TEXT
) STRICT;
CREATE INDEX job_parameters ON job (parameters_hash);

-- A request body without its seed, kept once however many samples it was asked for.
CREATE TABLE prompt (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    json TEXT NOT NULL
) STRICT;

-- Every reply exactly as it arrived, stored before anybody reads it.
CREATE TABLE response (
    id INTEGER PRIMARY KEY,
    request_key TEXT NOT NULL,
    prompt_id INTEGER NOT NULL REFERENCES prompt (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    path TEXT NOT NULL,
    seed INTEGER,
    sample INTEGER NOT NULL,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost REAL,
    attempts INTEGER NOT NULL,
    seconds REAL NOT NULL,
    received_at TEXT NOT NULL
) STRICT;
-- One good answer per request: this is what makes an answer impossible to store twice.
CREATE UNIQUE INDEX response_key ON response (request_key) WHERE complete = 1;
CREATE INDEX response_any_key ON response (request_key);

CREATE TABLE job_step (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    model_id INTEGER REFERENCES model (id),
    request_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'failed')),
    response_id INTEGER REFERENCES response (id),
    from_cache INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (job_id, stage, ordinal)
) STRICT;
CREATE INDEX job_step_response ON job_step (response_id);

CREATE TABLE import_source (
    id INTEGER PRIMARY KEY,
    file_name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    format TEXT NOT NULL,
    dialect TEXT NOT NULL DEFAULT '{}',
    mapping TEXT NOT NULL DEFAULT '{}',
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    imported_at TEXT NOT NULL,
    program_version TEXT NOT NULL
) STRICT;

-- Everything that could become an item, kept and rejected alike.
CREATE TABLE candidate (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    job_id INTEGER REFERENCES job (id),
    ordinal INTEGER NOT NULL,
    wanted_label TEXT NOT NULL,
    sample INTEGER NOT NULL DEFAULT 0,
    position_in_reply INTEGER NOT NULL DEFAULT 0,
    response_id INTEGER REFERENCES response (id),
    parse_status TEXT NOT NULL,
    parser_version INTEGER NOT NULL DEFAULT 0,
    prefill_stripped INTEGER NOT NULL DEFAULT 0,
    statement TEXT NOT NULL DEFAULT '',
    question TEXT NOT NULL DEFAULT '',
    matching_label TEXT NOT NULL DEFAULT '',
    other_labels TEXT NOT NULL DEFAULT '[]',
    label_confidence REAL,
    cluster TEXT NOT NULL DEFAULT '',
    import_source_id INTEGER REFERENCES import_source (id),
    source_line INTEGER,
    source_text TEXT,
    extra TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, ordinal)
) STRICT;
CREATE INDEX candidate_job ON candidate (job_id, ordinal);
CREATE INDEX candidate_response ON candidate (response_id);

CREATE TABLE score (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    requirement TEXT NOT NULL,
    checker_model_id INTEGER NOT NULL REFERENCES model (id),
    method TEXT NOT NULL,
    presentation TEXT NOT NULL,
    p REAL,
    label_mass REAL,
    response_id INTEGER REFERENCES response (id),
    detail TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    UNIQUE (candidate_id, requirement, checker_model_id, method, presentation, response_id)
) STRICT;

-- Append-only. The latest row of a candidate counts; its earlier rows are history.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    job_id INTEGER REFERENCES job (id),
    stage TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('keep', 'reject')),
    reason TEXT NOT NULL,
    actor TEXT NOT NULL CHECK (actor IN ('rule', 'person', 'import')),
    threshold REAL,
    rank INTEGER,
    quota INTEGER,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX decision_candidate ON decision (candidate_id, id);

CREATE VIEW candidate_state AS
    SELECT c.*, d.id AS decision_id, d.verdict, d.reason, d.stage AS decision_stage, d.actor, d.threshold,
           d.rank, d.quota, d.created_at AS decided_at
    FROM candidate c
    LEFT JOIN decision d ON d.id = (SELECT max(id) FROM decision WHERE candidate_id = c.id);

CREATE VIEW item AS SELECT * FROM candidate_state WHERE verdict = 'keep';

CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    job_id INTEGER NOT NULL REFERENCES job (id),
    parameters TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE observation (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    model_id INTEGER NOT NULL REFERENCES model (id),
    frame TEXT NOT NULL,
    control TEXT NOT NULL DEFAULT 'none',
    option_order TEXT NOT NULL DEFAULT 'stored',
    method TEXT NOT NULL,
    method_version INTEGER NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'refused', 'unparsed', 'undecided', 'http-error')),
    argmax TEXT NOT NULL DEFAULT '',
    p_matching REAL,
    label_mass REAL,
    undecided_mass REAL,
    censored INTEGER NOT NULL DEFAULT 0,
    labels TEXT NOT NULL DEFAULT '[]',
    response_id INTEGER REFERENCES response (id),
    created_at TEXT NOT NULL,
    UNIQUE (run_id, candidate_id, model_id, frame, control, option_order)
) STRICT;

CREATE TABLE figure (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    parameters TEXT NOT NULL,
    spec TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE event_log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    kind TEXT NOT NULL,
    job_id INTEGER,
    detail TEXT NOT NULL DEFAULT '{}'
) STRICT;
