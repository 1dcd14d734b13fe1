package sip

import (
	"net/netip"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// inbound is the INVITE that began a leg.
type inbound struct {
	req    *sip.Request
	tx     sip.ServerTransaction
	report leg.Report
	offer  *description // nil: the caller wants ours
	agreed agreement
	done   chan struct{} // closed when the INVITE was answered for good
	body   []byte        // our answer, the same in 183 and 200 (RFC 3264 section 5)
	early  bool          // sound passes since a 183

	why     leg.Cause // of a refusal
	text    string    // likewise, for people
	unfit   bool      // its offer has no sound that we can do
	settled bool      // offer and answer were exchanged before the answer of the call
}

func (i *inbound) refuse(e *Endpoint, status int) {
	res := refuse(i.req, status)
	switch status {
	case sip.StatusServiceUnavailable:
		res = full(i.req)
	case sip.StatusNotAcceptableHere:
		res = notAcceptable(i.req)
	}
	because(res, i.why)
	e.answer(i.tx, res)
}

// invited judges a new call: who calls, whether there is room, whether we can
// hear each other; then it becomes a leg.
func (e *Endpoint) invited(req *sip.Request, tx sip.ServerTransaction) {
	l, report, res := e.caller(req)
	if res != nil {
		e.answer(tx, res)
		return
	}
	if e.merged(req) {
		e.answer(tx, refuse(req, sip.StatusLoopDetected))
		return
	}
	if res := tooBrief(req); res != nil {
		e.answer(tx, res)
		return
	}
	old, res := e.mayReplace(req, l.trunk != nil)
	if res != nil {
		e.answer(tx, res)
		return
	}
	if old != nil {
		report.Other = old
	}
	l.e, l.ours.addr = e, e.faces.of(req.Source())
	in := &inbound{req: req, tx: tx, report: report, done: make(chan struct{})}
	if body := described(req); body != nil {
		d, err := parseSDP(body)
		if err != nil {
			d = &description{}
		}
		a, ok := l.agree(d)
		in.offer, in.agreed, in.unfit = d, a, !ok
		if ok {
			l.offers(d, a)
		} else {
			in.why, in.text = l.objection(d, err)
		}
	}
	// 100 at once: it stops the caller's retransmissions, and the library's own
	// timer from reading the request while its To gets our tag below.
	if !e.answer(tx, respond(req, sip.StatusTrying, "Trying")) {
		return
	}
	l.d = dialogOf(req)
	req.To().Params.Add("tag", l.d.localTag)
	l.inbound = in
	m := message{req: req, tx: tx, done: in.done}
	if !tx.OnCancel(func(*sip.Request) {
		go l.post(message{cancel: true}) // called under the transaction's lock
	}) {
		return // cancelled already, and answered 487
	}
	if err := l.open(); err != nil {
		e.turnAway(l, in, err)
		return
	}
	l.attend(m)
}

// notAcceptable is the 488 with the reason of RFC 3261 section 20.43.
func notAcceptable(req *sip.Request) *sip.Response {
	res := refuse(req, sip.StatusNotAcceptableHere)
	res.AppendHeader(sip.NewHeader("Warning", `304 centralita "G.711 or G.722 over RTP/AVP, or RTP/SAVP with keys over TLS"`))
	return res
}

// caller finds out who calls. It gives a leg that knows its port, or the
// response.
func (e *Endpoint) caller(req *sip.Request) (*Leg, leg.Report, *sip.Response) {
	can := leg.Can{Name: true, Supervision: true, EarlySound: true, DTMFOutBand: true}
	r := leg.Report{Kind: leg.Offered, To: clean(req.Recipient.User, userMax), Peer: req.Transport() + " " + req.Source()}
	if t := e.trunks.owner(req, e.users); t != nil {
		if r.From, r.Name = identity(req, t.Trusted); r.From == "" {
			r.Absent = absence(req)
		}
		r.From = t.inward(r.From)
		r.To = t.dialled(req)
		for _, d := range diversions(req) {
			r.Diverted = append(r.Diverted, leg.Diverted{Number: t.inward(d.Number), When: d.When})
		}
		e.friends.greet(req)
		return &Leg{port: id.Port("trunk/" + t.Name), can: can, trunk: t, ours: ourSide{sdes: sdes{want: t.SRTP, sealed: encrypted(req.Transport())}}}, r, nil
	}
	now := time.Now()
	user, v := e.guard.check(req, now)
	if v != granted {
		return nil, r, e.guard.challenge(req, v, now)
	}
	e.friends.greet(req)
	r.From, r.Name = user.name, user.display
	if r.Name == "" {
		r.Name = clean(req.From().DisplayName, 80)
	}
	return &Leg{port: id.Port("sip/" + user.name), can: can, wants: user.codecs, ours: ourSide{sdes: sdes{want: user.srtp, sealed: encrypted(req.Transport())}}}, r, nil
}

// merged reports whether the same call came by another way already (RFC 3261
// section 8.2.2.2).
func (e *Endpoint) merged(req *sip.Request) bool {
	tag := tagOf(req.From().Params)
	e.mu.Lock()
	defer e.mu.Unlock()
	for k, l := range e.legs {
		if k.callID == req.CallID().Value() && l.inbound != nil && tag != "" &&
			tagOf(l.inbound.req.From().Params) == tag && l.inbound.req.CSeq().SeqNo == req.CSeq().SeqNo {
			return true
		}
	}
	return false
}

// offer tells the loop of the call.
func (l *Leg) offer() {
	l.state = offered
	l.note(l.d.localTag, l.d.remoteTag)
	l.e.enter(l.d.id(), l)
	if l.inbound.unfit { // refused by the wire, but the call list has it
		l.inbound.report.Cause = l.inbound.why
		l.tell(l.inbound.report)
		l.drop(l.inbound.why, l.inbound.text)
		return
	}
	l.tell(l.inbound.report)
}

// progress says that the called end rings, or opens the sound towards the caller
// (RFC 3261 section 13.3.1.1, RFC 3960 section 3). A 180 behind a 183 would have
// the phone play its own ringback over what it hears, so it is left out; a caller
// without an offer gets ours where it knows reliable responses (RFC 3262), else
// ringing is all that can be said.
func (l *Leg) progress(sound bool) {
	in := l.inbound
	if in.early {
		return
	}
	if l.rel != nil {
		l.progresses = l.progresses || sound
		return
	}
	res := respond(in.req, sip.StatusRinging, "Ringing")
	offer := false
	if reliably := lists(in.req, "Supported", "100rel") || lists(in.req, "Require", "100rel"); sound && (in.offer != nil || reliably) {
		res = respond(in.req, sip.StatusSessionInProgress, "Session Progress")
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
		offer = in.offer == nil
		in.early = true
		if offer {
			res.SetBody(l.ours.offer())
		} else {
			l.suit()
			res.SetBody(l.answerBody())
			l.connect(in.agreed)
		}
	}
	res.AppendHeader(l.e.contactIn(&l.d, in.req.Source()))
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	if len(res.Body()) > 0 {
		l.described = res.Body()
	}
	l.provisional(res, offer)
}

// answerBody describes our side of what was agreed, once.
func (l *Leg) answerBody() []byte {
	in := l.inbound
	if in.body == nil {
		in.body = l.ours.answer(in.offer, in.agreed)
	}
	return in.body
}

// accept answers the call.
func (l *Leg) accept() {
	in := l.inbound
	if l.rel != nil && l.rel.sdp { // RFC 3262 section 3
		l.answers = true
		return
	}
	if l.rel != nil {
		l.rel = nil
		l.timer.Stop()
	}
	var body []byte
	switch {
	case in.settled:
	case in.offer != nil:
		l.suit()
		body = l.answerBody()
	default:
		body = l.ours.offer()
	}
	l.updates = lists(in.req, "Allow", "UPDATE")
	res := l.success(in.req, body)
	if !l.e.answer(in.tx, res) {
		if in.tx.Err() == sip.ErrTransactionCanceled {
			// The CANCEL was quicker. The library would now repeat our 200 in place
			// of its 487, so it is given another 487.
			l.e.answer(in.tx, refuse(in.req, sip.StatusRequestTerminated))
			l.end(leg.Cancelled, "")
			return
		}
		l.end(leg.Failure, "200 could not be sent")
		return
	}
	l.state = up
	l.settled()
	if in.offer != nil && !in.early {
		l.connect(in.agreed)
	}
	l.await(&pending{req: in.req, tx: in.tx, res: res, offer: in.offer == nil && !in.settled, first: true, done: in.done})
	l.tell(leg.Report{Kind: leg.Answered, By: leg.BySIP, Sure: 100})
}

// success is a 200 with a description and, where the far end asked for one, a
// session timer that it keeps itself.
func (l *Leg) success(req *sip.Request, body []byte) *sip.Response {
	res := respond(req, sip.StatusOK, "OK")
	res.AppendHeader(l.e.contactIn(&l.d, req.Source()))
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	res.AppendHeader(sip.NewHeader("Supported", extensions))
	l.timed(req, res)
	if body != nil {
		l.described = body
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
		res.SetBody(body)
	}
	return res
}

// expect gives the sound what an offer will come to when it is accepted, so that the
// answered call can be relayed from its first packet on. Where keys are to be
// exchanged that is known with our answer only.
func (l *Leg) expect() {
	in := l.inbound
	if in.offer == nil || in.unfit || in.agreed.remote.Keys != nil {
		return
	}
	r := in.agreed.remote
	r.Early, r.Send, r.Receive = true, false, false
	l.remote = r
	l.sound.Connect(r)
}

// connect gives the sound what was agreed.
func (l *Leg) connect(a agreement) {
	r := a.remote
	if host, err := netip.ParseAddr(hostOf(l.d.destination())); err == nil {
		r.Signal = host.Unmap()
	}
	l.ours.sdes.keys = r.Keys
	l.opus = r.Opus
	l.speaks.Store(a.spoken())
	r.EventAsked, r.OpusAsked = l.ours.asked.event, l.ours.asked.opus
	was := l.remote
	l.remote = r
	l.sound.Connect(r)
	if was.Ptime != 0 && (was.Payload != r.Payload || was.Ptime != r.Ptime || was.Event != r.Event || was.Comfort != r.Comfort) {
		l.tell(leg.Report{Kind: leg.Agreed})
	}
}
