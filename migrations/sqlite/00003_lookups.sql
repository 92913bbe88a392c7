-- +goose Up
-- Pages of one indicator, or of one area, by time.
CREATE INDEX observations_indicator_period ON observations (release_seq, indicator, period_end, ordinal);
CREATE INDEX observations_area_period ON observations (release_seq, area, period_end, ordinal);

-- SQLite looks at no data when it plans. Without statistics it takes a whole
-- release for as small as the rows of one indicator, and reads all of it in the
-- order wanted. These say what lies in a large release; PostgreSQL analyses by
-- itself.
ANALYZE observations;
DELETE FROM sqlite_stat1 WHERE tbl = 'observations';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('observations', 'observations', '500000 500000 1'),
    ('observations', 'sqlite_autoindex_observations_2', '500000 500000 1'),
    ('observations', 'observations_indicator', '500000 500000 1000 1'),
    ('observations', 'observations_area', '500000 500000 1200 1'),
    ('observations', 'observations_goal', '500000 500000 5000 1'),
    ('observations', 'observations_period', '500000 500000 5000 1'),
    ('observations', 'observations_series', '500000 500000 1000 100 1 1'),
    ('observations', 'observations_indicator_period', '500000 500000 1000 10 1'),
    ('observations', 'observations_area_period', '500000 500000 1200 12 1');

-- +goose Down
DELETE FROM sqlite_stat1 WHERE tbl = 'observations';
DROP INDEX observations_area_period;
DROP INDEX observations_indicator_period;
