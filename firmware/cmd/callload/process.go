package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// unknown is a figure of a server whose process is not said: it is left out.
var unknown = math.NaN()

// family is a process and those that it began, for a server may work in many.
func family(pid int) []int {
	if pid == 0 {
		return nil
	}
	children := map[int][]int{}
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range all {
		raw, _ := os.ReadFile(name)
		_, rest, _ := strings.Cut(string(raw), ") ")
		f := strings.Fields(rest)
		if len(f) < 2 {
			continue // it has ended meanwhile
		}
		child, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		parent, _ := strconv.Atoi(f[1])
		children[parent] = append(children[parent], child)
	}
	list := []int{pid}
	for i := 0; i < len(list); i++ {
		list = append(list, children[list[i]]...)
	}
	return list
}

// resident is the memory of a server in MB. What several processes share is counted
// once (proc(5): smaps_rollup, Pss).
func resident(pid int) float64 {
	list := family(pid)
	if len(list) == 0 {
		return unknown
	}
	if len(list) == 1 {
		return set(pid)
	}
	sum := 0.0
	for _, p := range list {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p))
		sum += kilobytes(string(raw), "Pss:") / 1024
	}
	return sum
}

// set is the resident set of a process in MB.
func set(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return kilobytes(string(raw), "VmRSS:") / 1024
}

func kilobytes(text, field string) float64 {
	for l := range strings.Lines(text) {
		if f := strings.Fields(l); len(f) > 1 && f[0] == field {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb
		}
	}
	return 0
}

// processor is the time a server has used, in all its processes (proc(5): utime and
// stime in hundredths of a second).
func processor(pid int) (sum time.Duration) {
	for _, p := range family(pid) {
		sum += used(p)
	}
	return sum
}

func used(pid int) time.Duration {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(raw), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// using is the share of a core that the target uses while something runs, in
// per cent.
func (t *target) using(do func()) float64 {
	was, began := processor(t.pid), time.Now()
	do()
	if t.pid == 0 {
		return unknown
	}
	return 100 * float64(processor(t.pid)-was) / float64(time.Since(began))
}

// machine is a line about where this runs.
func machine() string {
	model := runtime.GOARCH
	raw, _ := os.ReadFile("/proc/cpuinfo")
	for l := range strings.Lines(string(raw)) {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.HasPrefix(k, "model name") {
			model = strings.TrimSpace(v)
			break
		}
	}
	kernel, _ := os.ReadFile("/proc/sys/kernel/osrelease")
	load, _ := os.ReadFile("/proc/loadavg")
	cores := strings.Count(string(raw), "processor\t:")
	priority := "real-time priority"
	if !realTime {
		priority = "no real-time priority: other work of the machine is in the figures"
	}
	return fmt.Sprintf("%s, %d cores, Linux %s, load %s, %s", model, cores, strings.TrimSpace(string(kernel)),
		strings.Join(strings.Fields(string(load))[:1], ""), priority)
}
