package settings

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// What a handset can be set to. The words are those of firmware/leg/analog, which
// says what they mean.
var (
	CallerIDStyles = []string{
		"none",
		"v23-after-ring", "v23-alert", "v23-short-ring", "v23-reversal",
		"bell202-after-ring", "bell202-alert", "bell202-short-ring", "bell202-reversal",
		"dtmf-after-ring", "dtmf-before-ring", "dtmf-reversal",
	}
	MessageSigns = []string{"tone", "fsk", "polarity", "none"}
	RingKinds    = []string{"external", "internal", "queue", "recall", "alarm"}
	RingCadences = []string{"country", "single", "long", "double", "triple", "short-long", "short"}
)

// Signs are how a handset shows that messages wait.
func (s Station) Signs() []string {
	switch {
	case len(s.MessageWaiting) == 0:
		return []string{"tone", "fsk"}
	case slices.Contains(s.MessageWaiting, "none"):
		return nil
	}
	return s.MessageWaiting
}

// handset checks what is set for a station's handset; a phone has all of it by
// itself.
func (v *validator) handset(at string, s Station) {
	if s.Handset == "" {
		for _, f := range [][2]string{{"caller_id", s.CallerID}, {"pulse", s.Pulse}} {
			if f[1] != "" {
				v.add(at+"."+f[0], f[1], "handset-only")
			}
		}
		if len(s.MessageWaiting) > 0 {
			v.add(at+".message_waiting", "", "handset-only")
		}
		if s.AnswerReversal {
			v.add(at+".answer_reversal", "", "handset-only")
		}
		if s.DisconnectPulse != 0 {
			v.add(at+".disconnect_pulse", s.DisconnectPulse.String(), "handset-only")
		}
		return
	}
	v.oneOf(at+".caller_id", s.CallerID, append([]string{""}, CallerIDStyles...)...)
	v.oneOf(at+".pulse", s.Pulse, "", "on", "off")
	v.spanOr0(at+".disconnect_pulse", s.DisconnectPulse, 50*time.Millisecond, 2*time.Second) // shorter is a dial pulse, longer a dead line
	v.length(at+".message_waiting", len(s.MessageWaiting), len(MessageSigns))
	for i, sign := range s.MessageWaiting {
		v.oneOf(fmt.Sprintf("%s.message_waiting[%d]", at, i), sign, MessageSigns...)
	}
}

func (v *validator) ringing() {
	for _, kind := range slices.Sorted(maps.Keys(v.t.Office.Ringing)) {
		at := "office.ringing." + clip(kind)
		v.oneOf(at, kind, RingKinds...)
		v.oneOf(at, v.t.Office.Ringing[kind], append([]string{""}, RingCadences...)...)
	}
}
