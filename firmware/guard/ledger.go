package guard

import (
	"fmt"
	"strings"
	"time"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/number"
	"centralita/firmware/settings"
)

// toll is a leg to the outside that somebody pays for.
type toll struct {
	station  id.Station
	port     id.Port
	free     bool // an emergency call: charged, never cut
	price    price
	answered bool
	since    int64 // At of the answer
}

// price in ten-thousandths of the currency. Amounts of money are kept sixty
// thousand times finer, so that minutes' prices and milliseconds multiply without a
// remainder.
type price struct{ minute, setup int64 }

const (
	fine = 60_000
	// dearest bounds a price a minute: a thousand of any currency. A month of it stays
	// far within an int64 of the fine unit.
	dearest = 1000 * settings.MoneyUnit
)

// account is what was spent in a day and in a month.
type account struct {
	day, month     int64 // of the office's calendar
	dayMS, monthMS int64
	dayPaid        int64 // fine
	monthPaid      int64
}

// price is that of the longest prefix that fits, free where none does.
func (g *Guard) price(dialled string) price {
	t := g.book.Office()
	global, ok := number.Global(t.CountryCode(), dialled)
	best, length := price{}, -1
	for _, p := range t.Guard.Prices {
		rest, plus := strings.CutPrefix(p.Prefix, "+")
		fits := plus && ok && strings.HasPrefix(global, rest) || !plus && strings.HasPrefix(dialled, p.Prefix)
		if fits && len(rest) > length {
			best, length = price{min(settings.Money(p.Minute), dearest), min(settings.Money(p.Setup), dearest)}, len(rest)
		}
	}
	return best
}

func (g *Guard) month(wall int64) int64 {
	t := g.book.Local(wall)
	return int64(t.Year())*12 + int64(t.Month()) - 1
}

// sinceMidnight and sinceFirst are how long the day and the month go on already.
func (g *Guard) sinceMidnight(wall int64) int64 {
	t := g.book.Local(wall)
	return wall - time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()).UnixMilli()
}

func (g *Guard) sinceFirst(wall int64) int64 {
	t := g.book.Local(wall)
	return wall - time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, t.Location()).UnixMilli()
}

// payers are the accounts that a leg is charged to.
func (t *toll) payers() []string {
	list := []string{string(t.port)}
	if t.station != "" {
		list = append(list, "station/"+string(t.station))
	}
	return list
}

// at is what an account has spent by a moment, calls that ended alone.
func (g *Guard) at(now core.Time, of string) account {
	a := account{day: g.book.Day(now.Wall), month: g.month(now.Wall)}
	if known := g.spent[of]; known != nil {
		if known.day == a.day {
			a.dayMS, a.dayPaid = known.dayMS, known.dayPaid
		}
		if known.month == a.month {
			a.monthMS, a.monthPaid = known.monthMS, known.monthPaid
		}
	}
	return a
}

// add puts a call on an account: the part of it that lies in this day and month.
func (g *Guard) add(now core.Time, a *account, t *toll) {
	if !t.answered {
		return
	}
	ms := max(0, now.At-t.since)
	day, month := min(ms, g.sinceMidnight(now.Wall)), min(ms, g.sinceFirst(now.Wall))
	a.dayMS += day
	a.monthMS += month
	a.dayPaid += day * t.price.minute
	a.monthPaid += month * t.price.minute
	if day == ms {
		a.dayPaid += t.price.setup * fine
	}
	if month == ms {
		a.monthPaid += t.price.setup * fine
	}
}

// spentMax bounds the accounts: the extensions and ways out of the largest office.
const spentMax = 1100

// charge puts an ended leg on its accounts.
func (g *Guard) charge(now core.Time, t *toll) {
	for _, of := range t.payers() {
		a := g.at(now, of)
		g.add(now, &a, t)
		if g.spent[of] != nil || len(g.spent) < spentMax {
			g.spent[of] = &a
		}
	}
}

// running is what an account has spent by a moment, calls under way included, and
// what they spend: milliseconds and money each millisecond.
func (g *Guard) running(now core.Time, of string) (a account, calls, paying int64) {
	a = g.at(now, of)
	for _, l := range g.live[of] {
		t := g.legs[l]
		g.add(now, &a, t)
		calls++
		paying += t.price.minute
	}
	return a, calls, paying
}

// stationMinutes is how long an extension may call out in a day where nothing is
// set: twelve hours are more than anybody talks, and less than a stolen password
// spends in one hour of many calls at once.
const stationMinutes = 720

// limitOf is the limit of an account.
func (g *Guard) limitOf(of string) settings.Limit {
	t := g.book.Office()
	own, common := settings.Limit{}, t.Guard.Trunk
	if d := id.Destination(of); d.Kind() == "station" {
		s, _ := g.book.Station(id.Station(d.Name()))
		own, common = s.Limit, t.Guard.Station
		if common.MinutesDay == 0 {
			common.MinutesDay = stationMinutes
		}
	} else if l, ok := t.LineByPort(id.Port(of)); ok {
		own = l.Limit
	} else if k, ok := t.TrunkByName(d.Name()); ok {
		own = k.Limit
	}
	if own.MinutesDay == 0 {
		own.MinutesDay = common.MinutesDay
	}
	if own.MinutesMonth == 0 {
		own.MinutesMonth = common.MinutesMonth
	}
	if own.MoneyDay == "" {
		own.MoneyDay = common.MoneyDay
	}
	if own.MoneyMonth == "" {
		own.MoneyMonth = common.MoneyMonth
	}
	return own
}

// bound is one limit with what is spent of it, in the same unit, and how fast.
type bound struct {
	of, limit  string
	used, most int64 // milliseconds, or fine money
	speed      int64 // a millisecond
	shown      string
}

// bounds lists the limits of an account.
func (g *Guard) bounds(now core.Time, of string) []bound {
	l := g.limitOf(of)
	a, calls, paying := g.running(now, of)
	var list []bound
	minutes := func(limit string, most int, used int64) {
		if most > 0 {
			list = append(list, bound{of, limit, used, int64(most) * 60_000, calls, fmt.Sprintf("%d min", most)})
		}
	}
	money := func(limit, most string, used int64) {
		if m := settings.Money(most); m > 0 {
			list = append(list, bound{of, limit, used, m * fine, paying, strings.TrimSpace(most + " " + g.book.Office().Guard.Currency)})
		}
	}
	minutes("minutes_day", l.MinutesDay, a.dayMS)
	minutes("minutes_month", l.MinutesMonth, a.monthMS)
	money("money_day", l.MoneyDay, a.dayPaid)
	money("money_month", l.MoneyMonth, a.monthPaid)
	return list
}

// overspent is the verdict of an account's limits.
func (g *Guard) overspent(now core.Time, of string) verdict {
	for _, b := range g.bounds(now, of) {
		if b.used >= b.most {
			return verdict{rule: "limit", of: of, limit: b.limit}
		}
	}
	return verdict{}
}
