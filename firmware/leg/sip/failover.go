package sip

import (
	"fmt"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// tryingPatience is how long a provider's server has to answer an INVITE with
// anything at all. A 100 is due within 200 ms (RFC 3261 section 17.2.1); in one and a
// half seconds the INVITE was sent three times over UDP.
const tryingPatience = 1500 * time.Millisecond

// outside is the branch to a server of a provider.
func (l *Leg) outside(caller leg.Caller) *branch {
	return l.toServer(l.trunk.serve(), caller)
}

func (l *Leg) toServer(x *target, caller leg.Caller) *branch {
	t := l.trunk
	number := t.outward(caller.To)
	d := dialog{transport: t.transport(), name: clean(caller.Name, 80)}
	d.target = sip.Uri{Scheme: "sip", User: number, Host: t.domain()}
	d.flow = reach(sip.Uri{Host: hostOf(t.Server)})
	if x != nil {
		d.flow = x.String()
	}
	d.remote = bare(d.target)
	d.local = sip.Uri{Scheme: "sip", User: t.shown(caller), Host: t.domain()}
	d.user = t.contactUser()
	b := l.branch(d)
	b.at = x
	toProvider(b, t, caller)
	return b
}

// watch has the branch give its server up that says nothing at all.
func (b *branch) watch() *time.Timer {
	if b.at == nil {
		return nil
	}
	return time.AfterFunc(tryingPatience, func() {
		b.mu.Lock()
		heard := b.heard || b.wanted
		b.mu.Unlock()
		if !heard {
			b.post(message{branch: b, silent: true})
		}
	})
}

// mute gives a server up that said nothing: the call goes to the next one, and this
// INVITE is cancelled should it be heard of yet.
func (l *Leg) mute(b *branch) {
	if l.state != calling || b.failed {
		return
	}
	b.cancel(leg.Timeout)
	l.failed(b, sip.StatusRequestTimeout, fmt.Sprintf("no answer from %s within %v", b.at, tryingPatience))
}

// failover carries a call that its server did not take to the next server of the
// trunk; false when there is none, or the failure is not the server's.
func (l *Leg) failover(b *branch, status int, text string) bool {
	if b.at == nil || l.ringing || l.early != nil || status != sip.StatusRequestTimeout && status/100 != 5 {
		return false
	}
	switch status {
	case sip.StatusServiceUnavailable:
		l.trunk.blame(l.e, b.at, fault{faultBusy, fmt.Sprintf("sip: trunk %s: %s answers %s", l.trunk.Name, b.at, text)}, true)
	case sip.StatusRequestTimeout:
		l.trunk.blame(l.e, b.at, fault{faultSilent, fmt.Sprintf("sip: trunk %s: %s: %s", l.trunk.Name, b.at, text)}, true)
	}
	var tried []*target
	for _, x := range l.branches {
		tried = append(tried, x.at)
	}
	next := l.trunk.after(tried)
	if next == nil {
		return false
	}
	l.e.log.Info("sip: a call goes to the provider's next server", "trunk", l.trunk.Name, "from", b.at.String(), "to", next.String(), "why", text)
	other := l.toServer(next, l.caller)
	l.branches = append(l.branches, other)
	other.invite(l.ours.offer())
	return true
}
