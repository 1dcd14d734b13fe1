package settings

import (
	"fmt"
	"net"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Web is what is set for the web doors.
type Web struct {
	// Redirect sends plain HTTP of other machines on to HTTPS.
	Redirect bool `yaml:"redirect,omitempty" json:"redirect"`
	ACME     ACME `yaml:"acme,omitempty" json:"acme"`
}

// ACME is a certificate fetched from an authority of the Internet; without names
// none is.
type ACME struct {
	Names     []string `yaml:"names,omitempty" json:"names"`         // public names of the box
	Directory string   `yaml:"directory,omitempty" json:"directory"` // of the authority; "" is Let's Encrypt
	Mail      string   `yaml:"mail,omitempty" json:"mail"`
	DNS       bool     `yaml:"dns,omitempty" json:"dns"` // prove by a TXT record that a person makes, not over port 80
}

var publicName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// acmeNamesMax: one certificate for the names of one box.
const acmeNamesMax = 8

// doors checks where SIP is taken and how it is marked.
func (v *validator) doors() {
	if at := v.t.Box.SIPTLS; at != "" && at != "off" {
		host, port, err := net.SplitHostPort(at)
		n, bad := strconv.ParseUint(port, 10, 16)
		if err != nil || bad != nil || n == 0 || strings.ContainsAny(host, "/ ") {
			v.add("box.sip_tls", at, "listen-address")
		}
	}
	for i, n := range v.t.Box.NeverBan {
		if _, err := Peer(n); err != nil {
			v.add(fmt.Sprintf("box.never_ban[%d]", i), n, "network")
		}
	}
	v.length("box.never_ban", len(v.t.Box.NeverBan), peersMax)
	if n := v.t.Box.SIPDSCP; n != nil {
		v.number("box.sip_dscp", *n, 0, 63)
	}
}

func (v *validator) web() {
	a := v.t.Box.Web.ACME
	if len(a.Names) > acmeNamesMax {
		v.add("box.web.acme.names", fmt.Sprint(len(a.Names)), "too-many", fmt.Sprint(acmeNamesMax))
	}
	for i, n := range a.Names {
		_, err := netip.ParseAddr(n)
		if err == nil || len(n) > 253 || !publicName.MatchString(n) || strings.HasSuffix(n, ".local") {
			v.add(fmt.Sprintf("box.web.acme.names[%d]", i), n, "public-name")
		}
	}
	if u, err := url.Parse(a.Directory); a.Directory != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
		v.add("box.web.acme.directory", a.Directory, "https-address")
	}
	if _, err := mail.ParseAddress(a.Mail); a.Mail != "" && err != nil {
		v.add("box.web.acme.mail", a.Mail, "mail")
	}
}
