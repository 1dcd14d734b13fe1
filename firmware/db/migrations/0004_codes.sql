-- How a call ended in the codes of SIP and of ITU-T Q.850, 0 where there is none.
ALTER TABLE calls ADD COLUMN sip INTEGER NOT NULL DEFAULT 0;
ALTER TABLE calls ADD COLUMN q850 INTEGER NOT NULL DEFAULT 0;
