package sip

import (
	"strings"
	"testing"
	"time"

	"centralita/firmware/leg"
)

// rungOutside is a call of ours over a trunk that rings at the provider.
func rungOutside(t *testing.T, b *bench, codecs ...string) (*phone, *call, leg.Leg) {
	t.Helper()
	p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
	k := peerTrunk()
	k.Codecs, k.NoProbe = codecs, true
	b.e.SetTrunks([]Trunk{k})
	b.trunkNews(true)
	l, refused := b.e.Make("trunk/prov")
	if refused != nil {
		t.Fatal(refused)
	}
	l.Ring(leg.Caller{Number: "201", To: "600"})
	return p, p.rung(), l
}

// What providers answer to our offer of both laws and events of type 101.
func TestOddAnswers(t *testing.T) {
	const usual = "10.0.0.8:4000 8/101 20 sendrecv"
	for _, k := range []struct {
		name   string
		codecs []string
		early  string // description of a 183 before
		sdp    string // of the 200
		want   string // see came; "" the call is ended again
		cause  leg.Cause
		why    string
	}{
		{"as it should be", nil, "", oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "", ""},
		{"another type for events", nil, "", oddCall + "m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/8000\r\n", "10.0.0.8:4000 8/96 20 sendrecv", "", ""},
		{"more codecs than one", nil, "", oddCall + "m=audio 4000 RTP/AVP 0 8 18 101\r\n" + events, "10.0.0.8:4000 0/101 20 sendrecv", "", ""},
		{"one never offered before ours", nil, "", oddCall + "m=audio 4000 RTP/AVP 18 8 101\r\n" + events, usual, "", ""},
		{"one never offered alone", nil, "", oddCall + "m=audio 4000 RTP/AVP 18\r\n", "", leg.NoCodec, "G729/8000"},
		{"a law that the trunk was not to speak", []string{"pcma"}, "", oddCall + "m=audio 4000 RTP/AVP 0\r\n", "", leg.NoCodec, "PCMU/8000; here are PCMA"},
		{"G.722 that was not offered", nil, "", oddCall + "m=audio 4000 RTP/AVP 9\r\n", "", leg.NoCodec, "G722/8000"},
		{"port 0", nil, "", oddCall + "m=audio 0 RTP/AVP 8\r\n", "", leg.BadSound, "port 0"},
		{"no description", nil, "", "", "", leg.BadSound, "cannot be read"},
		{"nonsense", nil, "", "v=1\r\n", "", leg.BadSound, "cannot be read"},
		{"no address", nil, "", oddHead + "m=audio 4000 RTP/AVP 8\r\n", "", leg.BadSound, "no address"},
		{"IPv6", nil, "", oddHead + "c=IN IP6 2001:db8::8\r\nm=audio 4000 RTP/AVP 8\r\n", "", leg.BadSound, "no address"},
		{"encrypted", nil, "", oddCall + "m=audio 4000 RTP/SAVP 8\r\n", "", leg.Unsealed, "RTP/SAVP"},
		{"more lines than asked", nil, "", oddCall + "m=video 0 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "", ""},
		{"held at once", nil, "", oddCall + "a=inactive\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events, "10.0.0.8:4000 8/101 20 inactive", "", ""},
		{"the same as early", nil, oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "", ""},
		{"another place than early", nil, oddHead + "c=IN IP4 10.0.0.77\r\nm=audio 9000 RTP/AVP 0\r\n", oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "", ""},
		{"nothing after early", nil, oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, "", usual, "", ""},
		{"nonsense after early", nil, oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events, "v=0\r\nx", usual, "", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				p, c, l := rungOutside(t, b, k.codecs...)
				if k.early != "" {
					p.respond(c.invite, 183, "Session Progress", k.early)
					b.hears(leg.EarlySound)
				}
				p.respond(c.invite, 200, "OK", k.sdp)
				p.expect("ACK")
				if k.want == "" {
					bye := p.expect("BYE")
					p.respond(bye, 200, "OK", "")
					w := b.hears(leg.Ended)
					if w.r.Cause != k.cause || !strings.Contains(w.r.Text, k.why) || !strings.Contains(bye.get("Reason"), "Q.850;cause=") {
						t.Errorf("%q: %q; BYE for %q", w.r.Cause, w.r.Text, bye.get("Reason"))
					}
					return
				}
				for w := b.hearsAny(); w.r.Kind != leg.Answered; w = b.hearsAny() {
					if w.r.Kind != leg.Agreed {
						t.Fatalf("%+v", w.r)
					}
				}
				if got := came(l); got != k.want {
					t.Errorf("%s; wanted %s", got, k.want)
				}
				if r := l.(*Leg).remote; r.EventAsked != 101 {
					t.Errorf("digits by the type we asked for, %d, are not heard", r.EventAsked)
				}
			})
		})
	}
}

// hearsAny is the next report.
func (b *bench) hearsAny() word {
	b.t.Helper()
	select {
	case w := <-b.told:
		return w
	case <-time.After(40 * time.Second):
		b.t.Fatal("no report")
		return word{}
	}
}

// A call that the provider carries on from its announcement to the called one is heard
// from there, and opened once.
func TestEarlySoundMoves(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, c, l := rungOutside(t, b)
		p.respond(c.invite, 183, "Session Progress", oddCall+"m=audio 9000 RTP/AVP 8 101\r\n"+events)
		b.hears(leg.EarlySound)
		p.respond(c.invite, 183, "Session Progress", oddCall+"m=audio 4000 RTP/AVP 0 101\r\n"+events)
		b.hears(leg.Agreed)
		if got := came(l); got != "10.0.0.8:4000 0/101 20 sendrecv" {
			t.Error(got)
		}
		p.respond(c.invite, 180, "Ringing", "hello")
		b.hears(leg.Ringing)
		p.respond(c.invite, 200, "OK", "")
		p.expect("ACK")
		b.hears(leg.Answered)
		b.quiet()
		if got := came(l); got != "10.0.0.8:4000 0/101 20 sendrecv" {
			t.Error(got)
		}
	})
}

// Of two telephones that ring together the first one's sound is heard before the
// answer, and it is no answer of the other's.
func TestEarlySoundOfTwoTelephones(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, q := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret"), newPhone(t, b.n, "10.0.0.6:5060", "201", "secret")
		p.register(600)
		q.register(600)
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused)
		}
		l.Ring(leg.Caller{Number: "202"})
		one, two := p.rung(), q.rung()
		p.respond(one.invite, 183, "Session Progress", p.sdp)
		b.hears(leg.EarlySound)
		q.respond(two.invite, 183, "Session Progress", q.sdp)
		b.quiet()
		if got := came(l); !strings.HasPrefix(got, "10.0.0.5:40000 ") {
			t.Errorf("heard: %s", got)
		}
		q.respond(two.invite, 200, "OK", "v=0\r\nx")
		q.expect("BYE")
		b.ended(leg.BadSound)
	})
}
