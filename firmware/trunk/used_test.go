package trunk_test

import (
	"strings"
	"testing"

	"centralita/firmware/cmd/officesim/paper"
	"centralita/firmware/event"
)

// A line that another telephone uses is passed over; where it is the only one the
// caller is told so, and a line set to wait is waited for.
func TestLineUsedElsewhere(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.LineChanged{Port: "fxo1", State: "busy-elsewhere"})
	_, text := dial(d, 1, "fxs1", "0954123001")
	has(t, text, "port=trunk/prov")

	alone := strings.Replace(office, "through: [fxo1, trunk/prov]", "through: [fxo1]", 1)
	d = paper.NewDrive(alone, t.Fatalf)
	d.At(0.5, &event.LineChanged{Port: "fxo1", State: "busy-elsewhere"})
	_, text = dial(d, 1, "fxs1", "0954123001")
	has(t, text, "CallEnded call=2 cause=in-use")
	d.At(20, &event.LineChanged{Port: "fxo1", State: "ready"})
	_, text = dial(d, 30, "fxs2", "0954123001")
	has(t, text, "port=fxo1 to=954123001")

	waits := strings.Replace(alone, "{name: fxo1, rings: station/101}", "{name: fxo1, rings: station/101, parallel: wait}", 1)
	d = paper.NewDrive(waits, t.Fatalf)
	d.At(0.5, &event.LineChanged{Port: "fxo1", State: "busy-elsewhere"})
	_, text = dial(d, 1, "fxs1", "0954123001")
	has(t, text, "port=fxo1 to=954123001")
}

// What the last line said is told where none is left.
func TestWhyNoLine(t *testing.T) {
	for _, cause := range []string{"glare", "in-use", "no-dial-tone", "forbidden", "no-codec", "bad-description", "encryption", "timeout", "congestion", "out-of-order"} {
		d := drive(t)
		dial(d, 1, "fxs1", "0954123001")
		has(t, d.At(2, &event.LegEnded{Leg: 3, Cause: cause}), "port=trunk/prov")
		alone := strings.Replace(office, "through: [fxo1, trunk/prov]", "through: [fxo1]", 1)
		d = paper.NewDrive(alone, t.Fatalf)
		dial(d, 1, "fxs1", "0954123001")
		has(t, d.At(2, &event.LegEnded{Leg: 3, Cause: cause}), "CallEnded call=2 cause="+cause)
	}
}

// Lines that are all out of order are said to be so, and not to be in use.
func TestAllOutOfOrder(t *testing.T) {
	d := drive(t)
	d.At(0.5, &event.LineChanged{Port: "fxo1", State: "no-battery"})
	d.At(0.6, &event.TrunkChanged{Trunk: "prov", Code: "silent"})
	_, text := dial(d, 1, "fxs1", "0954123001")
	has(t, text, "CallEnded call=2 cause=out-of-order", "tone/congestion")
}
