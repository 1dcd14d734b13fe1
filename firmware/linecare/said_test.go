package linecare

import (
	"strings"
	"testing"

	"centralita/firmware/line"
	"centralita/firmware/words"
)

// Every way in which a line tells who calls has words of its own.
func TestStylesHaveWords(t *testing.T) {
	for _, modem := range []string{"v23", "bell202", "dtmf"} {
		for _, moment := range []string{"after-ring", "before-ring", "alert", "reversal", "reversal-alert"} {
			key, ok := strings.CutPrefix(said(line.CallerIDStyle, modem+" "+moment), "#")
			if !ok || !words.Has(key) {
				t.Errorf("%s %s: %q", modem, moment, key)
			}
		}
	}
	if got := words.Resolve("es", []string{said(line.Impedance, "complex")}); got[0] != "compleja" {
		t.Errorf("complex is %q", got)
	}
	if got := said(line.Impedance, "600 Ω"); got != "600 Ω" {
		t.Errorf("600 Ω is %q", got)
	}
}
