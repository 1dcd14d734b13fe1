package guard

import (
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/settings"
)

// forwards refuses a telephone that wants its calls forwarded by a code to where it may
// not call: "forward/WHEN/NUMBER". Each call that is forwarded is judged again in its
// turn; here the person is told at once. Hours and limits may be others by then.
func (g *Guard) forwards(now core.Time, e *event.CallRouted, out *core.Out) {
	c := g.book.Call(e.Call)
	if c == nil || e.To.Kind() != "forward" || c.Where != e.To || len(e.Through) == 0 || g.book.Office().Guard.Off {
		return
	}
	_, dialled, _ := strings.Cut(e.To.Name(), "/")
	o := &outgoing{station: g.payer(c), number: beyond(g.book.Office().DialPlan.Outside, dialled)}
	for _, p := range e.Through {
		if g.may(o, p, string(g.kind(o.number))) {
			return
		}
	}
	g.bar(now, c, o, verdict{rule: "kind"}, out)
}

// beyond is a number without the prefix that leads outside, the longest that fits.
func beyond(rules []settings.Outside, dialled string) string {
	best := ""
	for _, r := range rules {
		if strings.HasPrefix(dialled, r.Prefix) && len(r.Prefix) > len(best) {
			best = r.Prefix
		}
	}
	return dialled[len(best):]
}
