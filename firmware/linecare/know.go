package linecare

import (
	"encoding/json"

	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/line"
	"centralita/firmware/line/profile"
	"centralita/firmware/order"
)

// An item drives detection once so many calls agree on it.
const (
	trustedCalls = 3
	trustedSure  = 70 // percent
)

// know tells a line what its profile is sure of: at the start, and with the end of
// each call, so that the next is listened to by what this one taught.
func (c *Care) know(port id.Port, out *core.Out) {
	if p := c.lines[port]; port.Kind() == "fxo" && p != nil {
		out.Do(knowledge(port, p))
	}
}

// knowledge is what a profile is sure of; values are rounded to what matters, so
// that a line is not told of every hertz.
func knowledge(port id.Port, p *profile.Profile) order.KnowLine {
	k := order.KnowLine{Port: port}
	k.Habits, _ = json.Marshal(p.Habits()) // numbers always have a form
	sure := func(item string) (float64, bool) {
		v, ok := p.Find(item)
		return v.Value, ok && v.Count >= trustedCalls && v.Sure >= trustedSure
	}
	if ms, ok := sure(line.DialToneDelay); ok {
		share, asked := p.Share(line.DialToneDelay)
		k.DialTone = asked >= trustedCalls && share >= 0.75
		k.DelayMS = round(ms, 250)
	}
	for _, t := range []struct{ signal, item string }{
		{"dial", line.ToneDial}, {"ringback", line.ToneRingback}, {"busy", line.ToneBusy}, {"congestion", line.ToneCongestion},
	} {
		hz, ok := sure(t.item)
		if !ok {
			continue
		}
		tone := order.LineTone{Signal: t.signal, Hz: float64(round(hz, 5))}
		if second, ok := sure(t.item + ".second"); ok {
			tone.Second = float64(round(second, 5))
		}
		on, ok1 := sure(t.item + ".on")
		off, ok2 := sure(t.item + ".off")
		if ok1 && ok2 {
			tone.OnMS, tone.OffMS = round(on, 10), round(off, 10)
		}
		k.Tones = append(k.Tones, tone)
	}
	return k
}

func round(v float64, step int64) int64 { return (int64(v) + step/2) / step * step }
