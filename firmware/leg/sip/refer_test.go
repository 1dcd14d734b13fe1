package sip

import (
	"flag"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// notice is the next NOTIFY, answered; its fragment and state.
func (p *phone) notice() (frag, state string) {
	p.t.Helper()
	m := p.expect("NOTIFY")
	p.respond(m, 200, "OK", "")
	if m.get("Content-Type") != "message/sipfrag;version=2.0" || !strings.HasPrefix(m.get("Event"), "refer") {
		p.t.Errorf("NOTIFY: %s", m.text)
	}
	return strings.TrimSpace(m.body), m.get("Subscription-State")
}

func wantNotice(t *testing.T, p *phone, frag, state string) {
	t.Helper()
	if f, s := p.notice(); f != frag || !strings.HasPrefix(s, state) {
		t.Errorf("NOTIFY %q %q, want %q %q", f, s, frag, state)
	}
}

func TestBlindReferIsNotified(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := answeredCall(b)
		c.in("REFER", "", "Refer-To: <sip:202@10.0.0.1>", "Referred-By: <sip:201@10.0.0.1>")
		p.expect("202")
		wantNotice(t, p, "SIP/2.0 100 Trying", "active")
		w := b.hears(leg.Referred)
		if w.r.To != "202" || w.r.Other != nil || !strings.Contains(w.r.Text, "201") {
			t.Fatalf("%+v", w.r)
		}
		x := l.(leg.Transferor)
		x.Transferred(leg.TransferRings, "")
		x.Transferred(leg.TransferRings, "")
		wantNotice(t, p, "SIP/2.0 180 Ringing", "active")
		x.Transferred(leg.TransferDone, "")
		l.Hangup(leg.Normal) // as the loop does, at once
		wantNotice(t, p, "SIP/2.0 200 OK", "terminated;reason=noresource")
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestReferThatFailsLeavesTheCall(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := answeredCall(b)
		for i, want := range []string{"SIP/2.0 486 Busy Here", "SIP/2.0 404 Not Found"} {
			c.in("REFER", "", "Refer-To: sip:202@10.0.0.1")
			p.expect("202")
			wantNotice(t, p, "SIP/2.0 100 Trying", "active")
			b.hears(leg.Referred)
			c.in("REFER", "", "Refer-To: sip:203@10.0.0.1")
			p.expect("491")
			l.(leg.Transferor).Transferred(leg.TransferFailed, []leg.Cause{leg.Busy, leg.UnknownNumber}[i])
			wantNotice(t, p, want, "terminated")
		}
		b.quiet()
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestReferWithoutSubscription(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := answeredCall(b)
		c.in("REFER", "", "Refer-To: sip:202@10.0.0.1", "Refer-Sub: false", "Require: norefersub")
		if m := p.expect("202"); m.get("Refer-Sub") != "false" {
			t.Error(m.text)
		}
		b.hears(leg.Referred)
		l.(leg.Transferor).Transferred(leg.TransferDone, "")
		l.Hangup(leg.Normal)
		if m, ok := p.next(10 * time.Second); !ok || m.method() != "BYE" {
			t.Errorf("%v %s", ok, m.text)
		} else {
			p.respond(m, 200, "OK", "")
		}
		b.ended(leg.Normal)
	})
}

func TestReferIsRead(t *testing.T) {
	for _, bad := range []struct{ status, to string }{
		{"400", "X: y"}, {"400", "Refer-To: <tel:5>"}, {"400", "Refer-To: <>"},
		{"603", "Refer-To: <sip:202@10.0.0.1;method=BYE>"},
		{"400", "Refer-To: <sip:202@10.0.0.1?Replaces=nonsense>"},
	} {
		box(t, func(t *testing.T, b *bench) {
			p, c, _ := answeredCall(b)
			c.in("REFER", "", bad.to)
			p.expect(bad.status)
			b.quiet()
			c.in("BYE", "")
			p.expect("200")
			b.ended(leg.Normal)
		})
	}
}

// second is one more call of the phone, answered.
func (b *bench) second(p *phone) (*call, leg.Leg) {
	b.t.Helper()
	c := p.dial("202", p.sdp)
	w := b.hears(leg.Offered)
	w.l.Answer()
	c.ack(c.expect("200"))
	b.hears(leg.Answered)
	return c, w.l
}

// names is the Replaces value of a call, as the far side of it reads it.
func (c *call) names() string {
	return fmt.Sprintf("%s;to-tag=%s;from-tag=%s", c.id, param(c.to, "tag"), c.p.tag)
}

func TestAttendedReferNamesTheOtherLeg(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, one, _ := answeredCall(b)
		two, other := b.second(p)
		one.in("REFER", "", "Refer-To: <sip:202@10.0.0.1?Replaces="+url.QueryEscape(two.names())+">")
		p.expect("202")
		p.notice()
		if w := b.hears(leg.Referred); w.r.To != "" || w.r.Other != other {
			t.Errorf("%+v", w.r)
		}
		for _, c := range []*call{one, two} {
			c.in("BYE", "")
			p.expect("200")
			b.ended(leg.Normal)
		}
	})
}

func TestInviteWithReplaces(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, one, old := answeredCall(b)
		for _, try := range []struct{ status, value string }{
			{"481", strings.Replace(one.names(), "to-tag=", "to-tag=x", 1)},
			{"481", strings.Replace(one.names(), "from-tag=", "from-tag=x", 1)},
			{"486", one.names() + ";early-only"},
			{"400", one.id},
		} {
			c := p.dial("201", p.sdp, "Replaces: "+try.value)
			c.ack(p.expect(try.status))
		}
		b.quiet()
		c := p.dial("201", p.sdp, "Require: replaces", "Replaces: "+one.names())
		w := b.hears(leg.Offered)
		if w.r.Other != old {
			t.Errorf("%+v", w.r)
		}
		w.l.Answer()
		c.ack(c.expect("200"))
		b.hears(leg.Answered)
		old.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
		w.l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestHoldIsTold(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, _ := answeredCall(b)
		nowhere := strings.Replace(p.sdp, "c=IN IP4 10.0.0.5", "c=IN IP4 0.0.0.0", 1)
		for _, offer := range []struct{ sdp, how string }{
			{p.sdp + "a=sendonly\r\n", "sendonly"}, {p.sdp, ""}, {p.sdp + "a=inactive\r\n", "inactive"}, {p.sdp, ""}, {nowhere, "zero"}, {p.sdp, ""},
		} {
			c.in("INVITE", offer.sdp)
			m := p.expect("200")
			c.seq = p.seq
			c.ack(m)
			kind := leg.Held
			if offer.how == "" {
				kind = leg.Resumed
			}
			if w := b.hears(kind); w.r.Text != offer.how {
				t.Errorf("%+v", w.r)
			}
		}
		b.quiet()
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

// The counts of TestHoldAndTransferLeaveNothing; a day's are 10000 and 1000.
var (
	holds     = flag.Int("holds", 500, "hold cycles of one call")
	transfers = flag.Int("transfers", 100, "transfers in a row")
)

// A day of holding and of transfers leaves nothing behind: neither legs nor
// goroutines nor sockets.
func TestHoldAndTransferLeaveNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t, func(c *Config) { c.Limits = Limits{PerSecond: -1, PerSourcePerSecond: -1} })
		p, c, l := answeredCall(b)
		before, socks := runtime.NumGoroutine(), len(b.n.socks)
		for i := range *holds {
			c.in("INVITE", p.sdp+[]string{"a=sendonly\r\n", "a=sendrecv\r\n"}[i%2])
			m := p.expect("200")
			c.seq = p.seq
			c.ack(m)
			b.hears([]leg.ReportKind{leg.Held, leg.Resumed}[i%2])
		}
		for range *transfers {
			one, first := b.second(p)
			one.in("REFER", "", "Refer-To: sip:202@10.0.0.1")
			p.expect("202")
			p.notice()
			b.hears(leg.Referred)
			first.(leg.Transferor).Transferred(leg.TransferDone, "")
			first.Hangup(leg.Normal)
			p.notice()
			p.respond(p.expect("BYE"), 200, "OK", "")
			b.ended(leg.Normal)
		}
		time.Sleep(2 * time.Minute) // the library's transactions run out
		if n := runtime.NumGoroutine(); n > before+2 {
			t.Errorf("%d goroutines, %d before", n, before)
		}
		if n := len(b.n.socks); n != socks {
			t.Errorf("%d sockets, %d before", n, socks)
		}
		b.e.mu.Lock()
		legs, count := len(b.e.legs), b.e.count
		b.e.mu.Unlock()
		if legs != 1 || count != 1 {
			t.Errorf("%d dialogs of %d legs", legs, count)
		}
		l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
		b.stop()
		time.Sleep(time.Minute)
	})
}

func FuzzReplaces(f *testing.F) {
	f.Add("a@b;to-tag=1;from-tag=2")
	f.Add("a;early-only;to-tag=1;from-tag=2")
	f.Add(";;=;to-tag=")
	f.Fuzz(func(t *testing.T, v string) {
		if r, ok := parseReplaces(v); ok && (r.callID == "" || r.toTag == "" || r.fromTag == "" || !printable(r.callID+r.toTag+r.fromTag)) {
			t.Errorf("%q gives %+v", v, r)
		}
	})
}
