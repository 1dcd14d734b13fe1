package sip

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// statusTooSmall is 422, Session Interval Too Small (RFC 4028 section 6).
const statusTooSmall = 422

const (
	// sessionMin is the shortest session interval in seconds (RFC 4028 section 4).
	sessionMin = 90
	// sessionDefault is the interval we ask for, as RFC 4028 section 4 recommends.
	sessionDefault = 1800
	sessionMax     = 24 * 3600
)

// interval reads a Session-Expires or Min-SE value: seconds and who refreshes.
func interval(m sip.Message, name string) (s int, refresher string, ok bool) {
	v := headers(m, name)
	if len(v) == 0 {
		return 0, "", false
	}
	value, params, _ := strings.Cut(v[0], ";")
	if s, ok = seconds(value); !ok {
		return 0, "", false
	}
	for p := range strings.SplitSeq(params, ";") {
		if k, who, _ := strings.Cut(strings.TrimSpace(p), "="); strings.EqualFold(strings.TrimSpace(k), "refresher") {
			refresher = strings.ToLower(strings.TrimSpace(who))
		}
	}
	return s, refresher, true
}

func knowsTimer(m sip.Message) bool {
	return lists(m, "Supported", "timer") || lists(m, "Require", "timer")
}

// tooBrief is the 422 to an interval that is too short, nil if it is not (RFC 4028
// section 9).
func tooBrief(req *sip.Request) *sip.Response {
	s, _, ok := interval(req, "Session-Expires")
	if !ok || s >= sessionMin || !knowsTimer(req) {
		return nil
	}
	res := refuse(req, statusTooSmall)
	res.AppendHeader(sip.NewHeader("Min-SE", strconv.Itoa(sessionMin)))
	return res
}

// timed agrees to a session timer in a 2xx of ours and starts it. The far end
// refreshes unless it asks us to, or does not know how.
func (l *Leg) timed(req *sip.Request, res *sip.Response) {
	s, refresher, ok := interval(req, "Session-Expires")
	if !ok {
		l.session.Stop()
		return
	}
	s = min(max(s, sessionMin), sessionMax)
	if refresher == "" {
		refresher = "uac"
	}
	if !knowsTimer(req) { // put there by a proxy
		refresher = "uas"
	} else if refresher == "uac" {
		res.AppendHeader(sip.NewHeader("Require", "timer"))
	}
	res.AppendHeader(sip.NewHeader("Session-Expires", strconv.Itoa(s)+";refresher="+refresher))
	l.keep(s, refresher == "uas")
}

// agreedTimer takes the session timer from a 2xx of the far end.
func (l *Leg) agreedTimer(res *sip.Response) {
	s, refresher, ok := interval(res, "Session-Expires")
	if !ok {
		l.session.Stop()
		return
	}
	l.keep(min(max(s, sessionMin), sessionMax), refresher != "uas")
}

// keep starts the timer: at half of it we refresh, or at its end the far end has
// failed to.
func (l *Leg) keep(s int, ours bool) {
	l.interval, l.refreshes = s, ours
	l.until = time.Now().Add(time.Duration(s) * time.Second)
	if ours {
		l.session.Reset(time.Duration(s) * time.Second / 2)
	} else {
		l.session.Reset(time.Duration(s) * time.Second)
	}
}

// sessionDue refreshes the session, or ends it.
func (l *Leg) sessionDue() {
	switch {
	case !l.refreshes || !time.Now().Before(l.until):
		l.drop(leg.Timeout, "session was not refreshed")
	case l.pending != nil || l.own != nil || l.state != up:
		l.session.Reset(time.Second)
	default:
		l.refresh()
	}
}

// own is a re-INVITE or UPDATE of ours.
type own struct {
	method  sip.RequestMethod
	seq     uint32
	offer   []byte       // what it carries
	changes bool         // it is for the offer, no refresh
	ack     *sip.Request // of its 2xx
}

// refresh sends UPDATE, or re-INVITE with what we said last to those that know no
// better.
func (l *Leg) refresh() {
	o := &own{method: sip.INVITE}
	if l.updates {
		o.method = sip.UPDATE
	}
	if o.method == sip.INVITE {
		o.offer = l.described
	}
	l.send(o)
}

// ask sends a re-INVITE with an offer.
func (l *Leg) ask(offer []byte) { l.send(&own{method: sip.INVITE, offer: offer, changes: true}) }

// send sends a request of ours; the session's time begins anew with its answer.
func (l *Leg) send(o *own) {
	l.d.localSeq++
	o.seq = l.d.localSeq
	req := l.e.request(&l.d, o.method, o.seq)
	req.AppendHeader(l.e.contactIn(&l.d, req.Destination()))
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	req.AppendHeader(sip.NewHeader("Supported", extensions))
	if l.interval > 0 {
		refresher := "uac"
		if !l.refreshes {
			refresher = "uas"
		}
		req.AppendHeader(sip.NewHeader("Session-Expires", strconv.Itoa(l.interval)+";refresher="+refresher))
		req.AppendHeader(sip.NewHeader("Min-SE", strconv.Itoa(max(sessionMin, l.leastInterval))))
	}
	if o.offer != nil {
		req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
		req.SetBody(o.offer)
	} else {
		req.SetBody(nil)
	}
	l.own = o
	l.e.work.Add(1) // the leg is counted, so Wait has not ended
	go func() {
		defer l.e.work.Done()
		l.post(message{own: o, res: l.e.reliably(req, l.trunk, func() { l.post(message{own: o, again: true}) })})
	}()
}

// refreshed takes the answer to our refresh.
func (l *Leg) refreshed(m message) {
	o := m.own
	if m.again {
		if o.ack != nil {
			l.e.write(o.ack)
		}
		return
	}
	l.own = nil
	if l.state != up {
		return
	}
	switch res := m.res; {
	case res == nil && o.changes: // whether the far end is there, a refresh will tell
	case res == nil:
		l.drop(leg.Timeout, "no answer to the refresh of the session")
	case res.IsSuccess():
		l.agreedTimer(res)
		if o.method == sip.INVITE {
			l.answeredOwn(o, res)
		}
	case res.StatusCode == sip.StatusCallTransactionDoesNotExists || res.StatusCode == sip.StatusRequestTimeout:
		l.drop(leg.Timeout, "the far end knows nothing of the call any more")
	case o.changes: // refused: the sound stays as it was, and is asked for again while it must
	case res.StatusCode == statusTooSmall:
		if s, _, ok := interval(res, "Min-SE"); ok && s > l.interval && s <= sessionMax {
			l.interval, l.leastInterval = s, s
			l.until = time.Now().Add(time.Duration(s) * time.Second)
		}
		l.session.Reset(time.Second)
	case res.StatusCode == sip.StatusRequestPending:
		l.session.Reset(l.glare())
	default:
		l.updates = l.updates && res.StatusCode != sip.StatusMethodNotAllowed && res.StatusCode != sip.StatusNotImplemented
		l.session.Reset(max(time.Second, time.Until(l.until)/2))
	}
}

// glare is how long to wait after a 491 (RFC 3261 section 14.1): who made the
// Call-ID waits longer.
func (l *Leg) glare() time.Duration {
	wait := time.Duration(rand.IntN(200)) * 10 * time.Millisecond
	if l.inbound == nil {
		wait = 2100*time.Millisecond + time.Duration(rand.IntN(190))*10*time.Millisecond
	}
	return wait
}

// answeredOwn acknowledges the 2xx to a re-INVITE of ours and takes its description.
func (l *Leg) answeredOwn(o *own, res *sip.Response) {
	if c := res.Contact(); c != nil && c.Address.Host != "" && len(l.d.routes) == 0 && l.d.flow == "" {
		l.d.target = *c.Address.Clone()
	}
	o.ack = l.e.request(&l.d, sip.ACK, o.seq)
	o.ack.SetBody(nil)
	l.e.write(o.ack)
	if d, err := parseSDP(described(res)); err == nil {
		l.ours.sdes.again(l.described)
		if a, ok := l.answered(d); ok {
			l.connect(a)
		}
		l.ours.sdes.offer = nil
	}
}
