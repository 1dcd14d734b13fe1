package e2e

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// townCall is one call from the town to an agent's handset.
type townCall struct {
	line, number, name string
	signs              map[string]any // how the outside's hang-up shows
	own                time.Duration  // what the sign takes by itself
	cause              string         // the box's word for it
	caller, agent      []float64      // their voices

	from    int // frame in which the line was answered
	outside *ear
	inside  *ear
	spoke   int // frame in which the agent began to speak
	call    liveCall
	by      floorAgent
	handset string
}

// Times of the caller's script: the menu is heard out, then a digit, then speech
// over and over.
const (
	menuHeard  = 10 * time.Second
	digitTakes = 200 * time.Millisecond // town: 100 ms of tone, 100 ms of pause
	digitRests = 500 * time.Millisecond
)

// TestTownCall is the way of a call through the whole box on analog wires:
// Spanish ringing with the caller's number and name, menu, digit, queue, the
// agent's handset, talk, the outside hangs up. Three calls at once, one for each
// sign by which an exchange shows a hang-up.
func TestTownCall(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/office.yaml", "--rtp", "20000-20099")
	t.Logf("ready in %v", b.readyIn)
	b.signIn()
	calls := []*townCall{
		{line: "fxo1", number: "912345678", name: "Casa Lola", signs: map[string]any{"loop_break_ms": 600}, own: 600 * time.Millisecond,
			cause: "loop-break", caller: voice(t, "en/vm-instructions"), agent: voice(t, "es/vm-instructions")},
		{line: "fxo2", number: "934567890", name: "Bar Pepe", signs: map[string]any{"polarity": true}, own: 3300 * time.Millisecond,
			cause: "polarity", caller: voice(t, "en/vm-intro", "en/conf-invalid"), agent: voice(t, "es/vm-intro")},
		// What may also come in talk has to last, on a line that has not shown its signs yet.
		{line: "fxo3", number: "954321098", name: "Ana Ruiz", signs: map[string]any{"busy_tone": true}, own: 4 * time.Second,
			cause: "busy-tone", caller: voice(t, "it/agent-user", "en/agent-user"), agent: voice(t, "it/vm-intro")},
	}
	if err := os.MkdirAll(filepath.Join(b.data, "town"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range calls {
		c.ring(t, b)
	}
	for _, c := range calls {
		c.menu(t, b)
	}
	for _, c := range calls {
		c.lift(t, b)
	}
	for _, c := range calls {
		c.talk(t, b)
	}
	for _, c := range calls {
		c.hangup(t, b)
	}
	for _, c := range calls {
		c.after(t, b)
	}
	if left := b.allLive(); len(left) != 0 {
		t.Errorf("calls left: %+v", left)
	}
}

// ring calls the box from outside and waits for its answer.
func (c *townCall) ring(t *testing.T, b *box) {
	writeWAV(t, filepath.Join(b.data, "town", c.line+".wav"), c.caller)
	writeWAV(t, filepath.Join(b.data, "town", c.line+"-agent.wav"), c.agent)
	c.outside = b.hear(t, "line/"+c.line)
	b.wish("line/"+c.line+"/call", map[string]any{
		"number": c.number, "name": c.name, "country": "ES", "caller_id": "fsk-after-ring", "supervision": c.signs,
		"script": []map[string]any{
			{"wait_s": menuHeard.Seconds()}, {"digits": "1"}, {"wait_s": digitRests.Seconds()},
			{"speak": c.line + ".wav", "for_s": 300},
		},
	})
}

// menu waits until the box has answered knowing who calls, and knows its
// Spanish sentence again in what the outside heard.
func (c *townCall) menu(t *testing.T, b *box) {
	until(t, 8*time.Second, c.line+" answered", func() (any, bool) {
		s := b.town()
		for _, l := range s.Lines {
			if l.Name == c.line && l.State == "talking" {
				c.from = s.Frame - l.SinceMS/10
				return l, true
			}
		}
		return s, false
	})
	until(t, 3*time.Second, "call of "+c.number+" live", func() (any, bool) {
		var ok bool
		c.call, ok = b.live(c.number)
		return b.allLive(), ok
	})
	if c.call.Name != c.name {
		t.Errorf("%s: the box read the caller's name as %q; wanted %q", c.line, c.call.Name, c.name)
	}
}

// lift waits until an agent's handset rings and shows the caller, checks what
// the outside heard until now, and answers.
func (c *townCall) lift(t *testing.T, b *box) {
	c.by = b.presented(c.call.Call, menuHeard+8*time.Second)
	c.handset = map[string]string{"101": "fxs1", "102": "fxs2", "103": "fxs3"}[c.by.Station]
	if c.handset == "" {
		t.Fatalf("%s: presented at station %q", c.line, c.by.Station)
	}
	until(t, 8*time.Second, c.handset+" shows the caller", func() (any, bool) {
		h := b.handset(c.handset)
		return h, h.Ringing && h.Shown.Number == c.number && h.Shown.Name == c.name
	})
	c.inside = b.hear(t, "handset/"+c.handset)
	b.wish("handset/"+c.handset+"/lift", nil)
	before := b.town().Frame
	b.wish("handset/"+c.handset+"/speak", map[string]any{"file": c.line + "-agent.wav", "loop": true})
	c.spoke = (before + b.town().Frame + 1) / 2
	until(t, 2*time.Second, c.number+" talking", func() (any, bool) {
		c.call, _ = b.live(c.number)
		return c.call, c.call.State == "talking"
	})
}

// talk lets both speak and knows each again at the other end. The one-way delay
// is where a voice was heard against the frame in which it was spoken; voices
// go round, so it is known but for whole rounds.
func (c *townCall) talk(t *testing.T, b *box) {
	said := c.from + int((menuHeard+digitTakes+digitRests)/(10*time.Millisecond))
	heard := c.inside.seconds(t, 8000*2, float64(len(c.caller))/8000*1.3+2)
	lag := speech(t, c.line+": the agent hears the outside", c.caller, heard, toHandset)
	t.Logf("%s: one-way delay outside to agent %.1f ms", c.line, round(lag+8000*2+80*(c.inside.first-said), len(c.caller)))

	from := 80 * (c.spoke - c.outside.first)
	heard = c.outside.seconds(t, from, float64(len(c.agent))/8000*1.3+2)
	lag = speech(t, c.line+": the outside hears the agent", c.agent, heard, 0)
	t.Logf("%s: one-way delay agent to outside %.1f ms (± 10 ms)", c.line, round(lag, len(c.agent)))

	menu := 80*(said-c.outside.first) - 4000
	speech(t, c.line+": the outside hears the welcome in Spanish", prompt(t, "es/welcome"), c.outside.heard(t)[:menu], 0)
	if s := b.agent(c.by.Agent); s != "talking" {
		t.Errorf("agent %s is %q; wanted talking", c.by.Agent, s)
	}
}

// round is a lag in ms of a voice that goes round.
func round(lag, voice int) float64 {
	return float64(((lag%voice)+voice)%voice) / 8
}

// hangup has the outside hang up and times the box's on-hook.
func (c *townCall) hangup(t *testing.T, b *box) {
	began := time.Now()
	b.wish("line/"+c.line+"/hangup", nil)
	until(t, c.own+5*time.Second, c.line+" on-hook", func() (any, bool) {
		l := b.line(c.line)
		return l, !l.OffHook
	})
	took := time.Since(began)
	t.Logf("%s: on-hook %v after the outside hung up (%s)", c.line, took.Round(time.Millisecond), c.cause)
	if took > c.own+time.Second {
		t.Errorf("%s: on-hook after %v; wanted the sign's own %v and at most 1 s more", c.line, took, c.own)
	}
	if s := b.agent(c.by.Agent); s != "wrap-up" {
		t.Errorf("agent %s is %q after the call; wanted wrap-up", c.by.Agent, s)
	}
	b.wish("handset/"+c.handset+"/hangup", nil)
}

// after waits until the agent is ready again and checks what was recorded.
func (c *townCall) after(t *testing.T, b *box) {
	until(t, 8*time.Second, c.by.Agent+" ready again", func() (any, bool) {
		s := b.agent(c.by.Agent)
		return s, s == "ready"
	})
	booked := b.booked(t, c.call.Call)
	if booked.Cause != c.cause || !booked.Answered || booked.TalkMS < 6000 {
		t.Errorf("%s: booked as %+v; wanted cause %s and a talk", c.line, booked, c.cause)
	}
	b.recorded(t, c.call.Call, c.caller, c.agent)
}
