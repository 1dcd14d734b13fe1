package analog

import (
	"centralita/firmware/event"
	"centralita/firmware/leg"
	items "centralita/firmware/line"
)

// readMax bounds the readings of one item in one call: a long call hears the same
// tone many times, and the first few say all.
const readMax = 4

// read gathers what the running call shows of the wire, for the line's profile;
// told when the call ends. What is read between two calls waits for the next. Only
// items of firmware/line within their range are kept, so their number is bounded
// by the table. Of the bank's goroutine alone.
func (p *port) read(item string, value float64, text string) {
	it, ok := items.Find(item)
	if !ok || !it.Fits(value) {
		return
	}
	n := 0
	for _, r := range p.readings {
		if r.Item == item {
			n++
		}
	}
	if n < readMax {
		p.readings = append(p.readings, event.Reading{Item: item, Value: value, Text: text})
	}
}

// readReport reads what a report about a line says of the call.
func (p *port) readReport(l *end, r leg.Report) {
	if r.Kind == leg.Answered {
		p.talking.Store(true)
	}
	switch {
	case p.line == nil:
	case r.Kind == leg.Offered:
		p.read(items.CallWay, 0, "in")
	case r.Kind == leg.Answered && l.out:
		p.read(items.CallWay, 0, "out")
		p.read(items.AnswerBy, 0, string(r.By))
	}
}

func (p *port) tellReadings() {
	if len(p.readings) == 0 {
		return
	}
	p.tell(p.leg, leg.Report{Kind: leg.Measured, Readings: p.readings})
	p.readings = nil
}
