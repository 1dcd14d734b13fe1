package sip

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// stranger is a REGISTER with credentials that are wrong.
func stranger(t *testing.T, g *guard, user, algorithm string) *sip.Request {
	t.Helper()
	text := fmt.Sprintf("REGISTER sip:10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bKx\r\nFrom: <sip:%[1]s@10.0.0.1>;tag=1\r\nTo: <sip:%[1]s@10.0.0.1>\r\n"+
		"Call-ID: a\r\nCSeq: 1 REGISTER\r\nMax-Forwards: 70\r\nAuthorization: Digest username=\"%[1]s\", realm=\"centralita\", nonce=\"%[2]s\", uri=\"sip:10.0.0.1\", "+
		"response=\"0123456789abcdef0123456789abcdef\", algorithm=%[3]s, qop=auth, nc=00000001, cnonce=\"c\"\r\nContent-Length: 0\r\n\r\n", user, g.nonces.make(time.Now()), algorithm)
	m, err := newParser().ParseSIP([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m.(*sip.Request)
}

// A name that nobody has is refused by the same work as a wrong password of one that
// somebody has: it takes as much memory, and as long by the median of many turns about
// (a tenth apart at most, in one of five rounds: other programs run beside).
func TestNobodyIsRefusedAsSlowly(t *testing.T) {
	users := newDirectory("centralita")
	users.set([]User{{Name: "201", Password: "secret"}, {Name: "202", Password: "other", MD5: true}})
	g := newGuard(users)
	for _, c := range []struct{ user, algorithm string }{{"201", "SHA-256"}, {"201", "MD5"}, {"202", "SHA-256"}, {"202", "MD5"}} {
		known, nobody := stranger(t, g, c.user, c.algorithm), stranger(t, g, "209", c.algorithm)
		refuse := func(req *sip.Request) {
			if user, v := g.check(req, time.Now()); user != nil || v != refused {
				t.Fatalf("%s: %v", c.user, v)
			}
		}
		if a, b := testing.AllocsPerRun(100, func() { refuse(known) }), testing.AllocsPerRun(100, func() { refuse(nobody) }); a != b {
			t.Errorf("%s by %s: %v allocations, of nobody %v", c.user, c.algorithm, a, b)
		}
		apart := 1.0
		for round := 0; round < 5 && apart > 0.1; round++ {
			var took [2][]time.Duration
			for range 2000 {
				for i, req := range []*sip.Request{known, nobody} {
					began := time.Now()
					refuse(req)
					took[i] = append(took[i], time.Since(began))
				}
			}
			slices.Sort(took[0])
			slices.Sort(took[1])
			a, b := took[0][1000], took[1][1000]
			apart = min(apart, float64((a-b).Abs())/float64(max(a, b)))
		}
		if apart > 0.1 {
			t.Errorf("%s by %s: refusals are %.0f %% apart from those of nobody", c.user, c.algorithm, apart*100)
		}
	}
}
