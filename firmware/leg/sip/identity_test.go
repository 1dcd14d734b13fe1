package sip

import (
	"strings"
	"testing"

	"centralita/firmware/leg"
)

func TestPhonesAreToldWhoCalls(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		ring := func(c leg.Caller) msg {
			l, _ := b.e.Make("sip/201")
			l.Ring(c)
			m := p.expect("INVITE")
			p.respond(m, 486, "Busy", "")
			p.expect("ACK")
			b.ended(leg.Busy)
			return m
		}
		m := ring(leg.Caller{Number: "912000001", Name: "Casa \"Lola\"\r\nX: y", Pattern: leg.RingInternal, Diverted: []leg.Diverted{{Number: "202", When: "always"}, {Number: "203", When: "no-answer"}}})
		if v := m.get("P-Asserted-Identity"); v != `"Casa LolaX: y" <sip:912000001@10.0.0.1>` {
			t.Errorf("identity %q", v)
		}
		if v := m.head["diversion"]; len(v) != 2 || v[0] != "<sip:203@10.0.0.1>;reason=no-answer;counter=1" || !strings.Contains(v[1], "unconditional") {
			t.Errorf("diversion %q", v)
		}
		if v := m.get("History-Info"); v != "<sip:202@10.0.0.1>;index=1, <sip:203@10.0.0.1;cause=302>;index=1.1, <sip:201@10.0.0.1;cause=408>;index=1.1.1" &&
			!strings.HasPrefix(v, "<sip:202@10.0.0.1>;index=1, <sip:203@10.0.0.1;cause=302>;index=1.1, <sip:201@") {
			t.Errorf("history %q", v)
		}
		if m.get("Alert-Info") != "<urn:alert:source:internal>" {
			t.Error(m.text)
		}
		m = ring(leg.Caller{Absent: leg.Private})
		if m.get("P-Asserted-Identity") != "" || !strings.Contains(m.get("From"), "anonymous") {
			t.Errorf("withheld: %s", m.text)
		}
	})
}

func TestPhoneSendsTheCallElsewhere(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		one := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		two := newPhone(t, b.n, "10.0.0.6:5060", "201", "secret")
		two.tag = "two"
		one.register(600)
		two.register(600)
		l, _ := b.e.Make("sip/201")
		l.Ring(leg.Caller{Number: "1"})
		a, c := one.rung(), two.rung()
		two.respond(c.invite, 180, "Ringing", "")
		b.hears(leg.Ringing)
		one.respond(a.invite, 302, "Moved Temporarily", "", "X-Reason: away")
		one.expect("ACK")
		w := b.hears(leg.Ended)
		if w.r.Cause != leg.Redirected || w.r.To != "201" || w.r.SIP != 302 { // the test's phone names itself in every Contact
			t.Errorf("%+v", w.r)
		}
		two.respond(two.expect("CANCEL"), 200, "OK", "")
		two.respond(c.invite, 487, "Terminated", "")
		b.quiet()
	})
}

func TestTrustedProviders(t *testing.T) {
	for _, trusted := range []bool{true, false} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
			k := provider()
			k.Register, k.Trusted, k.NoProbe = false, trusted, true
			b.e.SetTrunks([]Trunk{k})
			b.trunkNews(true)
			l, refused := b.e.Make("trunk/prov")
			if refused != nil {
				t.Fatal(refused.Why)
			}
			l.Ring(leg.Caller{Number: "0912000002", To: "600111222", Absent: leg.Private, Diverted: []leg.Diverted{{Number: "201", When: "busy"}}})
			m := p.expect("INVITE")
			p.respond(m, 486, "Busy", "")
			p.expect("ACK")
			b.ended(leg.Busy)
			if trusted {
				if m.get("P-Asserted-Identity") != "<sip:0912000002@voice.example>" || m.get("Privacy") != "id" || !strings.Contains(m.get("From"), "anonymous@anonymous.invalid") ||
					!strings.Contains(m.get("Diversion"), "reason=user-busy") || strings.Contains(m.get("Diversion"), "201@") {
					t.Errorf("%s", m.text)
				}
			} else if m.get("P-Asserted-Identity")+m.get("Privacy")+m.get("Diversion") != "" {
				t.Errorf("%s", m.text)
			}
			in := &call{p: p, id: "in1", uri: "sip:0912000001@10.0.0.1", to: "<sip:0912000001@10.0.0.1>"}
			in.sendInvite(p.sdp, `P-Asserted-Identity: "Ana" <sip:0911222333@voice.example>`)
			want := "prov"
			if trusted {
				want = "0911222333"
			}
			w := b.hears(leg.Offered)
			if w.r.From != want {
				t.Errorf("trusted %v: from %q", trusted, w.r.From)
			}
			w.l.Hangup(leg.Busy)
			in.ack(p.expect("486"))
			b.ended(leg.Busy)
			in = &call{p: p, id: "in2", uri: "sip:0912000001@10.0.0.1", to: "<sip:0912000001@10.0.0.1>"}
			in.sendInvite(p.sdp, `Privacy: user;id`)
			w = b.hears(leg.Offered)
			if w.r.From != "" || w.r.Absent != leg.Private {
				t.Errorf("withheld, but from %q", w.r.From)
			}
			w.l.Hangup(leg.Busy)
			in.ack(p.expect("486"))
			b.ended(leg.Busy)
		})
	}
}
