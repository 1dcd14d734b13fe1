package jitter

import (
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"centralita/firmware/media"
)

// arrival is one packet on its way.
type arrival struct {
	seq  uint16
	ts   uint32
	at   float64 // ms
	from int     // first sample of the source
}

// stream sends count packets of n samples; delay gives each its time on the way
// in ms, negative for lost.
func stream(count, n int, ts uint32, delay func(i int) float64) []arrival {
	var a []arrival
	for i := range count {
		if d := delay(i); d >= 0 {
			a = append(a, arrival{uint16(i), ts + uint32(i*n), float64(i*n)/8 + d, i * n})
		}
	}
	sort.SliceStable(a, func(i, j int) bool { return a[i].at < a[j].at })
	return a
}

// voice is a sound with a period of 10 ms that never repeats exactly.
func voice(n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		t := float64(i) / 8000
		pcm[i] = int16(4000*math.Sin(2*math.Pi*100*t) + 3000*math.Sin(2*math.Pi*300*t+0.3*math.Sin(2*math.Pi*2*t)) + float64(i%7))
	}
	return pcm
}

// play runs a buffer over arrivals and returns what was heard, frame by frame.
func play(b *Buffer, a []arrival, n, ticks int, pcm []int16) []int16 {
	var out []int16
	var f media.Frame
	for t := range ticks {
		for len(a) > 0 && a[0].at <= float64(t)*10 {
			b.Put(a[0].seq, a[0].ts, a[0].seq%50 == 0, pcm[a[0].from:a[0].from+n])
			a = a[1:]
		}
		if b.Pull(uint64(t), &f) {
			out = append(out, f.PCM()...)
		} else {
			out = append(out, make([]int16, frame)...)
		}
	}
	return out
}

// begins is how late pcm begins in out, in samples.
func begins(out, pcm []int16) int {
	for i := range out {
		if out[i] == pcm[100] && i+200 < len(out) && equal(out[i:i+200], pcm[100:300]) {
			return i - 100
		}
	}
	return -1
}

func equal(a, b []int16) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// On an even network every length of packet passes bit by bit, at most 35 ms
// late, across the wrap of the time stamp.
func TestEvenNetworkIsTransparent(t *testing.T) {
	pcm := voice(8000 * 3)
	for _, n := range []int{80, 160, 240, 320} {
		b := New()
		a := stream(24000/n, n, math.MaxUint32-5000, func(int) float64 { return 5 })
		out := play(b, a, n, 300, pcm)
		at := begins(out, pcm)
		if at < 0 || at > 280 {
			t.Fatalf("packets of %d: begins at %d", n, at)
		}
		if !equal(out[at+100:at+20000], pcm[100:20000]) {
			t.Errorf("packets of %d: sound differs", n)
		}
		if c := b.Counters(); c.Late+c.Twice+c.Strange != 0 {
			t.Errorf("packets of %d: %+v", n, c)
		}
	}
}

// Packets that overtake each other or come twice make no difference.
func TestReorderAndTwice(t *testing.T) {
	pcm := voice(8000 * 3)
	a := stream(150, 160, 77, func(i int) float64 {
		if i%10 == 5 {
			return 24
		}
		return 0
	})
	a = append(a, a[20:30]...)
	sort.SliceStable(a, func(i, j int) bool { return a[i].at < a[j].at })
	b := New()
	out := play(b, a, 160, 300, pcm)
	if c := b.Counters(); c.Twice != 10 || c.Late > 1 {
		t.Fatalf("%+v", c)
	}
	tail := out[len(out)-8000-1000 : len(out)-1000]
	for off := range 4000 {
		if p := pcm[len(pcm)-8000-1000-off:]; tail[0] == p[0] && equal(tail, p[:8000]) {
			return
		}
	}
	t.Fatal("the last second is not what was sent")
}

// On uneven networks few packets come too late, and the delay stays as small as
// the network allows.
func TestUnevenNetworks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, tc := range []struct {
		name  string
		delay func(int) float64
		late  float64 // most, part of packets
		most  uint32  // ms of delay at the end
	}{
		{"LAN", func(int) float64 { return 1 + r.Float64() }, 0.001, 30},
		{"DSL", func(int) float64 { return 20 + 5*(r.ExpFloat64()+r.ExpFloat64()) }, 0.01, 70},
		{"bursts", func(i int) float64 {
			if k := i % 50; k < 4 {
				return 80 - 20*float64(k)
			}
			return 0
		}, 0.025, 110},
		{"drift +150 ppm", func(i int) float64 { return 30 + float64(i)*20*150e-6 }, 0.001, 40},
		{"drift -150 ppm", func(i int) float64 { return 30 - float64(i)*20*150e-6 }, 0.001, 40},
	} {
		const packets = 3000
		b := New()
		pcm := voice(packets * 160)
		play(b, stream(packets, 160, 0, tc.delay), 160, packets*2, pcm)
		c := b.Counters()
		if late := float64(c.Late) / packets; late > tc.late || c.DelayMs > tc.most {
			t.Errorf("%s: %.2f %% late, delay %d ms: %+v", tc.name, 100*late, c.DelayMs, c)
		}
	}
}

// Clocks that run apart for an hour, as cheap crystals do, are not heard: nothing
// is made up or too late, the delay stays, and no sample jumps.
func TestDriftForAnHour(t *testing.T) {
	const packets = 3600 * 50
	pcm := voice(8000 * 10) // whole periods: it goes on from its end
	for _, ppm := range []float64{200, -200} {
		b := New()
		var f media.Frame
		last, next, jumps := int16(0), 0, 0
		for ms := 0.0; next < packets; ms += 10 {
			for ; next < packets && float64(next)*20*(1+ppm*1e-6)+30 <= ms; next++ {
				at := next * 160 % len(pcm)
				b.Put(uint16(next), uint32(next*160), false, pcm[at:at+160])
			}
			if !b.Pull(0, &f) {
				continue
			}
			for _, s := range f.PCM() {
				if d := int(s) - int(last); d > 2500 || d < -2500 {
					jumps++
				}
				last = s
			}
		}
		c := b.Counters()
		if c.Concealed > 0 || c.Late > 0 || jumps > 0 || c.DelayMs > 45 {
			t.Errorf("%+.0f ppm: %d jumps, %+v", ppm, jumps, c)
		}
		if moved := c.Stretched + c.Squeezed; moved < 40 || moved > 200 {
			t.Errorf("%+.0f ppm: the speed was changed %d times for 720 ms", ppm, moved)
		}
	}
}

// After a change of route the delay is that of the new one within seconds, both
// ways.
func TestRouteStep(t *testing.T) {
	const packets = 3000
	b := New()
	a := stream(packets, 160, 0, func(i int) float64 {
		if i >= 1000 && i < 2000 {
			return 90
		}
		return 30
	})
	pcm := voice(packets * 160)
	at := 0
	var f media.Frame
	for tick := range 2 * packets {
		for at < len(a) && a[at].at <= float64(tick)*10 {
			b.Put(a[at].seq, a[at].ts, false, pcm[a[at].from:a[at].from+160])
			at++
		}
		b.Pull(0, &f)
		behind := float64(tick) * 10 / 1000 // seconds
		if late := float64(int32(b.now-b.play)) / 8; behind > 2 && behind < 19 && late > 40 || behind > 32 && behind < 39 && late > 115 || behind > 58 && late > 50 {
			t.Fatalf("at %.1f s the delay is %.0f ms", behind, late)
		}
	}
	if c := b.Counters(); c.Late > 10 {
		t.Errorf("%+v", c)
	}
}

// Whatever the network does, the delay is bounded.
func TestDelayIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	b := New()
	pcm := voice(2000 * 160)
	play(b, stream(2000, 160, 0, func(int) float64 { return r.Float64() * 900 }), 160, 4000, pcm)
	if d := b.Counters().DelayMs; d > 1100 {
		t.Fatalf("delay %d ms", d)
	}
}

// A lost packet is made up at the level of the voice, without a click; a long
// loss fades to silence.
func TestConceals(t *testing.T) {
	pcm := voice(8000 * 3)
	b := New()
	a := stream(150, 160, 0, func(i int) float64 {
		if i%25 == 20 || i >= 120 {
			return -1
		}
		return 0
	})
	out := play(b, a, 160, 300, pcm)
	if c := b.Counters(); c.Concealed < 8 || c.Concealed > 40 {
		t.Fatalf("%+v", c)
	}
	end := 120*160 - 800
	for i := 1600; i < end; i += 160 {
		var power float64
		for _, s := range out[i : i+160] {
			power += float64(s) * float64(s)
		}
		if rms := math.Sqrt(power / 160); rms < 1800 || rms > 5500 {
			t.Errorf("level %.0f at %d ms", rms, i/8)
		}
	}
	for i := 1601; i < end; i++ {
		if d := int(out[i]) - int(out[i-1]); d > 2500 || d < -2500 {
			t.Fatalf("click of %d at %d ms", d, i/8)
		}
	}
	for _, s := range out[120*160+3200:] {
		if s != 0 {
			t.Fatal("not silent 300 ms after the last packet")
		}
	}
}

// A stream that begins anew with other numbers is taken up with its second
// packet; a single stray packet changes nothing.
func TestNewStream(t *testing.T) {
	pcm := voice(8000 * 4)
	a := stream(100, 160, 1000, func(int) float64 { return 0 })
	b := New()
	stray := arrival{seq: 60000, ts: 3_000_000_000, at: 1000, from: 0}
	a = append(a[:50:50], append([]arrival{stray}, a[50:]...)...)
	play(b, a, 160, 200, pcm)
	if c := b.Counters(); c.Strange != 1 || c.Late != 0 {
		t.Fatalf("a stray packet: %+v", c)
	}
	out := play(b, stream(100, 160, 2_000_000_000, func(int) float64 { return 0 }), 160, 200, pcm)
	at := begins(out, pcm[160:])
	if at < 0 || at > 600 {
		t.Fatalf("the new stream begins at %d: %+v", at, b.Counters())
	}
}

// Nothing sent, as with silence suppression, is no change of stream.
func TestPause(t *testing.T) {
	pcm := voice(8000 * 20)
	b := New()
	a := stream(900, 160, 0, func(i int) float64 {
		if i > 50 && i < 800 {
			return -1
		}
		return 0
	})
	play(b, a, 160, 1800, pcm)
	if c := b.Counters(); c.Strange != 0 || c.Late != 0 || c.Packets != 151 {
		t.Fatalf("%+v", c)
	}
}

// A reader that stops leaves a bounded buffer that counts.
func TestOverflow(t *testing.T) {
	b := New()
	var pcm [160]int16
	for i := range 100 {
		b.Put(uint16(i), uint32(i*160), false, pcm[:])
	}
	if c := b.Counters(); c.Overflow != 100-inbound {
		t.Fatalf("%+v", c)
	}
}

func TestAllocatesNothing(t *testing.T) {
	b := New()
	pcm := voice(320)
	var f media.Frame
	i := 0
	if n := testing.AllocsPerRun(1000, func() {
		if i++; i%2 == 0 && i%13 != 0 {
			b.Put(uint16(i/2), uint32(i*80), false, pcm[:160])
		}
		b.Pull(uint64(i), &f)
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

// Packets with any numbers and lengths never make it fail.
func FuzzBuffer(f *testing.F) {
	f.Add([]byte{1, 0, 0, 0, 0, 160, 2, 0, 0, 0, 160, 160, 9, 255, 255, 255, 255, 7})
	f.Fuzz(func(t *testing.T, script []byte) {
		b := New()
		pcm := voice(MaxPacket + 100)
		var fr media.Frame
		for i := 0; i+6 <= len(script) && i < 6000; i += 6 {
			s := script[i : i+6]
			ts := uint32(s[1])<<24 | uint32(s[2])<<16 | uint32(s[3])<<8 | uint32(s[4])
			b.Put(uint16(s[0]), ts, s[0]&1 == 1, pcm[:int(s[5])+int(s[0])%160])
			for range s[0] % 4 {
				b.Pull(0, &fr)
			}
		}
	})
}

func BenchmarkPutPull(b *testing.B) {
	buf := New()
	pcm := voice(160)
	var f media.Frame
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i++; i%2 == 0 {
			buf.Put(uint16(i/2), uint32(i*80), false, pcm)
		}
		buf.Pull(uint64(i), &f)
	}
}

// A reader of sockets and the sound thread at once: every packet is accounted
// for.
func TestTwoThreads(t *testing.T) {
	b := New()
	pcm := voice(160)
	const packets = 5000
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range packets {
			b.Put(uint16(i), uint32(i*160), false, pcm)
		}
	}()
	var f media.Frame
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		b.Pull(0, &f)
		b.Counters()
	}
	b.Pull(0, &f)
	if c := b.Counters(); c.Packets+c.Overflow != packets {
		t.Fatalf("%+v", c)
	}
}
