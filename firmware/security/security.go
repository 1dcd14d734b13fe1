// Package security shows who is kept out of the box and what it vouches for itself
// with, and lets people act on it: addresses that SIP does not listen to, telephones
// that try to sign on and are refused, the certificate of HTTPS and SIP by TLS.
//
// What it shows belongs to the shells (firmware/leg/sip, firmware/trust): firmware/app
// gives it as Hands and lists the feature. The package keeps nothing, decides nothing
// about calls, and judges nobody itself.
package security

import (
	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
)

// Hands reach the shells. All return at once.
type Hands struct {
	Bans        func() []Ban
	Unban       func(who id.Person, address string) error
	Refused     func() []Phone
	Certificate func() Certificate
	Reset       func(who id.Person) error // back to the box's own certificate
}

// Ban is an address that SIP does not listen to.
type Ban struct {
	Address   string `json:"address"`
	Why       string `json:"why"` // guessing, asking, scanning, flooding
	SinceWall int64  `json:"since_wall"`
	UntilWall int64  `json:"until_wall"`
	Times     int    `json:"times"`
	Dropped   uint64 `json:"dropped"` // messages since
}

// Phone is one that tries to sign on and is refused.
type Phone struct {
	User      string `json:"user"` // that it calls itself
	Address   string `json:"address"`
	Why       string `json:"why"` // password, unknown-user, md5
	Device    string `json:"device"`
	Count     int    `json:"count"`
	FirstWall int64  `json:"first_wall"`
	LastWall  int64  `json:"last_wall"`
}

// Certificate is what the box shows by TLS.
type Certificate struct {
	Kind        string   `json:"kind"`  // box, own, acme
	State       string   `json:"state"` // "" is good
	Issuer      string   `json:"issuer"`
	Names       []string `json:"names"`
	BeginsWall  int64    `json:"begins_wall"`
	EndsWall    int64    `json:"ends_wall"`
	Fingerprint string   `json:"fingerprint"`
	Distrusted  []Device `json:"distrusted"` // that refused it of late
}

// Device is one that does not trust the certificate.
type Device struct {
	From string `json:"from"`
	Wall int64  `json:"wall"`
}

// Unban has SIP listen to an address again.
type Unban struct {
	Address string `json:"address"`
}

// Reset goes back to the box's own certificate.
type Reset struct{}

// Feature is the plug.
func Feature(h Hands) feature.Feature {
	kinds := []string{"AlarmRaised", "AlarmCleared", "BanLifted", "CertificateSet"}
	return feature.Feature{
		Name: "security",
		New:  func(*call.Book) core.Reactor { return idle{} },
		Commands: []feature.Command{
			{Name: "unban", New: func() core.Command { return new(Unban) }, Role: access.Owner, Help: "help.security.unban",
				Do: func(who id.Person, c core.Command) error { return h.Unban(who, c.(*Unban).Address) }},
			{Name: "certificate.reset", New: func() core.Command { return new(Reset) }, Role: access.Owner, Help: "help.security.certificate-reset",
				Do: func(who id.Person, _ core.Command) error { return h.Reset(who) }},
		},
		Views: []feature.View{
			{Name: "bans", Role: access.Supervisor, Help: "help.security.bans", Kinds: kinds,
				Look: func(core.Reactor, core.Time) any {
					return struct {
						Bans []Ban `json:"bans"`
					}{h.Bans()}
				}},
			{Name: "refused-phones", Role: access.Supervisor, Help: "help.security.refused-phones", Kinds: kinds,
				Look: func(core.Reactor, core.Time) any {
					return struct {
						Phones []Phone `json:"phones"`
					}{h.Refused()}
				}},
			{Name: "tls", Role: access.Supervisor, Help: "help.security.certificate", Kinds: kinds,
				Look: func(core.Reactor, core.Time) any { return h.Certificate() }},
		},
	}
}

// idle has nothing to remember and nothing to decide.
type idle struct{}

func (idle) Apply(core.Time, event.Event)            {}
func (idle) React(core.Time, event.Event, *core.Out) {}
