package journal

import (
	"context"
	"fmt"
	"iter"
	"os"
	"slices"

	"centralita/firmware/event"
)

// Read gives fn every durable record from number from on, in order, as they stand
// when it is called; damaged ones are passed over (Open reported them). The record
// is valid in the call only. An error of fn ends it and is returned.
func (j *Journal) Read(from uint64, fn func(*event.Record) error) error {
	r := reader{j: j, from: from}
	defer r.close()
	until := j.Durable()
	var rec event.Record
	for {
		ok, err := r.next(&rec)
		if err != nil || !ok || rec.Seq > until {
			return err
		}
		if err := fn(&rec); err != nil {
			return err
		}
	}
}

// Follow gives every durable record from number from on and then each new one as
// it becomes durable, until ctx ends. Records are the caller's to keep.
//
// A follower reads from the files at its own pace with one 128 KiB window: nobody
// waits for a slow one, nothing is queued for it, and whoever was away goes on
// with the number after the last it saw.
func (j *Journal) Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error] {
	return func(yield func(*event.Record, error) bool) {
		r := reader{j: j, from: from}
		defer r.close()
		for {
			_, changed := j.durable()
			for {
				rec := new(event.Record)
				ok, err := r.next(rec)
				if err != nil {
					yield(nil, err)
					return
				}
				if !ok {
					break
				}
				if ctx.Err() != nil || !yield(rec, nil) {
					return
				}
			}
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
		}
	}
}

// reader walks the durable part of the segments.
type reader struct {
	j    *Journal
	from uint64
	f    *os.File
	path string // of the segment being read, "" before the first
	sc   scanner
}

func (r *reader) close() {
	if r.f != nil {
		r.f.Close()
	}
}

// next fills rec with the next record; false when there is none yet.
func (r *reader) next(rec *event.Record) (bool, error) {
	for {
		if ok, err := r.here(); !ok {
			return false, err
		}
		for {
			f, _, ok := r.sc.next()
			if !ok {
				break
			}
			if f.kind != kindRecord {
				continue
			}
			if _, err := rec.UnmarshalMsg(f.body); err != nil || rec.Seq < r.from {
				continue
			}
			r.from = rec.Seq + 1
			return true, nil
		}
		segments := r.j.segments() // may have grown since here looked
		if end := segments[len(segments)-1]; end.path == r.path {
			if r.sc.off >= end.size {
				return false, nil
			}
			continue
		}
		if r.sc.limit < r.sealed(segments) {
			continue
		}
		r.close()
		r.f = nil
	}
}

// sealed is the final length of the segment being read, which is not the newest.
func (r *reader) sealed(segments []segment) int64 {
	for _, s := range segments {
		if s.path == r.path {
			return s.size
		}
	}
	return 0
}

// here opens the segment to read and learns how far it may be read.
func (r *reader) here() (bool, error) {
	segments := r.j.segments()
	i := slices.IndexFunc(segments, func(s segment) bool { return s.path == r.path })
	if r.f == nil {
		if i = r.choose(segments, i); i < 0 {
			return false, nil
		}
		f, err := os.Open(segments[i].path)
		if err != nil {
			return false, fmt.Errorf("journal: %w", err)
		}
		r.f, r.path = f, segments[i].path
		r.sc = scanner{r: f, salt: segments[i].salt, off: headerBytes, buf: r.sc.buf[:0]}
	}
	r.sc.limit = segments[i].size
	return true, nil
}

// choose finds the segment after the one read last (at i), or the first that can
// hold the wanted number.
func (r *reader) choose(segments []segment, i int) int {
	if r.path != "" {
		if i < 0 || i+1 == len(segments) {
			return -1
		}
		return i + 1
	}
	if len(segments) == 0 {
		return -1
	}
	after, _ := slices.BinarySearchFunc(segments, r.from, func(s segment, from uint64) int {
		if s.first <= from {
			return -1
		}
		return 1
	})
	return max(0, after-1)
}

func (j *Journal) segments() []segment {
	j.live.Lock()
	defer j.live.Unlock()
	return j.live.segments
}
