package sip

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"centralita/firmware/leg"
)

// What comes while a call is up, one after the other. The origin's version does not
// rise in any of them.
func TestOddChanges(t *testing.T) {
	const usual = "10.0.0.8:4000 8/101 20 sendrecv"
	sound := func(port int, more string) string {
		return fmt.Sprintf("%sm=audio %d RTP/AVP 8 101\r\n%s%s", oddCall, port, events, more)
	}
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
		b.e.SetTrunks([]Trunk{peerTrunk()})
		b.trunkNews(true)
		c := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
		c.sendInvite(sound(4000, ""))
		l := b.hears(leg.Offered).l
		l.Answer()
		c.ack(c.expect("200"))
		b.hears(leg.Answered)
		for _, k := range []struct {
			name, method, sdp string
			status            int
			want              string
			told              []leg.ReportKind
		}{
			{"held by inactive", "INVITE", sound(4000, "a=inactive\r\n"), 200, "10.0.0.8:4000 8/101 20 inactive", []leg.ReportKind{leg.Held}},
			{"taken back by UPDATE", "UPDATE", sound(4000, ""), 200, usual, []leg.ReportKind{leg.Resumed}},
			{"another place", "INVITE", sound(4100, ""), 200, "10.0.0.8:4100 8/101 20 sendrecv", nil},
			{"back by UPDATE", "UPDATE", sound(4000, "a=sendrecv \r\n"), 200, usual, nil},
			{"held by the address of nowhere", "INVITE", strings.Replace(sound(4000, ""), "IP4 10.0.0.8\r\nt=", "IP4 0.0.0.0\r\nt=", 1), 200, "0.0.0.0:4000 8/101 20 recvonly", []leg.ReportKind{leg.Held}},
			{"and taken back", "INVITE", sound(4000, ""), 200, usual, []leg.ReportKind{leg.Resumed}},
			{"a fax", "INVITE", oddCall + "m=audio 0 RTP/AVP 8\r\nm=image 4000 udptl t38\r\n", 488, usual, nil},
			{"nonsense", "INVITE", "v=0\r\nx", 400, usual, nil},
			{"no codec of ours", "UPDATE", oddCall + "m=audio 4000 RTP/AVP 18\r\n", 488, usual, nil},
			{"other types", "UPDATE", strings.ReplaceAll(sound(4000, ""), "101", "96"), 200, "10.0.0.8:4000 8/96 20 sendrecv", []leg.ReportKind{leg.Agreed}},
			{"and back", "INVITE", sound(4000, ""), 200, usual, []leg.ReportKind{leg.Agreed}},
		} {
			c.in(k.method, k.sdp)
			m := p.expect(fmt.Sprint(k.status))
			if k.method == "INVITE" {
				c.seq = p.seq
				c.ack(m)
			}
			synctest.Wait()
			for _, kind := range k.told {
				b.hears(kind)
			}
			if got := came(l); got != k.want {
				t.Errorf("%s: %s; wanted %s", k.name, got, k.want)
			}
			b.quiet()
		}

		c.in("INVITE", "") // and forgets the answer to our offer
		m := p.expect("200")
		c.seq = p.seq
		c.ack(m)
		b.quiet()
		if got := came(l); got != usual {
			t.Errorf("a refresh without an answer: %s", got)
		}
		c.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}
