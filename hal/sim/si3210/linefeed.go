package si3210

import (
	"math"

	"centralita/hal/sim/wire"
)

// linefeed is the state of the feed (register 64, LFS), its ringing timer and
// its two detectors.
type linefeed struct {
	state  byte
	timer  int  // samples left of the burst or pause
	closed bool // LCR
	trip   bool // RTP
	raw    bool // loop current above threshold, before the debounce
	steady int  // samples for which raw differs from closed
	strong int  // samples of ringing current above the trip threshold
}

// request is a write to register 64.
func (l *linefeed) request(lf byte, reg *[128]byte) {
	if lf == lfRinging && l.state != lfRinging {
		l.timer = ringTime(reg, rRingOn)
	}
	l.state = lf
	if lf != lfRinging {
		l.trip, l.strong = false, 0
	}
}

// detect is register 68; its bit 2 (DBIRAW) is inverted.
func (l *linefeed) detect() (v byte) {
	if l.closed {
		v |= 1
	}
	if l.trip {
		v |= 2
	}
	if !l.raw {
		v |= 4
	}
	return v
}

func ringTime(reg *[128]byte, n int) int { return int(reg[n]) | int(reg[n+1])<<8 }

// stepLine moves the linefeed by one frame and puts it on the pair.
func (c *Chip) stepLine() {
	c.stepRinging()
	c.stepTrouble()
	p := c.opts.Pair
	p.Feed = c.feed()
	if c.line.state == lfRinging {
		c.stepTrip(p)
	} else {
		c.stepLoop(p)
	}
}

func (c *Chip) stepRinging() {
	l := &c.line
	if c.reg[rLinefeed] != lfRinging || l.state != lfRinging && l.state != lfForwardT {
		return
	}
	burst := l.state == lfRinging
	if burst && c.reg[rRinging]&0x10 == 0 || !burst && c.reg[rRinging]&0x08 == 0 {
		return // no timer: stays so until told otherwise
	}
	if l.timer -= 80; l.timer > 0 {
		return
	}
	if burst {
		l.state = lfForwardT
		l.timer += ringTime(&c.reg, rRingOff)
		l.strong = 0
		c.interrupt(rInt1, ringActiveOver)
		return
	}
	l.state = lfRinging
	l.timer += ringTime(&c.reg, rRingOn)
	c.interrupt(rInt1, ringPauseOver)
}

// feed is what the state puts on the pair, as far as the battery goes.
func (c *Chip) feed() wire.Feed {
	volts := math.Min(float64(c.reg[rOnHook]&0x3F)*1.5, math.Max(0, c.supply.volts-3))
	if c.reg[rOnHook]&0x40 != 0 {
		volts = -volts
	}
	f := wire.Feed{Volts: volts, Ohms: 160, LimitMA: 20 + 3*float64(c.reg[rLimit])}
	switch c.line.state {
	case lfForward, lfForwardT:
		return f
	case lfReverse, lfReverseT:
		f.Volts = -f.Volts
		return f
	case lfRinging:
		vrms, hz := c.ringing()
		return wire.Feed{Ohms: 160, RingVrms: vrms, RingHz: hz}
	}
	return wire.Feed{Volts: c.faults.ForeignVolts, Ohms: 150e3}
}

// ringing is what the sinus generator makes of its coefficients (section 2.5 of
// the data sheet), clipped by the ringing battery, under the load of the bells.
func (c *Chip) ringing() (vrms, hz float64) {
	cosine := float64(int16(c.indirect[iRingCoeff])) / 32768
	if cosine <= -1 || cosine >= 1 {
		return 0, 0
	}
	hz = math.Acos(cosine) * 1000 / (2 * math.Pi)
	peak := float64(c.indirect[iRingX]) / 32768 * 4 * math.Sqrt((1+cosine)/(1-cosine)) * 96
	peak = math.Min(peak, math.Max(0, c.supply.volts-3))
	if ren := c.opts.Pair.Load.REN; ren > 5 {
		peak *= 5 / ren * 0.6 // the converter gives way
	}
	return peak / math.Sqrt2, hz
}

// stepTrip watches the ringing current: a lifted set draws far more than bells.
func (c *Chip) stepTrip(p *wire.Pair) {
	l := &c.line
	c.line.raw = p.Load.OffHook
	l.closed = false
	if !p.Load.OffHook || p.Cut {
		l.strong = 0
		return
	}
	current := p.Feed.RingVrms / (p.Feed.Ohms + math.Max(p.Load.Ohms, 1)) * 1000
	if current < threshold(c.indirect[iTripThr]) {
		return
	}
	const filter = 200 // samples: the ring trip filter's rise
	if l.strong += 80; l.trip || l.strong < filter+int(c.reg[rTripDeb]&0x7F)*10 {
		return
	}
	l.trip = true
	c.interrupt(rInt2, tripped)
	if c.reg[rAuto]&0x04 != 0 { // AORD
		l.state, l.trip = lfForward, false
	}
}

// stepLoop watches the loop current with its debounce.
func (c *Chip) stepLoop(p *wire.Pair) {
	l := &c.line
	limit := threshold(c.indirect[iLoopThr])
	if l.closed && c.reg[rEnhance]&1 != 0 { // HYSTEN
		limit = threshold(c.indirect[iLoopThrLow])
	}
	fed := l.state != lfOpen && l.state != lfTipOpen && l.state != lfRingOpen
	l.raw = fed && p.MilliAmp() > limit
	if l.raw == l.closed {
		l.steady = 0
		return
	}
	debounce := c.reg[rLoopDeb] & 0x7F
	if c.reg[rLinefeed] == lfRinging { // between bursts
		debounce = c.reg[rPauseDeb]
	}
	if l.steady += 80; l.steady < int(debounce)*10 { // 1.25 ms is 10 samples
		return
	}
	l.closed, l.steady = l.raw, 0
	c.interrupt(rInt2, loopChanged)
	if l.closed && c.reg[rAuto]&0x02 != 0 { // AOLD
		switch l.state {
		case lfForwardT:
			l.state = lfForward
		case lfReverseT:
			l.state = lfReverse
		}
	}
}

// threshold reads a current threshold in mA: D14..D9, 1.27 mA per step.
func threshold(v uint16) float64 { return float64(v>>9&0x3F) * 1.27 }
