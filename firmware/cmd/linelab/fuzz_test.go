package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// FuzzRead: no file that an installer may bring makes the reader fall over, and
// what it takes is a sound of the length that it has.
func FuzzRead(f *testing.F) {
	name := filepath.Join(f.TempDir(), "a.wav")
	if err := save(name, make([]int16, 100)); err != nil {
		f.Fatal(err)
	}
	wav, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	f.Add("a.wav", wav)
	f.Add("a.wav", wav[:47])
	f.Add("a.raw", []byte("1234"))
	f.Add("-", []byte("OggS"))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		pcm, cut, err := read(name, bytes.NewReader(b))
		if err == nil && (len(pcm) == 0 || len(pcm) > len(b)) || err != nil && (pcm != nil || cut) {
			t.Errorf("%d samples of %d bytes, cut %v, %v", len(pcm), len(b), cut, err)
		}
	})
}

// FuzzTrace: a trace that is taken can be played to its end.
func FuzzTrace(f *testing.F) {
	f.Add([]byte("0 0 30\n1 20 50.5\n\n2 40 -1\n"))
	f.Add([]byte("0 NaN 1e300\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		trace, err := readTrace("trace", bytes.NewReader(b))
		if err != nil || len(trace) > 1000 {
			return
		}
		for _, p := range trace {
			if p.came > 60_000 {
				return // it takes its time
			}
		}
		var out bytes.Buffer
		newPassing(trace).run(&out)
	})
}

// FuzzSmallFiles: patterns of loss and spans are taken or refused.
func FuzzSmallFiles(f *testing.F) {
	f.Add([]byte("0010 1\n"))
	f.Add([]byte("freeze 10 20\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		name := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if lost, err := loadLoss(name); err == nil && len(lost) > len(b) {
			t.Errorf("%d packets of %d bytes", len(lost), len(b))
		}
		_, _ = loadSpans(name)
	})
}
