package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Call is one line of the call list.
type Call struct {
	Call      id.Call    `json:"call"`
	Direction string     `json:"direction"` // "in", "out", "inside"
	BeganAt   int64      `json:"began_at"`
	BeganWall int64      `json:"began_wall"`
	EndedWall int64      `json:"ended_wall"` // 0 while it lasts
	From      string     `json:"from"`
	Name      string     `json:"name"`
	To        string     `json:"to"`
	Port      id.Port    `json:"port"`
	Queue     id.Queue   `json:"queue"`
	Agent     id.Agent   `json:"agent"`
	Station   id.Station `json:"station"`
	WaitMS    int64      `json:"wait_ms"`
	TalkMS    int64      `json:"talk_ms"`
	HeldMS    int64      `json:"held_ms"`
	Cause     string     `json:"cause"`
	SIP       int64      `json:"sip"` // codes of the end, 0 none
	Q850      int64      `json:"q850"`
	Answered  bool       `json:"answered"`
	By        string     `json:"answered_by"`   // how the answer of the called side was known: leg.By, "" where nobody was called
	Sure      uint8      `json:"answered_sure"` // percent
	Recording *Sound     `json:"recording"`     // nil: not recorded
	Quality   *Quality   `json:"quality"`       // nil: no end of it spoke in packets, or none long enough
}

// Sound is a call's recording.
type Sound struct {
	File   string `json:"file"`
	State  string `json:"state"`
	MS     int64  `json:"ms"`
	LostMS int64  `json:"lost_ms"`
}

// Told is one record of a call's story.
type Told struct {
	Seq  uint64      `json:"seq"`
	At   int64       `json:"at"`
	Wall int64       `json:"wall"`
	Kind string      `json:"kind"`
	Body event.Event `json:"body"`
}

const (
	// pageMost bounds one answer.
	pageMost = 200
	// textMost bounds a search; no number or name is longer.
	textMost = 64
	// storyMost bounds a story; a call of a day with a digit a minute is below.
	storyMost = 2000
	// idMost is what an SQLite integer holds.
	idMost = math.MaxInt64
	// patience bounds a search without hits through years of calls.
	patience = 5 * time.Second
)

const columns = `call, direction, began_at, began_wall, ended_wall, caller, name, callee, port, queue, agent, station,
	wait_ms, talk_ms, held_ms, cause, sip, q850, answered, answered_by, answered_sure, rec_file, rec_state, rec_ms, rec_lost_ms,
	mos, loss, jitter_ms, trip_ms, delay_ms, sound_ms, relayed_ms`

// List gives up to limit calls older than before (0: the newest), newest first,
// and whether there are more. With text only those whose numbers, name, queue or
// agent contain it.
func (d *DB) List(ctx context.Context, before id.Call, limit int, text string) (list []Call, more bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	limit = min(max(limit, 1), pageMost)
	query, args := listQuery(before, limit, text)
	read, done, err := d.reading()
	if err != nil {
		return nil, false, err
	}
	defer done()
	rows, err := read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, false, fmt.Errorf("db: calls: %w", err)
	}
	defer rows.Close()
	list = make([]Call, 0, limit)
	for rows.Next() {
		if len(list) == limit {
			more = true
			break
		}
		c, err := scan(rows)
		if err != nil {
			return nil, false, fmt.Errorf("db: calls: %w", err)
		}
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("db: calls: %w", err)
	}
	return list, more, nil
}

func listQuery(before id.Call, limit int, text string) (query string, args []any) {
	var where []string
	if before > 0 && before <= idMost {
		where = append(where, "call < ?")
		args = append(args, uint64(before))
	}
	if text = searched(text); text != "" {
		fields := []string{"caller", "name", "callee", "queue", "agent"}
		for i, f := range fields {
			fields[i] = f + ` LIKE ? ESCAPE '\'`
			args = append(args, text)
		}
		where = append(where, "("+strings.Join(fields, " OR ")+")")
	}
	query = "SELECT " + columns + " FROM calls"
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return query + " ORDER BY call DESC LIMIT ?", append(args, limit+1)
}

// searched makes a pattern of what a person typed, "" of nothing.
func searched(text string) string {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if text == "" {
		return ""
	}
	if utf8.RuneCountInString(text) > textMost {
		text = string([]rune(text)[:textMost])
	}
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// Story gives one call and its records in order; found is false for a number that
// is no call's.
func (d *DB) Story(ctx context.Context, call id.Call) (c Call, story []Told, found bool, err error) {
	if call > idMost {
		return Call{}, nil, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	read, done, err := d.reading()
	if err != nil {
		return Call{}, nil, false, err
	}
	defer done()
	c, err = scan(read.QueryRowContext(ctx, "SELECT "+columns+" FROM calls WHERE call = ?", uint64(call)))
	if errors.Is(err, sql.ErrNoRows) {
		return Call{}, nil, false, nil
	}
	if err != nil {
		return Call{}, nil, false, fmt.Errorf("db: call %d: %w", call, err)
	}
	story, err = storyOf(ctx, read, call)
	if err != nil {
		return Call{}, nil, false, fmt.Errorf("db: call %d: %w", call, err)
	}
	return c, story, true, nil
}

func storyOf(ctx context.Context, read *sql.DB, call id.Call) ([]Told, error) {
	rows, err := read.QueryContext(ctx,
		"SELECT seq, at, wall, kind, body FROM call_events WHERE call = ? ORDER BY seq LIMIT ?", uint64(call), storyMost)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	story := []Told{}
	for rows.Next() {
		var t Told
		var body []byte
		if err := rows.Scan(&t.Seq, &t.At, &t.Wall, &t.Kind, &body); err != nil {
			return nil, err
		}
		if t.Body, err = event.Decode(t.Kind, body); err != nil {
			continue // of a newer program
		}
		story = append(story, t)
	}
	return story, rows.Err()
}

// scan reads one line of columns.
func scan(row interface{ Scan(...any) error }) (c Call, err error) {
	var s Sound
	var q Quality
	err = row.Scan(&c.Call, &c.Direction, &c.BeganAt, &c.BeganWall, &c.EndedWall, &c.From, &c.Name, &c.To, &c.Port,
		&c.Queue, &c.Agent, &c.Station, &c.WaitMS, &c.TalkMS, &c.HeldMS, &c.Cause, &c.SIP, &c.Q850, &c.Answered, &c.By, &c.Sure, &s.File, &s.State, &s.MS, &s.LostMS,
		&q.MOS, &q.Loss, &q.JitterMS, &q.TripMS, &q.DelayMS, &q.SoundMS, &q.RelayedMS)
	if q.MOS > 0 {
		c.Quality = &q
	}
	if s.File != "" {
		c.Recording = &s
	}
	return c, err
}
