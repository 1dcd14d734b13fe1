package main

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/soundtest"
)

// sent is a message as a line brings it: frequencies and speed off in %, levels
// in dBm0, the seizure cut by bits.
type sent struct {
	name          string
	level, twist  float64
	off, speed    float64
	snr           float64 // 0 none
	seizure, mark int     // bits; seizure -1 none
	stop, gap     int     // bits of stop and of mark between bytes
	coding        coding
	under         func(x []float64)
}

// bits are those of a message with what goes before and behind it.
func (s sent) bits(frame []byte) []int {
	var b []int
	for i := range max(0, s.seizure) {
		b = append(b, i&1)
	}
	ones := func(n int) {
		for range n {
			b = append(b, 1)
		}
	}
	ones(s.mark)
	for _, v := range frame {
		b = append(b, 0)
		for i := range 8 {
			b = append(b, int(v>>i)&1)
		}
		ones(s.stop + s.gap)
	}
	ones(10)
	return b
}

// sound modulates at eight times the rate, so that bits end between samples.
func (s sent) sound(r *rand.Rand, modem callerid.Modem, frame []byte) []int16 {
	mark, space := 1300.0, 2100.0
	if modem == callerid.Bell202 {
		mark, space = 1200, 2200
	}
	bits := s.bits(frame)
	per := 8000 / (1200 * (1 + s.speed/100))
	lead := 1600 + r.IntN(800)
	x := make([]float64, lead+int(float64(len(bits))*per)+1200)
	phase := 2 * math.Pi * r.Float64()
	for i := lead; i < len(x)-1200; i++ {
		var v float64
		for k := range 8 {
			n := min(int((float64(i-lead)+float64(k)/8)/per), len(bits)-1)
			hz, level := space, s.level-s.twist/2
			if bits[n] == 1 {
				hz, level = mark, s.level+s.twist/2
			}
			phase += 2 * math.Pi * hz * (1 + s.off/100) / 64000
			v += soundtest.RMS(level) * math.Sqrt2 * math.Sin(phase) / 8
		}
		x[i] = v
	}
	white(x, r, -70)
	if s.snr != 0 {
		white(x, r, s.level-s.snr)
	}
	if s.under != nil {
		s.under(x)
	}
	return brought(x, s.coding)
}

// ranges are the conditions in which every message must come through.
func ranges(r *rand.Rand) []sent {
	plain := sent{level: -20, seizure: 300, mark: 180, stop: 1}
	var all []sent
	add := func(name string, change func(s *sent)) {
		s := plain
		s.name = name
		change(&s)
		all = append(all, s)
	}
	for _, l := range []float64{-6, -13, -25, -30, -34, -36, -38, -40} {
		add(fmt.Sprintf("%g dBm0", l), func(s *sent) { s.level = l })
	}
	for _, n := range []float64{30, 20, 15, 12} {
		add(fmt.Sprintf("noise %g dB below", n), func(s *sent) { s.snr = n })
	}
	for _, tw := range []float64{-8, -6, 6, 8} {
		add(fmt.Sprintf("twist %g dB", tw), func(s *sent) { s.twist = tw })
	}
	for _, p := range []float64{-1.5, -1, 1, 1.5} {
		add(fmt.Sprintf("%g %% off", p), func(s *sent) { s.off = p })
		add(fmt.Sprintf("%g %% fast", p), func(s *sent) { s.speed = p })
	}
	add("two stop bits", func(s *sent) { s.stop = 2 })
	add("5 marks between", func(s *sent) { s.gap = 5 })
	add("10 marks between", func(s *sent) { s.gap = 10 })
	add("seizure cut", func(s *sent) { s.seizure = 100 })
	add("no seizure", func(s *sent) { s.seizure, s.mark = 0, 80 })
	add("A-law", func(s *sent) { s.coding, s.level = aLaw, -30 })
	add("µ-law", func(s *sent) { s.coding, s.level = uLaw, -30 })
	for _, hz := range []float64{50, 60} {
		add(fmt.Sprintf("hum of %g Hz", hz), func(s *sent) {
			s.level = -25
			s.under = func(x []float64) { sine(x, hz, -20, 1); sine(x, 3*hz, -30, 0) }
		})
	}
	add("offset", func(s *sent) {
		s.under = func(x []float64) {
			for i := range x {
				x[i] += 1000
			}
		}
	})
	add("tail of ringing", func(s *sent) {
		s.under = func(x []float64) {
			for i := range 800 {
				x[i] += soundtest.RMS(-5) * math.Exp(-float64(i)/200) * math.Sin(2*math.Pi*25/8000*float64(i))
			}
		}
	})
	for range 8 {
		add("mixed", func(s *sent) {
			s.level, s.twist, s.off, s.speed = between(r, -34, -8), between(r, -5, 5), between(r, -1, 1), between(r, -.8, .8)
			s.snr, s.seizure, s.coding = between(r, 20, 35), 150+r.IntN(150), coding(r.IntN(3))
		})
	}
	return all
}

// setUp is a call set-up as an exchange words it, with its checksum.
func setUp(r *rand.Rand) []byte {
	content := []byte{1, 8}
	content = fmt.Appendf(content, "%02d%02d%02d%02d", 1+r.IntN(12), 1+r.IntN(28), r.IntN(24), r.IntN(60))
	digits := 7 + r.IntN(5)
	content = append(content, 2, byte(digits))
	for range digits {
		content = append(content, byte('0'+r.IntN(10)))
	}
	name := []string{"MARIA LOPEZ", "ROSSI ANNA", "O'BRIEN", "BANCO CENTRAL"}[r.IntN(4)]
	content = append(append(content, 7, byte(len(name))), name...)
	frame := append([]byte{0x80, byte(len(content))}, content...)
	var sum byte
	for _, b := range frame {
		sum += b
	}
	return append(frame, -sum)
}

// Every message in every condition comes through once, by both standards; one
// with a wrong bit, and speech, never.
func TestCallerID(t *testing.T) {
	for _, seed := range seeds {
		r := dice(seed, 2)
		n := 0
		for _, modem := range []callerid.Modem{callerid.V23, callerid.Bell202} {
			for _, s := range ranges(r) {
				frame := setUp(r)
				got := received(modem, s.sound(r, modem, frame))
				if n++; len(got) != 1 || !bytes.Equal(got[0], frame[:len(frame)-1]) {
					t.Errorf("seed %d, %v, %s: %d messages", seed, modem, s.name, len(got))
				}
				frame[5] ^= 4
				if got := received(modem, s.sound(r, modem, frame)); len(got) > 0 {
					t.Errorf("seed %d, %v, %s: a wrong bit was shown", seed, modem, s.name)
				}
			}
			for _, pcm := range babble(seed, 4, 60) {
				if got := received(modem, pcm); len(got) > 0 {
					t.Errorf("seed %d, %v: %x in babble", seed, modem, got)
				}
			}
		}
		t.Logf("seed %d: %d messages", seed, n)
	}
}

func received(modem callerid.Modem, pcm []int16) [][]byte {
	c := callerid.NewReceiver(modem)
	var got [][]byte
	for at := 0; at+80 <= len(pcm); at += 80 {
		if c.Hear((*[media.Narrow]int16)(pcm[at:])) != nil {
			got = append(got, bytes.Clone(c.Frame()))
		}
	}
	return got
}
