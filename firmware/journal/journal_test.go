package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"centralita/firmware/event"
	"centralita/firmware/id"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("JOURNAL_TEST_CHILD"); dir != "" {
		writeUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

// began makes the n-th of a row of events that differ in content and length.
func began(n uint64) event.Event {
	return &event.CallBegan{Call: id.Call(n), Leg: 1, Port: "fxo1", Direction: "in",
		From: strings.Repeat("6", int(n%13)), Name: fmt.Sprint("caller ", n)}
}

// running is a journal with its writer.
type running struct {
	*Journal
	found Recovery
	stop  func() error
}

func start(t testing.TB, dir string, opts Options) running {
	t.Helper()
	j, rec, err := Open(dir, opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	var served error
	done.Go(func() { served = j.Serve(ctx) })
	stop := sync.OnceValue(func() error {
		cancel()
		done.Wait()
		return errors.Join(served, j.Close())
	})
	t.Cleanup(func() { stop() })
	return running{j, rec, stop}
}

// write appends events numbered from..to in groups of three and ends in order.
func write(t testing.TB, dir string, opts Options, from, to uint64) {
	t.Helper()
	j := start(t, dir, opts)
	for n := from; n <= to; n++ {
		j.Append(int64(n), int64(1000+n), began(n))
		if n%3 == 0 {
			if err := j.Sync(t.Context(), n); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := j.stop(); err != nil {
		t.Fatal(err)
	}
}

// contents reads everything and checks that each record is the one written.
func contents(t testing.TB, j *Journal) (seqs []uint64) {
	t.Helper()
	err := j.Read(0, func(r *event.Record) error {
		if len(seqs) > 0 && r.Seq <= seqs[len(seqs)-1] {
			return fmt.Errorf("record %d after %d", r.Seq, seqs[len(seqs)-1])
		}
		seqs = append(seqs, r.Seq)
		return same(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	return seqs
}

// same compares a record with began of its number.
func same(r *event.Record) error {
	e, err := r.Event()
	if err != nil {
		return err
	}
	b, ok := e.(*event.CallBegan)
	if !ok || !reflect.DeepEqual(b, began(uint64(b.Call))) || r.At != int64(b.Call) || r.Wall != 1000+r.At {
		return fmt.Errorf("record %d is not what was written: %+v", r.Seq, e)
	}
	return nil
}

func TestAcknowledgedIsThereAfterReopening(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "journal")
	write(t, dir, Options{SegmentBytes: 2000}, 1, 100)
	var replayed uint64
	j := start(t, dir, Options{SegmentBytes: 2000, Replay: func(r *event.Record) error {
		replayed++
		return same(r)
	}})
	rec := j.found
	if replayed != 100 || rec.Records != 100 || rec.Last != 100 || rec.Next != 101 || len(rec.Damage) != 0 {
		t.Errorf("replayed %d, recovery %+v", replayed, rec)
	}
	if rec.At != 100 || rec.Wall != 1100 {
		t.Errorf("the clock goes on from %d, %d", rec.At, rec.Wall)
	}
	if rec.Segments < 3 {
		t.Errorf("%d segments: the size did not begin new ones", rec.Segments)
	}
	if last := j.Append(101, 1101, began(101), &event.Woke{}, began(101)); last != 102 || j.Last() != 102 {
		t.Errorf("numbers go on to %d, %d", last, j.Last())
	}
	if err := j.Sync(t.Context(), 102); err != nil || j.Durable() != 102 {
		t.Errorf("durable %d: %v", j.Durable(), err)
	}
	if seqs := contents(t, j.Journal); len(seqs) != 102 {
		t.Errorf("%d records read", len(seqs))
	}
}

func TestSecondProgramIsKeptOut(t *testing.T) {
	dir := t.TempDir()
	start(t, dir, Options{})
	if _, _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a second Open gives %v", err)
	}
}

func TestFollowReadsOldThenNew(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, Options{SegmentBytes: 700}, 1, 30)
	j := start(t, dir, Options{SegmentBytes: 700, Group: time.Millisecond})
	var want uint64 = 17
	for r, err := range j.Follow(t.Context(), want) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Seq != want {
			t.Fatalf("record %d where %d was due", r.Seq, want)
		}
		if r.Seq > j.Durable() {
			t.Fatalf("record %d shown before it was durable", r.Seq)
		}
		if err := same(r); err != nil {
			t.Fatal(err)
		}
		want++
		if r.Seq >= 30 && r.Seq < 80 { // one at a time from here on, over several segments
			j.Append(int64(r.Seq+1), int64(r.Seq+1001), began(r.Seq+1))
		}
		if r.Seq == 80 {
			break
		}
	}
	if want != 81 {
		t.Errorf("followed up to %d", want-1)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	j := start(t, t.TempDir(), Options{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int)
	go func() {
		n := 0
		for range j.Follow(ctx, 1) {
			n++
			cancel()
		}
		ended <- n
	}()
	j.Append(1, 1001, began(1))
	if n := <-ended; n != 1 {
		t.Errorf("%d records", n)
	}
}

func TestEmptyJournal(t *testing.T) {
	j := start(t, t.TempDir(), Options{})
	if j.found.Next != 1 || j.Durable() != 0 || len(j.found.Damage) != 0 || len(contents(t, j.Journal)) != 0 {
		t.Errorf("%+v", j.found)
	}
	if last := j.Append(0, 0); last != 0 {
		t.Errorf("nothing appended: last %d", last)
	}
}

func TestReplayMayRefuse(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, Options{}, 1, 3)
	no := errors.New("no")
	if _, _, err := Open(dir, Options{Replay: func(*event.Record) error { return no }}); !errors.Is(err, no) {
		t.Errorf("Open gives %v", err)
	}
	start(t, dir, Options{}) // the folder is free again
}
