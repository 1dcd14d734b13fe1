package settings

import (
	"slices"
	"strings"
	"time"
)

// Lifeline is what is set for the relay between a line and a handset.
type Lifeline struct {
	// Test is when the relay is tested: "sunday 04:00" (default), "daily 04:00" or
	// "never". A test waits until line and telephone are idle.
	Test string `yaml:"test,omitempty" json:"test"`
}

// lifelineTest is when the relay is tested where nothing is set: at the hour and
// day with the fewest calls.
const lifelineTest = "sunday 04:00"

// daily stands for every day of the week.
const daily = "daily"

var testDays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", daily}

// Next is the next time of a test after a moment, in its zone; false when there is
// none.
func (l Lifeline) Next(after time.Time) (time.Time, bool) {
	day, clock, ok := l.when()
	if !ok {
		return time.Time{}, false
	}
	for n := range 9 { // a week and a day: a clock that changes may skip an hour
		at := time.Date(after.Year(), after.Month(), after.Day()+n, clock.Hour(), clock.Minute(), 0, 0, after.Location())
		if at.After(after) && (testDays[day] == daily || at.Weekday() == time.Weekday(day)) {
			return at, true
		}
	}
	return time.Time{}, false
}

// when reads the setting: the index of the day and the time of day.
func (l Lifeline) when() (day int, clock time.Time, ok bool) {
	test := l.Test
	if test == "" {
		test = lifelineTest
	}
	word, at, _ := strings.Cut(test, " ")
	clock, err := time.Parse("15:04", at)
	day = slices.Index(testDays, word)
	return day, clock, err == nil && day >= 0
}

func (v *validator) lifeline() {
	l := v.t.Box.Lifeline
	if _, _, ok := l.when(); !ok && l.Test != "never" {
		v.add("box.lifeline.test", l.Test, "lifeline-test")
	}
}
