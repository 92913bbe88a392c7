-- +goose Up
-- The cells of a row in one value, each followed by the unit separator, in the
-- order of the columns: rows are read as they are served, without their parts.
ALTER TABLE goals ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE goals SET cells = "id" || chr(31) || "strategy" || chr(31) || "field_of_action" || chr(31) || "section" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "summary" || chr(31) || "due" || chr(31) || "due_text" || chr(31) || "quantified" || chr(31) || "status" || chr(31) || "source" || chr(31) || "locator" || chr(31) || "published" || chr(31);
ALTER TABLE indicators ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE indicators SET cells = "id" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "definition" || chr(31) || "unit" || chr(31) || "field_of_action" || chr(31) || "goal" || chr(31) || "direction" || chr(31) || "definition_en" || chr(31);
ALTER TABLE observations ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE observations SET cells = "id" || chr(31) || "indicator" || chr(31) || "goal" || chr(31) || "area" || chr(31) || "period" || chr(31) || "kind" || chr(31) || "value" || chr(31) || "qualifier" || chr(31) || "source" || chr(31) || "locator" || chr(31) || "published" || chr(31) || "note" || chr(31) || "unit" || chr(31);
ALTER TABLE ozg_service_counts ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE ozg_service_counts SET cells = "id" || chr(31) || "measure" || chr(31) || "area" || chr(31) || "as_of" || chr(31) || "coverage" || chr(31) || "priority" || chr(31) || "execution" || chr(31) || "portal" || chr(31) || "kind" || chr(31) || "value" || chr(31) || "qualifier" || chr(31) || "source" || chr(31) || "locator" || chr(31) || "published" || chr(31) || "note" || chr(31);
ALTER TABLE milestones ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE milestones SET cells = "id" || chr(31) || "goal" || chr(31) || "field_of_action" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "reached" || chr(31) || "source" || chr(31) || "locator" || chr(31) || "published" || chr(31);
ALTER TABLE goal_progress ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE goal_progress SET cells = "id" || chr(31) || "goal" || chr(31) || "indicator" || chr(31) || "state" || chr(31) || "target" || chr(31) || "target_value" || chr(31) || "target_qualifier" || chr(31) || "target_period" || chr(31) || "target_source" || chr(31) || "actual" || chr(31) || "actual_value" || chr(31) || "actual_qualifier" || chr(31) || "actual_period" || chr(31) || "actual_source" || chr(31) || "share" || chr(31) || "unit" || chr(31) || "note" || chr(31);
ALTER TABLE contradictions ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE contradictions SET cells = "id" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "rows" || chr(31) || "difference" || chr(31) || "advice" || chr(31);
ALTER TABLE strategies ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE strategies SET cells = "id" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "adopted" || chr(31) || "publisher" || chr(31) || "goal_count" || chr(31) || "source" || chr(31) || "published" || chr(31);
ALTER TABLE fields_of_action ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE fields_of_action SET cells = "id" || chr(31) || "strategy" || chr(31) || "number" || chr(31) || "title" || chr(31) || "title_en" || chr(31);
ALTER TABLE areas ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE areas SET cells = "id" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "level" || chr(31);
ALTER TABLE sources ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE sources SET cells = "id" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "publisher" || chr(31) || "kind" || chr(31) || "published" || chr(31) || "reference" || chr(31) || "url" || chr(31);
ALTER TABLE codelists ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE codelists SET cells = "id" || chr(31) || "codelist" || chr(31) || "code" || chr(31) || "title" || chr(31) || "title_en" || chr(31) || "definition" || chr(31) || "definition_en" || chr(31);
ALTER TABLE withdrawn ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE withdrawn SET cells = "id" || chr(31) || "dataset" || chr(31) || "withdrawn" || chr(31) || "reason" || chr(31) || "reason_en" || chr(31);
ALTER TABLE changes ADD COLUMN cells text NOT NULL DEFAULT '';
UPDATE changes SET cells = "id" || chr(31) || "in_release" || chr(31) || "published" || chr(31) || "dataset" || chr(31) || "row" || chr(31) || "change" || chr(31) || "column" || chr(31) || "old" || chr(31) || "new" || chr(31);

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
