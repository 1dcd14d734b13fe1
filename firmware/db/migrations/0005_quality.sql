-- How the worst end of a call sounded: mean opinion score (0 not rated), part of the
-- sound lost, jitter, round trip and delay from mouth to ear in ms, and how long
-- packets went, and were relayed of it.
ALTER TABLE calls ADD COLUMN mos REAL NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN loss REAL NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN jitter_ms REAL NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN trip_ms REAL NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN delay_ms REAL NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN sound_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN relayed_ms INTEGER NOT NULL DEFAULT 0;
