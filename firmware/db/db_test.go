package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/journal"
)

// office is a journal with its writer, and a database that folds it.
type office struct {
	t    testing.TB
	dir  string
	book *journal.Journal
	db   *DB
	at   int64
}

func newOffice(t testing.TB) *office {
	o := &office{t: t, dir: t.TempDir(), at: 1_000}
	o.book = openJournal(t, filepath.Join(o.dir, "journal"))
	o.open()
	return o
}

func openJournal(t testing.TB, dir string) *journal.Journal {
	t.Helper()
	j, _, err := journal.Open(dir, journal.Options{Group: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { j.Serve(ctx) })
	t.Cleanup(func() { cancel(); done.Wait(); j.Close() })
	return j
}

func (o *office) open() {
	o.t.Helper()
	d, err := Open(filepath.Join(o.dir, "calls.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	o.db = d
	o.t.Cleanup(func() { d.Close() })
}

func (o *office) say(events ...event.Event) {
	for _, e := range events {
		o.at += 100
		o.book.Append(o.at, 1_790_000_000_000+o.at, e)
	}
}

// fold runs the worker until everything said is in the call list.
func (o *office) fold() {
	o.t.Helper()
	if err := o.book.Sync(o.t.Context(), o.book.Last()); err != nil {
		o.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(o.t.Context(), 20*time.Second)
	defer cancel()
	j := &until{Journal: o.book, last: o.book.Last(), reached: cancel, db: o.db}
	f := NewFold(o.db, j)
	f.rest = 0
	if err := f.Serve(ctx); err != nil {
		o.t.Fatal(err)
	}
	if last, err := o.db.Folded(o.t.Context()); err != nil || last != o.book.Last() {
		o.t.Fatalf("folded up to %d of %d: %v", last, o.book.Last(), err)
	}
}

// until ends the fold when it has asked beyond the last record.
type until struct {
	*journal.Journal
	db      *DB
	last    uint64
	reached func()
}

func (u *until) Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error] {
	return func(yield func(*event.Record, error) bool) {
		if from > u.last {
			u.reached()
			return
		}
		for r, err := range u.Journal.Follow(ctx, from) {
			if !yield(r, err) {
				return
			}
			if r != nil && r.Seq == u.last { // yield has folded it
				u.reached()
				return
			}
		}
	}
}

// aDay says one answered, recorded call through the queue, one abandoned, one
// going out, and one that still lasts.
func (o *office) aDay() {
	o.say(
		&event.BoxStarted{Version: "1"},
		&event.LegOffered{Leg: 1, Port: "fxo1", From: "612345678"},
		&event.CallBegan{Call: 2, Leg: 1, Port: "fxo1", Direction: "in"},
		&event.LegUpdated{Leg: 1, From: "612345678", Name: "Ana Ruiz"},
		&event.CallRouted{Call: 2, To: "menu/dia", Why: "line"},
		&event.DigitPressed{Leg: 1, Digit: "1"},
		&event.CallRouted{Call: 2, To: "queue/ventas", Why: "menu"},
		&event.CallQueued{Call: 2, Queue: "ventas"},
		&event.LegBegan{Leg: 3, Call: 2, Port: "fxs1"},
		&event.LegRinging{Leg: 3},
		&event.CallConnected{Call: 2, Leg: 3, Port: "fxs1", Station: "101", Agent: "mina", WaitMS: 7000},
		&event.RecordingBegan{Call: 2, File: "2026-11-21/a.wav", Left: 1, Right: 3},
		&event.CallBegan{Call: 5, Leg: 4, Port: "fxo2", Direction: "in", From: "100%_sure"},
		&event.CallQueued{Call: 5, Queue: "ventas"},
		&event.CallEnded{Call: 5, Cause: "normal", WaitMS: 30_000},
		&event.LegEnded{Leg: 4, Cause: "normal"},
		&event.CallEnded{Call: 2, Cause: "normal", By: 1, TalkMS: 62_000, WaitMS: 7000},
		&event.RecordingEnded{Call: 2, File: "2026-11-21/a.wav", MS: 61_900},
		&event.CallBegan{Call: 7, Leg: 6, Port: "fxs1", Direction: "inside", From: "101"},
		&event.CallRouted{Call: 7, To: "line/out", Why: "dialled", Dialled: "911111111", Through: []id.Port{"fxo1"}},
		&event.RecordingBegan{Call: 7, File: "2026-11-21/b.wav"},
	)
}

func TestCallList(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	list, more, err := o.db.List(t.Context(), 0, 50, "")
	if err != nil || more || len(list) != 3 {
		t.Fatalf("%d calls, more %v, %v", len(list), more, err)
	}
	want := Call{Call: 2, Direction: "in", BeganAt: 1300, BeganWall: 1_790_000_001_300, EndedWall: 1_790_000_002_700,
		From: "612345678", Name: "Ana Ruiz", Port: "fxo1", Queue: "ventas", Agent: "mina", Station: "101",
		WaitMS: 7000, TalkMS: 62_000, Cause: "normal", Answered: true,
		Recording: &Sound{File: "2026-11-21/a.wav", State: SoundWhole, MS: 61_900}}
	if !reflect.DeepEqual(list[2], want) {
		t.Errorf("answered call:\n%+v\nwant\n%+v", list[2], want)
	}
	if c := list[1]; c.Answered || c.WaitMS != 30_000 || c.Recording != nil {
		t.Errorf("abandoned call: %+v", c)
	}
	if c := list[0]; c.Direction != "out" || c.To != "911111111" || c.EndedWall != 0 || c.Recording.State != SoundRunning {
		t.Errorf("call that lasts: %+v", c)
	}
}

func TestStory(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	c, story, found, err := o.db.Story(t.Context(), 2)
	if err != nil || !found || c.Call != 2 {
		t.Fatalf("%+v, %v, %v", c, found, err)
	}
	var kinds []string
	for _, s := range story {
		kinds = append(kinds, s.Kind)
	}
	want := strings.Fields("CallBegan LegUpdated CallRouted DigitPressed CallRouted CallQueued LegBegan LegRinging " +
		"CallConnected RecordingBegan CallEnded RecordingEnded")
	if !slices.Equal(kinds, want) {
		t.Errorf("story %v\nwant %v", kinds, want)
	}
	if d, ok := story[3].Body.(*event.DigitPressed); !ok || d.Digit != "1" {
		t.Errorf("body %+v", story[3].Body)
	}
	for _, call := range []id.Call{0, 1, 99, 1 << 63} {
		if _, _, found, err := o.db.Story(t.Context(), call); found || err != nil {
			t.Errorf("call %d: found %v, %v", call, found, err)
		}
	}
}

func TestPagesAndSearch(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	for n := id.Call(100); n < 130; n++ {
		o.say(&event.CallBegan{Call: n, Leg: id.Leg(n), Direction: "in", From: fmt.Sprint(900_000_000 + int(n))})
	}
	o.fold()
	var seen []id.Call
	before, pages := id.Call(0), 0
	for more := true; more; pages++ {
		var list []Call
		var err error
		if list, more, err = o.db.List(t.Context(), before, 10, ""); err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			seen = append(seen, c.Call)
			before = c.Call
		}
	}
	if len(seen) != 33 || pages != 4 || seen[0] != 129 || seen[32] != 2 {
		t.Errorf("%d pages, %d calls %v", pages, len(seen), seen)
	}
	for text, n := range map[string]int{"900000105": 1, "ana": 1, "VENTAS": 2, "mina": 1, "%": 1, "_": 1, `\`: 0, "9000001": 30,
		"' OR 1=1 --": 0, "\xff": 33, strings.Repeat("9", 10_000): 0} {
		list, _, err := o.db.List(t.Context(), 0, 50, text)
		if err != nil || len(list) != n {
			t.Errorf("%.20q: %d calls, want %d, %v", text, len(list), n, err)
		}
	}
	if list, _, err := o.db.List(t.Context(), 1<<63, -5, ""); err != nil || len(list) != 1 {
		t.Errorf("odd bounds: %d calls, %v", len(list), err)
	}
}

// rows is everything in the database, as text.
func (o *office) rows() string {
	o.t.Helper()
	var b strings.Builder
	for _, table := range []string{"calls", "call_events", "legs", "folded"} {
		rows, err := o.db.read.Query("SELECT * FROM " + table + " ORDER BY 1, 2")
		if err != nil {
			o.t.Fatal(err)
		}
		columns, _ := rows.Columns()
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		for rows.Next() {
			rows.Scan(cells...)
			for _, c := range cells {
				fmt.Fprintf(&b, "%v|", *c.(*any))
			}
			b.WriteByte('\n')
		}
		rows.Close()
	}
	return b.String()
}

func TestDropAndFoldAgainGivesTheSameRows(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	o.say(&event.CallEnded{Call: 7, Cause: "power"}, &event.RecordingEnded{Call: 7, File: "2026-11-21/b.wav", MS: 10, LostMS: 5},
		&event.BoxStarted{}, &event.DigitPressed{Leg: 6, Digit: "9"})
	o.fold()
	first := o.rows()
	if !strings.Contains(first, SoundGaps) {
		t.Errorf("the rows do not show the damaged recording:\n%s", first)
	}
	if err := o.db.Drop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, _, _ := o.db.List(t.Context(), 0, 50, ""); len(list) != 0 {
		t.Fatalf("%d calls left after dropping", len(list))
	}
	o.fold()
	if again := o.rows(); again != first {
		t.Errorf("folded again:\n%s\nfirst:\n%s", again, first)
	}
}

func TestDamagedFileIsSetAsideAndFoldedAgain(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	want := o.rows()
	path := filepath.Join(o.dir, "calls.db")
	for name, hurt := range map[string]func(){
		"rubbish":    func() { os.WriteFile(path, []byte(strings.Repeat("no database", 1000)), 0o640) },
		"cut":        func() { os.Truncate(path, 5000) },
		"page wiped": func() { wipe(t, path, 4096) },
		"empty":      func() { os.Truncate(path, 0) },
	} {
		o.db.Close()
		os.Remove(path + ".damaged")
		hurt()
		o.open()
		o.fold()
		if got := o.rows(); got != want {
			t.Errorf("%s: rows\n%s", name, got)
		}
		if _, err := os.Stat(path + ".damaged"); name != "empty" && (err != nil || o.db.SetAside() == "") {
			t.Errorf("%s: not set aside: %v", name, err)
		}
	}
}

func wipe(t *testing.T, path string, off int64) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.WriteAt(slices.Repeat([]byte{0xa5}, 4096), off)
}

func TestAnotherJournalIsFoldedFromItsBeginning(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	o.book = openJournal(t, filepath.Join(o.dir, "new"))
	o.say(&event.CallBegan{Call: 1, Leg: 9, Direction: "in", From: "only me"})
	o.fold()
	list, _, err := o.db.List(t.Context(), 0, 50, "")
	if err != nil || len(list) != 1 || list[0].From != "only me" {
		t.Errorf("%+v, %v", list, err)
	}
}

// A box that fell back to an older version has its call list, and the newer version
// its own when it comes again.
func TestNewerFileIsSetAside(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	o.fold()
	want := o.rows()
	if _, err := o.db.write.Exec("ALTER TABLE calls ADD COLUMN mood TEXT; PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	o.db.Close()
	o.open()
	o.fold()
	if got := o.rows(); got != want {
		t.Errorf("rows\n%s", got)
	}
	if aside := o.db.SetAside(); aside != filepath.Join(o.dir, "calls.db.newer") {
		t.Errorf("set aside as %q", aside)
	} else if _, err := os.Stat(aside); err != nil {
		t.Error(err)
	}
}

// The box starts although the file cannot be made, and folds once it can.
func TestPlaceThatComesLater(t *testing.T) {
	o := newOffice(t)
	o.aDay()
	dir := filepath.Join(o.dir, "later")
	os.WriteFile(dir, nil, 0o600) // no folder can be made here
	var err error
	if o.db, err = Open(filepath.Join(dir, "calls.db")); err == nil {
		t.Fatal("opened below a file")
	}
	if err := NewFold(o.db, o.book).Serve(t.Context()); err == nil {
		t.Fatal("folded into nothing")
	}
	if _, _, _, err := o.db.Story(t.Context(), 2); err == nil {
		t.Fatal("a story out of nothing")
	}
	os.Remove(dir)
	o.fold()
	if list, _, err := o.db.List(t.Context(), 0, 10, ""); len(list) != 3 || err != nil {
		t.Errorf("%d calls, %v", len(list), err)
	}
	o.db.Close()
}

func TestReadersCannotWrite(t *testing.T) {
	o := newOffice(t)
	if _, err := o.db.read.Exec("DELETE FROM calls"); err == nil {
		t.Error("a reader deleted")
	}
	var mode string
	var full int
	o.db.write.QueryRow("PRAGMA journal_mode").Scan(&mode)
	o.db.write.QueryRow("PRAGMA synchronous").Scan(&full)
	if mode != "wal" || full != 2 {
		t.Errorf("journal_mode %s, synchronous %d", mode, full)
	}
}

func TestOddPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "what? a % and # büro")
	d, err := Open(filepath.Join(dir, "calls.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := os.Stat(filepath.Join(dir, "calls.db")); err != nil {
		t.Error(err)
	}
}

func TestFailedBatchLeavesNothing(t *testing.T) {
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := o.db.change(ctx, func(tx *sql.Tx) error {
		if _, err := tx.Exec("INSERT INTO folded VALUES ('calls', 5, 1)"); err != nil {
			return err
		}
		cancel()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if last, err := o.db.Folded(t.Context()); last != 0 || err != nil {
		t.Errorf("folded %d, %v", last, err)
	}
}

// BenchmarkFold prints how fast a lost call list comes back.
func BenchmarkFold(b *testing.B) {
	o := newOffice(b)
	for o.book.Last() < 50_000 {
		o.aDay()
	}
	for b.Loop() {
		if err := o.db.Drop(b.Context()); err != nil {
			b.Fatal(err)
		}
		o.fold()
	}
	b.ReportMetric(float64(b.N)*float64(o.book.Last())/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkOpen is what a start waits for.
func BenchmarkOpen(b *testing.B) {
	o := newOffice(b)
	o.aDay()
	o.fold()
	path := filepath.Join(o.dir, "calls.db")
	for b.Loop() {
		d, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		d.Close()
	}
}
