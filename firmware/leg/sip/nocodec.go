package sip

import (
	"slices"
	"strconv"
	"strings"
)

// assigned are the names of payload types that need no rtpmap (RFC 3551 table 4), of
// those still met.
var assigned = map[uint8]string{0: "PCMU/8000", 3: "GSM/8000", 4: "G723/8000", 8: "PCMA/8000", 9: "G722/8000", 13: "CN/8000", 15: "G728/8000", 18: "G729/8000"}

// namesMax bounds the names in a sentence.
const namesMax = 8

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
