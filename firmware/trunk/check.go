package trunk

import (
	"slices"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// Test asks for a test of a provider's account: its servers, its registration, its
// sound. No call is made.
type Test struct {
	Trunk string `json:"trunk"`
}

// Checks is the view "checks".
type Checks struct {
	Tests []Check `json:"tests"`
}

// Check is the last test of an account.
type Check struct {
	Trunk   string            `json:"trunk"`
	Wall    int64             `json:"wall"` // when it was asked for, or ended
	Running bool              `json:"running"`
	Steps   []event.TrunkStep `json:"steps"`
}

// Decide takes the commands.
func (t *Trunks) Decide(now core.Time, who id.Person, c core.Command, out *core.Out) error {
	test, ok := c.(*Test)
	if !ok {
		return core.Refuse("unknown-command")
	}
	if _, known := t.book.Office().TrunkByName(test.Trunk); !known {
		return core.Refuse("unknown-trunk", test.Trunk)
	}
	out.Say(&event.TrunkTestAsked{Trunk: test.Trunk, Who: who})
	out.Do(order.TestTrunk{Trunk: test.Trunk})
	return nil
}

func (t *Trunks) applyTest(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.TrunkTestAsked:
		t.tests[e.Trunk] = &Check{Trunk: e.Trunk, Wall: now.Wall, Running: true}
	case *event.TrunkTested:
		t.tests[e.Trunk] = &Check{Trunk: e.Trunk, Wall: now.Wall, Steps: e.Steps}
	case *event.BoxStarted:
		for _, c := range t.tests {
			c.Running = false
		}
	case *event.SettingsCommitted:
		for name := range t.tests {
			if _, known := t.book.Office().TrunkByName(name); !known {
				delete(t.tests, name)
			}
		}
	}
}

func (t *Trunks) lookTests() Checks {
	v := Checks{Tests: []Check{}}
	for _, k := range t.book.Office().Trunks {
		if c := t.tests[k.Name]; c != nil {
			one := *c
			one.Steps = slices.Clone(c.Steps)
			v.Tests = append(v.Tests, one)
		}
	}
	return v
}
