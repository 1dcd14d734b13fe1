package clip

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzRepair takes any file for an interrupted recording: it is refused, or plays
// for as long as Repair says, and a second Repair finds it whole.
func FuzzRepair(f *testing.F) {
	for _, channels := range []int{1, 2} {
		for _, enc := range []Encoding{PCM16, ALaw} {
			w := Writer{enc: enc, channels: channels}
			h := w.header()
			f.Add(append(h[:], make([]byte, 1001)...))
			f.Add(h[:])
		}
	}
	f.Add([]byte("RIFF"))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "r.wav")
		os.WriteFile(path, b, 0o600)
		file, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		length, _, err := Repair(file)
		if err != nil {
			return
		}
		again, whole, err := Repair(file)
		if err != nil || !whole || again != length {
			t.Fatalf("repaired twice: %v then %v, %v, %v", length, again, whole, err)
		}
		file.Seek(0, 0)
		r, err := NewReader(file)
		if err != nil {
			t.Fatal(err)
		}
		var pcm [160]int16
		samples := 0
		for n := len(pcm); n == len(pcm); samples += n {
			n = r.Mono(pcm[:])
		}
		if plays := time.Duration(samples) * time.Second / 8000; plays != length {
			t.Fatalf("plays %v, Repair says %v", plays, length)
		}
	})
}
