package sip

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

func TestSourcesAreForgotten(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		asked := sourcesPerRound + 1000
		answered := 0
		for i := range asked {
			p := newPhone(t, b.n, fmt.Sprintf("10.1.%d.%d:5060", i/250, i%250+1), "x", "")
			p.send(p.request("INFO", "sip:10.0.0.1", "o", "<sip:10.0.0.1>;tag=x")) // which the library serves
			synctest.Wait()
			if m, ok := p.next(time.Second); ok && m.status() == 481 {
				answered++
			}
			_ = p.s.Close()
		}
		if answered != asked {
			t.Errorf("%d of %d answered", answered, asked)
		}
		if n := b.e.ua.TransportLayer().Pool("udp").Size(); n > 1010 {
			t.Errorf("%d sources remembered after %d", n, asked)
		}
	}, func(c *Config) { c.Limits = Limits{PerSecond: -1, PerSourcePerSecond: -1} })
}

func TestGateForgetsQuietSources(t *testing.T) {
	g := newGate(Limits{}.filled())
	now := time.Unix(1000, 0)
	for i := range 5 * sourcesMax {
		g.admits(netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 5060), []byte("x"), now.Add(time.Duration(i)*time.Millisecond))
	}
	if n := len(g.sources); n > sourcesMax {
		t.Errorf("%d sources counted, at most %d", n, sourcesMax)
	}
	if g.admits(netip.MustParseAddrPort("10.0.0.1:5060"), make([]byte, datagramMax+1), now) {
		t.Error("an overlong datagram is admitted")
	}
}

func TestFaultStaysInItsLeg(t *testing.T) {
	box(t, func(t *testing.T, b *bench) {
		p := newPhone(t, b.n, "10.0.0.5:5060", "201", "secret")
		c := p.dial("boom", p.sdp)
		c.ack(p.expect("500"))
		b.ended(leg.Failure)
		c = p.dial("600", p.sdp)
		b.hears(leg.Offered).l.Hangup(leg.Busy)
		c.ack(p.expect("486"))
		b.ended(leg.Busy)
	}, func(c *Config) {
		told := c.Told
		c.Told = func(l leg.Leg, r leg.Report) {
			if r.To == "boom" {
				panic("a fault in the loop's inbox")
			}
			told(l, r)
		}
	})
}

// FuzzRequest: whatever comes, it is either dropped, refused or fit for a dialog.
func FuzzRequest(f *testing.F) {
	for _, c := range torture {
		f.Add([]byte(c.text))
	}
	f.Add([]byte("INVITE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP c;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nContact: <sip:a@c>\r\nRecord-Route: <sip:d;lr>, <sip:e>\r\nContent-Length: 0\r\n\r\n"))
	parser := newParser()
	f.Fuzz(func(t *testing.T, b []byte) {
		if res := badRequest(b); res != nil {
			if _, err := parser.ParseSIP(res); err != nil && len(b) < 200 {
				t.Logf("our refusal is hard to read: %v", err)
			}
		}
		m, err := parser.ParseSIP(b)
		req, ok := m.(*sip.Request)
		if err != nil || !ok {
			return
		}
		req.SetTransport("UDP")
		req.SetSource("192.0.2.1:5060")
		if res := validate(req); res != nil {
			if res.StatusCode < 400 {
				t.Fatalf("refused with %d", res.StatusCode)
			}
			return
		}
		if req.Method == sip.INVITE {
			d := dialogOf(req)
			d.refresh(req)
			if d.destination() == "" {
				t.Fatal("a dialog that leads nowhere")
			}
			identity(req, true)
		}
		infoDigit(req)
	})
}
