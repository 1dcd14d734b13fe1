package linecare

import (
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/line/profile"
)

// prefix of the keys of our alarms: "drift/fxo3/release.loop-break".
const prefix = "drift/"

func ours(key string) bool { return strings.HasPrefix(key, prefix) }

// alarms raises what has drifted at a port, and clears what is back.
func (c *Care) alarms(port id.Port, out *core.Out) {
	var drifts []profile.Drift
	if p := c.lines[port]; p != nil {
		drifts = p.Drifts()
	}
	of := prefix + string(port) + "/"
	lasting := map[string]bool{}
	for _, d := range drifts {
		key := of + d.Item
		lasting[key] = true
		if !c.raised[key] {
			out.Say(c.alarm(port, key, d))
		}
	}
	for _, key := range c.keys() {
		if strings.HasPrefix(key, of) && !lasting[key] {
			out.Say(&event.AlarmCleared{Key: key})
		}
	}
}

func (c *Care) keys() []string {
	list := make([]string, 0, len(c.raised))
	for k := range c.raised {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// alarm is the sentence of a drift. Arguments that begin with # are words of the
// catalogue, with @ moments of the office's clock.
func (c *Care) alarm(port id.Port, key string, d profile.Drift) *event.AlarmRaised {
	since := "@" + c.book.Local(d.Since).Format("2006-01-02T15:04")
	if d.Lost {
		severity := "warning"
		if strings.HasPrefix(d.Item, "release.") {
			severity = "minor" // hang-ups may be seen later now
		}
		return &event.AlarmRaised{Key: key, Severity: severity, Text: "alarm.lost." + d.Item, Args: []string{string(port), since}}
	}
	was, is := said(d.Item, d.Text), said(d.Item, d.Now)
	if d.Unit != "" {
		was, is = Quantity(d.Was, d.Unit), Quantity(d.Is, d.Unit)
	}
	return &event.AlarmRaised{
		Key: key, Severity: "warning", Text: "alarm.line-drift", Args: []string{string(port), "#item." + d.Item, was, is, since},
	}
}

// Quantity is a value with its unit as people write it: no decimals where they
// mean nothing.
func Quantity(v float64, unit string) string {
	digits := 0
	if unit == "REN" {
		digits = 1
	}
	return strconv.FormatFloat(v, 'f', digits, 64) + " " + unit
}
