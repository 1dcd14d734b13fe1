package linecare

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/line"
	"centralita/firmware/line/profile"
	"centralita/firmware/sheet"
)

// limit is when a measured item is good. Sources: EN 300 001 and TBR 21 for feeding,
// ITU-T G.712 and G.122 for echo, P.11 for noise, EN 300 659-1 for caller ID, and
// what hearing dial tone late does to dialling.
type limit struct {
	item      string
	low, high float64
	must      bool // a line without it is not certified
}

var limits = []limit{
	{line.IdleVoltage, 20, 105, true},
	{line.LoopCurrent, 14, 120, true},
	{line.EchoLoss, 12, 99, true},
	{line.EchoLeft, 24, 99, false},
	{line.Loss, -4, 14, false},
	{line.Noise, -96, -48, true},
	{line.Hum, -96, -50, false},
	{line.DialToneDelay, 0, 3000, true},
	{line.RingHz, 15, 55, false},
	{line.CallerIDLevel, -40, 0, false},
}

// certificate draws what is known of an outside line.
func (c *Care) certificate(now core.Time, of string) *sheet.Draft {
	port := id.Port(of)
	if port.Kind() != "fxo" || !slices.Contains(c.book.Ports("fxo"), port) && c.lines[port] == nil {
		return nil
	}
	p := c.lines[port]
	if p == nil {
		p = profile.New()
	}
	d := &sheet.Draft{Title: sheet.Say{Key: "certificate.title", Args: []string{of}}, Facts: c.certificateFacts(now, port, p)}
	for _, l := range limits {
		d.Rows = append(d.Rows, measured(p, l))
	}
	d.Rows = append(d.Rows, matching(p), supervision(p), callerID(p), tone(p, line.ToneDial),
		tone(p, line.ToneRingback), tone(p, line.ToneBusy), ringing(p), judged(p), steady(p))
	conclude(d)
	return d
}

func (c *Care) certificateFacts(now core.Time, port id.Port, p *profile.Profile) [][2]sheet.Say {
	office := c.book.Office()
	l, _ := office.LineByPort(port)
	fact := func(key, value string) [2]sheet.Say { return [2]sheet.Say{{Key: key}, sheet.Plain(value)} }
	list := [][2]sheet.Say{
		fact("certificate.office", office.Office.Name),
		fact("certificate.line", string(port)),
		fact("certificate.number", l.Number),
		fact("certificate.date", c.book.Local(now.Wall).Format("2006-01-02 15:04")),
		fact("certificate.calls", strconv.Itoa(p.Calls())),
	}
	if x := c.exam[port]; x != nil && x.result == "done" {
		list = append(list, fact("certificate.test", c.book.Local(x.endedWall).Format("2006-01-02 15:04")))
	}
	return list
}

// conclude says of the whole: bad when a row is bad, not yet known while one that a
// certificate needs was not measured.
func conclude(d *sheet.Draft) {
	bad, unknown := 0, 0
	for _, r := range d.Rows {
		switch r.Verdict {
		case sheet.Bad:
			bad++
		case sheet.Unknown:
			if r.ID == "supervision" || slices.ContainsFunc(limits, func(l limit) bool { return l.must && l.item == r.ID }) {
				unknown++
			}
		}
	}
	switch {
	case bad > 0:
		d.Verdict, d.Summary = sheet.Bad, sheet.Say{Key: "certificate.bad", Args: []string{strconv.Itoa(bad)}}
	case unknown > 0:
		d.Verdict, d.Summary = sheet.Unknown, sheet.Say{Key: "certificate.unknown", Args: []string{strconv.Itoa(unknown)}}
	default:
		d.Verdict, d.Summary = sheet.Good, sheet.Say{Key: "certificate.good"}
	}
}

func row(item string) sheet.DraftRow {
	return sheet.DraftRow{ID: item, Name: sheet.Say{Key: "item." + item}, Verdict: sheet.Unknown, Advice: sheet.Say{Key: "advice.measure"}}
}

// measured holds an item against its limit.
func measured(p *profile.Profile, l limit) sheet.DraftRow {
	r := row(l.item)
	k, ok := p.Find(l.item)
	if !ok {
		return r
	}
	v := k.Value
	if l.item == line.IdleVoltage {
		v = math.Abs(v)
	}
	r.Values, r.Sure, r.Verdict, r.Advice = []sheet.Say{sheet.Plain(Quantity(k.Value, k.Unit))}, k.Sure, sheet.Good, sheet.Say{}
	if v < l.low || v > l.high {
		r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice." + l.item}
	}
	return r
}

// matching is how the chip matches the line.
func matching(p *profile.Profile) sheet.DraftRow {
	r := row(line.Impedance)
	if k, ok := p.Find(line.Impedance); ok {
		r.Values, r.Sure, r.Verdict, r.Advice = []sheet.Say{{Args: []string{said(k.Item, k.Text)}}}, 0, sheet.Good, sheet.Say{}
	}
	return r
}

// signShare of releases must show a sign for it to be relied on.
const signShare = 0.7

// supervision is how the far end's hang-up shows: one sign that can be relied on is
// enough.
func supervision(p *profile.Profile) sheet.DraftRow {
	r := sheet.DraftRow{ID: "supervision", Name: sheet.Say{Key: "certificate.supervision"}, Verdict: sheet.Unknown, Advice: sheet.Say{Key: "advice.measure"}}
	known := false
	for _, s := range line.Signs {
		item := "release." + s
		share, asked := p.Share(item)
		k, seen := p.Find(item)
		known = known || asked >= 3
		if !seen || share < signShare-0.2 && asked >= 3 {
			continue
		}
		value := "#item." + item
		if item == line.ReleaseBreak {
			r.Values = append(r.Values, sheet.Say{Args: []string{value}}, sheet.Plain(Quantity(k.Value, k.Unit)))
		} else {
			r.Values = append(r.Values, sheet.Say{Args: []string{value}})
		}
		if share >= signShare || asked < 3 {
			r.Verdict, r.Advice, r.Sure = sheet.Good, sheet.Say{}, max(r.Sure, uint8(100*share))
		}
	}
	if r.Verdict != sheet.Good && known {
		r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice.supervision"}
	}
	return r
}

// callerID is how calls show who calls.
func callerID(p *profile.Profile) sheet.DraftRow {
	r := row(line.CallerIDStyle)
	share, asked := p.Share(line.CallerIDStyle)
	k, seen := p.Find(line.CallerIDStyle)
	switch {
	case seen && (share >= 0.5 || asked < 3):
		r.Values, r.Sure, r.Verdict, r.Advice = []sheet.Say{{Args: []string{said(k.Item, k.Text)}}}, k.Sure, sheet.Good, sheet.Say{}
	case asked >= 3:
		r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice.callerid.style"}
	}
	return r
}

// tone is what the exchange sends, as measured.
func tone(p *profile.Profile, item string) sheet.DraftRow {
	r := row(item)
	k, ok := p.Find(item)
	if !ok {
		return r
	}
	text := Quantity(k.Value, "Hz")
	if second, ok := p.Find(item + ".second"); ok && 2*second.Count > k.Count {
		text = fmt.Sprintf("%.0f + %s", k.Value, Quantity(second.Value, "Hz"))
	}
	r.Values, r.Sure, r.Verdict, r.Advice = []sheet.Say{sheet.Plain(text)}, k.Sure, sheet.Good, sheet.Say{}
	on, ok1 := p.Find(item + ".on")
	off, ok2 := p.Find(item + ".off")
	if ok1 && ok2 {
		r.Values = append(r.Values, sheet.Plain(fmt.Sprintf("%.0f/%s", on.Value, Quantity(off.Value, "ms"))))
	}
	if level, ok := p.Find(item + ".level"); ok {
		r.Values = append(r.Values, sheet.Plain(Quantity(level.Value, level.Unit)))
		if level.Value < -35 {
			r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice.level"}
		}
	}
	return r
}

// ringing is the cadence.
func ringing(p *profile.Profile) sheet.DraftRow {
	r := row(line.RingOn)
	on, ok := p.Find(line.RingOn)
	if !ok {
		return r
	}
	r.Values, r.Sure, r.Verdict, r.Advice = []sheet.Say{sheet.Plain(Quantity(on.Value, "ms"))}, on.Sure, sheet.Good, sheet.Say{}
	if off, ok := p.Find(line.RingOff); ok {
		r.Values[0] = sheet.Plain(fmt.Sprintf("%.0f/%s", on.Value, Quantity(off.Value, "ms")))
	}
	return r
}

// judged is how well hang-ups were seen.
func judged(p *profile.Profile) sheet.DraftRow {
	r := sheet.DraftRow{ID: "hangups", Name: sheet.Say{Key: "certificate.hangups"}, Verdict: sheet.Unknown, Advice: sheet.Say{Key: "advice.measure"}}
	rates := p.Rates()
	if rates.Releases == 0 {
		return r
	}
	r.Values = []sheet.Say{{Key: "certificate.hangups.value", Args: []string{strconv.Itoa(rates.Releases), strconv.Itoa(rates.Late), strconv.Itoa(rates.Cuts)}}}
	r.Verdict, r.Advice = sheet.Good, sheet.Say{}
	if 20*rates.Late > rates.Releases+19 || 100*rates.Cuts > rates.Calls+99 {
		r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice.hangups"}
	}
	return r
}

// steady is what has changed.
func steady(p *profile.Profile) sheet.DraftRow {
	r := sheet.DraftRow{ID: "drift", Name: sheet.Say{Key: "certificate.drift"}, Verdict: sheet.Good}
	for _, d := range p.Drifts() {
		r.Verdict, r.Advice = sheet.Bad, sheet.Say{Key: "advice.drift"}
		r.Values = append(r.Values, sheet.Say{Args: []string{"#item." + d.Item}})
	}
	if r.Verdict == sheet.Good {
		r.Values = []sheet.Say{{Key: "certificate.drift.none"}}
	}
	return r
}
