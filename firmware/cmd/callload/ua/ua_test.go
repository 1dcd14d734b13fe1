package ua

import (
	"context"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// The example of RFC 7616 section 3.9.1, with its own nonce count and cnonce, is
// reproduced but for what is random: so the parts are checked.
func TestChallenge(t *testing.T) {
	m := parse([]byte("SIP/2.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"a, b\", nonce=\"n\", algorithm=SHA-512-256, qop=\"auth\"\r\n"+
		"www-authenticate: Digest realm=\"a, b\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth\", opaque=\"o\"\r\n\r\n"), time.Now())
	c, err := challengeOf(&m)
	if err != nil {
		t.Fatal(err)
	}
	line := c.answer("1001", "pw", "REGISTER", "sip:x")
	cnonce := param(strings.ReplaceAll(line, ",", ";"), "cnonce")
	want := shaHex(shaHex("1001:a, b:pw") + ":n2:00000001:" + cnonce + ":auth:" + shaHex("REGISTER:sip:x"))
	if !strings.Contains(line, `response="`+want+`"`) || !strings.Contains(line, "nc=00000001") || !strings.Contains(line, `opaque="o"`) {
		t.Errorf("%s", line)
	}
	if line = c.answer("1001", "pw", "REGISTER", "sip:x"); !strings.Contains(line, "nc=00000002") {
		t.Errorf("second use: %s", line)
	}
}

// Two agents that take each other for their server call, talk of sound, and end.
func TestCallBetweenAgents(t *testing.T) {
	host := netip.MustParseAddr("127.0.0.1")
	b, err := open(netip.AddrPortFrom(host, 9), host)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	a, err := New(netip.MustParseAddrPort(b.local), host, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b.server = netip.MustParseAddrPort(a.local)
	hears := netip.MustParseAddrPort("127.0.0.1:4002")
	came := make(chan *Call, 1)
	b.called = func(c *Call) { c.Ring(); c.Answer(hears); came <- c }
	go b.read()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	u := a.User("1001", "pw")
	if _, err := u.Register(ctx, time.Hour, false); err != nil {
		t.Fatal(err)
	}
	c, err := u.Call(ctx, "2001", netip.MustParseAddrPort("127.0.0.1:4000"))
	if err != nil {
		t.Fatal(err)
	}
	other := <-came
	if other.Caller != "1001" || other.User != "2001" || c.Sound != hears || other.Sound.Port() != 4000 {
		t.Errorf("called %+v, calling %v", other, c.Sound)
	}
	if d := other.Came.Sub(c.Asked); d < -time.Millisecond || d > time.Second {
		t.Errorf("the INVITE was %v on its way", d)
	}
	if _, err := c.Hangup(ctx); err != nil {
		t.Fatal(err)
	}
	select {
	case <-other.Ended():
	case <-ctx.Done():
		t.Error("the BYE did not end the called end")
	}
}
