package soak

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard"
	"centralita/firmware/event"
)

// The promises.
const (
	seenWithin  = time.Second
	wellWithin  = 5 * time.Second
	silenceMost = 60 * time.Millisecond // at those who have nothing to do with it
)

// live is a box through its rounds; nil when every promise was kept.
func live(t *testing.T, rounds []round) (f *failed) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		defer func() { lived.Add(int64(time.Since(began))) }()
		b, err := newBox(rounds[0].seed, rounds[0].lifelined)
		if err != nil {
			t.Fatal(err)
		}
		err = b.begin(t.Context())
		var up []*talk
		n := 0
		for ; err == nil && n < len(rounds); n++ {
			up, err = b.through(rounds[n], up)
		}
		if err == nil {
			err = b.disconnect(up)
		}
		if err == nil {
			err = b.proven()
		}
		err = errors.Join(err, b.end(), complain(b))
		if err != nil {
			f = &failed{rounds: rounds[:max(1, n)], round: max(0, n-1), why: err.Error(), story: b.book.story()}
		}
	})
	return f
}

func complain(b *box) error {
	if c := b.watch.complaint(); c != "" {
		return errors.New(c)
	}
	return nil
}

// through is one round: calls that stand or are made anew, the script, and what is
// to be said of it.
func (b *box) through(r round, up []*talk) ([]*talk, error) {
	talks, over, err := b.wanted(r, up)
	if err != nil {
		return up, err
	}
	if err := b.disconnect(over); err != nil {
		return up, err
	}
	if err := b.calm(); err != nil {
		return up, err
	}
	if err := b.preludes(talks); err != nil {
		return talks, err
	}
	if err := b.connect(talks); err != nil {
		return talks, err
	}
	b.sleep(20 * simStep)
	for _, p := range b.sim.Ports() {
		b.watch.listen(p.Name())
	}
	from := time.Since(b.book.began)
	if err := b.sim.Play(r.script); err != nil {
		return talks, err
	}
	b.sleep(time.Duration(r.ends())*time.Millisecond + 2*simStep)
	if err := b.until("", wellWithin, b.well); err != nil {
		return talks, fmt.Errorf("not well %s after the last fault: %v, %v", wellWithin, b.watch.sick(), b.book.ill())
	}
	return b.judge(r, talks, from)
}

// wanted keeps the calls that stand and are asked for again.
func (b *box) wanted(r round, up []*talk) (talks, over []*talk, err error) {
	for _, c := range r.calls {
		if i := slices.IndexFunc(up, func(k *talk) bool {
			return k.call == c && k.stands && (b.held() || !slices.Contains(k.ports(), lifeSet)) // else it goes on without the box
		}); i >= 0 {
			talks = append(talks, up[i])
			continue
		}
		k, err := b.newTalk(c)
		if err != nil {
			return nil, nil, err
		}
		talks = append(talks, k)
	}
	for _, k := range up {
		if !slices.Contains(talks, k) {
			over = append(over, k)
		}
	}
	return talks, over, nil
}

// well tells that every port works and no alarm stands. A telephone that is on the
// lifeline while somebody speaks may use the line for as long as it takes.
func (b *box) well() bool {
	return len(b.watch.sick()) == 0 && !slices.ContainsFunc(b.book.ill(), func(s string) bool {
		return !strings.HasPrefix(s, "alarm lifeline") && (b.held() || !strings.HasPrefix(s, lifeLine+": busy-elsewhere"))
	})
}

// judge holds what happened against the promises.
func (b *box) judge(r round, talks []*talk, from time.Duration) ([]*talk, error) {
	if err := complain(b); err != nil {
		return talks, err
	}
	if err := b.seen(r, talks, from); err != nil {
		return talks, err
	}
	hurt, all := b.victims(r.script)
	most := silenceMost
	for _, s := range r.script {
		if s.Fault == simboard.Corrupted {
			most = max(most, 150*time.Millisecond) // a chip may talk in another's slot until its next audit
		}
		if s.Fault == simboard.FramesLost {
			most += 250 * time.Millisecond * time.Duration(len(r.script))
		}
	}
	for _, k := range talks {
		touched := all || slices.ContainsFunc(k.ports(), func(p string) bool { return hurt[p] })
		if !touched {
			if err := k.undisturbed(most); err != nil {
				return talks, err
			}
			continue
		}
		// What is not spared is begun anew, whatever became of it: a cut wire may have
		// been a recall.
		if k.stands = b.spared(r, k); k.stands && !(k.reached() && k.heard() && !k.ringing()) {
			return talks, fmt.Errorf("a call that should have gone on did not: %s", k)
		}
	}
	return talks, b.strays(r, talks, from)
}

// undisturbed tells that a call has lost no sound.
func (k *talk) undisturbed(most time.Duration) error {
	if d := k.box.watch.silence(k.hearer()); d > most {
		return fmt.Errorf("%s suffers: %s of silence; %s", k.hearer(), d, k)
	}
	if !k.reached() {
		return fmt.Errorf("suffers: %s", k)
	}
	return nil
}

// spared tells whether all that happened to a call's ports is what calls survive.
func (b *box) spared(r round, k *talk) bool {
	if r.wild {
		return false
	}
	for _, s := range r.script {
		if b.moves(s) && slices.Contains(k.ports(), lifeSet) {
			return false
		}
		if (s.Where == simboard.WholeBoard || slices.Contains(k.ports(), s.Where)) && !effectOf(s).spares {
			return false
		}
	}
	return true
}

// seen looks for a sign of every fault that must show.
func (b *box) seen(r round, talks []*talk, from time.Duration) error {
	if r.wild {
		return nil
	}
	for _, s := range r.script {
		e := effectOf(s)
		i := slices.IndexFunc(talks, func(k *talk) bool {
			return slices.Contains(k.ports(), s.Where) || s.Where == simboard.LifelineRelay && slices.Contains(k.ports(), lifeSet)
		})
		if i >= 0 && !e.seenBusy || i < 0 && !e.seenIdle || i >= 0 && hitOtherwise(r, talks[i], s) {
			continue
		}
		if s.ForMS > 0 && time.Duration(s.ForMS)*time.Millisecond < seenWithin {
			continue // over before anybody had to see it
		}
		at := from + time.Duration(s.AtMS)*time.Millisecond
		if !b.book.shows(s.Where, at, at+seenWithin+3*simStep) {
			return fmt.Errorf("%s was not seen within %s", s, seenWithin)
		}
	}
	return nil
}

// hitOtherwise tells that something else happens to the call as well, which may end
// it before a fault could show in it.
func hitOtherwise(r round, k *talk, s simboard.Step) bool {
	return slices.ContainsFunc(r.script, func(o simboard.Step) bool {
		return o != s && (slices.Contains(k.ports(), o.Where) || o.Where == simboard.LifelineRelay && slices.Contains(k.ports(), lifeSet))
	})
}

// strays are calls that nobody made: noise on a resting line is no ring.
func (b *box) strays(r round, talks []*talk, from time.Duration) error {
	for _, s := range r.script {
		if r.wild || s.Fault != simboard.Spikes && s.Fault != simboard.Flutter && s.Fault != simboard.BadJoint {
			continue
		}
		if slices.ContainsFunc(talks, func(k *talk) bool { return slices.Contains(k.ports(), s.Where) }) {
			continue
		}
		if b.book.each(from, func(x said) bool {
			o, ok := x.Event.(*event.LegOffered)
			return ok && string(o.Port) == s.Where
		}) {
			return fmt.Errorf("%s was taken for a call", s)
		}
	}
	return nil
}
