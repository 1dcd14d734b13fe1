package echo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// pink is noise with the slope of a room's (Hoth).
func pink(r *rand.Rand, n int, dBm0 float64) []float64 {
	x, y := white(r, n, 0), 0.0
	for i, v := range x {
		y = 0.375*v + 0.625*y
		x[i] = y
	}
	return level(x, dBm0)
}

func levelOf(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return 10*math.Log10(sum/float64(len(x))+1e-6) - 20*math.Log10(16141)
}

// TestSuppressed: after a second what is left of the echo is the background, or
// comfort noise of its level: within 2 dB in every half second.
func TestSuppressed(t *testing.T) {
	for seed, background := range []float64{-65, -60, -55, -50, -45} {
		t.Run(fmt.Sprint(background), func(t *testing.T) {
			r := dice(1200 + seed)
			far := speech(r, 8, -15)
			clear(far[:4000]) // the line is heard before anybody speaks
			l := call{far, through(hybrid(r, 8, 10*seed), far, 0), silent(len(far)), pink(r, len(far), background)}
			left := l.cancel(New(256, Options{Suppress: true}))
			for at := 16000; at+4000 <= len(left); at += 4000 {
				if got := levelOf(left[at : at+4000]); math.Abs(got-background) > 2 {
					t.Errorf("from %.1f s on %.1f dBm0, the background is %.0f", float64(at)/8000, got, background)
				}
			}
		})
	}
}

// TestComfortUnderTalk: a loud background is never heard alone, because the far end
// does not pause; it is learnt from what is left of the line. An offset of the
// converters is no background.
func TestComfortUnderTalk(t *testing.T) {
	for seed, background := range []float64{-70, -46, -42} {
		t.Run(fmt.Sprint(background), func(t *testing.T) {
			r := dice(1250 + seed)
			far := white(r, 6*8000, -18)
			echo := through(hybrid(r, 14, 0), far, 0)
			for i := range echo {
				echo[i] += 800
			}
			l := call{far, echo, silent(len(far)), pink(r, len(far), background)}
			left := l.cancel(New(256, Options{Suppress: true}))
			for at := 8000; at+4000 <= len(left); at += 4000 {
				got := levelOf(left[at : at+4000])
				if got > max(-65, background+2) || background > -65 && got < background-2 {
					t.Errorf("from %.1f s on %.1f dBm0, the background is %.0f", float64(at)/8000, got, background)
				}
			}
		})
	}
}

// TestNearEndKept: a near end 9 dB below to 6 dB above the echo's source is neither
// muted nor changed in level, while both talk and alone.
func TestNearEndKept(t *testing.T) {
	for seed, dBm0 := range []float64{-9, -15, -24} {
		t.Run(fmt.Sprint(dBm0), func(t *testing.T) {
			r := dice(1300 + seed)
			far, near := speech(r, 8, -15), during(speech(r, 8, dBm0), 3, 8)
			clear(far[6*8000:])
			l := call{far, through(hybrid(r, 8, 12), far, 0), near, pink(r, len(far), -65)}
			left := l.cancel(New(256, Options{Suppress: true}))
			for _, part := range [][2]int{{3 * 8000, 6 * 8000}, {6 * 8000, 8 * 8000}} {
				// How much of the near end is in what is left: what was lost of it.
				lost, said := 0.0, 0.0
				for i := part[0]; i < part[1]; i++ {
					lost, said = lost+left[i]*near[i], said+near[i]*near[i]
				}
				if gain := 20 * math.Log10(1+lost/said); math.Abs(gain) > 1 {
					t.Errorf("%d..%d s: the near end comes out at %.1f dB", part[0]/8000, part[1]/8000, gain)
				}
			}
			// No tenth of a second of talk is muted.
			for i := 3 * 8000; i+800 <= len(near); i += 800 {
				said := levelOf(near[i : i+800])
				if lost := levelOf(left[i : i+800]); said > dBm0-6 && lost > said-3 {
					t.Errorf("at %.1f s talk of %.1f dBm0 is wrong by %.1f", float64(i)/8000, said, lost)
				}
			}
		})
	}
}

// TestSuppressorOff: by itself, and for fax machines, the canceller is linear.
func TestSuppressorOff(t *testing.T) {
	r := dice(1400)
	far := css(r, 3, -10)
	l := call{far, through(hybrid(r, 8, 0), far, 0), silent(len(far)), white(r, len(far), -68)}
	off := New(256, Options{Suppress: true})
	off.Suppress(false)
	a, b := l.cancel(New(256, Options{})), l.cancel(off)
	for i := range a {
		if a[i] != b[i] {
			t.Fatalf("sample %d is touched", i)
		}
	}
}
