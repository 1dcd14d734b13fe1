package town

import (
	"math/rand/v2"

	"centralita/hal/sim/wire"
)

// phase is where a line stands.
type phase string

// The phases of a line. Routing lasts from the last digit until the called
// number is reached; released begins when the far end has hung up; parked is a
// line left off-hook for too long.
const (
	phaseIdle       phase = "idle"
	phaseRinging    phase = "ringing"
	phaseSeized     phase = "seized"
	phaseDialTone   phase = "dial-tone"
	phaseDialling   phase = "dialling"
	phaseRouting    phase = "routing"
	phaseRingback   phase = "ringback"
	phaseBusy       phase = "busy"
	phaseCongestion phase = "congestion"
	phaseUnknown    phase = "unknown"
	phaseTalking    phase = "talking"
	phaseReleased   phase = "released"
	phaseParked     phase = "parked"
)

// An exchange's patience, in frames.
const (
	interDigit   = 2 * framesPerSecond
	firstDigit   = 20 * framesPerSecond
	ringbackMost = 90 * framesPerSecond
	toneMost     = 60 * framesPerSecond
)

// Line is the exchange behind one FXO port, with the outside party of its call.
type Line struct {
	town  *Town
	name  string
	pair  *wire.Pair
	setup *setup

	// Of the running call; the setup's own while idle.
	country *country
	signs   Supervision

	phase    phase
	since    int // frames in it
	loop     loop
	reversed bool
	dead     bool // battery taken away for a moment: the loop break
	bells    bells
	called   *rule
	actor    actor
	player   player
	weather  weather

	dialled  [dialMax]byte
	dialledN int
	accessed bool // beyond the private exchange
	caller   caller
	peer     *Line // the other line of the town in this call, nil none

	ear     ear
	plug    plug
	meter   meter
	beside  beside
	wetting wetting
	recall  recall
	waiting waiting
	in, out wire.Sound
}

func newLine(t *Town, name string, p *wire.Pair, cfg LineConfig) (*Line, error) {
	s, err := t.setup(cfg)
	if err != nil {
		return nil, err
	}
	l := &Line{town: t, name: name, pair: p, setup: s}
	l.weather.r = rand.New(rand.NewPCG(t.cfg.Seed, uint64(len(t.lines))+0x3ea7))
	l.player.wear = &l.weather
	l.ear.fresh()
	l.clear()
	l.feed()
	return l, nil
}

// step lives for 10 ms.
func (l *Line) step() {
	l.beside.step(l)
	l.pair.AtOffice(&l.in)
	digit := l.ear.hear(&l.in)
	if !l.dead && l.weather.dead == 0 { // an exchange cannot read the loop it feeds nothing
		l.loop.talking = l.phase == phaseTalking
		if d := l.loop.watch(l.pair.MilliAmp() > closedMilliAmp, l.edges(), frames(l.country.clear)); d != 0 {
			digit = d
		}
	}
	l.out = wire.Sound{}
	l.since++
	l.live(digit)
	l.plug.exchange(l.phase == phaseTalking, &l.in, &l.out)
	l.echo()
	if l.phase != phaseIdle && l.phase != phaseRinging {
		l.soften()
	}
	if l.loop.closed && !l.dead {
		l.weather.strike()
		l.weather.add(&l.out, l.town.frame)
	}
	l.feed()
	l.ear.speak(&l.out)
	l.pair.OfficeSays(&l.out)
	l.meter.read(l.pair)
}

// live does what the phase asks for; a cleared loop ends any call.
func (l *Line) live(digit byte) {
	if l.phase != phaseIdle && l.phase != phaseRinging && !l.dead && l.loop.cleared(frames(l.country.clear)) {
		l.clear()
	}
	if l.recalled() {
		return
	}
	switch l.phase {
	case phaseIdle:
		if l.loop.closed && l.loop.frames >= seizeFrames {
			l.seize()
		}
	case phaseRinging:
		if l.peer != nil && l.peer.phase != phaseRingback {
			l.clear() // the caller gave up
			return
		}
		l.ringOn()
	case phaseSeized:
		if !l.setup.cfg.NoDialTone && l.since >= l.toneAfter() {
			l.enter(phaseDialTone, &l.country.dial)
		}
	case phaseDialTone, phaseDialling:
		l.collect(digit)
	case phaseRouting:
		if l.since >= frames(l.setup.cfg.RouteMS) {
			l.reach()
		}
	case phaseRingback:
		l.player.next(&l.out)
		l.alertCalled()
	case phaseBusy, phaseCongestion, phaseUnknown:
		l.player.next(&l.out)
		if l.since >= toneMost {
			l.enter(phaseParked, nil)
		}
	case phaseTalking:
		if l.peer != nil {
			l.converse()
		} else if !l.alertWaiting(digit) {
			if l.actor.step(l.ear.tones.name, &l.in, &l.out) && !l.succeed() {
				l.release()
			}
			l.join()
		}
	case phaseReleased:
		l.showRelease()
	}
}

func (l *Line) enter(p phase, tone *signal) {
	l.phase, l.since = p, 0
	l.player.start(tone)
}

// clear brings the line back to rest.
func (l *Line) clear() {
	l.enter(phaseIdle, nil)
	l.country, l.signs = l.setup.country, l.setup.cfg.Supervision
	l.reversed, l.dead, l.called, l.peer = false, false, nil, nil
	l.pair.Loop = l.setup.cfg.Loop.wire()
	l.weather.set(l.setup.cfg.Wear)
	l.recall, l.waiting = recall{}, waiting{}
	l.loop.restart()
	l.bells.stop()
	l.ear.learn(l.country)
}

// feed puts battery, polarity and ringing on the pair.
func (l *Line) feed() {
	f := wire.Feed{Volts: l.country.volts, Ohms: l.country.ohms}
	if l.reversed != l.bells.reversed {
		f.Volts = -f.Volts
	}
	if l.phase == phaseTalking && l.weather.reversed > 0 {
		f.Volts = -f.Volts
	}
	if l.phase == phaseReleased && l.weather.LowCurrentPct > 0 {
		f.Ohms /= 1 - l.weather.LowCurrentPct/100
	}
	if l.dead || l.phase == phaseTalking && l.weather.dead > 0 || l.setup.cfg.NoBattery {
		f.Volts = 0
	}
	if l.bells.ringing && !l.setup.cfg.NoBattery {
		f.RingVrms, f.RingHz = l.country.ring.vrms, l.country.ring.hz
	}
	l.pair.Feed = f
}

// soften is the line circuit's loss towards the subscriber.
func (l *Line) soften() {
	loss := l.country.toPair()
	for i, x := range l.out {
		l.out[i] = clip(loss * float64(x))
	}
}

// echo adds what a far hybrid sends back of the box's own sound.
func (l *Line) echo() {
	s := l.setup
	if s.echoGain == 0 || l.phase != phaseTalking || l.ear.count <= s.echoBack {
		return
	}
	past := &l.ear.ring[(l.ear.count-1-s.echoBack)%ringFrames]
	for i, x := range past {
		l.out[i] = clip(float64(l.out[i]) + s.echoGain*float64(x))
	}
}

// toneAfter is when the present dial tone begins.
func (l *Line) toneAfter() int {
	if l.accessed {
		return frames(l.setup.cfg.AccessToneMS)
	}
	return frames(l.setup.cfg.DialToneMS)
}
