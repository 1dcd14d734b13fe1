package main

import (
	"fmt"
	"math"
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
	{"echo with NLP", "residual ≤ max(-65 dBm0, noise + 2 dB) on every single-talk case; near end 0 ± 1 dB", (*lab).suppressed},
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
	out, err := l.cancel(all, "echo-"+taps, "-taps", taps)
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

// cancel runs all cases and returns what the scorer says.
func (l *lab) cancel(all []entry, name string, options ...string) (string, error) {
	dir := l.at(name)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	for _, e := range all {
		args := append([]string{"echo"}, options...)
		if e.Ctl != "" {
			args = append(args, "-ctl", e.Ctl)
		}
		if _, err := l.hear("", append(args, e.Far, e.Mic, dir+"/"+e.Name+".raw")...); err != nil {
			return "", err
		}
	}
	return l.rate("score_ec.py", "echo/manifest.jsonl", dir)
}

// suppressed judges every case in which only the far end speaks by its last second,
// and how loud the near end is kept in all others. An echo of more than 256 taps is
// no such case: two parties far apart want another canceller.
func (l *lab) suppressed() (string, bool, error) {
	all, err := l.manifest("echo")
	if err != nil {
		return "", false, err
	}
	out, err := l.cancel(all, "echo-nlp", "-nlp")
	if err != nil {
		return "", false, err
	}
	var over []string
	single, worst, off := 0, -200.0, 0.0
	for _, e := range all {
		if e.Near != "" {
			v, err := figures(out, `(?m)^`+e.Name+` .*near_gain=(-?inf|[-\d.]+)`)
			if err != nil {
				return "", false, err
			}
			if math.Abs(v[0]) > math.Abs(off) {
				off = v[0]
			}
			continue
		}
		v, err := figures(out, `(?m)^`+e.Name+` .*final_dbm0=([-\d.]+)`)
		if err != nil {
			return "", false, err
		}
		if e.Span > 40 { // models have some ms of nothing at their end
			continue
		}
		single++
		noise, _ := e.Noise.(float64)
		bar := max(-65, noise+2)
		worst = max(worst, v[0]-bar)
		if v[0] > bar {
			over = append(over, e.Name)
		}
	}
	return fmt.Sprintf("%d of %d cases, worst %+.1f dB from the bar %s; near end at most %+.2f dB off", single-len(over), single, worst, strings.Join(over, " "), off),
		len(over) == 0 && math.Abs(off) < 1, nil
}
