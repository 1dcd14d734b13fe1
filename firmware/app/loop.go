package app

import (
	"context"
	"errors"
	"iter"
	"net"
	"net/netip"
	"reflect"
	"time"

	"centralita/firmware/api"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/desk"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/leg/sip"
	"centralita/firmware/linecare"
	"centralita/firmware/media"
	"centralita/firmware/security"
	"centralita/firmware/switchboard"
)

// makeCore joins the book and every feature's reactor.
func (a *App) makeCore() {
	a.features = append(features(), security.Feature(a.guards()))
	a.core = core.New(feature.Parts(call.New(), a.features)...)
}

// openSound makes the engine and the library of prompts.
func (a *App) openSound() error {
	a.engine = media.New()
	_, tree, _ := a.settings.Current()
	a.sounds = switchboard.NewSounds(a.opt.Sounds)
	a.sounds.Missing = a.soundMissing
	a.sounds.Configure(tree.CountryCode(), tree.Office.Languages)
	return nil
}

// legsMax is how many SIP legs the box takes: what the engine holds when every
// second one has a player, as callers of a queue have. The range of sound ports may
// be smaller, and then is the bound.
const legsMax = media.MaxPorts * 2 / 3

// soundHost is where sound is taken: at every address, of IPv6 too where SIP is.
func soundHost(sip string) netip.Addr {
	host, _, _ := net.SplitHostPort(sip)
	if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
		return netip.IPv6Unspecified()
	}
	return netip.IPv4Unspecified()
}

// openPhones opens the SIP sockets.
func (a *App) openPhones() error {
	ports := &rtp.Ports{Host: soundHost(a.opt.SIP), Min: a.opt.RTPFirst, Max: a.opt.RTPLast, Beat: a.engine.Beat()}
	_, tree, _ := a.settings.Current()
	cfg := sip.Config{
		Listen: a.opt.SIP, Ports: ports, Told: a.told, Log: a.log,
		MuLaw:  tree.CountryCode() == "US" || tree.CountryCode() == "CA",
		Phones: a.phone, Devices: a.look, Trunks: a.trunkState, Tested: a.trunkTested, Messages: a.written,
		TLS: a.trust.Config(), TLSFailed: a.trust.Refused, Banned: a.banned, Knocked: a.knocked, NoPorts: a.noPorts,
	}
	cfg.Limits.Dialogs = legsMax
	if n := tree.Box.PerSourceLimit; n != nil {
		cfg.Limits.PerSourcePerSecond = *n
		if *n == 0 {
			cfg.Limits.PerSourcePerSecond, cfg.Limits.PerSecond = -1, -1
		}
	}
	var err error
	if a.sip, err = sip.New(cfg); err != nil {
		return err
	}
	a.giveKeys(tree)
	a.sip.SetUsers(a.users(tree))
	a.sip.SetTrunks(a.accounts(tree))
	a.openSIPTLS(tree)
	a.markSIP(tree)
	a.spare(tree)
	return nil
}

func (a *App) openSwitchboard() error {
	a.switchboard = switchboard.New(switchboard.Options{
		Core: a.core, Journal: a.journal, Engine: a.engine, Sounds: a.sounds, Recorder: a.recorder,
		Makers: map[string]leg.Maker{
			"fxs": a.forks.Maker(a.bank, a.browsers), "fxo": a.bank, "sip": a.forks.Maker(a.sip, a.browsers), "trunk": a.sip, "web": a.browsers,
		},
		Start: max(time.Now().UnixMilli(), a.recovery.At+1),
		Log:   a.log,
	})
	for port, h := range a.core.Part(linecare.Feature.Name).(*linecare.Care).Habits() {
		a.bank.Learn(port, h)
	}
	a.tellStart()
	return nil
}

// tell gives a fact to the loop; what is found while the box is put together
// waits for it.
func (a *App) tell(e event.Event) {
	if a.switchboard == nil {
		a.early = append(a.early, e)
		return
	}
	a.switchboard.Tell(e)
}

func (a *App) told(l leg.Leg, r leg.Report) { a.forks.Told(l, r) }

func (a *App) phone(p sip.Phone) {
	a.tell(a.reach.phoneIs(event.PhoneChanged{Station: id.Station(p.User), Registered: !p.Gone, Contact: p.Contact, Device: p.UserAgent}))
}

func (a *App) written(m sip.Message) {
	a.tell(&event.MessageSent{From: id.Station(m.From), Who: id.Person(m.Who), To: id.Station(m.To), Text: m.Text, Status: int64(m.Status)})
}

// Command implements api.Box: acknowledged means durable.
func (a *App) Command(ctx context.Context, who id.Person, feature string, c core.Command) (uint64, error) {
	if do := a.deed(feature, c); do != nil {
		return a.journal.Durable(), do(who, c)
	}
	seq, err := a.switchboard.Command(ctx, who, feature, c)
	if err != nil {
		return 0, err
	}
	err = a.journal.Sync(ctx, seq)
	if err != nil && a.alarms.lasts("journal") {
		err = errors.Join(api.ErrUnwritten, err)
	}
	return seq, err
}

// deed is what carries a command out that is nothing for the loop, nil where it is.
func (a *App) deed(name string, c core.Command) func(id.Person, core.Command) error {
	for _, f := range a.features {
		for _, d := range f.Commands {
			if f.Name == name && d.Do != nil && reflect.TypeOf(d.New()) == reflect.TypeOf(c) {
				return d.Do
			}
		}
	}
	return nil
}

// View implements api.Box.
func (a *App) View(ctx context.Context, name, view string) (api.Picture, error) {
	v, ok := a.view(name, view)
	if !ok {
		return api.Picture{}, api.ErrNotFound
	}
	data, seq, now, err := a.switchboard.Look(ctx, func(now core.Time) any {
		picture := v.Look(a.core.Part(name), now)
		if calls, ok := picture.(desk.Picture); ok {
			return calls.Sounds(a.sounding)
		}
		return picture
	})
	return api.Picture{Seq: seq, At: now, Data: data}, err
}

func (a *App) view(name, view string) (feature.View, bool) {
	for _, f := range a.features {
		for _, v := range f.Views {
			if f.Name == name && v.Name == view {
				return v, true
			}
		}
	}
	return feature.View{}, false
}

// Now implements api.Box.
func (a *App) Now() (uint64, core.Time) { return a.journal.Durable(), a.switchboard.Now() }

// Follow implements api.Box.
func (a *App) Follow(ctx context.Context, from uint64) iter.Seq2[*event.Record, error] {
	return a.journal.Follow(ctx, from)
}

func timeOf(r *event.Record) core.Time { return core.Time{At: r.At, Wall: r.Wall} }
