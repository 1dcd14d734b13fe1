package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// make builds what is measured, the scorers and, once for each seed, the corpus.
func (l *lab) make(seed uint64) error {
	for _, d := range []string{l.out, l.score} {
		if err := os.MkdirAll(d, 0o777); err != nil {
			return err
		}
	}
	if out, err := exec.Command("go", "build", "-o", l.linelab, "./firmware/cmd/linelab").CombinedOutput(); err != nil {
		return fmt.Errorf("linelab does not build: %s", out)
	}
	if err := l.scorers(); err != nil {
		return err
	}
	whole := filepath.Join(l.corpus, "whole")
	if _, err := os.Stat(whole); err == nil {
		return nil
	}
	fmt.Printf("making the corpus of seed %d; this takes minutes\n", seed)
	c := exec.Command("bash", filepath.Join(l.dir, "gen/regenerate.sh"))
	c.Env = append(os.Environ(), "CORPUS="+l.corpus, fmt.Sprint("SEED=", seed), "PYTHONDONTWRITEBYTECODE=1")
	out, err := c.CombinedOutput()
	for _, part := range []string{"dtmf", "talkoff", "cid", "echo", "plc", "cpt", "fax"} {
		if _, missing := os.Stat(filepath.Join(l.corpus, part, "manifest.jsonl")); missing != nil {
			return fmt.Errorf("the corpus was not made whole, %s is missing (%v): %s", part, err, last(out, 400))
		}
	}
	return os.WriteFile(whole, nil, 0o666)
}

// speech is the sound in which nothing may be heard: 9 minutes, and 7 hours more
// when those were asked for.
func (l *lab) speech() ([]string, error) {
	files, err := l.files("talkoff", nil)
	if err != nil || !l.hoursToo {
		return files, err
	}
	dir := filepath.Join(l.corpus, "hours")
	more, _ := filepath.Glob(dir + "/*.raw")
	if len(more) == 0 {
		c := exec.Command("/usr/bin/python3", "gen_talkoff.py", dir)
		c.Dir = filepath.Join(l.dir, "gen")
		c.Env = append(os.Environ(), "CORPUS="+l.corpus, "PYTHONDONTWRITEBYTECODE=1")
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("the hours of speech were not made: %s", last(out, 400))
		}
		more, _ = filepath.Glob(dir + "/*.raw")
	}
	for _, m := range more {
		files = append(files, "hours/"+filepath.Base(m))
	}
	return files, nil
}

// scorers copies them, because one must be compiled beside the others.
func (l *lab) scorers() error {
	names, err := filepath.Glob(filepath.Join(l.dir, "score/*"))
	if err != nil {
		return err
	}
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(l.score, filepath.Base(n)), b, 0o777); err != nil {
			return err
		}
	}
	c := exec.Command("gcc", "-O2", "ecmetric.c", "-o", "ecmetric", "-lm")
	c.Dir = l.score
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("the scorer of echo cancellers does not compile: %s", last(out, 400))
	}
	return nil
}

func last(b []byte, n int) string {
	b = bytes.TrimSpace(b)
	return string(b[max(0, len(b)-n):])
}

// hear runs linelab in the corpus and keeps what it printed in a file.
func (l *lab) hear(to string, args ...string) (string, error) {
	c := exec.Command(l.linelab, append(slices.Clone(l.first), args...)...)
	c.Dir = l.corpus
	c.Env = append(os.Environ(), l.env...)
	var complaint bytes.Buffer
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("linelab %s: %s", args[0], last(complaint.Bytes(), 200))
	}
	if to == "" {
		return string(out), nil
	}
	return string(out), os.WriteFile(l.at(to), out, 0o666)
}

func (l *lab) at(name string) string { return filepath.Join(l.out, name) }

// rate runs a scorer in the corpus.
func (l *lab) rate(scorer string, args ...string) (string, error) {
	c := exec.Command("/usr/bin/python3", append([]string{filepath.Join(l.score, scorer)}, args...)...)
	c.Dir = l.corpus
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s: %s", scorer, last(out, 200))
	}
	return string(out), os.WriteFile(l.at(scorer+".txt"), out, 0o666)
}

// entry is a line of a manifest.
type entry struct {
	Name, File, Kind, Country, Group string
	Far, Mic, Near, Ctl              string
	Span                             float64 `json:"span_ms"` // of an echo
	Noise                            any     // a level in dBm0, of voices a kind
}

func (l *lab) manifest(part string) ([]entry, error) {
	b, err := os.ReadFile(filepath.Join(l.corpus, part, "manifest.jsonl"))
	if err != nil {
		return nil, err
	}
	var all []entry
	for line := range strings.Lines(string(b)) {
		var e entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, fmt.Errorf("the manifest of %s: %w", part, err)
		}
		all = append(all, e)
	}
	return all, nil
}

func (l *lab) files(part string, want func(entry) bool) ([]string, error) {
	all, err := l.manifest(part)
	var names []string
	for _, e := range all {
		if want == nil || want(e) {
			names = append(names, e.File)
		}
	}
	return names, err
}

// figures are the numbers that a pattern's groups find in text.
func figures(text, pattern string) ([]float64, error) {
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("no figures like %q in %s", pattern, last([]byte(text), 200))
	}
	var v []float64
	for _, s := range m[1:] {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			return nil, err
		}
		v = append(v, x)
	}
	return v, nil
}

// count is how many lines begin with a word, except those whose third field is a
// dash.
func count(text, word string) int {
	n := 0
	for line := range strings.Lines(text) {
		if f := strings.Fields(line); len(f) > 0 && f[0] == word && !(len(f) > 2 && f[2] == "-") {
			n++
		}
	}
	return n
}

// raw reads samples.
func raw(name string) ([]int16, error) {
	b, err := os.ReadFile(name)
	pcm := make([]int16, len(b)/2)
	for i := range pcm {
		pcm[i] = int16(binary.LittleEndian.Uint16(b[2*i:]))
	}
	return pcm, err
}
