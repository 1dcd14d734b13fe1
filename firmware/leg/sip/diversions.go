package sip

import (
	"net/url"
	"slices"
	"strings"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// entriesMax bounds the addresses read of one kind of header: a call that was sent on
// more often is nobody's wish.
const entriesMax = 20

// diversions tells by whose wish a call comes to us and not to whom it was meant for:
// Diversion (RFC 5806), else History-Info (RFC 7044). The one called first comes first.
// What stands there is the word of whoever sent it and is shown as such.
func diversions(req *sip.Request) []leg.Diverted {
	way := ofDiversion(entries(req, "Diversion"))
	if len(way) == 0 {
		way = ofHistory(entries(req, "History-Info"))
	}
	if len(way) > divertedMax { // the first and the last tell most
		way = append(way[:1], way[len(way)-divertedMax+1:]...)
	}
	return way
}

// party is the number or name in an address, of a telephone URI (RFC 3966) too.
func party(u sip.Uri) string {
	if strings.EqualFold(u.Scheme, "tel") {
		n, _, _ := strings.Cut(u.Raw(), ";")
		return n
	}
	return u.User
}

// entry is one address of a list with its parameters.
type entry struct {
	uri    sip.Uri
	params sip.HeaderParams
}

func entries(req *sip.Request, name string) []entry {
	var list []entry
	for _, v := range headers(req, name) {
		for _, part := range split(v) {
			var e entry
			if _, err := sip.ParseAddressValue(part, &e.uri, &e.params); err == nil && len(list) < entriesMax {
				list = append(list, e)
			}
		}
	}
	return list
}

// split parts a list of addresses at its commas, those in quotes and in brackets apart.
func split(v string) []string {
	var parts []string
	quoted, inside, from := false, false, 0
	for i := 0; i < len(v) && len(parts) < entriesMax; i++ {
		switch c := v[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			inside = c == '<'
		case c == ',' && !inside:
			parts = append(parts, strings.TrimSpace(v[from:i]))
			from = i + 1
		}
	}
	if len(parts) < entriesMax {
		parts = append(parts, strings.TrimSpace(v[from:]))
	}
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// sentFor has the words of RFC 5806 section 4 as the box has them.
var sentFor = map[string]string{
	"unconditional": "always", "user-busy": "busy", "no-answer": "no-answer", "deflection": "deflected",
	"unavailable": "unreachable", "out-of-service": "unreachable", "do-not-disturb": "busy",
	"time-of-day": "always", "follow-me": "always", "away": "always",
}

// ofDiversion reads the list whose first entry sent the call on last.
func ofDiversion(list []entry) []leg.Diverted {
	var way []leg.Diverted
	for _, e := range list {
		d := leg.Diverted{Number: clean(party(e.uri), userMax), When: "other"}
		if v, _ := e.params.Get("reason"); sentFor[strings.ToLower(strings.Trim(v, `"`))] != "" {
			d.When = sentFor[strings.ToLower(strings.Trim(v, `"`))]
		}
		if v, _ := e.params.Get("privacy"); v != "" && !strings.EqualFold(strings.Trim(v, `"`), "off") {
			d.Number = ""
		}
		way = append(way, d)
	}
	slices.Reverse(way)
	return way
}

// historyCauses has those of RFC 4458 section 2.1 and of a Reason, as the box has them.
var historyCauses = map[string]string{
	"302": "always", "486": "busy", "600": "busy", "408": "no-answer", "487": "deflected", "480": "deflected",
	"404": "unreachable", "503": "unreachable",
}

// ofHistory reads the list whose first entry is where the call was meant to go. An
// entry sent the call on where the next one has a cause (RFC 4458), or it has a reason
// itself; others are only other names of the same (RFC 7044 section 5).
func ofHistory(list []entry) []leg.Diverted {
	var way []leg.Diverted
	for i, e := range list {
		if i+1 == len(list) {
			break // where the call is now
		}
		cause, _ := list[i+1].uri.UriParams.Get("cause")
		if cause == "" {
			cause = reasonCause(e)
		}
		if cause == "" {
			continue
		}
		d := leg.Diverted{Number: clean(party(e.uri), userMax), When: historyCauses[cause]}
		if d.When == "" {
			d.When = "other"
		}
		if v, _ := e.uri.Headers.Get("Privacy"); v != "" && !strings.EqualFold(v, "none") {
			d.Number = ""
		}
		way = append(way, d)
	}
	return way
}

// reasonCause is the SIP cause of an escaped Reason of a History-Info entry.
func reasonCause(e entry) string {
	v, _ := e.uri.Headers.Get("Reason")
	v, err := url.PathUnescape(v)
	if err != nil || !strings.HasPrefix(strings.ToUpper(v), "SIP") {
		return ""
	}
	_, cause, found := strings.Cut(v, "cause=")
	if !found || len(cause) < 3 {
		return ""
	}
	return cause[:3]
}

// meantFor lists the numbers that a call was meant for before it was sent on to us,
// the first one first.
func meantFor(req *sip.Request) []string {
	var list []string
	for _, d := range diversions(req) {
		if d.Number != "" {
			list = append(list, d.Number)
		}
	}
	return list
}
