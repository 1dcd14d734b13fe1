package levels

import "testing"

// TestPlan: in every country a set is as loud on an outside line as without the
// box, no loop has gain, and digital ends lie within what G.121 asks for.
func TestPlan(t *testing.T) {
	for _, p := range append(Countries(), Of("ZZ")) {
		if in, out := Loss(p.Line, p.Handset), Loss(p.Handset, p.Line); in != 0 || out != 0 {
			t.Errorf("%s: line to handset loses %g dB, handset to line %g", p.Country, in, out)
		}
		if l := p.Handset; l.Li < 0 || l.Li > 2 || l.Lo < -8 || l.Lo > -5 {
			t.Errorf("%s: %+v is outside of Q.552", p.Country, l)
		}
		if l := Loss(p.Handset, p.Handset); l < 6 || l > 8 {
			t.Errorf("%s: %g dB between two handsets", p.Country, l)
		}
		if round := Loss(Digital, p.Line) + Loss(p.Line, Digital); round < -8 {
			t.Errorf("%s: the way to an outside line and back has a gain of %g dB before the hybrid", p.Country, -round)
		}
	}
}

func TestAdjusted(t *testing.T) {
	r := Of("UK").Line.Adjusted(3, -2)
	if play, capture := r.Gains(); r != (Relative{-9, -1}) || play != -1 || capture != 9 {
		t.Errorf("%+v: gains %g and %g", r, play, capture)
	}
}
