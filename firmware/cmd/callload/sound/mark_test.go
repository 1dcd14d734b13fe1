package sound

import (
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"
)

// Every mark is found, wherever in a packet a server puts the sound, and says what
// was filled in.
func TestMarksAreRead(t *testing.T) {
	for _, shift := range []int{0, 1, 7, 80, 159} {
		var said []byte
		for n := range uint32(20) {
			var b [Samples]byte
			Fill(&b, 3000+int(n), 200_000+n)
			said = append(said, b[:]...)
		}
		said = said[shift:]
		found := 0
		Read(said, func(m Mark) {
			at := m.Offset + shift
			if want := (Mark{Stream: 3000 + at/Samples, Packet: 200_000 + uint32(at/Samples), Cell: at % Samples / cell, Offset: m.Offset}); m != want {
				t.Errorf("shift %d: %+v, want %+v", shift, m, want)
			}
			found++
		})
		if want := 20*Cells - (shift+cell-1)/cell; found != want {
			t.Errorf("shift %d: %d marks, want %d", shift, found, want)
		}
	}
}

// Speech and noise are no marks.
func TestNoiseIsNoMark(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, 1<<20)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	n := 0
	Read(b, func(Mark) { n++ })
	if n > 1 { // 2^20 places, 26 bits have to fit by chance
		t.Errorf("%d marks in noise", n)
	}
}

// Two ends that speak to each other by way of a wire without delay hear all of it;
// one whose words are held back is counted as lost.
func TestMeasure(t *testing.T) {
	p := New(netip.MustParseAddr("127.0.0.1"))
	defer p.Close()
	a, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Open()
	if err != nil {
		t.Fatal(err)
	}
	p.Speak(a, b.Addr())
	p.Speak(b, a.Addr())
	c := p.Measure(400 * time.Millisecond)
	if c.Sent < 30 || c.Lost+c.Cut+c.Crossed+c.Doubled+c.Strange != 0 {
		t.Errorf("straight: %d sent, %d lost, %d cut, %d crossed", c.Sent, c.Lost, c.Cut, c.Crossed)
	}
	if d := c.Delay.At(.5); d <= 0 || d > 50*time.Millisecond {
		t.Errorf("straight: delay %v", d)
	}
	p.End(b)
	c = p.Measure(200 * time.Millisecond)
	if c.Sent < 5 || c.Lost != c.Sent {
		t.Errorf("cut: %d of %d lost, want all", c.Lost, c.Sent)
	}
}

func TestHistogram(t *testing.T) {
	var h Histogram
	for i := range 100 {
		h.add(int64(i+1) * int64(time.Millisecond))
	}
	if m := h.Mean(); m != 50500*time.Microsecond {
		t.Errorf("mean %v", m)
	}
	if d := h.At(.99); d < 99*time.Millisecond || d > 99100*time.Microsecond {
		t.Errorf("p99 %v", d)
	}
}
