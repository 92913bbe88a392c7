-- A release names a version of each dataset: the number of the release that brought its
-- rows. A dataset that did not change keeps its version, so its rows are stored once, and
-- stay when that release is deleted.
-- +goose Up
ALTER TABLE release_datasets ADD COLUMN version bigint NOT NULL DEFAULT 0;
UPDATE release_datasets SET version = (
    SELECT MIN(first.release_seq) FROM release_datasets first
    WHERE first.dataset = release_datasets.dataset AND first.content_hash = release_datasets.content_hash
        AND first.columns = release_datasets.columns AND first.description_hash = release_datasets.description_hash);

CREATE TABLE versioned_areas (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "level" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_areas (version, ordinal, "id", "title", "title_en", "level")
    SELECT release_seq, ordinal, "id", "title", "title_en", "level" FROM areas
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'areas') ORDER BY release_seq, ordinal;
DROP TABLE areas;
ALTER TABLE versioned_areas RENAME TO areas;

CREATE TABLE versioned_changes (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "in_release" text NOT NULL,
    "published" text NOT NULL,
    "dataset" text NOT NULL,
    "row" text NOT NULL,
    "change" text NOT NULL,
    "column" text NOT NULL,
    "old" text NOT NULL,
    "new" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_changes (version, ordinal, "id", "in_release", "published", "dataset", "row", "change", "column", "old", "new")
    SELECT release_seq, ordinal, "id", "in_release", "published", "dataset", "row", "change", "column", "old", "new" FROM changes
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'changes') ORDER BY release_seq, ordinal;
DROP TABLE changes;
ALTER TABLE versioned_changes RENAME TO changes;

CREATE TABLE versioned_codelists (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "codelist" text NOT NULL,
    "code" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "definition" text NOT NULL,
    "definition_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_codelists (version, ordinal, "id", "codelist", "code", "title", "title_en", "definition", "definition_en")
    SELECT release_seq, ordinal, "id", "codelist", "code", "title", "title_en", "definition", "definition_en" FROM codelists
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'codelists') ORDER BY release_seq, ordinal;
DROP TABLE codelists;
ALTER TABLE versioned_codelists RENAME TO codelists;

CREATE TABLE versioned_contradictions (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "rows" text NOT NULL,
    "difference" text NOT NULL,
    "advice" text NOT NULL,
    "type" text NOT NULL,
    "difference_en" text NOT NULL,
    "advice_en" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_contradictions (version, ordinal, "id", "title", "title_en", "rows", "difference", "advice", "type", "difference_en", "advice_en", "themes")
    SELECT release_seq, ordinal, "id", "title", "title_en", "rows", "difference", "advice", "type", "difference_en", "advice_en", "themes" FROM contradictions
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'contradictions') ORDER BY release_seq, ordinal;
DROP TABLE contradictions;
ALTER TABLE versioned_contradictions RENAME TO contradictions;

CREATE TABLE versioned_fields_of_action (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "strategy" text NOT NULL,
    "number" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_fields_of_action (version, ordinal, "id", "strategy", "number", "title", "title_en")
    SELECT release_seq, ordinal, "id", "strategy", "number", "title", "title_en" FROM fields_of_action
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'fields-of-action') ORDER BY release_seq, ordinal;
DROP TABLE fields_of_action;
ALTER TABLE versioned_fields_of_action RENAME TO fields_of_action;

CREATE TABLE versioned_goal_progress (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "indicator" text NOT NULL,
    "state" text NOT NULL,
    "target" text NOT NULL,
    "target_value" text NOT NULL,
    "target_qualifier" text NOT NULL,
    "target_period" text NOT NULL,
    "target_source" text NOT NULL,
    "actual" text NOT NULL,
    "actual_value" text NOT NULL,
    "actual_qualifier" text NOT NULL,
    "actual_period" text NOT NULL,
    "actual_source" text NOT NULL,
    "share" text NOT NULL,
    "unit" text NOT NULL,
    "note" text NOT NULL,
    "share_qualifier" text NOT NULL,
    "actual_indicator" text NOT NULL,
    "related_indicators" text NOT NULL,
    "breakdown" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_goal_progress (version, ordinal, "id", "goal", "indicator", "state", "target", "target_value", "target_qualifier", "target_period", "target_source", "actual", "actual_value", "actual_qualifier", "actual_period", "actual_source", "share", "unit", "note", "share_qualifier", "actual_indicator", "related_indicators", "breakdown", "note_en")
    SELECT release_seq, ordinal, "id", "goal", "indicator", "state", "target", "target_value", "target_qualifier", "target_period", "target_source", "actual", "actual_value", "actual_qualifier", "actual_period", "actual_source", "share", "unit", "note", "share_qualifier", "actual_indicator", "related_indicators", "breakdown", "note_en" FROM goal_progress
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'goal-progress') ORDER BY release_seq, ordinal;
DROP TABLE goal_progress;
ALTER TABLE versioned_goal_progress RENAME TO goal_progress;

CREATE TABLE versioned_goal_status (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "status" text NOT NULL,
    "period" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_goal_status (version, ordinal, "id", "goal", "status", "period", "source", "locator", "published", "note", "note_en")
    SELECT release_seq, ordinal, "id", "goal", "status", "period", "source", "locator", "published", "note", "note_en" FROM goal_status
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'goal-status') ORDER BY release_seq, ordinal;
DROP TABLE goal_status;
ALTER TABLE versioned_goal_status RENAME TO goal_status;

CREATE TABLE versioned_goals (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "strategy" text NOT NULL,
    "field_of_action" text NOT NULL,
    "section" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "summary" text NOT NULL,
    "due" text NOT NULL,
    "due_text" text NOT NULL,
    "quantified" text NOT NULL,
    "status" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "summary_en" text NOT NULL,
    "due_text_en" text NOT NULL,
    "start" text NOT NULL,
    "themes" text NOT NULL,
    "related_goals" text NOT NULL,
    "evidence" text NOT NULL,
    "assessment" text NOT NULL,
    "known_until" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_goals (version, ordinal, "id", "strategy", "field_of_action", "section", "title", "title_en", "summary", "due", "due_text", "quantified", "status", "source", "locator", "published", "summary_en", "due_text_en", "start", "themes", "related_goals", "evidence", "assessment", "known_until")
    SELECT release_seq, ordinal, "id", "strategy", "field_of_action", "section", "title", "title_en", "summary", "due", "due_text", "quantified", "status", "source", "locator", "published", "summary_en", "due_text_en", "start", "themes", "related_goals", "evidence", "assessment", "known_until" FROM goals
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'goals') ORDER BY release_seq, ordinal;
DROP TABLE goals;
ALTER TABLE versioned_goals RENAME TO goals;

CREATE TABLE versioned_indicators (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "definition" text NOT NULL,
    "unit" text NOT NULL,
    "field_of_action" text NOT NULL,
    "goal" text NOT NULL,
    "direction" text NOT NULL,
    "definition_en" text NOT NULL,
    "dimension" text NOT NULL,
    "covers" text NOT NULL,
    "related" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_indicators (version, ordinal, "id", "title", "title_en", "definition", "unit", "field_of_action", "goal", "direction", "definition_en", "dimension", "covers", "related", "themes")
    SELECT release_seq, ordinal, "id", "title", "title_en", "definition", "unit", "field_of_action", "goal", "direction", "definition_en", "dimension", "covers", "related", "themes" FROM indicators
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'indicators') ORDER BY release_seq, ordinal;
DROP TABLE indicators;
ALTER TABLE versioned_indicators RENAME TO indicators;

CREATE TABLE versioned_milestones (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "field_of_action" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "reached" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "state" text NOT NULL,
    "due" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_milestones (version, ordinal, "id", "goal", "field_of_action", "title", "title_en", "reached", "source", "locator", "published", "state", "due", "note", "note_en", "themes")
    SELECT release_seq, ordinal, "id", "goal", "field_of_action", "title", "title_en", "reached", "source", "locator", "published", "state", "due", "note", "note_en", "themes" FROM milestones
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'milestones') ORDER BY release_seq, ordinal;
DROP TABLE milestones;
ALTER TABLE versioned_milestones RENAME TO milestones;

CREATE TABLE versioned_observations (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "indicator" text NOT NULL,
    "goal" text NOT NULL,
    "area" text NOT NULL,
    "period" text NOT NULL,
    "kind" text NOT NULL,
    "value" text NOT NULL,
    "qualifier" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "unit" text NOT NULL,
    "breakdown" text NOT NULL,
    "derivation" text NOT NULL,
    "reported" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_observations (version, ordinal, "id", "indicator", "goal", "area", "period", "kind", "value", "qualifier", "source", "locator", "published", "note", "unit", "breakdown", "derivation", "reported", "note_en")
    SELECT release_seq, ordinal, "id", "indicator", "goal", "area", "period", "kind", "value", "qualifier", "source", "locator", "published", "note", "unit", "breakdown", "derivation", "reported", "note_en" FROM observations
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'observations') ORDER BY release_seq, ordinal;
DROP TABLE observations;
ALTER TABLE versioned_observations RENAME TO observations;

CREATE TABLE versioned_ozg_service_counts (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "measure" text NOT NULL,
    "area" text NOT NULL,
    "as_of" text NOT NULL,
    "coverage" text NOT NULL,
    "priority" text NOT NULL,
    "execution" text NOT NULL,
    "portal" text NOT NULL,
    "kind" text NOT NULL,
    "value" text NOT NULL,
    "qualifier" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_ozg_service_counts (version, ordinal, "id", "measure", "area", "as_of", "coverage", "priority", "execution", "portal", "kind", "value", "qualifier", "source", "locator", "published", "note", "note_en")
    SELECT release_seq, ordinal, "id", "measure", "area", "as_of", "coverage", "priority", "execution", "portal", "kind", "value", "qualifier", "source", "locator", "published", "note", "note_en" FROM ozg_service_counts
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'ozg-service-counts') ORDER BY release_seq, ordinal;
DROP TABLE ozg_service_counts;
ALTER TABLE versioned_ozg_service_counts RENAME TO ozg_service_counts;

CREATE TABLE versioned_sources (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "publisher" text NOT NULL,
    "kind" text NOT NULL,
    "published" text NOT NULL,
    "reference" text NOT NULL,
    "url" text NOT NULL,
    "retrieved" text NOT NULL,
    "access" text NOT NULL,
    "access_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_sources (version, ordinal, "id", "title", "title_en", "publisher", "kind", "published", "reference", "url", "retrieved", "access", "access_en")
    SELECT release_seq, ordinal, "id", "title", "title_en", "publisher", "kind", "published", "reference", "url", "retrieved", "access", "access_en" FROM sources
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'sources') ORDER BY release_seq, ordinal;
DROP TABLE sources;
ALTER TABLE versioned_sources RENAME TO sources;

CREATE TABLE versioned_strategies (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "adopted" text NOT NULL,
    "publisher" text NOT NULL,
    "goal_count" text NOT NULL,
    "source" text NOT NULL,
    "published" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_strategies (version, ordinal, "id", "title", "title_en", "adopted", "publisher", "goal_count", "source", "published")
    SELECT release_seq, ordinal, "id", "title", "title_en", "adopted", "publisher", "goal_count", "source", "published" FROM strategies
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'strategies') ORDER BY release_seq, ordinal;
DROP TABLE strategies;
ALTER TABLE versioned_strategies RENAME TO strategies;

CREATE TABLE versioned_withdrawn (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "dataset" text NOT NULL,
    "withdrawn" text NOT NULL,
    "reason" text NOT NULL,
    "reason_en" text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;
INSERT INTO versioned_withdrawn (version, ordinal, "id", "dataset", "withdrawn", "reason", "reason_en")
    SELECT release_seq, ordinal, "id", "dataset", "withdrawn", "reason", "reason_en" FROM withdrawn
    WHERE release_seq IN (SELECT version FROM release_datasets WHERE dataset = 'withdrawn') ORDER BY release_seq, ordinal;
DROP TABLE withdrawn;
ALTER TABLE versioned_withdrawn RENAME TO withdrawn;

-- +goose Down
CREATE TABLE released_areas (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "level" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_areas (release_seq, ordinal, "id", "title", "title_en", "level")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."level" FROM areas r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'areas' ORDER BY p.release_seq, r.ordinal;
DROP TABLE areas;
ALTER TABLE released_areas RENAME TO areas;

CREATE TABLE released_changes (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "in_release" text NOT NULL,
    "published" text NOT NULL,
    "dataset" text NOT NULL,
    "row" text NOT NULL,
    "change" text NOT NULL,
    "column" text NOT NULL,
    "old" text NOT NULL,
    "new" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_changes (release_seq, ordinal, "id", "in_release", "published", "dataset", "row", "change", "column", "old", "new")
    SELECT p.release_seq, r.ordinal, r."id", r."in_release", r."published", r."dataset", r."row", r."change", r."column", r."old", r."new" FROM changes r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'changes' ORDER BY p.release_seq, r.ordinal;
DROP TABLE changes;
ALTER TABLE released_changes RENAME TO changes;

CREATE TABLE released_codelists (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "codelist" text NOT NULL,
    "code" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "definition" text NOT NULL,
    "definition_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_codelists (release_seq, ordinal, "id", "codelist", "code", "title", "title_en", "definition", "definition_en")
    SELECT p.release_seq, r.ordinal, r."id", r."codelist", r."code", r."title", r."title_en", r."definition", r."definition_en" FROM codelists r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'codelists' ORDER BY p.release_seq, r.ordinal;
DROP TABLE codelists;
ALTER TABLE released_codelists RENAME TO codelists;

CREATE TABLE released_contradictions (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "rows" text NOT NULL,
    "difference" text NOT NULL,
    "advice" text NOT NULL,
    "type" text NOT NULL,
    "difference_en" text NOT NULL,
    "advice_en" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_contradictions (release_seq, ordinal, "id", "title", "title_en", "rows", "difference", "advice", "type", "difference_en", "advice_en", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."rows", r."difference", r."advice", r."type", r."difference_en", r."advice_en", r."themes" FROM contradictions r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'contradictions' ORDER BY p.release_seq, r.ordinal;
DROP TABLE contradictions;
ALTER TABLE released_contradictions RENAME TO contradictions;

CREATE TABLE released_fields_of_action (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "strategy" text NOT NULL,
    "number" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_fields_of_action (release_seq, ordinal, "id", "strategy", "number", "title", "title_en")
    SELECT p.release_seq, r.ordinal, r."id", r."strategy", r."number", r."title", r."title_en" FROM fields_of_action r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'fields-of-action' ORDER BY p.release_seq, r.ordinal;
DROP TABLE fields_of_action;
ALTER TABLE released_fields_of_action RENAME TO fields_of_action;

CREATE TABLE released_goal_progress (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "indicator" text NOT NULL,
    "state" text NOT NULL,
    "target" text NOT NULL,
    "target_value" text NOT NULL,
    "target_qualifier" text NOT NULL,
    "target_period" text NOT NULL,
    "target_source" text NOT NULL,
    "actual" text NOT NULL,
    "actual_value" text NOT NULL,
    "actual_qualifier" text NOT NULL,
    "actual_period" text NOT NULL,
    "actual_source" text NOT NULL,
    "share" text NOT NULL,
    "unit" text NOT NULL,
    "note" text NOT NULL,
    "share_qualifier" text NOT NULL,
    "actual_indicator" text NOT NULL,
    "related_indicators" text NOT NULL,
    "breakdown" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_goal_progress (release_seq, ordinal, "id", "goal", "indicator", "state", "target", "target_value", "target_qualifier", "target_period", "target_source", "actual", "actual_value", "actual_qualifier", "actual_period", "actual_source", "share", "unit", "note", "share_qualifier", "actual_indicator", "related_indicators", "breakdown", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."indicator", r."state", r."target", r."target_value", r."target_qualifier", r."target_period", r."target_source", r."actual", r."actual_value", r."actual_qualifier", r."actual_period", r."actual_source", r."share", r."unit", r."note", r."share_qualifier", r."actual_indicator", r."related_indicators", r."breakdown", r."note_en" FROM goal_progress r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goal-progress' ORDER BY p.release_seq, r.ordinal;
DROP TABLE goal_progress;
ALTER TABLE released_goal_progress RENAME TO goal_progress;

CREATE TABLE released_goal_status (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "status" text NOT NULL,
    "period" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_goal_status (release_seq, ordinal, "id", "goal", "status", "period", "source", "locator", "published", "note", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."status", r."period", r."source", r."locator", r."published", r."note", r."note_en" FROM goal_status r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goal-status' ORDER BY p.release_seq, r.ordinal;
DROP TABLE goal_status;
ALTER TABLE released_goal_status RENAME TO goal_status;

CREATE TABLE released_goals (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "strategy" text NOT NULL,
    "field_of_action" text NOT NULL,
    "section" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "summary" text NOT NULL,
    "due" text NOT NULL,
    "due_text" text NOT NULL,
    "quantified" text NOT NULL,
    "status" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "summary_en" text NOT NULL,
    "due_text_en" text NOT NULL,
    "start" text NOT NULL,
    "themes" text NOT NULL,
    "related_goals" text NOT NULL,
    "evidence" text NOT NULL,
    "assessment" text NOT NULL,
    "known_until" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_goals (release_seq, ordinal, "id", "strategy", "field_of_action", "section", "title", "title_en", "summary", "due", "due_text", "quantified", "status", "source", "locator", "published", "summary_en", "due_text_en", "start", "themes", "related_goals", "evidence", "assessment", "known_until")
    SELECT p.release_seq, r.ordinal, r."id", r."strategy", r."field_of_action", r."section", r."title", r."title_en", r."summary", r."due", r."due_text", r."quantified", r."status", r."source", r."locator", r."published", r."summary_en", r."due_text_en", r."start", r."themes", r."related_goals", r."evidence", r."assessment", r."known_until" FROM goals r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'goals' ORDER BY p.release_seq, r.ordinal;
DROP TABLE goals;
ALTER TABLE released_goals RENAME TO goals;

CREATE TABLE released_indicators (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "definition" text NOT NULL,
    "unit" text NOT NULL,
    "field_of_action" text NOT NULL,
    "goal" text NOT NULL,
    "direction" text NOT NULL,
    "definition_en" text NOT NULL,
    "dimension" text NOT NULL,
    "covers" text NOT NULL,
    "related" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_indicators (release_seq, ordinal, "id", "title", "title_en", "definition", "unit", "field_of_action", "goal", "direction", "definition_en", "dimension", "covers", "related", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."definition", r."unit", r."field_of_action", r."goal", r."direction", r."definition_en", r."dimension", r."covers", r."related", r."themes" FROM indicators r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'indicators' ORDER BY p.release_seq, r.ordinal;
DROP TABLE indicators;
ALTER TABLE released_indicators RENAME TO indicators;

CREATE TABLE released_milestones (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "goal" text NOT NULL,
    "field_of_action" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "reached" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "state" text NOT NULL,
    "due" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    "themes" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_milestones (release_seq, ordinal, "id", "goal", "field_of_action", "title", "title_en", "reached", "source", "locator", "published", "state", "due", "note", "note_en", "themes")
    SELECT p.release_seq, r.ordinal, r."id", r."goal", r."field_of_action", r."title", r."title_en", r."reached", r."source", r."locator", r."published", r."state", r."due", r."note", r."note_en", r."themes" FROM milestones r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'milestones' ORDER BY p.release_seq, r.ordinal;
DROP TABLE milestones;
ALTER TABLE released_milestones RENAME TO milestones;

CREATE TABLE released_observations (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "indicator" text NOT NULL,
    "goal" text NOT NULL,
    "area" text NOT NULL,
    "period" text NOT NULL,
    "kind" text NOT NULL,
    "value" text NOT NULL,
    "qualifier" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "unit" text NOT NULL,
    "breakdown" text NOT NULL,
    "derivation" text NOT NULL,
    "reported" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_observations (release_seq, ordinal, "id", "indicator", "goal", "area", "period", "kind", "value", "qualifier", "source", "locator", "published", "note", "unit", "breakdown", "derivation", "reported", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."indicator", r."goal", r."area", r."period", r."kind", r."value", r."qualifier", r."source", r."locator", r."published", r."note", r."unit", r."breakdown", r."derivation", r."reported", r."note_en" FROM observations r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'observations' ORDER BY p.release_seq, r.ordinal;
DROP TABLE observations;
ALTER TABLE released_observations RENAME TO observations;

CREATE TABLE released_ozg_service_counts (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "measure" text NOT NULL,
    "area" text NOT NULL,
    "as_of" text NOT NULL,
    "coverage" text NOT NULL,
    "priority" text NOT NULL,
    "execution" text NOT NULL,
    "portal" text NOT NULL,
    "kind" text NOT NULL,
    "value" text NOT NULL,
    "qualifier" text NOT NULL,
    "source" text NOT NULL,
    "locator" text NOT NULL,
    "published" text NOT NULL,
    "note" text NOT NULL,
    "note_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_ozg_service_counts (release_seq, ordinal, "id", "measure", "area", "as_of", "coverage", "priority", "execution", "portal", "kind", "value", "qualifier", "source", "locator", "published", "note", "note_en")
    SELECT p.release_seq, r.ordinal, r."id", r."measure", r."area", r."as_of", r."coverage", r."priority", r."execution", r."portal", r."kind", r."value", r."qualifier", r."source", r."locator", r."published", r."note", r."note_en" FROM ozg_service_counts r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'ozg-service-counts' ORDER BY p.release_seq, r.ordinal;
DROP TABLE ozg_service_counts;
ALTER TABLE released_ozg_service_counts RENAME TO ozg_service_counts;

CREATE TABLE released_sources (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "publisher" text NOT NULL,
    "kind" text NOT NULL,
    "published" text NOT NULL,
    "reference" text NOT NULL,
    "url" text NOT NULL,
    "retrieved" text NOT NULL,
    "access" text NOT NULL,
    "access_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_sources (release_seq, ordinal, "id", "title", "title_en", "publisher", "kind", "published", "reference", "url", "retrieved", "access", "access_en")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."publisher", r."kind", r."published", r."reference", r."url", r."retrieved", r."access", r."access_en" FROM sources r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'sources' ORDER BY p.release_seq, r.ordinal;
DROP TABLE sources;
ALTER TABLE released_sources RENAME TO sources;

CREATE TABLE released_strategies (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "title" text NOT NULL,
    "title_en" text NOT NULL,
    "adopted" text NOT NULL,
    "publisher" text NOT NULL,
    "goal_count" text NOT NULL,
    "source" text NOT NULL,
    "published" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_strategies (release_seq, ordinal, "id", "title", "title_en", "adopted", "publisher", "goal_count", "source", "published")
    SELECT p.release_seq, r.ordinal, r."id", r."title", r."title_en", r."adopted", r."publisher", r."goal_count", r."source", r."published" FROM strategies r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'strategies' ORDER BY p.release_seq, r.ordinal;
DROP TABLE strategies;
ALTER TABLE released_strategies RENAME TO strategies;

CREATE TABLE released_withdrawn (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    "id" text NOT NULL,
    "dataset" text NOT NULL,
    "withdrawn" text NOT NULL,
    "reason" text NOT NULL,
    "reason_en" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO released_withdrawn (release_seq, ordinal, "id", "dataset", "withdrawn", "reason", "reason_en")
    SELECT p.release_seq, r.ordinal, r."id", r."dataset", r."withdrawn", r."reason", r."reason_en" FROM withdrawn r
    JOIN release_datasets p ON p.version = r.version AND p.dataset = 'withdrawn' ORDER BY p.release_seq, r.ordinal;
DROP TABLE withdrawn;
ALTER TABLE released_withdrawn RENAME TO withdrawn;

ALTER TABLE release_datasets DROP COLUMN version;
