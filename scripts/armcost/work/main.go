// Command work does one of the sound functions of the box for a number of frames of
// 10 ms: what scripts/armcost counts the instructions of.
package main

import (
	"fmt"
	"os"
	"strconv"

	"centralita/firmware/media"
	"centralita/firmware/media/amd"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/conceal"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/echo"
	"centralita/firmware/media/fax"
	"centralita/firmware/media/g711"
	"centralita/firmware/media/g722"
	"centralita/firmware/media/jitter"
	"centralita/firmware/media/soundtest"
	"centralita/firmware/media/tone"
	"centralita/firmware/media/vad"
)

type frame = [media.Narrow]int16

// works are by the names that scripts/armcost asks for; each makes what does a
// frame. They get a voice over a line's noise, at the far end and at the near.
var works = map[string]func() func(far, near *frame){
	"nothing": func() func(far, near *frame) { return func(*frame, *frame) {} },
	"echo": func() func(far, near *frame) {
		c := echo.New(256, echo.Options{Suppress: true})
		return func(far, near *frame) { out := *near; c.Process(far, &out) }
	},
	"fax": func() func(far, near *frame) {
		b := fax.NewBypass()
		return func(far, near *frame) { b.Frame(near, far) }
	},
	"digits": func() func(far, near *frame) {
		d := dtmf.NewDetector(dtmf.Call())
		return func(_, near *frame) { d.Process(near[:]) }
	},
	"tones": func() func(far, near *frame) {
		plan, _ := tone.Plan("US")
		l := tone.NewListener(plan)
		return func(_, near *frame) { l.Hear(near, media.Mouth{}) }
	},
	"callerid": func() func(far, near *frame) {
		r := callerid.NewReceiver(callerid.V23)
		return func(_, near *frame) { r.Hear(near) }
	},
	"voice": func() func(far, near *frame) {
		d := vad.NewDetector()
		return func(_, near *frame) { d.Frame(near) }
	},
	"machine": func() func(far, near *frame) {
		l := amd.NewListener()
		return func(_, near *frame) { l.Frame(near) }
	},
	"jitter": func() func(far, near *frame) {
		b := jitter.New()
		var out media.Frame
		seq, n := uint16(0), uint64(0)
		packet := make([]int16, 2*media.Narrow)
		return func(far, _ *frame) {
			copy(packet[int(n%2)*int(media.Narrow):], far[:])
			if n%2 == 1 {
				b.Put(seq, uint32(seq)*160, false, packet)
				seq++
			}
			b.Pull(n, &out)
			n++
		}
	},
	"came": func() func(far, near *frame) {
		var c conceal.Concealer
		return func(far, _ *frame) { c.Good(far[:]) }
	},
	"lost": func() func(far, near *frame) {
		var c conceal.Concealer
		return func(far, _ *frame) {
			out := *far
			c.Good(far[:])
			c.Lost(out[:], nil, int(media.Narrow))
		}
	},
	"g711": func() func(far, near *frame) {
		var octets [media.Narrow]byte
		return func(_, near *frame) {
			out := *near
			g711.ALaw.Encode(octets[:], out[:])
			g711.ALaw.Decode(out[:], octets[:])
		}
	},
	"g722": func() func(far, near *frame) {
		var octets [media.Narrow]byte
		var wide [2 * media.Narrow]int16
		e, d := &g722.Encoder{}, g722.Decoder{Mode: g722.Mode64}
		return func(far, near *frame) {
			copy(wide[:], far[:])
			copy(wide[media.Narrow:], near[:])
			e.Encode(octets[:], wide[:])
			d.Decode(wide[:], octets[:])
		}
	},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: work NAME FRAMES")
		os.Exit(2)
	}
	work, ok := works[os.Args[1]]
	frames, err := strconv.Atoi(os.Args[2])
	if !ok || err != nil {
		fmt.Fprintln(os.Stderr, "work: no such work")
		os.Exit(2)
	}
	const seconds = 2
	far := soundtest.Line(soundtest.NewVoice(5).Talk(seconds, -18, 0.05, 0.1))
	near := soundtest.Line(soundtest.Over(soundtest.NewVoice(6).Talk(seconds, -20, 0.1, 0.4), soundtest.NewVoice(5).Talk(seconds, -33, 0.05, 0.1)))
	n := min(len(far), len(near)) / len(frame{})
	do := work()
	for i := range frames {
		at := i % n * len(frame{})
		do((*frame)(far[at:]), (*frame)(near[at:]))
	}
}
