package soak

import (
	"fmt"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/event"
)

// What goes before a call out: another that could not be made, because a call came in
// in the same moment or because another telephone had the line.

// preludeMost is how long people try before they put the telephone back.
const preludeMost = 10 * time.Second

// preludes plays those of all the calls that are to be made anew, and waits until
// everything is free after them.
func (b *box) preludes(talks []*talk) error {
	var play []*prelude
	var again []*talk
	for _, k := range talks {
		if !k.stands && (k.kind == glare || k.kind == beside) {
			from := time.Since(b.book.began)
			play, again = append(play, &prelude{talk: k, from: from, wanted: -1, lag: int(from/simStep) % lagMost}), append(again, k)
		}
	}
	if len(play) == 0 {
		return nil
	}
	for _, p := range play {
		p.begin()
	}
	for range preludeMost / (5 * simStep) {
		b.sleep(5 * simStep)
		for _, p := range play {
			if err := p.look(); err != nil {
				return err
			}
		}
	}
	for _, p := range play {
		p.talk.pending = nil
		_ = p.line.Beside(town.Beside{})
	}
	if err := b.disconnect(again); err != nil {
		return fmt.Errorf("after %s: %w", again[0].call, err)
	}
	return b.calm()
}

// prelude is one of them.
type prelude struct {
	*talk
	from   time.Duration
	wanted int // looks since the box wants the line, negative before
	lag    int // looks after which the exchange calls
	called bool
}

// lagMost of looks is the second in which a line is seized and its dial tone awaited.
const lagMost = 20

func (p *prelude) begin() {
	if p.kind == beside {
		_ = p.line.Beside(town.Beside{Lifted: true})
	}
	_ = p.set.Attend(town.Attend{})
	_ = p.set.Lift()
	_ = p.set.Dial(town.Dial{Digits: fmt.Sprintf("0%d", p.pair+1) + number9, WaitDialTone: true})
}

// look has the exchange call as soon as the line is wanted, and holds the box to
// leaving a line alone that somebody else has.
func (p *prelude) look() error {
	if p.kind == beside {
		if s := p.line.State(); s.Dialled != "" || !p.box.watch.onHook(s.Name) {
			return fmt.Errorf("the box takes a line that another telephone has: %s", p.talk)
		}
		return nil
	}
	switch {
	case p.called:
	case p.wanted < 0:
		if p.box.book.each(p.from, func(s said) bool {
			e, ok := s.Event.(*event.LegBegan)
			return ok && string(e.Port) == p.line.State().Name
		}) {
			p.wanted = 0
		}
	case p.wanted >= p.lag:
		p.called = true
		_ = p.line.Call(town.Call{Number: "934445566", RingForS: 30, Party: town.Party{Voice: voiceOut}}) // refused when it is late
	default:
		p.wanted++
	}
	return nil
}
