package guard_test

import (
	"strings"
	"testing"
	"time"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/guard"
	"centralita/firmware/id"
)

const office = `
office: {name: Guarded, country: ES, time_zone: Europe/Madrid, languages: [es]}
lines: [{name: fxo1, rings: station/101}]
trunks: [{name: prov, server: sip.example.test, rings: station/102, calls: 20}]
stations:
  - {extension: "101", handset: fxs1}
  - {extension: "102", handset: fxs2}
  - {extension: "201", sip: {password: x}}
dial_plan:
  outside: [{prefix: "0", through: [fxo1, trunk/prov]}]
`

func drive(t *testing.T, change ...string) *paper.Drive {
	return paper.NewDrive(strings.NewReplacer(change...).Replace(office), t.Fatalf)
}

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func hasNot(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, w := range wants {
		if strings.Contains(text, w) {
			t.Errorf("%q in\n%s", w, text)
		}
	}
}

// Where nothing is set national, mobile and free numbers go out; numbers abroad,
// premium ones and the beginning of one do not, and the caller hears why.
func TestWhatGoesOutUnasked(t *testing.T) {
	for number, clip := range map[string]string{
		"0954123001": "", "0612345678": "", "0900123123": "", "0902123123": "", "0016": "", "00117": "",
		"00033123456789": "international", "0806123123": "premium", "011811": "premium", "01": "number", "0*21*600": "number",
	} {
		d := drive(t)
		l, text := d.Offer(1, "fxs1", number)
		if clip == "" {
			has(t, text, "Dial leg=")
			continue
		}
		hasNot(t, text, "Dial leg=")
		has(t, text, "CallBarred call=2 station=101", "prompt/barred-"+clip)
		var play id.Play
		for _, e := range d.Journal {
			if b, ok := e.Fact.(*event.CallBarred); ok {
				play = b.Play
			}
		}
		has(t, d.At(4, &event.PlayEnded{Leg: l, Play: play}), "CallEnded call=2 cause=forbidden")
	}
}

// A phone that is not answered yet hears the sentence as early sound.
func TestPhoneHearsWhy(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.PhoneChanged{Station: "201", Registered: true})
	_, text := d.Offer(1, "sip/201", "00033123456789")
	has(t, text, "Progress leg=1 sound=true", "Play leg=1", "prompt/barred-international")
}

// Who allows is heard where nobody nearer bars: office, extension, way out.
func TestAllowAndBar(t *testing.T) {
	const abroad, mobile = "00033123456789", "0612345678"
	for _, c := range []struct {
		name, old, new, number, want string
	}{
		{"office allows", "dial_plan:", "guard: {allow: [international]}\ndial_plan:", abroad, "port=fxo1 to=0033123456789"},
		{"extension allows", "handset: fxs1", "handset: fxs1, allow: [international]", abroad, "port=fxo1"},
		{"another extension allows", "handset: fxs2", "handset: fxs2, allow: [international]", abroad, "CallBarred"},
		{"the provider alone allows", "calls: 20", "calls: 20, allow: [international]", abroad, "port=trunk/prov"},
		{"the line bars", "rings: station/101}", "rings: station/101, bar: [mobile]}", mobile, "port=trunk/prov"},
		{"office bars", "dial_plan:", "guard: {bar: [mobile]}\ndial_plan:", mobile, "what=mobile"},
		{"office bars, extension allows", "handset: fxs1", "handset: fxs1, allow: [mobile]", mobile, "port=fxo1"},
		{"extension bars", "handset: fxs1", "handset: fxs1, bar: [mobile], allow: [mobile]", mobile, "what=mobile"},
		{"off", "dial_plan:", "guard: {off: true}\ndial_plan:", abroad, "port=fxo1"},
	} {
		d := drive(t, c.old, c.new)
		_, text := d.Offer(1, "fxs1", c.number)
		if !strings.Contains(text, c.want) {
			t.Errorf("%s: no %q in\n%s", c.name, c.want, text)
		}
	}
}

// Outside the office's hours nothing goes out but emergency calls, until allowed.
func TestHours(t *testing.T) {
	closed := "hours: [{name: never, weekly: {mon: [\"03:00-03:01\"]}}]\ndial_plan:"
	d := drive(t, "dial_plan:", closed)
	_, text := d.Offer(1, "fxs1", "0954123001")
	has(t, text, "rule=hours", "prompt/barred-hours")
	_, text = d.Offer(2, "fxs2", "112")
	has(t, text, "Dial leg=", "to=112")
	d = drive(t, "dial_plan:", closed, "handset: fxs1", "handset: fxs1, allow: [out-of-hours]")
	_, text = d.Offer(1, "fxs1", "0954123001")
	has(t, text, "Dial leg=")
	d = drive(t, "dial_plan:", "guard: {open: always}\nhours: [{name: never, weekly: {mon: [\"03:00-03:01\"]}}, {name: always, weekly: {mon-sun: [\"00:00-24:00\"]}}]\ndial_plan:")
	_, text = d.Offer(1, "fxs1", "0954123001")
	has(t, text, "Dial leg=")
}

// Emergency calls pass whatever is barred or spent.
func TestEmergencyIsNeverBarred(t *testing.T) {
	d := drive(t, "dial_plan:", "guard: {bar: [national, mobile, free, shared, other], station: {minutes_day: 1}}\ndial_plan:")
	for i, number := range []string{"112", "0112", "091"} {
		_, text := d.Offer(float64(i+1), []id.Port{"fxs1", "fxs2", "sip/201"}[i], number)
		has(t, text, "Dial leg=", "emergency=true")
		hasNot(t, text, "CallBarred")
	}
}

// talk makes a call and answers it; the legs are the caller's and the outside's.
func talk(t *testing.T, d *paper.Drive, at float64, port id.Port, number string) (id.Leg, id.Leg) {
	t.Helper()
	l, text := d.Offer(at, port, number)
	has(t, text, "Dial leg=")
	var out id.Leg
	for _, e := range d.Journal {
		if b, ok := e.Fact.(*event.LegBegan); ok {
			out = b.Leg
		}
	}
	d.At(at+0.1, &event.LegAnswered{Leg: out, By: "sip", Sure: 100})
	return l, out
}

// due is the second at which the guard wants to be woken, 0 never.
func due(d *paper.Drive) float64 {
	return float64(d.Core.Part("guard").(core.Timed).Due()) / 1000
}

// An extension's minutes: an alarm at 80 percent, the call is ended at 100, the next
// one is refused; the next day all is new.
func TestMinutesOfAnExtension(t *testing.T) {
	d := drive(t, "handset: fxs1", "handset: fxs1, limit: {minutes_day: 10}")
	talk(t, d, 1, "fxs1", "0954123001")
	if at := due(d); at != 1.1+480 {
		t.Fatalf("wants to be woken at %v", at)
	}
	text := d.At(due(d), &event.Woke{})
	has(t, text, "LimitNeared of=station/101 limit=minutes_day percent=80", "alarm.guard.near")
	hasNot(t, text, "CallEnded")
	if at := due(d); at != 1.1+600 {
		t.Fatalf("then at %v", at)
	}
	text = d.At(due(d), &event.Woke{})
	has(t, text, "percent=100", "alarm.guard.spent", "cause=forbidden", "Hangup")
	d.At(602, &event.LegEnded{Leg: d.LegOn("fxo1"), Cause: "normal"})
	d.At(603, &event.LegEnded{Leg: 1, Cause: "normal"})
	_, text = d.Offer(700, "fxs1", "0954123001")
	has(t, text, "rule=limit", "of=station/101", "limit=minutes_day", "prompt/barred-limit")
	_, text = d.Offer(701, "fxs2", "0954123001")
	has(t, text, "Dial leg=") // another extension's minutes are its own
	midnight := due(d)
	has(t, d.At(midnight, &event.Woke{}), "AlarmCleared key=guard/station/101/minutes_day")
	if left := due(d); left != 0 && left <= midnight {
		t.Errorf("due again at %v", left)
	}
}

// Money goes by the longest prefix, with the price of the beginning of a call; a way
// out whose limit is spent is passed over, and a limit counts two calls at once.
func TestMoneyOfAWayOut(t *testing.T) {
	d := drive(t, "dial_plan:", `guard: {allow: [international], currency: EUR, prices: [{prefix: "+33", minute: "0.10", setup: "0.50"}, {prefix: "+336", minute: "0.60"}, {prefix: "9", minute: "0.01"}]}
dial_plan:`, "rings: station/101}", "rings: station/101, limit: {money_day: \"2.00\"}}")
	_, out := talk(t, d, 1, "fxs1", "00033123456789")
	d.At(1.1+9*60, &event.LegEnded{Leg: out, Cause: "normal"}) // 0.50 + 9 · 0.10
	view := func(at float64) map[string]guard.Spent {
		p := guard.Feature.Views[0].Look(d.Core.Part("guard"), d.Now(at)).(guard.Picture)
		by := map[string]guard.Spent{}
		for _, a := range p.Accounts {
			by[a.Of] = a
		}
		return by
	}
	if s := view(600)["fxo1"]; s.MoneyDay != "1.40" || s.MinutesDay != 9 || s.Percent != 70 || s.Limit != "money_day" || s.Most != "2.00 EUR" {
		t.Errorf("%+v", s)
	}
	talk(t, d, 1000, "fxs2", "00033612345678") // 0.60 a minute: one minute is left
	if at := due(d); at < 1000.1+19 || at > 1000.1+21 {
		t.Errorf("80 percent at %v", at)
	}
	has(t, d.At(due(d), &event.Woke{}), "LimitNeared of=fxo1 limit=money_day percent=80")
	at := due(d)
	has(t, d.At(at, &event.Woke{}), "percent=100", "CallEnded")
	d.At(at+1, &event.LegEnded{Leg: d.LegOn("fxo1"), Cause: "normal"})
	_, text := d.Offer(at+60, "fxs1", "0954123001")
	has(t, text, "port=trunk/prov")
}

// What was spent is known after a restart; calls that the power cut ended are charged
// as far as the journal tells.
func TestRestart(t *testing.T) {
	d := drive(t, "handset: fxs1", "handset: fxs1, limit: {minutes_day: 10}")
	_, out := talk(t, d, 1, "fxs1", "0954123001")
	d.At(301, &event.LegEnded{Leg: out, Cause: "normal"})
	talk(t, d, 400, "fxs1", "0954123001")
	d.At(400.1+200, &event.LineChanged{Port: "fxo1", State: "ready"})
	again := paper.New()
	for _, e := range d.Journal {
		again.Core.Replay(e.Now, e.Fact)
	}
	again.Core.Step(d.Now(5000), &event.BoxStarted{})
	p := guard.Feature.Views[0].Look(again.Core.Part("guard"), d.Now(5000)).(guard.Picture)
	for _, a := range p.Accounts {
		if a.Of == "station/101" && (a.MinutesDay != 8 || a.Percent != 83) {
			t.Errorf("%+v", a)
		}
	}
	if len(p.Accounts) != 2 {
		t.Errorf("%+v", p.Accounts)
	}
}

// Many tries abroad raise an alarm, allowed or not; it goes when they have stopped.
func TestPattern(t *testing.T) {
	d := drive(t, "dial_plan:", "guard: {attempts: 3, within: 5m}\ndial_plan:")
	var text string
	for i := range 3 {
		var l id.Leg
		l, text = d.Offer(float64(10*i+1), "fxs1", "00033123456789")
		if i < 2 {
			hasNot(t, text, "guard.pattern")
		}
		d.At(float64(10*i+2), &event.LegEnded{Leg: l, Cause: "normal"})
	}
	has(t, text, "AlarmRaised key=guard/pattern severity=major text=alarm.guard.pattern args=[3 5]")
	if at := due(d); at != 301 {
		t.Errorf("woken at %v", at)
	}
	has(t, d.At(301, &event.Woke{}), "AlarmCleared key=guard/pattern")
	p := guard.Feature.Views[0].Look(d.Core.Part("guard"), d.Now(301)).(guard.Picture)
	if len(p.Refused) != 3 || p.Refused[0].Number != "0033123456789" || p.Refused[0].Station != "101" || time.UnixMilli(p.Refused[0].Wall).IsZero() {
		t.Errorf("%+v", p.Refused)
	}
}

// A telephone that would forward its calls abroad by a code is told at once that it may
// not.
func TestForwardAbroadByCode(t *testing.T) {
	d := drive(t)
	_, text := d.Offer(1, "fxs1", "*72000447700900123")
	has(t, text, "CallBarred call=2 station=101 number=00447700900123 rule=kind", "prompt/barred-international")
	hasNot(t, text, "ForwardSet")
	_, text = d.Offer(2, "fxs2", "*720612345678")
	has(t, text, "ForwardSet station=102 when=always to=0612345678")
}
