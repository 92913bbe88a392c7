-- +goose Up
-- The signature of the checksums of a release's files; '' if they are not signed.
ALTER TABLE releases ADD COLUMN signature text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE releases DROP COLUMN signature;
