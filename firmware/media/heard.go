package media

// Heard is a fact the sound thread tells the control plane.
type Heard struct {
	Handle Handle // the port it is about
	Kind   Kind
	Value  int32
	Tick   uint64 // when, in frames of 10 ms
}

// Kind says what was heard and what Value means.
type Kind uint8

// The facts.
const (
	DigitBegan   Kind = 1 + iota // Value is the digit as a character: '0'..'9' '*' '#' 'A'..'D'
	DigitEnded                   // Value is the digit
	ToneBegan                    // Value is a tone.Signal: a national call-progress tone is certain
	ToneEnded                    // Value is that tone.Signal
	VoiceStarted                 // Value is the level in tenths of dBm0
	VoiceStopped                 // Value is how long the voice lasted, in ms
	Level                        // Value is the RMS of the last second in tenths of dBm0; -900 is silence
	ClipEnded                    // Value is the tag of the list that a player played to its end
	FaxTone                      // Value is a fax.Tone: a fax machine or modem is certain
	AnsweredBy                   // Value is an amd.Verdict: a person or a machine answered
	ToneLevel                    // Value is the level in tenths of dBm0 of the tone that is told next
	BeepEnded                    // Value is the frequency in Hz: a machine takes messages now
)

// Mouth is through which an ear or a port tells facts while a tick runs. The
// zero Mouth tells nobody.
type Mouth struct {
	e *Engine
	h Handle
}

// Tell puts a fact in the bounded ring to the control plane; when the ring is
// full the fact is dropped and counted.
func (m Mouth) Tell(k Kind, value int32) {
	if m.e == nil {
		return
	}
	if !m.e.heard.Put(Heard{Handle: m.h, Kind: k, Value: value, Tick: m.e.tick}) {
		m.e.count.heardLost.Add(1)
	}
}

// Ear listens to what one port says: digits, tones, voice. Hear is called in the
// sound thread once a tick with 80 samples at 8 kHz (silence included) and obeys
// the rules of Port: no blocking, no allocation, no writing to pcm.
type Ear interface {
	Hear(pcm *[Narrow]int16, m Mouth)
}

// Teller is a port that has facts of its own to tell, as a player whose clip
// ended. The engine calls Plugged in the sound thread before the first Read.
type Teller interface {
	Plugged(Mouth)
}
