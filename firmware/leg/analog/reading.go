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

func (p *port) tellReadings() {
	if len(p.readings) == 0 {
		return
	}
	p.tell(p.leg, leg.Report{Kind: leg.Measured, Readings: p.readings})
	p.readings = nil
}
