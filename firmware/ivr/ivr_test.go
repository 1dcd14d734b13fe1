package ivr_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
)

const office = `
office: {name: Menus, country: ES, time_zone: Europe/Madrid, languages: [es, en]}
lines:
  - {name: fxo1, rings: menu/day}
  - {name: fxo2, rings: menu/night}
stations: [{extension: "101", handset: fxs1}]
hours: [{name: work, weekly: {mon-fri: ["09:00-14:00"]}, holidays: {also: ["2026-11-23"]}}]
menus:
  - {name: day, say: [welcome, press-a-digit], keys: {"1": station/101, "2": menu/english}, no_key: {after: 5s, times: 3}}
  - {name: english, language: en, say: [welcome], keys: {"1": station/101}}
  - {name: night, open: work, closed: station/101, say: [welcome], keys: {"1": menu/day}}
`

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

// A key during the question is taken at once; the menu's language stays with the
// caller.
func TestKeyDuringTheQuestion(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "fxo1", "")
	has(t, d.At(1.5, &event.LegAnswered{Leg: 1, By: "hook"}), "lang=es", "prompt/press-a-digit")
	has(t, d.At(2, &event.DigitPressed{Leg: 1, Digit: "2"}), "Stop leg=1", "why=\"key 2\"", "Play leg=1 play=4 lang=en")
}

// Wrong keys and no keys count together; then the box says goodbye and hangs up
// when that has been heard, or after a while when its end is not told.
func TestGivesUp(t *testing.T) {
	for _, heard := range []bool{true, false} {
		d := paper.NewDrive(office, t.Fatalf)
		d.Offer(1, "fxo1", "")
		d.At(1.5, &event.LegAnswered{Leg: 1, By: "hook"})
		has(t, d.At(3, &event.DigitPressed{Leg: 1, Digit: "9"}), "try=2", "prompt/not-a-choice")
		d.At(8, &event.PlayEnded{Leg: 1, Play: 4})
		has(t, d.At(13, &event.Woke{}), "try=3")
		has(t, d.At(15, &event.DigitPressed{Leg: 1, Digit: "*"}), "MenuLeft", "prompt/goodbye")
		text := ""
		if heard {
			text = d.At(18, &event.PlayEnded{Leg: 1, Play: 6})
		} else {
			text = d.At(31, &event.Woke{})
		}
		has(t, text, "CallEnded call=2 cause=normal", "Hangup leg=1")
	}
}

// A question whose end is never told does not hold the caller for ever.
func TestQuestionWithoutEnd(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "fxo1", "")
	d.At(1.5, &event.LegAnswered{Leg: 1, By: "hook"})
	has(t, d.At(190, &event.Woke{}), "MenuAsked call=2 menu=day try=1 until=195.0s")
}

// A line that cannot be answered ends its call.
func TestNotAnswered(t *testing.T) {
	d := paper.NewDrive(office, t.Fatalf)
	d.Offer(1, "fxo1", "")
	has(t, d.At(12, &event.Woke{}), "cause=timeout", "Hangup leg=1")
}

// Office hours are those on the office's wall: Friday open, the weekend and a
// holiday not.
func TestHours(t *testing.T) {
	const day = 24 * 3600
	for at, open := range map[float64]bool{1: true, 4 * 3600: false, day: false, 3 * day: false, 4 * day: true, 5*day - 3601: false} {
		d := paper.NewDrive(office, t.Fatalf)
		_, text := d.Offer(at, "fxo2", "")
		if got := strings.Contains(text, "MenuAsked"); got != open {
			t.Errorf("after %.0f s: open %v\n%s", at, got, text)
		}
	}
}
