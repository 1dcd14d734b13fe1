package ivr

import (
	"slices"
	"time"

	"centralita/firmware/calendar"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/order"
	"centralita/firmware/settings"
)

const (
	promptMS  = 180_000 // no question is longer; a lost end of it does not hold a caller
	answerMS  = 10_000  // from the order to answer until sound is valid
	goodbyeMS = 15_000
	keyWait   = 6 * time.Second
	tries     = 2
	triesMax  = 9
)

// Feature is the plug.
var Feature = feature.Feature{
	Name:         "ivr",
	New:          func(b *call.Book) core.Reactor { return New(b) },
	Destinations: []string{"menu"},
}

// Menus decides for callers in menus.
type Menus struct {
	book *call.Book
	at   map[id.Call]place
}

// place is where a caller is in a menu.
type place struct {
	menu    string
	try     uint8   // 0: not answered yet
	play    id.Play // the question or goodbye that still plays, 0 none
	until   int64
	leaving bool
}

// New makes it.
func New(b *call.Book) *Menus {
	b.Holds("menu")
	return &Menus{book: b, at: map[id.Call]place{}}
}

// Due is when patience with some caller ends.
func (m *Menus) Due() int64 {
	due := int64(0)
	for _, p := range m.at {
		due = core.Sooner(due, p.until)
	}
	return due
}

// Apply remembers.
func (m *Menus) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.MenuAsked:
		m.at[e.Call] = place{menu: e.Menu, try: e.Try, play: e.Play, until: e.Until}
	case *event.MenuLeft:
		m.at[e.Call] = place{menu: e.Menu, play: e.Play, until: e.Until, leaving: true}
	case *event.MenuChose:
		delete(m.at, e.Call)
	case *event.CallRouted:
		delete(m.at, e.Call)
	case *event.CallEnded:
		delete(m.at, e.Call)
	}
}

// React decides.
func (m *Menus) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.CallRouted:
		if c := m.book.Call(e.Call); c != nil && c.Where == e.To && e.To.Kind() == "menu" {
			m.enter(now, c, out)
		}
	case *event.LegAnswered:
		if c, p, ok := m.caller(e.Leg); ok && p.try == 0 && !p.leaving {
			m.ask(now, c, 1, false, out)
		}
	case *event.DigitPressed:
		if c, p, ok := m.caller(e.Leg); ok && p.try > 0 {
			m.key(now, c, p, e.Digit, out)
		}
	case *event.PlayEnded:
		if c, p, ok := m.caller(e.Leg); ok && p.play == e.Play && p.play != 0 {
			m.played(now, c, p, out)
		}
	case *event.Woke:
		m.woke(now, out)
	}
}

// caller finds who stands in a menu by the caller's leg.
func (m *Menus) caller(l id.Leg) (*call.Call, place, bool) {
	c := m.book.Standing(l, "menu")
	if c == nil {
		return nil, place{}, false
	}
	p, ok := m.at[c.ID]
	return c, p, ok
}

func (m *Menus) enter(now core.Time, c *call.Call, out *core.Out) {
	menu, ok := m.book.Office().MenuByName(c.Where.Name())
	if !ok {
		m.book.End(now, out, c.ID, leg.UnknownNumber, 0)
		return
	}
	if !m.open(menu, now) && menu.Closed != "" {
		m.book.Route(out, c.ID, menu.Closed, "closed")
		return
	}
	if m.book.Accept(out, c) {
		m.ask(now, c, 1, false, out)
		return
	}
	out.Say(&event.MenuAsked{Call: c.ID, Menu: menu.Name, Until: now.At + answerMS, Lang: m.language(menu)})
}

// open reads the office hours on the wall. Hours that are unknown or wrong do not
// lock callers out.
func (m *Menus) open(menu settings.Menu, now core.Time) bool {
	h, ok := m.book.Office().HoursByName(menu.Open)
	if !ok {
		return true
	}
	week, err := calendar.Parse(h.Weekly, h.Holidays.Also)
	return err != nil || week.Open(m.book.Local(now.Wall))
}

func (m *Menus) language(menu settings.Menu) string {
	if menu.Lang != "" {
		return menu.Lang
	}
	if l := m.book.Office().Office.Languages; len(l) > 0 {
		return l[0]
	}
	return "en"
}

// ask says the question for the try-th time, after "not a choice" where the key
// was wrong.
func (m *Menus) ask(now core.Time, c *call.Call, try uint8, wrong bool, out *core.Out) {
	menu, ok := m.book.Office().MenuByName(c.Where.Name())
	if !ok {
		m.leave(now, c, "gone", out)
		return
	}
	if !m.open(menu, now) {
		m.leave(now, c, "closed", out)
		return
	}
	var clips []string
	if wrong {
		clips = append(clips, "prompt/not-a-choice")
	}
	for _, s := range menu.Say {
		clips = append(clips, "prompt/"+s)
	}
	play := id.Play(out.Number())
	lang := m.language(menu)
	out.Say(&event.MenuAsked{Call: c.ID, Menu: menu.Name, Try: try, Play: play, Until: now.At + promptMS, Lang: lang})
	out.Do(order.Play{Leg: c.Caller, Play: play, Lang: lang, Clips: clips})
}

// key takes a digit, also while the question plays.
func (m *Menus) key(now core.Time, c *call.Call, p place, digit string, out *core.Out) {
	menu, ok := m.book.Office().MenuByName(p.menu)
	if to := menu.Keys[digit]; ok && to != "" {
		out.Do(order.Stop{Leg: c.Caller})
		out.Say(&event.MenuChose{Call: c.ID, Menu: p.menu, Key: digit})
		m.book.Route(out, c.ID, to, "key "+digit)
		return
	}
	if digit != "!" {
		m.again(now, c, p, menu, true, out)
	}
}

// again asks once more, or goes where callers go who choose nothing.
func (m *Menus) again(now core.Time, c *call.Call, p place, menu settings.Menu, wrong bool, out *core.Out) {
	times := menu.NoKey.Times
	if times <= 0 {
		times = tries
	}
	if int(p.try) < min(times, triesMax) {
		m.ask(now, c, p.try+1, wrong, out)
		return
	}
	if menu.NoKey.Then == "" {
		m.leave(now, c, "no-key", out)
		return
	}
	out.Do(order.Stop{Leg: c.Caller})
	out.Say(&event.MenuChose{Call: c.ID, Menu: p.menu})
	m.book.Route(out, c.ID, menu.NoKey.Then, "no-key")
}

// played waits for a key after the question, or hangs up after goodbye.
func (m *Menus) played(now core.Time, c *call.Call, p place, out *core.Out) {
	if p.leaving {
		m.book.End(now, out, c.ID, leg.Normal, 0)
		return
	}
	menu, _ := m.book.Office().MenuByName(p.menu)
	out.Say(&event.MenuAsked{Call: c.ID, Menu: p.menu, Try: p.try, Until: now.At + menu.NoKey.After.Or(keyWait).Milliseconds()})
}

// leave says goodbye and hangs up.
func (m *Menus) leave(now core.Time, c *call.Call, why string, out *core.Out) {
	clips := []string{"prompt/goodbye"}
	if why == "closed" {
		clips = []string{"prompt/closed", "prompt/goodbye"}
	}
	play := m.book.Play(out, c, false, clips...)
	out.Say(&event.MenuLeft{Call: c.ID, Menu: c.Where.Name(), Why: why, Play: play, Until: now.At + goodbyeMS})
}

func (m *Menus) woke(now core.Time, out *core.Out) {
	var due []id.Call
	for n, p := range m.at {
		if p.until <= now.At {
			due = append(due, n)
		}
	}
	slices.Sort(due)
	for _, n := range due {
		c, p := m.book.Call(n), m.at[n]
		menu, _ := m.book.Office().MenuByName(p.menu)
		switch {
		case c == nil:
		case p.leaving:
			m.book.End(now, out, n, leg.Normal, 0)
		case p.try == 0:
			m.book.End(now, out, n, leg.Timeout, 0) // could not be answered
		case p.play != 0:
			m.played(now, c, p, out)
		default:
			m.again(now, c, p, menu, false, out)
		}
	}
}
