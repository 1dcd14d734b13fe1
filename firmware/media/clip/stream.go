package clip

import (
	"context"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"centralita/firmware/media"
)

// ahead is how much of a streamed file is read before it is played: 1.3 s, which
// a busy disk seldom takes.
const ahead = 128

// Stream plays a file too long for memory: one goroutine reads ahead (Serve),
// the sound thread plays (Fill). Where the disk was too slow there is silence,
// counted.
type Stream struct {
	ring *media.Ring[block]
	path string
	loop bool
	over atomic.Bool // nothing more will come
	thin atomic.Uint64
	now  block // sound thread's
	at   int
}

type block struct {
	n   int
	pcm [media.Narrow]int16
}

// Open prepares to play a WAV file once, or again and again as music is. It is
// refused when the file is no WAV file; Serve must run to play it.
func Open(path string, loop bool) (*Stream, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	defer f.Close()
	if _, err := ReadHeader(f); err != nil {
		return nil, fmt.Errorf("clip: %s: %w", path, err)
	}
	return &Stream{ring: media.NewRing[block](ahead), path: path, loop: loop}, nil
}

// Thin is how many frames of 10 ms the disk was late with.
func (s *Stream) Thin() uint64 { return s.thin.Load() }

// Serve reads ahead until the file has ended or ctx does.
func (s *Stream) Serve(ctx context.Context) error {
	defer s.over.Store(true)
	for ctx.Err() == nil {
		n, err := s.once(ctx)
		if err != nil {
			return err
		}
		if !s.loop || n == 0 {
			return nil
		}
	}
	return ctx.Err()
}

// once reads the file from its beginning and returns how many samples it had.
func (s *Stream) once(ctx context.Context) (int, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return 0, fmt.Errorf("clip: %w", err)
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		return 0, fmt.Errorf("clip: %s: %w", s.path, err)
	}
	total := 0
	for {
		b := s.free(ctx)
		if b == nil {
			return total, ctx.Err()
		}
		b.n = r.Mono(b.pcm[:])
		total += b.n
		last := b.n < len(b.pcm)
		if b.n > 0 {
			s.ring.Publish()
		}
		if last {
			return total, nil
		}
	}
}

// free waits for room in the ring; nil when ctx ended.
func (s *Stream) free(ctx context.Context) *block {
	b := s.ring.Free()
	if b != nil {
		return b
	}
	t := time.NewTicker(ahead / 4 * media.Period)
	defer t.Stop()
	for b == nil {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			b = s.ring.Free()
		}
	}
	return b
}

// Fill implements Source.
func (s *Stream) Fill(pcm []int16) int {
	n := 0
	for n < len(pcm) {
		if s.at == s.now.n && !s.more() {
			if s.over.Load() && s.ring.Len() == 0 {
				return n
			}
			s.thin.Add(1)
			clear(pcm[n:])
			return len(pcm)
		}
		k := copy(pcm[n:], s.now.pcm[s.at:s.now.n])
		s.at += k
		n += k
	}
	return n
}

func (s *Stream) more() bool {
	b, ok := s.ring.Take()
	if ok {
		s.now, s.at = b, 0
	}
	return ok
}
