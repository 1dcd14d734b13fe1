// Package media moves sound: the 10 ms frame, the ports it comes from and goes
// to, and the Engine, which is the crosspoint matrix and its one tick.
//
// Legs, prompts, music and tones are ports; firmware/switchboard plugs them:
//
//	h, err := engine.Reserve()         // ErrFull when the box is full
//	engine.Plug(h, leg)                // read and written from the next tick on
//	engine.Connect(a, b, media.Unity)  // b hears a, one way
//	engine.Attach(a, ear)              // digits, tones, voice of what a says
//	engine.Record(tap, outside, agent) // clip.Record drains the tap
//	engine.Unplug(h)                   // and everything that hung on it
//
// Orders come from one goroutine, are carried out in their sequence at the start
// of the next tick and return nothing but ErrStalled; what is heard comes back as
// facts, taken by the same goroutine with Next when Wake receives. app runs Serve
// with the clock of the highway; a test calls Tick.
//
// The package never decides who hears whom, never opens a socket or a file and,
// in a tick, never allocates, locks, logs, blocks or asks for the time.
//
// A pair of SIP legs that hear exactly each other may pass packets by themselves
// (leg.Relayer). The switchboard then lets both places rest, which costs a tick
// nothing, and a recording of them takes packets from the legs by its Tap's Spool.
package media

// Rate is the sample rate of a frame in samples per 10 ms.
type Rate uint8

// Narrow is 8 kHz, Wide 16 kHz.
const (
	Narrow Rate = 80
	Wide   Rate = 160
)

// Frame is 10 ms of sound, linear 16 bit; full scale sine is +3.14 dBm0
// (ITU-T G.711), so 0 dBm0 is an RMS of 16141. Only the first Rate samples count.
type Frame struct {
	Rate Rate
	Buf  [Wide]int16
}

// PCM is the part of Buf that counts.
func (f *Frame) PCM() []int16 { return f.Buf[:f.Rate] }

// Silence makes the frame silent at rate r.
func (f *Frame) Silence(r Rate) {
	f.Rate = r
	clear(f.Buf[:r])
}

// Port is one end of sound. The engine alone calls Read and Write, each once a
// tick, all Reads of all ports before all Writes, in one thread. Neither may
// block, lock for longer than a copy, or allocate.
type Port interface {
	// Rate is the best rate the port can do now; it is asked in every tick. The engine
	// asks for Wide only where the port hears or is heard by another that can do it.
	Rate() Rate
	// Read fills f at f.Rate (set by the engine) with what this end says and
	// reports whether there is anything: false means silence and f is ignored.
	Read(tick uint64, f *Frame) bool
	// Write gives this end what it is to hear, at a rate not above Rate. f is
	// the engine's and is valid during the call only.
	Write(tick uint64, f *Frame)
}
