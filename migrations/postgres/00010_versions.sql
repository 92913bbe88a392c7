-- A release names a version of each dataset: the number of the release that brought its
-- rows. A dataset that did not change keeps its version, so its rows are stored once, and
-- stay when that release is deleted.
-- +goose Up
ALTER TABLE release_datasets ADD COLUMN version bigint NOT NULL DEFAULT 0;
UPDATE release_datasets SET version = (
    SELECT MIN(first.release_seq) FROM release_datasets first
    WHERE first.dataset = release_datasets.dataset AND first.content_hash = release_datasets.content_hash
        AND first.columns = release_datasets.columns AND first.description_hash = release_datasets.description_hash);

DELETE FROM areas WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'areas');
ALTER TABLE areas DROP CONSTRAINT IF EXISTS areas_release_seq_fkey;
ALTER TABLE areas RENAME COLUMN release_seq TO version;

DELETE FROM changes WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'changes');
ALTER TABLE changes DROP CONSTRAINT IF EXISTS changes_release_seq_fkey;
ALTER TABLE changes RENAME COLUMN release_seq TO version;

DELETE FROM codelists WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'codelists');
ALTER TABLE codelists DROP CONSTRAINT IF EXISTS codelists_release_seq_fkey;
ALTER TABLE codelists RENAME COLUMN release_seq TO version;

DELETE FROM contradictions WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'contradictions');
ALTER TABLE contradictions DROP CONSTRAINT IF EXISTS contradictions_release_seq_fkey;
ALTER TABLE contradictions RENAME COLUMN release_seq TO version;

DELETE FROM fields_of_action WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'fields-of-action');
ALTER TABLE fields_of_action DROP CONSTRAINT IF EXISTS fields_of_action_release_seq_fkey;
ALTER TABLE fields_of_action RENAME COLUMN release_seq TO version;

DELETE FROM goal_progress WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'goal-progress');
ALTER TABLE goal_progress DROP CONSTRAINT IF EXISTS goal_progress_release_seq_fkey;
ALTER TABLE goal_progress RENAME COLUMN release_seq TO version;

DELETE FROM goal_status WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'goal-status');
ALTER TABLE goal_status DROP CONSTRAINT IF EXISTS goal_status_release_seq_fkey;
ALTER TABLE goal_status RENAME COLUMN release_seq TO version;

DELETE FROM goals WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'goals');
ALTER TABLE goals DROP CONSTRAINT IF EXISTS goals_release_seq_fkey;
ALTER TABLE goals RENAME COLUMN release_seq TO version;

DELETE FROM indicators WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'indicators');
ALTER TABLE indicators DROP CONSTRAINT IF EXISTS indicators_release_seq_fkey;
ALTER TABLE indicators RENAME COLUMN release_seq TO version;

DELETE FROM milestones WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'milestones');
ALTER TABLE milestones DROP CONSTRAINT IF EXISTS milestones_release_seq_fkey;
ALTER TABLE milestones RENAME COLUMN release_seq TO version;

DELETE FROM observations WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'observations');
ALTER TABLE observations DROP CONSTRAINT IF EXISTS observations_release_seq_fkey;
ALTER TABLE observations RENAME COLUMN release_seq TO version;

DELETE FROM ozg_service_counts WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'ozg-service-counts');
ALTER TABLE ozg_service_counts DROP CONSTRAINT IF EXISTS ozg_service_counts_release_seq_fkey;
ALTER TABLE ozg_service_counts RENAME COLUMN release_seq TO version;

DELETE FROM sources WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'sources');
ALTER TABLE sources DROP CONSTRAINT IF EXISTS sources_release_seq_fkey;
ALTER TABLE sources RENAME COLUMN release_seq TO version;

DELETE FROM strategies WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'strategies');
ALTER TABLE strategies DROP CONSTRAINT IF EXISTS strategies_release_seq_fkey;
ALTER TABLE strategies RENAME COLUMN release_seq TO version;

DELETE FROM withdrawn WHERE release_seq NOT IN (SELECT version FROM release_datasets WHERE dataset = 'withdrawn');
ALTER TABLE withdrawn DROP CONSTRAINT IF EXISTS withdrawn_release_seq_fkey;
ALTER TABLE withdrawn RENAME COLUMN release_seq TO version;

-- +goose Down
INSERT INTO areas (version, ordinal, "id", "title", "title_en", "level")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."level" FROM areas r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'areas' AND p.release_seq <> p.version;
DELETE FROM areas WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE areas RENAME COLUMN version TO release_seq;
ALTER TABLE areas ADD CONSTRAINT areas_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO changes (version, ordinal, "id", "in_release", "published", "dataset", "row", "change", "column", "old", "new")
    SELECT p.release_seq, r.ordinal, r."id", r."in_release", r."published", r."dataset", r."row", r."change", r."column", r."old", r."new" FROM changes r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'changes' AND p.release_seq <> p.version;
DELETE FROM changes WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE changes RENAME COLUMN version TO release_seq;
ALTER TABLE changes ADD CONSTRAINT changes_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO codelists (version, ordinal, "id", "codelist", "code", "title", "title_en", "definition", "definition_en")
    SELECT p.release_seq, r.ordinal, r."id", r."codelist", r."code", r."title", r."title_en", r."definition", r."definition_en" FROM codelists r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'codelists' AND p.release_seq <> p.version;
DELETE FROM codelists WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE codelists RENAME COLUMN version TO release_seq;
ALTER TABLE codelists ADD CONSTRAINT codelists_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO contradictions (version, ordinal, "id", "title", "title_en", "rows", "difference", "advice", "type", "difference_en", "advice_en", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."rows", r."difference", r."advice", r."type", r."difference_en", r."advice_en", r."themes" FROM contradictions r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'contradictions' AND p.release_seq <> p.version;
DELETE FROM contradictions WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE contradictions RENAME COLUMN version TO release_seq;
ALTER TABLE contradictions ADD CONSTRAINT contradictions_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO fields_of_action (version, ordinal, "id", "strategy", "number", "title", "title_en")
    SELECT p.release_seq, r.ordinal, r."id", r."strategy", r."number", r."title", r."title_en" FROM fields_of_action r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'fields-of-action' AND p.release_seq <> p.version;
DELETE FROM fields_of_action WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE fields_of_action RENAME COLUMN version TO release_seq;
ALTER TABLE fields_of_action ADD CONSTRAINT fields_of_action_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO goal_progress (version, ordinal, "id", "goal", "indicator", "state", "target", "target_value", "target_qualifier", "target_period", "target_source", "actual", "actual_value", "actual_qualifier", "actual_period", "actual_source", "share", "unit", "note", "share_qualifier", "actual_indicator", "related_indicators", "breakdown", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."indicator", r."state", r."target", r."target_value", r."target_qualifier", r."target_period", r."target_source", r."actual", r."actual_value", r."actual_qualifier", r."actual_period", r."actual_source", r."share", r."unit", r."note", r."share_qualifier", r."actual_indicator", r."related_indicators", r."breakdown", r."note_en" FROM goal_progress r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goal-progress' AND p.release_seq <> p.version;
DELETE FROM goal_progress WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE goal_progress RENAME COLUMN version TO release_seq;
ALTER TABLE goal_progress ADD CONSTRAINT goal_progress_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO goal_status (version, ordinal, "id", "goal", "status", "period", "source", "locator", "published", "note", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."status", r."period", r."source", r."locator", r."published", r."note", r."note_en" FROM goal_status r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goal-status' AND p.release_seq <> p.version;
DELETE FROM goal_status WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE goal_status RENAME COLUMN version TO release_seq;
ALTER TABLE goal_status ADD CONSTRAINT goal_status_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO goals (version, ordinal, "id", "strategy", "field_of_action", "section", "title", "title_en", "summary", "due", "due_text", "quantified", "status", "source", "locator", "published", "summary_en", "due_text_en", "start", "themes", "related_goals", "evidence", "assessment", "known_until")
    SELECT p.release_seq, r.ordinal, r."id", r."strategy", r."field_of_action", r."section", r."title", r."title_en", r."summary", r."due", r."due_text", r."quantified", r."status", r."source", r."locator", r."published", r."summary_en", r."due_text_en", r."start", r."themes", r."related_goals", r."evidence", r."assessment", r."known_until" FROM goals r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goals' AND p.release_seq <> p.version;
DELETE FROM goals WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE goals RENAME COLUMN version TO release_seq;
ALTER TABLE goals ADD CONSTRAINT goals_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO indicators (version, ordinal, "id", "title", "title_en", "definition", "unit", "field_of_action", "goal", "direction", "definition_en", "dimension", "covers", "related", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."definition", r."unit", r."field_of_action", r."goal", r."direction", r."definition_en", r."dimension", r."covers", r."related", r."themes" FROM indicators r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'indicators' AND p.release_seq <> p.version;
DELETE FROM indicators WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE indicators RENAME COLUMN version TO release_seq;
ALTER TABLE indicators ADD CONSTRAINT indicators_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO milestones (version, ordinal, "id", "goal", "field_of_action", "title", "title_en", "reached", "source", "locator", "published", "state", "due", "note", "note_en", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."field_of_action", r."title", r."title_en", r."reached", r."source", r."locator", r."published", r."state", r."due", r."note", r."note_en", r."themes" FROM milestones r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'milestones' AND p.release_seq <> p.version;
DELETE FROM milestones WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE milestones RENAME COLUMN version TO release_seq;
ALTER TABLE milestones ADD CONSTRAINT milestones_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO observations (version, ordinal, "id", "indicator", "goal", "area", "period", "kind", "value", "qualifier", "source", "locator", "published", "note", "unit", "breakdown", "derivation", "reported", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."indicator", r."goal", r."area", r."period", r."kind", r."value", r."qualifier", r."source", r."locator", r."published", r."note", r."unit", r."breakdown", r."derivation", r."reported", r."note_en" FROM observations r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'observations' AND p.release_seq <> p.version;
DELETE FROM observations WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE observations RENAME COLUMN version TO release_seq;
ALTER TABLE observations ADD CONSTRAINT observations_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO ozg_service_counts (version, ordinal, "id", "measure", "area", "as_of", "coverage", "priority", "execution", "portal", "kind", "value", "qualifier", "source", "locator", "published", "note", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."measure", r."area", r."as_of", r."coverage", r."priority", r."execution", r."portal", r."kind", r."value", r."qualifier", r."source", r."locator", r."published", r."note", r."note_en" FROM ozg_service_counts r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'ozg-service-counts' AND p.release_seq <> p.version;
DELETE FROM ozg_service_counts WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE ozg_service_counts RENAME COLUMN version TO release_seq;
ALTER TABLE ozg_service_counts ADD CONSTRAINT ozg_service_counts_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO sources (version, ordinal, "id", "title", "title_en", "publisher", "kind", "published", "reference", "url", "retrieved", "access", "access_en")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."publisher", r."kind", r."published", r."reference", r."url", r."retrieved", r."access", r."access_en" FROM sources r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'sources' AND p.release_seq <> p.version;
DELETE FROM sources WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE sources RENAME COLUMN version TO release_seq;
ALTER TABLE sources ADD CONSTRAINT sources_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO strategies (version, ordinal, "id", "title", "title_en", "adopted", "publisher", "goal_count", "source", "published")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."adopted", r."publisher", r."goal_count", r."source", r."published" FROM strategies r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'strategies' AND p.release_seq <> p.version;
DELETE FROM strategies WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE strategies RENAME COLUMN version TO release_seq;
ALTER TABLE strategies ADD CONSTRAINT strategies_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

INSERT INTO withdrawn (version, ordinal, "id", "dataset", "withdrawn", "reason", "reason_en")
    SELECT p.release_seq, r.ordinal, r."id", r."dataset", r."withdrawn", r."reason", r."reason_en" FROM withdrawn r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'withdrawn' AND p.release_seq <> p.version;
DELETE FROM withdrawn WHERE version NOT IN (SELECT seq FROM releases);
ALTER TABLE withdrawn RENAME COLUMN version TO release_seq;
ALTER TABLE withdrawn ADD CONSTRAINT withdrawn_release_seq_fkey FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;

ALTER TABLE release_datasets DROP COLUMN version;
