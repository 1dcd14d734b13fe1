package simboard

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// Step is one fault of a script: when, where, what and for how long.
type Step struct {
	AtMS  int    `json:"at_ms"` // from the start of the script
	Where string `json:"where"` // "fxo2", "fxs1", "board"
	Fault Fault  `json:"fault"`
	ForMS int    `json:"for_ms,omitempty"` // 0 for what happens once
}

func (s Step) String() string {
	if s.ForMS == 0 {
		return fmt.Sprintf("%.2f s: %s: %s", float64(s.AtMS)/1000, s.Where, s.Fault)
	}
	return fmt.Sprintf("%.2f s: %s: %s for %.2f s", float64(s.AtMS)/1000, s.Where, s.Fault, float64(s.ForMS)/1000)
}

// Script is what goes wrong, in the order of time.
type Script []Step

func (s Script) String() string {
	lines := make([]string, 0, len(s))
	for _, step := range s {
		lines = append(lines, step.String())
	}
	return strings.Join(lines, "; ")
}

// Bounds of a script, so that a board that is being tried comes to rest again.
const (
	stepsMax  = 100
	scriptMax = time.Hour
)

// check refuses what cannot be played.
func (s Script) check() error {
	if len(s) > stepsMax {
		return fmt.Errorf("simboard: a script has at most %d steps", stepsMax)
	}
	for _, step := range s {
		t, err := trouble(step.Where, step.Fault)
		if err != nil {
			return err
		}
		if step.AtMS < 0 || step.ForMS < 0 || step.AtMS+step.ForMS > int(scriptMax/time.Millisecond) {
			return fmt.Errorf("simboard: %s: a script lasts an hour at most", step)
		}
		if t.Lasts == (step.ForMS == 0) {
			return fmt.Errorf("simboard: %s: for_ms belongs to what lasts, and only to it", step)
		}
	}
	return nil
}

// Place tells whether faults can happen at a place.
func Place(at string) bool { return placeOf(at) != "" }

// Random is a script by seed: so many faults of any kind at any of the places,
// spread over a time, each lasting up to the longest.
func Random(seed uint64, faults int, places []string, over, longest time.Duration) Script {
	r := rand.New(rand.NewPCG(seed, 0xFA17))
	var s Script
	for range faults {
		where := places[r.IntN(len(places))]
		var kinds []Trouble
		for _, t := range Troubles {
			if _, err := trouble(where, t.Fault); err == nil && t.On == placeOf(where) {
				kinds = append(kinds, t)
			}
		}
		t := kinds[r.IntN(len(kinds))]
		step := Step{AtMS: 10 * r.IntN(int(over/(10*time.Millisecond))+1), Where: where, Fault: t.Fault}
		if t.Lasts {
			step.ForMS = 10 * (20 + r.IntN(max(1, int(longest/(10*time.Millisecond))-19)))
		}
		s = append(s, step)
	}
	slices.SortStableFunc(s, func(a, b Step) int { return cmp.Compare(a.AtMS, b.AtMS) })
	return s
}

// Play makes a script happen from the next step of the board on, in place of one
// that is still played, whose faults are mended.
func (s *Hardware) Play(script Script) error {
	if err := script.check(); err != nil {
		return err
	}
	s.player.begin(s, script)
	return nil
}

// Playing tells whether a script is not over yet.
func (s *Hardware) Playing() bool { return s.player.busy() }
