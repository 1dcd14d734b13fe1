package paper

import (
	"fmt"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Drive is a box for tests of one feature: every step answers with a transcript,
// and breaks the test where an invariant does.
type Drive struct {
	*Box
	check Checker
	fail  func(format string, args ...any)
	Wall  int64 // Unix ms at second 0
}

// NewDrive starts a box with an office; fail ends the test.
func NewDrive(office string, fail func(format string, args ...any)) *Drive {
	d := &Drive{Box: New(), fail: fail, Wall: storyStart}
	d.At(0, &event.SettingsCommitted{Rev: 1, Doc: []byte(office)})
	d.At(0, &event.BoxStarted{})
	if len(d.Book.Office().Office.Name) == 0 {
		fail("the office is not understood")
	}
	return d
}

// Now is the time of the core at a second.
func (d *Drive) Now(seconds float64) core.Time {
	at := int64(seconds * 1000)
	return core.Time{At: at, Wall: d.Wall + at}
}

// At steps one fact and tells what was said and ordered, a sentence a line.
func (d *Drive) At(seconds float64, e event.Event) string {
	orders, said := d.Step(d.Now(seconds), e)
	if err := d.check.Check(d.Box, said, orders); err != nil {
		d.fail("at %.1f s, %s: %v", seconds, Sentence(e), err)
	}
	var b strings.Builder
	for _, e := range said {
		fmt.Fprintln(&b, Sentence(e))
	}
	for _, o := range orders {
		fmt.Fprintln(&b, Sentence(o))
	}
	return b.String()
}

// Ask gives a command and tells what was said, or the refusal's code.
func (d *Drive) Ask(seconds float64, feature string, c core.Command) string {
	orders, said, err := d.Command(d.Now(seconds), "test", feature, c)
	if r, ok := err.(*core.Refusal); ok {
		return "refused " + r.Code
	}
	if err := d.check.Check(d.Box, said, orders); err != nil {
		d.fail("at %.1f s, %s: %v", seconds, Sentence(c), err)
	}
	var b strings.Builder
	for _, e := range said {
		fmt.Fprintln(&b, Sentence(e))
	}
	for _, o := range orders {
		fmt.Fprintln(&b, Sentence(o))
	}
	return b.String()
}

// Offer makes a leg at a port and gives its number and the transcript.
func (d *Drive) Offer(seconds float64, port id.Port, to string) (id.Leg, string) {
	l := id.Leg(d.Core.Number())
	return l, d.At(seconds, &event.LegOffered{Leg: l, Port: port, From: "600123123", To: to})
}

// LegOn is the newest leg on a port, 0 if none.
func (d *Drive) LegOn(port id.Port) id.Leg {
	for i := len(d.Journal) - 1; i >= 0; i-- {
		if e, ok := d.Journal[i].Fact.(*event.LegBegan); ok && e.Port == port {
			return e.Leg
		}
	}
	return 0
}
