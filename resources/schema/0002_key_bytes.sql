-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Keys and hashes become 32 bytes instead of 64 letters: with their indices they were a fifth of what an answer takes.
-- The columns are filled by the program (SQLite here has no unhex()), the old ones go with the next script.
ALTER TABLE prompt ADD COLUMN sha256 BLOB NOT NULL DEFAULT x'';
ALTER TABLE response ADD COLUMN key BLOB NOT NULL DEFAULT x'';
ALTER TABLE job_step ADD COLUMN key BLOB NOT NULL DEFAULT x'';
