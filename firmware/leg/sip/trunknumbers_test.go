package sip

import (
	"strings"
	"testing"

	"centralita/firmware/leg"
	"centralita/firmware/number"
)

// peerTrunk is a peer with numbers in E.164.
func peerTrunk() Trunk {
	return Trunk{
		Name: "prov", Server: "10.0.0.8:5060", Domain: "voice.example", Country: "ES", Numbers: []string{"954 123 001", "954 123 002"},
		Out: Numbers{Form: number.E164}, In: Numbers{Form: number.NationalForm},
	}
}

// Numbers leave and come as the trunk is set.
func TestNumbersOfATrunk(t *testing.T) {
	for name, c := range map[string]struct {
		change           func(*Trunk)
		to, from         string // as the office has them
		invited, shownAs string
	}{
		"e164":     {func(*Trunk) {}, "912345678", "954123002", "%2b912", "+34954123002"},
		"abroad":   {func(*Trunk) {}, "0033123456789", "201", "+33123456789", "+34954123001"},
		"short":    {func(*Trunk) {}, "112", "", "112", "+34954123001"},
		"any":      {func(k *Trunk) { k.Caller = "any" }, "912345678", "600111222", "+34912345678", "+34600111222"},
		"first":    {func(k *Trunk) { k.Caller = "first" }, "912345678", "954123002", "+34912345678", "+34954123001"},
		"account":  {func(k *Trunk) { k.Caller, k.User = "account", "acc" }, "912345678", "954123002", "+34912345678", "acc"},
		"strip":    {func(k *Trunk) { k.Out = Numbers{Strip: "9", Add: "77"} }, "912345678", "201", "7712345678", ""},
		"as it is": {func(k *Trunk) { k.Out = Numbers{} }, "912345678", "954123002", "912345678", "954123002"},
	} {
		if name == "e164" {
			c.invited = "+34912345678"
		}
		t.Run(name, func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
				k := peerTrunk()
				c.change(&k)
				b.e.SetTrunks([]Trunk{k})
				b.trunkNews(true)
				l, _ := b.e.Make("trunk/prov")
				l.Ring(leg.Caller{Number: c.from, To: c.to})
				m := p.rung().invite
				if !strings.HasPrefix(m.start, "INVITE sip:"+c.invited+"@voice.example ") || !strings.Contains(m.get("From"), "<sip:"+c.shownAs) {
					t.Errorf("%s\n%s", m.start, m.get("From"))
				}
				p.respond(m, 486, "", "")
				b.hears(leg.Ended)
			})
		})
	}
}

// The number dialled is found where the trunk is set to find it, and both numbers are
// written as the office writes them.
func TestWhereTheNumberStands(t *testing.T) {
	const uri, to, called = "+34954123001", "34954123002", "+34954123003"
	for did, want := range map[string]string{"": "954123001", "request-uri": "954123001", "to": "954123002", "called-party": "954123003"} {
		box(t, func(t *testing.T, b *bench) {
			p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
			k := peerTrunk()
			k.DID, k.Trusted = did, true
			b.e.SetTrunks([]Trunk{k})
			b.trunkNews(true)
			in := &call{p: p, id: "in", uri: "sip:" + uri + "@10.0.0.1", to: "<sip:" + to + "@voice.example>"}
			in.sendInvite(p.sdp, "P-Called-Party-ID: <sip:"+called+"@voice.example>", "P-Asserted-Identity: <sip:+34600111222@voice.example>")
			w := b.hears(leg.Offered)
			if w.r.To != want || w.r.From != "600111222" {
				t.Errorf("did %q: to %q from %q", did, w.r.To, w.r.From)
			}
			w.l.Hangup(leg.Busy)
			p.expect("486")
			b.hears(leg.Ended)
		})
	}
}

// A trunk's codecs are offered in their order and nothing else is taken.
func TestCodecsOfATrunk(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
		k := peerTrunk()
		k.Codecs = []string{"pcmu"}
		b.e.SetTrunks([]Trunk{k})
		b.trunkNews(true)
		l, _ := b.e.Make("trunk/prov")
		l.Ring(leg.Caller{To: "912345678"})
		m := p.rung().invite
		if !strings.Contains(m.body, "RTP/AVP 0 101\r\n") || strings.Contains(m.body, "PCMA") {
			t.Errorf("offered %s", m.body)
		}
		p.respond(m, 488, "", "")
		b.ended(leg.NoCodec)
		in := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
		in.sendInvite(p.sdp) // A-law before µ-law
		w := b.hears(leg.Offered)
		w.l.Answer()
		res := in.expect("200")
		if !strings.Contains(res.body, "RTP/AVP 0 101\r\n") {
			t.Errorf("answered %s", res.body)
		}
		in.ack(res)
		b.hears(leg.Answered)
		in.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
		in = &call{p: p, id: "in2", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
		in.sendInvite(strings.Replace(strings.Replace(p.sdp, "8 0 101", "8 101", 1), "a=rtpmap:0 PCMU/8000\r\n", "", 1))
		in.expect("488")
		if w := b.hears(leg.Offered); w.r.Cause != leg.NoCodec {
			t.Errorf("%+v", w.r)
		}
		b.ended(leg.NoCodec)
	})
}
