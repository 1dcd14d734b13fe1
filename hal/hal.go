// Package hal is what the box may ask of its chips: telephone ports, the PCM
// highway, lamps, buttons and the watchdog, in plain values.
//
// Drivers below (hal/si3210, hal/si3050, ...) fulfil it, boards assemble it, and
// firmware/leg/analog is the only part of the firmware that speaks to it. It never
// shows a bus or a type of periph, and a register only in Diagnosis, which people
// read and no part decides by.
package hal

import (
	"context"
	"errors"
	"time"
)

// SlotCount is the number of timeslots of a highway frame; slot 15 stays free
// because its last bit would fall into the next frame.
const SlotCount = 16

// FrameSamples is the number of 8 kHz samples of one slot in one 10 ms frame.
const FrameSamples = 80

// Frame is 10 ms of every timeslot, linear 16 bit at 8 kHz; full scale is
// +3.14 dBm0 (ITU-T G.711, A-law). Every port passes sound at 0 dB both ways
// until SetGain says otherwise, so a slot reads what the line carries.
type Frame [SlotCount][FrameSamples]int16

// ErrNoClock says that no frame boundary came: the PCM clock is missing, and
// with it every chip stands still.
var ErrNoClock = errors.New("hal: no PCM clock")

// Highway is the PCM bus, the box's master clock.
type Highway interface {
	// Exchange waits for the next 10 ms frame boundary, takes what the chips
	// captured into in and gives them out to play. It returns an error when the
	// clock is missing (wraps ErrNoClock) or the highway was closed.
	Exchange(in, out *Frame) error
	// Ahead is how many frames lie between what is given and what is captured with it:
	// the echo of an Exchange's out is in the in of the Ahead-th one after it. At most
	// AheadMax.
	Ahead() int
	// Counters tells what went wrong so far.
	Counters() HighwayCounters
	Close() error
}

// AheadMax bounds Highway.Ahead: 80 ms, for machines that are simulated themselves.
const AheadMax = 8

// HighwayCounters count from the start of the program.
type HighwayCounters struct {
	Frames    uint64 // exchanged
	Underruns uint64 // we came too late with out
	Overruns  uint64 // we came too late for in
	NoClock   uint64 // periods in which no frame came
	Suspends  uint64 // the streams slept with the machine
	// Realigned counts new starts of the streams: frames that were on their way are
	// lost, and the way from out to in may be longer or shorter by some samples than
	// before, so that who has learnt it learns it anew.
	Realigned uint64
}

// Port is what FXS and FXO have in common. Its methods return at once or within
// one bus access; what comes of them is told as an Event.
type Port interface {
	Name() string // "fxs1"
	Slot() int    // timeslot on the highway, 0..14
	Status() Status
	// SetGain sets what is added to sound in dB: play towards the pair, capture from
	// it. It may be called at any time, ready or not, takes effect within 100 ms and
	// outlives every initialisation. What the chip cannot do is refused.
	SetGain(play, capture float64) error
}

// Bounds of a gain in dB: what the chips can do in steps of 0.1 dB or finer.
const (
	GainMin    = -15.0
	GainMaxFXS = 6.0
	GainMaxFXO = 12.0
)

// FXS is a port for a handset: the box feeds it, rings it and watches its hook.
// Errors wrap the chip and register, as in "si3210: fxs2: write reg 64: ...".
type FXS interface {
	Port
	// Ring rings by cadence until StopRing, answer or 0 repetitions left. After
	// each burst the port is in on-hook transmission, so caller ID sound passes.
	Ring(Cadence) error
	StopRing() error
	// Transmit holds on-hook transmission (sound while on-hook) on or off.
	Transmit(on bool) error
	// Reverse sets the polarity of the feed: true is reversed, shown to handsets
	// and answering devices as answer supervision.
	Reverse(on bool) error
	// Break opens the loop for d (the disconnect pulse; 500 ms customary), then
	// feeds again.
	Break(d time.Duration) error
	// Park feeds a set that was left off-hook with little current, until it is put
	// back or Park is called with false.
	Park(on bool) error
	// Configure takes what country and office want of the port. It may be called at
	// any time, ready or not, and outlives every initialisation.
	Configure(HandsetSettings) error
}

// HandsetSettings are what can be set for a handset port.
type HandsetSettings struct {
	Country string // ISO 3166: impedance and what counts as a flash
	Pulse   bool   // dial pulses are digits
}

// FXO is a port for an outside line: the box is the telephone on it.
type FXO interface {
	Port
	// OffHook takes the line, to answer. Sound and loop current are valid only
	// after the Settled event (about 400 ms, guarded to 650 ms).
	OffHook() error
	// Seize takes the line to call out, after a short look whether it is free: where
	// it rings at that moment, or a call is announced on it, the port stays on-hook
	// and tells Glare; where another telephone uses it, InUse.
	Seize() error
	OnHook() error
	// Flash opens the loop for d (50..1250 ms) and closes it again.
	Flash(d time.Duration) error
	// Pulse dials digits (0..9) by opening the loop; Dialled follows.
	Pulse(digits string, p Pulses) error
	// Wet draws loop current on-hook for d (10..30 ms) after a while (at most 1 s):
	// the wetting pulse that some exchanges want before they tell who calls.
	Wet(after, d time.Duration) error
	// Balances lists the ways to match a line that are worth trying, the country's
	// own first.
	Balances() []Balance
	// SetBalance matches the line. It may be called at any time, ready or not, takes
	// effect within 100 ms and outlives every initialisation.
	SetBalance(Balance) error
}

// Pulses is how a country dials by pulses.
type Pulses struct {
	Break, Make time.Duration // of each pulse; 60 and 40 ms, or 61 and 39
	Between     time.Duration // digits; at least 600 ms
}

// Balance is how an FXO port matches its line so that little of what it sends comes
// back. Its codes are the chip's own.
type Balance struct {
	Impedance uint8   // of the ac termination
	Hybrid    [8]byte // coefficients
	Name      string  // of the termination, as in "270 Ω + 750 Ω // 150 nF"
}

// Cadence is a ringing pattern: On and Off alternate, starting with on; it
// repeats for ever.
type Cadence struct {
	Hz    float64         // 16.67..60
	Vrms  float64         // 40..61 at the set
	Steps []time.Duration // on, off, on, off ...; even count, at most 8
}

// Kind of an Event.
type Kind uint8

// The kinds of events. On an FXS port OffHook and OnHook are the handset's; the
// others say on which port they can happen.
const (
	OffHook     Kind = 1 + iota // FXS: handset lifted (debounced)
	OnHook                      // FXS: handset back (longer than a flash)
	HookFlash                   // FXS: short break; Duration
	PulseDigit                  // FXS: a digit dialled by breaks; Digit
	RingOn                      // FXS: our ringing burst began
	RingOff                     // FXS: our ringing burst ended
	RingBegin                   // FXO: ringing burst seen
	RingEnd                     // FXO: burst over; Duration
	Settled                     // FXO: off-hook, sound and current valid
	Polarity                    // FXO: polarity changed; Reversed
	LoopOpen                    // FXO: off-hook, no loop current any more (disconnect pulse began)
	LoopClosed                  // FXO: current is back; Duration of the opening
	BatteryLost                 // FXO: on-hook, no line voltage
	BatteryBack                 // FXO: voltage is back
	InUse                       // FXO: another telephone on the line was lifted, or is found so by Seize
	Free                        // FXO: it was put back
	Glare                       // FXO: Seize found a call coming in; the line was left alone
	Dialled                     // FXO: the last pulse is out; Duration is how late the worst was
	RingHz                      // FXO: the frequency of ringing was measured; Hz
	Fault                       // either: the port does not work; Err
	Recovered                   // either: it works; told after every initialisation, the first too
)

// Event is what a driver tells. Drivers call one func(Event) given at
// construction; it must not block.
type Event struct {
	Port     string
	Kind     Kind
	At       time.Time // when the edge was seen
	Duration time.Duration
	Reversed bool
	Hz       float64
	Digit    byte  // of PulseDigit, '0'..'9'
	Err      error // of Fault: thing, place, cause
}

// Status is a snapshot for pages and diagnosis.
type Status struct {
	Chip     string  // "Si3210 rev E", "Si3050 rev B + Si3019 rev C"
	Ready    bool    // initialised and working
	OffHook  bool    // FXS: handset; FXO: ourselves
	Ringing  bool    // FXS: we ring; FXO: the line rings
	InUse    bool    // FXO: another telephone on the line is off-hook
	Reversed bool    // polarity
	Volts    float64 // tip minus ring; FXO: line voltage, FXS: loop voltage
	MilliAmp float64 // loop current
	REN      float64 // FXS: bells on the port as last rung, in REN; 0 not measured
	Fault    string  // why not ready, in English, empty when Ready
	Reason   Reason  // the same in a word, where there is one
}

// Lamp is the colour and rhythm of an indicator.
type Lamp uint8

// Lamp states; blinking is 1 Hz, made by the hardware or the driver.
const (
	LampOff Lamp = iota
	LampGreen
	LampGreenBlink
	LampRed
	LampRedBlink
	LampAmber
)

// Indicator is a set of lamps by name: "fxo1", "fxs4", "power", "status".
type Indicator interface {
	Names() []string
	Set(name string, l Lamp) error
	Get(name string) Lamp
}

// Press is what a person did to a button.
type Press struct {
	Button string // "factory"
	Held   time.Duration
	Done   bool // false while still held (told at 5 s and 10 s)
}

// Watchdog resets the box when it is not fed in time. It begins with the first Feed.
type Watchdog interface {
	Feed() error
	Timeout() time.Duration
	Close() error // orderly end: does not reset
	// Bit tells that the last start of the box was the watchdog's doing, where the
	// hardware knows.
	Bit() bool
}

// Power is what the supply does.
type Power struct {
	Failing bool      // it is going: some 20 ms are left; false when it came back after all
	At      time.Time // when the edge was seen
}

// Clock is a clock with a battery that goes on while the box is off.
type Clock interface {
	// Read is UTC. It fails where the battery was empty and the time is worth nothing.
	Read() (time.Time, error)
	Set(time.Time) error
}

// Lifeline is the relay between one outside line and one handset. Without power,
// and whenever nobody holds it, it lies at rest: the telephone is on the line, in
// parallel with the line's own port, and its handset port is open. Held, the line
// is the box's alone and the telephone is on its handset port.
type Lifeline interface {
	Line() string    // "fxo1"
	Handset() string // "fxs1"
	// Hold pulls the relay for HoldFor; who wants it held calls again well before.
	// A program that stops or hangs so lets it fall.
	Hold() error
	HoldFor() time.Duration
	// Release ends the hold; the relay falls within HoldFor.
	Release() error
	// AtRest is where the contacts really are, by one of their own that moves with
	// them (forcibly guided, EN 61810-3).
	AtRest() bool
}

// Worker is anything of a board that must run: it blocks until ctx ends.
type Worker interface {
	Serve(ctx context.Context) error
	String() string
}

// Urgent is a Worker that no common thread of the machine may delay: what it times
// is felt on a wire. Whoever runs it in real time gives it a thread of its own with
// this priority (sched(7)); in virtual time there is no need to.
type Urgent interface {
	Worker
	Urgency() int
}
