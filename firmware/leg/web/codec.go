package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
)

// What is spoken with a browser. G.711 and Opus are agreed at once; which of them is
// said changes in the talk and needs no word on the wire: a browser hears all that was
// agreed, and the page has it speak what the leg says (Call.Codec). Opus is spoken
// where its packets are passed to a far end that speaks it too, and nowhere else.

// turnWithin is how long a browser may take to speak what it was asked to; it takes as
// long as the page needs to hear of it.
const turnWithin = 3 * time.Second

// The words of Call.Codec.
const (
	codecPlain = "g711"
	codecOpus  = "opus"
)

// parameters are those of a far end as they may stand in another description; "" is
// none, or none that could.
func parameters(fmtp string) string {
	odd := func(r rune) bool { return r < ' ' || r > '~' }
	if len(fmtp) > fmtpMax || strings.ContainsFunc(fmtp, odd) {
		return ""
	}
	return fmtp
}

// passes reports whether Opus of the browser can be passed: digits are events then.
func (a *link) passes() bool { return a.opus != 0 && a.event != 0 }

// formats are what the browser speaks, best first.
func (a *link) formats(opus bool) []rtp.Format {
	var list []rtp.Format
	if opus {
		list = append(list, rtp.Format{Codec: rtp.Opus, Payload: a.opus, Fmtp: a.fmtp})
	}
	law, other := rtp.Format{Codec: rtp.ALaw, Payload: rtp.PCMA}, rtp.Format{Codec: rtp.MuLaw, Payload: rtp.PCMU}
	if a.law == rtp.PCMU {
		law, other = other, law
	}
	return append(list, law, other)
}

// Speech implements rtp.Mate.
func (l *Leg) Speech() *rtp.Speech { return l.speech.Load() }

// Matched implements rtp.Mate.
func (l *Leg) Matched(s rtp.Speech) { l.mate.Store(&s) }

// Sound implements rtp.Mate.
func (l *Leg) Sound() *rtp.Session { return l.sound }

// Relay implements leg.Relayer between legs of packets.
func (l *Leg) Relay(with leg.Leg, r leg.Relay) bool {
	other, ok := with.(rtp.Mate)
	return ok && other.Sound() != nil && l.sound.Relay(other.Sound(), rtp.Relayed(r))
}

// Mix implements leg.Relayer.
func (l *Leg) Mix() { l.sound.Mix() }

// shares reports whether the caller can be answered with Opus.
func (l *Leg) shares() bool {
	other, ok := l.caller.With.(rtp.Mate)
	if !ok || l.caller.Mixed {
		return false
	}
	s := other.Speech()
	return s != nil && !s.Settled && s.Knows(rtp.Opus)
}

// suit has the browser of a caller speak as the called end does.
func (l *Leg) suit() {
	m := l.mate.Load()
	l.settled = true
	if opus := m != nil && m.Formats[0].Codec == rtp.Opus && l.link.passes(); opus != l.opus {
		l.turn(opus)
	} else {
		l.tellSpeech()
	}
}

// plain has the browser speak what the engine hears: nobody is there any more to pass
// its packets to.
func (l *Leg) plain() {
	if l.opus && l.state == up {
		l.turn(false)
	}
}

// turn changes what is spoken.
func (l *Leg) turn(opus bool) {
	l.opus = opus
	l.agree(false)
	l.show()
	l.tell(leg.Report{Kind: leg.Agreed})
}

// agree gives the sound what is spoken with the connection that there is, or was;
// early is before the call is answered.
func (l *Leg) agree(early bool) {
	a := &l.link
	r := rtp.Remote{
		Addr: inside, Control: insideControl, Payload: a.law, Event: a.event,
		Ptime: rtp.PtimeDefault, Send: true, Receive: true, Early: early,
	}
	l.call.Codec, l.call.Fmtp = codecPlain, ""
	if l.opus {
		r.Payload, r.Opus = a.opus, true
		l.call.Codec = codecOpus
		if m := l.mate.Load(); m != nil {
			l.call.Fmtp = parameters(m.Formats[0].Fmtp)
		}
	}
	l.wire.expect(a.opus, l.opus)
	l.tellSpeech()
	l.sound.Connect(r)
	l.turning.Reset(turnWithin)
}

// tellSpeech notes what the browser speaks for who is to be connected with it.
func (l *Leg) tellSpeech() {
	if l.settled {
		l.speech.Store(&rtp.Speech{Settled: true, Formats: l.link.formats(l.opus)[:1]})
	} else {
		l.speech.Store(&rtp.Speech{Formats: l.link.formats(l.link.passes())})
	}
}

// turned looks whether the browser speaks what it was asked to. One that cannot speak
// Opus any more speaks G.711, and so does the call; one that goes on with Opus is
// given another connection, which begins with what it is to speak.
func (l *Leg) turned() {
	spoken := l.wire.spoken.Load()
	switch opus := spoken == uint32(l.link.opus) && l.link.opus != 0; {
	case spoken == silence || opus == l.opus || l.call.Media != "on":
	case l.opus:
		l.plain()
	default:
		l.missing()
		l.drop()
		l.show()
	}
}

// ordered is our answer with what the browser is to speak before all others, and the
// law that it hears before the other.
func (l *Leg) ordered(sdp string) string {
	for _, f := range slices.Backward(l.link.formats(l.opus)) {
		sdp = prefer(sdp, f.Payload)
	}
	return sdp
}

// prefer puts a payload type before all others of the one section of an answer, so
// that the browser speaks it (RFC 3264 section 7).
func prefer(sdp string, payload uint8) string {
	before, rest, ok := strings.Cut(sdp, "\nm=")
	line, after, end := strings.Cut(rest, "\n")
	words := strings.Fields(line)
	n := strconv.Itoa(int(payload))
	if !ok || !end || len(words) < formatsFrom || !slices.Contains(words[formatsFrom:], n) {
		return sdp
	}
	others := slices.DeleteFunc(slices.Clone(words[formatsFrom:]), func(w string) bool { return w == n })
	words = append(append(words[:formatsFrom], n), others...)
	return before + "\nm=" + strings.Join(words, " ") + "\r\n" + after
}

// formatsFrom is where the payload types begin in an m= line, behind kind, port and
// protocol.
const formatsFrom = 3
