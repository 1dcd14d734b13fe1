package settings

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"centralita/firmware/number"
)

// Guard keeps calls to the outside from costing what nobody meant them to. It is on
// where nothing is set; emergency calls are never its business.
type Guard struct {
	Off bool `yaml:"off,omitempty" json:"off"`
	// Allow lists kinds of calls that everybody may make besides national, mobile,
	// free and shared ones: international, premium, other, out-of-hours. Bar lists
	// kinds that nobody may.
	Allow []string `yaml:"allow,omitempty" json:"allow"`
	Bar   []string `yaml:"bar,omitempty" json:"bar"`
	// Open names the hours in which calls go out; "" is while any of the office's
	// hours is open, and always where it has none.
	Open     string   `yaml:"open,omitempty" json:"open"`
	Currency string   `yaml:"currency,omitempty" json:"currency"` // shown beside amounts: EUR
	Prices   []Price  `yaml:"prices,omitempty" json:"prices"`
	Station  Limit    `yaml:"station,omitempty" json:"station"`   // of each extension that has none of its own; minutes_day is 720 where not set
	Trunk    Limit    `yaml:"trunk,omitempty" json:"trunk"`       // of each line and provider that has none of its own
	Attempts int      `yaml:"attempts,omitempty" json:"attempts"` // international or premium tries that raise an alarm, default 10
	Within   Duration `yaml:"within,omitempty" json:"within"`     // so long, default 10m
}

// Limit is what may be spent on calls to the outside; 0 and "" are no limit.
type Limit struct {
	MinutesDay   int    `yaml:"minutes_day,omitempty" json:"minutes_day"`
	MinutesMonth int    `yaml:"minutes_month,omitempty" json:"minutes_month"`
	MoneyDay     string `yaml:"money_day,omitempty" json:"money_day"` // "5.00"
	MoneyMonth   string `yaml:"money_month,omitempty" json:"money_month"`
}

// Price is what a call to numbers with a prefix costs. Prefixes are E.164 with +,
// or the beginning of what is dialled; the longest that fits counts.
type Price struct {
	Prefix string `yaml:"prefix" json:"prefix"`
	Minute string `yaml:"minute,omitempty" json:"minute"` // "0.0215"
	Setup  string `yaml:"setup,omitempty" json:"setup"`   // once for each answered call
}

// OutOfHours stands among the kinds of calls for those outside the office's hours.
const OutOfHours = "out-of-hours"

// MoneyUnit is the smallest part of the currency that is counted: a ten-thousandth.
const MoneyUnit = 10_000

var moneyForm = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,4})?$`)

// Money reads an amount in ten-thousandths of the currency; "" is 0.
func Money(s string) int64 {
	if s == "" {
		return 0
	}
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || !moneyForm.MatchString(s) {
		return 0
	}
	rest, _ := strconv.ParseInt((part + "0000")[:4], 10, 64)
	return n*MoneyUnit + rest
}

// CallKinds are the words of allow and bar.
func CallKinds() []string {
	list := []string{OutOfHours}
	for _, k := range number.Kinds {
		list = append(list, string(k))
	}
	return list
}

const pricesMax = 500

func (v *validator) guard() {
	g := v.t.Guard
	v.tolls("guard", g.Allow, g.Bar)
	if g.Open != "" && !slices.ContainsFunc(v.t.Hours, func(h Hours) bool { return h.Name == g.Open }) {
		v.add("guard.open", g.Open, "unknown-hours", clip(g.Open), v.known("hours"))
	}
	v.text("guard.currency", g.Currency, 0, 5)
	v.limit("guard.station", g.Station)
	v.limit("guard.trunk", g.Trunk)
	v.number("guard.attempts", g.Attempts, 0, 100)
	v.spanOr0("guard.within", g.Within, time.Minute, 24*time.Hour)
	v.length("guard.prices", len(g.Prices), pricesMax)
	for i, p := range g.Prices {
		at := "guard.prices[" + clip(p.Prefix) + "]"
		switch {
		case !addedForm.MatchString(p.Prefix):
			v.add(at+".prefix", p.Prefix, "prefix")
		case slices.ContainsFunc(g.Prices[:i], func(o Price) bool { return o.Prefix == p.Prefix }):
			v.add(at+".prefix", p.Prefix, "twice", p.Prefix)
		}
		v.money(at+".minute", p.Minute)
		v.money(at+".setup", p.Setup)
	}
}

// tolls checks what an office, an extension or a way out may call.
func (v *validator) tolls(at string, allow, bar []string) {
	for i, k := range allow {
		v.oneOf(fmt.Sprintf("%s.allow[%d]", at, i), k, CallKinds()...)
	}
	for i, k := range bar {
		v.oneOf(fmt.Sprintf("%s.bar[%d]", at, i), k, CallKinds()...)
	}
	v.length(at+".allow", len(allow), 20)
	v.length(at+".bar", len(bar), 20)
}

func (v *validator) limit(at string, l Limit) {
	v.number(at+".minutes_day", l.MinutesDay, 0, 100_000)
	v.number(at+".minutes_month", l.MinutesMonth, 0, 3_000_000)
	v.money(at+".money_day", l.MoneyDay)
	v.money(at+".money_month", l.MoneyMonth)
}

func (v *validator) money(path, s string) {
	if s != "" && !moneyForm.MatchString(s) {
		v.add(path, s, "money")
	}
}
