package guard

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// nearPercent of a limit raises the first alarm.
const nearPercent = 80

const (
	prefix     = "guard/"
	patternKey = prefix + "pattern"
	textNear   = "alarm.guard.near"
	textSpent  = "alarm.guard.spent"
	textTries  = "alarm.guard.pattern"
)

func ours(key string) bool { return strings.HasPrefix(key, prefix) }

func (b bound) key() string { return prefix + b.of + "/" + b.limit }

// mark is the text of the alarm that a bound is worth, "" none.
func (b bound) mark() (text, severity string, percent int) {
	switch {
	case b.used >= b.most:
		return textSpent, "major", 100
	case b.used*100 >= b.most*nearPercent:
		return textNear, "minor", nearPercent
	}
	return "", "", 0
}

// accountOf is whom the alarm of a limit is about.
func accountOf(key string) string {
	of := strings.TrimPrefix(key, prefix)
	return of[:max(0, strings.LastIndexByte(of, '/'))]
}

// accounts lists whom something was or is being charged to.
func (g *Guard) accounts() []string {
	all := map[string]bool{}
	for of := range g.spent {
		all[of] = true
	}
	for of := range g.live {
		all[of] = true
	}
	return slices.Sorted(maps.Keys(all))
}

// dueBy lists the accounts that something is due for.
func (g *Guard) dueBy(at int64) []string {
	var list []string
	for of, due := range g.dues {
		if due <= at {
			list = append(list, of)
		}
	}
	slices.Sort(list)
	return list
}

// review raises and clears the alarms of limits, and ends calls whose limit is spent.
func (g *Guard) review(now core.Time, accounts []string, out *core.Out) {
	for _, of := range accounts {
		for _, b := range g.bounds(now, of) {
			text, severity, percent := b.mark()
			if text == "" || g.book.Office().Guard.Off {
				continue
			}
			if g.raised[b.key()] != text {
				out.Say(&event.LimitNeared{Of: of, Limit: b.limit, Percent: int64(percent), Most: b.shown})
				out.Say(&event.AlarmRaised{Key: b.key(), Severity: severity, Text: text, Args: []string{of, b.shown, "#guard.limit." + b.limit}})
			}
			if percent == 100 {
				g.cut(now, of, out)
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(g.raised)) {
		if key != patternKey && !g.lasts(now, key) {
			out.Say(&event.AlarmCleared{Key: key})
		}
	}
}

// lasts reports whether a limit's alarm is still true.
func (g *Guard) lasts(now core.Time, key string) bool {
	if g.book.Office().Guard.Off {
		return false
	}
	for _, b := range g.bounds(now, accountOf(key)) {
		if text, _, _ := b.mark(); b.key() == key && text != "" {
			return true
		}
	}
	return false
}

// cut ends the calls that somebody with a spent limit pays for.
func (g *Guard) cut(now core.Time, of string, out *core.Out) {
	var over []id.Leg
	for l, t := range g.legs {
		if t.answered && !t.free && slices.Contains(t.payers(), of) {
			over = append(over, l)
		}
	}
	slices.SortFunc(over, func(a, b id.Leg) int { return cmp.Compare(a, b) })
	for _, l := range over {
		if c := g.book.CallOfLeg(l); c != nil && !c.Emergency {
			g.book.End(now, out, c.ID, forbidden, 0)
		}
	}
}

func (g *Guard) watch() (attempts int, within int64) {
	s := g.book.Office().Guard
	attempts = s.Attempts
	if attempts == 0 {
		attempts = 10
	}
	return attempts, s.Within.Or(10 * time.Minute).Milliseconds()
}

// pattern raises an alarm when many international or premium calls were tried in a
// short time, allowed or not: that is how a stolen password shows.
func (g *Guard) pattern(now core.Time, out *core.Out) {
	attempts, within := g.watch()
	many := len(g.tries) >= attempts && g.tries[len(g.tries)-attempts]+within > now.At && !g.book.Office().Guard.Off
	switch {
	case many && g.raised[patternKey] == "":
		out.Say(&event.AlarmRaised{Key: patternKey, Severity: "major", Text: textTries, Args: []string{strconv.Itoa(attempts), strconv.FormatInt(within/60_000, 10)}})
	case !many && g.raised[patternKey] != "":
		out.Say(&event.AlarmCleared{Key: patternKey})
	}
}

// Due is when a limit is neared or spent by the calls under way, and when an alarm
// is over.
func (g *Guard) Due() int64 {
	due := int64(0)
	for _, at := range g.dues {
		due = core.Sooner(due, at)
	}
	if attempts, within := g.watch(); g.raised[patternKey] != "" && len(g.tries) >= attempts {
		due = core.Sooner(due, g.tries[len(g.tries)-attempts]+within)
	}
	return due
}

// plan notes when something is due for an account.
func (g *Guard) plan(of string) {
	due := int64(0)
	for _, b := range g.bounds(g.last, of) {
		text, _, _ := b.mark()
		if text != g.raised[b.key()] {
			due = core.Sooner(due, max(1, g.last.At)) // by the end of a call
		}
		for _, mark := range []int64{(b.most*nearPercent + 99) / 100, b.most} {
			if b.speed > 0 && b.used < mark {
				due = core.Sooner(due, g.last.At+(mark-b.used+b.speed-1)/b.speed)
			}
		}
		if g.raised[b.key()] != "" {
			due = core.Sooner(due, g.last.At+g.untilOver(b.key()))
		}
	}
	if due == 0 || g.book.Office().Guard.Off {
		delete(g.dues, of)
	} else {
		g.dues[of] = due
	}
}

// untilOver is how long the day or month of a limit goes on.
func (g *Guard) untilOver(key string) int64 {
	t := g.book.Local(g.last.Wall)
	next := time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
	if strings.HasSuffix(key, "_month") {
		next = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, t.Location())
	}
	return next.UnixMilli() - g.last.Wall
}
