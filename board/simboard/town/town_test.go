package town

import (
	"strings"
	"testing"
	"time"

	"centralita/hal/sim/wire"
)

// copper is a board without chips: each pair is shared by a line and a handset
// of the same number, so that the town's telephones hang on the town's exchange.
// A test that wants to be the box takes the pair of a line without handset.
type copper struct {
	pairs map[string]*wire.Pair
	step  func(uint64)
	frame uint64
}

func newCopper() *copper {
	c := &copper{pairs: map[string]*wire.Pair{}}
	for _, n := range "123456" {
		c.pairs[string(n)] = &wire.Pair{}
	}
	return c
}

func (c *copper) Line(name string) *wire.Pair    { return c.pairs[strings.TrimPrefix(name, "fxo")] }
func (c *copper) Handset(name string) *wire.Pair { return c.pairs[strings.TrimPrefix(name, "fxs")] }
func (c *copper) OnStep(f func(uint64))          { c.step = f }

// street is a town on bare copper, stepped by the test.
type street struct {
	t *testing.T
	*Town
	copper *copper
	line   *Line
	set    *Handset
	pair   *wire.Pair
}

// noon is the moment every message of the tests shows.
var noon = time.Date(2026, 3, 7, 12, 34, 0, 0, time.UTC)

// newStreet has telephones fxs1 and fxs2 on lines fxo1 and fxo2; fxo3 and fxo4
// are for the test to be the box on.
func newStreet(t *testing.T, country string) *street {
	t.Helper()
	c := newCopper()
	tw, err := New(c, Config{Country: country, Seed: 1, Handsets: []string{"fxs1", "fxs2"}, Dir: t.TempDir(), Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tw.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &street{t: t, Town: tw, copper: c, line: tw.lines[0], set: tw.handsets[0], pair: c.pairs["1"]}
	s.run(10 * time.Millisecond)
	return s
}

func (s *street) step() {
	s.copper.step(s.copper.frame)
	s.copper.frame++
}

// run steps for a time.
func (s *street) run(d time.Duration) {
	for range d / (10 * time.Millisecond) {
		s.step()
	}
}

// until steps until a condition holds and returns how long it took.
func (s *street) until(what string, most time.Duration, cond func() bool) time.Duration {
	s.t.Helper()
	for d := time.Duration(0); d <= most; d += 10 * time.Millisecond {
		if cond() {
			return d
		}
		s.step()
	}
	s.t.Fatalf("%s: not within %v; line %+v; handset %+v", what, most, s.line.state(), s.set.state())
	return 0
}

// wish steps once and returns what came of a wish.
func (s *street) wish(p Pending) error {
	s.step()
	return <-p
}

func (s *street) must(p Pending) {
	s.t.Helper()
	if err := s.wish(p); err != nil {
		s.t.Fatal(err)
	}
}

func (s *street) refuse(code string, p Pending) {
	s.t.Helper()
	err := s.wish(p)
	r, ok := err.(*Refusal)
	if !ok || r.Code != code {
		s.t.Fatalf("got %v, want a refusal %s", err, code)
	}
}

func (s *street) phaseIs(p phase) func() bool { return func() bool { return s.line.phase == p } }

// near fails when a duration is off by more than tol.
func near(t *testing.T, what string, got, want, tol time.Duration) {
	t.Helper()
	if got < want-tol || got > want+tol {
		t.Errorf("%s took %v, want %v ± %v", what, got, want, tol)
	}
}
