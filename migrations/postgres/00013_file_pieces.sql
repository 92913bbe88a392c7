-- Large files of data packages are in compressed pieces, stored once for all releases
-- that have the same file.
-- +goose Up
ALTER TABLE release_files ADD COLUMN version bigint NOT NULL DEFAULT 0; -- the release that brought the pieces; 0: content is the file
ALTER TABLE release_files ADD COLUMN size bigint NOT NULL DEFAULT 0;
ALTER TABLE release_files ADD COLUMN sum text COLLATE "C" NOT NULL DEFAULT '';
CREATE TABLE file_pieces (
    version bigint NOT NULL,
    path text COLLATE "C" NOT NULL,
    piece bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (version, path, piece)
);

-- +goose Down
DELETE FROM release_files WHERE version <> 0; -- SQL cannot decompress the pieces
DROP TABLE file_pieces;
ALTER TABLE release_files DROP COLUMN version;
ALTER TABLE release_files DROP COLUMN size;
ALTER TABLE release_files DROP COLUMN sum;
