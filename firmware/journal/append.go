package journal

import (
	"context"
	"fmt"
	"sync"

	"centralita/firmware/event"
)

const (
	// queueMax is how many records may wait for the writer: 50 ms at 80 000 a
	// second. When it is full Append blocks, for nothing may be lost.
	queueMax = 4096
	// stuckMax is the bound while the disk refuses: some 20 MB, several thousand
	// calls. The telephones go on; beyond it records are given up and counted.
	stuckMax = 65536
)

// entry is a record that waits, or a gap of numbers without one (event nil).
type entry struct {
	seq, last uint64
	at, wall  int64 // of core.Time
	event     event.Event
}

// queue stands between the loop and the writer.
type queue struct {
	mu      sync.Mutex
	room    *sync.Cond
	waiting []entry
	next    uint64
	stuck   bool   // the disk refuses
	givenUp uint64 // records lost since it does

	work  chan struct{} // 1: something waits
	hurry chan struct{} // 1: do not wait for company
}

func (q *queue) init() {
	q.room = sync.NewCond(&q.mu)
	q.work = make(chan struct{}, 1)
	q.hurry = make(chan struct{}, 1)
	q.next = 1
}

// start continues after last; numbers up to next were given up.
func (q *queue) start(last, next uint64) {
	q.next = next
	if next > last+1 {
		q.waiting = append(q.waiting, entry{seq: last + 1, last: next - 1})
		poke(q.work)
	}
}

// poke leaves a note unless one is there.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Append numbers the events in order, hands them to the writer and returns the
// number of the last at once (with nothing to write: of the last one before).
// Passing events (event.Passing) are left out. The events must not change
// afterwards. One goroutine appends: the loop.
//
// When queueMax records wait it blocks. While the disk refuses it does not block,
// and beyond stuckMax waiting records it gives new ones up (Trouble tells).
//
// A record above MaxBody is a mistake of the caller and panics.
func (j *Journal) Append(at, wall int64, events ...event.Event) (last uint64) {
	q := &j.queue
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range events {
		if event.Passing(e) {
			continue
		}
		if n := e.Msgsize(); n > MaxBody-256 {
			panic(fmt.Sprintf("journal: a %s of %d bytes is larger than a record may be", e.Kind(), n))
		}
		q.put(at, wall, e)
	}
	return q.next - 1
}

func (q *queue) put(at, wall int64, e event.Event) {
	for len(q.waiting) >= queueMax && !q.stuck {
		poke(q.hurry)
		q.room.Wait()
	}
	if q.stuck && len(q.waiting) >= stuckMax {
		q.giveUp()
		return
	}
	q.waiting = append(q.waiting, entry{seq: q.next, last: q.next, at: at, wall: wall, event: e})
	q.next++
	poke(q.work)
	if len(q.waiting) >= queueMax/2 {
		poke(q.hurry)
	}
}

// giveUp spends a number without a record and widens the gap at the end.
func (q *queue) giveUp() {
	end := &q.waiting[len(q.waiting)-1]
	if end.event != nil {
		q.waiting = append(q.waiting, entry{seq: q.next, last: q.next})
	} else {
		end.last = q.next
	}
	q.next++
	q.givenUp++
}

// take gives the writer up to queueMax entries and makes room.
func (q *queue) take(into []entry) []entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.waiting), queueMax)
	into = append(into[:0], q.waiting[:n]...)
	rest := copy(q.waiting, q.waiting[n:])
	clear(q.waiting[rest:])
	q.waiting = q.waiting[:rest]
	q.room.Broadcast()
	return into
}

func (q *queue) setStuck(on bool) Trouble {
	q.mu.Lock()
	defer q.mu.Unlock()
	if on && !q.stuck {
		q.givenUp = 0
	}
	q.stuck = on
	q.room.Broadcast()
	return Trouble{GivenUp: q.givenUp, Unwritten: len(q.waiting)}
}

// Last is the number of the newest record appended, durable or not.
func (j *Journal) Last() uint64 {
	j.queue.mu.Lock()
	defer j.queue.mu.Unlock()
	return j.queue.next - 1
}

// Sync makes the writer hurry and waits until seq is durable.
func (j *Journal) Sync(ctx context.Context, seq uint64) error {
	poke(j.hurry)
	for {
		durable, changed := j.durable()
		if durable >= seq {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("journal: record %d is not on the disk yet: %w", seq, ctx.Err())
		}
	}
}

// Changed is closed when more than now has become durable.
func (j *Journal) Changed() <-chan struct{} {
	_, changed := j.durable()
	return changed
}

func (j *Journal) durable() (uint64, <-chan struct{}) {
	j.live.Lock()
	defer j.live.Unlock()
	return j.live.durable, j.live.changed
}
