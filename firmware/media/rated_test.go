package media_test

import (
	"testing"

	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/g711"
	"centralita/firmware/media/jitter"
	"centralita/firmware/media/tone"
)

// rtp stands for the sound half of a packet leg: decode and play-out one way,
// encode the other.
type rtp struct {
	buf *jitter.Buffer
	out [160]byte
	n   int
}

func (*rtp) Rate() media.Rate                     { return media.Narrow }
func (p *rtp) Read(t uint64, f *media.Frame) bool { return p.buf.Pull(t, f) }
func (p *rtp) Write(_ uint64, f *media.Frame) {
	p.n ^= 80
	g711.ALaw.Encode(p.out[p.n:], f.PCM())
}

// copper stands for an analog leg on the highway.
type copper struct {
	src interface{ Fill([]int16) int }
	out [80]int16
}

func (*copper) Rate() media.Rate { return media.Narrow }
func (p *copper) Read(_ uint64, f *media.Frame) bool {
	return p.src.Fill(f.PCM()) > 0
}
func (p *copper) Write(_ uint64, f *media.Frame) { copy(p.out[:], f.PCM()) }

// office is a load: so many analog and RTP ports in recorded conversations in
// pairs, digits listened for on every port, call-progress tones on half of the
// analog ones, the lines. The rated load is 8 and 24.
type office struct {
	e    *media.Engine
	rtps []*rtp
	taps []*media.Tap
	code [160]byte
	pcm  [160]int16
	tick int
}

func newOffice(tb testing.TB, analog, packet int) *office {
	o := &office{e: media.New()}
	var hs []media.Handle
	plan, _ := tone.Plan("ES")
	n := analog + packet
	for i := range n {
		var p media.Port
		if i < analog {
			p = &copper{src: plan.Of(tone.Dial)}
		} else {
			r := &rtp{buf: jitter.New()}
			o.rtps = append(o.rtps, r)
			p = r
		}
		h, err := o.e.Reserve()
		if err != nil {
			tb.Fatal(err)
		}
		o.e.Plug(h, p)
		o.e.Attach(h, dtmf.NewDetector(dtmf.Call()))
		if i < analog/2 {
			o.e.Attach(h, tone.NewListener(plan))
		}
		hs = append(hs, h)
	}
	for i := range n / 2 {
		a, b := hs[i], hs[n-1-i]
		o.e.Connect(a, b, media.Unity)
		o.e.Connect(b, a, media.Unity)
		t := media.NewTap(8)
		o.e.Record(t, a, b)
		o.taps = append(o.taps, t)
	}
	plan.Of(tone.Ringback).Fill(o.pcm[:])
	g711.ALaw.Encode(o.code[:], o.pcm[:])
	return o
}

// step is a tick with what the sockets and the recorders do beside it.
func (o *office) step() {
	if o.tick++; o.tick%2 == 0 {
		for _, r := range o.rtps {
			g711.ALaw.Decode(o.pcm[:], o.code[:])
			r.buf.Put(uint16(o.tick/2), uint32(o.tick*80), false, o.pcm[:])
		}
	}
	o.e.Tick()
	for _, t := range o.taps {
		if t.Peek() != nil {
			t.Drop()
		}
	}
	for _, ok := o.e.Next(); ok; _, ok = o.e.Next() {
	}
}

// BenchmarkTick8Analog24RTP16Recorded is the tick of the rated load; at most
// 300 us, 3 % of a frame, on one core of a desk machine.
func BenchmarkTick8Analog24RTP16Recorded(b *testing.B) { benchOffice(b, 8, 24) }

// BenchmarkTick128RTP64Recorded is four times that, all of it packets.
func BenchmarkTick128RTP64Recorded(b *testing.B) { benchOffice(b, 0, 128) }

func benchOffice(b *testing.B, analog, packet int) {
	o := newOffice(b, analog, packet)
	b.ReportAllocs()
	for b.Loop() {
		o.step()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/100, "%frame")
}

// The rated load allocates nothing.
func TestRatedLoadAllocatesNothing(t *testing.T) {
	o := newOffice(t, 8, 24)
	for range 200 {
		o.step()
	}
	if n := testing.AllocsPerRun(500, o.step); n != 0 {
		t.Fatalf("%g allocations a tick", n)
	}
}

// A caller ID receiver on every line beside the tick.
func BenchmarkCallerIDReceiver(b *testing.B) {
	r := callerid.NewReceiver(callerid.V23)
	s := callerid.NewSender(callerid.V23, callerid.Message{Number: "912345678"})
	var pcm [80]int16
	s.Fill(pcm[:])
	b.ReportAllocs()
	for b.Loop() {
		r.Hear(&pcm)
	}
}
