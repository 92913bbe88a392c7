-- Areas form a tree, with their official keys, dates and addresses.
-- +goose Up
ALTER TABLE areas ADD COLUMN parent text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN ars text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN type text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN valid_from text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN valid_to text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN successor text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN uri text NOT NULL DEFAULT '';
ALTER TABLE areas ADD COLUMN source text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE areas DROP COLUMN parent;
ALTER TABLE areas DROP COLUMN ars;
ALTER TABLE areas DROP COLUMN type;
ALTER TABLE areas DROP COLUMN valid_from;
ALTER TABLE areas DROP COLUMN valid_to;
ALTER TABLE areas DROP COLUMN successor;
ALTER TABLE areas DROP COLUMN uri;
ALTER TABLE areas DROP COLUMN source;
