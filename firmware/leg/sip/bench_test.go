package sip

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"testing"
	"time"

	"centralita/firmware/leg"

	"github.com/icholy/digest"
)

// BenchmarkRegister is what one registration with its challenge costs between the
// socket's two sides.
func BenchmarkRegister(b *testing.B) {
	n := newNetwork()
	e, err := New(Config{Packets: n.listen(b, boxAddr), Ports: n.ports("10.0.0.1"), Told: func(leg.Leg, leg.Report) {}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		b.Fatal(err)
	}
	e.SetUsers([]User{{Name: "201", Password: "secret"}})
	from := netip.MustParseAddrPort("10.0.0.5:5060")
	wire := &answers{}
	p := &packets{PacketConn: wire, gate: e.gate, parser: newParser(), brief: e.brief}
	text := func(seq int, cred string) []byte {
		return fmt.Appendf(nil, "REGISTER sip:10.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bK%d;rport\r\nMax-Forwards: 70\r\n"+
			"From: <sip:201@10.0.0.1>;tag=abc\r\nTo: <sip:201@10.0.0.1>\r\nCall-ID: r\r\nCSeq: %d REGISTER\r\nContact: <sip:201@10.0.0.5:5060>\r\n"+
			"Expires: 600\r\n%sContent-Length: 0\r\n\r\n", seq, seq, cred)
	}
	seq := 0
	var batch [][]byte
	b.ReportAllocs()
	for b.Loop() {
		if len(batch) == 0 {
			b.StopTimer()
			for range 200 {
				c := &digest.Challenge{Realm: "centralita", Nonce: e.guard.nonces.make(time.Now()), Algorithm: "SHA-256", QOP: []string{"auth"}}
				cred, _ := digest.Digest(c, digest.Options{Method: "REGISTER", URI: "sip:10.0.0.1", Username: "201", Password: "secret", Count: 1})
				batch = append(batch, text(seq, ""), text(seq+1, "Authorization: "+cred.String()+"\r\n"))
				seq += 2
			}
			b.StartTimer()
		}
		for _, m := range batch[:2] {
			if p.readable(tidy(m), from, net.UDPAddrFromAddrPort(from)) {
				b.Fatal("left to the library")
			}
		}
		if !bytes.HasPrefix(wire.last, []byte("SIP/2.0 200")) {
			b.Fatalf("%s", wire.last)
		}
		batch = batch[2:]
	}
}

// answers takes what is written to the wire.
type answers struct {
	net.PacketConn
	last []byte
}

func (a *answers) WriteTo(b []byte, _ net.Addr) (int, error) {
	a.last = append(a.last[:0], b...)
	return len(b), nil
}
