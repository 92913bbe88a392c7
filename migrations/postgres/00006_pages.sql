-- +goose Up
-- The ordinal follows the cells of a row, so that a page can be read as one value:
-- its rows one behind the other.
UPDATE goals SET cells = cells || ordinal || chr(31);
UPDATE indicators SET cells = cells || ordinal || chr(31);
UPDATE ozg_service_counts SET cells = cells || ordinal || chr(31);
UPDATE milestones SET cells = cells || ordinal || chr(31);
UPDATE goal_progress SET cells = cells || ordinal || chr(31);
UPDATE contradictions SET cells = cells || ordinal || chr(31);
UPDATE strategies SET cells = cells || ordinal || chr(31);
UPDATE fields_of_action SET cells = cells || ordinal || chr(31);
UPDATE areas SET cells = cells || ordinal || chr(31);
UPDATE sources SET cells = cells || ordinal || chr(31);
UPDATE codelists SET cells = cells || ordinal || chr(31);
UPDATE withdrawn SET cells = cells || ordinal || chr(31);
UPDATE changes SET cells = cells || ordinal || chr(31);

-- Millions of observations are read by their cells, which therefore stand before
-- the columns that are for filters and order: PostgreSQL unpacks a row up to the
-- last column that it needs. To sort a page by time it needs period_end.
CREATE TABLE observations_by_cells (
    release_seq bigint NOT NULL,
    ordinal bigint NOT NULL,
    period_end text COLLATE "C" NOT NULL,
    cells text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    indicator text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    period_start text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    value_number double precision,
    qualifier text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL
);
INSERT INTO observations_by_cells (release_seq, ordinal, period_end, cells, id, indicator, goal, area, period, period_start, kind, value, value_number, qualifier, source, locator, published, published_start, published_end, note, unit, search_text)
    SELECT release_seq, ordinal, period_end, cells || ordinal || chr(31), id, indicator, goal, area, period, period_start, kind, value, value_number, qualifier, source, locator, published, published_start, published_end, note, unit, search_text
    FROM observations ORDER BY release_seq, ordinal;
DROP TABLE observations;
ALTER TABLE observations_by_cells RENAME TO observations;
ALTER TABLE observations
    ADD PRIMARY KEY (release_seq, ordinal),
    ADD UNIQUE (release_seq, id),
    ADD FOREIGN KEY (release_seq) REFERENCES releases (seq) ON DELETE CASCADE;
CREATE INDEX observations_indicator ON observations (release_seq, indicator, ordinal);
CREATE INDEX observations_area ON observations (release_seq, area, ordinal);
CREATE INDEX observations_goal ON observations (release_seq, goal, ordinal);
CREATE INDEX observations_series ON observations (release_seq, indicator, area, period_end, ordinal);
CREATE INDEX observations_period ON observations (release_seq, period_end, ordinal);
CREATE INDEX observations_indicator_period ON observations (release_seq, indicator, period_end, ordinal);
CREATE INDEX observations_area_period ON observations (release_seq, area, period_end, ordinal);

-- +goose Down
UPDATE changes SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE withdrawn SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE codelists SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE sources SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE areas SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE fields_of_action SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE strategies SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE contradictions SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE goal_progress SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE milestones SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE ozg_service_counts SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE observations SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE indicators SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
UPDATE goals SET cells = substr(cells, 1, length(cells) - length(CAST(ordinal AS text)) - 1);
