-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- What every row of the items view is filtered, counted and ordered by is read from these two indexes alone, without
-- the texts (storage/items/itemcolumns.h).
CREATE INDEX candidate_columns ON candidate (dataset_id, ordinal, wanted_label, label_confidence);
DROP INDEX decision_candidate;
CREATE INDEX decision_candidate ON decision (candidate_id, id, verdict, reason, stage, actor);

-- Words of the texts. The index has no copy of them; in it are all rows up to `indexed_to`, of each the question, or the
-- statement where there is none. Later rows are added in the background, and searched for themselves until then.
CREATE VIEW candidate_text AS
    SELECT id, CASE WHEN question = '' THEN statement ELSE question END AS text FROM candidate;
CREATE VIRTUAL TABLE candidate_words USING fts5(text, content = 'candidate_text', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', detail = 'full');
CREATE TABLE search_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    indexed_to INTEGER NOT NULL
) STRICT;
INSERT INTO search_state (id, indexed_to) VALUES (1, 0);

-- Rows whose text is not the one that the index has any more, with that one (none: the index has nothing of the row), so
-- that it can be taken out. Triggers must not touch the index itself: a schema is not trusted to use virtual tables.
CREATE TABLE search_stale (
    candidate_id INTEGER PRIMARY KEY,
    text TEXT
) STRICT;
CREATE TRIGGER candidate_words_add AFTER INSERT ON candidate WHEN new.id <= (SELECT indexed_to FROM search_state)
BEGIN
    INSERT OR IGNORE INTO search_stale (candidate_id, text) VALUES (new.id, NULL);
END;
CREATE TRIGGER candidate_words_remove AFTER DELETE ON candidate WHEN old.id <= (SELECT indexed_to FROM search_state)
BEGIN
    INSERT OR IGNORE INTO search_stale (candidate_id, text)
    VALUES (old.id, CASE WHEN old.question = '' THEN old.statement ELSE old.question END);
END;
CREATE TRIGGER candidate_words_change AFTER UPDATE OF statement, question ON candidate
    WHEN new.id <= (SELECT indexed_to FROM search_state)
BEGIN
    INSERT OR IGNORE INTO search_stale (candidate_id, text)
    VALUES (old.id, CASE WHEN old.question = '' THEN old.statement ELSE old.question END);
END;

-- Tags of people, and every change of them.
CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE candidate_tag (
    candidate_id INTEGER NOT NULL REFERENCES candidate (id),
    tag_id INTEGER NOT NULL REFERENCES tag (id),
    PRIMARY KEY (candidate_id, tag_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX candidate_tag_tag ON candidate_tag (tag_id, candidate_id);

-- Filters with order and columns that a person wants to see again.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY,
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    name TEXT NOT NULL,
    filter TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL,
    UNIQUE (dataset_id, name)
) STRICT;
