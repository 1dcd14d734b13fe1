package linecare

import (
	"slices"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/line"
)

// Cut says that a call was cut: its far end had not hung up when the line was
// released. What the release taught the line is taken back, and it counts as a cut.
type Cut struct {
	Call id.Call `json:"call"`
}

// releasesMax bounds the releases that can still be called a cut: people say so
// within the day, and a line has some hundred calls in it.
const releasesMax = 512

// ended is a call whose line was released by its signs.
type ended struct {
	call  id.Call
	leg   id.Leg
	port  id.Port
	wall  int64
	signs []string
}

// noteRelease remembers a release, and forgets one that was called a cut.
func (c *Care) noteRelease(now core.Time, e *event.LineMeasured) {
	var signs []string
	judged := false
	for _, r := range e.Readings {
		switch sign, ok := strings.CutPrefix(r.Item, "release."); {
		case r.Item == line.ReleaseCutSaid:
			c.releases = slices.DeleteFunc(c.releases, func(o ended) bool { return o.leg == e.Leg })
			return
		case r.Item == line.ReleaseBy:
			judged = true
		case ok && slices.Contains(line.Signs, sign):
			signs = append(signs, sign)
		}
	}
	l := c.book.Leg(e.Leg)
	if !judged || l == nil || l.Call == 0 {
		return
	}
	if len(c.releases) == releasesMax {
		c.releases = c.releases[1:]
	}
	c.releases = append(c.releases, ended{l.Call, e.Leg, e.Port, now.Wall, signs})
}

func (c *Care) cut(now core.Time, who id.Person, cmd *Cut, out *core.Out) error {
	i := slices.IndexFunc(c.releases, func(o ended) bool { return o.call == cmd.Call })
	if i < 0 {
		return core.Refuse("no-release")
	}
	o := c.releases[i]
	said := []event.Reading{{Item: line.ReleaseCutSaid, Value: max(0, float64(now.Wall-o.wall)/1000), Text: string(who)}}
	for _, s := range o.signs {
		said = append(said, event.Reading{Item: line.ReleaseRevoked + s})
	}
	out.Say(&event.LineMeasured{Port: o.port, Leg: o.leg, Readings: said})
	return nil
}
