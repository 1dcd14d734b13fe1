package chain

// Shadow is what the registers of a chip were given. A spike may change one without
// resetting the chip, and nobody would notice before a call fails. What Serve calls
// uses it.
type Shadow struct {
	// Talks are where the chip speaks on the highway: every audit looks, for a wrong
	// one disturbs another port.
	Talks []byte
	// Kept are the others that hold what they were given, looked at in turn. Those
	// that change by themselves, or that every audit looks at, are not among them.
	Kept []byte

	Bus   Bus
	Read  func(reg byte) byte
	Write func(reg, v byte)

	value [256]byte
	next  int // of Kept
}

// keepEach is how many of Kept an audit looks at: all within two seconds of audits
// on a busy port, and an audit stays below a millisecond of the bus.
const keepEach = 3

// Wrote notes that a register was given v.
func (s *Shadow) Wrote(reg, v byte) { s.value[reg] = v }

// Keep looks at a few registers and writes again what is not as it was left.
func (s *Shadow) Keep() {
	for _, reg := range s.Talks {
		s.keep(reg)
	}
	for range keepEach {
		s.keep(s.Kept[s.next])
		s.next = (s.next + 1) % len(s.Kept)
	}
}

func (s *Shadow) keep(reg byte) {
	want := s.value[reg]
	if got := s.Read(reg); s.Bus.Err() == nil && got != want {
		s.Write(reg, want)
	}
}
