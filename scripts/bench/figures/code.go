package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// code runs the Go benchmarks and the simulator of office-days.
func code(t *table) {
	if out, err := benchmark("./scripts/bench/tick", "RatedLoad", "5000x"); err != nil {
		t.failed("sound tick of the rated load", err)
	} else {
		share, allocs := number(out, "%/10ms"), number(out, "allocs/op")
		t.row("sound tick, 8 analog + 24 SIP, 16 recorded conversations",
			fmt.Sprintf("%.2f %% of 10 ms, %.0f µs", share, number(out, "ns/tick")/1000), "<= 3 %", share <= 3)
		t.row("  allocations in a tick", fmt.Sprintf("%.0f", allocs), "0", allocs == 0)
	}
	if out, err := benchmark("./firmware/journal", "Append", "2s"); err != nil {
		t.failed("journal, grouped records", err)
	} else {
		n := number(out, "records/s")
		t.row("journal, grouped and synced", fmt.Sprintf("%.0f records/s", n), ">= 50000 records/s", n >= 50000)
	}
	if out, err := benchmark("./firmware/journal", "Recover", "3x"); err != nil {
		t.failed("journal, recovery", err)
	} else {
		s := number(out, "s/million")
		t.row("journal, a million records recovered", fmt.Sprintf("%.2f s", s), "<= 3 s", s <= 3)
	}
	days(t)
}

// days runs whole days of offices on one core.
func days(t *table) {
	out, err := exec.Command("taskset", "-c", "0", "build/officesim", "-days", "100").CombinedOutput()
	m := regexp.MustCompile(`(\d+) × real time`).FindStringSubmatch(string(out))
	if err != nil || m == nil {
		t.failed("officesim", fmt.Errorf("%v: %s", err, strings.TrimSpace(string(out))))
		return
	}
	speed, _ := strconv.ParseFloat(m[1], 64)
	t.row("officesim, 100 office-days on one core", fmt.Sprintf("%.0f × real time", speed), ">= 5000 ×", speed >= 5000)
}

// benchmark builds a package's tests at common priority and runs one benchmark at
// ours.
func benchmark(pkg, name, benchtime string) (string, error) {
	const program = "build/figures.test"
	build := exec.Command("chrt", "-o", "0", "go", "test", "-c", "-o", program, pkg)
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	out, err := exec.Command(program, "-test.run", "^$", "-test.bench", "^Benchmark"+name+"$", "-test.benchtime", benchtime).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return string(out), nil
}

// number is the value before a unit in a benchmark's line, -1 when it is missing.
func number(out, unit string) float64 {
	for l := range strings.Lines(out) {
		f := strings.Fields(l)
		for i := 1; i < len(f); i++ {
			if f[i] == unit {
				if x, err := strconv.ParseFloat(f[i-1], 64); err == nil {
					return x
				}
			}
		}
	}
	return -1
}

// size looks at the programs as built.
func size(t *table) {
	info, err := os.Stat("build/centralita-arm")
	if err != nil {
		t.failed("arm v7 program", err)
		return
	}
	mb := float64(info.Size()) / 1e6
	t.row("arm v7 program, stripped, with page", fmt.Sprintf("%.1f MB", mb), "<= 40 MB", mb <= 40)
	var ready []string
	worst := 0.0
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		t.failed("ready", err)
		return
	}
	defer os.RemoveAll(dir)
	for range 4 { // a new folder the first time, then one that was used
		b, err := startBox(dir)
		if err != nil {
			t.failed("ready", err)
			return
		}
		ready = append(ready, fmt.Sprintf("%.2f", b.ready.Seconds()))
		worst = max(worst, b.ready.Seconds())
		b.stop()
	}
	t.row("from start to ready, four starts", strings.Join(ready, " ")+" s", "<= 2 s", worst <= 2)
}
