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

// reader walks the durable part of the segments. Their list only grows, so an
// index stays true.
type reader struct {
	j    *Journal
	from uint64
	f    *os.File // of segment at, nil between two
	at   int
	sc   scanner
}

func (r *reader) close() {
	if r.f != nil {
		r.f.Close()
		r.f = nil
	}
}

// next fills rec with the next record; false when there is none yet.
func (r *reader) next(rec *event.Record) (bool, error) {
	for {
		if r.f != nil && r.scan(rec) {
			return true, nil
		}
		if more, err := r.more(); !more {
			return false, err
		}
	}
}

// scan looks for a record in what may be read of the segment.
func (r *reader) scan(rec *event.Record) bool {
	for {
		f, _, ok := r.sc.next()
		if !ok {
			return false
		}
		if f.kind != kindRecord {
			continue
		}
		if _, err := rec.UnmarshalMsg(f.body); err != nil || rec.Seq < r.from || rec.Seq > seqMost {
			continue
		}
		r.from = rec.Seq + 1
		return true
	}
}

// more finds out whether there is more to read by now, in this segment or in
// another.
func (r *reader) more() (bool, error) {
	segments := r.j.segments()
	if r.f != nil {
		if size := segments[r.at].size; size > r.sc.limit {
			r.sc.limit = size
			return true, nil
		}
		if r.at+1 == len(segments) {
			return false, nil
		}
		r.close()
		r.at++
	} else if len(segments) == 0 {
		return false, nil
	} else {
		r.at = holding(segments, r.from)
	}
	s := segments[r.at]
	f, err := os.Open(s.path)
	if err != nil {
		return false, fmt.Errorf("journal: %w", err)
	}
	r.f = f
	r.sc = scanner{r: f, salt: s.salt, off: headerBytes, limit: s.size, buf: r.sc.buf[:0]}
	return true, nil
}

// holding is the first segment that can hold a number.
func holding(segments []segment, seq uint64) int {
	after, _ := slices.BinarySearchFunc(segments, seq, func(s segment, seq uint64) int {
		if s.first <= seq {
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
