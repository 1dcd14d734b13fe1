package recorder

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"centralita/firmware/media/clip"
)

// settleEvery is how often running recordings are brought to the disk. Left alone, the
// system keeps what was written in memory for half a minute; a power cut may cost five
// seconds of sound, of which the tape's window and the disk's own time take some.
const settleEvery = 2 * time.Second

// settler brings files to the disk beside the recorder, for a disk may take longer than
// taps can wait.
type settler struct {
	next chan []*tape // what is to be brought there; taken when the last turn is over
	last time.Time    // of the recorder's last order
}

// order asks for a turn if one is due and the last one is over.
func (s *settler) order(now time.Time, tapes []*tape) {
	if now.Sub(s.last) < settleEvery {
		return
	}
	list := make([]*tape, 0, len(tapes))
	for _, t := range tapes {
		if t.w != nil {
			list = append(list, t)
		}
	}
	select {
	case s.next <- list:
		s.last = now
	default: // the disk is slow; what waits is written in the next turn
	}
}

// serve takes turns until ctx ends. An error is kept with the recording: what the disk
// lost is lost, though writing may go on.
func (s *settler) serve(ctx context.Context, settle func(*clip.Writer) error) {
	for {
		select {
		case list := <-s.next:
			for _, t := range list {
				if err := settle(t.w); err != nil && !errors.Is(err, os.ErrClosed) {
					t.unsettled.CompareAndSwap(nil, &err)
				}
			}
		case <-ctx.Done():
			return
		}
	}
}

// start begins its goroutine; what is returned ends it.
func (s *settler) start(settle func(*clip.Writer) error) (stop func()) {
	s.next = make(chan []*tape)
	ctx, cancel := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { s.serve(ctx, settle) })
	return func() { cancel(); work.Wait() }
}
