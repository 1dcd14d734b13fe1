package console

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"centralita/firmware/settings"
)

// loadMax is the largest document a person may send, as settings.Parse has it.
const loadMax = 1 << 20

// errGivenUp ends a paste that its person does not want any more.
var errGivenUp = errors.New("console: given up")

// load takes a whole document, from the terminal or from a file: "load merge" lays
// it over what is edited, "load replace" puts it in its place. It is taken whole or
// not at all; a line that breaks within a paste changes nothing.
func (s *session) load(_ context.Context, args []string) error {
	how := "replace"
	if len(args) > 0 {
		how, args = args[0], args[1:]
	}
	if len(args) > 1 || how != "merge" && how != "replace" {
		return sentence{"console.which-load", nil}
	}
	doc, lines, err := s.document(args)
	if errors.Is(err, errGivenUp) {
		return sentence{"console.load-given-up", nil}
	}
	if err != nil {
		return err
	}
	t, err := s.read(how, doc)
	if err != nil {
		return err
	}
	ps := s.Settings.SetCandidate(t)
	s.say("console.loaded", fmt.Sprint(lines), fmt.Sprint(len(doc)))
	s.problems(ps)
	s.foreign(t)
	return nil
}

func (s *session) read(how string, doc []byte) (*settings.Tree, error) {
	if how == "replace" {
		return settings.Parse(doc)
	}
	t, _ := s.Settings.Candidate()
	return settings.Merge(t, doc)
}

// document is what is to be loaded: a file that was named, or what is pasted.
func (s *session) document(args []string) (doc []byte, lines int, err error) {
	if len(args) == 1 {
		doc, err = s.open(args[0])
		return doc, strings.Count(string(doc), "\n"), err
	}
	s.say("console.load")
	return s.paste()
}

// paste reads lines up to one with a dot alone, or ^D. Nothing is written meanwhile:
// a slow line has its whole speed for the document.
func (s *session) paste() (doc []byte, lines int, err error) {
	var b strings.Builder
	var line []byte
	size, dirt := 0, s.w.sift.dirt
	for over := false; !over; {
		one, err := s.w.wait(s.ctx)
		if err != nil {
			s.pasted = lines
			return nil, 0, err
		}
		size += len(one)
		switch {
		case one[0] == 3:
			return nil, 0, errGivenUp
		case one[0] == 4 && len(line) == 0:
			over = true
		case one[0] == '\r' || one[0] == '\n':
			if over = string(line) == "."; !over && size <= loadMax {
				b.Write(append(line, '\n'))
				lines++
			}
			line = line[:0]
		case one[0] == 0x1b: // marks of a paste
		case one[0] == 0x08 || one[0] == 0x7f: // typed by hand
			line = line[:len(line)-min(len(line), 1)]
		case size <= loadMax:
			line = append(line, one...)
		}
	}
	switch noise := s.w.sift.dirt - dirt; {
	case size > loadMax:
		return nil, 0, sentence{"console.load-large", []string{fmt.Sprint(loadMax)}}
	case noise > 0:
		return nil, 0, sentence{"console.load-noise", []string{fmt.Sprint(noise)}}
	}
	return []byte(b.String()), lines, nil
}

// foreign tells what of a tree this box has not: sockets of another model, and
// passwords, which do not travel. It reports whether there was anything.
func (s *session) foreign(t *settings.Tree) (any bool) {
	tell := func(key string, args ...string) {
		any = true
		s.say(key, args...)
	}
	if s.Sockets != nil {
		have := s.Sockets()
		for _, l := range t.Lines {
			if !slices.Contains(have, string(l.Name)) {
				tell("console.no-socket", "lines["+string(l.Name)+"]", string(l.Name), "delete lines "+string(l.Name))
			}
		}
		for _, st := range t.Stations {
			if st.Handset != "" && !slices.Contains(have, string(st.Handset)) {
				tell("console.no-socket", "stations["+st.Extension+"].handset", string(st.Handset), "delete stations "+st.Extension)
			}
		}
	}
	if s.Network != nil && !s.Network().Owned && !reflect.DeepEqual(t.Box.Network, settings.Network{}) {
		tell("console.network.unused")
	}
	if s.Secret == nil {
		return any
	}
	missing := func(place, name, word, path string) {
		if _, known := s.Secret(name); name != "" && word == "" && !known {
			tell("console.no-secret", place+".secret", name, "set "+path+" password ...")
		}
	}
	for _, k := range t.Trunks {
		missing("trunks["+k.Name+"]", k.Secret, k.Password, "trunks "+k.Name)
	}
	for _, st := range t.Stations {
		if st.SIP != nil {
			missing("stations["+st.Extension+"].sip", st.SIP.Secret, st.SIP.Password, "stations "+st.Extension+" sip")
		}
	}
	return any
}

func (s *session) nextLoad(args []string) ([]string, string) {
	switch len(args) {
	case 0:
		return []string{"merge", "replace"}, ""
	case 1:
		return s.nextFile(nil)
	}
	return nil, ""
}
