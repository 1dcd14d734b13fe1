package db

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"slices"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

// calls folds records into the rows of the call list. It looks at nothing but the
// records and what it wrote before, so the same journal gives the same rows.
type calls struct {
	ctx   context.Context
	tx    *sql.Tx
	ready map[string]*sql.Stmt
	err   error // the first; afterwards nothing is done
}

func (c *calls) do(query string, args ...any) {
	if s := c.stmt(query); s != nil {
		_, c.err = s.ExecContext(c.ctx, args...)
	}
}

func (c *calls) stmt(query string) *sql.Stmt {
	if c.err != nil {
		return nil
	}
	s := c.ready[query]
	if s == nil {
		s, c.err = c.tx.PrepareContext(c.ctx, query)
		c.ready[query] = s
	}
	return s
}

// fold takes one record. Kinds of a newer program are passed over.
func (c *calls) fold(r *event.Record) {
	e, err := r.Event()
	if err != nil {
		return
	}
	if b, ok := e.(*event.CallBegan); ok {
		c.began(r, b)
	}
	if b, ok := e.(*event.LegBegan); ok {
		c.do("INSERT OR REPLACE INTO legs (leg, call) VALUES (?, ?)", uint64(b.Leg), uint64(b.Call))
	}
	call := c.of(e)
	for _, n := range []id.Call{call, other(e)} {
		if n != 0 {
			c.do("INSERT OR REPLACE INTO call_events (call, seq, at, wall, kind, body) VALUES (?, ?, ?, ?, ?, ?)",
				uint64(n), r.Seq, r.At, r.Wall, r.Kind, []byte(r.Body))
		}
	}
	c.turn(e)
	c.row(r, e, call)
}

// of is the call a fact belongs to: it says so itself, or its leg does.
func (c *calls) of(e event.Event) id.Call {
	call, leg := names(e)
	if call != 0 || leg == 0 {
		return call
	}
	s := c.stmt("SELECT call FROM legs WHERE leg = ?")
	if s == nil {
		return 0
	}
	var n uint64
	if err := s.QueryRowContext(c.ctx, uint64(leg)).Scan(&n); err != nil && !errors.Is(err, sql.ErrNoRows) {
		c.err = err
	}
	return id.Call(n)
}

// names finds the fields Call and Leg, whatever kinds of facts there will be.
func names(e event.Event) (call id.Call, leg id.Leg) {
	v := reflect.ValueOf(e).Elem()
	if f := v.FieldByName("Call"); f.IsValid() {
		call, _ = f.Interface().(id.Call)
	}
	if f := v.FieldByName("Leg"); f.IsValid() {
		leg, _ = f.Interface().(id.Leg)
	}
	return call, leg
}

func (c *calls) began(r *event.Record, b *event.CallBegan) {
	c.do(`INSERT OR REPLACE INTO calls (call, direction, leg, port, caller, name, callee, began_at, began_wall)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		uint64(b.Call), b.Direction, uint64(b.Leg), string(b.Port), b.From, b.Name, b.To, r.At, r.Wall)
	c.do("INSERT OR REPLACE INTO legs (leg, call) VALUES (?, ?)", uint64(b.Leg), uint64(b.Call))
}

// row brings the call's line up to date.
func (c *calls) row(r *event.Record, e event.Event, in id.Call) {
	call := uint64(in)
	switch e := e.(type) {
	case *event.BoxStarted:
		c.do("DELETE FROM legs") // no leg outlives the program
	case *event.LegUpdated:
		c.do("UPDATE calls SET caller = ?, name = ? WHERE call = ? AND leg = ?", e.From, e.Name, call, uint64(e.Leg))
	case *event.LegAnswered: // of the called side: that the box took the call is no question
		c.do("UPDATE calls SET answered_by = ?, answered_sure = ? WHERE call = ? AND leg != ?", e.By, e.Sure, call, uint64(e.Leg))
	case *event.LegMeasured:
		c.sounded(e, call)
	case *event.LegEnded:
		c.do("DELETE FROM legs WHERE leg = ?", uint64(e.Leg))
	case *event.CallRouted:
		if e.Dialled != "" {
			c.do("UPDATE calls SET callee = ? WHERE call = ?", e.Dialled, call)
		}
		if e.Emergency || slices.ContainsFunc(e.Through, id.Port.Outside) {
			c.do("UPDATE calls SET direction = 'out' WHERE call = ?", call)
		}
	case *event.CallQueued:
		c.do("UPDATE calls SET queue = ? WHERE call = ?", string(e.Queue), call)
	case *event.CallConnected:
		c.connected(e)
	case *event.CallTransferred:
		c.transferred(e)
	case *event.CallEnded:
		c.do("UPDATE calls SET ended_wall = ?, cause = ?, wait_ms = ?, talk_ms = ?, held_ms = ?, sip = ?, q850 = ? WHERE call = ?",
			r.Wall, e.Cause, e.WaitMS, e.TalkMS, e.HeldMS, e.SIP, e.Q850, call)
	case *event.RecordingBegan:
		c.do("UPDATE calls SET rec_file = ?, rec_state = ?, rec_ms = 0, rec_lost_ms = 0 WHERE call = ?", e.File, SoundRunning, call)
	case *event.RecordingEnded:
		c.do("UPDATE calls SET rec_state = ?, rec_ms = ?, rec_lost_ms = ? WHERE call = ? AND rec_file = ?",
			recorded(e), e.MS, e.LostMS, call, e.File)
	}
}

// connected keeps the first wait and the last who spoke.
func (c *calls) connected(e *event.CallConnected) {
	c.do(`UPDATE calls SET
			wait_ms  = CASE answered WHEN 0 THEN ? ELSE wait_ms END,
			agent    = CASE ? WHEN '' THEN agent ELSE ? END,
			station  = CASE ? WHEN '' THEN station ELSE ? END,
			answered = 1
		WHERE call = ?`,
		e.WaitMS, string(e.Agent), string(e.Agent), string(e.Station), string(e.Station), uint64(e.Call))
}

// The states of a call's recording.
const (
	SoundRunning = "recording" // being written
	SoundWhole   = "whole"     // complete
	SoundGaps    = "partial"   // playable, but sound is missing
	SoundFailed  = "failed"    // nothing to play
)

func recorded(e *event.RecordingEnded) string {
	switch {
	case e.MS == 0 && e.Error != "":
		return SoundFailed
	case e.Error != "" || e.LostMS > 0:
		return SoundGaps
	}
	return SoundWhole
}
