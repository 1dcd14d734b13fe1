package main

import (
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// cost runs TestCost, which has the bars: medians of the processor's time.
func (l *lab) cost() (string, bool, error) {
	out, err := exec.Command("go", "test", "-count=1", "-run", "^TestCost$", "-v", "./scripts/lab").CombinedOutput()
	var told []string
	ok := err == nil
	for _, m := range regexp.MustCompile(`: (\S.*?) +([\d.]+) µs of ([\d.]+), quickest`).FindAllStringSubmatch(string(out), -1) {
		took, _ := strconv.ParseFloat(m[2], 64)
		most, _ := strconv.ParseFloat(m[3], 64)
		told = append(told, m[1]+" "+m[2])
		ok = ok && took <= most
	}
	if told == nil {
		return "", false, fmt.Errorf("no figures: %s", last(out, 200))
	}
	return strings.Join(told, ", ") + " µs", ok, nil
}
