-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Jobs may wait for batches: SQLite cannot widen a CHECK, so the table is made anew.
CREATE TABLE job_4 (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('generate', 'trial', 'evaluate')),
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
INSERT INTO job_4 (id, uuid, kind, title, state, parameters, parameters_hash, dataset_id, error, result, created_at,
    started_at, finished_at)
SELECT id, uuid, kind, title, state, parameters, parameters_hash, dataset_id, error, result, created_at, started_at,
    finished_at FROM job;
DROP TABLE job;
ALTER TABLE job_4 RENAME TO job;
CREATE INDEX job_parameters ON job (parameters_hash);

-- A file of requests that a provider answers within a day, or that is run elsewhere. `ticket` is what sending must know
-- after a crash; no secret is in it.
CREATE TABLE batch (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    job_id INTEGER NOT NULL REFERENCES job (id),
    stage TEXT NOT NULL,
    part INTEGER NOT NULL,
    model_id INTEGER NOT NULL REFERENCES model (id),
    delivery TEXT NOT NULL CHECK (delivery IN ('batch', 'files')),
    service TEXT NOT NULL CHECK (service IN ('openai', 'anthropic')),
    state TEXT NOT NULL CHECK (state IN ('writing', 'written', 'sending', 'sent', 'done', 'failed', 'withdrawn')),
    file TEXT NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '',
    bytes INTEGER NOT NULL DEFAULT 0,
    requests INTEGER NOT NULL DEFAULT 0,
    estimate REAL,
    price_factor REAL,
    ticket TEXT NOT NULL DEFAULT '{}',
    provider_id TEXT NOT NULL DEFAULT '',
    provider_state TEXT NOT NULL DEFAULT '',
    provider_total INTEGER NOT NULL DEFAULT 0,
    provider_completed INTEGER NOT NULL DEFAULT 0,
    provider_failed INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    not_run INTEGER NOT NULL DEFAULT 0,
    polls INTEGER NOT NULL DEFAULT 0,
    next_poll_at TEXT,
    problem TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    sent_at TEXT,
    ended_at TEXT
) STRICT;
CREATE INDEX batch_job ON batch (job_id, stage);

-- A request between its planning and its answer; the row goes when the answer is stored. One request is in one batch
-- only, whoever wants its answer. `batch_id` is NULL until the request is in a file, and again when it was not run.
CREATE TABLE batch_request (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    model_id INTEGER NOT NULL REFERENCES model (id),
    prompt_id INTEGER NOT NULL REFERENCES prompt (id),
    path TEXT NOT NULL,
    seed INTEGER,
    sample INTEGER NOT NULL,
    batch_id INTEGER REFERENCES batch (id),
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX batch_request_stage ON batch_request (job_id, stage, batch_id, id);
CREATE INDEX batch_request_batch ON batch_request (batch_id) WHERE batch_id IS NOT NULL;
