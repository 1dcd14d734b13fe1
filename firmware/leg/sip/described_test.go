package sip

import (
	"strings"
	"testing"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

const mixture = "multipart/mixed;boundary=unique"

// mixed is a description among what a telephone exchange adds (RFC 3204).
func mixed(sdp string) string {
	return "--unique\r\nContent-Type: application/isup;version=itu-t92+;base=itu-t92+\r\nContent-Disposition: signal;handling=optional\r\n\r\n\x01\x00\x60\x00\x0a\r\n" +
		"--unique\r\nContent-Type: application/sdp\r\nContent-Disposition: session;handling=required\r\n\r\n" + sdp + "\r\n--unique--\r\n"
}

// as gives a message another Content-Type.
func as(kind, text string) string {
	return strings.Replace(text, "Content-Type: application/sdp\r\nContent-Length", "Content-Type: "+kind+"\r\nContent-Length", 1)
}

func TestDescribed(t *testing.T) {
	const sdp = "v=0\r\ns=-\r\n"
	for name, k := range map[string]struct{ kind, body, want string }{
		"alone":            {"application/sdp", sdp, sdp},
		"in capitals":      {"Application/SDP; charset=utf-8", sdp, sdp},
		"mixed":            {mixture, mixed(sdp), sdp},
		"quoted boundary":  {`Multipart/Mixed; boundary="unique"`, mixed(sdp), sdp},
		"line feeds":       {mixture, strings.ReplaceAll(mixed(sdp), "\r\n", "\n"), "v=0\ns=-\n"},
		"within":           {"multipart/mixed;boundary=o", "--o\r\nContent-Type: multipart/alternative;boundary=unique\r\n\r\n" + mixed(sdp) + "\r\n--o--\r\n", sdp},
		"too deep":         {"multipart/mixed;boundary=o", "--o\r\nContent-Type: multipart/mixed;boundary=p\r\n\r\n--p\r\nContent-Type: multipart/mixed;boundary=unique\r\n\r\n" + mixed(sdp) + "\r\n--p--\r\n--o--\r\n", ""},
		"other boundary":   {"multipart/mixed;boundary=other", mixed(sdp), ""},
		"no boundary":      {"multipart/mixed", mixed(sdp), ""},
		"none in it":       {mixture, strings.Replace(mixed(sdp), "application/sdp", "text/plain", 1), ""},
		"never ends":       {mixture, strings.TrimSuffix(mixed(sdp), "\r\n--unique--\r\n"), ""},
		"in base64":        {mixture, strings.Replace(mixed(sdp), "application/sdp\r\n", "application/sdp\r\nContent-Transfer-Encoding: base64\r\n", 1), ""},
		"behind too many":  {mixture, strings.Repeat("--unique\r\nContent-Type: text/plain\r\n\r\nx\r\n", partsMax) + mixed(sdp), ""},
		"something else":   {"text/plain", sdp, ""},
		"no type to speak": {"", sdp, ""},
	} {
		req := sip.NewRequest(sip.INVITE, sip.Uri{Scheme: "sip", Host: "x"})
		req.AppendHeader(sip.NewHeader("Content-Type", k.kind))
		req.SetBody([]byte(k.body))
		if got := string(described(req)); got != k.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	res := sip.NewResponse(200, "OK")
	res.SetBody([]byte(sdp))
	if string(described(res)) != sdp {
		t.Error("an answer that forgot its type")
	}
}

// A provider that sends ISUP along is called and calls like any other.
func TestExchangesAddWhatTheyLike(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "x", "")
		b.e.SetTrunks([]Trunk{peerTrunk()})
		b.trunkNews(true)
		const sound = oddCall + "m=audio 4000 RTP/AVP 8 101\r\n" + events
		in := &call{p: p, id: "in", uri: "sip:954123001@10.0.0.1", to: "<sip:954123001@voice.example>"}
		p.seq++
		in.seq, in.branch = p.seq, "z9hG4bKmixed"
		p.send(as(mixture, p.raw("INVITE", in.uri, in.id, in.to, in.seq, in.branch, mixed(sound))))
		w := b.hears(leg.Offered)
		w.l.Answer()
		in.ack(in.expect("200"))
		b.hears(leg.Answered)
		if got := came(w.l); got != "10.0.0.8:4000 8/101 20 sendrecv" {
			t.Error(got)
		}
		p.seq++
		p.send(as(mixture, p.raw("UPDATE", in.uri, in.id, in.to, p.seq, "z9hG4bKupdate", mixed(sound+"a=sendonly\r\n"))))
		in.expect("200")
		b.hears(leg.Held)
		in.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)

		l, _ := b.e.Make("trunk/prov")
		l.Ring(leg.Caller{Number: "201", To: "600"})
		c := p.rung()
		p.respond(c.invite, 200, "OK", "")
		p.expect("ACK")
		b.ended(leg.BadSound)
	})
}

// FuzzDescribed: whatever is found in a body was in it.
func FuzzDescribed(f *testing.F) {
	f.Add(mixture, []byte(mixed("v=0\r\n")))
	f.Add("multipart/mixed;boundary=o", []byte("--o\r\nContent-Type: multipart/mixed;boundary=o\r\n\r\n--o--"))
	f.Add(`multipart/x;boundary="a b"`, []byte("--a b\nContent-Type:application/sdp\n\nv=0\n--a b--"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		if found := sessionIn(kind, body, 0); !strings.Contains(string(body), string(found)) {
			t.Fatalf("%q in %q", found, body)
		}
	})
}
