package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// resident is the memory of a process in MB (proc(5): VmRSS in kB).
func resident(pid int) float64 {
	raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for l := range strings.Lines(string(raw)) {
		if f := strings.Fields(l); len(f) > 1 && f[0] == "VmRSS:" {
			kb, _ := strconv.ParseFloat(f[1], 64)
			return kb / 1024
		}
	}
	return 0
}

// processor is the time a process has used (proc(5): utime and stime in
// hundredths of a second).
func processor(pid int) time.Duration {
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
