package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/callerid"
	"centralita/firmware/media/dtmf"
)

// runCallerID prints the caller ID messages in files: when the last bit was
// there, the bytes without the checksum in hexadecimal (of digits: their ASCII),
// and what a telephone would show.
func runCallerID(args []string, out io.Writer) error {
	f := flag.NewFlagSet("callerid", flag.ContinueOnError)
	standard := f.String("standard", "any", "")
	files, err := parse(f, args, 1, -1)
	if err != nil {
		return err
	}
	switch *standard {
	case "any", "v23", "bell202", "dtmf":
	default:
		return wrong("the standard is any, v23, bell202 or dtmf, not %q", *standard)
	}
	return each(files, out, func(_ string, pcm []int16, w *bufio.Writer) {
		s := newScreen(*standard)
		ticks(pcm, func(f *[media.Narrow]int16, ms int) {
			for _, x := range s.hear(f, ms) {
				fmt.Fprintf(w, "M %d %x %s\n", ms, x.bytes, shown(x.m))
			}
		})
	})
}

// screen listens in the standards asked for. Both modems may understand one
// message; it is shown once.
type screen struct {
	modems []*callerid.Receiver
	keys   *dtmf.Detector
	typed  []byte // digits so far
	quiet  int    // ms at which they count as over
	last   string // message shown
	lastMs int
	found  []screened
}

type screened struct {
	bytes []byte
	m     callerid.Message
}

// sameMs is how close together two equal messages are one; keysMs is the longest
// pause between two digits of a number.
const (
	sameMs = 500
	keysMs = 500
)

func newScreen(standard string) *screen {
	s := &screen{}
	for _, m := range []callerid.Modem{callerid.V23, callerid.Bell202} {
		if standard == "any" || standard == m.String() {
			s.modems = append(s.modems, callerid.NewReceiver(m))
		}
	}
	if standard == "any" || standard == "dtmf" {
		s.keys = dtmf.NewDetector(dtmf.Line())
	}
	return s
}

// hear takes 10 ms and returns what was complete in them.
func (s *screen) hear(f *[media.Narrow]int16, ms int) []screened {
	s.found = s.found[:0]
	for _, r := range s.modems {
		if m := r.Hear(f); m != nil {
			s.show(append([]byte(nil), r.Frame()...), *m, ms)
		}
	}
	if s.keys != nil {
		s.digits(f, ms)
	}
	return s.found
}

func (s *screen) show(b []byte, m callerid.Message, ms int) {
	if string(b) == s.last && ms-s.lastMs < sameMs {
		return
	}
	s.last, s.lastMs = string(b), ms
	s.found = append(s.found, screened{b, m})
}

// digits collects digits up to C or #, with which every style ends.
func (s *screen) digits(f *[media.Narrow]int16, ms int) {
	for _, c := range s.keys.Process(f[:]) {
		s.quiet = ms + keysMs
		if !c.Began {
			continue
		}
		if len(s.typed) < callerid.MaxDigits {
			s.typed = append(s.typed, c.Digit)
		}
		if c.Digit == 'C' || c.Digit == '#' {
			if m, ok := callerid.ParseDigits(string(s.typed)); ok {
				s.show(append([]byte(nil), s.typed...), m, ms)
			}
			s.typed = s.typed[:0]
		}
	}
	if ms > s.quiet {
		s.typed = s.typed[:0]
	}
}

// shown is what a telephone shows, in one line.
func shown(m callerid.Message) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if !m.Time.IsZero() {
		add("time", m.Time.Format("01-02T15:04"))
	}
	add("number", m.Number)
	if m.NoNumber != callerid.Shown {
		add("no-number", string(rune(m.NoNumber)))
	}
	add("name", strings.ReplaceAll(m.Name, " ", "_"))
	if m.NoName != callerid.Shown {
		add("no-name", string(rune(m.NoName)))
	}
	if m.Kind == callerid.MessageWaiting || m.Kind == callerid.SingleWaiting {
		add("waiting", fmt.Sprint(m.Waiting))
	}
	return strings.Join(parts, " ")
}
