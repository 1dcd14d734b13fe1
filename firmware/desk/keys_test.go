package desk_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/order"
)

const keysOffice = `
office: {name: Desk, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines:
  - {name: fxo1, rings: station/101}
  - {name: fxo2, rings: station/101}
  - {name: fxo3, rings: station/101, supervision: polarity}
stations:
  - {extension: "101", name: Desk, handset: fxs1, call_waiting: true}
  - {extension: "102", name: Ana, handset: fxs2}
  - {extension: "103", name: Boss, handset: fxs3, transfer_outside: true}
queues: [{name: q, agents: []}]
dial_plan:
  inside: [{dial: "700", to: queue/q}]
  outside: [{prefix: "0", through: [fxo2, fxo3]}]
`

// scene is one customer on fxo1 who talks with the person at station 101, and
// whatever that person has done since.
type scene struct {
	*paper.Drive
	t        *testing.T
	at       float64
	customer id.Leg // call 2
	hand     id.Leg
}

func newScene(t *testing.T) *scene {
	s := &scene{Drive: paper.NewDrive(keysOffice, t.Fatalf), t: t, at: 1}
	s.customer, _ = s.Offer(s.at, "fxo1", "")
	s.hand = s.LegOn("fxs1")
	s.do(&event.LegAnswered{Leg: s.hand, By: "hook"})
	s.do(&event.LegAnswered{Leg: s.customer, By: "hook"})
	return s
}

func (s *scene) do(e event.Event) string { s.at += 0.5; return s.At(s.at, e) }

func (s *scene) press(keys string) string {
	text := ""
	for _, k := range keys {
		text += s.do(&event.DigitPressed{Leg: s.hand, Digit: string(k)})
	}
	return text
}

// wait lets time pass to the next wake.
func (s *scene) wait(seconds float64) string {
	s.at += seconds - 0.5
	return s.do(&event.Woke{})
}

func (s *scene) putDown() string {
	return s.do(&event.LegEnded{Leg: s.hand, Cause: "normal"})
}

// scenes are the states of a telephone in a call. The second call is 6 and goes to
// station 102, the waiting caller comes on fxo2.
var scenes = map[string]func(*scene){
	"talk":      func(s *scene) {},
	"dial tone": func(s *scene) { s.press("!") },
	"rings":     func(s *scene) { s.press("!102"); s.do(&event.LegRinging{Leg: s.LegOn("fxs2")}) },
	"failed":    func(s *scene) { s.press("!999") },
	"two": func(s *scene) {
		s.press("!102")
		s.do(&event.LegAnswered{Leg: s.LegOn("fxs2"), By: "hook"})
	},
	"two, key": func(s *scene) {
		s.press("!102")
		s.do(&event.LegAnswered{Leg: s.LegOn("fxs2"), By: "hook"})
		s.press("!")
	},
	"conference": func(s *scene) {
		s.press("!102")
		s.do(&event.LegAnswered{Leg: s.LegOn("fxs2"), By: "hook"})
		s.press("!3")
	},
	"waiting": func(s *scene) { s.Offer(s.at+0.1, "fxo2", "") },
	"waiting, key": func(s *scene) {
		s.Offer(s.at+0.1, "fxo2", "")
		s.press("!")
	},
	"wrong key": func(s *scene) {
		s.press("!102")
		s.do(&event.LegAnswered{Leg: s.LegOn("fxs2"), By: "hook"})
		s.press("!9")
	},
}

// Every state of a telephone against every key. What must not be said is marked
// with "-"; "same" is nothing at all.
func TestEveryStateAndKey(t *testing.T) {
	putDown := "hang up"
	for scene, keys := range map[string]map[string]string{
		"talk": {
			"!": "CallHeld call=2 by=3|CallBegan call=5 leg=3|Disconnect a=1 b=3|Play leg=1 play=4 clips=[music/default]|clips=[tone/stutter]",
			"0": "same", "1": "same", "2": "same", "3": "same", "4": "same", "9": "same",
			putDown: "CallEnded call=2|Hangup leg=1|-recall",
		},
		"dial tone": {
			"!": "CallEnded call=5 cause=cancelled|CallResumed call=2 by=3|Stop leg=3|Connect a=1 b=3|Stop leg=1|-Hangup leg=1",
			"9": "cause=unknown-number|Play leg=3|tone/sit|KeyAwaited leg=3 for=return|-Hangup leg=1", "1": "DialWaited",
			putDown: "CallEnded call=5|CallTransferred call=2 by=3 station=101 how=recall|CallRouted call=2 to=recall/101|-Hangup leg=1",
		},
		"rings": {
			"!": "CallEnded call=5 cause=cancelled|Hangup leg=|CallResumed call=2|Connect a=1 b=3|-Hangup leg=1 ",
			"1": "same", "3": "same",
			putDown: "how=ringing to=station/102|CallEnded call=5 cause=normal by=3|Play leg=1|tone/ringback|-Hangup",
		},
		"failed": {
			"!": "CallResumed call=2|Connect a=1 b=3", "1": "same", "later": "CallResumed call=2|Connect a=1 b=3",
			putDown: "how=recall|CallRouted call=2 to=recall/101|-Hangup leg=1",
		},
		"two": {
			"!": "KeyAwaited leg=3 for=menu|Disconnect a=3 b=|tone/stutter|music/default|-CallHeld", "1": "same", "2": "same", "3": "same", "4": "same",
			putDown: "how=attended|CallEnded call=5 cause=normal|Connect a=1 b=|-Hangup leg=1|-recall",
		},
		"two, key": {
			"0": "CallEnded call=2|Hangup leg=1|KeyAwaited leg=3|Connect a=3 b=", "1": "CallEnded call=5|CallResumed call=2|Connect a=1 b=3",
			"2": "CallHeld call=5|CallResumed call=2|Connect a=1 b=3|-CallEnded", "!": "CallHeld call=5|CallResumed call=2|-CallEnded",
			"later": "CallHeld call=5|CallResumed call=2|Connect a=1 b=3|-CallEnded",
			"3":     "ConferenceBegan call=2 other=5 by=3|Connect a=1 b=3|Stop leg=1|-CallHeld",
			"4":     "how=attended|CallEnded call=5|Connect a=1 b=|tone/busy|-Hangup",
			"9":     "for=wrong|Play leg=3|tone/congestion|-CallEnded",
			putDown: "how=attended|-Hangup leg=1",
		},
		"conference": {
			"!": "ConferenceEnded|CallHeld call=2 by=3|Disconnect a=1 b=3|Play leg=1|-CallEnded", "0": "same", "1": "same", "4": "same",
			putDown: "ConferenceEnded|how=attended|Connect a=1 b=|-Hangup leg=1",
		},
		"waiting": {
			"!": "KeyAwaited leg=3 for=menu|Disconnect a=1 b=3|tone/stutter|-CallHeld", "2": "same",
			putDown: "CallEnded call=2|Hangup leg=1|LegBegan|Dial leg=|port=fxs1|-recall",
		},
		"waiting, key": {
			"0": "CallEnded call=5 cause=busy|AlertOver leg=3|Hangup leg=4 cause=busy|Connect a=1 b=3|-CallHeld",
			"1": "CallEnded call=2|Hangup leg=1|AlertOver leg=3|CallConnected call=5 leg=3|Connect a=4 b=3",
			"2": "CallHeld call=2 by=3|AlertOver leg=3|CallConnected call=5 leg=3|Connect a=4 b=3|-CallEnded",
			"!": "CallHeld call=2 by=3|CallConnected call=5 leg=3", "later": "CallHeld call=2 by=3|CallConnected call=5 leg=3",
			"3": "CallConnected call=5 leg=3|ConferenceBegan call=2 other=5|Connect a=1 b=3|Connect a=1 b=4",
			"4": "for=wrong|tone/congestion|-CallEnded", "9": "for=wrong|-CallEnded",
			putDown: "CallEnded call=2|Dial leg=",
		},
		"wrong key": {
			"!": "KeyAwaited leg=3|Stop leg=3|Connect a=3 b=|-CallResumed", "1": "same", "later": "KeyAwaited leg=3|Stop leg=3|Connect a=3 b=|-CallEnded",
			putDown: "how=attended|-Hangup leg=1",
		},
	} {
		for key, want := range keys {
			t.Run(scene+"/"+key, func(t *testing.T) {
				s := newScene(t)
				scenes[scene](s)
				text := ""
				switch key {
				case putDown:
					text = s.putDown()
				case "later":
					text = s.wait(5)
				default:
					text = s.press(key)
				}
				expect(t, text, want)
			})
		}
	}
}

func expect(t *testing.T, text, want string) {
	t.Helper()
	if want == "same" {
		if strings.Count(text, "\n") != 1 {
			t.Errorf("it changed something:\n%s", text)
		}
		return
	}
	for w := range strings.SplitSeq(want, "|") {
		not, isNot := strings.CutPrefix(w, "-")
		if isNot && strings.Contains(text, not) {
			t.Errorf("%q in\n%s", not, text)
		} else if !isNot && !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

// A call that comes back rings the telephone a second after it was put down, as a
// recall, and is with its person again when it is lifted: one call, its talk without
// the time on hold.
func TestRecall(t *testing.T) {
	s := newScene(t)
	s.press("!")
	s.putDown()
	expect(t, s.wait(1.2), "Dial leg=|port=fxs1 from=600123123|pattern=recall")
	s.do(&event.LegRinging{Leg: s.LegOn("fxs1")})
	expect(t, s.do(&event.LegAnswered{Leg: s.LegOn("fxs1"), By: "hook"}), "CallConnected call=2|Stop leg=1|Connect a=1 b=")
	s.hand = s.LegOn("fxs1")
	s.at += 9.5
	expect(t, s.putDown(), "CallEnded call=2 cause=normal|talkms=11000")
}

// Nobody lifts: the call goes where its line rings, and is given up in the end.
func TestRecallUnanswered(t *testing.T) {
	s := newScene(t)
	s.press("!")
	s.putDown()
	text := ""
	for range 200 {
		for _, o := range strings.Split(s.wait(1), "\n") {
			text += o + "\n"
			if strings.HasPrefix(o, "LegDropped") {
				text += s.do(&event.LegEnded{Leg: s.LegOn("fxs1"), Cause: "no-answer"})
			}
		}
	}
	expect(t, text, "CallRouted call=2 to=station/101 why=recall-no-answer|CallEnded call=2 cause=no-answer|Hangup leg=1")
}

// A transfer to a telephone that is busy or that nobody lifts comes back, with the
// cause in the record.
func TestTransferComesBack(t *testing.T) {
	s := newScene(t)
	s.press("!102")
	target := s.LegOn("fxs2")
	s.do(&event.LegRinging{Leg: target})
	s.putDown()
	s.at += 29
	expect(t, s.wait(1), "LegDropped leg=|CallRouted call=2 to=recall/101 why=no-answer|-CallEnded")
	s.do(&event.LegEnded{Leg: target, Cause: "no-answer"})
	expect(t, s.wait(1.2), "Dial leg=|port=fxs1|pattern=recall")
}

// What was transferred while it rang is one call for the customer, with the station
// that took it.
func TestRingingTransferIsTaken(t *testing.T) {
	s := newScene(t)
	s.press("!102")
	target := s.LegOn("fxs2")
	s.putDown()
	expect(t, s.do(&event.LegRinging{Leg: target}), "Play leg=1|tone/ringback")
	expect(t, s.do(&event.LegAnswered{Leg: target, By: "hook"}), "CallConnected call=2 leg=|station=102|Connect a=1 b=")
	expect(t, s.do(&event.LegEnded{Leg: s.customer, Cause: "loop-break"}), "CallEnded call=2 cause=loop-break by=1")
}

// Two parties outside are not left to each other: without the right, and without a
// line that tells a hang-up, the call comes back, and the key for it is a wrong one.
func TestOutsideToOutside(t *testing.T) {
	two := func(station string, through id.Port) (*scene, id.Leg) {
		s := newScene(t)
		s.Box.Core.Part("book")
		s.do(&event.LineChanged{Port: map[id.Port]id.Port{"fxo2": "fxo3", "fxo3": "fxo2"}[through], State: "fault"})
		if station == "103" { // the customer is sent to the boss first
			s.press("!103")
			s.do(&event.LegAnswered{Leg: s.LegOn("fxs3"), By: "hook"})
			s.putDown()
			s.hand = s.LegOn("fxs3")
		}
		s.press("!0954123001")
		s.do(&event.LegAnswered{Leg: s.LegOn(through), By: "polarity"})
		return s, s.LegOn(through)
	}
	for _, c := range []struct {
		station       string
		through       id.Port
		key, putDown_ string
	}{
		{"101", "fxo2", "for=wrong|-how=attended", "how=recall|CallEnded call=|-how=attended"},
		{"101", "fxo3", "for=wrong|-how=attended", "how=recall|-how=attended"},
		{"103", "fxo2", "for=wrong|-how=attended", "how=recall|-how=attended"},
		{"103", "fxo3", "how=attended|Connect a=1 b=", "how=attended|Connect a=1 b="},
	} {
		t.Run(c.station+" over "+string(c.through), func(t *testing.T) {
			s, _ := two(c.station, c.through)
			expect(t, s.press("!4"), c.key)
			s, _ = two(c.station, c.through)
			expect(t, s.putDown(), c.putDown_)
			s, other := two(c.station, c.through)
			s.press("!3")
			text := s.putDown()
			if c.putDown_[:12] == "how=attended" {
				expect(t, text, "ConferenceEnded|how=attended|-Hangup")
			} else {
				expect(t, text, "ConferenceEnded|CallEnded call=2|Hangup leg=1|"+paper.Sentence(order.Hangup{Leg: other, Cause: "normal"})+"|-recall")
			}
		})
	}
}

// An emergency call is out of reach of the keys, and takes nobody with it.
func TestEmergencySecondCall(t *testing.T) {
	s := newScene(t)
	expect(t, s.press("!112"), "CallHeld call=2|emergency=true|Dial leg=|to=112")
	expect(t, s.press("!"), "-CallEnded|-CallResumed")
	s.do(&event.LegAnswered{Leg: s.LegOn("fxo2"), By: "polarity"})
	for _, keys := range []string{"!", "!3", "!4", "!1"} {
		expect(t, s.press(keys), "-CallEnded|-ConferenceBegan|-CallTransferred")
	}
	expect(t, s.putDown(), "CallEnded call=5|how=recall|-Hangup leg=1 ")
}

// Putting the handset down on a queue that was dialled sends the customer there.
func TestBlindIntoQueue(t *testing.T) {
	s := newScene(t)
	s.press("!700")
	expect(t, s.putDown(), "how=blind to=queue/q|CallRouted call=2 to=queue/q why=transferred|CallQueued call=2|-Hangup leg=1 ")
}
