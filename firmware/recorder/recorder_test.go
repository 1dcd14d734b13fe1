package recorder

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
	"centralita/firmware/store"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("RECORDER_TEST_CHILD"); dir != "" {
		recordUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// voice is an end that says one value for ever.
type voice int16

func (voice) Rate() media.Rate { return media.Narrow }
func (v voice) Read(_ uint64, f *media.Frame) bool {
	for i := range f.PCM() {
		f.Buf[i] = int16(v)
	}
	return true
}
func (voice) Write(uint64, *media.Frame) {}

// studio is an engine with two ends, stepped by hand, a store and a recorder.
type studio struct {
	dir         string
	store       *store.Store
	rec         *Recorder
	engine      *media.Engine
	left, right media.Handle
	told        chan event.Event
}

func newStudio(t testing.TB, dir string) *studio {
	s := &studio{dir: dir, engine: media.New(), told: make(chan event.Event, 1000)}
	var err error
	if s.store, err = store.Open(dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	s.rec = New(Options{Store: s.store, Tell: func(e event.Event) { s.told <- e }})
	s.left, _ = s.engine.Reserve()
	s.right, _ = s.engine.Reserve()
	s.engine.Plug(s.left, voice(1000))
	s.engine.Plug(s.right, voice(-2000))
	return s
}

// speak lets frames of 10 ms pass.
func (s *studio) speak(frames int) {
	for range frames {
		s.engine.Tick()
		time.Sleep(10 * time.Millisecond)
	}
}

func (s *studio) begin(t testing.TB, call id.Call, file string) *media.Tap {
	tap := media.NewTap(256)
	if err := s.rec.Begin(call, file, tap); err != nil {
		t.Fatal(err)
	}
	s.engine.Record(tap, s.left, s.right)
	return tap
}

// sound reads a recording and checks which side says what.
func sound(t testing.TB, path string) (frames int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := clip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var left, right [80]int16
	for r.Stereo(left[:], right[:]) == 80 {
		if (left[40] != 1000 || right[40] != -2000) && left[40] != 0 {
			t.Fatalf("frame %d: left %d, right %d", frames, left[40], right[40])
		}
		frames++
	}
	return frames
}

func TestRecordsBothSides(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.rec.Serve(ctx) }()
		a := s.begin(t, 7, "d/a.wav")
		s.speak(120)
		b := s.begin(t, 8, "d/b.wav")
		s.speak(380)
		s.engine.StopRecord(a)
		s.speak(20)
		if e := <-s.told; *e.(*event.RecordingEnded) != (event.RecordingEnded{Call: 7, File: "d/a.wav", MS: 5000}) {
			t.Errorf("told %+v", e)
		}
		s.engine.StopRecord(b)
		s.engine.Tick()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if e := <-s.told; *e.(*event.RecordingEnded) != (event.RecordingEnded{Call: 8, File: "d/b.wav", MS: 4000}) {
			t.Errorf("told %+v", e)
		}
		s.store.Close()
	})
	if n := sound(t, filepath.Join(dir, "recordings/d/a.wav")); n != 500 {
		t.Errorf("%d frames, want 500", n)
	}
}

func TestSlowDiskLosesCountedSound(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, dir)
		tap := s.begin(t, 7, "a.wav")
		s.speak(300) // nobody takes: the tap holds 256
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.rec.Serve(ctx) }()
		time.Sleep(200 * time.Millisecond)
		s.speak(100)
		s.engine.StopRecord(tap)
		s.speak(20)
		e := (<-s.told).(*event.RecordingEnded)
		if e.LostMS != 440 || e.MS != 4000 || e.Error != "" {
			t.Errorf("told %+v", e)
		}
		cancel()
		<-ended
		s.store.Close()
	})
	if n := sound(t, filepath.Join(dir, "recordings/a.wav")); n != 400 {
		t.Errorf("%d frames: the sides are no longer in step with the call", n)
	}
}

func TestFileThatCannotBeMadeIsToldOnce(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := newStudio(t, dir)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- s.rec.Serve(ctx) }()
		bad := s.begin(t, 7, "../../etc/passwd")
		good := s.begin(t, 8, "good.wav")
		s.speak(400)
		s.engine.StopRecord(bad)
		s.engine.StopRecord(good)
		s.speak(20)
		cancel()
		<-ended
		s.store.Close()
		close(s.told)
		told := map[id.Call]*event.RecordingEnded{}
		for e := range s.told {
			r := e.(*event.RecordingEnded)
			if told[r.Call] != nil {
				t.Errorf("call %d told twice", r.Call)
			}
			told[r.Call] = r
		}
		if e := told[7]; e == nil || e.MS != 0 || e.LostMS != 4000 || !strings.Contains(e.Error, "passwd") {
			t.Errorf("told %+v", e)
		}
		if e := told[8]; e == nil || e.MS != 4000 || e.Error != "" {
			t.Errorf("the other recording: %+v", e)
		}
	})
}

func TestFullDiskRefusesAtOnce(t *testing.T) {
	s, err := store.Open(t.TempDir(), store.Options{Floor: 1 << 62})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r := New(Options{Store: s})
	if err := r.Begin(1, "a.wav", media.NewTap(1)); !errors.Is(err, store.ErrFull) {
		t.Errorf("%v", err)
	}
}

func TestRepairOfInterruptedRecordings(t *testing.T) {
	dir := t.TempDir()
	s := newStudio(t, dir)
	defer s.store.Close()
	var p Pending
	say := func(events ...event.Event) {
		for _, e := range events {
			p.Apply(e)
		}
	}
	say(&event.RecordingBegan{Call: 1, File: "whole.wav"}, &event.RecordingEnded{Call: 1, File: "whole.wav"},
		&event.RecordingBegan{Call: 9, File: "cut.wav"}, &event.RecordingBegan{Call: 4, File: "never.wav"},
		&event.RecordingBegan{Call: 5, File: "rubbish.wav"}, &event.RecordingBegan{Call: 10, File: "closed.wav"})
	os.WriteFile(filepath.Join(dir, "recordings/closed.wav"), wav(t, 32_000), 0o600)
	head := wav(t, 0)
	os.WriteFile(filepath.Join(dir, "recordings/cut.wav"), append(head, make([]byte, 32_000*3+2)...), 0o600)
	os.WriteFile(filepath.Join(dir, "recordings/rubbish.wav"), []byte("no sound at all, and longer than a header of 44 bytes"), 0o600)
	say(&event.RecordingBegan{Call: 11, File: "empty.wav"}, &event.RecordingBegan{Call: 12, File: "short.wav"})
	os.WriteFile(filepath.Join(dir, "recordings/empty.wav"), nil, 0o600)
	os.WriteFile(filepath.Join(dir, "recordings/short.wav"), head[:20], 0o600)
	got := s.rec.Repair(&p)
	if len(got) != 6 {
		t.Fatalf("%+v", got)
	}
	calls := []id.Call{}
	for _, e := range got {
		calls = append(calls, e.(*event.RecordingEnded).Call)
	}
	if !slices.Equal(calls, []id.Call{4, 5, 9, 10, 11, 12}) {
		t.Errorf("ends of %v", calls)
	}
	if e := got[2].(*event.RecordingEnded); e.MS != 3000 || e.Error != Interrupted {
		t.Errorf("cut: %+v", e)
	}
	if e := got[3].(*event.RecordingEnded); e.MS != 1000 || e.Error != "" {
		t.Errorf("closed in order: %+v", e)
	}
	if e := got[0].(*event.RecordingEnded); e.MS != 0 || e.Error == "" {
		t.Errorf("never: %+v", e)
	}
	if e := got[1].(*event.RecordingEnded); e.MS != 0 || e.Error == Interrupted {
		t.Errorf("rubbish: %+v", e)
	}
	for _, i := range []int{4, 5} {
		e := got[i].(*event.RecordingEnded)
		if _, err := os.Stat(filepath.Join(dir, "recordings", e.File)); !errors.Is(err, os.ErrNotExist) || e.MS != 0 || e.Error != Interrupted {
			t.Errorf("without a header: %+v, %v", e, err)
		}
	}
	if n := sound(t, filepath.Join(dir, "recordings/cut.wav")); n != 300 {
		t.Errorf("%d frames after repair", n)
	}
	if again := s.rec.Repair(&p); len(again) != 0 {
		t.Errorf("repaired twice: %v", again)
	}
}

// wav is the start of a recording that says it has so many bytes.
func wav(t *testing.T, n int) []byte {
	path := filepath.Join(t.TempDir(), "w.wav")
	w, err := clip.Create(path, clip.PCM16, 2)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(make([]int16, n/2))
	w.Close()
	b, _ := os.ReadFile(path)
	return b
}

// recordUntilKilled is the child: it records in real time and says each second.
func recordUntilKilled(dir string) {
	s := newStudio(&testing.B{}, dir)
	go s.rec.Serve(context.Background())
	s.begin(&testing.B{}, 7, "k.wav")
	for {
		for range 100 { // ten times as fast as life
			s.engine.Tick()
			time.Sleep(time.Millisecond)
		}
		info, err := os.Stat(filepath.Join(dir, "recordings/k.wav"))
		if err == nil && info.Size() > 3*32_000 {
			fmt.Println("recorded")
		}
	}
}

func TestKilledRecordingPlays(t *testing.T) {
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "RECORDER_TEST_CHILD="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 1))
	child.Process.Kill()
	child.Wait()
	path := filepath.Join(dir, "recordings/k.wav")
	if n := sound(t, path); n < 200 {
		t.Errorf("%d frames play as it lies, more than 3 s were written", n)
	}
	s := newStudio(t, dir)
	defer s.store.Close()
	p := Pending{}
	p.Apply(&event.RecordingBegan{Call: 7, File: "k.wav"})
	ends := s.rec.Repair(&p)
	e := ends[0].(*event.RecordingEnded)
	if n := sound(t, path); int64(n*10) != e.MS || n < 300 {
		t.Errorf("after repair %d frames play, told %+v", n, e)
	}
}

// BenchmarkLook is 64 conversations of 100 ms each.
func BenchmarkLook(b *testing.B) {
	s := newStudio(b, b.TempDir())
	defer s.store.Close()
	for call := range id.Call(media.MaxTaps) {
		s.begin(b, call, fmt.Sprintf("b/%d.wav", call))
		s.rec.begin(<-s.rec.begins)
	}
	for b.Loop() {
		b.StopTimer()
		for range 10 {
			s.engine.Tick()
		}
		b.StartTimer()
		s.rec.look(false)
	}
}
