package si3050

import (
	"math"

	"centralita/hal/sim/wire"
)

// ringDetector compares the line with the ring threshold at 8 kHz and, when
// asked to, validates frequency and duration (registers 22..24).
type ringDetector struct {
	positive, negative bool    // beyond the threshold in the last frame
	hz, share          float64 // of the ringing: frequency, threshold as part of its peak
	detected           bool    // RDT

	phase    uint64 // samples of ringing so far
	side     int8   // sign of the last threshold crossing
	since    int    // samples since that crossing
	good     int    // samples of half waves of the right length
	quiet    int    // samples since the last good half wave
	oneShot  int    // samples left of RDT without validation
	watching bool
}

// thresholds in Vrms by RT2 and RT; 01 is not defined and taken as 00.
var thresholds = [4]float64{15, 15, 21.5, 45}

// stepRing looks at one frame of the line; lines at rest cost nothing.
func (c *Chip) stepRing(p *wire.Pair) {
	d := &c.ring
	d.positive, d.negative = false, false
	ringing := p.Feed.RingVrms > 0 && !p.Cut
	if !ringing && !d.watching {
		return
	}
	d.watching = true
	limit := thresholds[c.reg[rIntl2]>>4&1<<1|c.reg[rIntl1]&1] * math.Sqrt2
	if ringing {
		d.hz, d.share = p.Feed.RingHz, limit/(p.Feed.RingVrms*math.Sqrt2)
	}
	for range wire.FrameSamples {
		v := 0.0
		if ringing {
			v = p.RingVolts(d.phase)
			d.phase++
		}
		switch {
		case v > limit:
			d.positive = true
			c.crossed(1)
		case v < -limit:
			d.negative = true
			c.crossed(-1)
		}
		d.since++
		d.quiet++
		if d.oneShot > 0 {
			d.oneShot--
		}
	}
	c.judgeRing()
}

// crossed notes a half wave; its length must lie within the limits RAS and RMX.
func (c *Chip) crossed(side int8) {
	d := &c.ring
	if d.side == side {
		return
	}
	half := d.since
	d.side, d.since = side, 0
	const unit = 16 // samples in 2 ms
	longest := int(c.reg[rRing3]&0x3F) * unit
	shortest := longest - int(c.reg[rRing1]&0x3F)*unit
	if half <= longest && half >= shortest {
		d.good += half
		d.quiet = 0
	} else {
		d.good = 0
	}
}

// confirmation counts RCC in ms.
var confirmation = [8]int{100, 150, 200, 256, 384, 512, 640, 1024}

func (c *Chip) judgeRing() {
	d := &c.ring
	if c.reg[rRing3]&0x80 == 0 { // RNGV off: every crossing counts
		if (d.positive || d.negative) && d.oneShot == 0 {
			d.oneShot = 5 * 8000
			c.interrupt(srcRing)
		}
		d.detected = d.oneShot > 0
		d.watching = d.oneShot > 0
		return
	}
	delay := int(c.reg[rRing1]>>6|c.reg[rRing2]>>7<<2) * 256 * 8 // RDLY
	timeout := int(c.reg[rRing2]>>3&0x0F) * 128 * 8              // RTO
	switch {
	case !d.detected && d.good >= confirmation[c.reg[rRing2]&7]*8+delay:
		d.detected = true
		c.interrupt(srcRing)
	case d.detected && d.quiet > timeout:
		*d = ringDetector{}
		if c.reg[rControl2]&0x04 != 0 { // RDI: at the end too
			c.interrupt(srcRing)
		}
	case !d.detected && d.quiet > 2*timeout+8000:
		*d = ringDetector{}
	}
}
