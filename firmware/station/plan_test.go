package station

import (
	"testing"

	"centralita/firmware/id"
	"centralita/firmware/settings"
)

func testPlan(prefix string, emergency ...string) plan {
	return plan{
		country: "ES", emergency: emergency,
		stations: []settings.Station{{Extension: "101"}, {Extension: "1015"}, {Extension: "201"}},
		inside:   []settings.InsideRule{{Dial: "600", To: "service/echo"}, {Dial: "3XXX", To: "station/2XXX", Record: true}, {Dial: "201", To: "queue/never"}},
		outside: []settings.Outside{
			{Prefix: prefix, Through: []id.Port{"fxo1", "trunk/p"}},
			{Prefix: prefix + "00", Through: []id.Port{"trunk/p"}},
		},
	}
}

// What digits mean while they are dialled: whole or not, and whether more could
// follow. Emergency first, then stations, inside rules, outside.
func TestPlan(t *testing.T) {
	p := testPlan("0", "112", "091")
	for _, c := range []struct {
		digits    string
		to        id.Destination
		ok, more  bool
		emergency bool
	}{
		{"1", "", false, true, false},
		{"101", "station/101", true, true, false}, // 1015 exists too
		{"1015", "station/1015", true, false, false},
		{"201", "station/201", true, false, false}, // a station before a rule
		{"600", "service/echo", true, false, false},
		{"3", "", false, true, false},
		{"3042", "station/2042", true, false, false},
		{"30421", "", false, false, false},
		{"9", "", false, false, false},
		{"11", "", false, true, false},
		{"112", "outside/112", true, false, true},
		{"0", "", false, true, false},
		{"09", "outside/9", true, true, false},
		{"091", "outside/091", true, true, true},                // or Madrid: the pause decides
		{"0112", "outside/112", true, false, true},              // with the outside prefix
		{"0091", "outside/091", true, true, true},               // or India: the pause decides
		{"0911234567", "outside/911234567", true, false, false}, // nine digits: complete
		{"0954123001", "outside/954123001", true, false, false},
		{"00044", "outside/44", true, true, false}, // the longer prefix
		{"", "", false, true, false},
		{"*", "", false, false, false},
	} {
		r, ok, more := p.look(c.digits)
		if r.to != c.to || ok != c.ok || more != c.more || r.emergency != c.emergency {
			t.Errorf("%q: to %q ok %v more %v emergency %v, want %+v", c.digits, r.to, ok, more, r.emergency, c)
		}
	}
	if r, _, _ := p.look("3042"); !r.record {
		t.Error("the rule's recording is lost")
	}
	if r, _, _ := p.look("00044123"); len(r.through) != 1 || r.through[0] != "trunk/p" {
		t.Errorf("through %v", r.through)
	}
	if r, _, _ := p.look("112"); len(r.through) != 2 {
		t.Errorf("an emergency goes through %v", r.through)
	}
}

// Without an outside prefix every number not known inside goes out, and
// emergency numbers at once.
func TestPlanWithoutPrefix(t *testing.T) {
	p := testPlan("", "112", "061")
	for digits, want := range map[string]id.Destination{"112": "outside/112", "061": "outside/061", "954123001": "outside/954123001"} {
		if r, ok, more := p.look(digits); r.to != want || !ok || more {
			t.Errorf("%s: %q ok %v more %v", digits, r.to, ok, more)
		}
	}
	if r, ok, more := p.look("101"); r.to != "station/101" || !ok || !more {
		t.Errorf("101: %q ok %v more %v", r.to, ok, more)
	}
}

// Nothing that is dialled panics, and an emergency number is always one.
func FuzzPlan(f *testing.F) {
	f.Add("0", "0112", "112")
	f.Add("", "3XXX", "061")
	f.Fuzz(func(t *testing.T, prefix, digits, emergency string) {
		p := testPlan(prefix, emergency)
		p.look(digits)
		if emergency == "" {
			return
		}
		if r, ok, _ := p.look(emergency); !ok || !r.emergency {
			t.Errorf("%q with prefix %q is no emergency", emergency, prefix)
		}
	})
}
