package paper

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

// storyStart is the wall clock at second 0 of a story: a Friday at 10:00 in Madrid.
var storyStart = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli()

// Story runs lines of input and gives the transcript: what happened, and below it
// what the box said and (">") had done. A line is a time in seconds, and
//
//	LegOffered new fxo1 600123123     a fact with its fields in order, "-" for empty
//	! acd agent.ready marta           a command of a person with its fields
//	restart                           the power is cut and comes back
//
// "new" takes the next number. Wakes come by themselves. After each step a twin
// that only read the journal must be deeply equal, and the invariants hold.
func Story(office []byte, input string) (string, error) {
	s := &story{box: New(), twin: New()}
	s.step(0, &event.SettingsCommitted{Rev: 1, Doc: office}, false)
	s.step(0, &event.BoxStarted{Version: "story"}, false)
	for n, line := range strings.Split(input, "\n") {
		words := fields(line)
		if len(words) == 0 {
			continue
		}
		seconds, err := strconv.ParseFloat(words[0], 64)
		if err != nil || len(words) < 2 {
			return "", fmt.Errorf("line %d: %q is no time and fact", n+1, line)
		}
		at := int64(seconds*1000 + 0.5)
		s.wakes(at)
		if err := s.line(at, words[1:]); err != nil {
			return "", fmt.Errorf("line %d: %w", n+1, err)
		}
		if s.broken != nil {
			return s.text.String(), s.broken
		}
	}
	return s.text.String(), s.broken
}

type story struct {
	box, twin *Box
	checker   Checker
	alarms    core.Agenda[struct{}]
	text      strings.Builder
	broken    error
}

func (s *story) line(at int64, words []string) error {
	switch words[0] {
	case "restart":
		fresh, err := s.box.Replayed()
		if err != nil {
			return err
		}
		s.box = fresh
		s.alarms.Clear()
		s.step(at, &event.BoxStarted{Version: "story"}, true)
		return nil
	case "!":
		return s.command(at, words[1:])
	}
	e, err := event.New(words[0])
	if err != nil {
		return err
	}
	if err := fill(reflect.ValueOf(e).Elem(), words[1:], s.box.Core.Number); err != nil {
		return err
	}
	s.step(at, e, true)
	return nil
}

func (s *story) command(at int64, words []string) error {
	for _, f := range Features {
		for _, c := range f.Commands {
			if len(words) < 2 || f.Name != words[0] || c.Name != words[1] {
				continue
			}
			cmd := c.New()
			if err := fill(reflect.ValueOf(cmd).Elem(), words[2:], nil); err != nil {
				return err
			}
			orders, said, err := s.box.Command(s.now(at), id.Person("story"), f.Name, cmd)
			s.print("%8.1f  ! %s\n", float64(at)/1000, strings.Join(words, " "))
			if err != nil {
				s.print("          refused: %v\n", err)
			}
			s.after(at, orders, said, said, true)
			return nil
		}
	}
	return fmt.Errorf("no command %q", words)
}

func (s *story) now(at int64) core.Time { return core.Time{At: at, Wall: storyStart + at} }

// wakes gives the wakes that are due before a time.
func (s *story) wakes(before int64) {
	for {
		at, ok := s.alarms.Peek()
		if !ok || at > before || s.broken != nil {
			return
		}
		s.alarms.Next()
		s.step(at, &event.Woke{}, true)
	}
}

func (s *story) step(at int64, e event.Event, show bool) {
	orders, said := s.box.Step(s.now(at), e)
	rest := said
	if !event.Passing(e) {
		rest = said[1:]
	}
	if show && (len(rest) > 0 || len(orders) > 0 || !event.Passing(e)) {
		s.print("%8.1f  %s\n", float64(at)/1000, Sentence(e))
	}
	s.after(at, orders, said, rest, show)
}

func (s *story) after(at int64, orders []order.Order, said, rest []event.Event, show bool) {
	for _, e := range said {
		if err := s.twin.Follow(Entry{s.now(at), e}); err != nil {
			s.broken = err
		}
	}
	for _, e := range rest {
		if show {
			s.print("            %s\n", Sentence(e))
		}
	}
	for _, o := range orders {
		if _, lamp := o.(order.ShowStation); lamp {
			continue // what busy lamps show follows from the facts and would fill the page
		}
		if w, ok := o.(order.Wake); ok {
			s.alarms.Note(w.At, struct{}{})
		}
		if show {
			s.print("          > %s\n", Sentence(o))
		}
	}
	if d := s.box.Differs(s.twin); d != "" && s.broken == nil {
		s.broken = fmt.Errorf("at %.1f s a twin that read the journal differs: %s", float64(at)/1000, d)
	}
	if err := s.checker.Check(s.box, said, orders); err != nil && s.broken == nil {
		s.broken = fmt.Errorf("at %.1f s: %w", float64(at)/1000, err)
	}
}

func (s *story) print(format string, args ...any) { fmt.Fprintf(&s.text, format, args...) }

// fields splits a line; a word in quotes may have spaces, "#" begins a remark.
func fields(line string) []string {
	var words []string
	for line = strings.TrimSpace(line); line != "" && line[0] != '#'; line = strings.TrimSpace(line) {
		end := strings.IndexByte(line, ' ')
		if line[0] == '"' {
			end = strings.IndexByte(line[1:], '"') + 2
		}
		if end < 1 || end > len(line) {
			end = len(line)
		}
		words, line = append(words, strings.Trim(line[:end], `"`)), line[end:]
	}
	return words
}

// fill sets the fields of a struct from words, in order.
func fill(v reflect.Value, words []string, number func() uint64) error {
	if len(words) > v.NumField() {
		return fmt.Errorf("%s has %d fields, not %d", v.Type().Name(), v.NumField(), len(words))
	}
	for i, w := range words {
		f := v.Field(i)
		var err error
		switch {
		case w == "-":
		case w == "new" && number != nil:
			f.SetUint(number())
		case f.Kind() == reflect.String:
			f.SetString(w)
		case f.CanUint():
			var n uint64
			n, err = strconv.ParseUint(w, 10, 64)
			f.SetUint(n)
		case f.CanInt():
			var n int64
			n, err = strconv.ParseInt(w, 10, 64)
			f.SetInt(n)
		case f.Kind() == reflect.Bool:
			f.SetBool(w == "true")
		default:
			err = fmt.Errorf("%s cannot be written in a story", v.Type().Field(i).Name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Sentence is a fact or an order in one line: its name and the fields that say
// something. Due times are in seconds.
func Sentence(x any) string {
	v := reflect.Indirect(reflect.ValueOf(x))
	var b strings.Builder
	b.WriteString(v.Type().Name())
	for i := range v.NumField() {
		f, name := v.Field(i), strings.ToLower(v.Type().Field(i).Name)
		if f.IsZero() || name == "doc" {
			continue
		}
		switch {
		case name == "until" || name == "at":
			fmt.Fprintf(&b, " %s=%.1fs", name, float64(f.Int())/1000)
		case f.Kind() == reflect.String && strings.ContainsRune(f.String(), ' '):
			fmt.Fprintf(&b, " %s=%q", name, f.String())
		default:
			fmt.Fprintf(&b, " %s=%v", name, f.Interface())
		}
	}
	return b.String()
}
