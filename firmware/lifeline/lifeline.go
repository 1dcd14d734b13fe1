// Package lifeline keeps what is known of the relay between a line and a handset:
// where it lies, when it was tested and how that went, and when it is tested next.
//
// firmware/app holds the relay and carries tests out; it asks here whether one is
// due, tells what came of it, and learns whether line and telephone speak with
// each other. The package moves nothing itself.
package lifeline

import (
	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
)

// Feature is the plug. It stands behind "alarm" in the list, which at a start
// clears what the run before had raised.
var Feature = feature.Feature{
	Name: "lifeline",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "test", New: func() core.Command { return new(Test) }, Role: access.Owner, Help: "help.lifeline.test"},
	},
	Views: []feature.View{{
		Name: "lifeline", Role: access.Agent, Help: "help.lifeline.lifeline",
		Kinds: []string{"LifelineMoved", "LifelineTestDue", "LifelineTested", "SettingsCommitted"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Keeper).look() },
	}},
}

// alarmKey of the lasting condition.
const alarmKey = "lifeline"

// faults are the words for what a test found.
var faults = map[string]string{
	"no-line": "alarm.lifeline-no-line", "stuck": "alarm.lifeline-stuck", "dead": "alarm.lifeline-dead", "lost": "alarm.lifeline-lost",
}

// Test asks for a test as soon as line and telephone are idle.
type Test struct{}

// Keeper is what is known; New makes it.
type Keeper struct {
	book *call.Book

	fitted  bool // the board of this run has one
	line    id.Port
	handset id.Port
	held    bool
	why     string
	wanted  bool   // a test is due and not done
	wishes  uint64 // how often one became due in this run
	next    int64  // of the loop's clock: the next test by plan, 0 none
	nextAt  int64  // the same, of the wall clock
	last    *event.LifelineTested
	lastAt  int64 // wall clock
	alarmed bool
}

// New makes it.
func New(b *call.Book) *Keeper { return &Keeper{book: b} }

// Due is when a test is to be asked for.
func (k *Keeper) Due() int64 {
	if !k.fitted || k.wanted {
		return 0
	}
	return k.next
}

// Apply remembers.
func (k *Keeper) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.BoxStarted:
		k.fitted, k.held, k.wanted, k.wishes = false, false, false, 0
		k.plan(now)
	case *event.SettingsCommitted, *event.ClockStepped:
		k.plan(now)
	case *event.LifelineMoved:
		k.fitted, k.line, k.handset, k.held, k.why = true, e.Line, e.Handset, e.Held, e.Why
	case *event.LifelineTestDue:
		if !k.wanted {
			k.wanted = true
			k.wishes++
		}
		k.plan(now)
	case *event.LifelineTested:
		k.wanted, k.last, k.lastAt = false, e, now.Wall
	case *event.AlarmRaised:
		k.alarmed = k.alarmed || e.Key == alarmKey
	case *event.AlarmCleared:
		k.alarmed = k.alarmed && e.Key != alarmKey
	}
}

// plan finds the next test.
func (k *Keeper) plan(now core.Time) {
	k.next, k.nextAt = 0, 0
	if at, ok := k.book.Office().Box.Lifeline.Next(k.book.Local(now.Wall)); ok {
		k.nextAt = at.UnixMilli()
		k.next = now.At + k.nextAt - now.Wall
	}
}

// React asks for tests that are due, and raises and clears the alarm.
func (k *Keeper) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.Woke:
		if due := k.Due(); due != 0 && now.At >= due {
			out.Say(&event.LifelineTestDue{})
		}
	case *event.BoxStarted:
		if k.last != nil {
			k.judge(k.last, out)
		}
	case *event.LifelineTested:
		k.judge(e, out)
	}
}

// judge raises the alarm of a test that failed; a good one clears it.
func (k *Keeper) judge(e *event.LifelineTested, out *core.Out) {
	switch {
	case faults[e.Fault] != "":
		out.Say(&event.AlarmRaised{Key: alarmKey, Severity: "major", Text: faults[e.Fault], Args: []string{string(k.line), string(k.handset)}})
	case k.alarmed:
		out.Say(&event.AlarmCleared{Key: alarmKey})
	}
}

// Decide takes the command.
func (k *Keeper) Decide(_ core.Time, who id.Person, c core.Command, out *core.Out) error {
	if _, ok := c.(*Test); !ok {
		return core.Refuse("unknown-command")
	}
	if !k.fitted {
		return core.Refuse("no-lifeline")
	}
	if !k.wanted {
		out.Say(&event.LifelineTestDue{Who: who})
	}
	return nil
}

// Wanted is the number of the wish for a test that is to be carried out, 0 for none.
// A later wish has another number, so that who looks seldom does not take it for the
// one before.
func (k *Keeper) Wanted() uint64 {
	if !k.wanted {
		return 0
	}
	return k.wishes
}

// Joined tells that the line and the telephone of the lifeline speak with each
// other: a box that stops lets the relay fall and leaves the call to them.
func (k *Keeper) Joined() bool {
	legs := k.book.LegsByPort()
	line, set := legs[k.line], legs[k.handset]
	if !k.fitted || line == nil || set == nil {
		return false
	}
	c := k.book.CallOfLeg(line.ID)
	return c != nil && k.book.Speaks(line.ID, c) && k.book.Speaks(set.ID, c)
}

// Picture is the view.
type Picture struct {
	Fitted  bool     `json:"fitted"`
	Line    id.Port  `json:"line"`
	Handset id.Port  `json:"handset"`
	Held    bool     `json:"held"` // the telephone is the box's; else it is on the line
	Why     string   `json:"why"`
	Wanted  bool     `json:"wanted"` // a test waits for line and telephone to be idle
	Next    int64    `json:"next"`   // Unix ms of the next test by plan, 0 none
	Last    *Outcome `json:"last"`   // of the last test, null before the first
}

// Outcome is a test that was done.
type Outcome struct {
	At     int64   `json:"at"`    // Unix ms
	Fault  string  `json:"fault"` // "" good, no-line, stuck, dead, lost
	Volts  float64 `json:"volts"`
	FallMS int64   `json:"fall_ms"`
	PullMS int64   `json:"pull_ms"`
}

func (k *Keeper) look() Picture {
	p := Picture{Fitted: k.fitted, Line: k.line, Handset: k.handset, Held: k.held, Why: k.why, Wanted: k.wanted, Next: k.nextAt}
	if k.last != nil {
		p.Last = &Outcome{k.lastAt, k.last.Fault, k.last.Volts, k.last.FallMS, k.last.PullMS}
	}
	return p
}
