package web

import (
	"fmt"
	"strings"

	"centralita/firmware/id"
	"centralita/firmware/leg"
)

// Joined is our answer to an offer, and the leg it is for.
type Joined struct {
	Leg uint64
	SDP string
}

func stationOf(s string) id.Station { return id.Station(s) }

// join makes a connection from a page's offer.
func (e *Endpoint) join(p *phone, offer string, near bool) (*peer, string, error) {
	if len(offer) > offerMax {
		return nil, "", fmt.Errorf("%w: longer than %d bytes", ErrOffer, offerMax)
	}
	p.mu.Lock()
	room := p.offers.Allow()
	p.mu.Unlock()
	if !room || !e.place() {
		return nil, "", ErrFull
	}
	c, answer, err := e.connect.answer(offer, near)
	if err != nil {
		<-e.peers
	}
	return c, answer, err
}

// Call begins a call of a page to a number. near says that the browser is on this
// machine; peer is its address, for the trace.
func (e *Endpoint) Call(station, tab, to, offer string, near bool, from string) (Joined, error) {
	p, err := e.phone(stationOf(station))
	if err != nil {
		return Joined{}, err
	}
	p.mu.Lock()
	mine := p.page != nil && p.page.tab == tab
	busy := p.leg != nil
	p.mu.Unlock()
	switch {
	case !mine:
		return Joined{}, ErrElsewhere
	case busy:
		return Joined{}, ErrInCall
	}
	c, answer, err := e.join(p, offer, near)
	if err != nil {
		return Joined{}, err
	}
	l, err := p.begin(offered)
	if err == nil {
		err = l.ask(func() error {
			l.call.State, l.call.To = "calling", to
			l.take(c)
			answer = l.ordered(answer)
			l.tell(leg.Report{Kind: leg.Offered, From: string(p.user.Station), Name: p.user.Name, To: to, Peer: "browser " + from})
			return nil
		})
	}
	if err != nil {
		e.forget(c)
		return Joined{}, err
	}
	return Joined{l.number, answer}, nil
}

// forget drops a connection that no leg took.
func (e *Endpoint) forget(c *peer) {
	c.close()
	<-e.peers
}

// Answer takes the call that rings.
func (e *Endpoint) Answer(station, tab string, number uint64, offer string, near bool) (Joined, error) {
	return e.offer(station, tab, number, offer, near, func(l *Leg) error {
		if l.state != ringing {
			return ErrNoCall
		}
		l.answering, l.opus = true, l.shares()
		return nil
	})
}

// Media gives a call that goes on another connection: after a reload, on another
// network.
func (e *Endpoint) Media(station, tab string, number uint64, offer string, near bool) (Joined, error) {
	return e.offer(station, tab, number, offer, near, func(l *Leg) error {
		if l.state != up && l.state != offered {
			return ErrNoCall
		}
		return nil
	})
}

func (e *Endpoint) offer(station, tab string, number uint64, offer string, near bool, may func(*Leg) error) (Joined, error) {
	l, err := e.at(station, tab, number)
	if err != nil {
		return Joined{}, err
	}
	c, answer, err := e.join(l.p, offer, near)
	if err != nil {
		return Joined{}, err
	}
	err = l.ask(func() error {
		if err := may(l); err != nil {
			return err
		}
		l.take(c)
		answer = l.ordered(answer)
		return nil
	})
	if err != nil {
		e.forget(c)
		return Joined{}, err
	}
	return Joined{l.number, answer}, nil
}

// Hangup ends the call of a page: one that rings is refused, one that it makes is
// given up.
func (e *Endpoint) Hangup(station, tab string, number uint64) error {
	l, err := e.at(station, tab, number)
	if err != nil {
		return err
	}
	return l.ask(func() error {
		switch l.state {
		case ringing:
			l.end(leg.Rejected, "refused in the browser", "page")
		case offered:
			l.end(leg.Cancelled, "", "page")
		case up:
			l.end(leg.Normal, "", "page")
		default:
			return ErrNoCall
		}
		return nil
	})
}

// digitsMax bounds what a page sends at once; a person presses one key at a time.
const digitsMax = 32

// Digits are keys pressed in a talk.
func (e *Endpoint) Digits(station, tab string, number uint64, digits string) error {
	l, err := e.at(station, tab, number)
	if err != nil {
		return err
	}
	return l.ask(func() error {
		if l.state != up {
			return ErrNoCall
		}
		for i := range min(len(digits), digitsMax) {
			if strings.IndexByte("0123456789*#ABCD", digits[i]) >= 0 {
				l.tell(leg.Report{Kind: leg.Digit, Digit: digits[i]})
			}
		}
		return nil
	})
}
