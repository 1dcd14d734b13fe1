package linecare

import (
	"fmt"
	"strconv"
	"strings"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/sheet"
)

// wholeBox is what an acceptance is about: there is one.
const wholeBox = "box"

// handsets remembers which ones were rung and lifted.
type handsets struct {
	rings  map[id.Leg]id.Port // made by us, not yet answered
	lifted map[id.Port]int64  // wall clock, Unix ms
}

func (h *handsets) apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.LegBegan:
		if e.Port.Kind() == "fxs" && len(h.rings) < portsMax {
			h.rings[e.Leg] = e.Port
		}
	case *event.LegAnswered:
		if port, ours := h.rings[e.Leg]; ours && len(h.lifted) < portsMax {
			h.lifted[port] = now.Wall
		}
		delete(h.rings, e.Leg)
	case *event.LegEnded:
		delete(h.rings, e.Leg)
	case *event.BoxStarted:
		clear(h.rings)
	}
}

// acceptance draws whether the box can be handed over: what is plugged in, each with
// one thing to do where it is not in order.
func (c *Care) acceptance(now core.Time, of string) *sheet.Draft {
	if of != wholeBox {
		return nil
	}
	office := c.book.Office()
	d := &sheet.Draft{Title: sheet.Say{Key: "acceptance.title", Args: []string{office.Office.Name}}, Facts: c.acceptanceFacts(now)}
	for _, l := range office.Lines {
		d.Rows = append(d.Rows, c.acceptLine(now, l))
	}
	phones, signedOn, absent := 0, 0, ""
	for _, s := range office.ExpandStations() {
		if s.Handset != "" {
			d.Rows = append(d.Rows, c.acceptHandset(s))
		}
		if s.SIP == nil {
			continue
		}
		phones++
		if c.book.Healthy(id.Port("sip/" + s.Extension)) {
			signedOn++
		} else if absent == "" {
			absent = s.Extension
		}
	}
	for _, k := range office.Trunks {
		d.Rows = append(d.Rows, c.acceptTrunk(k.Name))
	}
	if phones > 0 {
		d.Rows = append(d.Rows, acceptPhones(phones, signedOn, absent))
	}
	accept(d)
	return d
}

// accept says of the whole: bad where a row is, unknown while something is untried.
func accept(d *sheet.Draft) {
	count := map[sheet.Verdict]int{}
	for _, r := range d.Rows {
		count[r.Verdict]++
	}
	n := func(v sheet.Verdict) []string { return []string{strconv.Itoa(count[v])} }
	switch {
	case count[sheet.Bad] > 0:
		d.Verdict, d.Summary = sheet.Bad, sheet.Say{Key: "acceptance.bad", Args: n(sheet.Bad)}
	case count[sheet.Unknown] > 0 || len(d.Rows) == 0:
		d.Verdict, d.Summary = sheet.Unknown, sheet.Say{Key: "acceptance.unknown", Args: n(sheet.Unknown)}
	default:
		d.Verdict, d.Summary = sheet.Good, sheet.Say{Key: "acceptance.good"}
	}
}

func (c *Care) acceptanceFacts(now core.Time) [][2]sheet.Say {
	office := c.book.Office()
	fact := func(key, value string) [2]sheet.Say { return [2]sheet.Say{{Key: key}, sheet.Plain(value)} }
	var numbers []string
	for _, l := range office.Lines {
		if l.Number != "" {
			numbers = append(numbers, l.Number)
		}
	}
	for _, k := range office.Trunks {
		numbers = append(numbers, k.Numbers...)
	}
	shown := strings.Join(numbers[:min(len(numbers), numbersShown)], " ")
	if more := len(numbers) - numbersShown; more > 0 {
		shown += fmt.Sprintf(" +%d", more)
	}
	var label []string
	for _, part := range []string{office.Office.Name, office.Office.Place, strings.Join(numbers[:min(len(numbers), 1)], "")} {
		if part != "" {
			label = append(label, part)
		}
	}
	return [][2]sheet.Say{
		fact("certificate.office", office.Office.Name),
		fact("acceptance.place", strings.TrimSpace(office.Office.Place+" "+office.Office.Country)),
		fact("acceptance.numbers", shown),
		fact("certificate.date", c.book.Local(now.Wall).Format("2006-01-02 15:04")+" "+office.Office.TimeZone),
		fact("acceptance.revision", strconv.FormatUint(c.book.Rev(), 10)),
		fact("acceptance.label", strings.Join(label, " · ")),
	}
}

// numbersShown fit a line of the sheet.
const numbersShown = 8

func begun(item, kind string, args ...string) sheet.DraftRow {
	return sheet.DraftRow{ID: item, Name: sheet.Say{Key: "acceptance." + kind, Args: args}, Verdict: sheet.Good}
}

// say puts a row to a verdict with the one thing to do.
func say(r *sheet.DraftRow, v sheet.Verdict, advice string, args ...string) {
	r.Verdict, r.Advice = v, sheet.Say{Key: advice, Args: args}
}

// acceptLine holds a line against what is known of it: that it works now, that its
// guided test came to its end, and that nothing measured is out of bounds.
func (c *Care) acceptLine(now core.Time, l settings.Line) sheet.DraftRow {
	port := string(l.Name)
	r := begun(port, "line", port)
	if l.Number != "" {
		r.Values = append(r.Values, sheet.Plain(l.Number))
	}
	x := c.exam[l.Name]
	if x != nil && x.result == "done" {
		r.Values = append(r.Values, sheet.Say{Key: "acceptance.tested", Args: []string{c.book.Local(x.endedWall).Format("2006-01-02 15:04")}})
	}
	if !c.book.Healthy(l.Name) {
		say(&r, sheet.Bad, "acceptance.advice.fault", port)
		if state := c.book.Port(l.Name).State; state == "no-battery" || state == "busy-elsewhere" {
			say(&r, sheet.Bad, "acceptance.advice."+state, port)
		}
		return r
	}
	for _, row := range c.certificate(now, port).Rows {
		if row.Verdict == sheet.Bad {
			r.Values = append(r.Values, row.Name)
			r.Verdict, r.Advice = sheet.Bad, row.Advice
			return r
		}
	}
	switch {
	case x == nil || x.result == "":
		say(&r, sheet.Unknown, "acceptance.advice.test", port)
	case x.result != "done":
		say(&r, sheet.Bad, "test.result."+x.result)
	}
	return r
}

// acceptHandset wants that the handset was rung and lifted once.
func (c *Care) acceptHandset(s settings.Station) sheet.DraftRow {
	port := string(s.Handset)
	r := begun(port, "handset", s.Extension, port)
	if s.Name != "" {
		r.Values = append(r.Values, sheet.Plain(s.Name))
	}
	at, lifted := c.handsets.lifted[s.Handset]
	if lifted {
		r.Values = append(r.Values, sheet.Say{Key: "acceptance.lifted", Args: []string{c.book.Local(at).Format("2006-01-02 15:04")}})
	}
	switch state := c.book.Port(s.Handset).State; {
	case state == "off-hook", state == "overload":
		say(&r, sheet.Bad, "acceptance.advice."+state, port)
	case !c.book.Healthy(s.Handset):
		say(&r, sheet.Bad, "acceptance.advice.fault", port)
	case !lifted:
		say(&r, sheet.Unknown, "acceptance.advice.ring", port)
	}
	return r
}

func (c *Care) acceptTrunk(name string) sheet.DraftRow {
	r := begun("trunk/"+name, "trunk", name)
	if !c.book.Healthy(id.Port("trunk/" + name)) {
		say(&r, sheet.Bad, "acceptance.advice.trunk", name)
	}
	return r
}

// acceptPhones is one row for all telephones of the network: an office may have
// hundreds.
func acceptPhones(all, signedOn int, absent string) sheet.DraftRow {
	r := begun("phones", "phones")
	r.Values = []sheet.Say{{Key: "acceptance.phones-on", Args: []string{strconv.Itoa(signedOn), strconv.Itoa(all)}}}
	if signedOn < all {
		say(&r, sheet.Bad, "acceptance.advice.phone", absent)
	}
	return r
}
