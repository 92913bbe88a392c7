-- Statements about goals with evidence, and what tells figures, milestones and sources apart.
-- +goose Up
CREATE TABLE goal_status (
    release_seq bigint NOT NULL REFERENCES releases (seq) ON DELETE CASCADE,
    ordinal bigint NOT NULL,
    id text COLLATE "C" NOT NULL,
    goal text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    locator text COLLATE "C" NOT NULL,
    published text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    note_en text COLLATE "C" NOT NULL,
    PRIMARY KEY (release_seq, ordinal),
    UNIQUE (release_seq, id)
);

ALTER TABLE goals ADD COLUMN summary_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN due_text_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN start text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN themes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN related_goals text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN evidence text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN assessment text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goals ADD COLUMN known_until text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN share_qualifier text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN actual_indicator text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN related_indicators text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN breakdown text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE goal_progress ADD COLUMN note_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN dimension text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN covers text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN related text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE indicators ADD COLUMN themes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN breakdown text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN derivation text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN reported text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE observations ADD COLUMN note_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE ozg_service_counts ADD COLUMN note_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN state text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN due text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN note text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN note_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE milestones ADD COLUMN themes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN type text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN difference_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN advice_en text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE contradictions ADD COLUMN themes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN retrieved text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN access text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sources ADD COLUMN access_en text COLLATE "C" NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE goals DROP COLUMN summary_en;
ALTER TABLE goals DROP COLUMN due_text_en;
ALTER TABLE goals DROP COLUMN start;
ALTER TABLE goals DROP COLUMN themes;
ALTER TABLE goals DROP COLUMN related_goals;
ALTER TABLE goals DROP COLUMN evidence;
ALTER TABLE goals DROP COLUMN assessment;
ALTER TABLE goals DROP COLUMN known_until;
ALTER TABLE goal_progress DROP COLUMN share_qualifier;
ALTER TABLE goal_progress DROP COLUMN actual_indicator;
ALTER TABLE goal_progress DROP COLUMN related_indicators;
ALTER TABLE goal_progress DROP COLUMN breakdown;
ALTER TABLE goal_progress DROP COLUMN note_en;
ALTER TABLE indicators DROP COLUMN dimension;
ALTER TABLE indicators DROP COLUMN covers;
ALTER TABLE indicators DROP COLUMN related;
ALTER TABLE indicators DROP COLUMN themes;
ALTER TABLE observations DROP COLUMN breakdown;
ALTER TABLE observations DROP COLUMN derivation;
ALTER TABLE observations DROP COLUMN reported;
ALTER TABLE observations DROP COLUMN note_en;
ALTER TABLE ozg_service_counts DROP COLUMN note_en;
ALTER TABLE milestones DROP COLUMN state;
ALTER TABLE milestones DROP COLUMN due;
ALTER TABLE milestones DROP COLUMN note;
ALTER TABLE milestones DROP COLUMN note_en;
ALTER TABLE milestones DROP COLUMN themes;
ALTER TABLE contradictions DROP COLUMN type;
ALTER TABLE contradictions DROP COLUMN difference_en;
ALTER TABLE contradictions DROP COLUMN advice_en;
ALTER TABLE contradictions DROP COLUMN themes;
ALTER TABLE sources DROP COLUMN retrieved;
ALTER TABLE sources DROP COLUMN access;
ALTER TABLE sources DROP COLUMN access_en;
DROP TABLE goal_status;
