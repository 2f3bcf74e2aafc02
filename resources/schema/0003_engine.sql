-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Prompts, answers and steps are made anew with their keys as bytes. What only waited for its answer keeps its place.
CREATE TABLE prompt_3 (
    id INTEGER PRIMARY KEY,
    sha256 BLOB NOT NULL UNIQUE,
    json TEXT NOT NULL
) STRICT;
INSERT INTO prompt_3 (id, sha256, json) SELECT id, sha256, json FROM prompt;

CREATE TABLE response_3 (
    id INTEGER PRIMARY KEY,
    key BLOB NOT NULL,
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
    resent INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL,
    received_at TEXT NOT NULL
) STRICT;
INSERT INTO response_3 (id, key, prompt_id, model_id, path, seed, sample, status, body, complete, prompt_tokens,
    completion_tokens, cost, attempts, seconds, received_at)
SELECT id, key, prompt_id, model_id, path, seed, sample, status, body, complete, prompt_tokens,
    completion_tokens, cost, attempts, seconds, received_at FROM response;

CREATE TABLE job_step_3 (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    stage TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    model_id INTEGER REFERENCES model (id),
    key BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'done', 'failed')),
    response_id INTEGER REFERENCES response (id),
    from_cache INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (job_id, stage, ordinal)
) STRICT;
INSERT INTO job_step_3 (id, job_id, stage, ordinal, model_id, key, state, response_id, from_cache, error)
SELECT id, job_id, stage, ordinal, model_id, key, state, response_id, from_cache, error FROM job_step;

DROP TABLE job_step;
DROP TABLE response;
DROP TABLE prompt;
ALTER TABLE prompt_3 RENAME TO prompt;
ALTER TABLE response_3 RENAME TO response;
ALTER TABLE job_step_3 RENAME TO job_step;

-- One good answer per request: this is what makes an answer impossible to store twice.
CREATE UNIQUE INDEX response_key ON response (key) WHERE complete = 1;
-- From an answer to who asked for it.
CREATE INDEX job_step_response ON job_step (response_id) WHERE response_id IS NOT NULL;

-- What a person allows at an endpoint; NULL: found out while working.
ALTER TABLE model ADD COLUMN requests_per_minute REAL;
ALTER TABLE model ADD COLUMN tokens_per_minute REAL;
