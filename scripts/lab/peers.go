package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"centralita/firmware/media/tone"
)

// peers are other projects' libraries, as far as Debian has them, and the rows of
// the table for which they have something. They are measured on the same corpus by
// the same scorers, with the program of peers/. OSLEC lives in kernels only, and
// Asterisk's detectors inside Asterisk: neither is in a Debian package.
var peers = []struct {
	name string
	rows []string
}{
	{"spandsp", []string{"digits, line", "caller ID", "call progress", "call progress, speech", "fax tones", "echo, linear", "echo with NLP", "concealment"}},
	{"speex", []string{"echo, linear", "echo with NLP", "echo, 512 taps", "jitter buffer"}},
}

// withPeers makes the laboratories that run a peer in place of linelab.
func (l *lab) withPeers() (map[string]*lab, error) {
	program, plans := filepath.Join(filepath.Dir(l.linelab), "peers"), l.at("plans")
	sources, _ := filepath.Glob("scripts/lab/peers/*.c")
	if out, err := exec.Command("gcc", append(sources, "-O2", "-o", program, "-lspandsp", "-lspeexdsp", "-lm")...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the peers do not compile (Debian's libspandsp-dev and libspeexdsp-dev are needed): %s", last(out, 400))
	}
	if err := writePlans(plans); err != nil {
		return nil, err
	}
	all := map[string]*lab{}
	for _, p := range peers {
		other := *l
		other.linelab, other.first, other.env = program, []string{p.name}, []string{"PLANS=" + plans}
		other.out = l.at(p.name)
		if err := os.MkdirAll(other.out, 0o777); err != nil {
			return nil, err
		}
		all[p.name] = &other
	}
	return all, nil
}

// besides prints what the peers reach in a row.
func besides(all map[string]*lab, r row) {
	for _, p := range peers {
		l := all[p.name]
		if l == nil || !slices.Contains(p.rows, r.part) {
			continue
		}
		figures, _, err := r.run(l)
		if err != nil {
			figures = err.Error()
		}
		fmt.Printf("%-29s %s: %s\n", "", p.name, figures)
	}
}

// writePlans tells the tones of all countries to spandsp: a line of a name and, of
// each step of the cadence, two frequencies and ms.
func writePlans(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, code := range tone.Countries() {
		plan, _ := tone.Plan(code)
		var b strings.Builder
		for s := tone.Dial; s <= tone.SIT; s++ {
			if s == tone.CallWaiting || s == tone.Stutter {
				continue
			}
			name := s.String()
			if s == tone.Ringback {
				name = "ring"
			}
			fmt.Fprint(&b, name)
			for _, step := range plan.Signals[s].Steps {
				fmt.Fprintf(&b, " %.0f %.0f %d", math.Round(float64(step.Hz[0])), math.Round(float64(step.Hz[1])), step.Ms)
			}
			fmt.Fprintln(&b)
		}
		if err := os.WriteFile(filepath.Join(dir, code), []byte(b.String()), 0o666); err != nil {
			return err
		}
	}
	return nil
}
