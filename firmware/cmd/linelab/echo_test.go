package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// An echo 12 dB down goes away, unless the filter is held from the beginning.
func TestEcho(t *testing.T) {
	dir := t.TempDir()
	far, mic, out := filepath.Join(dir, "far.raw"), filepath.Join(dir, "mic.wav"), filepath.Join(dir, "out.raw")
	lab(t, "make", "css", "-for", "3s", "-level", "-12", far)
	pcm, err := load(far)
	if err != nil {
		t.Fatal(err)
	}
	echo := make([]int16, len(pcm)-13) // not a whole frame
	for i := range echo {
		echo[i] = pcm[max(0, i-9)] / 4
	}
	if err := save(mic, echo); err != nil {
		t.Fatal(err)
	}
	ctl := filepath.Join(dir, "ctl")
	if err := os.WriteFile(ctl, []byte("freeze 0 5000\n\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args        []string
		least, most float64 // dB after 2 s
	}{
		{[]string{"echo", far, mic, out}, 35, 99},
		{[]string{"echo", "-ctl", ctl, far, mic, out}, -1, 1},
	} {
		told := words(lab(t, c.args...), "E")
		if len(told) != 3 {
			t.Fatalf("told %v", told)
		}
		if dB, err := strconv.ParseFloat(told[1][2], 64); err != nil || dB < c.least || dB > c.most {
			t.Errorf("%v: %v dB, want %.0f to %.0f", c.args, told[1], c.least, c.most)
		}
		if left, err := load(out); err != nil || len(left) != len(echo) {
			t.Errorf("%d samples of %d, %v", len(left), len(echo), err)
		}
	}
	if err := os.WriteFile(ctl, []byte("freeze soon\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	var complaint strings.Builder
	if code := run([]string{"echo", "-ctl", ctl, far, mic, out}, &complaint, &complaint); code != exitFailed || !strings.Contains(complaint.String(), "freeze soon") {
		t.Errorf("exit code %d: %s", code, complaint.String())
	}
}
