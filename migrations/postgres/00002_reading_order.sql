-- +goose Up
-- Pages of one indicator in one area by time, and of all by time.
CREATE INDEX observations_series ON observations (release_seq, indicator, area, period_end, ordinal);
CREATE INDEX observations_period ON observations (release_seq, period_end, ordinal);
CREATE INDEX ozg_service_counts_area ON ozg_service_counts (release_seq, area, ordinal);

-- +goose Down
DROP INDEX ozg_service_counts_area;
DROP INDEX observations_period;
DROP INDEX observations_series;
