package app

import (
	"net/netip"

	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/security"
)

// guards are the hands of the feature security.
func (a *App) guards() security.Hands {
	return security.Hands{Bans: a.bansNow, Unban: a.unban, Refused: a.refusedPhones, Certificate: a.certificateNow, Reset: a.resetCertificate}
}

func (a *App) bansNow() []security.Ban {
	list := []security.Ban{}
	for _, b := range a.sip.Bans() {
		list = append(list, security.Ban{Address: b.Addr.String(), Why: string(b.Why), SinceWall: b.Since.UnixMilli(), UntilWall: b.Until.UnixMilli(), Times: b.Times, Dropped: b.Dropped})
	}
	return list
}

func (a *App) unban(who id.Person, address string) error {
	addr, err := netip.ParseAddr(address)
	if err != nil || !(bans{a}).Lift(addr, who) {
		return core.Refuse("not-banned", address)
	}
	return nil
}

func (a *App) refusedPhones() []security.Phone {
	list := []security.Phone{}
	for _, k := range a.sip.Knocks() {
		list = append(list, security.Phone{
			User: k.User, Address: k.Addr.String(), Why: string(k.Why), Device: k.Agent, Count: k.Count, FirstWall: k.First.UnixMilli(), LastWall: k.Last.UnixMilli(),
		})
	}
	return list
}

// knocked tells people of a telephone of the office that goes on trying to sign on, as
// long as one does.
func (a *App) knocked() {
	for _, k := range a.sip.Knocks() {
		if k.Often() {
			a.alarms.raise("sip-refused", "minor", "alarm.sip-refused."+string(k.Why), k.User, k.Addr.String())
			return
		}
	}
	a.alarms.clear("sip-refused")
}

func (a *App) certificateNow() security.Certificate {
	s := a.trust.Status()
	c := security.Certificate{
		Kind: string(s.Kind), State: string(s.State), Issuer: s.Issuer, Names: s.Names, BeginsWall: s.Begins, EndsWall: s.Ends,
		Fingerprint: s.Fingerprint, Distrusted: []security.Device{},
	}
	for _, d := range s.Distrusted {
		c.Distrusted = append(c.Distrusted, security.Device{From: d.From, Wall: d.At})
	}
	return c
}

func (a *App) resetCertificate(who id.Person) error {
	if a.trust.Status().Kind != "own" {
		return core.Refuse("certificate-not-own")
	}
	err := a.trust.ForgetOwn()
	if err == nil {
		a.certificateSet("box", who)
	}
	return err
}

// certificateSet puts into the journal who changed the certificate.
func (a *App) certificateSet(of string, who id.Person) {
	a.tell(&event.CertificateSet{Of: of, Who: who})
}
