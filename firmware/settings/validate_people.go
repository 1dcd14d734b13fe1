package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"centralita/firmware/id"
)

var promptForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,79}(/[a-z0-9][a-z0-9._-]{0,79})?$`)

func (v *validator) people() {
	v.length("people", len(v.t.People), listMax)
	var before []string
	for _, p := range v.t.People {
		at := "people[" + clip(p.Name) + "]"
		v.name(at+".name", p.Name, before)
		before = append(before, p.Name)
		v.oneOf(at+".role", p.Role, "agent", "supervisor", "owner", "installer")
		v.text(at+".label", p.Label, 0, 40)
		v.languages(at+".languages", p.Languages)
		for _, skill := range slices.Sorted(maps.Keys(p.Skills)) {
			v.number(at+".skills["+clip(skill)+"]", p.Skills[skill], 1, 10)
		}
		v.oneOf(at+".ready", p.Ready, "", "always")
		v.personStation(at+".station", p)
	}
}

func (v *validator) personStation(path string, p Person) {
	if _, ok := v.stations[string(p.Station)]; !ok && p.Station != "" {
		v.add(path, string(p.Station), "unknown-station", clip(string(p.Station)), v.known("station"))
	}
	if p.Station == "" && p.Ready == "always" {
		v.add(path, "", "always-station")
	}
}

func (v *validator) hours() {
	v.length("hours", len(v.t.Hours), 50)
	var before []string
	for _, h := range v.t.Hours {
		at := "hours[" + clip(h.Name) + "]"
		v.name(at+".name", h.Name, before)
		before = append(before, h.Name)
		if len(h.Weekly) == 0 {
			v.warn(at+".weekly", "", "never-open")
		}
		for _, days := range slices.Sorted(maps.Keys(h.Weekly)) {
			v.weekly(at+".weekly["+clip(days)+"]", days, h.Weekly[days])
		}
		for i, d := range h.Holidays.Also {
			if _, err := time.Parse(time.DateOnly, d); err != nil {
				v.add(fmt.Sprintf("%s.holidays.also[%d]", at, i), d, "date")
			}
		}
		v.length(at+".holidays.also", len(h.Holidays.Also), listMax)
	}
}

// Days of the week as the document writes them.
var weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

func (v *validator) weekly(path, days string, spans []string) {
	from, to, isRange := strings.Cut(days, "-")
	if !slices.Contains(weekdays, from) || isRange && !slices.Contains(weekdays, to) {
		v.add(path, days, "weekday", strings.Join(weekdays, ", "))
	}
	v.length(path, len(spans), 10)
	for i, s := range spans {
		open, shut, _ := strings.Cut(s, "-")
		a, okA := clock(open)
		b, okB := clock(shut)
		if !okA || !okB || a >= b {
			v.add(fmt.Sprintf("%s[%d]", path, i), s, "opening")
		}
	}
}

// clock reads "09:30" as minutes since midnight; "24:00" is the day's end.
func clock(s string) (int, bool) {
	if s == "24:00" {
		return 24 * 60, true
	}
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == 5
}

func (v *validator) menus() {
	v.length("menus", len(v.t.Menus), 50)
	var before []string
	for _, m := range v.t.Menus {
		at := "menus[" + clip(m.Name) + "]"
		v.name(at+".name", m.Name, before)
		before = append(before, m.Name)
		if _, ok := v.t.HoursByName(m.Open); m.Open != "" && !ok {
			v.add(at+".open", m.Open, "unknown-hours", clip(m.Open), v.known("hours"))
		}
		v.destination(at+".closed", m.Closed, false)
		if len(m.Say) == 0 {
			v.add(at+".say", "", "missing")
		}
		v.prompts(at+".say", m.Say)
		if len(m.Keys) == 0 {
			v.warn(at+".keys", "", "no-keys")
		}
		for _, k := range slices.Sorted(maps.Keys(m.Keys)) {
			if len(k) != 1 || !strings.Contains("0123456789*#", k) {
				v.add(at+".keys["+clip(k)+"]", k, "key")
			}
			v.destination(at+".keys["+clip(k)+"]", m.Keys[k], true)
		}
		v.spanOr0(at+".no_key.after", m.NoKey.After, time.Second, time.Minute)
		v.number(at+".no_key.times", m.NoKey.Times, 0, 10)
		v.destination(at+".no_key.then", m.NoKey.Then, false)
		v.oneOf(at+".language", m.Lang, "", "es", "it", "en")
	}
}

func (v *validator) prompts(path string, list []string) {
	v.length(path, len(list), 20)
	for i, p := range list {
		if !promptForm.MatchString(p) {
			v.add(fmt.Sprintf("%s[%d]", path, i), p, "prompt")
		}
	}
}

func (v *validator) queues() {
	v.length("queues", len(v.t.Queues), queueMax)
	var before []string
	for _, q := range v.t.Queues {
		at := "queues[" + clip(q.Name) + "]"
		v.name(at+".name", q.Name, before)
		before = append(before, q.Name)
		v.agents(at, q)
		v.oneOf(at+".strategy", q.Strategy, "", "longest-idle")
		v.spanOr0(at+".ring", q.Ring, 5*time.Second, 2*time.Minute)
		v.span(at+".wrap_up", q.WrapUp, 0, time.Hour)
		v.spanOr0(at+".max_wait.after", q.MaxWait.After, 10*time.Second, 4*time.Hour)
		v.destination(at+".max_wait.then", q.MaxWait.Then, q.MaxWait.After > 0)
		if q.MaxWait.Then == id.To("queue", q.Name) {
			v.add(at+".max_wait.then", string(q.MaxWait.Then), "itself")
		}
		v.spanOr0(at+".target.answered_within", q.Target.AnsweredWithin, time.Second, time.Hour)
		v.number(at+".target.share", q.Target.Share, 0, 100)
		v.spanOr0(at+".announce.every", q.Announce.Every, 10*time.Second, 10*time.Minute)
		if q.Music != "" && !promptForm.MatchString(q.Music) {
			v.add(at+".music", q.Music, "prompt")
		}
		v.span(at+".record.keep", q.Record.Keep, 0, 3660*24*time.Hour)
		v.prompts(at+".welcome", q.Welcome)
	}
}

func (v *validator) agents(at string, q Queue) {
	if len(q.Agents) == 0 {
		v.warn(at+".agents", "", "queue-empty", q.Name)
	}
	v.length(at+".agents", len(q.Agents), listMax)
	for i, a := range q.Agents {
		path := fmt.Sprintf("%s.agents[%d]", at, i)
		if _, ok := v.t.PersonByName(id.Person(a)); !ok {
			v.add(path, a, "unknown-person", clip(a), v.known("person"))
		} else if slices.Contains(q.Agents[:i], a) {
			v.add(path, a, "twice", a)
		}
	}
}
