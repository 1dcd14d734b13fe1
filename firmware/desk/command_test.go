package desk_test

import (
	"strings"
	"testing"

	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
)

func (s *scene) ask(c core.Command) string { s.at += 0.5; return s.Ask(s.at, "call", c) }

// The page does what the keys do, for any station, and says why where it cannot.
func TestCommands(t *testing.T) {
	answer := func(s *scene) string { return s.do(&event.LegAnswered{Leg: s.LegOn("fxs2"), By: "hook"}) }
	for name, c := range map[string]struct {
		scene string
		ask   core.Command
		want  string
	}{
		"hold":                {"talk", &desk.Hold{Station: "101"}, "CallHeld call=2 by=3|Play leg=1|-CallBegan"},
		"hold of two":         {"two", &desk.Hold{Station: "101"}, "refused two-calls"},
		"hold while dialling": {"dial tone", &desk.Hold{Station: "101"}, "refused station-not-in-call"},
		"hold, idle":          {"talk", &desk.Hold{Station: "102"}, "refused station-not-in-call"},
		"hold, unknown":       {"talk", &desk.Hold{Station: "999"}, "refused unknown-station"},
		"resume":              {"two", &desk.Resume{Station: "101"}, "CallHeld call=5|CallResumed call=2|Connect a=1 b=3"},
		"resume, rings":       {"rings", &desk.Resume{Station: "101"}, "CallEnded call=5 cause=cancelled|CallResumed call=2|Connect a=1 b=3"},
		"resume, none":        {"talk", &desk.Resume{Station: "101"}, "refused nothing-held"},
		"consult":             {"talk", &desk.Consult{Station: "101", To: "102"}, "CallHeld call=2|CallBegan call=|to=102|Dial leg=|port=fxs2|-tone/stutter"},
		"consult, nothing":    {"talk", &desk.Consult{Station: "101", To: "abc"}, "refused no-number"},
		"consult, two":        {"two", &desk.Consult{Station: "101", To: "102"}, "refused two-calls"},
		"swap":                {"two", &desk.Swap{Station: "101"}, "CallHeld call=5|CallResumed call=2"},
		"swap, waiting":       {"waiting", &desk.Swap{Station: "101"}, "CallHeld call=2|CallConnected call=5 leg=3"},
		"refuse":              {"waiting", &desk.Refuse{Station: "101"}, "CallEnded call=5 cause=busy"},
		"refuse, nobody":      {"talk", &desk.Refuse{Station: "101"}, "refused nobody-waits"},
		"swap, one":           {"talk", &desk.Swap{Station: "101"}, "refused one-call"},
		"conference":          {"two", &desk.Conference{Station: "101"}, "ConferenceBegan call=2 other=5|Connect a=1 b=3"},
		"conference, one":     {"talk", &desk.Conference{Station: "101"}, "refused one-call"},
		"transfer":            {"two", &desk.Transfer{Station: "101"}, "how=attended|Connect a=1 b=|tone/busy|-Hangup leg=1"},
		"transfer, rings":     {"rings", &desk.Transfer{Station: "101"}, "how=ringing|tone/ringback|-Hangup leg=1"},
		"transfer, dialling":  {"dial tone", &desk.Transfer{Station: "101"}, "refused nobody-rings"},
		"transfer, one":       {"talk", &desk.Transfer{Station: "101"}, "refused one-call"},
		"transfer to 102":     {"talk", &desk.Transfer{Station: "101", To: "102"}, "CallHeld call=2|how=ringing to=station/102|Dial leg=|-Hangup leg=1"},
		"transfer to none":    {"talk", &desk.Transfer{Station: "101", To: "999"}, "cause=unknown-number|for=return|-CallTransferred|-Hangup leg=1"},
		"transfer to queue":   {"talk", &desk.Transfer{Station: "101", To: "700"}, "how=blind to=queue/q|CallQueued call=2|-Hangup leg=1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t)
			scenes[c.scene](s)
			expect(t, s.ask(c.ask), c.want)
		})
	}
	s := newScene(t)
	s.ask(&desk.Transfer{Station: "101", To: "102"})
	expect(t, answer(s), "CallConnected call=2 leg=|station=102|Connect a=1 b=")
}

// What the picture tells the page of who can do what.
func TestPictureOfHold(t *testing.T) {
	s := newScene(t)
	look := func() string {
		p := desk.Feature.Views[0].Look(s.Core.Part("call"), s.Now(s.at)).(desk.Picture)
		var all []string
		for _, r := range p.Calls {
			text := r.State
			for _, x := range r.Stations {
				text += " " + string(x)
			}
			if r.HeldBy != "" {
				text += " by " + string(r.HeldBy)
			}
			if r.Second {
				text += " second"
			}
			all = append(all, text)
		}
		return strings.Join(all, ", ")
	}
	for _, step := range []struct {
		scene string
		want  string
	}{
		{"talk", "talking 101"}, {"dial tone", "held 101 by 101 second, dialling"}, {"two", "held 101 by 101 second, talking 101 102 second"},
		{"conference", "conference 101 second, conference 101 102 second"}, {"waiting", "talking 101 second, ringing"},
	} {
		s = newScene(t)
		scenes[step.scene](s)
		if got := look(); got != step.want {
			t.Errorf("%s: %q, want %q", step.scene, got, step.want)
		}
	}
}
