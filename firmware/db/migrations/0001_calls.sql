-- The call list, a view folded from the journal. Times are Unix ms.
CREATE TABLE calls (
    call        INTEGER PRIMARY KEY,
    direction   TEXT NOT NULL,
    leg         INTEGER NOT NULL,
    port        TEXT NOT NULL,
    caller      TEXT NOT NULL,
    name        TEXT NOT NULL,
    callee      TEXT NOT NULL,
    began_at    INTEGER NOT NULL,
    began_wall  INTEGER NOT NULL,
    ended_wall  INTEGER NOT NULL DEFAULT 0,
    queue       TEXT NOT NULL DEFAULT '',
    agent       TEXT NOT NULL DEFAULT '',
    station     TEXT NOT NULL DEFAULT '',
    answered    INTEGER NOT NULL DEFAULT 0,
    wait_ms     INTEGER NOT NULL DEFAULT 0,
    talk_ms     INTEGER NOT NULL DEFAULT 0,
    cause       TEXT NOT NULL DEFAULT '',
    rec_file    TEXT NOT NULL DEFAULT '',
    rec_state   TEXT NOT NULL DEFAULT '',
    rec_ms      INTEGER NOT NULL DEFAULT 0,
    rec_lost_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The story of each call: its records as they stand in the journal.
CREATE TABLE call_events (
    call INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    at   INTEGER NOT NULL,
    wall INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (call, seq)
) STRICT, WITHOUT ROWID;

-- Which call a living leg belongs to, for records that name only the leg.
CREATE TABLE legs (
    leg  INTEGER PRIMARY KEY,
    call INTEGER NOT NULL
) STRICT;

-- The last record each view has folded, and by which way of folding.
CREATE TABLE folded (
    view TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL,
    way  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
