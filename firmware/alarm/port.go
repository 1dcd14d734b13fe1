package alarm

import "centralita/firmware/event"

// portTroubles are what may be wrong at an analog port, by the state that
// event.LineChanged gives it: the sentence, how bad it is, and whether the sentence
// has a place for the fact's text beside the one for the port.
var portTroubles = map[string]struct {
	text, severity string
	said           bool
}{
	"no-battery":      {"alarm.line-no-battery", "major", false},
	"off-hook":        {"alarm.handset-off-hook", "minor", false},
	"overload":        {"alarm.handset-overload", "minor", true},
	"foreign-voltage": {"alarm.handset-foreign-voltage", "major", false},
	"short":           {"alarm.handset-short", "major", false},
	"leak":            {"alarm.handset-leak", "major", false},
	"ground":          {"alarm.handset-ground", "major", false},
	"power":           {"alarm.handset-power", "major", false},
	"no-high-voltage": {"alarm.handset-no-high-voltage", "major", false},
}

// portTrouble is the sentence for a port's state, "" when nothing is wrong there: a
// telephone in use on the same pair is nothing wrong.
func portTrouble(e *event.LineChanged) (text, severity string, args []string) {
	switch e.State {
	case "ready", "lifeline", "busy-elsewhere":
		return "", "", nil
	}
	args = []string{string(e.Port)}
	t, known := portTroubles[e.State]
	if !known {
		t.text, t.severity, t.said = "alarm.line-fault", "major", true
		if e.Port.Kind() == "fxs" {
			t.text = "alarm.handset-fault"
		}
	}
	if t.said {
		args = append(args, e.Text)
	}
	return t.text, t.severity, args
}
