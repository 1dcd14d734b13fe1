package sip

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// overtaking is how long a re-INVITE that came before the ACK of the last one
// waits for it: messages that arrive together are handled side by side and may
// change places.
const overtaking = 100 * time.Millisecond

// release serves the re-INVITE that was held.
func (l *Leg) release() {
	if m := l.held; m != nil {
		l.held = nil
		l.patience.Stop()
		l.serve(*m)
	}
}

// asked serves a request within the dialog.
func (l *Leg) asked(m message) {
	if m.req.Method == sip.INVITE && l.pending != nil && l.held == nil {
		l.held = &m
		l.patience.Reset(overtaking)
		return
	}
	l.serve(m)
}

func (l *Leg) serve(m message) {
	req := m.req
	defer func() {
		if l.pending == nil || l.pending.done != m.done { // a 2xx to a re-INVITE keeps its handler until the ACK
			finish(m.done)
		}
	}()
	if req.CSeq().SeqNo <= l.d.remoteSeq {
		l.e.answer(m.tx, respond(req, sip.StatusInternalServerError, "CSeq Out Of Order")) // RFC 3261 section 12.2.2
		return
	}
	l.d.remoteSeq = req.CSeq().SeqNo
	switch req.Method {
	case sip.BYE:
		l.e.answer(m.tx, respond(req, sip.StatusOK, "OK"))
		if l.state == offered {
			l.inbound.refuse(l.e, sip.StatusRequestTerminated)
			l.end(leg.Cancelled, "")
			return
		}
		q850, text := told(req)
		l.q850 = q850
		l.end(leg.Normal, text)
	case sip.INVITE:
		l.reinvited(m)
	case sip.UPDATE:
		l.updated(m)
	case sip.INFO:
		l.info(m)
	case sip.PRACK:
		l.pracked(m)
	case sip.OPTIONS:
		res := respond(req, sip.StatusOK, "OK")
		res.AppendHeader(sip.NewHeader("Allow", allowed))
		l.e.answer(m.tx, res)
	case sip.REFER:
		l.referred(m)
	default:
		l.e.answer(m.tx, refuse(req, sip.StatusMethodNotAllowed))
	}
}

// reinvited changes the session: hold and resume, another address, a refresh. What
// cannot be done is refused and the call goes on as it was.
func (l *Leg) reinvited(m message) {
	if l.own != nil && l.own.method == sip.INVITE { // RFC 3261 section 14.2: both asked at once
		l.e.answer(m.tx, refuse(m.req, sip.StatusRequestPending))
		return
	}
	if res := tooBrief(m.req); res != nil {
		l.e.answer(m.tx, res)
		return
	}
	if l.pending != nil || l.state != up { // likewise: an earlier one is not over
		res := refuse(m.req, sip.StatusInternalServerError)
		res.AppendHeader(sip.NewHeader("Retry-After", "1"))
		l.e.answer(m.tx, res)
		return
	}
	l.d.refresh(m.req)
	if described(m.req) == nil {
		l.confirm(m, l.success(m.req, l.ours.offer()), true)
		return
	}
	body, ok := l.renegotiate(m)
	if ok {
		l.confirm(m, l.success(m.req, body), false)
	}
}

func (l *Leg) confirm(m message, res *sip.Response, offer bool) {
	if l.e.answer(m.tx, res) {
		l.await(&pending{req: m.req, tx: m.tx, res: res, offer: offer, done: m.done})
	}
}

// renegotiate takes a new offer and gives the answer to it, or refuses.
func (l *Leg) renegotiate(m message) ([]byte, bool) {
	d, err := parseSDP(described(m.req))
	if err != nil {
		l.e.answer(m.tx, respond(m.req, sip.StatusBadRequest, "Bad Session Description"))
		return nil, false
	}
	l.ours.sdes.offer = nil // this is an offer, no answer to ours
	a, ok := l.agree(d)
	if !ok {
		l.e.answer(m.tx, notAcceptable(m.req))
		return nil, false
	}
	l.connect(a)
	l.listens(d, a)
	return l.ours.answer(d, a), true
}

// listens tells when the far end holds us or takes us back: by the direction of RFC
// 3264 section 8.4, or by the address of nowhere as RFC 2543 had it.
func (l *Leg) listens(d *description, a agreement) {
	how := ""
	switch m := d.media[a.index]; {
	case m.conn.IsUnspecified():
		how = "zero"
	case !m.dir.recv && !m.dir.send:
		how = "inactive"
	case !m.dir.recv:
		how = "sendonly"
	}
	was := l.deaf
	l.deaf = how
	switch {
	case how != "" && was == "":
		l.tell(leg.Report{Kind: leg.Held, Text: how})
	case how == "" && was != "":
		l.tell(leg.Report{Kind: leg.Resumed})
	}
}

// updated serves UPDATE (RFC 3311): a refresh, or a new offer. Before the answer of
// the call it may carry one only when the first was settled by reliable responses.
func (l *Leg) updated(m message) {
	if res := tooBrief(m.req); res != nil {
		l.e.answer(m.tx, res)
		return
	}
	l.d.refresh(m.req)
	if described(m.req) == nil {
		l.e.answer(m.tx, l.success(m.req, nil))
		return
	}
	switch {
	case l.own != nil && l.own.method == sip.INVITE, l.rel != nil && l.rel.offer:
		l.e.answer(m.tx, refuse(m.req, sip.StatusRequestPending)) // our own offer is open
		return
	case !l.mayOffer():
		res := refuse(m.req, sip.StatusInternalServerError)
		res.AppendHeader(sip.NewHeader("Retry-After", "1"))
		l.e.answer(m.tx, res)
		return
	}
	if body, ok := l.renegotiate(m); ok {
		l.e.answer(m.tx, l.success(m.req, body))
	}
}

// mayOffer reports whether no offer of the far end is open.
func (l *Leg) mayOffer() bool {
	switch l.state {
	case up:
		return l.pending == nil
	case offered:
		return l.inbound.settled && l.rel == nil
	case calling:
		return l.early != nil
	}
	return false
}

// info serves INFO: digits as some phones and gateways send them.
func (l *Leg) info(m message) {
	digit, ok := infoDigit(m.req)
	if !ok {
		res := refuse(m.req, sip.StatusUnsupportedMediaType)
		res.AppendHeader(sip.NewHeader("Accept", "application/dtmf-relay, application/dtmf"))
		l.e.answer(m.tx, res)
		return
	}
	l.e.answer(m.tx, respond(m.req, sip.StatusOK, "OK"))
	if l.state == up && digit != 0 {
		l.tell(leg.Report{Kind: leg.Digit, Digit: digit})
	}
}

// infoDigit reads the body of an INFO; 0 is an empty one, which is fine.
func infoDigit(req *sip.Request) (byte, bool) {
	if len(req.Body()) == 0 {
		return 0, true
	}
	types := headers(req, "Content-Type")
	if len(types) != 1 || len(req.Body()) > 200 {
		return 0, false
	}
	kind, _, _ := strings.Cut(strings.ToLower(types[0]), ";")
	text := string(req.Body())
	switch strings.TrimSpace(kind) {
	case "application/dtmf":
	case "application/dtmf-relay":
		found := false
		for l := range strings.Lines(text) {
			if k, v, ok := strings.Cut(l, "="); ok && strings.EqualFold(strings.TrimSpace(k), "signal") {
				text, found = v, true
				break
			}
		}
		if !found {
			return 0, false
		}
	default:
		return 0, false
	}
	text = strings.ToUpper(strings.TrimSpace(text))
	if n, err := strconv.Atoi(text); err == nil && n >= 10 && n <= 16 { // some count * and # on
		text = fmt.Sprintf("%c", "*#ABCD!"[n-10])
	}
	if len(text) != 1 || !strings.Contains("0123456789*#ABCD!", text) {
		return 0, false
	}
	return text[0], true
}
