package main

import "testing"

// A few days of every run of the tests; make days lives through hundreds.
func TestSomeDays(t *testing.T) {
	for _, file := range []string{"", "../../../scripts/demo/office.yaml", "../../../scripts/bench/office.yaml"} {
		if err := run(1, 4, 8, file, false); err != nil {
			t.Error(err)
		}
	}
}

// The same seed gives the same day: what breaks can be looked at again.
func TestSeedRepeats(t *testing.T) {
	lives := [2]string{}
	for i := range lives {
		office, err := officeOf("", 7)
		if err != nil {
			t.Fatal(err)
		}
		town := newTown(office, 7, false)
		if err := town.live(1); err != nil {
			t.Fatal(err)
		}
		lives[i] = town.last()
	}
	if lives[0] != lives[1] || lives[0] == "" {
		t.Errorf("two lives of one seed end differently:\n%s\n%s", lives[0], lives[1])
	}
}
