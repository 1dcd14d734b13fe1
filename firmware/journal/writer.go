package journal

import (
	"context"
	"fmt"
	"time"

	"centralita/firmware/event"
)

const (
	retryFirst = 100 * time.Millisecond
	retryMost  = 5 * time.Second
	// lastTry is how long an orderly end goes on against a disk that refuses.
	lastTry = 2 * time.Second
	// keptBuffer is the most a writer's buffer keeps between groups; a settings
	// document may have grown it once.
	keptBuffer = 1 << 20
)

// Serve writes until ctx ends, then what still waits, and returns when all is on
// the disk. Whoever appends must have stopped by then.
func (j *Journal) Serve(ctx context.Context) error {
	var group []entry
	for {
		select {
		case <-j.work:
		case <-ctx.Done():
			return j.drain(group)
		}
		j.gather(ctx)
		for group = j.take(group); len(group) > 0; group = j.take(group) {
			if err := j.commit(ctx, group); err != nil {
				return err
			}
			clear(group)
			if len(group) < queueMax {
				break
			}
		}
	}
}

// gather waits for company, unless somebody is in a hurry.
func (j *Journal) gather(ctx context.Context) {
	t := time.NewTimer(j.opts.Group)
	defer t.Stop()
	select {
	case <-t.C:
	case <-j.hurry:
	case <-ctx.Done():
	}
}

func (j *Journal) drain(group []entry) error {
	done, cancel := context.WithCancel(context.Background())
	cancel() // from here on a refusal ends the attempt after lastTry
	for group = j.take(group); len(group) > 0; group = j.take(group) {
		if err := j.commit(done, group); err != nil {
			return err
		}
	}
	return nil
}

// commit makes one group durable, however long that takes.
func (j *Journal) commit(ctx context.Context, group []entry) error {
	if err := j.insist(ctx, func() error { return j.ensureSegment(group[0].seq) }); err != nil {
		return err
	}
	last, sum := j.encode(group)
	off := j.live.segments[len(j.live.segments)-1].size
	// After a failed sync the pages count as clean though they are not on the
	// disk; writing the same bytes again at the same place makes them dirty anew.
	err := j.insist(ctx, func() error {
		if _, err := j.active.WriteAt(j.buf, off); err != nil {
			return err
		}
		return j.active.Sync()
	})
	if err != nil {
		return err
	}
	j.startChain(sum)
	j.publish(last, int64(len(j.buf)))
	j.head.set(last)
	if cap(j.buf) > keptBuffer {
		j.buf = nil
	}
	return nil
}

// ensureSegment begins a segment when there is none to write to or it is full.
func (j *Journal) ensureSegment(first uint64) error {
	segments := j.live.segments // the writer alone changes them
	if j.active != nil && segments[len(segments)-1].size < j.opts.SegmentBytes {
		return nil
	}
	s := newSegment(j.dir, first)
	f, err := s.begin(j.create, j.sealed)
	if err != nil {
		return err
	}
	if j.active != nil {
		j.active.Close() // synced at its last commit
	}
	j.active, j.salt = f, s.salt
	j.startChain(j.sealed) // frames a killed program left unsealed stay so
	s.size = headerBytes
	j.live.Lock()
	j.live.segments = append(segments[:len(segments):len(segments)], s)
	j.live.Unlock()
	return nil
}

func (j *Journal) startChain(sealed []byte) {
	j.sealed = sealed
	j.chain.Reset()
	j.chain.Write(sealed)
}

// encode puts the group and its seal into buf.
func (j *Journal) encode(group []entry) (last uint64, sum []byte) {
	j.buf = j.buf[:0]
	for i := range group {
		e := &group[i]
		last = e.last
		if e.event == nil {
			j.buf = appendGap(j.buf, j.salt, e.seq, e.last)
			continue
		}
		var err error
		if j.body, err = e.event.MarshalMsg(j.body[:0]); err == nil {
			r := event.Record{Seq: e.seq, At: e.at, Wall: e.wall, Kind: e.event.Kind(), Body: j.body}
			j.buf, err = appendRecord(j.buf, j.salt, &r)
		}
		if err != nil {
			panic(fmt.Sprintf("journal: a %s cannot be written: %v", e.event.Kind(), err))
		}
	}
	j.chain.Write(j.buf)
	sum = j.chain.Sum(nil)
	j.buf = appendSeal(j.buf, j.salt, last, sum)
	return last, sum
}

// insist tries until it works. Telephone service goes on meanwhile; see Append.
func (j *Journal) insist(ctx context.Context, try func() error) error {
	var told string
	wait := retryFirst
	began := time.Now()
	for {
		err := try()
		if err == nil {
			if told != "" {
				// Told first: until then Append does not block, so a loop that is to
				// hear of it can.
				j.tell(nil)
				j.queue.setStuck(false)
			}
			return nil
		}
		t := j.queue.setStuck(true)
		if told != err.Error() || t.GivenUp > 0 {
			told = err.Error()
			j.tell(err)
		}
		if ctx.Err() != nil && time.Since(began) > lastTry {
			return fmt.Errorf("journal: ending with %d records unwritten: %w", t.Unwritten, err)
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-j.ending(ctx):
			timer.Reset(retryFirst)
			<-timer.C
		}
		wait = min(wait*2, retryMost)
	}
}

// ending is ctx's end, or nothing to wait for when it has come already.
func (j *Journal) ending(ctx context.Context) <-chan struct{} {
	if ctx.Err() != nil {
		return nil
	}
	return ctx.Done()
}

func (j *Journal) tell(err error) {
	t := j.queue.setStuck(true)
	t.Err = err
	if j.opts.Trouble != nil {
		j.opts.Trouble(t)
	}
}

// publish lets readers see the group.
func (j *Journal) publish(last uint64, n int64) {
	j.live.Lock()
	defer j.live.Unlock()
	// Readers hold the old slice: replace, do not change.
	segments := append([]segment(nil), j.live.segments...)
	segments[len(segments)-1].size += n
	j.live.segments = segments
	j.live.durable = last
	close(j.live.changed)
	j.live.changed = make(chan struct{})
}
