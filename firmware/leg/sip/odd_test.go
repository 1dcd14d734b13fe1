package sip

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"centralita/firmware/leg"
)

const (
	oddHead = "v=0\r\no=- 1 1 IN IP4 10.0.0.8\r\ns=-\r\n"
	oddAddr = "c=IN IP4 10.0.0.8\r\n"
	oddCall = oddHead + oddAddr + "t=0 0\r\n"
	events  = "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n"
)

// came is what a leg holds for agreed: where sound goes, in which payload types, in
// packets of how much, and who speaks, seen from here.
func came(l leg.Leg) string {
	synctest.Wait()
	r := l.(*Leg).remote
	s := fmt.Sprintf("%s %d/%d %d %s", r.Addr, r.Payload, r.Event, r.Ptime, direction{send: r.Send, recv: r.Receive})
	if r.Control.IsValid() {
		s += " reports " + r.Control.String()
	}
	return s
}

// What providers and telephones were seen to write, and what comes of it: a call, or a
// refusal whose record says why.
func TestOddOffers(t *testing.T) {
	const usual = "10.0.0.8:4000 8/101 20 sendrecv"
	long := oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events
	for i := range 150 {
		long += fmt.Sprintf("a=candidate:%d 1 UDP 2130706431 10.0.0.8 4000 typ host generation 0 network-cost 10\r\n", i)
	}
	for _, k := range []struct {
		name, sdp string
		want      string    // see came; "" a refusal
		answer    string    // part of our answer
		cause     leg.Cause // of a refusal
		why       string    // in its record
	}{
		{"address of the media line alone", oddHead + "t=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" + oddAddr + events, usual, "", "", ""},
		{"address of the media line wins", oddHead + "c=IN IP4 10.0.0.99\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" + oddAddr + events, usual, "", "", ""},
		{"no address", oddHead + "t=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events, "", "", leg.BadSound, "no address"},
		{"a name for an address", oddHead + "c=IN IP4 media.provider.example\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", "", "", leg.BadSound, "no address"},
		{"a name nobody uses", oddHead + "c=IN IP4 media.provider.example\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" + oddAddr + events, usual, "", "", ""},
		{"address of nowhere, sendrecv", oddHead + "c=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events + "a=sendrecv\r\n", "0.0.0.0:4000 8/101 20 recvonly", "a=sendrecv", "", ""},
		{"static types without rtpmap", oddCall + "m=audio 4000 RTP/AVP 0 8 101\r\n" + events, "10.0.0.8:4000 0/101 20 sendrecv", "a=rtpmap:0 PCMU/8000", "", ""},
		{"rtpmap in small letters, with a channel", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 pcma/8000/1\r\na=rtpmap:101 Telephone-Event/8000/1\r\n", usual, "", "", ""},
		{"rtpmap with spaces and tabs", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap: 8 PCMA/8000 \r\na=rtpmap:101\ttelephone-event / 8000\r\n", usual, "", "", ""},
		{"rtpmap without a rate", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event\r\n", usual, "", "", ""},
		{"rtpmap of no payload type", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:300 X/8000\r\na=rtpmap:\r\na=rtpmap:x y\r\n" + events, usual, "", "", ""},
		{"a type with another's name", oddCall + "m=audio 4000 RTP/AVP 8 0 101\r\na=rtpmap:8 G729/8000\r\n" + events, "10.0.0.8:4000 0/101 20 sendrecv", "", "", ""},
		{"line feeds alone", strings.ReplaceAll(oddCall+"m=audio 4000 RTP/AVP 8 101\r\n"+events, "\r", ""), usual, "", "", ""},
		{"no end of the last line", strings.TrimSuffix(oddCall+"m=audio 4000 RTP/AVP 8 101\r\n"+events, "\r\n"), usual, "", "", ""},
		{"the end of a string", oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events + "\x00", usual, "", "", ""},
		{"empty lines between", oddCall + "\r\n\r\nm=audio 4000 RTP/AVP 8 101\r\n\r\n" + events, usual, "", "", ""},
		{"spaces behind", strings.ReplaceAll(oddCall+"m=audio 4000 RTP/AVP 8 101\r\n"+events+"a=sendonly\r\n", "\r\n", "  \r\n"), "10.0.0.8:4000 8/101 20 recvonly", "a=recvonly", "", ""},
		{"ptime of nothing", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=ptime:0\r\na=maxptime:0\r\n" + events, usual, "", "", ""},
		{"ptime of a minute", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=ptime:60000\r\na=maxptime:-20\r\n" + events, usual, "", "", ""},
		{"ptime above maxptime", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=ptime:40\r\na=maxptime:20\r\n" + events, usual, "", "", ""},
		{"ptime with a fraction", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=ptime:20.0\r\n" + events, usual, "", "", ""},
		{"payload types twice", oddCall + "m=audio 4000 RTP/AVP 8 8 0 101 101 8\r\n" + events + events, usual, "RTP/AVP 8 101\r\n", "", ""},
		{"events of 16 kHz alone", oddCall + "m=audio 4000 RTP/AVP 8 96\r\na=rtpmap:96 telephone-event/16000\r\n", "10.0.0.8:4000 8/0 20 sendrecv", "RTP/AVP 8\r\n", "", ""},
		{"events of 16 and 8 kHz", oddCall + "m=audio 4000 RTP/AVP 8 96 97\r\na=rtpmap:96 telephone-event/16000\r\na=rtpmap:97 telephone-event/8000\r\n", "10.0.0.8:4000 8/97 20 sendrecv", "RTP/AVP 8 97\r\n", "", ""},
		{"events without fmtp", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n", usual, "a=fmtp:101 0-16", "", ""},
		{"several audio lines", oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events + "m=audio 4002 RTP/AVP 0\r\nm=audio 4004 RTP/AVP 18\r\n", usual, "m=audio 0 RTP/AVP 0\r\nm=audio 0 RTP/AVP 18\r\n", "", ""},
		{"encrypted beside plain", oddCall + "m=audio 4002 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + strings.Repeat("A", 40) + "\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "m=audio 0 RTP/SAVP 8\r\nm=audio 10000 RTP/AVP 8 101", "", ""},
		{"video, fax and text beside", oddCall + "m=video 5000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events + "m=image 5002 udptl t38\r\nm=text 5004 RTP/AVP 98\r\n", usual, "m=video 0 RTP/AVP 96\r\nm=audio 10000 RTP/AVP 8 101", "", ""},
		{"the fax line refused before", oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events + "m=image 0 udptl t38\r\n", usual, "m=image 0 udptl t38\r\n", "", ""},
		{"a fax alone", oddCall + "m=image 4000 udptl t38\r\n", "", "", leg.NoCodec, "the other end has no sound"},
		{"no line at all", oddCall, "", "", leg.NoCodec, "the other end has no sound"},
		{"port 0", oddCall + "m=audio 0 RTP/AVP 8 101\r\n" + events, "", "", leg.BadSound, "port 0"},
		{"no port", oddCall + "m=audio RTP/AVP 8 101\r\n", "", "", leg.BadSound, "bad port"},
		{"cut short", oddHead + "c=IN IP4 10.0\r\nt=0 0\r\nm=aud", "", "", leg.BadSound, "cannot be read"},
		{"not one at all", "hello\r\n", "", "", leg.BadSound, "cannot be read"},
		{"IPv6 in a call of IPv4", oddHead + "c=IN IP6 2001:db8::8\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n", "", "", leg.BadSound, "no address"},
		{"IPv6 first, IPv4 second", oddHead + "t=0 0\r\nm=audio 4002 RTP/AVP 8\r\nc=IN IP6 2001:db8::8\r\nm=audio 4000 RTP/AVP 8 101\r\n" + oddAddr + events, usual, "m=audio 0 RTP/AVP 8\r\n", "", ""},
		{"very long", long, usual, "", "", ""},
		{"keys and fingerprints in the clear", oddCall + "a=fingerprint:sha-1 AA:BB\r\na=ice-ufrag:x\r\nm=audio 4000 RTP/AVP 8 101\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + strings.Repeat("A", 40) + "\r\na=setup:actpass\r\n" + events, usual, "", "", ""},
		{"encrypted alone in the clear", oddCall + "m=audio 4000 RTP/SAVP 8\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + strings.Repeat("A", 40) + "\r\n", "", "", leg.Unsealed, "RTP/SAVP"},
		{"a browser's", oddCall + "m=audio 4000 UDP/TLS/RTP/SAVPF 8\r\na=fingerprint:sha-256 AA\r\n", "", "", leg.Unsealed, "UDP/TLS/RTP/SAVPF"},
		{"feedback", oddCall + "m=audio 4000 RTP/AVPF 8 101\r\na=rtcp-fb:* nack\r\n" + events, usual, "m=audio 10000 RTP/AVPF 8 101\r\n", "", ""},
		{"the profile in small letters", oddCall + "m=audio 4000 rtp/avp 8 101\r\n" + events, usual, "", "", ""},
		{"reports elsewhere", oddCall + "m=audio 4000 RTP/AVP 8 101\r\na=rtcp:4900 IN IP4 10.0.0.77\r\n" + events, usual + " reports 10.0.0.77:4900", "", "", ""},
		{"sendonly for the session", oddCall + "a=sendonly\r\nm=audio 4000 RTP/AVP 8 101\r\n" + events, "10.0.0.8:4000 8/101 20 recvonly", "a=recvonly", "", ""},
		{"bandwidth and letters nobody knows", oddHead + oddAddr + "b=AS:0\r\nb=TIAS:-1\r\nt=0 0\r\nk=prompt\r\ny=0100\r\nm=audio 4000 RTP/AVP 8 101\r\nb=RR:0\r\nb=RS:0\r\ni=x\r\nX=?\r\n" + events, usual, "", "", ""},
		{"bundles", oddCall + "a=group:BUNDLE 0 1\r\na=msid-semantic: WMS *\r\nm=audio 4000 RTP/AVP 8 101\r\na=mid:0\r\n" + events + "m=video 0 RTP/AVP 96\r\na=mid:1\r\na=bundle-only\r\n", usual, "m=video 0 RTP/AVP 96\r\n", "", ""},
		{"no origin, no name, no time", "v=0\r\n" + oddAddr + "m=audio 4000 RTP/AVP 8 101\r\n" + events, usual, "", "", ""},
		{"none of our codecs", oddCall + "m=audio 4000 RTP/AVP 18 97 101\r\na=rtpmap:97 iLBC/8000\r\n" + events, "", "", leg.NoCodec, "G729/8000, ILBC/8000; here are"},
	} {
		t.Run(k.name, func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
				b.e.SetTrunks([]Trunk{peerTrunk()})
				b.trunkNews(true)
				in := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
				in.sendInvite(k.sdp)
				w := b.hears(leg.Offered)
				if k.want == "" {
					in.ack(in.expect("488"))
					if end := b.hears(leg.Ended); w.r.Cause != k.cause || end.r.Cause != k.cause || !strings.Contains(end.r.Text, k.why) || k.cause.SIP() != 488 {
						t.Errorf("offered as %q, ended as %q: %q", w.r.Cause, end.r.Cause, end.r.Text)
					}
					return
				}
				w.l.Answer()
				res := in.expect("200")
				in.ack(res)
				b.hears(leg.Answered)
				if got := came(w.l); got != k.want {
					t.Errorf("%s; wanted %s", got, k.want)
				}
				if !strings.Contains(res.body, k.answer) {
					t.Errorf("answered:\n%s", res.body)
				}
			})
		})
	}
}
