package web

import (
	"fmt"
	"sync"
	"time"

	"centralita/firmware/leg"

	"golang.org/x/time/rate"
)

// phone is the telephone of one station: at most one page and one leg. A second
// call of the person is a second call of the same leg (firmware/desk).
type phone struct {
	e    *Endpoint
	user User

	mu     sync.Mutex
	page   *Page // attached; nil none
	device string
	is     bool        // somebody is here, or was a moment ago
	gone   *time.Timer // tells that nobody is here
	leg    *Leg
	news   News
	offers *rate.Limiter

	telling sync.Mutex // of told; held while Presence is told, so that words keep their order
	told    bool
}

// offersPerSecond and the burst bound what one page costs in handshakes: a reload
// needs one, a shaky network one a second.
const (
	offersPerSecond = 1
	offersBurst     = 10
)

func newPhone(e *Endpoint, u User) *phone {
	p := &phone{e: e, user: u, offers: rate.NewLimiter(offersPerSecond, offersBurst)}
	p.gone = time.AfterFunc(time.Hour, p.missed)
	p.gone.Stop()
	return p
}

// Page is one page that is, or was, a station's telephone.
type Page struct {
	p       *phone
	tab     string
	changed chan struct{} // one
	taken   chan struct{}
}

// News is all that a page has to know of its telephone, told whole at each change.
type News struct {
	Leg     *Call   `json:"leg"`
	Waiting *Caller `json:"waiting"` // who else calls, told in a talk
	Ended   *Ended  `json:"ended"`   // the last leg
}

// Caller is the far end of a call as it is shown.
type Caller struct {
	From    string `json:"from"`
	Name    string `json:"name"`
	Pattern string `json:"pattern"` // leg.Pattern
	Absent  string `json:"absent"`  // leg.Absent
	Auto    bool   `json:"auto"`    // the page is to take it by itself (intercom)
}

// Call is the leg as the page sees it.
type Call struct {
	Leg   uint64 `json:"leg"`
	State string `json:"state"` // ringing, calling, up
	Media string `json:"media"` // none, joining, on, lost, failed
	To    string `json:"to"`    // what was dialled
	Early bool   `json:"early"` // the box lets it hear what happens: no ringback of the page's own
	Rings bool   `json:"rings"` // the far end rings
	Codec string `json:"codec"` // the page is to speak: g711, opus
	Fmtp  string `json:"fmtp"`  // how the far end likes Opus (RFC 7587 section 6.1), "" not known
	Caller
}

// Ended says how a leg ended.
type Ended struct {
	Leg   uint64 `json:"leg"`
	Cause string `json:"cause"` // leg.Cause
	By    string `json:"by"`    // page, box
}

// Changed receives when there is other News; Taken is closed when another page took
// over or the station is no more.
func (g *Page) Changed() <-chan struct{} { return g.changed }
func (g *Page) Taken() <-chan struct{}   { return g.taken }

// News is how the telephone stands.
func (g *Page) News() News { g.p.mu.Lock(); defer g.p.mu.Unlock(); return g.p.news }

func (g *Page) nudge() {
	select {
	case g.changed <- struct{}{}:
	default: // it will look anyway
	}
}

// Attach makes a page the telephone of its station. Without take it is refused
// while another page is. tab names the page through reloads.
func (e *Endpoint) Attach(u string, tab string, take bool, device string) (*Page, error) {
	p, err := e.phone(stationOf(u))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	if p.page != nil && p.page.tab != tab && !take {
		p.mu.Unlock()
		return nil, ErrElsewhere
	}
	if p.page != nil {
		close(p.page.taken)
	}
	g := &Page{p: p, tab: tab, changed: make(chan struct{}, 1), taken: make(chan struct{})}
	p.page, p.device = g, device
	p.gone.Stop()
	p.is = true
	g.nudge()
	l := p.leg
	p.mu.Unlock()
	p.tell()
	if l != nil {
		l.do(l.seen)
	}
	return g, nil
}

// Leave says that the page's link is gone; the station waits for it a while.
func (g *Page) Leave() {
	p := g.p
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.page == g {
		p.page = nil
		p.gone.Reset(tabFor)
	}
}

// Quit says that a page does not want to be the telephone any more; nobody waits for
// it. A call of its is ended.
func (e *Endpoint) Quit(station, tab string) error {
	p, err := e.phone(stationOf(station))
	if err != nil {
		return err
	}
	p.mu.Lock()
	if p.page != nil && p.page.tab != tab { // without a page it is the last one's word, whose link ended first
		p.mu.Unlock()
		return ErrElsewhere
	}
	l := p.leg
	p.page = nil
	p.gone.Stop()
	p.mu.Unlock()
	p.missed()
	if l != nil {
		l.do(func() {
			if l.state == up || l.state == offered {
				l.end(leg.Normal, "the page was signed out", "page")
			}
		})
	}
	return nil
}

// missed tells that no page came back.
func (p *phone) missed() {
	p.mu.Lock()
	gone := p.page == nil && p.is
	p.is = p.is && !gone
	l := p.leg
	p.mu.Unlock()
	p.tell()
	if gone && l != nil {
		l.do(l.unseen)
	}
}

// tell says whether somebody is here, if that is new.
func (p *phone) tell() {
	p.telling.Lock()
	defer p.telling.Unlock()
	p.mu.Lock()
	is, device := p.is, p.device
	p.mu.Unlock()
	if is == p.told {
		return
	}
	p.told = is
	if !is {
		device = ""
	}
	p.e.cfg.Changed(Presence{Station: p.user.Station, Here: is, Device: device})
}

// dismiss lets a page go whose station is no more.
func (p *phone) dismiss() {
	p.mu.Lock()
	g := p.page
	p.page = nil
	p.mu.Unlock()
	if g != nil {
		close(g.taken)
	}
	p.missed()
}

// here reports whether a page is the telephone, or was a moment ago.
func (p *phone) here() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.is }

// attended reports whether a page is there now.
func (p *phone) attended() bool { p.mu.Lock(); defer p.mu.Unlock(); return p.page != nil }

// begin makes the phone's leg, if it has none.
func (p *phone) begin(s state) (*Leg, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.leg != nil {
		return nil, fmt.Errorf("%w: %s", ErrInCall, p.user.Station)
	}
	l, err := p.e.newLeg(p, s)
	if err == nil {
		p.leg = l
	}
	return l, err
}

// end forgets the leg.
func (p *phone) end(l *Leg, how Ended) {
	p.change(func(n *News) {
		if p.leg == l {
			p.leg = nil
		}
		*n = News{Ended: &how}
	})
}

// change says something new to the page.
func (p *phone) change(f func(*News)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.news)
	if p.page != nil {
		p.page.nudge()
	}
}

// at finds the leg of a page's wish.
func (e *Endpoint) at(station, tab string, number uint64) (*Leg, error) {
	p, err := e.phone(stationOf(station))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.page == nil || p.page.tab != tab:
		return nil, ErrElsewhere
	case p.leg == nil || p.leg.number != number:
		return nil, ErrNoCall
	}
	return p.leg, nil
}

// stop ends the phone with the box.
func (p *phone) stop() {
	p.mu.Lock()
	l, g := p.leg, p.page
	p.page = nil
	p.gone.Stop()
	p.mu.Unlock()
	if g != nil {
		close(g.taken)
	}
	if l != nil {
		l.Hangup("box-stopped")
	}
}
