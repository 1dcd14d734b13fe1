package simboard_test

import (
	"reflect"
	"testing"
	"time"

	"centralita/board/simboard"
)

var everywhere = []string{"fxo1", "fxo2", "fxs1", "fxs2", simboard.WholeBoard, simboard.LifelineRelay}

// TestRandomScripts: the same seed gives the same script, seeds give all faults of
// the catalogue, and every script can be played.
func TestRandomScripts(t *testing.T) {
	s, err := simboard.New(simboard.Options{Lifeline: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[simboard.Trouble]bool{}
	for seed := range uint64(400) {
		script := simboard.Random(seed, 3, everywhere, 2*time.Second, 3*time.Second)
		if again := simboard.Random(seed, 3, everywhere, 2*time.Second, 3*time.Second); !reflect.DeepEqual(script, again) {
			t.Fatalf("seed %d: %s, then %s", seed, script, again)
		}
		if err := s.Play(script); err != nil {
			t.Fatal(err)
		}
		for _, step := range script {
			on := map[byte]string{'o': "line", 's': "handset", 'a': simboard.WholeBoard, 'f': simboard.LifelineRelay}[step.Where[2]]
			seen[simboard.Trouble{Fault: step.Fault, On: on, Lasts: step.ForMS > 0}] = true
		}
	}
	for _, trouble := range simboard.Troubles {
		if !seen[trouble] {
			t.Errorf("%+v never happens", trouble)
		}
	}
}

// TestPlay: faults come and go at their time, two of a kind that overlap are one,
// and afterwards nothing is wrong.
func TestPlay(t *testing.T) {
	s, err := simboard.New(simboard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Play(simboard.Script{
		{AtMS: 100, Where: "fxo1", Fault: simboard.Cut, ForMS: 200},
		{AtMS: 200, Where: "fxo1", Fault: simboard.Cut, ForMS: 300},
		{AtMS: 250, Where: "fxs2", Fault: simboard.Dead, ForMS: 50},
	})
	if err != nil {
		t.Fatal(err)
	}
	cut, dead := 0, 0
	for n := range 100 {
		s.Step()
		if s.Line("fxo1").Cut {
			cut++
		}
		if len(s.Wrong()["fxs2"]) > 0 {
			dead++
		}
		if n < 50 != s.Playing() {
			t.Errorf("step %d: playing %t", n, s.Playing())
		}
	}
	if cut != 40 || dead != 5 || len(s.Wrong()) != 0 {
		t.Errorf("cut for %d frames, dead for %d, left %v", cut, dead, s.Wrong())
	}
}

// TestScriptsRefused: what cannot be is not begun.
func TestScriptsRefused(t *testing.T) {
	s, err := simboard.New(simboard.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []simboard.Step{
		{Where: "fxo9", Fault: simboard.Dead, ForMS: 10}, {Where: "fxo1", Fault: simboard.GroundFault, ForMS: 10},
		{Where: "fxo1", Fault: simboard.Dead}, {Where: "fxo1", Fault: simboard.LinkLost, ForMS: 10},
		{Where: "fxo1", Fault: simboard.LinkLost, AtMS: -1}, {Where: "fxo1", Fault: simboard.Cut, ForMS: 1 << 30},
	} {
		if s.Play(simboard.Script{step}) == nil {
			t.Errorf("%s was begun", step)
		}
	}
}
