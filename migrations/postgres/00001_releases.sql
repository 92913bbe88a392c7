-- +goose Up
-- A release is a snapshot of all datasets and is never changed. Cells are the
-- text of the data package; the double beside a number and the first and last
-- day beside a period serve order and ranges only. An empty cell is ''.
-- PostgreSQL compares text as SQLite does: byte by byte (COLLATE "C").

CREATE TABLE releases (
    seq bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    title text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    notes text COLLATE "C" NOT NULL,
    synthetic boolean NOT NULL
);

CREATE TABLE release_datasets (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    dataset text COLLATE "C" NOT NULL,
    row_count bigint NOT NULL,
    columns text COLLATE "C" NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    description_hash text COLLATE "C" NOT NULL,
    issued text COLLATE "C" NOT NULL,
    modified text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, dataset)
);

CREATE TABLE release_files (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    path text COLLATE "C" NOT NULL,
    content bytea NOT NULL,
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
    id text COLLATE "C" NOT NULL,
    strategy text COLLATE "C" NOT NULL,
    field_of_action text COLLATE "C" NOT NULL,
    section text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    summary text COLLATE "C" NOT NULL,
    due text COLLATE "C" NOT NULL,
    due_start text COLLATE "C" NOT NULL,
    due_end text COLLATE "C" NOT NULL,
    due_text text COLLATE "C" NOT NULL,
    quantified text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE indicators (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    definition text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    field_of_action text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    direction text COLLATE "C" NOT NULL,
    definition_en text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE observations (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    indicator text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    period_start text COLLATE "C" NOT NULL,
    period_end text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    value_number double precision,
    qualifier text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    unit text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE ozg_service_counts (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    measure text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    as_of text COLLATE "C" NOT NULL,
    as_of_start text COLLATE "C" NOT NULL,
    as_of_end text COLLATE "C" NOT NULL,
    coverage text COLLATE "C" NOT NULL,
    priority text COLLATE "C" NOT NULL,
    execution text COLLATE "C" NOT NULL,
    portal text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    value_number double precision,
    qualifier text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE milestones (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    field_of_action text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    reached text COLLATE "C" NOT NULL,
    reached_start text COLLATE "C" NOT NULL,
    reached_end text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE goal_progress (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    indicator text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    target_value text COLLATE "C" NOT NULL,
    target_value_number double precision,
    target_qualifier text COLLATE "C" NOT NULL,
    target_period text COLLATE "C" NOT NULL,
    target_period_start text COLLATE "C" NOT NULL,
    target_period_end text COLLATE "C" NOT NULL,
    target_source text COLLATE "C" NOT NULL,
    actual text COLLATE "C" NOT NULL,
    actual_value text COLLATE "C" NOT NULL,
    actual_value_number double precision,
    actual_qualifier text COLLATE "C" NOT NULL,
    actual_period text COLLATE "C" NOT NULL,
    actual_period_start text COLLATE "C" NOT NULL,
    actual_period_end text COLLATE "C" NOT NULL,
    actual_source text COLLATE "C" NOT NULL,
    share text COLLATE "C" NOT NULL,
    share_number double precision,
    unit text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE contradictions (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    rows text COLLATE "C" NOT NULL,
    difference text COLLATE "C" NOT NULL,
    advice text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE strategies (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    adopted text COLLATE "C" NOT NULL,
    adopted_start text COLLATE "C" NOT NULL,
    adopted_end text COLLATE "C" NOT NULL,
    publisher text COLLATE "C" NOT NULL,
    goal_count text COLLATE "C" NOT NULL,
    goal_count_number double precision,
    source text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE fields_of_action (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    strategy text COLLATE "C" NOT NULL,
    number text COLLATE "C" NOT NULL,
    number_number double precision,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE areas (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    level text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE sources (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    publisher text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    reference text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE codelists (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    codelist text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    definition text COLLATE "C" NOT NULL,
    definition_en text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE withdrawn (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    dataset text COLLATE "C" NOT NULL,
    withdrawn text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    reason_en text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

CREATE TABLE changes (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    in_release text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    published_start text COLLATE "C" NOT NULL,
    published_end text COLLATE "C" NOT NULL,
    dataset text COLLATE "C" NOT NULL,
    "row" text COLLATE "C" NOT NULL,
    change text COLLATE "C" NOT NULL,
    "column" text COLLATE "C" NOT NULL,
    "old" text COLLATE "C" NOT NULL,
    "new" text COLLATE "C" NOT NULL,
    search_text text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

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
