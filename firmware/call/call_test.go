package call_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
)

const office = `
office: {name: Book, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines:
  - {name: fxo1, rings: station/101}
  - {name: fxo2, rings: menu/loop}
  - {name: fxo3, rings: voicemail/none}
  - {name: fxo4, rings: menu/keys}
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "102", handset: fxs2}
  - {extension: "201", sip: {password: x}}
hours: [{name: never, weekly: {}}]
menus:
  - {name: loop, open: never, closed: menu/pool, say: [welcome], keys: {"1": station/101}}
  - {name: pool, open: never, closed: menu/loop, say: [welcome], keys: {"1": station/101}}
  - {name: keys, say: [welcome], keys: {"1": station/102, "2": station/999}}
dial_plan:
  inside: [{dial: "9XX", to: station/1XX, record: true}]
  outside: [{prefix: "0", through: [fxo1]}]
`

func drive(t *testing.T) *paper.Drive { return paper.NewDrive(office, t.Fatalf) }

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

// Menus that point at each other end, and so does a call sent where nobody holds.
func TestNoCallIsLost(t *testing.T) {
	d := drive(t)
	_, text := d.Offer(1, "fxo2", "")
	has(t, text, "cause=congestion")
	if n := strings.Count(text, "CallRouted"); n > 60 {
		t.Errorf("%d hand-overs", n)
	}
	_, text = d.Offer(2, "fxo3", "")
	has(t, text, "to=voicemail/none", "cause=unknown-number", "Hangup")
}

// A handset left off the hook hears busy and holds its port until it is put back;
// the call itself ended before.
func TestParkedHandset(t *testing.T) {
	d := drive(t)
	line, _ := d.Offer(1, "fxo1", "")
	d.At(3, &event.LegAnswered{Leg: 3, By: "hook"})
	text := d.At(10, &event.LegEnded{Leg: line, Cause: "loop-break"})
	has(t, text, "CallEnded call=2 cause=loop-break by=1 talkms=7000 waitms=2000", "Play leg=3", "tone/busy")
	_, text = d.Offer(20, "fxo1", "")
	has(t, text, "cause=busy")
	d.At(30, &event.LegEnded{Leg: 3, Cause: "normal"})
	_, text = d.Offer(40, "fxo1", "")
	has(t, text, "Dial leg=")
}

// A handset left off the hook for a minute is let go for its socket to howl, and
// stays busy until it is put back.
func TestForgottenHandset(t *testing.T) {
	d := drive(t)
	line, _ := d.Offer(1, "fxo1", "")
	d.At(3, &event.LegAnswered{Leg: 3, By: "hook"})
	d.At(10, &event.LegEnded{Leg: line, Cause: "loop-break"})
	has(t, d.At(71, &event.Woke{}), "LegDropped leg=3 cause=timeout", "Hangup leg=3 cause=timeout")
	d.At(71.1, &event.LineChanged{Port: "fxs1", State: "off-hook"})
	d.At(71.2, &event.LegEnded{Leg: 3, Cause: "timeout"})
	_, text := d.Offer(80, "fxo1", "")
	has(t, text, "cause=busy")
	d.At(90, &event.LineChanged{Port: "fxs1", State: "ready"})
	_, text = d.Offer(100, "fxo1", "")
	has(t, text, "Dial leg=", "pattern=external")
}

// A SIP phone that was answered hears why its call failed and is then hung up; one
// that was not is refused with the cause.
func TestFailedSIPCaller(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.PhoneChanged{Station: "201", Registered: true})
	_, text := d.Offer(1, "sip/201", "999888")
	has(t, text, "Hangup leg=1 cause=unknown-number")
}

// The outside is on the left of a recording, whoever called.
func TestRecordingSides(t *testing.T) {
	d := drive(t)
	own, _ := d.Offer(1, "fxs2", "901")
	text := d.At(3, &event.LegAnswered{Leg: d.LegOn("fxs1"), By: "hook"})
	has(t, text, "RecordingBegan call=2 file=2026/11/20/000002.wav left=1 right=3")
	text = d.At(9, &event.LegEnded{Leg: own, Cause: "normal"})
	has(t, text, "StopRecord call=2")
}

// A caller from outside whom a station does not take comes back to the menu.
func TestBackToTheMenu(t *testing.T) {
	d := drive(t)
	l, _ := d.Offer(1, "fxo4", "")
	d.At(1.5, &event.LegAnswered{Leg: l, By: "hook"})
	text := d.At(3, &event.DigitPressed{Leg: l, Digit: "2"})
	has(t, text, "to=station/999", "to=menu/keys why=unknown-number", "prompt/welcome")
	d.At(5, &event.DigitPressed{Leg: l, Digit: "1"})
	text = d.At(35, &event.Woke{})
	has(t, text, "LegDropped", "to=menu/keys why=no-answer")
}

// Reports of legs that never were, or ended before, change nothing.
func TestLateWords(t *testing.T) {
	d := drive(t)
	line, _ := d.Offer(1, "fxo1", "")
	d.At(2, &event.LegEnded{Leg: line, Cause: "normal"})
	for _, e := range []event.Event{
		&event.LegEnded{Leg: line, Cause: "normal"}, &event.LegAnswered{Leg: line}, &event.LegRinging{Leg: 99},
		&event.DigitPressed{Leg: 99, Digit: "1"}, &event.PlayEnded{Leg: 99, Play: 1}, &event.LegUpdated{Leg: 99, From: "1"},
	} {
		if text := d.At(3, e); strings.Count(text, "\n") != 1 {
			t.Errorf("%s made the box say\n%s", paper.Sentence(e), text)
		}
	}
}

// Caller ID that comes after the first ring is the call's.
func TestLateCallerID(t *testing.T) {
	d := drive(t)
	d.Offer(1, "fxo1", "")
	d.At(2, &event.LegUpdated{Leg: 1, From: "955000111", Name: "Sol"})
	if c := d.Book.Call(2); c.From != "955000111" || c.Name != "Sol" {
		t.Errorf("the call is from %q %q", c.From, c.Name)
	}
}
