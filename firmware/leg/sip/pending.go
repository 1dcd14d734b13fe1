package sip

import (
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// pending is a 2xx to an INVITE or re-INVITE that is sent again until its ACK
// comes (RFC 3261 section 13.3.1.4): the transaction does not do it.
type pending struct {
	req   *sip.Request
	tx    sip.ServerTransaction
	res   *sip.Response
	seq   uint32
	next  time.Duration
	since time.Time
	offer bool          // res carried our offer: the ACK must bring the answer
	first bool          // it is the call's own, no re-INVITE's
	done  chan struct{} // handler waits for it
}

// finish lets the handler of a request go. Only the leg's worker calls it, so it
// may look before it closes.
func finish(done chan struct{}) {
	select {
	case <-done:
	default:
		close(done)
	}
}

// await begins to wait for the ACK of res.
func (l *Leg) await(p *pending) {
	p.seq, p.next, p.since = p.req.CSeq().SeqNo, sip.T1, time.Now()
	l.pending = p
	l.timer.Reset(p.next)
}

// again sends the 2xx once more, or gives up after 64*T1.
func (l *Leg) again() {
	p := l.pending
	if p == nil && l.rel != nil {
		l.repeat()
	}
	if p == nil {
		return
	}
	if time.Since(p.since) >= 64*sip.T1 {
		l.drop(leg.Timeout, "no ACK to our 200")
		return
	}
	l.e.answer(p.tx, p.res)
	p.next = min(2*p.next, sip.T2)
	l.timer.Reset(p.next)
}

// acknowledged takes an ACK. One that belongs to no 2xx of ours means nothing.
func (l *Leg) acknowledged(ack *sip.Request) {
	p := l.pending
	if p == nil || ack.CSeq() == nil || ack.CSeq().SeqNo != p.seq {
		return
	}
	l.pending = nil
	l.timer.Stop()
	finish(p.done)
	defer l.release()
	if !p.offer {
		return
	}
	body := described(ack)
	if body == nil && !p.first { // a refresh whose far end forgot its answer: the sound stays as it was
		l.ours.sdes.offer = nil
		return
	}
	d, err := parseSDP(body)
	if err == nil {
		if a, ok := l.answered(d); ok {
			l.connect(a)
			l.ours.sdes.offer = nil
			l.listens(d, a)
			return
		}
	}
	cause, why := l.objection(d, err)
	l.drop(cause, "in the ACK "+why)
}
