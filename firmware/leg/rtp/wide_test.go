package rtp

import (
	"math"
	"testing"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g722"
)

// far722 is a telephone of G.722 that says a tone.
type far722 struct {
	g722.Encoder
	hz float64
	at int
}

func (f *far722) packet() (octets []byte) {
	var pcm [320]int16
	for i := range pcm {
		pcm[i] = int16(8000 * math.Sin(2*math.Pi*f.hz*float64(f.at)/16000))
		f.at++
	}
	octets = make([]byte, 160)
	f.Encode(octets, pcm[:])
	return octets
}

// strength is that of a frequency in sound of so many samples a second.
func strength(pcm []int16, hz, rate float64) float64 {
	var re, im float64
	for i, v := range pcm {
		w := 2 * math.Pi * hz * float64(i) / rate
		re, im = re+float64(v)*math.Cos(w), im+float64(v)*math.Sin(w)
	}
	return 2 * math.Hypot(re, im) / float64(len(pcm))
}

// Two telephones of G.722 and one of G.711 in a conference: what lies over 4 kHz
// reaches the wide one and not the other, and everybody hears what lies under it.
func TestWideConference(t *testing.T) {
	var sessions [3]*Session
	var socks [3]*quiet
	for i := range sessions {
		sessions[i], socks[i], _ = open(t)
	}
	e := media.New()
	var hs []media.Handle
	for _, s := range sessions {
		h, err := e.Reserve()
		if err != nil {
			t.Fatal(err)
		}
		e.Plug(h, s) // before anything is agreed, as a leg is
		hs = append(hs, h)
	}
	for _, x := range hs {
		for _, y := range hs {
			if x != y {
				e.Connect(x, y, media.Unity)
			}
		}
	}
	e.Tick()
	sessions[0].Connect(in(wide))
	sessions[1].Connect(in(wide))
	sessions[2].Connect(agreed())
	talks := []*far722{{hz: 6000}, {hz: 1000}}
	var c couple
	for n := range 100 {
		for i, f := range talks {
			sessions[i].receive(&c.packet, pack(uint16(n), uint32(n*160), uint32(i+1), G722, f.packet()), far, time.Duration(n)*20*time.Millisecond)
		}
		e.Tick()
		e.Tick()
	}
	var heard [3][]int16
	for i, s := range socks {
		var d g722.Decoder
		for _, b := range s.sent {
			pcm := make([]int16, 320)
			if b[1]&0x7f == G722 {
				d.Decode(pcm, b[12:])
			} else {
				pcm = pcm[:ALaw.law().Decode(pcm, b[12:])]
			}
			heard[i] = append(heard[i], pcm...)
		}
		heard[i] = heard[i][len(heard[i])/2:]
	}
	for _, k := range []struct {
		who         int
		hz, rate    float64
		least, most float64
	}{
		{0, 1000, 16000, 7000, 9000}, {0, 6000, 16000, 0, 300},
		{1, 6000, 16000, 6500, 9500}, {1, 1000, 16000, 0, 300},
		{2, 1000, 8000, 7000, 9000}, {2, 2000, 8000, 0, 300},
	} {
		if got := strength(heard[k.who], k.hz, k.rate); got < k.least || got > k.most {
			t.Errorf("telephone %d hears %g Hz with %.0f, want %g to %g", k.who, k.hz, got, k.least, k.most)
		}
	}
	sessions[0].Connect(agreed()) // it turns to G.711: all are narrow
	sessions[1].Connect(agreed())
	for range 4 {
		e.Tick()
	}
	if sessions[0].Rate() != media.Narrow {
		t.Error("still wide")
	}
}

func TestWideTickDoesNotAllocate(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(in(wide))
	sound.mute = true
	var c couple
	talks := far722{hz: 3000}
	b := pack(0, 0, 7, G722, talks.packet())
	var f media.Frame
	turn := func() {
		c.tick++
		f.Silence(media.Wide)
		s.Read(c.tick, &f)
		f.Rate = media.Wide
		s.Write(c.tick, &f)
	}
	s.receive(&c.packet, b, far, 0)
	if a := testing.AllocsPerRun(500, turn); a != 0 {
		t.Fatalf("%v allocations in a tick", a)
	}
}

// BenchmarkWideTick is 20 ms of a telephone of G.722 in the engine: a packet in, two
// ticks and a packet out.
func BenchmarkWideTick(b *testing.B) {
	s, sound, _ := open(b)
	s.Connect(in(wide))
	sound.mute = true
	var c couple
	talks := far722{hz: 3000}
	octets := talks.packet()
	var f media.Frame
	for b.Loop() {
		c.seq, c.ts = c.seq+1, c.ts+160
		s.receive(&c.packet, pack(c.seq, c.ts, 7, G722, octets), far, time.Duration(c.seq)*20*time.Millisecond)
		for range 2 {
			c.tick++
			f.Rate = media.Wide
			s.Read(c.tick, &f)
			f.Rate = media.Wide
			s.Write(c.tick, &f)
		}
	}
}
