package sip

import (
	"strings"
	"testing"

	"centralita/firmware/leg"
)

// A call that shares no codec with us says in its record which ones each side has.
func TestWhichCodecsAreNotShared(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
		b.e.SetTrunks([]Trunk{peerTrunk()})
		b.trunkNews(true)
		in := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
		in.sendInvite("v=0\r\no=- 1 1 IN IP4 10.0.0.8\r\ns=-\r\nc=IN IP4 10.0.0.8\r\nt=0 0\r\nm=audio 4000 RTP/AVP 18 97 101\r\na=rtpmap:97 iLBC/8000\r\na=rtpmap:101 telephone-event/8000\r\n")
		in.expect("488")
		if w := b.hears(leg.Offered); w.r.Cause != leg.NoCodec {
			t.Errorf("%+v", w.r)
		}
		w := b.hears(leg.Ended)
		if w.r.Cause != leg.NoCodec || !strings.Contains(w.r.Text, "has G729/8000, ILBC/8000; here are") || !strings.Contains(w.r.Text, "PCMA") {
			t.Errorf("%+v", w.r)
		}
	})
}
