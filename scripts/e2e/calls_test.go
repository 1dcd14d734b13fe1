package e2e

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// liveCall is what a check reads of a call that goes on.
type liveCall struct {
	Call                                                           int
	Direction, From, Name, To, State, Where, Agent, Station, Queue string
}

// bookedCall is what a check reads of a call that is over.
type bookedCall struct {
	Call                            int
	From, Name, Queue, Agent, Cause string
	TalkMS                          int `json:"talk_ms"`
	Answered                        bool
	Recording                       *struct {
		MS    int
		State string
	}
}

// floorAgent is what a check reads of an agent.
type floorAgent struct {
	Agent, Station, State string
	Call                  int
}

// live finds the running call of a caller.
func (b *box) live(from string) (liveCall, bool) {
	b.t.Helper()
	for _, c := range b.allLive() {
		if c.From == from {
			return c, true
		}
	}
	return liveCall{}, false
}

func (b *box) allLive() []liveCall {
	b.t.Helper()
	var list struct{ Calls []liveCall }
	b.view("call/live", &list)
	return list.Calls
}

// agents are those of the floor for whom a condition holds.
func (b *box) agents(is func(floorAgent) bool) (found []floorAgent) {
	b.t.Helper()
	var floor struct{ Agents []floorAgent }
	b.view("acd/floor", &floor)
	for _, a := range floor.Agents {
		if is(a) {
			found = append(found, a)
		}
	}
	return found
}

// agent tells an agent's state.
func (b *box) agent(name string) string {
	b.t.Helper()
	found := b.agents(func(a floorAgent) bool { return a.Agent == name })
	if len(found) != 1 {
		b.t.Fatalf("the floor has %d agents %s", len(found), name)
	}
	return found[0].State
}

// presented waits until a call rings at an agent.
func (b *box) presented(call int, limit time.Duration) floorAgent {
	b.t.Helper()
	var at []floorAgent
	until(b.t, limit, fmt.Sprintf("call %d presented to an agent", call), func() (any, bool) {
		at = b.agents(func(a floorAgent) bool { return a.Call == call && a.State == "presented" })
		return b.allLive(), len(at) == 1
	})
	return at[0]
}

// booked waits until a call stands in the book with its recording ready.
func (b *box) booked(t *testing.T, call int) (c bookedCall) {
	t.Helper()
	until(t, 5*time.Second, "call booked with its recording", func() (any, bool) {
		b.must("GET", fmt.Sprintf("/api/v1/calls/%d", call), nil, &c)
		return c, c.Cause != "" && c.Recording != nil && c.Recording.State == "ready"
	})
	return c
}

// toHandset is the level plan's way to a handset in Spain, in dB; to everybody
// else nothing is lost between where a voice enters the network or the box and
// where it is heard.
const toHandset = -7

// speech checks that said was heard: known again as a whole, no part of it lost,
// and by so many dB quieter as the level plan has it. It gives the lag of its
// beginning.
func speech(t *testing.T, what string, said, heard []float64, plan float64) (lag int) {
	t.Helper()
	l := identify(t, said, heard)
	l.gain -= plan
	t.Logf("%s: correlation %.4f (worst two seconds %.4f), level %+.2f dB from plan", what, l.whole, l.worst, l.gain)
	if l.whole < 0.9 || l.worst < 0.7 {
		t.Errorf("%s: correlation %.3f, %.3f in the worst two seconds; wanted at least 0.9 and 0.7", what, l.whole, l.worst)
	}
	if math.Abs(l.gain) > 1 {
		t.Errorf("%s: level %+.2f dB from plan; wanted within 1 dB", what, l.gain)
	}
	return l.lag
}

// recorded checks the recording of a call: whole, as long as the talk, outside
// on the left and the agent on the right.
func (b *box) recorded(t *testing.T, call int, outside, agent []float64) {
	t.Helper()
	c := b.booked(t, call)
	status, raw := b.ask("GET", fmt.Sprintf("/api/v1/calls/%d/recording", call), nil)
	if status != 200 {
		t.Fatalf("call %d: recording: %d %s", call, status, raw)
	}
	sound := parseWAV(t, fmt.Sprintf("recording of call %d", call), raw)
	if len(sound) != 2 {
		t.Fatalf("call %d: recording has %d channels; wanted outside and agent", call, len(sound))
	}
	ms := len(sound[0]) / 8
	t.Logf("call %d: talked %d ms, recorded %d ms, ended by %s", call, c.TalkMS, ms, c.Cause)
	if d := ms - c.TalkMS; d < -300 || d > 300 {
		t.Errorf("call %d: recording of %d ms for a talk of %d ms", call, ms, c.TalkMS)
	}
	speech(t, fmt.Sprintf("call %d: recording, left is outside", call), outside, sound[0], 0)
	speech(t, fmt.Sprintf("call %d: recording, right is the agent", call), agent, sound[1], 0)
}
