package sip

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/leg/rtp"
)

// format is a payload type of a description and what it stands for.
type format struct {
	codec rtp.Codec
	pt    uint8
	fmtp  string // a=fmtp of Opus: what who wrote it likes to be sent (RFC 7587 section 6.1)
}

// codecNames are the words of the settings.
var codecNames = map[string]rtp.Codec{"pcma": rtp.ALaw, "pcmu": rtp.MuLaw, "g722": rtp.Wide, "opus": rtp.Opus}

// encodings are the rtpmap of each codec, and its payload type; that of Opus is what
// the far end calls it.
var encodings = map[rtp.Codec]struct {
	pt       uint8
	encoding string
}{
	rtp.ALaw: {rtp.PCMA, "PCMA/8000"}, rtp.MuLaw: {rtp.PCMU, "PCMU/8000"}, rtp.Wide: {rtp.G722, "G722/8000"}, rtp.Opus: {0, "opus/48000/2"},
}

// formatOf is a codec of a fixed payload type.
func formatOf(c rtp.Codec) format { return format{codec: c, pt: encodings[c].pt} }

// lines are what describes a format in ours.
func (f format) lines() string {
	s := fmt.Sprintf("a=rtpmap:%d %s\r\n", f.pt, encodings[f.codec].encoding)
	if f.fmtp != "" {
		s += fmt.Sprintf("a=fmtp:%d %s\r\n", f.pt, f.fmtp)
	}
	return s
}

// codecsOf reads the words of the settings, none where there are none.
func codecsOf(words []string) []rtp.Codec {
	var list []rtp.Codec
	for _, w := range words {
		if c, ok := codecNames[w]; ok {
			list = append(list, c)
		}
	}
	return list
}

// g711 are both laws, the country's first.
func (e *Endpoint) g711() []rtp.Codec {
	if e != nil && e.cfg.MuLaw {
		return []rtp.Codec{rtp.MuLaw, rtp.ALaw}
	}
	return []rtp.Codec{rtp.ALaw, rtp.MuLaw}
}

// codecs are those that a leg may speak, best first. Providers are known to speak
// G.711, whatever else they say; a telephone speaks what it says.
func (l *Leg) codecs() []rtp.Codec {
	switch {
	case l.trunk != nil && len(l.trunk.Codecs) > 0:
		return codecsOf(l.trunk.Codecs)
	case l.trunk != nil:
		return l.e.g711()
	case len(l.wants) > 0:
		return l.wants
	}
	return append(l.e.g711(), rtp.Wide, rtp.Opus)
}

// taste is what may be taken of a description.
type taste struct {
	codecs []rtp.Codec // best first
	ranked bool        // in this order; else the far end's counts (RFC 3264 section 6.1)
	first  *rtp.Codec  // before all others where it is there, nil none
}

// taste is what the leg takes; Opus where its packets can be passed.
func (l *Leg) taste(opus bool) taste {
	t := taste{codecs: l.codecs(), ranked: l.trunk != nil && len(l.trunk.Codecs) > 0}
	if !opus {
		t.codecs = slices.DeleteFunc(slices.Clone(t.codecs), func(c rtp.Codec) bool { return c == rtp.Opus })
	}
	return t
}

// agree finds the sound of an offer that the leg can do and the engine hears. In a
// call of Opus it is taken again where there is nothing else.
func (l *Leg) agree(d *description) (agreement, bool) {
	a, ok := l.within(d, l.taste(false))
	if !ok && l.opus {
		return l.within(d, l.taste(true))
	}
	return a, ok
}

// content is what is known of a line's payload types.
type content struct {
	formats []format // in its order
	event   uint8    // of telephone-event, 0 none
	comfort bool     // comfort noise is among them
}

func (m *line) known() (c content) {
	for _, f := range m.formats {
		n, err := strconv.ParseUint(f, 10, 7)
		if err != nil {
			continue
		}
		pt := uint8(n)
		name, mapped := m.codecs[pt]
		switch {
		case isEvent(name) && pt >= 96:
			if c.event == 0 {
				c.event = pt
			}
		case pt == rtp.CN:
			c.comfort = !mapped || strings.HasPrefix(name, "CN/8000")
		case name == "OPUS/48000/2" && pt >= 96:
			c.formats = append(c.formats, format{codec: rtp.Opus, pt: pt, fmtp: m.fmtp[pt]})
		default:
			for codec, e := range encodings {
				if codec != rtp.Opus && e.pt == pt && (!mapped || name == e.encoding || strings.HasPrefix(name, e.encoding+"/")) {
					c.formats = append(c.formats, format{codec: codec, pt: pt})
				}
			}
		}
	}
	return c
}

// isEvent reports whether an rtpmap names events of 8 kHz, also one that counts
// channels or leaves the rate out.
func isEvent(name string) bool {
	rest, ok := strings.CutPrefix(name, "TELEPHONE-EVENT")
	return ok && (rest == "" || rest == "/8000" || strings.HasPrefix(rest, "/8000/"))
}

// choose picks one of them.
func (t *taste) choose(list []format) (format, bool) {
	list = slices.DeleteFunc(list, func(f format) bool { return !slices.Contains(t.codecs, f.codec) })
	if len(list) == 0 {
		return format{}, false
	}
	rank := func(f format) int {
		switch {
		case t.first != nil && f.codec == *t.first:
			return -2
		case t.first != nil && f.codec.Alike(*t.first):
			return -1
		case t.ranked:
			return slices.Index(t.codecs, f.codec)
		}
		return 0
	}
	best := list[0]
	for _, f := range list[1:] {
		if rank(f) < rank(best) {
			best = f
		}
	}
	return best, true
}

// codec settles what a line is spoken in.
func (m *line) codec(r *rtp.Remote, t taste) (format, bool) {
	c := m.known()
	f, ok := t.choose(c.formats)
	r.Payload, r.Opus, r.Event = f.pt, f.codec == rtp.Opus, c.event
	r.Comfort = c.comfort && !r.Opus
	return f, ok
}

// formats are the codecs of an offer of ours that the engine hears, best first.
func (l *Leg) formats() []format {
	var list []format
	for _, c := range l.taste(false).codecs {
		list = append(list, formatOf(c))
	}
	return list
}
