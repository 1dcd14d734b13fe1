package rtp

import (
	"centralita/firmware/media"
	"centralita/firmware/media/g711"
	"centralita/firmware/media/g722"
)

// Codec is how sound is written in packets.
type Codec uint8

// The codecs. Opus is passed between two far ends and never read.
const (
	ALaw  Codec = iota // G.711
	MuLaw              // G.711
	Wide               // G.722
	Opus               // RFC 7587
)

// Payload types of RFC 3551 table 4 that we speak.
const (
	PCMU uint8 = 0 // G.711 µ-law, 8 kHz
	PCMA uint8 = 8 // G.711 A-law, 8 kHz
	G722 uint8 = 9 // 16 kHz, stamped with 8 kHz (RFC 3551 section 4.5.2)

	CN uint8 = 13 // comfort noise (RFC 3389)
)

// String is the encoding name (RFC 3551 table 4, RFC 7587).
func (c Codec) String() string {
	return [...]string{"PCMA", "PCMU", "G722", "opus"}[c]
}

// clock is how many time stamps a millisecond has.
func (c Codec) clock() uint32 {
	if c == Opus {
		return 48
	}
	return 8
}

// length is how long the sound of a payload is, in time stamps.
func (c Codec) length(payload []byte) uint32 {
	if c != Opus {
		return uint32(len(payload)) // G.722 too: an octet is two samples, and two have one stamp
	}
	return opusLength(payload)
}

// opusLength reads the first octets of an Opus packet: how long a frame is and how
// many there are (RFC 6716 section 3.1), at most 120 ms.
func opusLength(payload []byte) uint32 {
	if len(payload) == 0 {
		return 0
	}
	toc := payload[0]
	var frame uint32 // time stamps, 48 in a millisecond
	switch config := toc >> 3; {
	case config < 12: // SILK
		frame = [...]uint32{480, 960, 1920, 2880}[config&3]
	case config < 16: // both
		frame = [...]uint32{480, 960}[config&1]
	default: // CELT
		frame = 120 << (config & 3)
	}
	count := uint32(1)
	switch toc & 3 {
	case 1, 2:
		count = 2
	case 3:
		if len(payload) > 1 {
			count = uint32(payload[1] & 0x3f)
		}
	}
	return min(count*frame, 120*48)
}

// Alike reports whether packets of one can be made packets of the other without
// decoding them.
func (c Codec) Alike(o Codec) bool { return c == o || c <= MuLaw && o <= MuLaw }

func (c Codec) law() g711.Law {
	if c == ALaw {
		return g711.ALaw
	}
	return g711.MuLaw
}

// codec is what the far end is sent.
func (r *Remote) codec() Codec {
	switch {
	case r.Opus:
		return Opus
	case r.Payload == G722:
		return Wide
	case r.Payload == PCMA:
		return ALaw
	}
	return MuLaw
}

// heard is what a payload type of the far end stands for: any of the fixed ones,
// for it may have been offered several, or what was agreed.
func (r *Remote) heard(payload uint8) (Codec, bool) {
	switch {
	case payload == PCMU:
		return MuLaw, true
	case payload == PCMA:
		return ALaw, true
	case payload == G722:
		return Wide, true
	case r.Opus && (payload == r.Payload || payload == r.OpusAsked): // the fixed ones went before, so 0 is none
		return Opus, true
	}
	return 0, false
}

// tells reports whether a payload type of the far end stands for telephone events.
func (r *Remote) tells(payload uint8) bool {
	return r.Event != 0 && (payload == r.Event || payload == r.EventAsked)
}

// encode writes sound as the far end takes it, an octet for each 125 us, and returns how
// many. Wide sound is for who speaks G.722 alone. Under the session's mix.
func (r *Remote) encode(to []byte, pcm []int16) int {
	switch {
	case r.encoder != nil && len(pcm) == int(media.Wide):
		return r.encoder.Encode(to, pcm)
	case r.encoder != nil:
		return r.encoder.EncodeNarrow(to, pcm)
	}
	return r.codec().law().Encode(to, pcm)
}

// agreed gets ready what the codec needs; it goes on with what the agreement before
// had, for the far end's decoder does.
func (r *Remote) agreed(old *Remote) {
	if r.codec() != Wide {
		return
	}
	if old != nil && old.encoder != nil {
		r.encoder, r.joiner = old.encoder, old.joiner
		return
	}
	r.encoder, r.joiner = new(g722.Encoder), new(g722.Joiner)
}

// decoder is the far end's G.722. Reader only.
type decoder struct {
	g722.Decoder
	late  g722.Decoder
	begun bool
	seq   uint16 // of the newest packet
}

// at is the decoder for a packet: one that comes behind a later one is read with a
// state that is thrown away, and the same one twice not at all (nil), for the decoder
// goes on from the newest.
func (d *decoder) at(seq uint16) *g722.Decoder {
	if ahead := seq - d.seq; d.begun && ahead == 0 {
		return nil
	} else if d.begun && ahead >= 1<<15 {
		d.late = d.Decoder
		return &d.late
	}
	d.begun, d.seq = true, seq
	return &d.Decoder
}

// A far end whose Opus is for nobody is told of after aloneTicks, since a relay may
// be about to begin; aloneSoon after the end of one, since it may be turning to
// another; and every aloneAgain as long as it lasts.
const (
	aloneTicks = 30
	aloneSoon  = 4
	aloneAgain = 200
)

// unheard looks in every mixed tick whether the far end is understood.
func (s *Session) unheard(r *Remote) {
	t := &s.talker
	if r == nil || !r.Opus || r.Early || !r.Send || s.closed.Load() {
		t.alone = 0
		return
	}
	if t.alone++; t.alone == aloneTicks {
		t.alone = aloneTicks - aloneAgain
		s.tell(Event{Unheard: true})
	}
}
