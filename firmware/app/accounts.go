package app

import (
	"time"

	"centralita/firmware/event"
	"centralita/firmware/leg/sip"
	"centralita/firmware/number"
	"centralita/firmware/settings"
)

// trunkTested turns what a test of an account found into a fact.
func (a *App) trunkTested(t sip.TrunkTest) {
	e := &event.TrunkTested{Trunk: t.Name}
	for _, s := range t.Steps {
		e.Steps = append(e.Steps, event.TrunkStep{Step: s.Step, Good: s.Good, Code: s.Code, Text: s.Text, MS: s.Took.Milliseconds()})
	}
	a.tell(e)
}

// accounts are the trunks of the tree as firmware/leg/sip wants them.
// srtpOf is the word of the settings; allow is where nothing is set.
func srtpOf(word string) sip.SRTP {
	if word == "allow" {
		return sip.SRTPAllow
	}
	return sip.SRTP(word)
}

func (a *App) accounts(t *settings.Tree) []sip.Trunk {
	var list []sip.Trunk
	for _, own := range t.Trunks {
		k := own.Filled()
		word, ok := a.secrets.Get(k.Secret)
		if !ok && k.Secret != "" {
			a.log.Error("a provider's account has no secret", "trunk", k.Name, "secret", k.Secret)
		}
		s := sip.Trunk{
			SRTP: srtpOf(k.SRTP),
			Name: k.Name, Server: k.Server, More: k.Servers, Proxy: k.Proxy, Transport: k.Proto,
			User: k.User, AuthUser: k.AuthUser, Contact: k.Contact, Domain: k.Domain, Realm: k.Realm, Password: word,
			Register: k.Register, ExpiresS: int(time.Duration(k.Expires).Seconds()),
			NoProbe: k.Health == "off", ProbeS: int(time.Duration(k.Every).Seconds()), Numbers: k.Numbers, Transfer: k.Transfer, Trusted: k.Trusted,
		}
		s.Country, s.DID, s.Caller, s.Codecs = t.CountryCode(), k.DID, k.Caller, k.Codecs
		s.Out = sip.Numbers{Form: number.Form(k.Out), Strip: k.OutStrip, Add: k.OutAdd}
		s.In = sip.Numbers{Form: number.Form(k.In), Strip: k.InStrip, Add: k.InAdd}
		for _, p := range k.Peers {
			if network, err := settings.Peer(p); err == nil {
				s.Peers = append(s.Peers, network)
			}
		}
		list = append(list, s)
	}
	return list
}
