package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// Of a day: people stop calling before its end, so that everything can end.
const (
	dayMS   = 24 * 3600 * 1000
	quietMS = dayMS - 40*60*1000
)

// town is an office and the world around it, by seed.
type town struct {
	office  office
	box     *paper.Box
	check   paper.Checker
	rnd     *rand.Rand
	agenda  core.Agenda[func()]
	at      int64
	wall    int64 // of at 0
	life    int   // counts power cuts: what was planned in a former life does not happen
	legs    map[id.Leg]*end
	verbose bool

	registered map[id.Station]bool
	days       int
	steps      int
	cuts       int
	broken     error
}

// end is the far end of a leg: a line, a telephone and its person.
type end struct {
	id       id.Leg
	port     id.Port
	offered  bool
	answered bool
	gone     bool // ended for the world
	play     id.Play
	with     id.Leg
	recorded id.Call
}

func newTown(o office, seed uint64, verbose bool) *town {
	r := rand.New(rand.NewPCG(seed, 't'))
	start := time.Date(2026, time.Month(1+r.IntN(12)), 1+r.IntN(28), 0, 0, 0, 0, time.UTC)
	if r.IntN(4) == 0 {
		start = time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC) // the clocks change in Europe in the second night
	}
	return &town{
		office: o, box: paper.New(), rnd: r, wall: start.UnixMilli(), legs: map[id.Leg]*end{}, verbose: verbose,
		registered: map[id.Station]bool{},
	}
}

// live lives some days and holds the day's balance after each.
func (t *town) live(days int) error {
	t.tell(&event.SettingsCommitted{Rev: 1, Doc: t.office.doc})
	t.start()
	for day := range int64(days) {
		t.plan(day * dayMS)
		t.until((day + 1) * dayMS)
		if t.broken != nil {
			return t.broken
		}
		t.days++
		if err := t.balance(); err != nil {
			return fmt.Errorf("end of day %d: %w", day+1, err)
		}
	}
	return nil
}

// until lets everything happen that is due.
func (t *town) until(end int64) {
	for t.broken == nil {
		at, ok := t.agenda.Peek()
		if !ok || at >= end {
			break
		}
		_, happen, _ := t.agenda.Next()
		t.at = at
		happen()
	}
	t.at = end
}

// later has something happen after a while, unless the power fails before.
func (t *town) later(afterMS int64, happen func()) {
	life := t.life
	t.agenda.Note(t.at+max(afterMS, 1), func() {
		if life == t.life {
			happen()
		}
	})
}

// between is a random time.
func (t *town) between(least, most int64) int64 { return least + t.rnd.Int64N(most-least+1) }

// chance is true once in n.
func (t *town) chance(n int) bool { return t.rnd.IntN(n) == 0 }

func (t *town) now() core.Time { return core.Time{At: t.at, Wall: t.wall + t.at} }

// tell gives the box a fact and carries out what it orders.
func (t *town) tell(e event.Event) {
	if t.broken != nil {
		return
	}
	orders, said := t.box.Step(t.now(), e)
	t.carry(orders, said)
}

func (t *town) command(feature string, c core.Command) {
	orders, said, err := t.box.Command(t.now(), "sim", feature, c)
	if err == nil {
		t.carry(orders, said)
	}
}

func (t *town) carry(orders []order.Order, said []event.Event) {
	t.steps++
	if t.verbose {
		for _, e := range said {
			fmt.Printf("%10.1f %s\n", float64(t.at)/1000, paper.Sentence(e))
		}
		for _, o := range orders {
			fmt.Printf("%10.1f   > %s\n", float64(t.at)/1000, paper.Sentence(o))
		}
	}
	if err := t.check.Check(t.box, said, orders); err != nil {
		t.broken = fmt.Errorf("at %.1f s: %w", float64(t.at)/1000, err)
		return
	}
	for _, o := range orders {
		t.do(o)
	}
}

// balance of a day: nothing is left, replay is equal, figures recount.
func (t *town) balance() error {
	if n := len(t.box.Book.Calls()); n > 0 {
		c := t.box.Book.Calls()[0]
		return fmt.Errorf("%d calls are left, the first %d at %s since %.1f s", n, c.ID, c.Where, float64(c.Since)/1000)
	}
	if len(t.legs) > 0 {
		return fmt.Errorf("%d legs are left", len(t.legs))
	}
	if t.check.Began != t.check.Ended {
		return fmt.Errorf("I4: %d calls began, %d ended", t.check.Began, t.check.Ended)
	}
	if err := t.recount(); err != nil {
		return err
	}
	return t.replay()
}

// replay reads the journal back, as bytes, into a new box.
func (t *town) replay() error {
	twin, err := t.box.Replayed()
	if err != nil {
		return err
	}
	if d := t.box.Differs(twin); d != "" {
		return fmt.Errorf("replay differs: %s", d)
	}
	return nil
}

// last are the facts before the end.
func (t *town) last() string {
	var b strings.Builder
	journal := t.box.Journal
	for _, e := range journal[max(0, len(journal)-25):] {
		fmt.Fprintf(&b, "%10.1f %s\n", float64(e.Now.At)/1000, paper.Sentence(e.Fact))
	}
	return b.String()
}
