package sip

import (
	"fmt"
	"slices"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// invite rings the phones of a station, all at once, or the provider of a trunk.
func (l *Leg) invite(c leg.Caller) {
	l.state, l.caller = calling, c
	l.ours.formats = l.formatsFor(c)
	if l.trunk != nil {
		l.branches = append(l.branches, l.outside(c))
	}
	for i := range l.contacts {
		l.branches = append(l.branches, l.phone(&l.contacts[i], c))
	}
	l.ours.addr = l.e.faces.of(l.branches[0].d.destination())
	bodies := l.bodies()
	if len(l.branches) == 0 {
		l.end(leg.NoCodec, "SRTP is required, and no phone is registered by TLS")
		return
	}
	for _, b := range l.branches {
		b.invite(bodies[encrypted(b.d.transport)])
	}
}

// bodies are our offer with keys, for branches that go over TLS, and without. A
// branch that may not be offered at all is left out.
func (l *Leg) bodies() map[bool][]byte {
	s := &l.ours.sdes
	l.branches = slices.DeleteFunc(l.branches, func(b *branch) bool { return s.want == SRTPRequire && !encrypted(b.d.transport) })
	bodies := map[bool][]byte{}
	for _, s.sealed = range []bool{false, true} { // the last one's keys are remembered
		if slices.ContainsFunc(l.branches, func(b *branch) bool { return encrypted(b.d.transport) == s.sealed }) {
			bodies[s.sealed] = l.ours.offer()
		}
	}
	return bodies
}

// phone is the branch to one contact of a station.
func (l *Leg) phone(c *binding, caller leg.Caller) *branch {
	d := dialog{transport: c.transport, target: c.uri, sips: c.uri.Scheme == "sips", name: clean(caller.Name, 80), routes: c.path}
	if c.natted {
		d.flow, d.natted = c.source, true
	}
	host := literal(l.e.faces.of(d.destination()))
	from := cleanUser(caller.Number)
	if from == "" {
		from, d.name = "anonymous", "Anonymous"
	}
	d.local = sip.Uri{Scheme: "sip", User: from, Host: host}
	d.remote = bare(c.uri)
	d.user = from
	b := l.branch(d)
	toPhone(b, caller, host)
	return b
}

func (l *Leg) branch(d dialog) *branch {
	d.callID, d.localTag, d.localSeq = token(12), token(8), 1
	b := &branch{l: l, d: d}
	l.e.enter(d.id(), l)
	return b
}

// reply follows the answers to our INVITEs.
func (l *Leg) reply(m message) {
	b := m.branch
	if l.state == calling {
		l.ours.sdes.sealed = encrypted(b.d.transport)
	}
	switch {
	case m.silent:
		l.mute(b)
	case m.err != nil:
		l.failed(b, sip.StatusRequestTimeout, m.err.Error())
	case l.state != calling:
		b.late(m.res)
	case m.res.IsProvisional():
		if !b.failed {
			l.progressed(b, m.res)
		}
	case m.res.IsSuccess():
		l.won(b, m.res)
	default:
		if l.redirected(m.res) {
			return
		}
		q850, text := told(m.res)
		if text != "" {
			text = " (" + text + ")"
		}
		b.q850 = q850
		l.failed(b, m.res.StatusCode, fmt.Sprintf("%d %s%s", m.res.StatusCode, clean(m.res.Reason, 60), text))
	}
}

// progressed hears ringing and early sound, of whichever phone is first.
func (l *Leg) progressed(b *branch, res *sip.Response) {
	if res.StatusCode == sip.StatusTrying {
		return
	}
	if tag := tagOf(res.To().Params); tag != "" {
		l.note(b.d.localTag, tag)
	}
	if !b.prack(res) {
		return
	}
	if l.d.callID == "" && tagOf(res.To().Params) != "" { // for what the far end asks before it answers
		l.d = b.d
		l.d.answered(res)
	}
	if res.StatusCode == sip.StatusRinging && !l.ringing {
		l.ringing = true
		l.tell(leg.Report{Kind: leg.Ringing})
	}
	if body := described(res); body != nil && (l.early == nil || l.early == b) {
		l.before(b, body)
	}
}

// before takes a description that comes before the answer. A later one counts: the call
// was carried on to somebody else, and the sound comes from there now. Of several
// telephones the first is heard.
func (l *Leg) before(b *branch, body []byte) {
	d, err := parseSDP(body)
	if err != nil {
		return
	}
	a, ok := l.answered(d)
	if !ok {
		return
	}
	first := l.early == nil
	l.early = b
	l.match(a)
	l.connect(a)
	if first {
		l.tell(leg.Report{Kind: leg.EarlySound})
	}
}

// won makes the first 2xx the call and lets the other phones stop ringing.
func (l *Leg) won(b *branch, res *sip.Response) {
	b.d.answered(res)
	b.acknowledge()
	if l.d.localTag == b.d.localTag && l.d.remoteTag == b.d.remoteTag {
		b.d.remoteSeq = l.d.remoteSeq
	}
	l.d = b.d
	l.updates = lists(res, "Allow", "UPDATE")
	l.agreedTimer(res)
	l.state = up
	l.settled()
	l.described = b.body
	for _, other := range l.branches {
		if other != b {
			other.cancel(leg.Elsewhere)
		}
	}
	d, err := parseSDP(described(res))
	if err != nil && l.early == b { // the answer came with 183; what cannot be read takes nothing of it back
		l.ours.sdes.offer = nil
		l.tell(leg.Report{Kind: leg.Answered, By: leg.BySIP, Sure: 100})
		return
	}
	if err == nil {
		if a, ok := l.answered(d); ok {
			l.match(a)
			l.connect(a)
			l.ours.sdes.offer = nil
			l.tell(leg.Report{Kind: leg.Answered, By: leg.BySIP, Sure: 100})
			return
		}
	}
	cause, why := l.objection(d, err)
	l.drop(cause, "in the answer "+why)
}

// redirected ends the leg when a phone of the station says where the call is to go
// (RFC 3261 section 8.1.3.4); whether it goes there is for the core.
func (l *Leg) redirected(res *sip.Response) bool {
	if l.trunk != nil || res.StatusCode/100 != 3 || l.state != calling {
		return false
	}
	c := res.Contact()
	if c == nil || c.Address.User == "" {
		return false
	}
	for _, b := range l.branches {
		b.cancel(leg.Redirected)
	}
	l.state = ended
	l.tell(leg.Report{Kind: leg.Ended, Cause: leg.Redirected, SIP: res.StatusCode, To: clean(c.Address.User, userMax)})
	return true
}

// failed notes that a branch came to nothing; the last one ends the leg with the
// most telling status.
func (l *Leg) failed(b *branch, status int, text string) {
	if l.state != calling || b.failed {
		return
	}
	b.failed = true
	if l.failover(b, status, text) {
		return
	}
	if l.failure == 0 || weight(status) > weight(l.failure) {
		l.failure, l.q850 = status, b.q850
	}
	for _, other := range l.branches {
		if !other.failed {
			return
		}
	}
	cause := leg.CauseOfSIP(l.failure)
	if c, ok := leg.CauseOfQ850(l.q850); ok && l.failure < 600 && l.failure != sip.StatusBusyHere {
		cause = c // of the telephone network, which knows better
	}
	l.status = l.failure
	if l.trunk == nil && l.failure == sip.StatusRequestTimeout {
		cause = leg.NotRegistered // its phones did not say a word
	}
	l.end(cause, text)
}

// weight orders failures: a person's word over a machine's, a machine's over
// silence.
func weight(status int) int {
	switch {
	case status >= 600:
		return 5
	case status == sip.StatusBusyHere:
		return 4
	case status == sip.StatusTemporarilyUnavailable:
		return 3
	case status == sip.StatusRequestTimeout:
		return 0
	case status >= 500:
		return 1
	}
	return 2
}
