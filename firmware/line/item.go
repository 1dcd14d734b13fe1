// Package line is the vocabulary of what can be measured at an analog port: the
// items, their units and the range in which a reading is believed.
//
// Whoever measures (firmware/leg/analog) names its readings by it, whoever keeps
// them (firmware/line/profile, firmware/linecare) understands them by it. It
// measures nothing, keeps nothing and knows no clock.
package line

// Item is one thing that can be measured at a port.
type Item struct {
	Name string
	Unit string  // "ms", "Hz", "dBm0", "dB", "V", "mA", "REN", "Ω"; "" is a word, told in the reading's text
	Low  float64 // readings outside Low..High are mistakes of measuring and are not kept
	High float64
	Step float64 // a change within it means nothing: what measuring and weather do by themselves
}

// Word reports whether the reading's text is what counts, not its value.
func (i Item) Word() bool { return i.Unit == "" }

// Fits reports whether a value can be true; every value of a word is.
func (i Item) Fits(v float64) bool { return i.Word() || v >= i.Low && v <= i.High }

// The items. Ranges are those of the measuring parts: the Si3050's registers 28
// and 29 for voltage and current, E.180 for tones, EN 300 659 for caller ID.
const (
	ReleaseBreak      = "release.loop-break" // how long the loop was open
	ReleasePolarity   = "release.polarity"   // reversal, after the first sign of the release
	ReleaseBusy       = "release.busy"       // busy tone was certain, after the first sign
	ReleaseCongestion = "release.congestion"
	ReleaseDial       = "release.dial-tone"
	ReleaseDrop       = "release.current-drop"
	ReleaseSilence    = "release.silence" // how long it was silent when nothing else told
	ReleaseBy         = "release.by"      // the leg.Cause that ended a call whose far end left first
	AnswerBy          = "answer.by"       // leg.By of an outgoing call
	CallWay           = "call.way"        // "in" or "out"

	ToneDial           = "tone.dial"
	ToneDialSecond     = "tone.dial.second" // the other frequency of a pair
	ToneDialLevel      = "tone.dial.level"
	ToneRingback       = "tone.ringback"
	ToneRingbackSecond = "tone.ringback.second"
	ToneRingbackOn     = "tone.ringback.on"
	ToneRingbackOff    = "tone.ringback.off"
	ToneRingbackLevel  = "tone.ringback.level"
	ToneBusy           = "tone.busy"
	ToneBusySecond     = "tone.busy.second"
	ToneBusyOn         = "tone.busy.on"
	ToneBusyOff        = "tone.busy.off"
	ToneBusyLevel      = "tone.busy.level"
	ToneCongestion     = "tone.congestion"
	ToneCongestionOn   = "tone.congestion.on"
	ToneCongestionOff  = "tone.congestion.off"
	DialToneDelay      = "dialtone.delay" // after the loop closed

	RingHz     = "ring.hz"
	RingOn     = "ring.on"     // the first burst of a cycle
	RingOff    = "ring.off"    // the pause between cycles
	RingBursts = "ring.bursts" // bursts in a cycle

	CallerIDStyle = "callerid.style" // such as "v23 after-ring", "dtmf before-ring"
	CallerIDLevel = "callerid.level"
	CallerIDDelay = "callerid.delay" // after the end of the first burst

	IdleVoltage = "idle.voltage"
	LoopVoltage = "loop.voltage" // off-hook
	LoopCurrent = "loop.current"
	EchoLoss    = "echo.return-loss" // of what we send, before the canceller
	EchoLeft    = "echo.left"        // of what we send, after the canceller
	Noise       = "noise"            // of the quiet line
	Hum         = "hum"              // of mains frequency and its harmonics
	HumHz       = "hum.hz"
	Loss        = "loss" // of the test sweep from another own line
	Impedance   = "impedance"

	RingLoad = "ren"       // of a handset
	LoopOhms = "loop.ohms" // of a handset's wire
)

// Items is the table, in the order of the certificate.
var Items = []Item{
	{IdleVoltage, "V", 0, 120, 4},
	{LoopCurrent, "mA", 0, 160, 4},
	{LoopVoltage, "V", 0, 120, 2},
	{Impedance, "", 0, 0, 0},
	{EchoLoss, "dB", -6, 60, 4},
	{EchoLeft, "dB", -6, 90, 8},
	{Loss, "dB", -20, 60, 2},
	{Noise, "dBm0", -96, 3, 6},
	{Hum, "dBm0", -96, 3, 6},
	{HumHz, "Hz", 16, 120, 2},

	{ReleaseBreak, "ms", 20, 10_000, 100},
	{ReleasePolarity, "ms", 0, 60_000, 1000},
	{ReleaseDrop, "ms", 0, 60_000, 1000},
	{ReleaseBusy, "ms", 0, 60_000, 2000},
	{ReleaseCongestion, "ms", 0, 60_000, 2000},
	{ReleaseDial, "ms", 0, 120_000, 5000},
	{ReleaseSilence, "ms", 0, 600_000, 30_000},
	{ReleaseBy, "", 0, 0, 0},
	{AnswerBy, "", 0, 0, 0},
	{CallWay, "", 0, 0, 0},

	{DialToneDelay, "ms", 0, 20_000, 500},
	{ToneDial, "Hz", 300, 1000, 8},
	{ToneDialSecond, "Hz", 300, 1000, 8},
	{ToneDialLevel, "dBm0", -60, 3, 4},
	{ToneRingback, "Hz", 300, 1000, 8},
	{ToneRingbackSecond, "Hz", 300, 1000, 8},
	{ToneRingbackOn, "ms", 50, 5000, 100},
	{ToneRingbackOff, "ms", 50, 10_000, 150},
	{ToneRingbackLevel, "dBm0", -60, 3, 4},
	{ToneBusy, "Hz", 300, 1000, 8},
	{ToneBusySecond, "Hz", 300, 1000, 8},
	{ToneBusyOn, "ms", 50, 2000, 40},
	{ToneBusyOff, "ms", 50, 2000, 40},
	{ToneBusyLevel, "dBm0", -60, 3, 4},
	{ToneCongestion, "Hz", 300, 1000, 8},
	{ToneCongestionOn, "ms", 50, 2000, 40},
	{ToneCongestionOff, "ms", 50, 2000, 40},

	{RingHz, "Hz", 13, 70, 2},
	{RingOn, "ms", 50, 10_000, 150},
	{RingOff, "ms", 50, 20_000, 300},
	{RingBursts, "", 0, 0, 0},
	{CallerIDStyle, "", 0, 0, 0},
	{CallerIDLevel, "dBm0", -60, 3, 4},
	{CallerIDDelay, "ms", 0, 10_000, 300},

	{RingLoad, "REN", 0, 10, 0.5},
	{LoopOhms, "Ω", 0, 10_000, 100},
}

var byName = func() map[string]Item {
	m := make(map[string]Item, len(Items)+len(counts))
	for _, of := range [][]Item{Items, counts} {
		for _, i := range of {
			m[i.Name] = i
		}
	}
	return m
}()

// Counts reports whether an item counts how well releases are judged, and does not
// stand on a certificate.
func Counts(name string) bool {
	for _, i := range counts {
		if i.Name == name {
			return true
		}
	}
	return false
}

// Find gives the item of that name; one that the table lacks is not measured by
// this version.
func Find(name string) (Item, bool) {
	i, ok := byName[name]
	return i, ok
}
