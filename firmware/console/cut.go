package console

import (
	"fmt"

	"centralita/firmware/id"
)

// cut is a line that ended while somebody changed settings.
type cut struct {
	who   id.Person
	lines int // of a paste that was under way, 0 none
}

// wasCut remembers that this session's line ended before its person was done; a box
// that stops ends all lines, and is no news.
func (s *session) wasCut(waiting bool) {
	if s.ctx.Err() != nil || !s.w.gone() || s.pasted == 0 && !(s.configuring && waiting) {
		return
	}
	c := &cut{s.who.Person, s.pasted}
	s.Console.cut.Store(c)
	s.Cut(c.who, c.lines)
}

// tellCut tells the next person, whoever it is.
func (s *session) tellCut() {
	c := s.Console.cut.Swap(nil)
	if c == nil {
		return
	}
	if c.lines > 0 {
		s.say("console.cut.paste", string(c.who), fmt.Sprint(c.lines))
	} else {
		s.say("console.cut.changes", string(c.who))
	}
	s.Mended()
}
