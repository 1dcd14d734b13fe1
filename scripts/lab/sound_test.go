package main

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"centralita/firmware/media"
	"centralita/firmware/media/conceal"
	"centralita/firmware/media/conceal/concealtest"
	"centralita/firmware/media/g711"
	"centralita/firmware/media/jitter"
	"centralita/firmware/media/soundtest"
)

// sums are the SHA-256 of the octets of all samples from -32768 to 32767, and of
// the samples of all octets (low byte first), as the ITU's tools give them.
var sums = map[g711.Law][2]string{
	g711.ALaw:  {"38488f6fd710f4686360edc4d38639f96c491595ef93f8eb8d62d5e07ca6ce7b", "e04788d110e58ff8c70c93b8480190d973e3b67876b6119abbaec766cc75c174"},
	g711.MuLaw: {"90c29de505fb68e766118303bd552a16005dcf810873698bee1d8f3b247ce28c", "3dab54339e520bb2c924826e3b72a917a2b612e9fd12fc867500f1d983a75827"},
}

func TestG711(t *testing.T) {
	pcm, octets := make([]int16, 65536), make([]byte, 65536)
	for i := range pcm {
		pcm[i] = int16(i - 32768)
	}
	codes, back, raw := make([]byte, 256), make([]int16, 256), make([]byte, 0, 512)
	for i := range codes {
		codes[i] = byte(i)
	}
	for law, want := range sums {
		law.Encode(octets, pcm)
		law.Decode(back, codes)
		raw = raw[:0]
		for _, s := range back {
			raw = append(raw, byte(s), byte(uint16(s)>>8))
		}
		for i, b := range [][]byte{octets, raw} {
			if sum := sha256.Sum256(b); hex.EncodeToString(sum[:]) != want[i] {
				t.Errorf("%v: table %d is not the ITU's", law, i)
			}
		}
	}
}

// Concealment is above Appendix I on every pattern of loss, with nothing and with
// a packet known behind the loss: sample by sample, and by spectra within the
// chance of a dozen bursts.
func TestConcealment(t *testing.T) {
	for _, seed := range seeds {
		var sounds [3][]int16
		for i := range sounds {
			sounds[i] = soundtest.Line(soundtest.NewVoice(seed*10+uint64(i)).Talk(12, -20, 0.15, 0.4))
		}
		for _, part := range []float64{.03, .10} {
			for _, burst := range []float64{1.05, 1.5, 3} {
				var snr, spectra [3]float64
				for i, sound := range sounds {
					lost := concealtest.Losses(seed*10+uint64(i), len(sound)/80, part, burst)
					for k, out := range [][]int16{concealtest.AppendixI(sound, lost), made(sound, lost, 0), made(sound, lost, 1)} {
						snr[k] += concealtest.Segmental(sound, out, lost) / 3
						spectra[k] += concealtest.Spectral(sound, out, lost) / 3
					}
				}
				for k := 1; k < 3; k++ {
					if snr[k] < snr[0] || spectra[k] > 1.05*spectra[0] {
						t.Errorf("seed %d, %.0f %% in bursts of %.2f, %d packets ahead: SNR %.2f dB, spectra %.2f; Appendix I %.2f, %.2f",
							seed, 100*part, burst, k-1, snr[k], spectra[k], snr[0], spectra[0])
					}
				}
			}
		}
	}
}

func made(sound []int16, lost []bool, ahead int) []int16 {
	out := append([]int16(nil), sound[:len(lost)*80]...)
	var c conceal.Concealer
	for f := range lost {
		o := out[f*80 : f*80+80]
		if !lost[f] {
			c.Good(o)
			continue
		}
		n := f
		for n < len(lost) && lost[n] {
			n++
		}
		var behind []int16
		if n+2 <= len(lost) && n/2 <= f/2+ahead {
			behind = sound[n*80 : n*80+160]
		}
		c.Lost(o, behind, (n-f)*80)
	}
	return out
}

// networks are ways that packets go: ms on the way, below 0 lost.
func networks(r *rand.Rand) map[string]func(i int) float64 {
	gamma := func(k int, scale float64) float64 {
		var v float64
		for range k {
			v += scale * r.ExpFloat64()
		}
		return v
	}
	spike := 0.0
	return map[string]func(i int) float64{
		"wired":    func(int) float64 { return 30 + math.Abs(r.NormFloat64())/2 },
		"DSL":      func(int) float64 { return 30 + gamma(2, 5) },
		"busy":     func(int) float64 { return 30 + gamma(2, 12) },
		"DSL, 3 %": func(int) float64 { return lostOr(r, .03, 30+gamma(2, 5)) },
		"mobile":   func(i int) float64 { return lostOr(r, .01, 45+gamma(2, 6)+max(0, 180-20*float64(i%333))) },
		"route":    func(i int) float64 { return 30 + math.Abs(r.NormFloat64()) + 60*float64(i/1000%2) },
		"slow":     func(i int) float64 { return 30 + math.Abs(r.NormFloat64()) + float64(i)*20*150e-6 },
		"fast":     func(i int) float64 { return 60 + math.Abs(r.NormFloat64()) - float64(i)*20*150e-6 },
		"bloat":    func(i int) float64 { return 30 + math.Abs(r.NormFloat64()) + max(0, 250-math.Abs(float64(i)-1500)/3) },
		"wireless": func(int) float64 {
			if spike = max(0, spike-20); r.IntN(75) == 0 {
				spike = between(r, 40, 150)
			}
			return 30 + gamma(2, 2) + spike
		},
	}
}

func lostOr(r *rand.Rand, part, ms float64) float64 {
	if r.Float64() < part {
		return -1
	}
	return ms
}

// The mean over ten networks: at most 1 % of the packets late, at most 55 ms of
// delay over the quickest packet.
func TestPlayOut(t *testing.T) {
	for _, seed := range seeds {
		var late, delay float64
		all := networks(dice(seed, 4))
		names := make([]string, 0, len(all))
		for n := range all {
			names = append(names, n)
		}
		sort.Strings(names)
		for _, n := range names {
			l, d := playOut(all[n])
			t.Logf("seed %d, %-9s late %.2f %%, %.1f ms", seed, n, 100*l, d)
			late += l / float64(len(all))
			delay += d / float64(len(all))
		}
		t.Logf("seed %d: late %.2f %%, %.1f ms", seed, 100*late, delay)
		if late > .01 || delay > 55 {
			t.Errorf("seed %d: late %.2f %%, %.1f ms", seed, 100*late, delay)
		}
	}
}

// playOut plays a minute and returns the part of the packets that was late and
// the mean delay of the frames that were not made up.
func playOut(way func(int) float64) (late, delay float64) {
	const packets = 3000
	type arrival struct {
		n  int
		at float64
	}
	var a []arrival
	least := math.Inf(1)
	for i := range packets {
		if ms := way(i); ms >= 0 {
			a = append(a, arrival{i, float64(i*20) + ms})
			least = min(least, ms)
		}
	}
	sort.SliceStable(a, func(i, j int) bool { return a[i].at < a[j].at })
	b := jitter.New()
	var pcm [160]int16
	for i := range pcm {
		pcm[i] = int16(6000 * math.Sin(2*math.Pi*float64(i)/80))
	}
	var f media.Frame
	sum, frames, next := 0.0, 0, 0
	for ms := 0; next < len(a); ms += 10 {
		for ; next < len(a) && a[next].at <= float64(ms); next++ {
			b.Put(uint16(a[next].n), uint32(a[next].n*160), false, pcm[:])
		}
		if b.Pull(0, &f) && b.Played().Made == 0 {
			sum += float64(ms) - float64(b.Played().TS)/8 - least
			frames++
		}
	}
	return float64(b.Counters().Late) / packets, sum / float64(frames)
}
