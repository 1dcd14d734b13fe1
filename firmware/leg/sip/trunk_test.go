package sip

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"

	"github.com/icholy/digest"
)

func (b *bench) trunkNews(ready bool) TrunkState {
	b.t.Helper()
	select {
	case s := <-b.line:
		if s.Ready != ready {
			b.t.Fatalf("trunk %+v", s)
		}
		return s
	case <-time.After(time.Hour):
		b.t.Fatal("no news of the trunk")
		return TrunkState{}
	}
}

func provider() Trunk {
	return Trunk{Name: "prov", Server: "10.0.0.8:5060", User: "acc", Password: "pw", Register: true, Domain: "voice.example", Numbers: []string{"0912000001", "0912000002"}, Trusted: true}
}

const challenge = `Digest realm="voice.example", nonce="n1", algorithm=MD5, qop="auth"`

// authorized checks the credentials of a request with the arithmetic of RFC 2617.
func authorized(t *testing.T, m msg, header string) {
	t.Helper()
	c, err := digest.ParseCredentials(m.get(header))
	if err != nil {
		t.Fatalf("%s: %v in %s", header, err, m.text)
	}
	uri := strings.Fields(m.start)[1]
	want := md5Hex(md5Hex("acc:voice.example:pw") + ":n1:00000001:" + c.Cnonce + ":auth:" + md5Hex(m.method()+":"+uri))
	if c.Response != want || c.URI != uri || c.Username != "acc" {
		t.Errorf("credentials %+v for %s", c, uri)
	}
}

// signOn registers the trunk at p.
func signOn(t *testing.T, b *bench, p *phone) {
	t.Helper()
	m := p.expect("REGISTER")
	if !strings.HasPrefix(m.start, "REGISTER sip:voice.example ") || m.get("Contact") != "<sip:acc@10.0.0.1:5060>" {
		t.Fatalf("%s", m.text)
	}
	p.respond(m, 401, "Unauthorized", "", "WWW-Authenticate: "+challenge)
	m = p.expect("REGISTER")
	authorized(t, m, "Authorization")
	p.respond(m, 200, "OK", "", "Expires: 300")
	b.trunkNews(true)
}

func TestTrunkSignsOnRefreshesAndSignsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		b.e.SetTrunks([]Trunk{provider()})
		signOn(t, b, p)
		begun := time.Now()
		p.respondTo(500*time.Second, "REGISTER", 200, "Expires: 300")
		if d := time.Since(begun); d < 150*time.Second || d > 290*time.Second {
			t.Errorf("refreshed after %v of 300 s", d)
		}
		go b.stop()
		if m := p.expect("REGISTER"); m.get("Expires") != "0" {
			t.Errorf("leaving: %s", m.text)
		} else {
			p.respond(m, 200, "OK", "")
		}
		time.Sleep(time.Minute)
	})
}

// respondTo answers the next request of a method within d.
func (p *phone) respondTo(d time.Duration, method string, status int, extra ...string) {
	p.t.Helper()
	end := time.Now().Add(d)
	for {
		m, ok := p.next(time.Until(end))
		if !ok {
			p.t.Fatalf("no %s within %v", method, d)
		}
		if m.method() == method {
			p.respond(m, status, "", "", extra...)
			return
		}
	}
}

func TestTrunkTellsWhyItIsNotReady(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		b.e.SetTrunks([]Trunk{provider()})
		if _, refused := b.e.Make("trunk/prov"); refused == nil || refused.Cause != leg.OutOfOrder {
			t.Errorf("refused %+v", refused)
		}
		p.respond(p.expect("REGISTER"), 403, "Forbidden", "")
		if s := b.trunkNews(false); !contains(s.Why, "prov", "10.0.0.8:5060", "403") {
			t.Errorf("%+v", s)
		}
		if _, refused := b.e.Make("trunk/prov"); refused == nil || !strings.Contains(refused.Why, "403") {
			t.Errorf("refused %+v", refused)
		}
		signOn(t, b, p) // it goes on trying
		_ = p.s.Close() // and notices when the provider is gone
		if s := b.trunkNews(false); !strings.Contains(s.Why, "no answer") {
			t.Errorf("%+v", s)
		}
		b.e.SetTrunks(nil)
		if _, refused := b.e.Make("trunk/prov"); refused == nil || refused.Cause != leg.UnknownNumber {
			t.Errorf("refused %+v", refused)
		}
	})
}

func TestCallsOverATrunk(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		b.e.SetTrunks([]Trunk{provider()})
		signOn(t, b, p)

		l, refused := b.e.Make("trunk/prov")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{Number: "0912000002", Name: "Oficina", To: "0800 55"})
		c := p.rung()
		if !strings.HasPrefix(c.invite.start, "INVITE sip:080055@voice.example ") || !strings.Contains(c.invite.get("From"), "<sip:0912000002@voice.example>") {
			t.Errorf("%s", c.invite.text)
		}
		p.respond(c.invite, 407, "Proxy Authentication Required", "", "Proxy-Authenticate: "+challenge)
		p.expect("ACK")
		c = p.rung()
		authorized(t, c.invite, "Proxy-Authorization")
		if c.invite.get("CSeq") != "2 INVITE" {
			t.Error(c.invite.get("CSeq"))
		}
		p.respond(c.invite, 183, "Session Progress", p.sdp)
		b.hears(leg.EarlySound)
		p.respond(c.invite, 200, "OK", p.sdp)
		p.expect("ACK")
		b.hears(leg.Answered)
		p.seq = 10
		c.in("BYE", "", "Reason: Q.850;cause=16")
		p.expect("200")
		b.ended(leg.Normal)

		in := &call{p: p, id: "in", uri: "sip:acc@10.0.0.1", to: "<sip:0912000001@voice.example>"}
		in.sendInvite(p.sdp, `P-Asserted-Identity: "Ana" <sip:0911222333@voice.example>`)
		w := b.hears(leg.Offered)
		if w.r.Port != "trunk/prov" || w.r.To != "0912000001" || w.r.From != "0911222333" || w.r.Name != "Ana" {
			t.Errorf("%+v", w.r)
		}
		w.l.Answer()
		in.ack(in.expect("200"))
		b.hears(leg.Answered)
		in.in("BYE", "")
		p.expect("200")
		b.ended(leg.Normal)
	})
}

func TestStrangersAreNoTrunk(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		b.e.SetTrunks([]Trunk{provider()})
		signOn(t, b, p)
		q := newPhone(t, b.n, "10.0.0.99:5060", "prov", "")
		in := &call{p: q, id: "in", uri: "sip:acc@10.0.0.1", to: "<sip:0912000001@voice.example>"}
		in.sendInvite(q.sdp)
		q.expect("401")
		b.quiet()
	})
}
