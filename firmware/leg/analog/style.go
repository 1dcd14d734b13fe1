package analog

import (
	"strings"

	"centralita/firmware/media/callerid"
)

// Style is how a telephone is told who calls: a sender and a way of alerting, as
// "v23-after-ring". Settings and profiles of lines write it so.
type Style string

// NoCallerID tells nothing.
const NoCallerID Style = "none"

// Styles lists what a handset can be set to. FSK comes as V.23 or Bell 202;
// after-ring is between the first and second ring, alert before ringing behind a
// dual tone alerting signal, short-ring before ringing behind a ring of a quarter
// of a second, reversal before ringing behind a line reversal (ETSI EN 300 659-1,
// GR-30, BT SIN 227). Digits come after the first ring, before ringing without
// any alert, or before ringing behind a reversal.
var Styles = []Style{
	NoCallerID,
	"v23-after-ring", "v23-alert", "v23-short-ring", "v23-reversal",
	"bell202-after-ring", "bell202-alert", "bell202-short-ring", "bell202-reversal",
	"dtmf-after-ring", "dtmf-before-ring", "dtmf-reversal",
}

// styleOf is the custom of a country, by the code of its tone plan.
func styleOf(country string) Style {
	switch country {
	case "US", "CA", "MX", "CO", "AR":
		return "bell202-after-ring"
	case "UK":
		return "v23-reversal"
	case "BR":
		return "dtmf-reversal"
	}
	return "v23-after-ring"
}

// sender is "v23", "bell202" or "dtmf"; way is what follows it.
func (s Style) split() (sender, way string) {
	sender, way, _ = strings.Cut(string(s), "-")
	return sender, way
}

// modem of the style's FSK; telephones for digits understand that of their
// country for messages waiting.
func (s Style) modem() callerid.Modem {
	if sender, _ := s.split(); sender == "bell202" {
		return callerid.Bell202
	}
	return callerid.V23
}
