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

// suppressed judges the cases in which only the far end speaks and nothing
// changes, each by its last second, and those of the near end alone.
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
	single, worst := 0, -200.0
	for _, e := range all {
		if e.Group != "g168_2_css" && e.Group != "speech_single" && e.Group != "white" {
			continue
		}
		v, err := figures(out, `(?m)^`+e.Name+` .*final_dbm0=([-\d.]+)`)
		if err != nil {
			return "", false, err
		}
		single++
		worst = max(worst, v[0])
		noise, _ := e.Noise.(float64)
		if v[0] > max(-65, noise+2) {
			over = append(over, e.Name)
		}
	}
	v, err := figures(out, `(?m)^near_only .*near_gain=([-\d.]+)`)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("%d of %d cases, worst %.1f dBm0 %s; near end %+.1f dB", single-len(over), single, worst, strings.Join(over, " "), v[0]),
		len(over) == 0 && v[0] > -1 && v[0] < 1, nil
}
