package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
)

// A small load of the load maker: 500 telephones register at once, ten calls hear
// each other whole and nobody else, and what the machine does to speed is not
// judged. `make bench-sip` measures.
func TestCallload(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "callload")
	build := exec.Command("go", "build", "-o", program, "./firmware/cmd/callload")
	build.Dir = root(t)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "27000-27199")
	run := exec.Command(program, "-server", b.SIP, "-pid", fmt.Sprint(b.cmd.Process.Pid), "-n", "10", "-t", "2", "-json", "storm", "calls")
	out, _ := run.Output() // it fails where a bar of speed is missed
	var said struct {
		Failed  []string
		Figures []struct {
			Mode, Name string
			Median     float64
		}
	}
	if err := json.Unmarshal(out, &said); err != nil || len(said.Failed) > 0 {
		t.Fatalf("%v, not measured: %v\n%s", err, said.Failed, out)
	}
	is := map[string]float64{}
	for _, f := range said.Figures {
		is[f.Mode+" "+f.Name] = f.Median
	}
	for name, want := range map[string]float64{
		"storm telephones": 500, "calls loss, %": 0, "calls calls dropped": 0, "calls doubled, crossed, strange cells": 0,
	} {
		if got, ok := is[name]; !ok || got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if took := is["storm all registered after, s"]; took <= 0 || took > 5 {
		t.Errorf("500 telephones were registered after %.2f s, want at most 5", took)
	}
	if sent := is["calls packets"]; sent < 1500 {
		t.Errorf("%.0f packets in 2 s of 10 calls, want 2000", sent)
	}
}
