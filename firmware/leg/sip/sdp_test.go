package sip

import (
	"net/netip"
	"strings"
	"testing"

	"centralita/firmware/leg/rtp"
)

func sdp(lines ...string) string {
	return "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n" + strings.Join(lines, "\r\n") + "\r\n"
}

func TestAgree(t *testing.T) {
	const c = "c=IN IP4 192.0.2.1"
	addr := netip.MustParseAddrPort("192.0.2.1:4000")
	plain := rtp.Remote{Addr: addr, Payload: rtp.PCMU, Ptime: 20, Send: true, Receive: true}
	with := func(change func(*rtp.Remote)) *rtp.Remote { r := plain; change(&r); return &r }
	for name, k := range map[string]struct {
		sdp  string
		want *rtp.Remote
	}{
		"static types without rtpmap": {sdp(c, "t=0 0", "m=audio 4000 RTP/AVP 0 8"), &plain},
		"the offer's order is kept":   {sdp(c, "m=audio 4000 RTP/AVP 18 8 0"), with(func(r *rtp.Remote) { r.Payload = rtp.PCMA })},
		"address of the media line":   {sdp("c=IN IP4 203.0.113.1", "m=audio 4000 RTP/AVP 0", c), &plain},
		"address with time to live":   {sdp("c=IN IP4 192.0.2.1/127", "m=audio 4000 RTP/AVP 0"), &plain},
		"line feeds alone":            {strings.ReplaceAll(sdp(c, "m=audio 4000 RTP/AVP 0"), "\r", ""), &plain},
		"events":                      {sdp(c, "m=audio 4000 RTP/AVP 0 96", "a=rtpmap:96 telephone-event/8000"), with(func(r *rtp.Remote) { r.Event = 96 })},
		"events of another rate":      {sdp(c, "m=audio 4000 RTP/AVP 0 96", "a=rtpmap:96 telephone-event/48000"), &plain},
		"ptime is bounded":            {sdp(c, "m=audio 4000 RTP/AVP 0", "a=ptime:200"), with(func(r *rtp.Remote) { r.Ptime = 40 })},
		"ptime that is nonsense":      {sdp(c, "m=audio 4000 RTP/AVP 0", "a=ptime:x"), &plain},
		"sendonly":                    {sdp(c, "m=audio 4000 RTP/AVP 0", "a=sendonly"), with(func(r *rtp.Remote) { r.Send = false })},
		"recvonly":                    {sdp(c, "m=audio 4000 RTP/AVP 0", "a=recvonly"), with(func(r *rtp.Remote) { r.Receive = false })},
		"inactive for the session":    {sdp(c, "a=inactive", "m=audio 4000 RTP/AVP 0"), with(func(r *rtp.Remote) { r.Send, r.Receive = false, false })},
		"the line's direction wins":   {sdp(c, "a=inactive", "m=audio 4000 RTP/AVP 0", "a=sendrecv"), &plain},
		"old hold":                    {sdp("c=IN IP4 0.0.0.0", "m=audio 4000 RTP/AVP 0"), with(func(r *rtp.Remote) { r.Send, r.Addr = false, netip.MustParseAddrPort("0.0.0.0:4000") })},
		"reports elsewhere":           {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtcp:5555"), with(func(r *rtp.Remote) { r.Control = netip.MustParseAddrPort("192.0.2.1:5555") })},
		"reports at another address":  {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtcp:5555 IN IP4 192.0.2.9"), with(func(r *rtp.Remote) { r.Control = netip.MustParseAddrPort("192.0.2.9:5555") })},
		"reports at a crowd":          {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtcp:5555 IN IP4 239.1.1.1"), with(func(r *rtp.Remote) { r.Control = netip.MustParseAddrPort("192.0.2.1:5555") })},
		"reports at a name":           {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtcp:5555 IN IP4 phone.example"), with(func(r *rtp.Remote) { r.Control = netip.MustParseAddrPort("192.0.2.1:5555") })},
		"reports with the sound":      {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtcp-mux"), with(func(r *rtp.Remote) { r.Mux = true })},
		"first usable line":           {sdp(c, "m=video 5000 RTP/AVP 96", "m=audio 0 RTP/AVP 0", "m=audio 6000 RTP/SAVP 0", "m=audio 4000 RTP/AVP 0"), &plain},
		"no law of ours":              {sdp(c, "m=audio 4000 RTP/AVP 18 3"), nil},
		"type 0 mapped to another":    {sdp(c, "m=audio 4000 RTP/AVP 0", "a=rtpmap:0 G729/8000"), nil},
		"no address":                  {sdp("m=audio 4000 RTP/AVP 0"), nil},
		"encrypted only":              {sdp(c, "m=audio 4000 RTP/SAVP 0"), nil},
		"no sound":                    {sdp(c, "m=image 4000 udptl t38"), nil},
		"no lines":                    {sdp(c), nil},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := parseSDP([]byte(k.sdp))
			if err != nil {
				t.Fatal(err)
			}
			a, ok := agree(d, &sdes{}, anyCodec)
			if ok != (k.want != nil) || ok && a.remote != *k.want {
				t.Errorf("got %+v %v, want %+v", a.remote, ok, k.want)
			}
		})
	}
}

func TestBadDescriptionsAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":               "",
		"not a description":   "hello",
		"wrong version":       "v=1\r\n",
		"line without value":  "v=0\r\nx\r\n",
		"port too large":      sdp("m=audio 70000 RTP/AVP 0"),
		"negative port":       sdp("m=audio -1 RTP/AVP 0"),
		"short media line":    sdp("m=audio 4000"),
		"control in a format": sdp("m=audio 4000 RTP/AVP 0\x01"),
		"too many lines":      sdp(strings.Repeat("a=x\r\n", sdpLinesMax)),
		"too many media":      sdp(strings.Repeat("m=audio 4000 RTP/AVP 0\r\n", sdpMediaMax+1)),
		"too long":            sdp("a=" + strings.Repeat("x", sdpBytesMax)),
	} {
		if _, err := parseSDP([]byte(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestAnswerHasALineForEachOfTheOffer(t *testing.T) {
	d, err := parseSDP([]byte(sdp("c=IN IP4 192.0.2.1", "m=video 5000 RTP/AVP 96", "m=audio 4000 RTP/AVP 8 97", "a=rtpmap:97 telephone-event/8000", "a=ptime:30", "a=sendonly", "m=audio 6000 RTP/AVP 0")))
	if err != nil {
		t.Fatal(err)
	}
	a, ok := agree(d, &sdes{}, anyCodec)
	if !ok {
		t.Fatal("no agreement")
	}
	o := ourSide{addr: netip.MustParseAddr("10.0.0.1"), port: 10000, id: 7}
	want := "v=0\r\no=- 7 1 IN IP4 10.0.0.1\r\ns=-\r\nc=IN IP4 10.0.0.1\r\nt=0 0\r\n" +
		"m=video 0 RTP/AVP 96\r\nm=audio 10000 RTP/AVP 8 97\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:97 telephone-event/8000\r\na=fmtp:97 0-16\r\na=ptime:30\r\na=recvonly\r\nm=audio 0 RTP/AVP 0\r\n"
	if got := string(o.answer(d, a)); got != want {
		t.Errorf("answer:\n%s\nwant:\n%s", got, want)
	}
	if !strings.Contains(string(o.offer()), "o=- 7 2 ") {
		t.Error("the version does not rise")
	}
}

// Who shares a port for sound and reports is told that we do too, and nobody else
// (RFC 5761 section 5.1.1); we never ask for it.
func TestSharedPortIsAnswered(t *testing.T) {
	for line, want := range map[string]bool{"a=rtcp-mux": true, "a=rtcp:4000": false, "a=sendrecv": false} {
		d, err := parseSDP([]byte(sdp("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 8", line)))
		if err != nil {
			t.Fatal(err)
		}
		a, _ := agree(d, &sdes{}, anyCodec)
		o := ourSide{addr: netip.MustParseAddr("10.0.0.1"), port: 10000}
		if got := strings.Contains(string(o.answer(d, a)), "\r\na=rtcp-mux\r\n"); got != want {
			t.Errorf("%s: answered %v", line, got)
		}
		if strings.Contains(string(o.offer()), "rtcp-mux") {
			t.Error("it is offered")
		}
	}
}

// FuzzSDP: whatever is taken can be answered, and the answer can be read back.
func FuzzSDP(f *testing.F) {
	f.Add([]byte(soundAt("192.0.2.1", 4000)))
	f.Add([]byte(sdp("c=IN IP6 2001:db8::1", "m=audio 4000/2 RTP/AVP 0", "a=rtcp:1 IN IP4 1.2.3.4", "a=ptime:1e9")))
	f.Add([]byte("v=0\nm=a 0 b"))
	f.Add([]byte(sdp("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 111 9 13 101", "a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1;stereo=0", "a=rtpmap:101 telephone-event/8000", "a=maxptime:10")))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := parseSDP(b)
		if err != nil {
			return
		}
		a, ok := agree(d, &sdes{}, taste{codecs: append([]rtp.Codec{rtp.Opus}, anyCodec.codecs...)})
		if !ok {
			return
		}
		if a.remote.Ptime < rtp.PtimeMin || a.remote.Ptime > rtp.PtimeMax || !a.remote.Addr.IsValid() {
			t.Fatalf("%+v", a.remote)
		}
		o := ourSide{addr: netip.MustParseAddr("10.0.0.1"), port: 10000}
		answer := o.answer(d, a)
		back, err := parseSDP(answer)
		if err != nil || len(back.media) != len(d.media) {
			t.Fatalf("our answer %q is not readable: %v", answer, err)
		}
		again, ok := agree(back, &sdes{}, taste{codecs: []rtp.Codec{a.format.codec}})
		if !ok || again.format != a.format || again.remote.Event != a.remote.Event || again.remote.Comfort != a.remote.Comfort || again.remote.Ptime != a.remote.Ptime {
			t.Fatalf("our answer %q comes to %+v, not %+v", answer, again, a)
		}
	})
}

func TestNamesCannotCarryHeaders(t *testing.T) {
	for in, want := range map[string]string{
		"Ana\r\nContact: <sip:x@y>": "AnaContact: <sip:x@y>", `Ana "la jefa" \ x`: "Ana la jefa  x",
		"  José  ": "José", strings.Repeat("ñ", 50): strings.Repeat("ñ", 40),
	} {
		if got := clean(in, 80); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]string{
		"+54 11 4444": "+54114444", "100#": "100%23", "a@b;c>\r\nd": "abcd", "*21*5": "*21*5", strings.Repeat("9", 100): strings.Repeat("9", 64),
	} {
		if got := cleanUser(in); got != want {
			t.Errorf("cleanUser(%q) = %q, want %q", in, got, want)
		}
	}
}
