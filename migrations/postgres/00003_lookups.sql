-- +goose Up
-- Pages of one indicator, or of one area, by time.
CREATE INDEX observations_indicator_period ON observations (release_seq, indicator, period_end, ordinal);
CREATE INDEX observations_area_period ON observations (release_seq, area, period_end, ordinal);

-- +goose Down
DROP INDEX observations_area_period;
DROP INDEX observations_indicator_period;
