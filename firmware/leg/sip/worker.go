package sip

import (
	"runtime/debug"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"

	"github.com/emiago/sipgo/sip"
)

// work is the worker: everything of one leg in order, until it has ended.
func (l *Leg) work() {
	defer l.e.remove(l)
	defer l.leave()
	defer func() {
		if p := recover(); p != nil {
			l.e.log.Error("sip: a leg broke", "port", l.port, "panic", p, "stack", string(debug.Stack()))
			if l.state != ended {
				l.drop(leg.Failure, "internal fault")
			}
		}
	}()
	l.timer, l.session, l.patience = stopped(), stopped(), stopped()
	deaf := l.sound.Start()
	if l.inbound != nil {
		l.expect()
		l.offer()
	}
	if deaf != nil {
		l.drop(leg.Congestion, deaf.Error())
	}
	for l.state != ended {
		select {
		case c := <-l.hangup:
			l.drop(c, "")
			continue
		default: // a hangup goes before orders that were left earlier
		}
		select {
		case c := <-l.hangup:
			l.drop(c, "")
		case o := <-l.orders:
			l.obey(o)
		case m := <-l.inbox:
			l.read(m)
		case ev := <-l.sound.Events():
			l.heard(ev)
		case <-l.timer.C:
			l.again()
		case <-l.patience.C:
			l.release()
		case <-l.session.C:
			l.sessionDue()
		case <-l.e.stopping:
			l.drop(leg.BoxStopped, "")
		}
	}
}

func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// leave closes the sound and answers what is left in the inbox.
func (l *Leg) leave() {
	l.timer.Stop()
	l.session.Stop()
	l.patience.Stop()
	if l.held != nil {
		l.late(*l.held)
	}
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	close(l.gone)
	for {
		select {
		case m := <-l.inbox:
			l.late(m)
			continue
		default:
		}
		break
	}
	l.unrefer()
	if l.inbound != nil {
		finish(l.inbound.done)
	}
	if l.pending != nil {
		finish(l.pending.done)
	}
	l.sound.Close()
}

// late answers a message that came after the end.
func (l *Leg) late(m message) {
	switch {
	case m.branch != nil:
		m.branch.late(m.res)
	case m.tx != nil:
		l.e.answer(m.tx, refuse(m.req, sip.StatusCallTransactionDoesNotExists))
		finish(m.done)
	}
}

func (l *Leg) obey(o order) {
	switch o.kind {
	case doRing:
		if l.state == idle && l.inbound == nil {
			l.invite(*o.caller)
		}
	case doProgress:
		if l.state == offered {
			l.progress(o.sound)
		}
	case doAnswer:
		if l.state == offered {
			l.accept()
		}
	case doSend:
		if l.state == up {
			l.sound.Send(o.digits)
		}
	case doFlash:
	case doTransferred:
		l.transferred(o)
	}
}

func (l *Leg) read(m message) {
	switch {
	case m.cancel:
		if l.state == offered {
			l.end(leg.Cancelled, "")
		}
	case m.branch != nil:
		l.reply(m)
	case m.own != nil:
		l.refreshed(m)
	case m.req.IsAck():
		l.acknowledged(m.req)
	default:
		l.asked(m)
	}
}

func (l *Leg) heard(ev rtp.Event) {
	switch {
	case ev.Unheard:
		l.plain()
	case ev.Silent:
		l.drop(leg.NoMedia, "no sound from the far end for "+l.e.cfg.Silence.String())
	case ev.Digit != 0 && l.state == up:
		l.tell(leg.Report{Kind: leg.Digit, Digit: ev.Digit, Event: true})
	}
}

// drop ends the leg from our side, whatever its state.
func (l *Leg) drop(c leg.Cause, text string) {
	switch l.state {
	case offered:
		status := c.SIP()
		if status == 0 {
			status = sip.StatusTemporarilyUnavailable
		}
		l.inbound.why = c
		l.inbound.refuse(l.e, status)
	case calling:
		for _, b := range l.branches {
			b.cancel(c)
		}
	case up:
		l.lastWords()
		l.bye(&l.d, c)
	}
	l.end(c, text)
}

// end tells the end, once.
func (l *Leg) end(c leg.Cause, text string) {
	l.state = ended
	l.tell(leg.Report{Kind: leg.Ended, Cause: c, Text: text, SIP: l.status, Q850: l.q850})
}

// bye ends a dialog. It is not waited for, except by the box when it stops.
func (l *Leg) bye(d *dialog, c leg.Cause) {
	d.localSeq++
	req := l.e.request(d, sip.BYE, d.localSeq)
	because(req, c)
	req.SetBody(nil)
	trunk, noticed := l.trunk, l.noticed
	l.e.work.Add(1) // the leg itself is still counted, so Wait has not ended
	go func() {
		defer l.e.work.Done()
		if noticed != nil { // the far end is to hear of its transfer before
			select {
			case <-noticed:
			case <-time.After(byeAfterNotice):
			}
		}
		l.e.do(req, trunk)
	}()
}
