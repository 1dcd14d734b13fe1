package main

import (
	"fmt"
	"os"
	"sort"
	"strings"

	"centralita/firmware/media/tone"
)

// lineRows are the ears of a line.
var lineRows = []row{
	{"digits, line", "accept ≥ 99.9 %, 0 false, 0 rejects reported, ≤ 33 ms; ≤ 3 hits in 9.7 h", func(l *lab) (string, bool, error) { return l.digits("line", 99.9, 33, 3) }},
	{"digits, call", "accept ≥ 98 %, 0 false, 0 rejects reported; 0 hits", func(l *lab) (string, bool, error) { return l.digits("call", 98, 45, 0) }},
	{"caller ID", "112 of 112, 0 false", (*lab).callerID},
	{"caller ID in speech", "0 messages", (*lab).callerIDFalse},
	{"call progress", "≥ 98 % right, busy ≤ 2.5 s", (*lab).tones},
	{"call progress, speech", "≤ 1 false in 7.2 h, every country", (*lab).tonesFalse},
	{"fax tones", "24 of 24, ≤ 0.7 s, 0 false", (*lab).fax},
}

func (l *lab) digits(profile string, least, late float64, most int) (string, bool, error) {
	files, err := l.files("dtmf", nil)
	if err != nil {
		return "", false, err
	}
	name := "dtmf-" + profile
	if _, err := l.hear(name, append([]string{"dtmf", "-profile", profile}, files...)...); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_dtmf.py", "dtmf/manifest.jsonl", l.at(name))
	if err != nil {
		return "", false, err
	}
	v, err := figures(out, `hit \d+ = ([\d.]+)%, false (\d+); cases fully right (\d+)/(\d+)\nREJECT total \d+ digits sent, reported (\d+).*\nlatency ms mean ([\d.]+)`)
	if err != nil {
		return "", false, err
	}
	if files, err = l.speech(); err != nil {
		return "", false, err
	}
	heard, err := l.hear("", append([]string{"dtmf", "-profile", profile}, files...)...)
	hits := count(heard, "D")
	return fmt.Sprintf("accept %.3f %%, %.0f false, %.0f/%.0f cases, %.0f rejects reported, %.1f ms; %d hits in %.2f h", v[0], v[1], v[2], v[3], v[4], v[5], hits, l.hours(files)),
		v[0] >= least && v[1] == 0 && v[4] == 0 && v[5] <= late && hits <= most, err
}

// hours is how long files are.
func (l *lab) hours(files []string) float64 {
	var n int64
	for _, f := range files {
		if s, err := os.Stat(l.corpus + "/" + f); err == nil {
			n += s.Size()
		}
	}
	return float64(n) / 16000 / 3600
}

func (l *lab) callerID() (string, bool, error) {
	files, err := l.files("cid", nil)
	if err != nil {
		return "", false, err
	}
	if _, err := l.hear("cid", append([]string{"callerid"}, files...)...); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_cid.py", "cid/manifest.jsonl", l.at("cid"))
	if err != nil {
		return "", false, err
	}
	v, err := figures(out, `ACCEPT (\d+) ok (\d+) = [\d.]+%, false/extra (\d+)`)
	if err != nil {
		return "", false, err
	}
	beyond := strings.Count(out, ":ok")
	return fmt.Sprintf("%.0f of %.0f, %.0f false; beyond the standard %d of %d", v[1], v[0], v[2], beyond, beyond+strings.Count(out, ":- ")), v[0] == v[1] && v[2] == 0, nil
}

func (l *lab) callerIDFalse() (string, bool, error) {
	files, err := l.speech()
	if err != nil {
		return "", false, err
	}
	out, err := l.hear("", append([]string{"callerid"}, files...)...)
	n := count(out, "M")
	return fmt.Sprintf("%d in %.2f h", n, l.hours(files)), n == 0, err
}

func (l *lab) tones() (string, bool, error) {
	all, err := l.manifest("cpt")
	if err != nil {
		return "", false, err
	}
	by := map[string][]string{}
	for _, e := range all {
		by[e.Country] = append(by[e.Country], e.File)
	}
	countries := make([]string, 0, len(by))
	for c := range by {
		countries = append(countries, c)
	}
	sort.Strings(countries)
	var heard strings.Builder
	for _, c := range countries {
		out, err := l.hear("", append([]string{"tones", "-country", c}, by[c]...)...)
		if err != nil {
			return "", false, err
		}
		heard.WriteString(out)
	}
	if err := os.WriteFile(l.at("cpt"), []byte(heard.String()), 0o666); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_cpt.py", "cpt/manifest.jsonl", l.at("cpt"), "--merge-busy", "-v")
	if err != nil {
		return "", false, err
	}
	v, err := figures(out, `(?s)kind +busy +\d+ cases.*?mean time ([\d.]+)s.*TOTAL (\d+) right (\d+) = ([\d.]+)%`)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("%.0f of %.0f right, %.1f %%; busy %.2f s", v[2], v[1], v[3], v[0]), v[3] >= 98 && v[0] <= 2.5, nil
}

func (l *lab) tonesFalse() (string, bool, error) {
	files, err := l.speech()
	if err != nil {
		return "", false, err
	}
	most, sum := 0, 0
	for _, c := range tone.Countries() {
		out, err := l.hear("", append([]string{"tones", "-country", c}, files...)...)
		if err != nil {
			return "", false, err
		}
		n := count(out, "T")
		most, sum = max(most, n), sum+n
	}
	return fmt.Sprintf("%d in %.2f h and %d countries", sum, l.hours(files), len(tone.Countries())), most <= 1, nil
}

func (l *lab) fax() (string, bool, error) {
	files, err := l.files("fax", nil)
	if err != nil {
		return "", false, err
	}
	if _, err := l.hear("fax", append([]string{"fax"}, files...)...); err != nil {
		return "", false, err
	}
	out, err := l.rate("score_fax.py", "fax/manifest.jsonl", l.at("fax"))
	if err != nil {
		return "", false, err
	}
	v, err := figures(out, `right (\d+)/(\d+), mean time ([\d.]+)`)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("%.0f of %.0f, %.2f s", v[0], v[1], v[2]), v[0] == v[1] && v[2] <= 0.7, nil
}
