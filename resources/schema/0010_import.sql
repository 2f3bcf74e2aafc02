-- SPDX-FileCopyrightText: 2026 The Evalwright authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- Schema 10: most items of a large project were imported and come from no job and no answer. The indexes over jobs and
-- answers leave them out: these were a tenth of the time of an import, and every file that was added to a project with
-- many data sets changed all pages of the first.
DROP INDEX candidate_job;
CREATE INDEX candidate_job ON candidate (job_id, ordinal) WHERE job_id IS NOT NULL;
DROP INDEX candidate_response;
CREATE INDEX candidate_response ON candidate (response_id) WHERE response_id IS NOT NULL;

-- Items are what the latest decision keeps. Its word stands in the index over decisions; the view that all of its facts
-- are in read each decision as well.
DROP VIEW item;
CREATE VIEW item AS SELECT * FROM candidate c
    WHERE (SELECT verdict FROM decision WHERE candidate_id = c.id ORDER BY id DESC LIMIT 1) = 'keep';
