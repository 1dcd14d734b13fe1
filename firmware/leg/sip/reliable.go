package sip

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// reliable is a provisional response of ours that is sent again until its PRACK comes
// (RFC 3262 section 3). One is under way at a time.
type reliable struct {
	res   *sip.Response
	rseq  uint32
	next  time.Duration
	since time.Time
	sdp   bool // it carries a description: the answer to the call waits for its PRACK
	offer bool // ours: the PRACK must bring the answer
}

// provisional sends a response before the answer, reliably where the caller must
// have it so, or where it carries our offer.
func (l *Leg) provisional(res *sip.Response, offer bool) {
	in := l.inbound
	if !lists(in.req, "Require", "100rel") && !offer {
		l.e.answer(in.tx, res)
		return
	}
	if l.rseq == 0 {
		l.rseq = rand.Uint32N(1 << 30)
	}
	l.rseq++
	res.AppendHeader(sip.NewHeader("Require", "100rel"))
	res.AppendHeader(sip.NewHeader("RSeq", strconv.FormatUint(uint64(l.rseq), 10)))
	l.rel = &reliable{res: res, rseq: l.rseq, next: sip.T1, since: time.Now(), sdp: len(res.Body()) > 0, offer: offer}
	l.e.answer(in.tx, res)
	l.timer.Reset(sip.T1)
}

// repeat sends the response once more; a caller that never acknowledges it is
// refused.
func (l *Leg) repeat() {
	r := l.rel
	if time.Since(r.since) >= 64*sip.T1 {
		l.inbound.refuse(l.e, sip.StatusGatewayTimeout)
		l.end(leg.Timeout, "no PRACK to our provisional response")
		return
	}
	l.e.answer(l.inbound.tx, r.res)
	r.next *= 2
	l.timer.Reset(min(r.next, 64*sip.T1-time.Since(r.since)))
}

// pracked takes a PRACK, and goes on with what had to wait for it.
func (l *Leg) pracked(m message) {
	r := l.rel
	if r == nil || l.inbound == nil || rack(m.req) != fmt.Sprintf("%d %d INVITE", r.rseq, l.inbound.req.CSeq().SeqNo) {
		l.e.answer(m.tx, refuse(m.req, sip.StatusCallTransactionDoesNotExists))
		return
	}
	l.timer.Stop()
	l.rel = nil
	res := respond(m.req, sip.StatusOK, "OK")
	switch {
	case r.offer:
		d, err := parseSDP(described(m.req))
		a, ok := agreement{}, false
		if err == nil {
			a, ok = l.answered(d)
		}
		if !ok {
			l.e.answer(m.tx, notAcceptable(m.req))
			cause, why := l.objection(d, err)
			l.drop(cause, "in the PRACK "+why)
			return
		}
		l.connect(a)
		l.ours.sdes.offer = nil
	case described(m.req) != nil: // a further offer (RFC 3262 section 5)
		body, ok := l.renegotiate(m)
		if !ok {
			return
		}
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
		res.SetBody(body)
	}
	l.e.answer(m.tx, res)
	l.inbound.settled = l.inbound.settled || r.sdp
	switch {
	case l.answers:
		l.accept()
	case l.progresses:
		l.progresses = false
		l.progress(true)
	}
}

// rack is the RAck of a PRACK with single spaces.
func rack(req *sip.Request) string {
	if v := headers(req, "RAck"); len(v) == 1 {
		return strings.ToUpper(strings.Join(strings.Fields(v[0]), " "))
	}
	return ""
}

// earliesMax bounds the early dialogs of one INVITE: a provider forks to a handful of
// telephones.
const earliesMax = 8

// prack acknowledges a reliable response of the far end (RFC 3262 section 4); false
// for one that came again or too early.
func (b *branch) prack(res *sip.Response) bool {
	h := res.GetHeader("RSeq")
	if h == nil || !lists(res, "Require", "100rel") {
		return true
	}
	n, err := strconv.ParseUint(strings.TrimSpace(h.Value()), 10, 32)
	if err != nil || n == 0 {
		return false
	}
	tag, rseq := tagOf(res.To().Params), uint32(n)
	if last, known := b.rseqs[tag]; known && rseq != last+1 || !known && len(b.rseqs) >= earliesMax {
		return false
	}
	if b.rseqs == nil {
		b.rseqs = make(map[string]uint32, 1)
	}
	b.rseqs[tag] = rseq
	b.mu.Lock()
	b.d.localSeq++
	d := b.d
	invite := b.inviteSeq
	b.mu.Unlock()
	d.answered(res)
	req := b.l.e.request(&d, sip.PRACK, d.localSeq)
	req.AppendHeader(sip.NewHeader("RAck", fmt.Sprintf("%d %d INVITE", rseq, invite)))
	req.SetBody(nil)
	e, trunk := b.l.e, b.l.trunk
	e.work.Add(1) // the leg is still counted, so Wait has not ended
	go func() {
		defer e.work.Done()
		e.do(req, trunk)
	}()
	return true
}
