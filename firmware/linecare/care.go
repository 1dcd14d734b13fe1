package linecare

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/line"
	"centralita/firmware/line/profile"
	"centralita/firmware/line/release"
	"centralita/firmware/order"
	"centralita/firmware/sheet"
)

// Feature is the plug. It stands behind "alarm" in the list, which at a start
// clears what the run before had raised.
var Feature = feature.Feature{
	Name: "line",
	New:  func(b *call.Book) core.Reactor { return New(b) },
	Commands: []feature.Command{
		{Name: "test", New: func() core.Command { return new(Test) }, Role: access.Owner, Help: "help.line.test"},
		{Name: "stop", New: func() core.Command { return new(Stop) }, Role: access.Owner, Help: "help.line.stop"},
		{Name: "accept", New: func() core.Command { return new(Accept) }, Role: access.Owner, Help: "help.line.accept"},
		{Name: "cut", New: func() core.Command { return new(Cut) }, Role: access.Agent, Help: "help.line.cut"},
		{Name: "forget", New: func() core.Command { return new(Forget) }, Role: access.Owner, Help: "help.line.forget"},
	},
	Views: []feature.View{{
		Name: "profiles", Role: access.Supervisor, Help: "help.line.profiles",
		Kinds: []string{"LineMeasured", "LineAccepted", "LineForgotten", "LineTuned"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Care).profiles() },
	}, {
		Name: "tests", Role: access.Supervisor, Help: "help.line.tests",
		Kinds: []string{"LineTestBegan", "LineTestMoved", "LineTestEnded", "LineTuned"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Care).exams() },
	}},
	Papers: []feature.Paper{{
		Name: "certificate", Role: access.Supervisor, Help: "help.line.certificate",
		Of: func(r core.Reactor) []string {
			var list []string
			for _, p := range r.(*Care).book.Ports("fxo") {
				list = append(list, string(p))
			}
			return list
		},
		Draw: func(r core.Reactor, now core.Time, of string) *sheet.Draft { return r.(*Care).certificate(now, of) },
	}, {
		Name: "acceptance", Role: access.Supervisor, Help: "help.line.acceptance", Only: wholeBox,
		Of:   func(core.Reactor) []string { return []string{wholeBox} },
		Draw: func(r core.Reactor, now core.Time, of string) *sheet.Draft { return r.(*Care).acceptance(now, of) },
	}},
}

// portsMax bounds the profiles: a box has at most 15 sockets.
const portsMax = 64

// Care is the profiles of a box; New makes it.
type Care struct {
	book     *call.Book
	lines    map[id.Port]*profile.Profile
	raised   map[string]bool // keys of alarms that last
	releases []ended         // of late, oldest first
	exam     map[id.Port]*exam
	tuned    map[id.Port]*event.LineTuned
	handsets handsets
}

// New makes it.
func New(b *call.Book) *Care {
	return &Care{
		book: b, lines: map[id.Port]*profile.Profile{}, raised: map[string]bool{},
		exam: map[id.Port]*exam{}, tuned: map[id.Port]*event.LineTuned{},
		handsets: handsets{map[id.Leg]id.Port{}, map[id.Port]int64{}},
	}
}

// Accept takes what an item is now for normal.
type Accept struct {
	Port id.Port `json:"port"`
	Item string  `json:"item"`
}

// Forget begins a line's profile anew.
type Forget struct {
	Port id.Port `json:"port"`
}

// Apply folds.
func (c *Care) Apply(now core.Time, e event.Event) {
	c.handsets.apply(now, e)
	switch e := e.(type) {
	case *event.LineMeasured:
		c.noteRelease(now, e)
		p := c.lines[e.Port]
		if p == nil && len(c.lines) < portsMax {
			p = profile.New()
			c.lines[e.Port] = p
		}
		if p != nil {
			p.Learn(now.Wall, e.Readings)
		}
	case *event.LineAccepted:
		if p := c.lines[e.Port]; p != nil {
			p.Accept(e.Item)
		}
	case *event.LineForgotten:
		delete(c.lines, e.Port)
		delete(c.tuned, e.Port)
		delete(c.exam, e.Port)
	case *event.AlarmRaised:
		if ours(e.Key) {
			c.raised[e.Key] = true
		}
	case *event.AlarmCleared:
		delete(c.raised, e.Key)
	default:
		c.applyExam(now, e)
	}
}

// React raises and clears alarms.
func (c *Care) React(_ core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.BoxStarted:
		for _, p := range c.ports() {
			c.alarms(p, out)
			c.know(p, out)
		}
		c.retune(out)
		c.abandon(out)
	case *event.LineMeasured:
		c.alarms(e.Port, out)
		c.know(e.Port, out)
	case *event.LineAccepted:
		c.alarms(e.Port, out)
	case *event.LineForgotten:
		c.alarms(e.Port, out)
		out.Do(order.TuneLine{Port: e.Port})
		out.Do(order.KnowLine{Port: e.Port})
	}
}

// Decide takes the commands.
func (c *Care) Decide(now core.Time, who id.Person, cmd core.Command, out *core.Out) error {
	switch cmd := cmd.(type) {
	case *Test:
		return c.begin(who, cmd, out)
	case *Stop:
		return c.stop(cmd, out)
	case *Accept:
		p := c.lines[cmd.Port]
		if p == nil {
			return core.Refuse("no-profile", string(cmd.Port))
		}
		if !slices.ContainsFunc(p.Drifts(), func(d profile.Drift) bool { return d.Item == cmd.Item }) {
			return core.Refuse("no-drift", string(cmd.Port), cmd.Item)
		}
		out.Say(&event.LineAccepted{Port: cmd.Port, Item: cmd.Item, Who: who})
	case *Forget:
		if c.lines[cmd.Port] == nil {
			return core.Refuse("no-profile", string(cmd.Port))
		}
		out.Say(&event.LineForgotten{Port: cmd.Port, Who: who})
	case *Cut:
		return c.cut(now, who, cmd, out)
	default:
		return core.Refuse("unknown-command")
	}
	return nil
}

// ports lists those with a profile, in order.
func (c *Care) ports() []id.Port {
	list := make([]id.Port, 0, len(c.lines))
	for p := range c.lines {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

// Habits are what the lines have shown of hang-ups, for the judge of each.
func (c *Care) Habits() map[id.Port]release.Habits {
	of := map[id.Port]release.Habits{}
	for port, p := range c.lines {
		of[port] = p.Habits()
	}
	return of
}

// Profiles is the view "profiles".
type Profiles struct {
	Lines []Profile `json:"profiles"`
}

// Profile is one port.
type Profile struct {
	Port      id.Port         `json:"port"`
	Calls     int             `json:"calls"`
	Sure      uint8           `json:"sure"` // percent, the middle of its items
	FirstWall int64           `json:"first_wall"`
	LastWall  int64           `json:"last_wall"`
	Cuts      int             `json:"cuts"`     // conversations that were cut, or seem to have been
	Releases  int             `json:"releases"` // hang-ups of the far end that left a sign
	Late      int             `json:"late"`     // of them: seen more than 5 s late
	Items     []profile.Known `json:"items"`
	Drifts    []profile.Drift `json:"drifts"`
}

func (c *Care) profiles() Profiles {
	v := Profiles{Lines: []Profile{}}
	for _, port := range c.ports() {
		p := c.lines[port]
		r := p.Rates()
		one := Profile{
			Port: port, Calls: p.Calls(), FirstWall: p.First(), LastWall: p.Last(), Items: p.Known(), Drifts: p.Drifts(),
			Cuts: r.Cuts, Releases: r.Releases, Late: r.Late,
		}
		var sure []uint8
		for _, k := range one.Items {
			if k.Item != line.CallWay {
				sure = append(sure, k.Sure)
			}
		}
		slices.Sort(sure)
		if len(sure) > 0 {
			one.Sure = sure[len(sure)/2]
		}
		v.Lines = append(v.Lines, one)
	}
	return v
}
