package settings

import "centralita/firmware/id"

// Trunk is a SIP provider's account, or another exchange. Fields that are left
// empty are those of its preset.
type Trunk struct {
	Name   string `yaml:"name" json:"name"`
	Preset string `yaml:"preset,omitempty" json:"preset"` // a name of Presets

	Server  string   `yaml:"server" json:"server"`                           // host or host:port; without a port SRV records are asked
	Servers []string `yaml:"servers,omitempty" json:"servers"`               // that stand in for it, in order
	Proxy   string   `yaml:"outbound_proxy,omitempty" json:"outbound_proxy"` // all requests are sent there
	Proto   string   `yaml:"transport,omitempty" json:"transport"`           // udp (default), tcp or tls
	SRTP    string   `yaml:"srtp,omitempty" json:"srtp"`                     // sound encrypted: allow (default, by tls), off, require

	User     string `yaml:"user,omitempty" json:"user"`
	AuthUser string `yaml:"auth_user,omitempty" json:"auth_user"`       // name in the credentials where it is not user
	Contact  string `yaml:"contact_user,omitempty" json:"contact_user"` // user part of our address there, default user
	Domain   string `yaml:"domain,omitempty" json:"domain"`             // of our addresses there, default the host of server
	Realm    string `yaml:"realm,omitempty" json:"realm"`               // only its challenges are answered; "" any
	Secret   string `yaml:"secret,omitempty" json:"secret"`             // name in the store
	Password string `yaml:"password,omitempty" json:"-"`                // accepted on load, moved into the store at commit

	Register bool     `yaml:"register,omitempty" json:"register"`
	Expires  Duration `yaml:"expires,omitempty" json:"expires"`           // of the registration asked for, default 10m
	Peers    []string `yaml:"peers,omitempty" json:"peers"`               // addresses and networks calls come from, beside the servers
	Health   string   `yaml:"health,omitempty" json:"health"`             // "options" (default) asks servers how they do, "off" does not
	Every    Duration `yaml:"health_every,omitempty" json:"health_every"` // default 30s

	Numbers []string       `yaml:"numbers,omitempty" json:"numbers"` // of ours that reach us over it
	DID     string         `yaml:"did,omitempty" json:"did"`         // where the number dialled stands: request-uri, to, called-party, diversion (who sent the call on to us, the first); "" wherever one of ours is found
	Rings   id.Destination `yaml:"rings,omitempty" json:"rings"`
	Calls   int            `yaml:"calls,omitempty" json:"calls"`   // most at once, 0 = 30
	Caller  string         `yaml:"caller,omitempty" json:"caller"` // number shown: own (default: one of numbers, else the first), first, any, account
	// Trusted believes the provider who calls (P-Asserted-Identity, RFC 3325), and tells
	// it who calls here, with withheld numbers and forwarding stations.
	Trusted bool `yaml:"trusted,omitempty" json:"trusted"`
	// Transfer lets the provider send whom it is connected with to a station (REFER).
	Transfer bool     `yaml:"transfer,omitempty" json:"transfer"`
	Codecs   []string `yaml:"codecs,omitempty" json:"codecs"` // of Codecs, offered in this order, default pcma pcmu

	// How numbers are written towards the provider and by it: as they are (""),
	// e164 (+34…), bare (34…), 00 (0034…), national. Before that a prefix is taken
	// away, after it one is set before.
	Out      string `yaml:"format_out,omitempty" json:"format_out"`
	OutStrip string `yaml:"strip_out,omitempty" json:"strip_out"`
	OutAdd   string `yaml:"add_out,omitempty" json:"add_out"`
	In       string `yaml:"format_in,omitempty" json:"format_in"`
	InStrip  string `yaml:"strip_in,omitempty" json:"strip_in"`
	InAdd    string `yaml:"add_in,omitempty" json:"add_in"`

	// Allow and Bar list kinds of calls as of Guard, Limit what they may cost.
	Allow []string `yaml:"allow,omitempty" json:"allow"`
	Bar   []string `yaml:"bar,omitempty" json:"bar"`
	Limit Limit    `yaml:"limit,omitempty" json:"limit"`
}
