-- +goose Up
-- Rows are plain: one text for each column of the dataset. What only served
-- filters, order and pages in SQL goes, because a release answers from memory.

DROP INDEX goals_field;
DROP INDEX observations_indicator;
DROP INDEX observations_area;
DROP INDEX observations_goal;
DROP INDEX ozg_service_counts_area;

ALTER TABLE goals
    DROP COLUMN cells,
    DROP COLUMN due_start,
    DROP COLUMN due_end,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE indicators
    DROP COLUMN cells,
    DROP COLUMN search_text;

ALTER TABLE observations
    DROP COLUMN cells,
    DROP COLUMN period_start,
    DROP COLUMN period_end,
    DROP COLUMN value_number,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE ozg_service_counts
    DROP COLUMN cells,
    DROP COLUMN as_of_start,
    DROP COLUMN as_of_end,
    DROP COLUMN value_number,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE milestones
    DROP COLUMN cells,
    DROP COLUMN reached_start,
    DROP COLUMN reached_end,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE goal_progress
    DROP COLUMN cells,
    DROP COLUMN target_value_number,
    DROP COLUMN target_period_start,
    DROP COLUMN target_period_end,
    DROP COLUMN actual_value_number,
    DROP COLUMN actual_period_start,
    DROP COLUMN actual_period_end,
    DROP COLUMN share_number,
    DROP COLUMN search_text;

ALTER TABLE contradictions
    DROP COLUMN cells,
    DROP COLUMN search_text;

ALTER TABLE strategies
    DROP COLUMN cells,
    DROP COLUMN adopted_start,
    DROP COLUMN adopted_end,
    DROP COLUMN goal_count_number,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE fields_of_action
    DROP COLUMN cells,
    DROP COLUMN number_number,
    DROP COLUMN search_text;

ALTER TABLE areas
    DROP COLUMN cells,
    DROP COLUMN search_text;

ALTER TABLE sources
    DROP COLUMN cells,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

ALTER TABLE codelists
    DROP COLUMN cells,
    DROP COLUMN search_text;

ALTER TABLE withdrawn
    DROP COLUMN cells,
    DROP COLUMN search_text;

ALTER TABLE changes
    DROP COLUMN cells,
    DROP COLUMN published_start,
    DROP COLUMN published_end,
    DROP COLUMN search_text;

-- +goose Down
-- The columns come back empty: only what follows in going down needs them.
ALTER TABLE goals ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN due_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN due_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN period_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN period_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN value_number double precision;
ALTER TABLE observations ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN as_of_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN as_of_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN value_number double precision;
ALTER TABLE ozg_service_counts ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN reached_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN reached_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN target_value_number double precision;
ALTER TABLE goal_progress ADD COLUMN target_period_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN target_period_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN actual_value_number double precision;
ALTER TABLE goal_progress ADD COLUMN actual_period_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN actual_period_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN share_number double precision;
ALTER TABLE goal_progress ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN adopted_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN adopted_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN goal_count_number double precision;
ALTER TABLE strategies ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE strategies ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE fields_of_action ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE fields_of_action ADD COLUMN number_number double precision;
ALTER TABLE fields_of_action ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE codelists ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE codelists ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE withdrawn ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE withdrawn ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN cells text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN published_start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN published_end text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN search_text text COLLATE "C" NOT NULL DEFAULT '';
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
UPDATE goals SET cells = ordinal || chr(31);
UPDATE indicators SET cells = ordinal || chr(31);
UPDATE observations SET cells = ordinal || chr(31);
UPDATE ozg_service_counts SET cells = ordinal || chr(31);
UPDATE milestones SET cells = ordinal || chr(31);
UPDATE goal_progress SET cells = ordinal || chr(31);
UPDATE contradictions SET cells = ordinal || chr(31);
UPDATE strategies SET cells = ordinal || chr(31);
UPDATE fields_of_action SET cells = ordinal || chr(31);
UPDATE areas SET cells = ordinal || chr(31);
UPDATE sources SET cells = ordinal || chr(31);
UPDATE codelists SET cells = ordinal || chr(31);
UPDATE withdrawn SET cells = ordinal || chr(31);
UPDATE changes SET cells = ordinal || chr(31);
