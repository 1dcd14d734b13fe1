package sip

import (
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/leg"
)

// assigned are the names of payload types that need no rtpmap (RFC 3551 table 4), of
// those still met.
var assigned = map[uint8]string{0: "PCMU/8000", 3: "GSM/8000", 4: "G723/8000", 8: "PCMA/8000", 9: "G722/8000", 13: "CN/8000", 15: "G728/8000", 18: "G729/8000"}

// namesMax bounds the names in a sentence.
const namesMax = 8

// objection is the cause and the reason why nothing was agreed upon: the description
// cannot be read, refuses the sound, names no place for it, or wants it encrypted where
// we do not, or what is left is codecs.
func (l *Leg) objection(d *description, err error) (leg.Cause, string) {
	if err != nil {
		return leg.BadSound, "the description of the sound cannot be read: " + strings.TrimPrefix(err.Error(), errSDP.Error()+": ")
	}
	audio := slices.DeleteFunc(slices.Clone(d.media), func(m line) bool { return m.kind != "audio" })
	if len(audio) == 0 {
		return leg.NoCodec, l.unlike(d)
	}
	left := slices.DeleteFunc(slices.Clone(audio), func(m line) bool { return m.port == 0 })
	if len(left) == 0 {
		return leg.BadSound, "the other end refuses the sound (port 0)"
	}
	if left = slices.DeleteFunc(left, l.unreached); len(left) == 0 {
		return leg.BadSound, "the other end names no address for the sound that is reached from here"
	}
	if left = slices.DeleteFunc(left, func(m line) bool { _, ok := l.ours.sdes.judge(&m); return !ok }); len(left) > 0 {
		return leg.NoCodec, l.unlike(d)
	}
	return leg.Unsealed, l.unsealed(audio)
}

// unreached reports whether a line has no address of a family that we speak.
func (l *Leg) unreached(m line) bool {
	if !m.conn.IsValid() {
		return true
	}
	other := l.ours.addr.IsValid() && !m.conn.IsUnspecified() && m.conn.Is6() != l.ours.addr.Is6()
	return other && !l.e.hearsBoth()
}

// unsealed says which side wants the sound encrypted.
func (l *Leg) unsealed(audio []line) string {
	theirs := audio[0].proto
	switch s := &l.ours.sdes; {
	case s.want == SRTPRequire:
		return "encrypted sound (RTP/SAVP, with a suite we know) is required here, and the other end has " + theirs
	case s.want == SRTPOff:
		return "the other end has " + theirs + ", and here sound is not to be encrypted"
	case !s.sealed:
		return "the other end has " + theirs + ", and without TLS keys are not taken"
	}
	return "the other end has " + theirs + " without a key or a suite we know"
}

// unlike says for people why no sound was agreed upon: what the other end has, and what
// we have.
func (l *Leg) unlike(d *description) string {
	var ours []string
	for _, c := range l.codecs() {
		ours = append(ours, strings.ToUpper(nameOf(c)))
	}
	theirs := d.names()
	if len(theirs) == 0 {
		theirs = []string{"no sound"}
	}
	return "the other end has " + strings.Join(theirs, ", ") + "; here are " + strings.Join(ours, ", ")
}

// names lists the codecs of a description.
func (d *description) names() []string {
	var list []string
	for _, m := range d.media {
		for _, f := range m.formats {
			pt, err := strconv.ParseUint(f, 10, 7)
			if err != nil {
				continue
			}
			name := m.codecs[uint8(pt)]
			if name == "" {
				name = assigned[uint8(pt)]
			}
			if name == "" {
				name = f
			}
			name = clean(name, 30)
			if !strings.HasPrefix(name, "TELEPHONE-EVENT") && !strings.HasPrefix(name, "CN/") && !slices.Contains(list, name) && len(list) < namesMax {
				list = append(list, name)
			}
		}
	}
	return list
}
