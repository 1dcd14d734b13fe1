package jitter

import (
	"math"
	"math/rand/v2"
	"testing"

	"centralita/firmware/media"
)

// TestUpperBandFollowsTheLower gives both bands the same sound over a network that is
// late and loses, with a clock that drifts: wherever the lower one plays what came,
// slowed or quickened too, the upper one plays the same samples; over a loss it goes
// on softly.
func TestUpperBandFollowsTheLower(t *testing.T) {
	b, f := New(), new(media.Frame)
	r := rand.New(rand.NewPCG(3, 3))
	type sent struct {
		at float64 // ms
		n  int
	}
	var way []sent
	for n := range 3000 {
		late := r.Float64() * 5
		if n%700 > 350 {
			late = r.Float64() * 60
		}
		if r.Float64() > 0.02 {
			way = append(way, sent{float64(n)*20*1.0005 + late, n})
		}
	}
	const ts = 1<<32 - 80003 // wraps, and is no multiple of a block
	sound := func(n int, pcm []int16) {
		for i := range pcm {
			at := float64(n*160 + i)
			pcm[i] = int16(3000*math.Sin(at/9) + 2000*math.Sin(at/5.3))
		}
	}
	var pcm [160]int16
	same, changed, made, differ := 0, 0, 0, 0
	repaired := 0
	for tick := range 5990 {
		for i := 0; i < len(way); i++ {
			if way[i].at <= float64(tick)*10 {
				sound(way[i].n, pcm[:])
				b.PutUpper(ts+uint32(way[i].n*160), pcm[:])
				b.Put(uint16(way[i].n), ts+uint32(way[i].n*160), false, pcm[:])
				way = append(way[:i], way[i+1:]...)
				i--
			} else if way[i].at > float64(tick)*10+100 {
				break
			}
		}
		if !b.Pull(uint64(tick), f) {
			continue
		}
		var up [frame]int16
		b.PullUpper(&up)
		p := b.Played()
		if p.Made > 0 {
			made++
			repaired = 2
			for _, v := range up {
				if v > 5000 || v < -5000 {
					t.Fatal("the upper band is louder over a loss than before it")
				}
			}
			continue
		}
		if repaired > 0 {
			repaired-- // made-up sound passes into real one
			continue
		}
		if p.Stretched || p.Squeezed {
			changed++
		}
		if up == [frame]int16(f.Buf[:frame]) {
			same++
		} else {
			differ++
		}
	}
	if differ > 0 || same < 4000 || changed < 20 || made < 20 {
		t.Errorf("%d frames the same, %d not; %d of changed speed, %d made up", same, differ, changed, made)
	}
	var up [frame]int16
	if u := New(); true {
		u.PullUpper(&up)
		u.Put(0, 0, false, pcm[:])
		u.Pull(0, f)
		u.PullUpper(&up)
	}
	if up != [frame]int16{} {
		t.Error("an upper band of a stream that has none")
	}
}
