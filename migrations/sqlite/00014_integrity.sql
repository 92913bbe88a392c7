-- The signature of the checksums of a release's files, '' if they are not signed. And
-- checksums of what is recorded about a release and its datasets, '' if they were
-- published before.
-- +goose Up
ALTER TABLE releases ADD COLUMN signature text NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN record text NOT NULL DEFAULT '';
ALTER TABLE release_datasets ADD COLUMN record text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE release_datasets DROP COLUMN record;
ALTER TABLE releases DROP COLUMN record;
ALTER TABLE releases DROP COLUMN signature;
