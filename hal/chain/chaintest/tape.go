// Package chaintest plays to a driver a bus that was written down, so that its
// accesses can be laid beside the data sheet. Tests of the drivers on hal/chain
// use it.
//
// It never answers by itself: what a chip would do is the business of hal/sim.
package chaintest

import (
	"fmt"
	"strings"
	"testing"

	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/conn/v3/spi"
)

// Tape fulfils spi.Port and plays each access as "bytes sent" or, for a read,
// "bytes sent>byte received". Chip select must rise after every byte.
type Tape struct {
	t    testing.TB
	want []string
	at   int
}

// NewTape makes a tape that has to be played to its end before the test is over.
func NewTape(t testing.TB, want ...string) *Tape {
	p := &Tape{t: t, want: want}
	t.Cleanup(func() {
		if p.at != len(want) {
			t.Errorf("the tape goes on with %v", want[p.at:])
		}
	})
	return p
}

func (p *Tape) String() string { return "tape" }

// Duplex fulfils conn.Conn.
func (p *Tape) Duplex() conn.Duplex { return conn.Full }

// Connect fulfils spi.Port and holds the driver to mode 3 at no more than the
// 16 MHz line chips take.
func (p *Tape) Connect(f physic.Frequency, m spi.Mode, bits int) (spi.Conn, error) {
	if f > 16*physic.MegaHertz || m != spi.Mode3 || bits != 8 {
		p.t.Errorf("connected with %s, %s, %d bits", f, m, bits)
	}
	return p, nil
}

// Tx fulfils conn.Conn.
func (p *Tape) Tx(w, r []byte) error { return p.TxPackets([]spi.Packet{{W: w, R: r}}) }

// TxPackets fulfils spi.Conn: one access.
func (p *Tape) TxPackets(packets []spi.Packet) error {
	p.t.Helper()
	var sent strings.Builder
	for _, k := range packets {
		if len(k.W) != 1 || k.KeepCS {
			p.t.Fatalf("access %d: %d bytes with chip select low", p.at, len(k.W))
		}
		fmt.Fprintf(&sent, "%02x", k.W[0])
	}
	if p.at == len(p.want) {
		p.t.Fatalf("access %s after the end of the tape", sent.String())
	}
	want, answer, reading := strings.Cut(p.want[p.at], ">")
	last := packets[len(packets)-1]
	if sent.String() != want || reading != (len(last.R) == 1) {
		p.t.Fatalf("access %d: sent %s, the tape has %s", p.at, sent.String(), p.want[p.at])
	}
	if reading {
		_, _ = fmt.Sscanf(answer, "%02x", &last.R[0])
	}
	p.at++
	return nil
}
