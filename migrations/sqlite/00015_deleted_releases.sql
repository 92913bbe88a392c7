-- The ids of releases that were deleted, so that none is given to another release. Of
-- those deleted before, the ids are known that later releases name.
-- +goose Up
CREATE TABLE deleted_releases (id text NOT NULL PRIMARY KEY);
INSERT INTO deleted_releases (id)
    SELECT in_release FROM changes UNION SELECT previous FROM releases WHERE previous NOT IN ('', 'unknown')
    EXCEPT SELECT id FROM releases;

-- +goose Down
DROP TABLE deleted_releases;
