package sip

import (
	"strings"
	"testing"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

func TestReasonsComeIn(t *testing.T) {
	for _, try := range []struct {
		status int
		reason string
		cause  leg.Cause
		q850   int
	}{
		{486, "", leg.Busy, 0},
		{503, `Q.850;cause=17;text="User busy"`, leg.Busy, 17},
		{480, `SIP;cause=480, Q.850 ;cause=1`, leg.UnknownNumber, 1},
		{500, `Q.850;cause=999`, leg.Congestion, 0},
		{603, `Q.850;cause=19`, leg.Rejected, 19},
		{600, `Q.850;cause=19`, leg.Busy, 19}, // what a person said stands
	} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
			p.register(600)
			l, _ := b.e.Make("sip/201")
			l.Ring(leg.Caller{Number: "1"})
			c := p.rung()
			p.respond(c.invite, try.status, "No", "", "Reason: "+try.reason)
			p.expect("ACK")
			if w := b.hears(leg.Ended); w.r.Cause != try.cause || w.r.Q850 != try.q850 || w.r.SIP != try.status {
				t.Errorf("%d %q: %q, SIP %d, Q.850 %d", try.status, try.reason, w.r.Cause, w.r.SIP, w.r.Q850)
			}
		})
	}
	box(t, func(t *testing.T, b *bench) {
		p, c, _ := answeredCall(b)
		c.in("BYE", "", `Reason: Q.850;cause=31;text="normal"`)
		p.expect("200")
		if w := b.hears(leg.Ended); w.r.Cause != leg.Normal || w.r.Q850 != 31 || !strings.Contains(w.r.Text, "normal") {
			t.Errorf("%+v", w.r)
		}
	})
}

func TestReasonsGoOut(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("600", p.sdp)
		b.hears(leg.Offered).l.Hangup(leg.UnknownNumber)
		m := p.expect("404")
		c.ack(m)
		if v := m.get("Reason"); v != "Q.850;cause=1" {
			t.Errorf("%q", v)
		}
		b.ended(leg.UnknownNumber)

		p.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		c = p.rung()
		p.respond(c.invite, 180, "Ringing", "")
		b.hears(leg.Ringing)
		l.Hangup(leg.Elsewhere)
		m = p.expect("CANCEL")
		if v := m.get("Reason"); !strings.HasPrefix(v, "SIP;cause=200") {
			t.Errorf("%q", v)
		}
		p.respond(m, 200, "OK", "")
		p.respond(c.invite, 487, "Terminated", "")
		b.ended(leg.Elsewhere)
	})
	box(t, func(t *testing.T, b *bench) {
		p, _, l := answeredCall(b)
		l.Hangup(leg.Normal)
		m := p.expect("BYE")
		p.respond(m, 200, "OK", "")
		if v := m.get("Reason"); v != "Q.850;cause=16" {
			t.Errorf("%q", v)
		}
		b.ended(leg.Normal)
	})
}

func FuzzReason(f *testing.F) {
	f.Add(`Q.850;cause=16;text="x"`)
	f.Add(`SIP;cause=200,Q.850;cause=`)
	f.Fuzz(func(t *testing.T, v string) {
		req := sip.NewRequest(sip.BYE, sip.Uri{Host: "x"})
		req.AppendHeader(sip.NewHeader("Reason", v))
		if q, text := told(req); q < 0 || q > 127 || len(text) > 120 {
			t.Errorf("%q gives %d %q", v, q, text)
		}
	})
}
