// Package alarm keeps conditions that last: what is wrong with the box and its
// wires, since when, how bad.
//
// Shells raise their own by the fact AlarmRaised (a full disk, lost frames); the
// package raises those that follow from other facts: a line without battery, a
// provider that is down or whose calls sound poor, a recording that could not be
// written. A condition is raised once and cleared once. Lamps and mails follow the
// facts, not this package.
package alarm

import (
	"slices"

	"centralita/firmware/access"
	"centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/feature"
)

// Feature is the plug.
var Feature = feature.Feature{
	Name: "alarm",
	New:  func(*call.Book) core.Reactor { return New() },
	Views: []feature.View{{
		Name: "list", Role: access.Agent, Help: "help.alarm.list",
		Kinds: []string{"AlarmRaised", "AlarmCleared"},
		Look:  func(r core.Reactor, now core.Time) any { return r.(*Alarms).look() },
	}},
}

// alarmsMax bounds the list: ports, accounts and parts of the box are fewer.
const alarmsMax = 500

// Alarm is one condition.
type Alarm struct {
	Key      string   `json:"key"`
	Severity string   `json:"severity"`
	Text     string   `json:"text"`
	Args     []string `json:"args"`
	SinceAt  int64    `json:"since_at"`
}

// Picture is the view "list".
type Picture struct {
	Alarms []Alarm `json:"alarms"`
}

// Alarms are the conditions that last now, oldest first.
type Alarms struct {
	list   []Alarm
	sounds sounds
}

// New makes it.
func New() *Alarms { return &Alarms{sounds: sounds{}} }

// Apply remembers.
func (a *Alarms) Apply(now core.Time, e event.Event) {
	switch e := e.(type) {
	case *event.AlarmRaised:
		at := a.find(e.Key)
		if at < 0 && len(a.list) < alarmsMax {
			a.list = append(a.list, Alarm{e.Key, e.Severity, e.Text, e.Args, now.At})
		} else if at >= 0 {
			a.list[at].Severity, a.list[at].Text, a.list[at].Args = e.Severity, e.Text, e.Args
		}
	case *event.AlarmCleared:
		a.list = slices.DeleteFunc(a.list, func(x Alarm) bool { return x.Key == e.Key })
	case *event.LegMeasured:
		a.sounds.take(e)
	case *event.TrunkChanged:
		if e.Code == "removed" {
			delete(a.sounds, e.Trunk)
		}
	}
}

func (a *Alarms) find(key string) int {
	return slices.IndexFunc(a.list, func(x Alarm) bool { return x.Key == key })
}

// React raises and clears.
func (a *Alarms) React(now core.Time, e event.Event, out *core.Out) {
	switch e := e.(type) {
	case *event.BoxStarted:
		// What was wrong in the former run may be mended; what is not is told again.
		for _, x := range slices.Clone(a.list) {
			out.Say(&event.AlarmCleared{Key: x.Key})
		}
	case *event.LineChanged:
		text, severity, args := portTrouble(e)
		a.set(out, "line/"+string(e.Port), text, severity, args...)
	case *event.TrunkChanged:
		text, args := trunkTrouble(e)
		a.set(out, "trunk/"+e.Trunk, text, "major", args...)
		if e.Code == "removed" {
			a.forgetSound(e.Trunk, out)
		}
	case *event.LegMeasured:
		a.reactSound(e, out)
	case *event.RecordingEnded:
		text := ""
		if e.Error != "" {
			text = "alarm.recording-failed"
		}
		a.set(out, "recording", text, "major", e.File, e.Error)
	}
}

// trunkCodes have sentences of their own.
var trunkCodes = []string{"name", "silent", "unreachable", "certificate", "busy", "credentials", "refused"}

// trunkTrouble is what is wrong with a provider's account: a word of the catalogue,
// "" for nothing.
func trunkTrouble(e *event.TrunkChanged) (text string, args []string) {
	switch {
	case e.Up, e.Code == "removed":
		return "", nil
	case slices.Contains(trunkCodes, e.Code):
		return "alarm.trunk." + e.Code, []string{e.Trunk, e.Text}
	}
	return "alarm.trunk-down", []string{e.Trunk, e.Text}
}

// set raises a condition, or says anew what changed about it, or clears it where
// text is "".
func (a *Alarms) set(out *core.Out, key, text, severity string, args ...string) {
	at := a.find(key)
	switch {
	case text == "" && at >= 0:
		out.Say(&event.AlarmCleared{Key: key})
	case text != "" && (at < 0 || a.list[at].Text != text || !slices.Equal(a.list[at].Args, args)):
		out.Say(&event.AlarmRaised{Key: key, Severity: severity, Text: text, Args: args})
	}
}

func (a *Alarms) look() Picture {
	p := Picture{Alarms: slices.Clone(a.list)}
	if p.Alarms == nil {
		p.Alarms = []Alarm{}
	}
	return p
}
