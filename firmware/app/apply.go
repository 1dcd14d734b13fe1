package app

import (
	"slices"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/leg/sip"
	"centralita/firmware/settings"
	"centralita/firmware/store"
)

// committed hands a revision to everything that is not a reactor: phones,
// providers, sockets and sounds; then it becomes a fact, and the reactors have it
// too. While the box is put together it only becomes a fact, at the start.
func (a *App) committed(r settings.Revision, doc []byte) {
	tree, beyond, err := settings.ParseCommitted(doc)
	if err != nil {
		a.log.Error("a committed revision does not read", "rev", r.Rev, "err", err)
		return
	}
	a.speak(tree)
	if a.switchboard == nil {
		return
	}
	a.spread(tree)
	a.alarms.clear("settings-faults") // nothing with one is committed
	a.tellBeyond(beyond)
	a.switchboard.Tell(&event.SettingsCommitted{Rev: r.Rev, Who: r.Who, Note: r.Note, Doc: doc})
}

// speak makes the office's language the box's own. A tree that a newer version
// committed may name none that this one can read.
func (a *App) speak(tree *settings.Tree) {
	lang := firstLanguage(tree)
	a.language.Store(&lang)
}

// spread hands the settings, and the secrets they name, to phones, providers,
// sockets and sounds.
func (a *App) spread(tree *settings.Tree) {
	a.giveKeys(tree)
	a.sip.SetUsers(a.users(tree))
	a.sip.SetTrunks(a.accounts(tree))
	a.browsers.SetUsers(browserUsers(tree))
	a.trust.SetACME(acmeOf(tree))
	a.openSIPTLS(tree)
	a.markSIP(tree)
	a.network.changed()
	a.spare(tree)
	a.bank.Configure(sockets(tree))
	a.store.SetRetention(retention(tree))
	a.sounds.Configure(tree.CountryCode(), tree.Office.Languages)
	if a.box.town != nil {
		a.box.town.Renumber(numbersOf(tree))
	}
}

// tellStart opens this run in the journal before any part of the box can speak,
// for the start ends what the run before left open: its alarms, its ports, its
// calls. The ends of that run's recordings go before it; what was found while the
// box was put together, and the settings where the journal knows others, after.
func (a *App) tellStart() {
	found := a.early
	a.early = nil
	after := found[:0]
	for _, e := range found {
		if _, ok := e.(*event.RecordingEnded); ok {
			a.switchboard.Tell(e)
		} else {
			after = append(after, e)
		}
	}
	a.switchboard.Tell(&event.BoxStarted{Version: a.opt.Version, Board: a.box.Name})
	r, tree, doc := a.settings.Current()
	a.speak(tree)
	a.store.SetRetention(retention(tree))
	if r.Rev != a.known {
		a.switchboard.Tell(&event.SettingsCommitted{Rev: r.Rev, Who: r.Who, Note: r.Note, Doc: doc})
	}
	for _, e := range after {
		a.switchboard.Tell(e)
	}
}

// users are the SIP phones of the tree. A phone whose secret is not in the store
// stays out, and the log says so.
func (a *App) users(t *settings.Tree) []sip.User {
	var users []sip.User
	for _, s := range t.ExpandStations() {
		if s.SIP == nil {
			continue
		}
		word, ok := a.secrets.Get(s.SIP.Secret)
		if !ok {
			a.log.Error("a phone has no secret", "station", s.Extension, "secret", s.SIP.Secret)
			continue
		}
		users = append(users, sip.User{Name: s.Extension, DisplayName: s.Name, Password: word, SRTP: srtpOf(s.SIP.SRTP), Codecs: s.SIP.Codecs, MD5: s.SIP.MD5 || oldDigest(t, s.Extension)})
	}
	return users
}

// oldDigest reports whether a desk phone sets itself up as the station: many of those
// know MD5 only.
func oldDigest(t *settings.Tree, extension string) bool {
	return slices.ContainsFunc(t.DevicesOf(extension), func(d settings.Device) bool { return !d.App() })
}

// silentLine is how long a line may be silent on both sides where nothing is set:
// longer than anybody listens without a sound, music on hold included.
const silentLine = 20 * time.Minute

func sockets(t *settings.Tree) analog.Settings {
	set := analog.Settings{
		Country: t.CountryCode(), Lines: map[id.Port]analog.Line{}, Gains: map[id.Port]analog.Gain{}, Echo: map[id.Port]analog.Echo{},
		Handsets: map[id.Port]analog.Handset{}, Ringing: map[leg.Pattern]string{},
	}
	for _, s := range t.Stations {
		if s.Handset != "" {
			set.Gains[s.Handset] = analog.Gain{Input: s.InputGain, Output: s.OutputGain}
			set.Echo[s.Handset] = echoes[s.Echo]
			set.Handsets[s.Handset] = analog.Handset{
				CallerID: analog.Style(s.CallerID), Messages: s.Signs(), NoPulse: s.Pulse == "off",
				Reversal: s.AnswerReversal, Pulse: time.Duration(s.DisconnectPulse),
			}
		}
	}
	for _, l := range t.Lines {
		set.Gains[l.Name] = analog.Gain{Input: l.InputGain, Output: l.OutputGain}
		set.Echo[l.Name] = echoes[l.Echo]
		set.Lines[l.Name] = lineSet(l)
	}
	for kind, cadence := range t.Office.Ringing {
		set.Ringing[leg.Pattern(kind)] = cadence
	}
	if zone, err := time.LoadLocation(t.Office.TimeZone); err == nil {
		set.Zone = zone
	}
	return set
}

// echoes are the words of the settings for what is done to a socket's echo.
var echoes = map[string]analog.Echo{
	"": analog.EchoSuppressed, "suppress": analog.EchoSuppressed, "cancel": analog.EchoCancelled, "off": analog.EchoKept,
}

// retention keeps recordings as long as the longest of the office's wishes; when
// the disk is full the oldest go first, so that new calls are recorded.
func retention(t *settings.Tree) store.Retention {
	age := time.Duration(t.Box.RecordingsKeep)
	for _, q := range t.Queues {
		if keep := time.Duration(q.Record.Keep); q.Record.Always && age != 0 {
			age = max(age, keep)
		}
	}
	return store.Retention{Age: age, Oldest: true}
}
