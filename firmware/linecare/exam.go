package linecare

import (
	"slices"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// Test begins a guided test of a line: with another line of the box, or with an
// outside number. With neither it is the line's own test number, and where none is
// set the box finds a free line.
type Test struct {
	Port   id.Port `json:"port"`
	With   id.Port `json:"with,omitempty"`
	Number string  `json:"number,omitempty"`
}

// Stop ends it.
type Stop struct {
	Port id.Port `json:"port"`
}

// exam is the last test of a line.
type exam struct {
	with      id.Port
	number    string
	who       id.Person
	beganAt   int64
	endedWall int64
	step      string
	percent   uint8
	result    string // "" while it runs
}

func (c *Care) applyExam(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.LineTestBegan:
		if len(c.exam) < portsMax {
			c.exam[e.Port] = &exam{with: e.With, number: e.Number, who: e.Who, beganAt: now.At, step: "dial"}
		}
	case *event.LineTestMoved:
		if x := c.exam[e.Port]; x != nil {
			x.step, x.percent = e.Step, e.Percent
		}
	case *event.LineTestEnded:
		if x := c.exam[e.Port]; x != nil && x.result == "" {
			x.result, x.endedWall, x.step = e.Result, now.Wall, "over"
			if e.Result == "done" {
				x.percent = 100
			}
		}
	case *event.LineTuned:
		if len(c.tuned) < portsMax {
			c.tuned[e.Port] = e
		}
	}
}

// retune gives the lines what tests have chosen for them.
func (c *Care) retune(out *core.Out) {
	ports := make([]id.Port, 0, len(c.tuned))
	for p := range c.tuned {
		ports = append(ports, p)
	}
	slices.Sort(ports)
	for _, p := range ports {
		t := c.tuned[p]
		out.Do(order.TuneLine{Port: p, Impedance: t.Impedance, Hybrid: t.Hybrid, Capture: t.Capture})
	}
}

// abandon ends tests that the run before left open.
func (c *Care) abandon(out *core.Out) {
	if port, ok := c.running(); ok {
		out.Say(&event.LineTestEnded{Port: port, Result: "cancelled", Text: "the box was started again"})
	}
}

// running is the line whose test is not over; there is one at most.
func (c *Care) running() (id.Port, bool) {
	for p, x := range c.exam {
		if x.result == "" {
			return p, true
		}
	}
	return "", false
}

// begin decides whether a line can be tested now.
func (c *Care) begin(who id.Person, t *Test, out *core.Out) error {
	if p, ok := c.running(); ok {
		return core.Refuse("test-runs", string(p))
	}
	if err := c.free(t.Port); err != nil {
		return err
	}
	e := &event.LineTestBegan{Port: t.Port, With: t.With, Number: digits(t.Number), Who: who}
	if e.Number == "" && e.With == "" {
		l, _ := c.book.Office().LineByPort(t.Port)
		e.Number = digits(l.TestNumber)
	}
	if e.Number == "" && e.With == "" {
		e.With = c.partner(t.Port)
		if e.With == "" {
			return core.Refuse("test-partner", string(t.Port))
		}
	}
	if e.With != "" {
		if e.With == t.Port {
			return core.Refuse("test-itself", string(t.Port))
		}
		if err := c.free(e.With); err != nil {
			return err
		}
		for _, x := range []struct {
			port id.Port
			to   *string
		}{{e.With, &e.Number}, {t.Port, &e.Back}} {
			if *x.to == "" {
				*x.to = c.number(x.port)
			}
			if *x.to == "" {
				return core.Refuse("test-number", string(x.port))
			}
		}
	}
	out.Say(e)
	out.Do(order.TestLine{Port: e.Port, With: e.With, Number: e.Number, Back: e.Back})
	return nil
}

func (c *Care) stop(s *Stop, out *core.Out) error {
	p, ok := c.running()
	if !ok || p != s.Port && c.exam[p].with != s.Port {
		return core.Refuse("test-none", string(s.Port))
	}
	out.Do(order.StopTest{Port: p})
	return nil
}

// free refuses a line that cannot be tested now.
func (c *Care) free(p id.Port) error {
	switch {
	case p.Kind() != "fxo" || !slices.Contains(c.book.Ports("fxo"), p):
		return core.Refuse("test-no-line", string(p))
	case !c.book.Healthy(p):
		return core.Refuse("test-line-down", string(p))
	case !c.book.PortFree(p):
		return core.Refuse("test-line-busy", string(p))
	}
	return nil
}

// partner is another line that is free and whose number is known, "" none.
func (c *Care) partner(of id.Port) id.Port {
	for _, p := range c.book.Ports("fxo") {
		if p != of && c.number(p) != "" && c.free(p) == nil {
			return p
		}
	}
	return ""
}

// number is what another line dials to reach this one.
func (c *Care) number(p id.Port) string {
	l, _ := c.book.Office().LineByPort(p)
	return digits(l.Number)
}

// digitsMax is the longest number of E.164 with an access code.
const digitsMax = 24

// digits are those of a number as people write it; a plus or letters are no number
// that a line can dial.
func digits(number string) string {
	kept := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -./()", r) {
			return -1
		}
		return r
	}, number)
	if len(kept) > digitsMax || strings.Trim(kept, "0123456789*#,") != "" {
		return ""
	}
	return kept
}

// Exams is the view "tests".
type Exams struct {
	Tests []Exam `json:"tests"`
}

// Exam is the last test of a line.
type Exam struct {
	Port      id.Port   `json:"port"`
	With      id.Port   `json:"with"`
	Number    string    `json:"number"`
	Who       id.Person `json:"who"`
	BeganAt   int64     `json:"began_at"`
	EndedWall int64     `json:"ended_wall"` // 0 while it runs
	Step      string    `json:"step"`
	Percent   uint8     `json:"percent"`
	Result    string    `json:"result"` // "" while it runs
}

func (c *Care) exams() Exams {
	v := Exams{Tests: []Exam{}}
	for p, x := range c.exam {
		v.Tests = append(v.Tests, Exam{p, x.with, x.number, x.who, x.beganAt, x.endedWall, x.step, x.percent, x.result})
	}
	slices.SortFunc(v.Tests, func(a, b Exam) int { return strings.Compare(string(a.Port), string(b.Port)) })
	return v
}
