package e2e

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

// readWAV gives the channels of a PCM16 file at 8 kHz; the header is read, not
// trusted.
func readWAV(t *testing.T, path string) [][]float64 {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return parseWAV(t, path, raw)
}

func parseWAV(t *testing.T, path string, raw []byte) [][]float64 {
	t.Helper()
	if len(raw) < 44 || string(raw[:4]) != "RIFF" || string(raw[8:12]) != "WAVE" {
		t.Fatalf("%s is no WAV file (%d bytes)", path, len(raw))
	}
	channels, rate, bits := 0, 0, 0
	for at := 12; at+8 <= len(raw); {
		name, size := string(raw[at:at+4]), int(binary.LittleEndian.Uint32(raw[at+4:]))
		body := raw[at+8:]
		size = min(size, len(body))
		switch name {
		case "fmt ":
			channels = int(binary.LittleEndian.Uint16(body[2:]))
			rate = int(binary.LittleEndian.Uint32(body[4:]))
			bits = int(binary.LittleEndian.Uint16(body[14:]))
		case "data":
			if bits != 16 || rate == 0 || rate%8000 != 0 || channels < 1 {
				t.Fatalf("%s: %d bits, %d Hz, %d channels; wanted 16 bits at 8000 Hz or a multiple", path, bits, rate, channels)
			}
			every := rate / 8000 // samples that become one, by their mean
			out := make([][]float64, channels)
			for i := 0; i+2*channels*every <= size; i += 2 * channels * every {
				for c := range out {
					var sum float64
					for k := range every {
						sum += float64(int16(binary.LittleEndian.Uint16(body[i+2*(c+k*channels):])))
					}
					out[c] = append(out[c], sum/float64(every))
				}
			}
			return out
		}
		at += 8 + size + size&1
	}
	t.Fatalf("%s has no data", path)
	return nil
}

func writeWAV(t *testing.T, path string, pcm []float64) {
	t.Helper()
	raw := make([]byte, 44+2*len(pcm))
	copy(raw, "RIFF")
	binary.LittleEndian.PutUint32(raw[4:], uint32(len(raw)-8))
	copy(raw[8:], "WAVEfmt ")
	binary.LittleEndian.PutUint32(raw[16:], 16)
	binary.LittleEndian.PutUint16(raw[20:], 1)
	binary.LittleEndian.PutUint16(raw[22:], 1)
	binary.LittleEndian.PutUint32(raw[24:], 8000)
	binary.LittleEndian.PutUint32(raw[28:], 16000)
	binary.LittleEndian.PutUint16(raw[32:], 2)
	binary.LittleEndian.PutUint16(raw[34:], 16)
	copy(raw[36:], "data")
	binary.LittleEndian.PutUint32(raw[40:], uint32(2*len(pcm)))
	for i, x := range pcm {
		binary.LittleEndian.PutUint16(raw[44+2*i:], uint16(int16(math.Round(max(-32768, min(32767, x))))))
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}

// level is the RMS in dBm0 (0 dBm0 is an RMS of 16141).
func level(pcm []float64) float64 {
	return 10*math.Log10(energy(pcm)/float64(max(1, len(pcm)))+1e-9) - 20*math.Log10(16141)
}

func energy(pcm []float64) (e float64) {
	for _, x := range pcm {
		e += x * x
	}
	return e
}

// match is where a piece of sound was found in another.
type match struct {
	lag         int     // samples from the start of the heard sound
	correlation float64 // 1 is the same but for level
	gain        float64 // dB, heard against said
}

// find looks for said in heard: coarsely on every fourth sample of the smoothed
// sounds, then sample by sample around the best place.
func find(said, heard []float64) match {
	coarseSaid, coarseHeard := thin(said), thin(heard)
	best, at := -2.0, 0
	for lag := 0; lag+len(coarseSaid) <= len(coarseHeard); lag++ {
		if c := correlate(coarseSaid, coarseHeard[lag:]); c > best {
			best, at = c, lag
		}
	}
	m := match{correlation: -2}
	for lag := max(0, at*4-8); lag <= at*4+8 && lag+len(said) <= len(heard); lag++ {
		if c := correlate(said, heard[lag:]); c > m.correlation {
			m.correlation, m.lag = c, lag
		}
	}
	if m.correlation > -2 {
		m.gain = level(heard[m.lag:m.lag+len(said)]) - level(said)
	}
	return m
}

func thin(pcm []float64) []float64 {
	out := make([]float64, len(pcm)/4)
	for i := range out {
		out[i] = (pcm[4*i] + pcm[4*i+1] + pcm[4*i+2] + pcm[4*i+3]) / 4
	}
	return out
}

// correlate is the normalised correlation of a with the beginning of b.
func correlate(a, b []float64) float64 {
	var ab, bb, aa float64
	for i, x := range a {
		ab += x * b[i]
		bb += b[i] * b[i]
		aa += x * x
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return ab / math.Sqrt(aa*bb)
}

// likeness is how well a voice was known again.
type likeness struct {
	whole float64 // correlation over all that was said
	worst float64 // of its windows
	gain  float64 // dB, heard against said
	lag   int     // samples from the start of the heard sound to where it was said first
}

// identify finds windows of two seconds of what was said in what was heard.
func identify(t *testing.T, said, heard []float64) likeness {
	t.Helper()
	const window = 2 * 8000
	if len(said) < window {
		t.Fatalf("only %d samples were said", len(said))
	}
	l := likeness{worst: 2, lag: -1}
	n := 0
	var all product
	for from := 0; from+window <= len(said); from += window {
		piece := said[from : from+window]
		if level(piece) < -45 {
			continue
		}
		m := find(piece, heard)
		p := follow(piece, heard, m.lag)
		all.add(p)
		l.worst = min(l.worst, p.correlation())
		l.gain += m.gain
		n++
		if l.lag < 0 {
			l.lag = m.lag - from
		}
	}
	if n == 0 {
		t.Fatal("nothing was said")
	}
	l.whole = all.correlation()
	l.gain /= float64(n)
	return l
}

// product is the inner products of two sounds, which add up over their pieces.
type product struct{ ab, aa, bb float64 }

func (p *product) add(o product) { p.ab, p.aa, p.bb = p.ab+o.ab, p.aa+o.aa, p.bb+o.bb }

func (p product) correlation() float64 {
	if p.aa == 0 || p.bb == 0 {
		return 0
	}
	return p.ab / math.Sqrt(p.aa*p.bb)
}

// follow compares said with heard around a lag when every quarter of a second
// may slip by up to 60 ms: a play-out buffer changes its delay by some
// milliseconds in the middle of speech, which the ear does not notice and one
// long window takes for another voice.
func follow(said, heard []float64, lag int) (sum product) {
	const piece, slip = 2000, 480
	for from := 0; from+piece <= len(said); from += piece {
		a := said[from : from+piece]
		best, at := -2.0, -1
		for l := max(0, lag+from-slip); l <= lag+from+slip && l+piece <= len(heard); l++ {
			if c := correlate(a, heard[l:]); c > best {
				best, at = c, l
			}
		}
		p := product{aa: energy(a)}
		if at >= 0 {
			p.bb = energy(heard[at : at+piece])
			p.ab = best * math.Sqrt(p.aa*p.bb)
		}
		sum.add(p)
	}
	return sum
}

// TestIdentify checks the checker: a voice is known again after a slip, and
// another voice is not taken for it.
func TestIdentify(t *testing.T) {
	ana, luis := voice(t, "es/vm-instructions"), voice(t, "en/vm-instructions")
	slipped := append(append(make([]float64, 4000), ana[:9000]...), ana[9160:]...)
	if l := identify(t, ana, slipped); l.whole < 0.97 || l.worst < 0.95 || math.Abs(l.gain) > 0.5 || l.lag != 4000 {
		t.Errorf("the same voice: %+v", l)
	}
	l := identify(t, ana[:len(luis)/2], luis)
	t.Logf("another voice: correlation %.3f", l.whole)
	if l.whole > 0.5 {
		t.Errorf("another voice: %+v", l)
	}
}
