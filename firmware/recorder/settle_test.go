package recorder

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/media/clip"
)

// A power cut may take five seconds of a recording: what was said before is on the disk
// while the call goes on.
func TestRunningRecordingsAreBroughtToTheDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, t.TempDir())
		type turn struct {
			at      time.Duration
			written time.Duration
		}
		var turns []turn
		began := time.Now()
		s.rec.settle = func(w *clip.Writer) error {
			info, err := os.Stat(filepath.Join(s.dir, "recordings", "a.wav"))
			if err != nil {
				return err
			}
			turns = append(turns, turn{time.Since(began), time.Duration(info.Size()/32) * time.Millisecond})
			return w.Sync()
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan struct{})
		go func() { _ = s.rec.Serve(ctx); close(over) }()
		s.begin(t, 1, "a.wav")
		s.speak(3000)
		synctest.Wait()
		cancel()
		<-over
		if len(turns) < 10 {
			t.Fatalf("in half a minute it was brought to the disk %d times: %v", len(turns), turns)
		}
		safe := time.Duration(0)
		for _, n := range append(turns, turn{at: 30 * time.Second}) {
			if behind := n.at - safe; behind > 5*time.Second {
				t.Errorf("a cut at %v loses %v", n.at, behind)
			}
			safe = n.written
		}
	})
}

// A disk that takes its time holds nobody up, and one that lost something is told of.
func TestDiskThatSettlesSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, t.TempDir())
		broken := errors.New("input/output error")
		var turns atomic.Int64
		s.rec.settle = func(w *clip.Writer) error {
			time.Sleep(20 * time.Second)
			if turns.Add(1) == 1 {
				return broken
			}
			return w.Sync()
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan struct{})
		go func() { _ = s.rec.Serve(ctx); close(over) }()
		tap := s.begin(t, 1, "a.wav")
		s.speak(6000)
		s.engine.StopRecord(tap)
		s.speak(100)
		e, ok := (<-s.told).(*event.RecordingEnded)
		if !ok || e.LostMS > 0 || e.MS < 59_900 || e.Error != broken.Error() {
			t.Errorf("it ended as %+v", e)
		}
		cancel()
		<-over
		if n := turns.Load(); !slices.Contains([]int64{3, 4}, n) {
			t.Errorf("%d turns of 20 s in a minute", n)
		}
	})
}
