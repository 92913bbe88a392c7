-- +goose Up
-- Which release each one followed: '' for the first ever, 'unknown' where it was
-- deleted before this migration, or published by a program that does not know the
-- column. And since when a release is withdrawn in favour of an older one: '' if
-- it is not.
ALTER TABLE releases ADD COLUMN previous text NOT NULL DEFAULT 'unknown';
ALTER TABLE releases ADD COLUMN withdrawn text NOT NULL DEFAULT '';
UPDATE releases SET previous = COALESCE(
    (SELECT p.id FROM releases p WHERE p.seq < releases.seq ORDER BY p.seq DESC LIMIT 1),
    CASE WHEN EXISTS (SELECT 1 FROM release_datasets d WHERE d.release_seq = releases.seq AND d.issued < releases.published)
        THEN 'unknown' ELSE '' END);
UPDATE releases SET withdrawn = published WHERE seq > (SELECT MAX(release_seq) FROM latest);

-- +goose Down
ALTER TABLE releases DROP COLUMN withdrawn;
ALTER TABLE releases DROP COLUMN previous;
