package main

import (
	"fmt"
	"os"
	"strings"
)

// echoRows are the canceller's.
var echoRows = []row{
	{"echo, linear", "CSS ≥ 26/31/32 dB after 0.5/1/2 s; double talk ≥ 18, 0.5 s after ≥ 25; path ≥ 15/25; speech ≥ 30",
		func(l *lab) (string, bool, error) {
			return l.echo("256", []mean{
				{"g168_2_css", "erle0.5", 26}, {"g168_2_css", "erle1.0", 31}, {"g168_2_css", "erle2.0", 32},
				{"double_talk", "erle_dt", 18}, {"double_talk", "post0.5", 25},
				{"path_change", "chg0.5", 15}, {"path_change", "chg1", 25}, {"speech_single", "steady", 30},
			})
		}},
	{"echo, 512 taps", "long tail steady ≥ 38 dB", func(l *lab) (string, bool, error) {
		return l.echo("512", []mean{{"long_tail", "steady", 38}})
	}},
}

// mean is a figure of a group of cases and its bar.
type mean struct {
	group, name string
	least       float64
}

func (l *lab) echo(taps string, bars []mean) (string, bool, error) {
	all, err := l.manifest("echo")
	if err != nil {
		return "", false, err
	}
	dir := l.at("echo-" + taps)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", false, err
	}
	for _, e := range all {
		args := []string{"echo", "-taps", taps}
		if e.Ctl != "" {
			args = append(args, "-ctl", e.Ctl)
		}
		if _, err := l.hear("", append(args, e.Far, e.Mic, dir+"/"+e.Name+".raw")...); err != nil {
			return "", false, err
		}
	}
	out, err := l.rate("score_ec.py", "echo/manifest.jsonl", dir)
	if err != nil {
		return "", false, err
	}
	_, means, _ := strings.Cut(out, "--- means by group")
	var told []string
	ok := true
	for _, b := range bars {
		v, err := figures(means, `(?m)^`+b.group+` .*\b`+strings.ReplaceAll(b.name, ".", `\.`)+`=([-\d.]+)`)
		if err != nil {
			return "", false, err
		}
		told = append(told, fmt.Sprintf("%s %s %.1f", strings.TrimPrefix(b.group, "g168_2_"), b.name, v[0]))
		ok = ok && v[0] >= b.least
	}
	return strings.Join(told, ", "), ok, nil
}
