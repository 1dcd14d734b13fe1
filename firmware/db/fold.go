package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"centralita/firmware/event"
)

// Journal is what the fold reads: firmware/journal's.
type Journal interface {
	Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error]
	Durable() uint64
	Last() uint64
}

// batchMost bounds one transaction, so that a refold of years needs little memory
// and queries see it advance.
const batchMost = 2000

// view and way name the fold of calls.go. Another way of folding is another
// number: the rows are then made anew at the next start.
const (
	view = "calls"
	way  = 5
)

// restAfter lets records gather after a transaction: each costs a sync and some
// 13 kB of flash, and the page follows the journal itself for what is live.
const restAfter = 200 * time.Millisecond

// Fold keeps the call list in step with a journal.
type Fold struct {
	db      *DB
	journal Journal
	rest    time.Duration
}

// NewFold makes the worker; Serve does the work.
func NewFold(d *DB, j Journal) *Fold { return &Fold{db: d, journal: j, rest: restAfter} }

// Serve folds what is new until ctx ends. A damaged file is exchanged and folded
// from the beginning; any other error is returned, and the next Serve goes on
// after the last batch.
func (f *Fold) Serve(ctx context.Context) error {
	err := f.db.up()
	if err == nil {
		err = f.db.check(ctx)
	}
	if err == nil {
		err = f.follow(ctx)
	}
	if damaged(err) {
		if err := f.db.startOver(); err != nil {
			return err
		}
		err = f.follow(ctx)
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// check reads the whole file once, beside the service and not before it.
func (d *DB) check(ctx context.Context) error {
	read, done, err := d.reading()
	if err != nil {
		return err
	}
	defer done()
	var word string
	if err := read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&word); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	if word != "ok" {
		return fmt.Errorf("%w: %s", errUnsound, word)
	}
	return nil
}

func (f *Fold) follow(ctx context.Context) error {
	last, err := f.resume(ctx)
	if err != nil {
		return err
	}
	var batch []*event.Record
	for r, err := range f.journal.Follow(ctx, last+1) {
		if err != nil {
			return fmt.Errorf("db: %w", err)
		}
		batch = append(batch, r)
		if len(batch) == batchMost || r.Seq >= f.journal.Durable() {
			if err := f.db.apply(ctx, batch); err != nil {
				return err
			}
			if len(batch) < batchMost {
				pause(ctx, f.rest)
			}
			clear(batch)
			batch = batch[:0]
		}
	}
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// resume tells where to go on. Rows folded another way, or from another journal
// (one that has not come so far), are thrown away.
func (f *Fold) resume(ctx context.Context) (last uint64, err error) {
	last, how, err := f.db.folded(ctx)
	if err != nil {
		return 0, err
	}
	if last > 0 && (how != way || last > f.journal.Last()) {
		return 0, f.db.Drop(ctx)
	}
	return last, nil
}

// Folded is the number of the last record in the call list.
func (d *DB) Folded(ctx context.Context) (uint64, error) {
	last, _, err := d.folded(ctx)
	return last, err
}

func (d *DB) folded(ctx context.Context) (last uint64, how int, err error) {
	read, done, err := d.reading()
	if err != nil {
		return 0, 0, err
	}
	defer done()
	err = read.QueryRowContext(ctx, "SELECT seq, way FROM folded WHERE view = ?", view).Scan(&last, &how)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, 0, fmt.Errorf("db: %w", err)
	}
	return last, how, nil
}

// Drop empties the call list; the next Serve folds it again.
func (d *DB) Drop(ctx context.Context) error {
	return d.change(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"calls", "call_events", "legs", "folded"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// apply folds a batch and its last number in one transaction.
func (d *DB) apply(ctx context.Context, batch []*event.Record) error {
	return d.change(ctx, func(tx *sql.Tx) error {
		c := calls{ctx: ctx, tx: tx, ready: map[string]*sql.Stmt{}}
		for _, r := range batch {
			c.fold(r)
		}
		c.do("INSERT INTO folded (view, seq, way) VALUES (?, ?, ?) ON CONFLICT (view) DO UPDATE SET seq = excluded.seq, way = excluded.way",
			view, batch[len(batch)-1].Seq, way)
		return c.err
	})
}

func (d *DB) change(ctx context.Context, do func(*sql.Tx) error) error {
	write, done, err := d.writing()
	if err != nil {
		return err
	}
	defer done()
	tx, err := write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("db: %w", err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	return nil
}
