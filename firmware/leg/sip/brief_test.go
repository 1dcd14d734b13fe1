package sip

import (
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emiago/sipgo/sip"
)

// A repeated REGISTER gets the answer it got, and is carried out once; when the
// answer is no longer kept it is challenged anew, and the phone is not shut out.
func TestRepeatedRegisterIsAnsweredAlike(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.send(p.request("REGISTER", "sip:10.0.0.1", "r", "<sip:201@10.0.0.1>", "Expires: 600"))
		text := p.request("REGISTER", "sip:10.0.0.1", "r", "<sip:201@10.0.0.1>", "Expires: 600", p.credentials(p.expect("401"), "REGISTER", "sip:10.0.0.1", 1))
		p.send(text)
		first := p.expect("200")
		b.phoneNews(false)
		time.Sleep(4 * time.Second)
		p.send(text)
		if again := p.expect("200"); again.text != first.text {
			t.Errorf("the repetition is answered\n%s\nafter\n%s", again.text, first.text)
		}
		time.Sleep(replayLife)
		p.send(text)
		if m := p.expect("401"); !strings.Contains(m.get("WWW-Authenticate"), "stale=true") {
			t.Errorf("after the answer is forgotten: %s", m.text)
		}
		if len(b.news) > 0 {
			t.Errorf("a repetition is news: %+v", <-b.news)
		}
	})
}

// A phone that only comes again is no news; one that moved is.
func TestRefreshIsNoNews(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		b.phoneNews(false)
		p.register(600)
		synctest.Wait()
		if len(b.news) > 0 {
			t.Errorf("a refresh is news: %+v", <-b.news)
		}
		moved := newPhone(t, b.n, "10.0.0.6:5060", "201", "secret")
		moved.register(600)
		b.phoneNews(false)
	})
}

// The answers to floods of what needs no transaction leave nothing behind.
func TestFloodsLeaveNothing(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		p.register(600)
		b.phoneNews(false)
		const n = 4000
		before := heap()
		for range n {
			p.register(600)
			p.send(p.request("OPTIONS", "sip:10.0.0.1", "o", "<sip:10.0.0.1>"))
			p.expect("200")
			p.seq++
			p.send(p.raw("INVITE", "sip:600@10.0.0.1", "i"+token(4), "<sip:600@10.0.0.1>", p.seq, "z9hG4bK"+token(6), p.sdp))
			p.expect("401")
		}
		synctest.Wait()
		// Timers of the library would hold every transaction for 32 s: no time passed here.
		if grown := heap() - before; grown > 4<<20 {
			t.Errorf("%d of each left %d bytes", n, grown)
		}
	}, func(c *Config) { c.Limits = Limits{PerSecond: -1, PerSourcePerSecond: -1} })
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// An answer goes to the port of the Via when the sender does not ask for another
// and is not behind a NAT.
func TestWhereAnswersGo(t *testing.T) {
	from := netip.MustParseAddrPort("10.0.0.5:49152")
	for _, c := range []struct{ via, want string }{
		{"10.0.0.5:5060;branch=z9hG4bK1", "10.0.0.5:5060"},
		{"10.0.0.5;branch=z9hG4bK1", "10.0.0.5:5060"},
		{"10.0.0.5:5060;branch=z9hG4bK1;rport", "10.0.0.5:49152"},
		{"192.168.1.7:5060;branch=z9hG4bK1", "10.0.0.5:49152"},
		{"phone.example:5060;branch=z9hG4bK1", "10.0.0.5:49152"},
	} {
		m, err := newParser().ParseSIP([]byte("OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP " + c.via + "\r\nFrom: <sip:a@x>;tag=1\r\nTo: <sip:x>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		if at, _ := addrPort(answerAt(m.(*sip.Request), from, net.UDPAddrFromAddrPort(from))); at.String() != c.want {
			t.Errorf("Via %s: %v, want %s", c.via, at, c.want)
		}
	}
}

// Who guesses takes the same way through the program whether the user exists or
// not: the same work, seen by what it allocates.
func TestGuessesTakeTheSameWay(t *testing.T) {
	users := newDirectory("centralita")
	users.set([]User{{Name: "201", Password: "secret"}, {Name: "202", Password: "other", MD5: true}})
	g := newGuard(users)
	work := func(user, algorithm string) float64 {
		h := fmt.Sprintf(`Digest username="%s", realm="centralita", nonce="%s", uri="sip:10.0.0.1", algorithm=%s, qop=auth, nc=00000001, cnonce="abcd", response="%064d"`,
			user, g.nonces.make(time.Now()), algorithm, 0)
		req := sip.NewRequest(sip.REGISTER, sip.Uri{Scheme: "sip", Host: "10.0.0.1"})
		req.AppendHeader(sip.NewHeader("Authorization", h))
		return testing.AllocsPerRun(100, func() {
			if u, _ := g.check(req, time.Now()); u != nil {
				t.Error("a guess is right")
			}
		})
	}
	for _, a := range []string{"SHA-256", "MD5"} {
		exists, md5, nobody := work("201", a), work("202", a), work("999", a)
		if exists != nobody || md5 != nobody {
			t.Errorf("%s: %v, %v and %v allocations", a, exists, md5, nobody)
		}
	}
}
