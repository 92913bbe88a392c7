-- +goose Up
-- A release is a snapshot of all datasets and is never changed. Cells are the
-- text of the data package; the double beside a number and the first and last
-- day beside a period serve order and ranges only. An empty cell is ''.
-- SQLite keeps the rows of a release in reading order: WITHOUT ROWID.

CREATE TABLE releases (
    seq bigint PRIMARY KEY,
    id text NOT NULL UNIQUE,
    title text NOT NULL,
    published text NOT NULL,
    content_hash text NOT NULL,
    notes text NOT NULL,
    synthetic boolean NOT NULL
);

CREATE TABLE release_datasets (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    dataset text NOT NULL,
    row_count bigint NOT NULL,
    columns text NOT NULL,
    content_hash text NOT NULL,
    description_hash text NOT NULL,
    issued text NOT NULL,
    modified text NOT NULL,
    PRIMARY KEY (release_seq, dataset)
);

CREATE TABLE release_files (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    path text NOT NULL,
    content blob NOT NULL,
    PRIMARY KEY (release_seq, path)
);

-- The release that is served where none is named: one row at most.
CREATE TABLE latest (
    one integer PRIMARY KEY CHECK (one = 1),
    release_seq bigint NOT NULL REFERENCES releases (seq)
);

CREATE TABLE goals (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    strategy text NOT NULL,
    field_of_action text NOT NULL,
    section text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    summary text NOT NULL,
    due text NOT NULL,
    due_start text NOT NULL,
    due_end text NOT NULL,
    due_text text NOT NULL,
    quantified text NOT NULL,
    status text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE indicators (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    definition text NOT NULL,
    unit text NOT NULL,
    field_of_action text NOT NULL,
    goal text NOT NULL,
    direction text NOT NULL,
    definition_en text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE observations (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    indicator text NOT NULL,
    goal text NOT NULL,
    area text NOT NULL,
    period text NOT NULL,
    period_start text NOT NULL,
    period_end text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    value_number double precision,
    qualifier text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    note text NOT NULL,
    unit text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE ozg_service_counts (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    measure text NOT NULL,
    area text NOT NULL,
    as_of text NOT NULL,
    as_of_start text NOT NULL,
    as_of_end text NOT NULL,
    coverage text NOT NULL,
    priority text NOT NULL,
    execution text NOT NULL,
    portal text NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    value_number double precision,
    qualifier text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    note text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE milestones (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    goal text NOT NULL,
    field_of_action text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    reached text NOT NULL,
    reached_start text NOT NULL,
    reached_end text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE goal_progress (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    goal text NOT NULL,
    indicator text NOT NULL,
    state text NOT NULL,
    target text NOT NULL,
    target_value text NOT NULL,
    target_value_number double precision,
    target_qualifier text NOT NULL,
    target_period text NOT NULL,
    target_period_start text NOT NULL,
    target_period_end text NOT NULL,
    target_source text NOT NULL,
    actual text NOT NULL,
    actual_value text NOT NULL,
    actual_value_number double precision,
    actual_qualifier text NOT NULL,
    actual_period text NOT NULL,
    actual_period_start text NOT NULL,
    actual_period_end text NOT NULL,
    actual_source text NOT NULL,
    share text NOT NULL,
    share_number double precision,
    unit text NOT NULL,
    note text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE contradictions (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    rows text NOT NULL,
    difference text NOT NULL,
    advice text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE strategies (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    adopted text NOT NULL,
    adopted_start text NOT NULL,
    adopted_end text NOT NULL,
    publisher text NOT NULL,
    goal_count text NOT NULL,
    goal_count_number double precision,
    source text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE fields_of_action (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    strategy text NOT NULL,
    number text NOT NULL,
    number_number double precision,
    title text NOT NULL,
    title_en text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE areas (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    level text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE sources (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    publisher text NOT NULL,
    kind text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    reference text NOT NULL,
    url text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE codelists (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    codelist text NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    definition text NOT NULL,
    definition_en text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE withdrawn (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    dataset text NOT NULL,
    withdrawn text NOT NULL,
    reason text NOT NULL,
    reason_en text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE TABLE changes (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    in_release text NOT NULL,
    published text NOT NULL,
    published_start text NOT NULL,
    published_end text NOT NULL,
    dataset text NOT NULL,
    "row" text NOT NULL,
    change text NOT NULL,
    "column" text NOT NULL,
    "old" text NOT NULL,
    "new" text NOT NULL,
    search_text text NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
) WITHOUT ROWID;

CREATE INDEX goals_field ON goals (release_seq, field_of_action, ordinal);
CREATE INDEX observations_indicator ON observations (release_seq, indicator, ordinal);
CREATE INDEX observations_area ON observations (release_seq, area, ordinal);
CREATE INDEX observations_goal ON observations (release_seq, goal, ordinal);

-- +goose Down
DROP TABLE changes;
DROP TABLE withdrawn;
DROP TABLE codelists;
DROP TABLE sources;
DROP TABLE areas;
DROP TABLE fields_of_action;
DROP TABLE strategies;
DROP TABLE contradictions;
DROP TABLE goal_progress;
DROP TABLE milestones;
DROP TABLE ozg_service_counts;
DROP TABLE observations;
DROP TABLE indicators;
DROP TABLE goals;
DROP TABLE latest;
DROP TABLE release_files;
DROP TABLE release_datasets;
DROP TABLE releases;
