package call

import (
	"time"

	"centralita/firmware/event"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// hopsMax bounds the destinations of one call, so that menus and overflows that
// point at each other end.
const hopsMax = 50

// Call is one call in the book. Readers do not change it.
type Call struct {
	ID        id.Call
	Direction string // in, out, inside
	From      string
	Name      string
	Absent    string // why From is empty, a leg.Absent
	To        string
	Port      id.Port // the caller's
	Caller    id.Leg
	Lang      string // the caller's language, "" the office's
	Clicked   bool   // the box rang the caller first (click to dial)

	Where     id.Destination
	Why       string
	Before    id.Destination // where it stood before
	Hops      int
	Since     int64 // at Where
	Dialled   string
	Emergency bool
	Record    bool // wished by the dial plan

	BeganAt     int64
	BeganWall   int64
	ConnectedAt int64
	FirstAt     int64  // first connected, 0 never: the caller waited until then
	With        id.Leg // the answering leg, 0 while not connected
	Agent       id.Agent
	Station     id.Station
	Recording   string
	Taped       bool // the recording has ended before the call

	talk                // how long, without hold
	Holders  []id.Leg   // ends that keep the call on hold, nil none
	Joined   id.Call    // the other call of a conference, 0 none
	Recall   id.Station // where it comes back to when its transfer fails, "" nowhere
	Recalls  int        // how often it came back
	Turned   bool       // the caller's leg was the called one: shown by To
	Waiting  id.Leg     // whose talk is told of this call, 0 none
	Patience int64      // of that
	Forwards []Forward  // by stations that did not take it, oldest first

	Legs []id.Leg // all of this call, in order; ended ones too
}

// Forward is a station that sent a call on.
type Forward struct {
	Station id.Station
	When    string // as event.CallForwarded has it
}

// State of a leg.
type State uint8

// The states of a leg. Parked: its call has ended, the person hears why.
const (
	Offered State = 1 + iota
	Dialled
	Ringing
	Early
	Answered
	Parked
	Ended
)

var stateNames = [...]string{"", "offered", "dialled", "ringing", "early", "answered", "parked", "ended"}

func (s State) String() string { return stateNames[s] }

// Leg is one end of a call in the book.
type Leg struct {
	ID     id.Leg
	Call   id.Call // also after its end
	Port   id.Port
	From   string // as offered
	Name   string
	Absent string // why From is empty
	To     string
	State  State
	Since  int64 // began
	Until  int64 // patience with its ringing, or of parking; 0 none
	// Dropped: the box hung it up already; only its end is still to come.
	Dropped  bool
	SIP      int64 // how it ended, as its wire said; 0 not
	Q850     int64
	Cause    string           // why it ended
	Refused  string           // why its wire refuses it at once, "" not
	Replaces id.Leg           // whose place it asks for, 0 nobody's
	Diverted []event.Diverted // who sent the call on to us, the first first
}

// Live reports whether the leg still uses its port.
func (l *Leg) Live() bool { return l.State != Ended }

// Book is the book of calls; New makes it.
type Book struct {
	office *settings.Tree
	index  index
	zone   *time.Location
	rev    uint64

	calls map[id.Call]*Call
	order []id.Call // open calls, oldest first
	legs  map[id.Leg]*Leg
	ports map[id.Port]*Port
	use   map[id.Port]int // live legs of a port
	kinds map[string]bool // destinations that some feature holds
}

// New makes an empty book with an office that has nothing set.
func New() *Book {
	b := &Book{calls: map[id.Call]*Call{}, legs: map[id.Leg]*Leg{}, ports: map[id.Port]*Port{}, use: map[id.Port]int{}, kinds: map[string]bool{}}
	b.settle(&settings.Tree{})
	return b
}

// Holds is called by each feature when it is made, with the kinds of destinations
// it holds: a call that is sent elsewhere is ended instead of being lost.
func (b *Book) Holds(kinds ...string) {
	for _, k := range kinds {
		b.kinds[k] = true
	}
}

// Call finds an open call, nil if there is none.
func (b *Book) Call(c id.Call) *Call { return b.calls[c] }

// Calls lists the open calls, oldest first.
func (b *Book) Calls() []*Call {
	list := make([]*Call, len(b.order))
	for i, c := range b.order {
		list[i] = b.calls[c]
	}
	return list
}

// Leg finds a leg that the book still knows, nil if there is none.
func (b *Book) Leg(l id.Leg) *Leg { return b.legs[l] }

// CallOfLeg finds the open call of a leg, nil if there is none.
func (b *Book) CallOfLeg(l id.Leg) *Call {
	if leg := b.legs[l]; leg != nil {
		return b.calls[leg.Call]
	}
	return nil
}

// Standing finds the call of which l is the caller's leg if it stands at a
// destination of this kind.
func (b *Book) Standing(l id.Leg, kind string) *Call {
	c := b.CallOfLeg(l)
	if c == nil || c.Caller != l || c.Where.Kind() != kind {
		return nil
	}
	return c
}

// Answered reports whether the leg's far end is there.
func (b *Book) Answered(l id.Leg) bool {
	leg := b.legs[l]
	return leg != nil && leg.State == Answered
}

// Language is what the caller hears.
func (b *Book) Language(c *Call) string {
	if c.Lang != "" {
		return c.Lang
	}
	if len(b.office.Office.Languages) > 0 {
		return b.office.Office.Languages[0]
	}
	return "en"
}

var _ core.Timed = (*Book)(nil)

// Due is when ringing, parking or alerting of some leg ends.
func (b *Book) Due() int64 {
	due := int64(0)
	for _, l := range b.legs {
		if l.Live() {
			due = core.Sooner(due, l.Until)
		}
	}
	for _, c := range b.calls {
		due = core.Sooner(due, c.Patience)
	}
	return due
}

// Latest is the leg that the box rings last for the call, 0 if none.
func (c *Call) Latest() id.Leg {
	if n := len(c.Legs); n > 0 && c.Legs[n-1] != c.Caller {
		return c.Legs[n-1]
	}
	return 0
}

// LegsByPort lists one live leg of every port in use, the oldest.
func (b *Book) LegsByPort() map[id.Port]*Leg {
	by := make(map[id.Port]*Leg, len(b.legs))
	for _, l := range b.legs {
		if known := by[l.Port]; l.Live() && (known == nil || l.ID < known.ID) {
			by[l.Port] = l
		}
	}
	return by
}
