package sip

import (
	"strconv"
	"strings"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// The Reason header (RFC 3326) tells why a call ended beyond what a status can.

// elsewhere is what phones are told whose ringing ends because another one answered:
// they then show no missed call.
const elsewhere = `SIP;cause=200;text="Call completed elsewhere"`

// reasonFor writes a cause of ours.
func reasonFor(c leg.Cause) string {
	if c == leg.Elsewhere {
		return elsewhere
	}
	if q := c.Q850(); q != 0 {
		return "Q.850;cause=" + strconv.Itoa(q)
	}
	return ""
}

// told is what a message says of why: the Q.850 value, 0 none, and the whole text for
// the trace.
func told(m sip.Message) (q850 int, text string) {
	for _, h := range m.GetHeaders("Reason") {
		for one := range strings.SplitSeq(h.Value(), ",") {
			protocol, params, _ := strings.Cut(one, ";")
			if text == "" {
				text = clean(one, 120)
			}
			if !strings.EqualFold(strings.TrimSpace(protocol), "Q.850") {
				continue
			}
			for p := range strings.SplitSeq(params, ";") {
				k, v, _ := strings.Cut(p, "=")
				if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && strings.EqualFold(strings.TrimSpace(k), "cause") && n > 0 && n < 128 {
					return n, clean(one, 120)
				}
			}
		}
	}
	return 0, text
}

// because adds the reason to a request or response.
func because(m sip.Message, c leg.Cause) {
	if r := reasonFor(c); r != "" {
		m.AppendHeader(sip.NewHeader("Reason", r))
	}
}
