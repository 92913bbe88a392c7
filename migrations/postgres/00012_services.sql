-- Public services, where they are available online, and how many.
-- +goose Up
CREATE TABLE services (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    title_en text COLLATE "C" NOT NULL,
    ozg_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    priority text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
);

CREATE TABLE service_availability (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    service text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    as_of text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    address_status text COLLATE "C" NOT NULL,
    active text COLLATE "C" NOT NULL,
    coverage text COLLATE "C" NOT NULL,
    exclusion_reason text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
);

CREATE TABLE service_counts (
    version bigint NOT NULL,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    area text COLLATE "C" NOT NULL,
    as_of text COLLATE "C" NOT NULL,
    coverage text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    PRIMARY KEY (version, ordinal),
    UNIQUE (version, id)
);

-- +goose Down
DROP TABLE service_counts;
DROP TABLE service_availability;
DROP TABLE services;
