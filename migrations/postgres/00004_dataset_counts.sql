-- +goose Up
-- How many datasets a release was published with, so that a lost one is noticed.
-- 0 is what a program that does not know the column yet writes: not counted.
ALTER TABLE releases ADD COLUMN datasets bigint NOT NULL DEFAULT 0;
UPDATE releases SET datasets = (SELECT COUNT(*) FROM release_datasets WHERE release_seq = releases.seq);

-- +goose Down
ALTER TABLE releases DROP COLUMN datasets;
