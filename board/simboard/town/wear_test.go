package town

import (
	"math"
	"testing"
	"time"

	"centralita/hal/sim/wire"
)

// released is what the box hears from a line whose far end has just hung up.
func released(t *testing.T, country string, signs Supervision, w Wear, d time.Duration) []int16 {
	s := newStreet(t, country)
	s.must(s.line.Call(Call{CallerID: NoCallerID, Supervision: &signs, Wear: &w}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))
	s.must(s.line.Hangup())
	var pcm []int16
	for range frames(int(d.Milliseconds())) {
		s.step()
		var f wire.Sound
		s.pair.AtSet(&f)
		pcm = append(pcm, f[:]...)
	}
	return pcm
}

// pitch counts the zero crossings of a tone's bursts, in Hz.
func pitch(pcm []int16) float64 {
	crossings, loud := 0, 0
	for i := 1; i < len(pcm); i++ {
		if pcm[i] != 0 || pcm[i-1] != 0 {
			loud++
			if pcm[i-1] < 0 && pcm[i] >= 0 {
				crossings++
			}
		}
	}
	return float64(crossings) * rate / float64(loud)
}

// A worn exchange gives its tones at another level and pitch, with uneven bursts.
func TestWornTones(t *testing.T) {
	good := released(t, "ES", Supervision{CongestionTone: true}, Wear{}, 4*time.Second)
	worn := released(t, "ES", Supervision{CongestionTone: true}, Wear{ToneDBm0: -30, ToneOffPct: -1.5}, 4*time.Second)
	if a, b := peak(good), peak(worn); math.Abs(20*math.Log10(a/b)-20) > .5 {
		t.Errorf("peaks of %.0f at -10 and %.0f at -30 dBm0", a, b)
	}
	if a, b := pitch(good), pitch(worn); math.Abs(b/a-.985) > .004 {
		t.Errorf("%.1f Hz became %.1f", a, b)
	}
	uneven := map[int]bool{}
	run, still := 0, 0
	for _, x := range released(t, "DE", Supervision{BusyTone: true}, Wear{JitterPct: 8}, 20*time.Second) {
		run++
		if still++; x != 0 {
			if still > rate/100 { // a burst begins after a pause: how long after the last
				uneven[run/80] = true
				run = 0
			}
			still = 0
		}
	}
	if len(uneven) < 5 {
		t.Errorf("bursts of jitter have %d lengths only", len(uneven))
	}
}

func peak(pcm []int16) (p float64) {
	for _, x := range pcm {
		p = max(p, math.Abs(float64(x)))
	}
	return p
}

// Noise, hum and clicks are at their levels; a line without wear is still.
func TestLineNoise(t *testing.T) {
	for name, c := range map[string]struct {
		w      Wear
		lo, hi float64
	}{
		"none":   {Wear{}, -91, -89},
		"hum":    {Wear{HumDBm0: -40}, -42, -37},
		"noise":  {Wear{NoiseDBm0: -50}, -51, -49},
		"clicks": {Wear{ClicksPerMin: 120}, -60, -20},
	} {
		var sum float64
		pcm := released(t, "ES", Supervision{}, c.w, 5*time.Second)
		for _, x := range pcm {
			sum += float64(x) * float64(x)
		}
		if l := levelOf(sum / float64(len(pcm))); l < c.lo || l > c.hi {
			t.Errorf("%s: %.1f dBm0, want %.0f..%.0f", name, l, c.lo, c.hi)
		}
	}
}

// Glitches open the loop for less than any disconnect pulse lasts, and the
// exchange keeps the call.
func TestGlitches(t *testing.T) {
	s := newStreet(t, "ES")
	s.must(s.line.Call(Call{CallerID: NoCallerID, Wear: &Wear{GlitchesHour: 3600, FlickersHour: 1800}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))
	open, longest, n, turned := 0, 0, 0, 0 // frames; two glitches may follow each other
	for range 60 * framesPerSecond {
		s.step()
		if s.pair.MilliAmp() == 0 {
			open++
			longest = max(longest, open)
		} else {
			if open > 0 {
				n++
			}
			open = 0
		}
		if s.pair.Feed.Volts < 0 {
			turned++
		}
	}
	if s.line.phase != phaseTalking || n < 20 || longest > 25 || turned == 0 {
		t.Errorf("%s after %d glitches of at most %d0 ms, %d frames reversed", s.line.phase, n, longest, turned)
	}
}

// Every kind of voice can be spoken, at the level of a voice, and mixed.
func TestVoices(t *testing.T) {
	s := newStreet(t, "FR")
	studio := s.studio(s.line.country)
	for _, name := range []string{"vowels:1", "whistle:2", "music:3", "conference:4", "quiet:5", "bell:6", "signal:busy", "babble:1+signal:busy@-30", "silent+babble:2"} {
		v, err := studio.voice(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var loud, n float64
		for i := 0; i+80 <= len(v); i += 80 {
			if e := energy((*wire.Sound)(v[i:])); levelOf(e) > -36 {
				loud, n = loud+e, n+1
			}
		}
		if l := levelOf(loud / max(1, n)); l < -20 || l > -8 {
			t.Errorf("%s: %.1f dBm0", name, l)
		}
	}
	for _, name := range []string{"vowels:x", "signal:rain", "babble@9", "a+b+c+d+e+f+g", "babble+yodel"} {
		if _, err := studio.voice(name); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}

// Each of the nine countries gives its signs, and the town's own ear names them.
func TestNineCountries(t *testing.T) {
	if len(countries) != 9 {
		t.Fatalf("%d countries", len(countries))
	}
	for _, c := range countries {
		for name, signs := range map[string]Supervision{"busy": {BusyTone: true}, "congestion": {CongestionTone: true}, "dial": {DialToneAfterS: .5}} {
			var r recogniser
			r.learn(c)
			pcm := released(t, c.code, signs, Wear{}, 6*time.Second)
			for i := 0; i+80 <= len(pcm); i += 80 {
				f := (*wire.Sound)(pcm[i:])
				r.hear(f, energy(f))
			}
			if got := r.name; got != name && !(name == "congestion" && (got == "busy" || got == "tone")) && !(c.code == "MX" && got == "tone") {
				t.Errorf("%s: %s sounds as %q", c.code, name, got)
			}
		}
	}
}
