-- Public services, where they are available online, and how many.
-- +goose Up
CREATE TABLE services (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    title text NOT NULL,
    title_en text NOT NULL,
    ozg_id text NOT NULL,
    topic text NOT NULL,
    priority text NOT NULL,
    source text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;

CREATE TABLE service_availability (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    service text NOT NULL,
    area text NOT NULL,
    as_of text NOT NULL,
    address text NOT NULL,
    address_status text NOT NULL,
    active text NOT NULL,
    coverage text NOT NULL,
    exclusion_reason text NOT NULL,
    source text NOT NULL,
    locator text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;

CREATE TABLE service_counts (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text NOT NULL,
    area text NOT NULL,
    as_of text NOT NULL,
    coverage text NOT NULL,
    topic text NOT NULL,
    value text NOT NULL,
    rule text NOT NULL,
    source text NOT NULL,
    published text NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE service_counts;
DROP TABLE service_availability;
DROP TABLE services;
