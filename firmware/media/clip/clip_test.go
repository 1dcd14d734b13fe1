package clip

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// sine is a test sound of n samples.
func sine(n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(10000 * math.Sin(float64(i)*0.3))
	}
	return pcm
}

func write(t *testing.T, enc Encoding, channels int, pcm []int16) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.wav")
	w, err := Create(path, enc, channels)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(pcm); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is written must be read again: exactly for linear, to the law's steps for
// the others.
func TestWriteAndLoad(t *testing.T) {
	pcm := sine(12345)
	for enc, within := range map[Encoding]int16{PCM16: 0, ALaw: 260, MuLaw: 260} {
		c, err := Load(write(t, enc, 1, pcm))
		if err != nil {
			t.Fatal(err)
		}
		if len(c.PCM()) != len(pcm) {
			t.Fatalf("encoding %d: %d samples", enc, len(c.PCM()))
		}
		for i, s := range c.PCM() {
			if d := s - pcm[i]; d > within || d < -within {
				t.Fatalf("encoding %d: sample %d is %d, want %d", enc, i, s, pcm[i])
			}
		}
	}
}

func TestStereoSides(t *testing.T) {
	path := write(t, PCM16, 2, []int16{1, -1, 2, -2, 3, -3})
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var left, right [10]int16
	if n := r.Stereo(left[:], right[:]); n != 3 || left[2] != 3 || right[2] != -3 {
		t.Fatalf("%d frames: %v %v", n, left, right)
	}
}

// At every moment the file on disk is a WAV file, at most a second short.
func TestValidWhileWriting(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.wav")
	w, err := Create(path, ALaw, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	frame := make([]int16, 2*800)
	for i := range 55 { // of 100 ms
		c, err := Load(path)
		if err != nil {
			t.Fatalf("after %d00 ms: %v", i, err)
		}
		if d := time.Duration(i)*100*time.Millisecond - c.Duration(); d < 0 || d >= time.Second {
			t.Fatalf("after %d00 ms the file has %v", i, c.Duration())
		}
		if err := w.Write(frame); err != nil {
			t.Fatal(err)
		}
	}
}

// A file cut anywhere, as by a power loss, reads up to the cut.
func TestCutFile(t *testing.T) {
	whole, err := os.ReadFile(write(t, PCM16, 1, sine(100)))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		c, err := Read(bytes.NewReader(whole[:n]))
		if n < headerSize {
			if err == nil {
				t.Fatalf("%d bytes were taken for a file", n)
			}
			continue
		}
		if err != nil || len(c.PCM()) != (n-headerSize)/2 {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

// 16 kHz files play at their pitch and level.
func TestHalves16k(t *testing.T) {
	const hz = 1000
	wide := make([]int16, 16000)
	for i := range wide {
		wide[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(i)/16000))
	}
	b, err := os.ReadFile(write(t, PCM16, 1, wide))
	if err != nil {
		t.Fatal(err)
	}
	b[24], b[25] = 0x80, 0x3e // 16000
	c, err := Read(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.PCM()) != 8000 {
		t.Fatalf("%d samples", len(c.PCM()))
	}
	var re, im float64
	for i, s := range c.PCM() {
		re += float64(s) * math.Cos(2*math.Pi*hz*float64(i)/8000)
		im += float64(s) * math.Sin(2*math.Pi*hz*float64(i)/8000)
	}
	if a := 2 * math.Hypot(re, im) / 8000; math.Abs(a-8000) > 80 {
		t.Fatalf("peak %.0f, want 8000", a)
	}
}

// A list plays without a gap or a click between its parts, and tells its end.
func TestPlayerIsGapless(t *testing.T) {
	e := media.New()
	pcm := sine(1000)
	p := NewPlayer()
	if err := p.Play(42, New(pcm[:333]).Source(), New(pcm[333:334]).Source(), New(nil).Source(), New(pcm[334:]).Source(), Silence(20*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	e.Plug(h, p)
	tap := media.NewTap(64)
	e.Record(tap, h, 0)
	var got []int16
	for range 20 {
		e.Tick()
		got = append(got, tap.Peek().Left[:]...)
		tap.Drop()
	}
	for i, s := range got[:1000] {
		if s != pcm[i] {
			t.Fatalf("sample %d is %d, want %d", i, s, pcm[i])
		}
	}
	f, ok := e.Next()
	if !ok || f.Kind != media.ClipEnded || f.Value != 42 || f.Handle != h {
		t.Fatalf("told %+v, %v", f, ok)
	}
	if f.Tick != 14 { // 1160 samples end in the fifteenth frame
		t.Errorf("ended in tick %d", f.Tick)
	}
}

// Music goes round; a new list replaces it at once and without a word.
func TestLoopAndReplace(t *testing.T) {
	p := NewPlayer()
	var f media.Frame
	f.Rate = media.Narrow
	p.Play(1, New([]int16{1, 2, 3}).Loop())
	for i := range 30 {
		if !p.Read(uint64(i), &f) || f.Buf[0] != int16(80*i%3+1) {
			t.Fatalf("frame %d begins with %d", i, f.Buf[0])
		}
	}
	c, _ := tone.Plan("ES")
	p.Play(2, For(c.Of(tone.Busy), time.Second))
	p.Read(30, &f)
	if f.Buf[79] == 0 {
		t.Fatal("no busy tone")
	}
	p.Stop()
	if p.Read(31, &f) {
		t.Fatal("plays on")
	}
	if err := p.Play(3, make([]Source, MaxList+1)...); err == nil {
		t.Fatal("an endless list was taken")
	}
}

func TestPlayerAllocatesNothing(t *testing.T) {
	p := NewPlayer()
	c, _ := tone.Plan("US")
	p.Play(1, New(sine(80*5)).Source(), For(c.Of(tone.Ringback), 5*time.Second))
	f := media.Frame{Rate: media.Narrow}
	if n := testing.AllocsPerRun(400, func() { p.Read(0, &f) }); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

// writeAll takes frames as a recorder does until the tap is done.
func writeAll(tap *media.Tap, w *Writer) error {
	began := time.Now()
	for t := NewTape(tap, w); ; time.Sleep(250 * time.Millisecond) {
		done := tap.Done()
		if err := t.Take(time.Since(began)); err != nil {
			return err
		}
		if done {
			return errors.Join(t.End(), w.Close())
		}
	}
}

// A recording has each side in its channel, and dropped frames as silence in
// their place.
func TestRecord(t *testing.T) {
	path := filepath.Join(t.TempDir(), "r.wav")
	synctest.Test(t, func(t *testing.T) {
		e := media.New()
		left, right := NewPlayer(), NewPlayer()
		left.Play(0, New([]int16{500}).Loop())
		right.Play(0, New([]int16{-700}).Loop())
		hl, _ := e.Reserve()
		hr, _ := e.Reserve()
		e.Plug(hl, left)
		e.Plug(hr, right)
		tap := media.NewTap(64)
		e.Record(tap, hl, hr)
		w, err := Create(path, PCM16, 2)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- writeAll(tap, w) }()
		for i := range 300 {
			if i == 100 {
				synctest.Wait() // the reader has looked and sleeps
			}
			e.Tick()
			if i < 100 || i >= 200 { // the reader sleeps through the second second
				time.Sleep(media.Period)
			}
		}
		e.StopRecord(tap)
		e.Tick()
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if tap.Lost() == 0 {
			t.Fatal("nothing was lost; the test tests nothing")
		}
	})
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	l, g := make([]int16, 30000), make([]int16, 30000)
	n := r.Stereo(l, g)
	if n != 300*80 || l[0] != 500 || g[0] != -700 || l[n-1] != 500 || g[n-1] != -700 {
		t.Fatalf("%d frames, %d %d … %d %d", n, l[0], g[0], l[n-1], g[n-1])
	}
}

// Files from outside are refused by name or read, never trusted.
func FuzzWAV(f *testing.F) {
	for _, enc := range []Encoding{PCM16, ALaw, MuLaw} {
		w := Writer{enc: enc, channels: 2, data: 8}
		h := w.header()
		f.Add(append(h[:], 1, 2, 3, 4, 5, 6, 7, 8))
	}
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVELIST\xff\xff\xff\x7fxx"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEdata\x10\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := Read(bytes.NewReader(b))
		if err == nil && len(c.PCM()) > len(b) {
			t.Fatalf("%d samples from %d bytes", len(c.PCM()), len(b))
		}
	})
}
