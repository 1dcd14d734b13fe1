package journal

import (
	"context"
	"errors"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/event"
)

// fullDisk refuses while it is full: writes go half way, syncs fail.
type fullDisk struct {
	file
	full *atomic.Bool
}

func (f fullDisk) WriteAt(p []byte, off int64) (int, error) {
	if f.full.Load() {
		n, _ := f.file.WriteAt(p[:len(p)/2], off)
		return n, syscall.ENOSPC
	}
	return f.file.WriteAt(p, off)
}

func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		told := make(chan Trouble, 100)
		j, _, err := Open(dir, Options{Trouble: func(tr Trouble) { told <- tr }})
		if err != nil {
			t.Fatal(err)
		}
		var full atomic.Bool
		j.create = func(path string) (file, error) {
			f, err := createFile(path)
			return fullDisk{f, &full}, err
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- j.Serve(ctx) }()
		j.Append(1, 1001, began(1))
		if err := j.Sync(t.Context(), 1); err != nil {
			t.Fatal(err)
		}

		full.Store(true)
		// The loop must not block, whatever it says, and memory stays bounded.
		for n := uint64(2); n <= stuckMax+10_000; n++ {
			j.Append(int64(n), int64(1000+n), began(n))
			if n == 2 {
				if tr := <-told; !errors.Is(tr.Err, syscall.ENOSPC) {
					t.Fatalf("told %+v", tr)
				}
			}
		}
		if n := len(j.queue.waiting); n > stuckMax+1 {
			t.Errorf("%d records in memory", n)
		}
		if j.Durable() != 1 {
			t.Errorf("durable %d on a full disk", j.Durable())
		}
		full.Store(false)
		last := j.Last()
		if err := j.Sync(t.Context(), last); err != nil {
			t.Fatal(err)
		}
		over := Trouble{Err: errors.New("not told")}
		for over.Err != nil {
			over = <-told
		}
		if over.GivenUp == 0 || over.GivenUp > 10_000 {
			t.Errorf("over: %+v", over)
		}
		// What comes later is recorded again.
		seq := j.Append(7, 1007, began(7))
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		j.Close()

		j, rec, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer j.Close()
		if len(rec.Damage) != 0 || rec.Last != seq || rec.Records != seq-over.GivenUp {
			t.Errorf("%+v; given up %d, last %d", rec, over.GivenUp, seq)
		}
		j.Read(0, func(r *event.Record) error { return same(r) })
	})
}

func TestEndAgainstFullDisk(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		j, _, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		j.create = func(string) (file, error) { return nil, syscall.ENOSPC }
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- j.Serve(ctx) }()
		j.Append(1, 1001, began(1))
		synctest.Wait()
		cancel()
		began := time.Now()
		if err := <-ended; !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("Serve ends with %v", err)
		}
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("the end took %v", took)
		}
		j.Close()
	})
}

func TestSyncGivesUpWithItsContext(t *testing.T) {
	j, _, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := j.Sync(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestLoopWaitsForSlowDisk(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		j, _, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		all := make(chan struct{})
		go func() {
			for n := uint64(1); n <= queueMax+1; n++ {
				j.Append(int64(n), int64(1000+n), began(n))
			}
			close(all)
		}()
		synctest.Wait()
		select {
		case <-all:
			t.Error("more than queueMax records were taken without a writer")
		default:
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- j.Serve(ctx) }()
		<-all
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if j.Durable() != queueMax+1 {
			t.Errorf("durable %d", j.Durable())
		}
		j.Close()
	})
}
