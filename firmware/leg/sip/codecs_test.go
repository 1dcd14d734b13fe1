package sip

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"
)

// anyCodec takes all that the engine hears, as the far end likes it.
var anyCodec = taste{codecs: []rtp.Codec{rtp.ALaw, rtp.MuLaw, rtp.Wide}}

const opusLines = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 stereo=0;useinbandfec=1\r\na=rtpmap:101 telephone-event/8000\r\n"

// speaking is a description of a phone with these payload types.
func speaking(p *phone, formats string, lines string) string {
	return fmt.Sprintf("v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio 40000 RTP/AVP %s\r\n%sa=ptime:20\r\n", p.host(), p.host(), formats, lines)
}

var mLine = regexp.MustCompile(`m=audio \d+ RTP/AVP ([\d ]+)`)

// formatsIn are the payload types of a description.
func formatsIn(body string) string {
	if m := mLine.FindStringSubmatch(body); m != nil {
		return strings.TrimSpace(m[1])
	}
	return "none"
}

func TestCodecOfAnOffer(t *testing.T) {
	const events = "a=rtpmap:101 telephone-event/8000\r\n"
	all := taste{codecs: []rtp.Codec{rtp.ALaw, rtp.MuLaw, rtp.Wide, rtp.Opus}}
	wide := rtp.Wide
	law := rtp.ALaw
	for name, k := range map[string]struct {
		formats, lines string
		taste          taste
		want           string // payload type and what it stands for, "" none
	}{
		"G.722 first":                    {"9 8 0", "", all, "9 wide"},
		"G.722 named":                    {"9 8", "a=rtpmap:9 G722/8000\r\n", all, "9 wide"},
		"G.722 with its rate as it is":   {"9 8", "a=rtpmap:9 G722/16000\r\n", all, "8"}, // RFC 3551 says 8000
		"G.722 not allowed":              {"9 8 0", "", taste{codecs: []rtp.Codec{rtp.ALaw}}, "8"},
		"Opus by its name":               {"111 8", opusLines, all, "111 opus"},
		"Opus where nobody hears it":     {"111 8", opusLines, anyCodec, "8"},
		"Opus of one channel is no Opus": {"111 8", "a=rtpmap:111 opus/48000\r\n", all, "8"},
		"a number without a name":        {"111 8", "", all, "8"},
		"our order":                      {"0 8 9", events, taste{codecs: []rtp.Codec{rtp.Wide, rtp.ALaw}, ranked: true}, "9 wide"},
		"what the other end speaks":      {"0 8 9", events, taste{codecs: anyCodec.codecs, first: &wide}, "9 wide"},
		"the law beside it":              {"9 0", events, taste{codecs: anyCodec.codecs, first: &law}, "0"},
		"nothing":                        {"18 3", "", all, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := parseSDP([]byte(sdp("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP "+k.formats+"\r\n"+strings.TrimSuffix(k.lines, "\r\n"))))
			if err != nil && k.lines != "" {
				t.Fatal(err)
			}
			if d == nil {
				d, _ = parseSDP([]byte(sdp("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP "+k.formats)))
			}
			a, ok := agree(d, &sdes{}, k.taste)
			got := ""
			if ok {
				got = fmt.Sprint(a.remote.Payload)
				if a.remote.Opus {
					got += " opus"
				} else if a.format.codec == rtp.Wide {
					got += " wide"
				}
			}
			if got != k.want {
				t.Errorf("%q, want %q", got, k.want)
			}
		})
	}
}

func TestPacketTime(t *testing.T) {
	for lines, want := range map[string]int{
		"a=ptime:10": 10, "a=ptime:30": 30, "a=ptime:40": 40, "a=ptime:60": 40, "a=ptime:20\r\na=maxptime:10": 10,
		"a=maxptime:10": 10, "a=maxptime:240": 20, "a=ptime:40\r\na=maxptime:30": 30, "a=ptime:5": 10, "a=maxptime:1": 10, "a=ptime:25": 20, "a=maxptime:x": 20,
	} {
		d, err := parseSDP([]byte(sdp("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 8", lines)))
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := agree(d, &sdes{}, anyCodec); !ok || a.remote.Ptime != want {
			t.Errorf("%q: %d, want %d", lines, a.remote.Ptime, want)
		}
	}
}

// twoPhones are registered, the first allowed what the settings say.
func twoPhones(t *testing.T, b *bench, codecs ...string) (a, c *phone) {
	b.e.SetUsers([]User{{Name: "201", Password: "secret", Codecs: codecs}, {Name: "202", Password: "secret"}})
	a, c = newPhone(t, b.n, "10.0.0.5:5060", "201", "secret"), newPhone(t, b.n, "10.0.0.6:5060", "202", "secret")
	a.register(600)
	c.register(600)
	return a, c
}

// The offer to the called telephone follows what the caller speaks, and the caller's
// answer what the called one took, so that packets need no translation.
func TestBothEndsSpeakTheSame(t *testing.T) {
	for name, k := range map[string]struct {
		codecs  []string // of the caller's station
		formats string   // the caller offers
		mixed   bool
		offered string // to the called telephone
		takes   string // it answers
		answer  string // to the caller
	}{
		"laws":                     {nil, "8 0 101", false, "8 0 9 101", "8 101", "8 101"},
		"the other law":            {nil, "0 8 101", false, "0 8 9 101", "0 101", "0 101"},
		"G.722":                    {nil, "9 8 101", false, "9 8 0 101", "9 101", "9 101"},
		"G.722 refused":            {nil, "9 0 101", false, "9 0 8 101", "8 101", "0 101"},
		"Opus":                     {nil, "111 9 8 101", false, "111 9 8 0 101", "111 101", "111 101"},
		"Opus refused":             {nil, "111 9 8 101", false, "111 9 8 0 101", "8 101", "8 101"},
		"Opus of a recorded call":  {nil, "111 9 8 101", true, "9 8 0 101", "9 101", "9 101"},
		"Opus without events":      {nil, "111 8", false, "8 0 9 101", "8 101", "8"},
		"Opus barred for one":      {[]string{"pcma"}, "111 9 8 101", false, "8 0 9 101", "8 101", "8 101"},
		"comfort noise":            {nil, "8 0 13 101", false, "8 0 9 13 101", "8 13 101", "8 13 101"},
		"comfort noise of one":     {nil, "8 0 13 101", false, "8 0 9 13 101", "8 101", "8 101"},
		"settings of one, G.722":   {[]string{"pcmu", "g722"}, "8 9 0 101", false, "9 0 8 101", "9 101", "9 101"},
		"called one turns to PCMU": {nil, "9 8 0 101", false, "9 8 0 101", "0 101", "0 101"},
	} {
		t.Run(name, func(t *testing.T) {
			box(t, func(t *testing.T, b *bench) {
				p, q := twoPhones(t, b, k.codecs...)
				c := p.dial("202", speaking(p, k.formats, opusLines))
				in := b.hears(leg.Offered)
				out, refused := b.e.Make("sip/202")
				if refused != nil {
					t.Fatal(refused)
				}
				out.Ring(leg.Caller{Number: "201", With: in.l, Mixed: k.mixed})
				m := q.rung()
				if got := formatsIn(m.invite.body); got != k.offered {
					t.Errorf("offered %q, want %q", got, k.offered)
				}
				if strings.Contains(k.offered, "111") && !strings.Contains(m.invite.body, "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 stereo=0;useinbandfec=1\r\n") {
					t.Errorf("the caller's parameters are lost: %s", m.invite.body)
				}
				q.respond(m.invite, 200, "OK", speaking(q, k.takes, strings.Replace(opusLines, "useinbandfec=1", "usedtx=1", 1)))
				b.hears(leg.Answered)
				in.l.Answer()
				res := c.expect("200")
				if got := formatsIn(res.body); got != k.answer {
					t.Errorf("answered %q, want %q", got, k.answer)
				}
				if strings.HasPrefix(k.answer, "111") && !strings.Contains(res.body, "a=fmtp:111 stereo=0;usedtx=1\r\n") {
					t.Errorf("the called one's parameters are lost: %s", res.body)
				}
			})
		})
	}
}

// Two telephones that speak Opus are asked to speak what the engine hears when nobody
// passes their packets any more; a telephone that does not want to stays as it is and
// is asked again.
func TestOpusEndsWithTheRelay(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, q := twoPhones(t, b)
		c := p.dial("202", speaking(p, "111 9 8 101", opusLines))
		in := b.hears(leg.Offered).l
		out, _ := b.e.Make("sip/202")
		out.Ring(leg.Caller{Number: "201", With: in})
		m := q.rung()
		q.respond(m.invite, 200, "OK", speaking(q, "111 101", opusLines))
		b.hears(leg.Answered)
		q.expect("ACK")
		in.Answer()
		c.ack(c.expect("200"))
		if w := b.hears(leg.Agreed); w.l != in { // it was expected to speak G.722
			t.Fatal("another leg speaks anew")
		}
		b.hears(leg.Answered)
		b.quiet() // the ACK has come
		if !in.(*Leg).Relay(out, leg.Relay{}) {
			t.Fatal("no relay of Opus")
		}
		in.(*Leg).Mix()
		var f media.Frame
		f.Silence(media.Narrow)
		for n := range uint64(10) {
			in.Write(n, &f)
		}
		re := p.expect("INVITE")
		if got := formatsIn(re.body); got != "8 0 9 101" || !strings.Contains(re.body, "a=sendrecv") {
			t.Errorf("asked for %q", got)
		}
		p.respond(re, 488, "Not Acceptable Here", "")
		p.expect("ACK")
		b.quiet() // the leg knows, too
		for n := range uint64(210) {
			in.Write(n, &f)
		}
		re = p.expect("INVITE")
		p.respond(re, 200, "OK", speaking(p, "9 101", opusLines))
		p.expect("ACK")
		if w := b.hears(leg.Agreed); w.l != in {
			t.Error("another leg speaks anew")
		}
		if in.(*Leg).Relay(out, leg.Relay{}) {
			t.Error("G.722 relayed with Opus")
		}
		for n := range uint64(210) {
			out.Write(n, &f)
		}
		re = q.expect("INVITE")
		q.respond(re, 200, "OK", speaking(q, "9 101", opusLines))
		q.expect("ACK")
		b.hears(leg.Agreed)
		if !in.(*Leg).Relay(out, leg.Relay{}) {
			t.Error("no relay of G.722")
		}
	})
}

// A telephone in a call of Opus that holds and takes back speaks what the engine
// hears from then on, unless it knows nothing else.
func TestHoldEndsOpus(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p, q := twoPhones(t, b)
		c := p.dial("202", speaking(p, "111 9 8 101", opusLines))
		in := b.hears(leg.Offered).l
		out, _ := b.e.Make("sip/202")
		out.Ring(leg.Caller{Number: "201", With: in})
		m := q.rung()
		q.respond(m.invite, 200, "OK", speaking(q, "111 101", opusLines))
		b.hears(leg.Answered)
		in.Answer()
		res := c.expect("200")
		c.ack(res)
		b.hears(leg.Agreed)
		b.hears(leg.Answered)
		for _, k := range []struct {
			formats, want string
			kind          leg.ReportKind
			dir           string
		}{{"111 101", "111 101", leg.Held, "a=sendonly\r\n"}, {"111 9 101", "9 101", leg.Agreed, ""}} {
			c.sendInvite(speaking(p, k.formats, opusLines+k.dir))
			res = c.expect("200")
			if got := formatsIn(res.body); got != k.want {
				t.Errorf("answered %q, want %q", got, k.want)
			}
			c.ack(res)
			b.hears(k.kind)
		}
		b.hears(leg.Resumed)
	})
}
