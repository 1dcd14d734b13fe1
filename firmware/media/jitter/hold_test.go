package jitter

import (
	"math/rand/v2"
	"testing"

	"centralita/firmware/media"
)

// TestHoldKeepsTime: while a machine talks, bursts of lateness and a clock that is
// 200 ppm off put no sample in or out of what it says; in its pauses the drift is
// made up for, and nothing is lost.
func TestHoldKeepsTime(t *testing.T) {
	for _, ppm := range []float64{-200, 200} {
		b, f := New(), new(media.Frame)
		b.Hold(true)
		r := rand.New(rand.NewPCG(1, 1))
		const packetLen = 160
		type sent struct {
			at float64 // ms
			n  int
		}
		var way []sent
		for n := range 6000 { // two minutes
			late := r.Float64() * 5
			if n > 500 && n%100 < 50 {
				late = r.Float64() * 62
			}
			way = append(way, sent{float64(n)*20*(1-ppm*1e-6) + late, n})
		}
		loud := func(n int) bool { return n%200 >= 4 } // every 4 s a pause of 80 ms
		next, changes, spoilt, made := 0, 0, 0, 0
		for tick := range 12000 {
			for ; next < len(way) && way[next].at <= float64(tick*10); next++ {
				n := way[next].n
				var pcm [packetLen]int16
				if loud(n) {
					for i := range pcm {
						pcm[i] = int16(r.IntN(8000) - 4000)
					}
				}
				b.Put(uint16(n), uint32(n*packetLen), false, pcm[:])
			}
			b.Pull(uint64(tick), f)
			p := b.Played()
			if tick < 100 {
				continue
			}
			if made += p.Made; p.Stretched || p.Squeezed {
				changes++
				at := int(p.TS) / packetLen
				if loud(at) && loud(at+1) && loud(at-1) {
					spoilt++
				}
			}
		}
		c := b.Counters()
		t.Logf("%+g ppm: %d changes of speed, %d of them in a signal, %d samples made up, %d packets late, delay %d ms", ppm, changes, spoilt, made, c.Late, c.DelayMs)
		if spoilt > 0 || made > 0 || c.Late > 0 || changes == 0 || c.DelayMs < 85 || c.DelayMs > 140 {
			t.Errorf("%+g ppm: the machine's time was not kept", ppm)
		}
	}
}
