package settings

import (
	"fmt"
	"net/netip"
	"regexp"
	"time"
)

const (
	serversMax = 8  // of one trunk: main, substitute, each in two places, and as many again
	peersMax   = 50 // networks of the largest providers
)

var addedForm = regexp.MustCompile(`^\+?[0-9*#]{0,15}$`)

func (v *validator) trunks() {
	v.length("trunks", len(v.t.Trunks), 20)
	var before []string
	for _, own := range v.t.Trunks {
		at := "trunks[" + clip(own.Name) + "]"
		v.name(at+".name", own.Name, before)
		before = append(before, own.Name)
		v.oneOf(at+".preset", own.Preset, append([]string{""}, Presets()...)...)
		k := own.Filled()
		v.trunkServers(at, k)
		v.trunkAccount(at, k)
		v.trunkNumbers(at, k)
		v.tolls(at, k.Allow, k.Bar)
		v.limit(at+".limit", k.Limit)
		v.destination(at+".rings", k.Rings, false)
		v.number(at+".calls", k.Calls, 0, 200)
	}
}

func (v *validator) trunkServers(at string, k Trunk) {
	v.server(at+".server", k.Server)
	for i, s := range k.Servers {
		v.server(fmt.Sprintf("%s.servers[%d]", at, i), s)
	}
	v.length(at+".servers", len(k.Servers), serversMax)
	if k.Proxy != "" {
		v.server(at+".outbound_proxy", k.Proxy)
	}
	v.oneOf(at+".transport", k.Proto, "", "udp", "tcp", "tls")
	v.oneOf(at+".srtp", k.SRTP, "", "allow", "off", "require")
	if k.SRTP == "require" && k.Proto != "tls" {
		v.add(at+".srtp", k.SRTP, "srtp-needs-tls")
	}
	for i, p := range k.Peers {
		if _, err := Peer(p); err != nil {
			v.add(fmt.Sprintf("%s.peers[%d]", at, i), p, "network")
		}
	}
	v.length(at+".peers", len(k.Peers), peersMax)
	v.oneOf(at+".health", k.Health, "", "options", "off")
	v.spanOr0(at+".health_every", k.Every, time.Second, time.Hour)
	v.spanOr0(at+".expires", k.Expires, 30*time.Second, 24*time.Hour)
}

// Peer reads an address or a network. One that holds half the internet is refused:
// calls from it would be taken unasked.
func Peer(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(s)
	if err == nil && p.Bits() < 8 {
		return p, fmt.Errorf("%q is too wide", s)
	}
	return p.Masked(), err
}

func (v *validator) trunkAccount(at string, k Trunk) {
	for _, f := range [][2]string{{".user", k.User}, {".auth_user", k.AuthUser}, {".contact_user", k.Contact}} {
		if f[1] != "" && !userForm.MatchString(f[1]) {
			v.add(at+f[0], f[1], "user")
		}
	}
	if k.Domain != "" {
		v.server(at+".domain", k.Domain)
	}
	v.text(at+".realm", k.Realm, 0, 80)
	if k.Register {
		if k.User == "" {
			v.add(at+".user", "", "missing")
		}
		v.secret(at, k.Secret, k.Password)
	}
}

func (v *validator) trunkNumbers(at string, k Trunk) {
	for i, n := range k.Numbers {
		v.phoneNumber(fmt.Sprintf("%s.numbers[%d]", at, i), n)
	}
	v.length(at+".numbers", len(k.Numbers), listMax)
	v.oneOf(at+".did", k.DID, "", "request-uri", "to", "called-party", "diversion")
	v.oneOf(at+".caller", k.Caller, "", "own", "first", "any", "account")
	v.codecs(at+".codecs", k.Codecs)
	v.oneOf(at+".format_out", k.Out, "", "e164", "bare", "00", "national")
	v.oneOf(at+".format_in", k.In, "", "e164", "bare", "00", "national")
	for _, f := range [][2]string{{".strip_out", k.OutStrip}, {".add_out", k.OutAdd}, {".strip_in", k.InStrip}, {".add_in", k.InAdd}} {
		if !addedForm.MatchString(f[1]) {
			v.add(at+f[0], f[1], "prefix")
		}
	}
}
