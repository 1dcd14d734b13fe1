-- How the answer of the called side was known (leg.By), and how surely, in percent.
ALTER TABLE calls ADD COLUMN answered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE calls ADD COLUMN answered_sure INTEGER NOT NULL DEFAULT 0;
