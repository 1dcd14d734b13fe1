package soak

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"centralita/board/simboard"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// ill is what the journal's last words say is wrong: ports that are not ready and
// alarms that were not cleared.
func (k *book) ill() []string {
	state := map[string]string{}
	k.each(0, func(s said) bool {
		switch e := s.Event.(type) {
		case *event.LineChanged:
			if state[string(e.Port)] = e.State + " " + e.Text; e.State == "ready" {
				delete(state, string(e.Port))
			}
		case *event.AlarmRaised:
			state["alarm "+e.Key] = strings.Join(e.Args, " ")
		case *event.AlarmCleared:
			delete(state, "alarm "+e.Key)
		}
		return false
	})
	var list []string
	for what, text := range state {
		list = append(list, what+": "+text)
	}
	return list
}

// alarmed tells that an alarm stands.
func (k *book) alarmed(key string) bool {
	return slices.ContainsFunc(k.ill(), func(s string) bool { return strings.HasPrefix(s, "alarm "+key+":") })
}

// shows tells whether the journal speaks of trouble at a place between two times:
// a port's health, an alarm, or a call there that ended.
func (k *book) shows(where string, from, to time.Duration) bool {
	legs := k.legsAt(where)
	return k.each(from, func(s said) bool {
		if s.at > to {
			return false
		}
		switch e := s.Event.(type) {
		case *event.LineChanged:
			return (where == simboard.WholeBoard || string(e.Port) == where) && e.State != "ready"
		case *event.AlarmRaised:
			return where == simboard.WholeBoard || where == simboard.LifelineRelay && e.Key == "lifeline"
		case *event.LegEnded:
			return legs[e.Leg]
		}
		return false
	})
}

// legsAt are the legs that ever were at a port.
func (k *book) legsAt(where string) map[id.Leg]bool {
	legs := map[id.Leg]bool{}
	k.each(0, func(s said) bool {
		switch e := s.Event.(type) {
		case *event.LegOffered:
			legs[e.Leg] = legs[e.Leg] || string(e.Port) == where
		case *event.LegBegan:
			legs[e.Leg] = legs[e.Leg] || string(e.Port) == where
		}
		return false
	})
	return legs
}

// storyMost bounds what is shown of a failed script.
const storyMost = 60

// story is the end of the journal.
func (k *book) story() (lines []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, s := range k.said[max(0, len(k.said)-storyMost):] {
		text := fmt.Sprintf("%8.2f %s %+v", s.at.Seconds(), s.Kind(), s.Event)
		lines = append(lines, text[:min(len(text), 200)])
	}
	return lines
}
