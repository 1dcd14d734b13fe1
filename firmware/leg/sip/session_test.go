package sip

import (
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// rung201 is a call to the phone of 201, which answers with these headers.
func rung201(b *bench, extra ...string) (*phone, *call, leg.Leg) {
	b.t.Helper()
	p := newPhone(b.t, b.n, "10.0.0.5:5060", "201", "secret")
	p.register(600)
	l, refused := b.e.Make("sip/201")
	if refused != nil {
		b.t.Fatal(refused.Why)
	}
	l.Ring(leg.Caller{Number: "1"})
	c := p.rung()
	p.respond(c.invite, 200, "OK", p.sdp, extra...)
	p.expect("ACK")
	b.hears(leg.Answered)
	return p, c, l
}

// later is p.expect for what comes after a while.
func (p *phone) later(d time.Duration, what string) msg {
	p.t.Helper()
	time.Sleep(d)
	return p.expect(what)
}

func TestWeRefreshByUpdate(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, _ := rung201(b, "Session-Expires: 200;refresher=uac", "Require: timer", "Allow: INVITE, ACK, BYE, UPDATE")
		if v := c.invite.get("Session-Expires"); v != "1800" {
			t.Errorf("asked for %q", v)
		}
		for range 3 {
			begun := time.Now()
			m, ok := p.next(101 * time.Second)
			if !ok || m.method() != "UPDATE" || m.body != "" || m.get("Session-Expires") != "200;refresher=uac" {
				t.Fatalf("%v %s", ok, m.text)
			}
			if d := time.Since(begun).Round(time.Second); d != 100*time.Second {
				t.Errorf("refreshed after %v", d)
			}
			p.respond(m, 200, "OK", "", "Session-Expires: 200;refresher=uac")
		}
		p.respond(p.later(90*time.Second, "UPDATE"), 481, "Gone", "")
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Timeout)
	})
}

func TestWeRefreshByReinviteAndRaiseTheInterval(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, _, _ := rung201(b, "Session-Expires: 120;refresher=uac", "Require: timer", "Allow: INVITE, ACK, BYE")
		m := p.later(50*time.Second, "INVITE")
		if m.get("Session-Expires") != "120;refresher=uac" || !strings.Contains(m.body, "m=audio") {
			t.Fatal(m.text)
		}
		p.respond(m, 422, "Session Interval Too Small", "", "Min-SE: 300")
		p.expect("ACK")
		m = p.expect("INVITE")
		if m.get("Session-Expires") != "300;refresher=uac" || m.get("Min-SE") != "300" {
			t.Fatal(m.text)
		}
		p.respond(m, 200, "OK", p.sdp, "Session-Expires: 300;refresher=uac")
		p.expect("ACK")
		p.respond(m, 200, "OK", p.sdp, "Session-Expires: 300;refresher=uac") // our ACK was lost
		p.expect("ACK")
		begun := time.Now()
		p.later(140*time.Second, "INVITE") // never answered
		if d := time.Since(begun).Round(time.Second); d < 148*time.Second || d > 152*time.Second {
			t.Errorf("refreshed after %v", d)
		}
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Timeout)
	})
}

func TestBothReinviteAtOnce(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := rung201(b, "Session-Expires: 120;refresher=uac", "Require: timer")
		ours := p.later(50*time.Second, "INVITE")
		c.in("INVITE", p.sdp+"a=sendonly\r\n")
		m := p.expect("491")
		seq := p.seq
		p.send(p.raw("ACK", "sip:"+boxAddr, c.id, m.get("To"), seq, param(m.get("Via"), "branch"), ""))
		p.respond(ours, 491, "Request Pending", "")
		p.expect("ACK")
		begun := time.Now()
		ours = p.expect("INVITE")
		if d := time.Since(begun); d < 2*time.Second || d > 4*time.Second { // who made the Call-ID waits longer
			t.Errorf("again after %v", d)
		}
		p.respond(ours, 200, "OK", p.sdp, "Session-Expires: 120;refresher=uac")
		p.expect("ACK")
		l.Hangup(leg.Normal)
		p.respond(p.expect("BYE"), 200, "OK", "")
		b.ended(leg.Normal)
	})
}

func TestIntervalsThatAreTooShort(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp, "Supported: timer", "Session-Expires: 30")
		m := p.expect("422")
		if m.get("Min-SE") != "90" {
			t.Error(m.text)
		}
		c.ack(m)
		b.quiet()

		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		rung := p.rung()
		p.respond(rung.invite, 422, "Session Interval Too Small", "", "Min-SE: 3600")
		p.expect("ACK")
		rung = p.rung()
		if rung.invite.get("Session-Expires") != "3600" || rung.invite.get("Min-SE") != "3600" || strings.HasPrefix(rung.invite.get("CSeq"), "1 ") {
			t.Fatal(rung.invite.text)
		}
		p.respond(rung.invite, 200, "OK", p.sdp)
		p.expect("ACK")
		b.hears(leg.Answered)
		time.Sleep(2 * time.Hour) // no timer was agreed to
		b.quiet()
		rung.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

// The caller may leave the refreshing to us.
func TestRefresherIsTheCalled(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp, "Supported: timer", "Session-Expires: 100;refresher=uas", "Allow: INVITE, ACK, BYE, UPDATE")
		b.hears(leg.Offered).l.Answer()
		m := c.expect("200")
		if m.get("Session-Expires") != "100;refresher=uas" {
			t.Fatal(m.text)
		}
		c.ack(m)
		b.hears(leg.Answered)
		p.respond(p.later(40*time.Second, "UPDATE"), 200, "OK", "", "Session-Expires: 100;refresher=uac")
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}
