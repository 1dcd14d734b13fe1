package sip

import (
	"slices"
	"strings"

	"centralita/firmware/leg"
	"centralita/firmware/number"

	"github.com/emiago/sipgo/sip"
)

// Numbers is how a trunk writes numbers, in one direction.
type Numbers struct {
	Form  number.Form
	Strip string // taken from the front before
	Add   string // set to the front after
}

func (n Numbers) write(country, s string) string {
	if n == (Numbers{}) {
		return s
	}
	return number.Change(country, n.Form, n.Strip, n.Add, s)
}

// outward is a number as the provider wants it.
func (t *trunk) outward(s string) string { return cleanUser(t.Out.write(t.Country, s)) }

// inward is a number of the provider's as the office writes it.
func (t *trunk) inward(s string) string {
	if s == "" {
		return ""
	}
	return clean(t.In.write(t.Country, s), userMax)
}

// shown is the number a called person sees. Providers refuse or replace any that is
// not of the account, so without a setting only those are shown.
func (t *trunk) shown(c leg.Caller) string {
	n := cleanUser(c.Number)
	if t.NoNumbers || t.Caller == "account" {
		return cleanUser(t.account())
	}
	ours := len(t.Numbers) == 0 && t.User == "" || slices.ContainsFunc(t.Numbers, func(own string) bool { return t.means(own, n) })
	switch {
	case n != "" && (t.Caller == "any" || ours && t.Caller != "first"):
		return t.outward(n)
	case len(t.Numbers) > 0:
		return t.outward(number.Clean(t.Numbers[0]))
	}
	return cleanUser(t.account())
}

// means reports whether two texts are the same number.
func (t *trunk) means(own, n string) bool {
	return own == n || strings.TrimPrefix(own, "+") == strings.TrimPrefix(n, "+") && n != "" || number.Same(t.Country, own, n)
}

// dids is the number of ours that req was sent to, or "".
func (t *trunk) dids(req *sip.Request) string {
	for _, user := range t.dialledIn(req) {
		here := t.inward(user)
		if slices.ContainsFunc(t.Numbers, func(own string) bool { return t.means(own, user) || t.means(own, here) }) {
			return here
		}
	}
	return ""
}

// dialledIn lists where the number dialled may stand, as the trunk is set: by whom the
// call was sent on to us, or, without a setting, Request-URI, To and P-Called-Party-ID (RFC 7315 section 4.2) in turn.
func (t *trunk) dialledIn(req *sip.Request) []string {
	switch t.DID {
	case "request-uri":
		return []string{req.Recipient.User}
	case "to":
		return []string{req.To().Address.User}
	case "called-party":
		return calledParty(req)
	case "diversion":
		if list := meantFor(req); len(list) > 0 {
			return list
		}
	}
	return append([]string{req.Recipient.User, req.To().Address.User}, calledParty(req)...)
}

func calledParty(req *sip.Request) []string {
	for _, h := range req.GetHeaders("P-Called-Party-ID") {
		if list := addresses(h.Value()); len(list) > 0 && list[0].User != "" {
			return []string{list[0].User}
		}
	}
	return nil
}

// dialled is the number that a caller dialled to come in by this trunk. Providers
// put it in the Request-URI, or, where that holds our account, in To.
func (t *trunk) dialled(req *sip.Request) string {
	if n := t.dids(req); n != "" {
		return n
	}
	if list := t.dialledIn(req); t.DID != "" && (t.DID != "diversion" || len(meantFor(req)) > 0) && len(list) > 0 && list[0] != "" {
		return t.inward(list[0])
	}
	uri, to := req.Recipient.User, req.To().Address.User
	if to != "" && (uri == t.account() || uri == t.contactUser()) {
		return t.inward(to)
	}
	return t.inward(uri)
}
