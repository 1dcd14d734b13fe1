-- Time on hold stands beside the time of talk.
ALTER TABLE calls ADD COLUMN held_ms INTEGER NOT NULL DEFAULT 0;
