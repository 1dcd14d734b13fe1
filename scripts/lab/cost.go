package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// costs are the benchmarks and their bars in µs.
var costs = []struct {
	pkg, name string
	most      float64
}{
	{"echo", "BenchmarkProcess/256", 30},
	{"dtmf", "BenchmarkDetector", 8},
	{"tone", "BenchmarkListener", 6},
	{"callerid", "BenchmarkReceiver", 6},
	{"conceal", "BenchmarkGood", 0.5},
	{"conceal", "BenchmarkLost", 10},
	{"conceal", "BenchmarkLostBetween", 10},
}

// cost takes the quickest of five runs: others may be at work on the machine.
func (l *lab) cost() (string, bool, error) {
	var told []string
	ok := true
	for _, c := range costs {
		out, err := exec.Command("go", "test", "-run", "^$", "-bench", "^"+strings.ReplaceAll(c.name, "/", "$/^")+"$", "-benchtime", "200ms", "-count", "5", "./firmware/media/"+c.pkg).CombinedOutput()
		if err != nil {
			return "", false, fmt.Errorf("%s: %s", c.name, last(out, 200))
		}
		best, allocations := -1.0, 0.0
		for _, m := range regexp.MustCompile(c.name+`(?:-\d+)?\s+\d+\s+([\d.]+) ns/op.*?(\d+) allocs/op`).FindAllStringSubmatch(string(out), -1) {
			ns, _ := strconv.ParseFloat(m[1], 64)
			n, _ := strconv.ParseFloat(m[2], 64)
			if best < 0 || ns < best {
				best = ns
			}
			allocations = max(allocations, n)
		}
		if best < 0 {
			return "", false, fmt.Errorf("no figure for %s: %s", c.name, last(out, 200))
		}
		told = append(told, fmt.Sprintf("%s %.2f", strings.TrimPrefix(c.name, "Benchmark"), best/1000))
		ok = ok && best <= 1000*c.most && allocations == 0
	}
	return strings.Join(told, ", ") + " µs", ok, nil
}
