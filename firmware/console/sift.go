package console

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sequenceMax is the longest control sequence that is passed on; the editor knows
// none of more than 6 bytes.
const sequenceMax = 16

// edits are the control characters that mean something to the editor or to us.
const edits = "\x01\x02\x03\x04\x05\x06\x08\t\n\x0b\x0c\r\x0e\x10\x14\x15\x17\x7f"

// sifter cuts what comes over a wire into runes, control characters and whole
// control sequences. A serial line makes noise and foreign text may hold anything:
// what is none of these is left out and counted.
type sifter struct {
	cr   bool // the last was CR: LF belongs to it
	skip byte // within a sequence to be left out: '[' up to its last byte, ']' up to BEL or ESC
	dirt int  // bytes left out that were no control sequence
}

// first looks at the beginning of b: how many bytes belong together, 0 when more
// must come, and whether they mean something. last says that no more will come.
func (s *sifter) first(b []byte, last bool) (n int, keep bool) {
	if s.skip != 0 {
		if n = s.skipped(b); n > 0 {
			return n, false
		}
	}
	was := s.cr
	s.cr = false
	switch c := b[0]; {
	case c == 0x1b:
		return s.sequence(b, last)
	case c == '\n' && was:
		return 1, false
	case c < 0x20 || c == 0x7f:
		s.cr = c == '\r'
		if keep = strings.IndexByte(edits, c) >= 0; !keep {
			s.dirt++
		}
		return 1, keep
	case !utf8.FullRune(b) && !last:
		return 0, false
	}
	r, n := utf8.DecodeRune(b)
	if keep = (r != utf8.RuneError || n > 1) && !unicode.IsControl(r); !keep {
		s.dirt += n
	}
	return n, keep
}

// sequence looks at ESC and what follows (ECMA-48, 5.4 and 5.6).
func (s *sifter) sequence(b []byte, last bool) (n int, keep bool) {
	if len(b) == 1 {
		return pick(last, 1, 0), false
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			switch {
			case b[i] < 0x20 || b[i] > 0x7e:
				return i, false // broken off
			case b[i] >= 0x40:
				return i + 1, true
			case i+1 == sequenceMax:
				s.skip = '['
				return i + 1, false
			}
		}
		return pick(last, len(b), 0), false
	case ']', 'P', 'X', '^', '_': // strings, up to BEL or ST
		s.skip = ']'
		return 2, false
	case 'O':
		if len(b) < 3 {
			return pick(last, 2, 0), false
		}
		return 3, false
	case 0x1b, '\r', '\n', 3:
		return 1, false
	}
	return 2, false
}

// skipped passes over the rest of what is left out; the end of a line ends it, so
// that noise costs one line at most.
func (s *sifter) skipped(b []byte) int {
	for i, c := range b {
		switch {
		case c == '\r' || c == '\n' || c == 3 || c == 0x1b:
			s.skip = 0
			return i
		case c == 7, s.skip == '[' && c >= 0x40:
			s.skip = 0
			return i + 1
		}
	}
	return len(b)
}

func pick(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}
