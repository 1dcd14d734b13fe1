package guard

import (
	"strconv"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// Picture is the view "spending".
type Picture struct {
	Off      bool      `json:"off"`
	Currency string    `json:"currency"`
	Accounts []Spent   `json:"accounts"`
	Refused  []Refused `json:"refused"` // newest first
}

// Spent is what one extension or way out has spent, calls under way included.
type Spent struct {
	Of           string `json:"of"`
	MinutesDay   int64  `json:"minutes_day"`
	MinutesMonth int64  `json:"minutes_month"`
	MoneyDay     string `json:"money_day"`
	MoneyMonth   string `json:"money_month"`
	Percent      int    `json:"percent"` // of the limit that is spent most
	Limit        string `json:"limit"`   // that one
	Most         string `json:"most"`
}

// Refused is one call that did not go out, as event.CallBarred has it.
type Refused struct {
	Wall    int64      `json:"wall"`
	Call    id.Call    `json:"call"`
	Station id.Station `json:"station"`
	Number  string     `json:"number"`
	Rule    string     `json:"rule"`
	What    string     `json:"what"`
	Of      string     `json:"of"`
	Limit   string     `json:"limit"`
}

func (g *Guard) look(now core.Time) Picture {
	s := g.book.Office().Guard
	p := Picture{Off: s.Off, Currency: s.Currency, Accounts: []Spent{}, Refused: []Refused{}}
	for _, of := range g.accounts() {
		a, _, _ := g.running(now, of)
		row := Spent{Of: of, MinutesDay: a.dayMS / 60_000, MinutesMonth: a.monthMS / 60_000, MoneyDay: money(a.dayPaid), MoneyMonth: money(a.monthPaid)}
		for _, b := range g.bounds(now, of) {
			if n := int(b.used * 100 / b.most); n >= row.Percent {
				row.Percent, row.Limit, row.Most = n, b.limit, b.shown
			}
		}
		p.Accounts = append(p.Accounts, row)
	}
	for i := len(g.refused) - 1; i >= 0; i-- {
		p.Refused = append(p.Refused, g.refused[i])
	}
	return p
}

// money writes an amount with two decimals, the way prices are written.
func money(paid int64) string {
	cents := paid / fine / (settings.MoneyUnit / 100)
	text := strconv.FormatInt(cents, 10)
	for len(text) < 3 {
		text = "0" + text
	}
	return strings.Join([]string{text[:len(text)-2], text[len(text)-2:]}, ".")
}
