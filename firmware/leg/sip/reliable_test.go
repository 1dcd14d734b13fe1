package sip

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// rackOf is the RAck that acknowledges a reliable response.
func (c *call) rackOf(m msg) string { return fmt.Sprintf("RAck: %s %d INVITE", m.get("RSeq"), c.seq) }

func TestCallerWhoRequiresReliableRinging(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp, "Require: 100rel")
		w := b.hears(leg.Offered)
		w.l.Progress(false)
		w.l.Progress(true) // waits for the PRACK of the first
		m := c.expect("180")
		if m.get("Require") != "100rel" || m.get("RSeq") == "" {
			t.Fatal(m.text)
		}
		begun := time.Now()
		m = c.expect("180") // again, for it was not acknowledged
		if d := time.Since(begun); d < 400*time.Millisecond || d > 600*time.Millisecond {
			t.Errorf("repeated after %v", d)
		}
		c.in("PRACK", "", "RAck: 1 1 INVITE")
		p.expect("481")
		c.in("PRACK", "", c.rackOf(m))
		p.expect("200")
		m2 := c.expect("183")
		if m2.body == "" {
			t.Fatal(m2.text)
		}
		w.l.Answer() // before its PRACK: the 200 has to wait
		if m, ok := p.next(300 * time.Millisecond); ok {
			t.Fatalf("before the PRACK: %s", m.start)
		}
		c.in("PRACK", "", c.rackOf(m2))
		p.expect("200")
		m = c.expect("200")
		if !strings.Contains(m.get("CSeq"), "INVITE") || m.body != "" {
			t.Errorf("offer and answer were exchanged already:\n%s", m.text)
		}
		c.ack(m)
		b.hears(leg.Answered)
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestNoPrackEndsTheCall(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp, "Require: 100rel")
		b.hears(leg.Offered).l.Progress(false)
		begun := time.Now()
		c.ack(p.expect("504"))
		if d := time.Since(begun); d < 31*time.Second || d > 65*time.Second {
			t.Errorf("after %v", d)
		}
		b.ended(leg.Timeout)
	})
}

// An INVITE without an offer gets ours in a reliable 183, and its PRACK answers.
func TestDelayedOfferIsAnsweredInThePrack(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", "", "Supported: 100rel")
		w := b.hears(leg.Offered)
		w.l.Progress(true)
		m := c.expect("183")
		if !contains(m.body, "RTP/AVP 8 0 9 101", "a=sendrecv") {
			t.Fatalf("%s", m.text)
		}
		c.in("PRACK", p.sdp, c.rackOf(m))
		p.expect("200")
		c.in("UPDATE", p.sdp+"a=sendonly\r\n") // legal now, before the answer (RFC 3311)
		if m := p.expect("200"); !strings.Contains(m.body, "a=recvonly") {
			t.Error(m.text)
		}
		b.hears(leg.Held)
		w.l.Answer()
		m = c.expect("200")
		if m.body != "" {
			t.Errorf("%s", m.text)
		}
		c.ack(m)
		b.hears(leg.Answered)
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestUpdateBeforeTheOfferIsSettled(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp)
		w := b.hears(leg.Offered)
		w.l.Progress(false)
		c.expect("180")
		c.in("UPDATE", p.sdp)
		if m := p.expect("500"); m.get("Retry-After") == "" {
			t.Error(m.text)
		}
		w.l.Hangup(leg.Busy)
		c.ack(p.expect("486"))
		b.ended(leg.Busy)
	})
}

func TestOurInviteIsAnsweredReliably(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		c := p.rung()
		if !strings.Contains(c.invite.get("Supported"), "100rel") {
			t.Error(c.invite.text)
		}
		seq := strings.Fields(c.invite.get("CSeq"))[0]
		ring := func(status int, reason string, rseq int, body string) {
			p.respond(c.invite, status, reason, body, "Require: 100rel", fmt.Sprintf("RSeq: %d", rseq))
		}
		ring(180, "Ringing", 7, "")
		b.hears(leg.Ringing)
		m := p.expect("PRACK")
		if m.get("RAck") != "7 "+seq+" INVITE" || !strings.Contains(m.get("To"), "tag="+p.tag) {
			t.Errorf("%s", m.text)
		}
		p.respond(m, 200, "OK", "")
		ring(180, "Ringing", 7, "") // again
		ring(183, "Progress", 9, p.sdp)
		if m, ok := p.next(200 * time.Millisecond); ok {
			t.Errorf("out of order, but: %s", m.start)
		}
		ring(183, "Progress", 8, p.sdp)
		b.hears(leg.EarlySound)
		p.respond(p.expect("PRACK"), 200, "OK", "")
		c.in("UPDATE", p.sdp+"a=inactive\r\n")
		if m := p.expect("200"); !strings.Contains(m.body, "a=inactive") {
			t.Error(m.text)
		}
		b.hears(leg.Held)
		p.respond(c.invite, 200, "OK", "")
		m = p.expect("ACK")
		if m.get("CSeq") != seq+" ACK" {
			t.Errorf("%s", m.text)
		}
		b.hears(leg.Answered)
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}
