-- +goose Up
-- Rows are plain: one text for each column of the dataset. What only served
-- filters, order and pages in SQL goes, because a release answers from memory.
-- SQLite rewrites the tables, which also gives their space back.

CREATE TABLE plain_goals (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    strategy text NOT NULL,
    field_of_action text NOT NULL,
    section text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    summary text NOT NULL,
    due text NOT NULL,
    due_text text NOT NULL,
    quantified text NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_goals (release_seq, ordinal, id, strategy, field_of_action, section, title, title_en, summary, due, due_text, quantified, status, source, locator, published)
    SELECT release_seq, ordinal, id, strategy, field_of_action, section, title, title_en, summary, due, due_text, quantified, status, source, locator, published FROM goals ORDER BY release_seq, ordinal;
DROP TABLE goals;
ALTER TABLE plain_goals RENAME TO goals;

CREATE TABLE plain_indicators (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    definition text NOT NULL,
    unit text NOT NULL,
    field_of_action text NOT NULL,
    goal text NOT NULL,
    direction text NOT NULL,
    definition_en text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_indicators (release_seq, ordinal, id, title, title_en, definition, unit, field_of_action, goal, direction, definition_en)
    SELECT release_seq, ordinal, id, title, title_en, definition, unit, field_of_action, goal, direction, definition_en FROM indicators ORDER BY release_seq, ordinal;
DROP TABLE indicators;
ALTER TABLE plain_indicators RENAME TO indicators;

CREATE TABLE plain_observations (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    indicator text NOT NULL,
    goal text NOT NULL,
    area text NOT NULL,
    period text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    qualifier text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    note text NOT NULL,
    unit text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_observations (release_seq, ordinal, id, indicator, goal, area, period, kind, value, qualifier, source, locator, published, note, unit)
    SELECT release_seq, ordinal, id, indicator, goal, area, period, kind, value, qualifier, source, locator, published, note, unit FROM observations ORDER BY release_seq, ordinal;
DROP TABLE observations;
ALTER TABLE plain_observations RENAME TO observations;

CREATE TABLE plain_ozg_service_counts (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    measure text NOT NULL,
    area text NOT NULL,
    as_of text NOT NULL,
    coverage text NOT NULL,
    priority text NOT NULL,
    execution text NOT NULL,
    portal text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    qualifier text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_ozg_service_counts (release_seq, ordinal, id, measure, area, as_of, coverage, priority, execution, portal, kind, value, qualifier, source, locator, published, note)
    SELECT release_seq, ordinal, id, measure, area, as_of, coverage, priority, execution, portal, kind, value, qualifier, source, locator, published, note FROM ozg_service_counts ORDER BY release_seq, ordinal;
DROP TABLE ozg_service_counts;
ALTER TABLE plain_ozg_service_counts RENAME TO ozg_service_counts;

CREATE TABLE plain_milestones (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    goal text NOT NULL,
    field_of_action text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    reached text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_milestones (release_seq, ordinal, id, goal, field_of_action, title, title_en, reached, source, locator, published)
    SELECT release_seq, ordinal, id, goal, field_of_action, title, title_en, reached, source, locator, published FROM milestones ORDER BY release_seq, ordinal;
DROP TABLE milestones;
ALTER TABLE plain_milestones RENAME TO milestones;

CREATE TABLE plain_goal_progress (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    goal text NOT NULL,
    indicator text NOT NULL,
    state text NOT NULL,
    target text NOT NULL,
    target_value text NOT NULL,
    target_qualifier text NOT NULL,
    target_period text NOT NULL,
    target_source text NOT NULL,
    actual text NOT NULL,
    actual_value text NOT NULL,
    actual_qualifier text NOT NULL,
    actual_period text NOT NULL,
    actual_source text NOT NULL,
    share text NOT NULL,
    unit text NOT NULL,
    note text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_goal_progress (release_seq, ordinal, id, goal, indicator, state, target, target_value, target_qualifier, target_period, target_source, actual, actual_value, actual_qualifier, actual_period, actual_source, share, unit, note)
    SELECT release_seq, ordinal, id, goal, indicator, state, target, target_value, target_qualifier, target_period, target_source, actual, actual_value, actual_qualifier, actual_period, actual_source, share, unit, note FROM goal_progress ORDER BY release_seq, ordinal;
DROP TABLE goal_progress;
ALTER TABLE plain_goal_progress RENAME TO goal_progress;

CREATE TABLE plain_contradictions (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    rows text NOT NULL,
    difference text NOT NULL,
    advice text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_contradictions (release_seq, ordinal, id, title, title_en, rows, difference, advice)
    SELECT release_seq, ordinal, id, title, title_en, rows, difference, advice FROM contradictions ORDER BY release_seq, ordinal;
DROP TABLE contradictions;
ALTER TABLE plain_contradictions RENAME TO contradictions;

CREATE TABLE plain_strategies (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    adopted text NOT NULL,
    publisher text NOT NULL,
    goal_count text NOT NULL,
    source text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_strategies (release_seq, ordinal, id, title, title_en, adopted, publisher, goal_count, source, published)
    SELECT release_seq, ordinal, id, title, title_en, adopted, publisher, goal_count, source, published FROM strategies ORDER BY release_seq, ordinal;
DROP TABLE strategies;
ALTER TABLE plain_strategies RENAME TO strategies;

CREATE TABLE plain_fields_of_action (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    strategy text NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_fields_of_action (release_seq, ordinal, id, strategy, number, title, title_en)
    SELECT release_seq, ordinal, id, strategy, number, title, title_en FROM fields_of_action ORDER BY release_seq, ordinal;
DROP TABLE fields_of_action;
ALTER TABLE plain_fields_of_action RENAME TO fields_of_action;

CREATE TABLE plain_areas (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    level text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_areas (release_seq, ordinal, id, title, title_en, level)
    SELECT release_seq, ordinal, id, title, title_en, level FROM areas ORDER BY release_seq, ordinal;
DROP TABLE areas;
ALTER TABLE plain_areas RENAME TO areas;

CREATE TABLE plain_sources (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    publisher text NOT NULL,
    kind text NOT NULL,
    published text NOT NULL,
    reference text NOT NULL,
    url text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_sources (release_seq, ordinal, id, title, title_en, publisher, kind, published, reference, url)
    SELECT release_seq, ordinal, id, title, title_en, publisher, kind, published, reference, url FROM sources ORDER BY release_seq, ordinal;
DROP TABLE sources;
ALTER TABLE plain_sources RENAME TO sources;

CREATE TABLE plain_codelists (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    codelist text NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    definition text NOT NULL,
    definition_en text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_codelists (release_seq, ordinal, id, codelist, code, title, title_en, definition, definition_en)
    SELECT release_seq, ordinal, id, codelist, code, title, title_en, definition, definition_en FROM codelists ORDER BY release_seq, ordinal;
DROP TABLE codelists;
ALTER TABLE plain_codelists RENAME TO codelists;

CREATE TABLE plain_withdrawn (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    dataset text NOT NULL,
    withdrawn text NOT NULL,
    reason text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_withdrawn (release_seq, ordinal, id, dataset, withdrawn, reason, reason_en)
    SELECT release_seq, ordinal, id, dataset, withdrawn, reason, reason_en FROM withdrawn ORDER BY release_seq, ordinal;
DROP TABLE withdrawn;
ALTER TABLE plain_withdrawn RENAME TO withdrawn;

CREATE TABLE plain_changes (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    in_release text NOT NULL,
    published text NOT NULL,
    dataset text NOT NULL,
    "row" text NOT NULL,
    change text NOT NULL,
    "column" text NOT NULL,
    "old" text NOT NULL,
    "new" text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;
INSERT INTO plain_changes (release_seq, ordinal, id, in_release, published, dataset, "row", change, "column", "old", "new")
    SELECT release_seq, ordinal, id, in_release, published, dataset, "row", change, "column", "old", "new" FROM changes ORDER BY release_seq, ordinal;
DROP TABLE changes;
ALTER TABLE plain_changes RENAME TO changes;

-- +goose Down
-- The columns come back empty: only what follows in going down needs them.
ALTER TABLE goals ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN due_start text NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN due_end text NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN period_start text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN period_end text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN value_number double precision;
ALTER TABLE observations ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN as_of_start text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN as_of_end text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN value_number double precision;
ALTER TABLE ozg_service_counts ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN reached_start text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN reached_end text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN target_value_number double precision;
ALTER TABLE goal_progress ADD COLUMN target_period_start text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN target_period_end text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN actual_value_number double precision;
ALTER TABLE goal_progress ADD COLUMN actual_period_start text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN actual_period_end text NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN share_number double precision;
ALTER TABLE goal_progress ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN adopted_start text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN adopted_end text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN goal_count_number double precision;
ALTER TABLE strategies ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE fields_of_action ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE fields_of_action ADD COLUMN number_number double precision;
ALTER TABLE fields_of_action ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE codelists ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE codelists ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE withdrawn ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE withdrawn ADD COLUMN search_text text NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN cells text NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN published_start text NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN published_end text NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN search_text text NOT NULL DEFAULT '';
CREATE INDEX goals_field ON goals (release_seq, field_of_action, ordinal);
CREATE INDEX observations_indicator ON observations (release_seq, indicator, ordinal);
CREATE INDEX observations_area ON observations (release_seq, area, ordinal);
CREATE INDEX observations_goal ON observations (release_seq, goal, ordinal);
CREATE INDEX observations_series ON observations (release_seq, indicator, area, period_end, ordinal);
CREATE INDEX observations_period ON observations (release_seq, period_end, ordinal);
CREATE INDEX ozg_service_counts_area ON ozg_service_counts (release_seq, area, ordinal);
CREATE INDEX observations_indicator_period ON observations (release_seq, indicator, period_end, ordinal);
CREATE INDEX observations_area_period ON observations (release_seq, area, period_end, ordinal);
-- What 00006 cuts off in going down.
UPDATE goals SET cells = ordinal || char(31);
UPDATE indicators SET cells = ordinal || char(31);
UPDATE observations SET cells = ordinal || char(31);
UPDATE ozg_service_counts SET cells = ordinal || char(31);
UPDATE milestones SET cells = ordinal || char(31);
UPDATE goal_progress SET cells = ordinal || char(31);
UPDATE contradictions SET cells = ordinal || char(31);
UPDATE strategies SET cells = ordinal || char(31);
UPDATE fields_of_action SET cells = ordinal || char(31);
UPDATE areas SET cells = ordinal || char(31);
UPDATE sources SET cells = ordinal || char(31);
UPDATE codelists SET cells = ordinal || char(31);
UPDATE withdrawn SET cells = ordinal || char(31);
UPDATE changes SET cells = ordinal || char(31);
