package rtp

import (
	"bytes"
	"testing"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g722"
)

func in(change func(*Remote)) Remote {
	r := agreed()
	change(&r)
	return r
}

func wide(r *Remote)   { r.Payload = G722 }
func packed(r *Remote) { r.Payload, r.Opus = 111, true }

// A far end of G.722 and one of G.711 hear each other through the engine, as loud as
// they are.
func TestWideAndNarrowHearEachOther(t *testing.T) {
	c := newCouple(t)
	c.a.Connect(in(wide))
	if c.a.Relay(c.b, Relayed{}) {
		t.Fatal("relayed between two codecs")
	}
	var e g722.Encoder
	var f media.Frame
	var octets [160]byte
	for n := range 50 {
		for h := range 2 { // 8 kHz tone, doubled by repeating is enough: 1 kHz
			tone(&f, 2*n+h)
			e.EncodeNarrow(octets[80*h:], f.PCM())
		}
		c.at += 20 * time.Millisecond
		c.a.receive(&c.packet, pack(c.seq, c.ts, 7, G722, octets[:]), far, time.Since(c.a.begun))
		c.seq, c.ts = c.seq+1, c.ts+160
		c.mixed()
		c.mixed()
	}
	got := c.heard()
	last := got[len(got)-1]
	if last.PayloadType != PCMA || len(last.Payload) != 160 {
		t.Fatalf("%+v", last.Header)
	}
	var pcm [160]int16
	ALaw.law().Decode(pcm[:], last.Payload)
	if level := rms(pcm[:]); level < 5300 || level > 6000 { // of a sine of 8000: 5657
		t.Errorf("the narrow end hears %d", level)
	}

	// And the other way round.
	c = newCouple(t)
	c.b.Connect(in(wide))
	for n := range 100 {
		tone(&f, n)
		c.b.Write(uint64(n), &f)
	}
	got = c.heard()
	var d g722.Decoder
	var out [320]int16
	for n, p := range got {
		if p.PayloadType != G722 || len(p.Payload) != 160 || p.Timestamp != got[0].Timestamp+uint32(n*160) {
			t.Fatalf("packet %d: %+v, %d octets", n, p.Header, len(p.Payload))
		}
		d.Decode(out[:], p.Payload)
	}
	if level := rms(out[:]); level < 5300 || level > 6000 {
		t.Errorf("the wide end hears %d", level)
	}
}

func rms(pcm []int16) int {
	var sum float64
	for _, v := range pcm {
		sum += float64(v) * float64(v)
	}
	sum /= float64(len(pcm))
	r := 0
	for float64(r*r) < sum {
		r++
	}
	return r
}

// Packets of one codec are passed as they are, each under the number that its far end
// gave it; time stamps go on at the codec's clock.
func TestOneCodecIsPassedAsItIs(t *testing.T) {
	for _, k := range []struct {
		name    string
		a, b    func(*Remote)
		payload uint8 // of the far end of a
		is      uint8 // at the far end of b
		sound   []byte
		step    uint32
	}{
		{"G.722", wide, wide, G722, G722, voice(3), 160},
		{"Opus", packed, func(r *Remote) { packed(r); r.Payload = 96 }, 111, 96, []byte{0x78, 1, 2, 3, 4}, 960},
		{"long Opus", packed, packed, 111, 111, bytes.Repeat([]byte{0xf9}, 1200), 1920},
	} {
		t.Run(k.name, func(t *testing.T) {
			c := newCouple(t)
			c.a.Connect(in(k.a))
			c.b.Connect(in(k.b))
			c.relay(Relayed{})
			for range 10 {
				c.at += 20 * time.Millisecond
				c.a.receive(&c.packet, pack(c.seq, c.ts, 7, k.payload, k.sound), far, c.at)
				c.seq, c.ts = c.seq+1, c.ts+k.step
			}
			got := c.heard()
			if len(got) != 10 {
				t.Fatalf("%d packets", len(got))
			}
			for n, p := range got {
				if p.PayloadType != k.is || !bytes.Equal(p.Payload, k.sound) || p.Timestamp != got[0].Timestamp+uint32(n)*k.step {
					t.Fatalf("packet %d: %+v", n, p.Header)
				}
			}
			if at := c.b.talker.ts; at != got[9].Timestamp+k.step {
				t.Errorf("our time goes on at %d, not %d", at, got[9].Timestamp+k.step)
			}
		})
	}
}

// What is recorded is G.711; a far end that turns to another codec is heard by the
// engine.
func TestRelayOfCodecsEnds(t *testing.T) {
	c := newCouple(t)
	c.a.Connect(in(wide))
	c.b.Connect(in(wide))
	if c.a.Relay(c.b, Relayed{Tap: media.NewTap(1)}) {
		t.Error("G.722 is recorded from packets")
	}
	ended := make(chan bool, 1)
	c.relay(Relayed{Ended: func() { ended <- true }})
	c.say(voice(1)) // A-law
	select {
	case <-ended:
	case <-time.After(5 * time.Second):
		t.Fatal("the relay goes on with another codec")
	}
	if c.a.Relay(c.b, Relayed{}) {
		t.Error("relayed again though it speaks another codec")
	}
	c.a.Connect(in(wide)) // agreed anew
	c.relay(Relayed{})
}

// A far end of Opus that has nobody to hear it is told of: soon after a relay, later
// where one may be about to begin, and again while it lasts.
func TestOpusForNobodyIsTold(t *testing.T) {
	c := newCouple(t)
	c.a.Connect(in(packed))
	c.b.Connect(in(packed))
	told := func(ticks int) (n int) {
		for range ticks {
			c.mixed()
			select {
			case e := <-c.a.Events():
				if !e.Unheard {
					t.Fatalf("%+v", e)
				}
				n++
			default:
			}
		}
		return n
	}
	if n := told(aloneTicks - 1); n != 0 {
		t.Errorf("told %d times before a relay could begin", n)
	}
	c.relay(Relayed{})
	if n := told(100); n != 0 {
		t.Errorf("told %d times in a relay", n)
	}
	c.a.Mix()
	if n := told(aloneSoon); n != 1 {
		t.Errorf("told %d times at its end", n)
	}
	if n := told(2 * aloneAgain); n != 2 {
		t.Errorf("told %d times after it", n)
	}
	c.a.Connect(agreed())
	if n := told(2 * aloneAgain); n != 0 {
		t.Errorf("told %d times though it speaks G.711 now", n)
	}
	c.b.Connect(in(func(r *Remote) { packed(r); r.Send = false }))
	if len(c.fb.sent) != 0 || len(c.fa.sent) == 0 {
		t.Errorf("%d packets to the one that speaks Opus, %d to the other", len(c.fb.sent), len(c.fa.sent))
	}
}

func TestLengthOfOpus(t *testing.T) {
	for name, k := range map[string]struct {
		payload []byte
		want    uint32
	}{
		"SILK, 20 ms":            {[]byte{1 << 3}, 960},
		"SILK, 60 ms":            {[]byte{3 << 3}, 2880},
		"both, 10 ms":            {[]byte{12 << 3}, 480},
		"CELT, 2.5 ms":           {[]byte{16 << 3}, 120},
		"CELT, 20 ms":            {[]byte{31 << 3}, 960},
		"two of 20 ms":           {[]byte{31<<3 | 1}, 1920},
		"three of 10 ms":         {[]byte{12<<3 | 3, 3}, 1440},
		"more than there can be": {[]byte{3<<3 | 3, 0x3f}, 5760},
		"a code without count":   {[]byte{1<<3 | 3}, 960},
		"nothing":                {nil, 0},
	} {
		if got := opusLength(k.payload); got != k.want {
			t.Errorf("%s: %d, want %d", name, got, k.want)
		}
	}
}

func TestTickOfWideDoesNotAllocate(t *testing.T) {
	s, sound, _ := open(t)
	s.Connect(in(wide))
	sound.mute = true
	c := &couple{}
	var f, g media.Frame
	tone(&f, 1)
	octets := make([]byte, 160)
	turn := func() {
		c.tick++
		c.at += 20 * time.Millisecond
		c.seq, c.ts = c.seq+1, c.ts+160
		b := pack(c.seq, c.ts, 7, G722, octets)
		s.receive(&c.packet, b, far, c.at)
		for range 2 {
			s.Read(c.tick, &g)
			s.Write(c.tick, &f)
		}
	}
	for range 10 {
		turn()
	}
	if a := testing.AllocsPerRun(500, turn); a > 1 { // that of the packet itself
		t.Fatalf("%v allocations in 20 ms", a)
	}
}

// Packets of any length, each of another, are heard without a gap, in both codecs.
func TestPacketsOfUnequalLength(t *testing.T) {
	for payload, change := range map[uint8]func(*Remote){PCMA: func(*Remote) {}, G722: wide} {
		s, _, _ := open(t)
		s.Connect(in(change))
		var c couple
		var e g722.Encoder
		var g media.Frame
		var owed, said, heard, quiet int
		for n := 0; said < 300; n++ {
			long := []int{1, 4, 2, 3, 6, 1, 2, 12}[n%8] // in 10 ms
			octets := make([]byte, 80*long)
			for i := range long {
				var f media.Frame
				tone(&f, said+i)
				if payload == G722 {
					e.EncodeNarrow(octets[80*i:], f.PCM())
				} else {
					ALaw.law().Encode(octets[80*i:80*i+80], f.PCM())
				}
			}
			said += long
			s.receive(&c.packet, pack(uint16(n), uint32((said-long)*80), 7, payload, octets), far, time.Duration(said-long)*10*time.Millisecond)
			for owed += long; owed > 0; owed-- {
				c.tick++
				if g.Rate = media.Narrow; !s.Read(c.tick, &g) {
					continue
				}
				heard++
				if level := rms(g.PCM()); level < 5000 && heard > 3 {
					quiet++
				}
			}
		}
		if made := s.Counts().Played.Concealed; heard < 280 || quiet > 0 || made > 0 {
			t.Errorf("payload type %d: %d of %d frames heard, %d too quiet, %d made up", payload, heard, said, quiet, made)
		}
	}
}

// Comfort noise is passed between two that agreed on it and heard of who did or not;
// a far end that told it is not missed for a long time.
func TestComfortNoise(t *testing.T) {
	c := newCouple(t)
	c.a.Connect(in(func(r *Remote) { r.Comfort = true }))
	if c.a.Relay(c.b, Relayed{}) {
		t.Error("relayed though only one knows comfort noise")
	}
	c.b.Connect(in(func(r *Remote) { r.Comfort = true }))
	c.relay(Relayed{})
	c.say(voice(1))
	noise := func() {
		c.a.receive(&c.packet, pack(c.seq, c.ts, 7, CN, []byte{40}), far, c.at)
		c.seq++
	}
	noise()
	got := c.heard()
	if len(got) != 2 || got[1].PayloadType != CN || !bytes.Equal(got[1].Payload, []byte{40}) || got[1].Timestamp != got[0].Timestamp+160 {
		t.Fatalf("%+v", got)
	}
	c.a.Mix()
	for n := range 20 {
		c.say(voice(n))
		c.mixed()
		c.mixed()
	}
	noise()
	var g media.Frame
	var last int
	for range 100 {
		c.tick++
		if g.Rate = media.Narrow; c.a.Read(c.tick, &g) {
			last = rms(g.PCM())
		}
	}
	if last < 250 || last > 420 { // 327 is -40 dBov
		t.Errorf("noise of %d", last)
	}
	c.a.silence = time.Second
	c.a.watchSilence(c.at + 10*time.Second)
	if len(c.a.Events()) != 0 {
		t.Error("missed though it told that it is silent")
	}
	c.a.watchSilence(c.at + time.Minute)
	if len(c.a.Events()) != 1 {
		t.Error("never missed")
	}
}
