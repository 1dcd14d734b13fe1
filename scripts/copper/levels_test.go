package copper

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/board/simboard/town"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
	"centralita/firmware/media/tone"
)

// within is how exactly the plan is kept, in dB.
const within = 0.5

// circuit is what the level plan of a country says (firmware/line/levels/README.md), written here a
// second time: relative levels of a handset's port, and digits and tones in dBm0.
type circuit struct {
	country    string
	li, lo     float64
	low, high  float64 // digits the box dials, at the line's pair
	tone       float64 // dial tone, before the handset's port
	toneHz     float64
	toneShares float64 // of its frequencies
}

var circuits = []circuit{
	{"ES", 0, -7, -11, -9, -13, 425, 1},
	{"UK", 1, -6, -11, -9, -13, 350, 2},
	{"US", 0, -6, -10, -10, -13, 350, 2},
}

// TestLevels measures every way through the box with tones at -10 dBm at a pair or
// -10 dBm0 in the network, and prints the table.
func TestLevels(t *testing.T) {
	for _, c := range circuits {
		t.Run(c.country, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { (&table{t: t, c: c}).measure() })
		})
	}
}

// TestLevelsOfAnOffice: what is set for a line or handset comes on top.
func TestLevelsOfAnOffice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		(&table{t: t, c: circuits[0], gains: map[id.Port]analog.Gain{
			"fxo1": {Input: 5, Output: -3}, "fxs1": {Input: -4, Output: 5}, "fxs2": {Input: 5, Output: -5}, "fxo2": {Output: 3}, "fxo3": {Output: -3}, "fxs3": {Output: 2},
		}}).measure()
	})
}

type table struct {
	t     *testing.T
	c     circuit
	gains map[id.Port]analog.Gain
	*box
}

// row checks one way.
func (x *table) row(way string, got, want float64) {
	x.t.Helper()
	x.t.Logf("%s  %-34s plan %+6.1f  measured %+7.2f", x.c.country, way, want, got)
	if math.Abs(got-want) > within {
		x.t.Errorf("%s: %s is %.2f dB, wanted %.1f", x.c.country, way, got, want)
	}
}

const (
	outsideHz, insideHz, networkHz, promptHz = 1020, 1004, 820, 600
	said                                     = -10.0
)

func (x *table) measure() {
	b := newBox(x.t, x.c.country, true)
	defer b.close()
	x.box = b
	b.set(analog.Settings{Country: x.c.country, Gains: x.gains})
	line := b.incoming("fxo1", town.Party{Voice: "tone:1020"})
	quiet := b.incoming("fxo3", town.Party{Voice: "silent"})
	one, two := b.lifted("fxs1"), b.lifted("fxs2")
	x.fromLine(line, two)
	b.must(b.handset("fxs1").Speak(town.Speech{Voice: "tone:1004", Loop: true}))
	x.fromHandset(one, two, quiet)
	x.network(line, one)
	x.prompts(line, one)
	x.dialled()
	x.callerID()
}

// in and out are what the plan adds at a port, with what the office set.
func (x *table) in(port id.Port) float64 {
	li := x.c.li
	if port.Kind() == "fxo" {
		li = x.c.lo
	}
	return -li + float64(x.gains[port].Input)
}

func (x *table) out(port id.Port) float64 {
	lo := x.c.lo
	if port.Kind() == "fxo" {
		lo = x.c.li
	}
	return lo + float64(x.gains[port].Output)
}

// fromLine: what comes from outside, to a handset and a recording. One end speaks
// at a time: beside another tone, the echo of it would be in what is measured.
func (x *table) fromLine(line, two leg.Leg) {
	outside, other := x.tap("fxo1"), x.tap("fxs2")
	_ = x.engine.Connect(x.plug(line), x.plug(two), media.Unity)
	time.Sleep(time.Second)
	x.during(time.Second, outside, other)
	came := level(outside.town, outsideHz)
	x.row("network to line's pair", came-said, x.c.lo)
	x.row("line to handset", level(other.chip, outsideHz)-came, x.in("fxo1")+x.out("fxs2"))
	x.row("line to recording", level(x.recorded(line), outsideHz)-came, x.in("fxo1"))
	_ = x.engine.Disconnect(x.plug(line), x.plug(two))
}

// fromHandset: what a handset says, to another, a line and a recording.
func (x *table) fromHandset(one, two, line leg.Leg) {
	inside, other, outside := x.tap("fxs1"), x.tap("fxs2"), x.tap("fxo3")
	_ = x.engine.Connect(x.plug(one), x.plug(two), media.Unity)
	_ = x.engine.Connect(x.plug(one), x.plug(line), media.Unity)
	time.Sleep(time.Second)
	x.during(time.Second, outside, inside, other)
	spoken := level(inside.town, insideHz)
	x.row("handset to line", level(outside.chip, insideHz)-spoken, x.in("fxs1")+x.out("fxo3"))
	x.row("handset to handset", level(other.chip, insideHz)-spoken, x.in("fxs1")+x.out("fxs2"))
	x.row("handset to recording", level(x.recorded(one), insideHz)-spoken, x.in("fxs1"))
	_ = x.engine.Disconnect(x.plug(one), x.plug(two))
	_ = x.engine.Disconnect(x.plug(one), x.plug(line))
}

// recorded is a second and a half of what a recording has of a leg.
func (x *table) recorded(l leg.Leg) (pcm []int16) {
	tap := media.NewTap(256)
	_ = x.engine.Record(tap, x.plug(l), 0)
	time.Sleep(1500 * time.Millisecond)
	_ = x.engine.StopRecord(tap)
	for f := tap.Peek(); f != nil; f = tap.Peek() {
		pcm = append(pcm, f.Left[:]...)
		tap.Drop()
	}
	return pcm
}

// network: between pairs and SIP.
func (x *table) network(line, one leg.Leg) {
	p := x.phone(0)
	says := sine(networkHz, said)
	at := 0
	stop := p.start(func(_, to []int16) { at += copy(to, says[at%8000:]) })
	defer stop()
	outside, inside := x.tap("fxo1"), x.tap("fxs1")
	for _, way := range []struct {
		name  string
		leg   leg.Leg
		port  id.Port
		probe *probe
		hz    float64
	}{{"line", line, "fxo1", outside, outsideHz}, {"handset", one, "fxs1", inside, insideHz}} {
		x.connect(way.leg, p.sound)
		time.Sleep(time.Second)
		x.mu.Lock()
		p.arrived = nil
		x.mu.Unlock()
		x.during(time.Second, outside, inside)
		x.mu.Lock()
		var heard []int16
		for _, a := range p.arrived {
			heard = append(heard, a.pcm...)
		}
		x.mu.Unlock()
		x.row(way.name+" to SIP", level(heard, way.hz)-level(way.probe.town, way.hz), x.in(way.port))
		x.row("SIP to "+way.name, level(way.probe.chip, networkHz)-said, x.out(way.port))
		_ = x.engine.Disconnect(x.plug(p.sound), x.plug(way.leg))
		_ = x.engine.Disconnect(x.plug(way.leg), x.plug(p.sound))
	}
}

// prompts: what the box itself says.
func (x *table) prompts(line, one leg.Leg) {
	player := clip.NewPlayer()
	outside, inside := x.tap("fxo1"), x.tap("fxs1")
	_ = x.engine.Connect(x.plug(player), x.plug(line), media.Unity)
	_ = x.engine.Connect(x.plug(player), x.plug(one), media.Unity)
	_ = player.Play(1, clip.New(sine(promptHz, said)).Loop())
	time.Sleep(time.Second)
	x.during(time.Second, outside, inside)
	x.row("prompt to line", level(outside.chip, promptHz)-said, x.out("fxo1"))
	x.row("prompt to handset", level(inside.chip, promptHz)-said, x.out("fxs1"))
	plan, _ := tone.Plan(x.c.country)
	_ = player.Play(2, plan.Of(tone.Dial))
	time.Sleep(time.Second)
	x.during(time.Second, inside)
	each := x.c.tone - 10*math.Log10(x.c.toneShares)
	x.row("dial tone at handset, each, dBm", level(inside.chip, x.c.toneHz), each+x.out("fxs1"))
	player.Stop()
}

// dialled: digits have the level of the country at the pair, whatever was set.
func (x *table) dialled() {
	pair := x.tap("fxo2")
	l, refused := x.bank.Make("fxo2")
	if refused != nil {
		x.t.Fatal(refused.Why)
	}
	x.box.plug(l)
	x.sim.Do(func() { pair.on = true })
	l.Ring(leg.Caller{To: "1111"})
	x.await(leg.EarlySound, "fxo2")
	x.sim.Do(func() { pair.on = false })
	l.Hangup(leg.Normal)
	x.row("digit dialled at line, low, dBm", loudest(pair.chip, 697, 320), x.c.low)
	x.row("digit dialled at line, high, dBm", loudest(pair.chip, 1209, 320), x.c.high)
}

// callerID: the message has its level at the handset, whatever was set.
func (x *table) callerID() {
	pair := x.tap("fxs3")
	l, refused := x.bank.Make("fxs3")
	if refused != nil {
		x.t.Fatal(refused.Why)
	}
	x.box.plug(l)
	x.sim.Do(func() { pair.on = true })
	l.Ring(leg.Caller{Number: "912345678", Name: "Casa Lola"})
	time.Sleep(5 * time.Second)
	x.sim.Do(func() { pair.on = false })
	l.Hangup(leg.Cancelled)
	most := -99.0
	for at := 0; at+1600 <= len(pair.chip); at += 80 {
		most = max(most, total(pair.chip[at:at+1600]))
	}
	x.row("caller ID at handset, dBm", most, -13.5)
	if s := x.handset("fxs3").State(); s.Shown.Number != "912345678" {
		x.t.Errorf("the telephone shows %+v", s.Shown)
	}
}

// loudest is the level of a tone where it is loudest, in windows of n samples.
func loudest(pcm []int16, hz float64, n int) float64 {
	most := -99.0
	for at := 0; at+n <= len(pcm); at += 40 {
		most = max(most, level(pcm[at:at+n], hz))
	}
	return most
}

// sine is a second of a tone.
func sine(hz, dBm0 float64) []int16 {
	pcm := make([]int16, 8000)
	for i := range pcm {
		pcm[i] = int16(math.Round(zeroRMS * math.Sqrt2 * math.Pow(10, dBm0/20) * math.Sin(2*math.Pi*hz*float64(i)/8000)))
	}
	return pcm
}
