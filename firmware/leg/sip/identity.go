package sip

import (
	"cmp"
	"fmt"
	"strings"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// identity is who a caller over a trunk is: where the provider is trusted its
// P-Asserted-Identity (RFC 3325) before From, for the one is the network's word and
// the other the caller's. A withheld number is "".
func identity(req *sip.Request, trusted bool) (number, name string) {
	uri, name := req.From().Address, req.From().DisplayName
	if trusted {
		for _, v := range headers(req, "P-Asserted-Identity") {
			var asserted sip.Uri
			var params sip.HeaderParams
			if n, err := sip.ParseAddressValue(v, &asserted, &params); err == nil && party(asserted) != "" {
				uri, name = asserted, n
				break
			}
		}
	}
	number = clean(party(uri), userMax)
	if strings.EqualFold(number, "anonymous") || strings.EqualFold(number, "unavailable") || withheld(req) {
		return "", ""
	}
	return number, clean(name, 80)
}

// withheld reports whether the caller wants the number kept from the called (RFC 3323
// section 4.2, RFC 3325 section 9.3).
func withheld(req *sip.Request) bool {
	for _, v := range headers(req, "Privacy") {
		for p := range strings.FieldsFuncSeq(v, func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
			switch strings.ToLower(p) {
			case "id", "user", "header":
				return true
			}
		}
	}
	return false
}

// absence is why a provider gives no number: the network may not know it, else the
// caller withholds it.
func absence(req *sip.Request) leg.Absent {
	if strings.EqualFold(req.From().Address.User, "unavailable") {
		return leg.Unavailable
	}
	return leg.Private
}

// toPhone says to a phone of the office who calls: the box is its network, so its word
// is to be believed.
func toPhone(b *branch, c leg.Caller, host string) {
	if n := cleanUser(c.Number); n != "" && c.Absent != leg.Private {
		b.add("P-Asserted-Identity", address(clean(c.Name, 80), n, host))
	}
	if v := alerts[c.Pattern]; v != "" && !c.Auto {
		b.add("Alert-Info", v)
	}
	if c.Auto { // three ways of saying it: RFC 5373, and what most phones know
		b.add("Answer-Mode", "Auto")
		b.add("Call-Info", "<sip:"+host+">;answer-after=0")
		b.add("Alert-Info", "<http://"+host+">;info=alert-autoanswer;delay=0")
	}
	diverted(b, c.Diverted, host, func(n string) string { return cleanUser(n) })
}

// alerts are the reasons for ringing as RFC 7462 names them.
var alerts = map[leg.Pattern]string{
	leg.RingInternal: "<urn:alert:source:internal>",
	leg.RingExternal: "<urn:alert:source:external>",
	leg.RingQueue:    "<urn:alert:source:external>",
	leg.RingRecall:   "<urn:alert:service:recall-hold>",
}

// toProvider says to a trusted provider who calls; a number that the caller withholds
// is asserted with the wish to keep it from the called.
func toProvider(b *branch, t *trunk, c leg.Caller) {
	if !t.Trusted {
		return
	}
	b.add("P-Asserted-Identity", address("", t.shown(c), t.domain()))
	if c.Absent == leg.Private {
		b.add("Privacy", "id")
		b.d.local = sip.Uri{Scheme: "sip", User: "anonymous", Host: "anonymous.invalid"}
		b.d.name = "Anonymous"
	}
	diverted(b, c.Diverted, t.domain(), func(n string) string { return t.shown(leg.Caller{Number: n}) })
}

// address writes a name-addr from parts that were cleaned.
func address(name, user, host string) string {
	if name != "" {
		name = `"` + name + `" `
	}
	return fmt.Sprintf("%s<sip:%s@%s>", name, user, host)
}

// why a call was sent on: the words of Diversion (RFC 5806 section 4) and the cause
// parameter of History-Info (RFC 4458 section 2.1).
var whySent = map[string][2]string{
	"always": {"unconditional", "302"}, "busy": {"user-busy", "486"}, "no-answer": {"no-answer", "408"}, "deflected": {"deflection", "480"},
	"unreachable": {"out-of-service", "503"}, "other": {"unknown", "404"},
}

// divertedMax bounds what is told of a call's way; the oldest is left out.
const divertedMax = 5

// diverted tells the way of a call that was forwarded: Diversion with the last station
// first (RFC 5806), History-Info with the first first (RFC 7044).
func diverted(b *branch, way []leg.Diverted, host string, write func(string) string) {
	if len(way) == 0 {
		return
	}
	way = way[max(0, len(way)-divertedMax):]
	named := func(n string) string { return cmp.Or(write(n), "anonymous") }
	for i := len(way) - 1; i >= 0; i-- {
		b.add("Diversion", fmt.Sprintf("<sip:%s@%s>;reason=%s;counter=1", named(way[i].Number), host, whySent[way[i].When][0]))
	}
	var entries []string
	index, cause := "1", ""
	for _, d := range way {
		entries = append(entries, fmt.Sprintf("<sip:%s@%s%s>;index=%s", named(d.Number), host, cause, index))
		index, cause = index+".1", ";cause="+whySent[d.When][1]
	}
	entries = append(entries, fmt.Sprintf("<sip:%s@%s%s>;index=%s", b.d.remote.User, host, cause, index))
	b.add("History-Info", strings.Join(entries, ", "))
}

// add has a header go with the INVITE.
func (b *branch) add(name, value string) { b.extra = append(b.extra, [2]string{name, value}) }
