package console

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/words"
)

// testRing rings the handset of a socket; who lifts it hears the own voice come
// back. q or ^C ends it.
func (s *session) testRing(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return sentence{"console.missing", []string{"port", "<port>"}}
	}
	_, t, _ := s.Settings.Current()
	echo := ""
	for _, r := range t.DialPlan.Inside {
		if r.To == "service/echo" && !strings.Contains(r.Dial, "X") {
			echo = r.Dial
		}
	}
	if echo == "" {
		return sentence{"console.no-echo", nil}
	}
	for _, st := range t.ExpandStations() {
		if st.Handset == id.Port(args[0]) {
			return s.try(ctx, st.Extension, echo, "")
		}
	}
	return sentence{"console.no-handset", []string{printable(args[0])}}
}

// testCall calls a number over one way out: the station named rings first, or the
// person's own, or the first that has a handset.
func (s *session) testCall(ctx context.Context, args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return sentence{"console.missing", []string{"number", "<line> <number> [station]"}}
	}
	_, t, _ := s.Settings.Current()
	if !slices.Contains(t.Ports(), id.Port(args[0])) {
		return sentence{"console.no-way-out", []string{printable(args[0])}}
	}
	from := ""
	if len(args) == 3 {
		from = args[2]
	} else if p, ok := t.PersonByName(s.who.Person); ok && p.Station != "" {
		from = string(p.Station)
	} else {
		for _, st := range t.ExpandStations() {
			if st.Handset != "" {
				from = st.Extension
				break
			}
		}
	}
	return s.try(ctx, from, args[1], args[0])
}

// tried is a call under test.
type tried struct {
	station id.Station
	call    id.Call
	legs    map[id.Leg]id.Port
}

// try makes a call for a station and tells how it goes, until it ends or is ended.
func (s *session) try(ctx context.Context, station, number, through string) error {
	if s.Lab.Follow == nil {
		return sentence{"refused.not-found", nil}
	}
	follow, cancel := context.WithCancel(s.ctx)
	defer cancel()
	news := s.follow(follow)
	if err := s.order(ctx, "station", "dial", map[string]string{"station": station, "to": number, "through": through}); err != nil {
		return err
	}
	s.say("console.monitor")
	c := &tried{station: id.Station(station), legs: map[id.Leg]id.Port{}}
	over := false
	live(s, news, time.Second, func(r *event.Record, some bool) bool {
		if some {
			if e, err := r.Event(); err == nil {
				over = s.tellTried(c, e)
			}
		}
		return !over
	})
	if over || c.call == 0 {
		return nil
	}
	ctx, end := context.WithTimeout(s.ctx, answerMax) // watching took its time
	defer end()
	err := s.order(ctx, "call", "hangup", map[string]string{"call": fmt.Sprint(c.call)})
	if err == nil {
		s.say("console.try.stopped")
	}
	return err
}

// tellTried says what became of a call and whether it is over.
func (s *session) tellTried(c *tried, e event.Event) bool {
	tell := func(key string, args ...string) { s.say("console.try."+key, args...) }
	switch e := e.(type) {
	case *event.CallBegan:
		if c.call == 0 && e.From == string(c.station) && e.Direction == "inside" {
			c.call = e.Call
			c.legs[e.Leg] = e.Port
		}
	case *event.LegBegan:
		if e.Call == c.call && c.call != 0 {
			c.legs[e.Leg] = e.Port
			tell("began", string(e.Port))
		}
	case *event.LegRinging:
		if p, ours := c.legs[e.Leg]; ours {
			tell("ringing", string(p))
		}
	case *event.LegAnswered:
		if p, ours := c.legs[e.Leg]; ours {
			tell("answered", string(p))
		}
	case *event.LegEnded:
		if p, ours := c.legs[e.Leg]; ours {
			tell("leg-ended", string(p), words.T(s.lang, "cause."+e.Cause))
		}
	case *event.CallEnded:
		if e.Call == c.call && c.call != 0 {
			tell("ended", words.T(s.lang, "cause."+e.Cause))
			return true
		}
	}
	return false
}

// order gives a command of a feature, its fields by their names.
func (s *session) order(ctx context.Context, feature, name string, fields map[string]string) error {
	for _, f := range s.Features {
		for _, c := range f.Commands {
			if f.Name != feature || c.Name != name {
				continue
			}
			cmd := c.New()
			v := reflect.ValueOf(cmd).Elem()
			for _, one := range fieldsOf(v.Type()) {
				if text := fields[one.name]; text != "" {
					if err := put(v.Field(one.index), one.name, text); err != nil {
						return err
					}
				}
			}
			return s.Command(ctx, s.who.Person, f.Name, cmd)
		}
	}
	return core.Refuse("unknown-command")
}
