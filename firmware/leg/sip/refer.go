package sip

import (
	"strconv"
	"strings"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

const (
	// noticesMax: 100, a few 180, and the result of one REFER.
	noticesMax = 8
	// referSeconds is how long a phone may believe that its transfer is under way: a
	// queue or a menu has it done at once, a telephone rings for half a minute.
	referSeconds = 180
	// byeAfterNotice is how long our BYE waits for the last NOTIFY to be answered.
	byeAfterNotice = time.Second
)

// referral is a REFER of the far end with the subscription it made (RFC 3515
// section 2.4.4).
type referral struct {
	event   string            // Event of its notices
	silent  bool              // it wants none (RFC 4488)
	notices chan *sip.Request // in order
	sent    chan struct{}     // closed when all are answered
	rang    bool
}

// referred takes a REFER: the far end wants us to connect whom it speaks with
// elsewhere. Where to is for the core to decide.
func (l *Leg) referred(m message) {
	req := m.req
	report, res := l.wish(req)
	switch {
	case res != nil:
		l.e.answer(m.tx, res)
		return
	case l.state != up || l.trunk != nil && !l.trunk.Transfer:
		l.e.answer(m.tx, refuse(req, sip.StatusGlobalDecline))
		return
	case l.referral != nil:
		l.e.answer(m.tx, refuse(req, sip.StatusRequestPending))
		return
	}
	r := &referral{event: "refer", notices: make(chan *sip.Request, noticesMax), sent: make(chan struct{})}
	if l.noticed != nil { // the first of a dialog needs no id, and some phones know none
		r.event += ";id=" + strconv.FormatUint(uint64(req.CSeq().SeqNo), 10)
	}
	r.silent = strings.EqualFold(first(req, "Refer-Sub"), "false")
	res = respond(req, sip.StatusAccepted, "Accepted")
	res.AppendHeader(l.e.contactIn(&l.d, req.Source()))
	if r.silent {
		res.AppendHeader(sip.NewHeader("Refer-Sub", "false"))
	}
	l.e.answer(m.tx, res)
	l.referral = r
	trunk := l.trunk
	l.e.work.Add(1) // the leg itself is still counted, so Wait has not ended
	go func() {
		defer l.e.work.Done()
		defer close(r.sent)
		for req := range r.notices {
			l.e.do(req, trunk)
		}
	}()
	l.notify("100 Trying", false)
	l.tell(report)
}

// first is the first value of a header, without parameters.
func first(req *sip.Request, name string) string {
	if v := headers(req, name); len(v) > 0 {
		value, _, _ := strings.Cut(v[0], ";")
		return strings.TrimSpace(value)
	}
	return ""
}

// wish reads whom a REFER wants us to call, or says what is wrong with it.
func (l *Leg) wish(req *sip.Request) (leg.Report, *sip.Response) {
	r := leg.Report{Kind: leg.Referred}
	values := headers(req, "Refer-To")
	var to sip.Uri
	var params sip.HeaderParams
	if len(values) != 1 {
		return r, respond(req, sip.StatusBadRequest, "REFER Needs One Refer-To")
	}
	if _, err := sip.ParseAddressValue(values[0], &to, &params); err != nil || to.Scheme != "sip" && to.Scheme != "sips" {
		return r, respond(req, sip.StatusBadRequest, "Bad Refer-To")
	}
	if method, ok := to.UriParams.Get("method"); ok && !strings.EqualFold(method, "INVITE") {
		return r, refuse(req, sip.StatusGlobalDecline)
	}
	r.To = clean(to.User, userMax)
	r.Text = clean(first(req, "Referred-By"), 120)
	value, ok := headerOf(to, "Replaces")
	if !ok {
		return r, nil
	}
	named, good := parseReplaces(value)
	if !good {
		return r, respond(req, sip.StatusBadRequest, "Bad Replaces")
	}
	other, _ := l.e.named(named.callID, named.toTag, named.fromTag)
	if other == nil { // some phones name the tags from their own side
		other, _ = l.e.named(named.callID, named.fromTag, named.toTag)
	}
	if other == nil {
		return r, nil // that call is over: a transfer to its number is what is left
	}
	r.To, r.Other = "", other
	return r, nil
}

// Transferred implements leg.Transferor.
func (l *Leg) Transferred(s leg.TransferState, c leg.Cause) {
	l.order(order{kind: doTransferred, transfer: s, cause: c})
}

// transferred tells the far end what comes of its REFER.
func (l *Leg) transferred(o order) {
	switch {
	case l.referral == nil || l.state != up:
	case o.transfer == leg.TransferRings:
		if !l.referral.rang {
			l.referral.rang = true
			l.notify("180 Ringing", false)
		}
	case o.transfer == leg.TransferDone:
		l.notify("200 OK", true)
	default:
		status := o.cause.SIP()
		if status == 0 || reasons[status] == "" {
			status = sip.StatusTemporarilyUnavailable
		}
		l.notify(strconv.Itoa(status)+" "+reasons[status], true)
	}
}

// notify sends where the transfer stands (RFC 3515 section 2.4.5).
func (l *Leg) notify(status string, last bool) {
	r := l.referral
	if !r.silent {
		l.d.localSeq++
		req := l.e.request(&l.d, sip.NOTIFY, l.d.localSeq)
		req.AppendHeader(l.e.contactIn(&l.d, req.Destination()))
		req.AppendHeader(sip.NewHeader("Event", r.event))
		state := "active;expires=" + strconv.Itoa(referSeconds)
		if last {
			state = "terminated;reason=noresource"
		}
		req.AppendHeader(sip.NewHeader("Subscription-State", state))
		req.AppendHeader(sip.NewHeader("Content-Type", "message/sipfrag;version=2.0"))
		req.SetBody([]byte("SIP/2.0 " + status + "\r\n"))
		select {
		case r.notices <- req:
		default: // a far end that answers nothing misses the news
		}
	}
	if last {
		l.unrefer()
	}
}

// unrefer ends the subscription; what was said is still sent.
func (l *Leg) unrefer() {
	if r := l.referral; r != nil {
		close(r.notices)
		l.noticed, l.referral = r.sent, nil
	}
}

// lastWords says what is left to say of a transfer before the leg is hung up.
func (l *Leg) lastWords() {
	for {
		select {
		case o := <-l.orders:
			if o.kind == doTransferred {
				l.transferred(o)
			}
		default:
			l.unrefer()
			return
		}
	}
}
