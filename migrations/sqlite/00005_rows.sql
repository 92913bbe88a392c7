-- +goose Up
-- The cells of a row in one value, each followed by the unit separator, in the
-- order of the columns: rows are read as they are served, without their parts.
ALTER TABLE goals ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE goals SET cells = "id" || char(31) || "strategy" || char(31) || "field_of_action" || char(31) || "section" || char(31) || "title" || char(31) || "title_en" || char(31) || "summary" || char(31) || "due" || char(31) || "due_text" || char(31) || "quantified" || char(31) || "status" || char(31) || "source" || char(31) || "locator" || char(31) || "published" || char(31);
ALTER TABLE indicators ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE indicators SET cells = "id" || char(31) || "title" || char(31) || "title_en" || char(31) || "definition" || char(31) || "unit" || char(31) || "field_of_action" || char(31) || "goal" || char(31) || "direction" || char(31) || "definition_en" || char(31);
ALTER TABLE observations ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE observations SET cells = "id" || char(31) || "indicator" || char(31) || "goal" || char(31) || "area" || char(31) || "period" || char(31) || "kind" || char(31) || "value" || char(31) || "qualifier" || char(31) || "source" || char(31) || "locator" || char(31) || "published" || char(31) || "note" || char(31) || "unit" || char(31);
ALTER TABLE ozg_service_counts ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE ozg_service_counts SET cells = "id" || char(31) || "measure" || char(31) || "area" || char(31) || "as_of" || char(31) || "coverage" || char(31) || "priority" || char(31) || "execution" || char(31) || "portal" || char(31) || "kind" || char(31) || "value" || char(31) || "qualifier" || char(31) || "source" || char(31) || "locator" || char(31) || "published" || char(31) || "note" || char(31);
ALTER TABLE milestones ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE milestones SET cells = "id" || char(31) || "goal" || char(31) || "field_of_action" || char(31) || "title" || char(31) || "title_en" || char(31) || "reached" || char(31) || "source" || char(31) || "locator" || char(31) || "published" || char(31);
ALTER TABLE goal_progress ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE goal_progress SET cells = "id" || char(31) || "goal" || char(31) || "indicator" || char(31) || "state" || char(31) || "target" || char(31) || "target_value" || char(31) || "target_qualifier" || char(31) || "target_period" || char(31) || "target_source" || char(31) || "actual" || char(31) || "actual_value" || char(31) || "actual_qualifier" || char(31) || "actual_period" || char(31) || "actual_source" || char(31) || "share" || char(31) || "unit" || char(31) || "note" || char(31);
ALTER TABLE contradictions ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE contradictions SET cells = "id" || char(31) || "title" || char(31) || "title_en" || char(31) || "rows" || char(31) || "difference" || char(31) || "advice" || char(31);
ALTER TABLE strategies ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE strategies SET cells = "id" || char(31) || "title" || char(31) || "title_en" || char(31) || "adopted" || char(31) || "publisher" || char(31) || "goal_count" || char(31) || "source" || char(31) || "published" || char(31);
ALTER TABLE fields_of_action ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE fields_of_action SET cells = "id" || char(31) || "strategy" || char(31) || "number" || char(31) || "title" || char(31) || "title_en" || char(31);
ALTER TABLE areas ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE areas SET cells = "id" || char(31) || "title" || char(31) || "title_en" || char(31) || "level" || char(31);
ALTER TABLE sources ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE sources SET cells = "id" || char(31) || "title" || char(31) || "title_en" || char(31) || "publisher" || char(31) || "kind" || char(31) || "published" || char(31) || "reference" || char(31) || "url" || char(31);
ALTER TABLE codelists ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE codelists SET cells = "id" || char(31) || "codelist" || char(31) || "code" || char(31) || "title" || char(31) || "title_en" || char(31) || "definition" || char(31) || "definition_en" || char(31);
ALTER TABLE withdrawn ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE withdrawn SET cells = "id" || char(31) || "dataset" || char(31) || "withdrawn" || char(31) || "reason" || char(31) || "reason_en" || char(31);
ALTER TABLE changes ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE changes SET cells = "id" || char(31) || "in_release" || char(31) || "published" || char(31) || "dataset" || char(31) || "row" || char(31) || "change" || char(31) || "column" || char(31) || "old" || char(31) || "new" || char(31);

-- +goose Down
ALTER TABLE changes DROP COLUMN cells;
ALTER TABLE withdrawn DROP COLUMN cells;
ALTER TABLE codelists DROP COLUMN cells;
ALTER TABLE sources DROP COLUMN cells;
ALTER TABLE areas DROP COLUMN cells;
ALTER TABLE fields_of_action DROP COLUMN cells;
ALTER TABLE strategies DROP COLUMN cells;
ALTER TABLE contradictions DROP COLUMN cells;
ALTER TABLE goal_progress DROP COLUMN cells;
ALTER TABLE milestones DROP COLUMN cells;
ALTER TABLE ozg_service_counts DROP COLUMN cells;
ALTER TABLE observations DROP COLUMN cells;
ALTER TABLE indicators DROP COLUMN cells;
ALTER TABLE goals DROP COLUMN cells;
