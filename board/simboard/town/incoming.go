package town

import "strings"

// Call is a call from outside to the box.
type Call struct {
	Number      string       `json:"number"`
	Name        string       `json:"name,omitempty"`
	Withheld    string       `json:"withheld,omitempty"`     // "P" private or "O" out of area, instead of the number
	Country     string       `json:"country,omitempty"`      // for this call; the line's without
	CallerID    Style        `json:"caller_id,omitempty"`    // the country's without
	BadChecksum bool         `json:"bad_checksum,omitempty"` // of the caller ID message
	RingForS    float64      `json:"ring_for_s,omitempty"`   // then the caller gives up; 60 without
	Supervision *Supervision `json:"supervision,omitempty"`  // for this call; the line's without
	Wear        *Wear        `json:"wear,omitempty"`         // for this call; the line's without
	Party
}

// ringForDefault is how long a caller lets it ring, in seconds.
const ringForDefault = 60

// bells is the ringing of one call: what announces it, then the cadence for ever.
type bells struct {
	acts     []act
	act      int
	cadence  []int
	beat     int
	left     int
	most     int // frames until the caller gives up
	role     *role
	ringing  bool
	reversed bool
	tape     tape
}

func (b *bells) start(acts []act, c *country, most int, r *role) {
	*b = bells{acts: acts, act: -1, cadence: c.ring.cadence, beat: -1, most: most, role: r}
}

func (b *bells) stop() { *b = bells{} }

// turn moves on by one frame.
func (b *bells) turn() {
	if b.left > 0 {
		b.left--
	}
	for b.left == 0 && b.act < len(b.acts)-1 {
		b.act++
		a := &b.acts[b.act]
		b.left, b.ringing, b.reversed, b.tape = a.frames, a.ring, a.reversed, tape{samples: a.sound}
	}
	if b.left == 0 {
		b.beat = (b.beat + 1) % len(b.cadence)
		b.left, b.ringing, b.reversed, b.tape = frames(b.cadence[b.beat]), b.beat%2 == 0, false, tape{}
	}
}

// Call rings the box from outside.
func (l *Line) Call(c Call) Pending {
	cc := l.town.lineCountry(l)
	if c.Country != "" {
		var err error
		if cc, err = countryOf(c.Country); err != nil {
			return refused(err)
		}
	}
	style, err := c.check(cc)
	if err != nil {
		return refused(err)
	}
	r, err := l.town.studio(cc).prepare(c.Party)
	if err != nil {
		return refused(err)
	}
	if c.RingForS == 0 {
		c.RingForS = ringForDefault
	}
	who := caller{number: c.Number, name: c.Name, withheld: c.Withheld, at: l.town.cfg.Now(), spoilt: c.BadChecksum}
	acts := cc.announce(style, who)
	return l.town.ask(func() error {
		if l.phase != phaseIdle || l.loop.closed {
			return wrong("line_busy", "line %s is not free: it is %s", l.name, l.phase)
		}
		l.clear()
		l.country = cc
		if c.Supervision != nil {
			l.signs = *c.Supervision
		} else if c.Country != "" && cc != l.setup.country {
			l.signs = cc.supervision
		}
		if c.Wear != nil {
			l.weather.set(*c.Wear)
		}
		l.caller, l.dialledN = who, 0
		l.loop.flashes = 0
		l.ear.learn(cc)
		l.ear.fresh()
		l.enter(phaseRinging, nil)
		l.wetting = wetting{alert: -1}
		l.bells.start(acts, cc, secondFrames(c.RingForS), r)
		return nil
	})
}

// check bounds a call and finds its caller ID style.
func (c Call) check(cc *country) (Style, error) {
	if len(c.Number) > numberMax || strings.Trim(c.Number, "0123456789*#+") != "" {
		return "", wrong("bad_number", "number %q: at most %d of 0-9 * # +", c.Number, numberMax)
	}
	if len(c.Name) > nameMax {
		return "", wrong("bad_name", "name: at most %d bytes", nameMax)
	}
	if c.Withheld != "" && c.Withheld != reasonPrivate && c.Withheld != reasonOutOfArea {
		return "", wrong("bad_withheld", "withheld %q: P for private or O for out of area", c.Withheld)
	}
	if err := inRange("ring_for_s", c.RingForS); err != nil {
		return "", err
	}
	if c.Supervision != nil {
		if err := c.Supervision.check(); err != nil {
			return "", err
		}
	}
	if c.Wear != nil {
		if err := c.Wear.check(); err != nil {
			return "", err
		}
	}
	if c.CallerID == "" {
		return cc.callerID, nil
	}
	for _, s := range Styles {
		if s == c.CallerID {
			return s, nil
		}
	}
	return "", wrong("bad_caller_id", "caller_id %q is not one of %v", c.CallerID, Styles)
}

// ringOn rings until the box answers or the caller gives up. Caller ID stops
// when the terminal goes off-hook in between.
func (l *Line) ringOn() {
	if l.loop.closed && l.loop.frames >= tripFrames && (l.bells.ringing || l.loop.frames >= seizeFrames) {
		r := l.bells.role
		l.bells.stop()
		l.connect(r)
		return
	}
	if l.since >= l.bells.most {
		l.clear()
		return
	}
	l.bells.turn()
	if !l.wetting.watch(l) {
		l.bells.tape = tape{}
	}
	if !l.loop.closed && l.bells.tape.playing() {
		l.bells.tape.next(&l.out)
	}
}

// Hangup makes the outside party hang up, or give up ringing.
func (l *Line) Hangup() Pending {
	return l.town.ask(func() error {
		switch l.phase {
		case phaseTalking:
			l.release()
		case phaseRinging:
			l.clear()
		default:
			return wrong("no_call", "line %s has no outside party to hang up: it is %s", l.name, l.phase)
		}
		return nil
	})
}

// lineCountry is the country a line stands in.
func (t *Town) lineCountry(l *Line) *country {
	t.mu.Lock()
	defer t.mu.Unlock()
	return l.setup.country
}
