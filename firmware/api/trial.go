package api

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"time"

	"centralita/firmware/settings"
	"centralita/firmware/words"
)

// Commit puts the candidate in force, for good or on trial.
type Commit struct {
	Note    string `json:"note,omitempty" maxLength:"200"`
	Minutes int    `json:"minutes,omitempty" minimum:"0" maximum:"1440" doc:"on trial for so long, unless it is kept; 0 for good"`
}

// Committed is the revision of a commit and what follows from it.
type Committed struct {
	Rev   uint64 `json:"rev"`
	Trial *Trial `json:"trial,omitempty"`
}

// Trial is a revision that does not last unless it is kept in time.
type Trial struct {
	On      bool   `json:"on"`
	Rev     uint64 `json:"rev" doc:"on trial"`
	Back    uint64 `json:"back" doc:"the revision that comes back"`
	LeftMS  int64  `json:"left_ms"`
	Moves   bool   `json:"moves" doc:"the box's address changes with it: it can be kept from the new one only"`
	Address string `json:"address" doc:"the new one where it is fixed, empty where the network gives it"`
}

// moveTrial is how long a new address of the box is on trial: to find the box there,
// trust its certificate and sign in, or to find that it is not there.
const moveTrial = 5 * time.Minute

func (d *door) trialEndpoints() []endpoint {
	done, none := reflect.TypeFor[Committed](), reflect.TypeFor[struct{}]()
	return []endpoint{
		{method: http.MethodGet, path: "/settings/trial", help: "Whether the settings in force are on trial, and for how long.", out: reflect.TypeFor[Trial](),
			run: func(*ask) (any, error) { return d.trial(), nil }},
		{method: http.MethodPost, path: "/settings/keep", help: "Let the settings on trial last.", in: none, out: done, run: d.keepTrial},
		{method: http.MethodPost, path: "/settings/return", help: "End the trial: the settings before come back.", in: none, out: done,
			run: func(a *ask) (any, error) {
				r, err := d.Settings.Return(a.who.Person)
				return d.committed(r, err)
			}},
	}
}

func (d *door) trial() Trial {
	t, on := d.Settings.Trial()
	if !on {
		return Trial{}
	}
	r, now, _ := d.Settings.Current()
	out := Trial{On: true, Rev: r.Rev, Back: t.Back, LeftMS: d.Settings.Left().Milliseconds(), Moves: d.moves(now)}
	if p, fixed := now.Box.Network.Fixed(); fixed && out.Moves {
		out.Address = p.Addr().String()
	}
	return out
}

// moves reports whether a tree takes the box to another address than that for good.
func (d *door) moves(to *settings.Tree) bool {
	if d.Network == nil || !d.Network.State().Owned {
		return false
	}
	lasting, err := d.Settings.Lasting()
	if err != nil { // the way back cannot be read: whatever is set now has to be reached
		d.Log.Error("the settings before the trial", "err", err)
		lasting = settings.Default("ES")
	}
	return to.Box.Network.MovesFrom(lasting.Box.Network)
}

// keepTrial takes the word of who sees the settings on trial: a new address is good
// when somebody comes to it.
func (d *door) keepTrial(a *ask) (any, error) {
	if d.trial().Moves && !d.Network.Reached(socketAt(a.r)) {
		return nil, no(http.StatusConflict, "keep-elsewhere")
	}
	r, err := d.Settings.Keep()
	return d.committed(r, err)
}

// trialTime is how long a tree is to be on trial, 0 for good: as asked for, and a
// while where the box moves and nobody has reached it there.
func (d *door) trialTime(a *ask, to *settings.Tree, minutes int) time.Duration {
	if minutes > 0 {
		return time.Duration(minutes) * time.Minute
	}
	if !d.moves(to) {
		return 0
	}
	_, now, _ := d.Settings.Current()
	if !to.Box.Network.MovesFrom(now.Box.Network) && d.Network.Reached(socketAt(a.r)) {
		return 0
	}
	return moveTrial
}

// backNote is of the revision that a trial goes back with.
func (d *door) backNote(lang string) string {
	r, _, _ := d.Settings.Current()
	back := r.Rev
	if t, on := d.Settings.Trial(); on {
		back = t.Back
	}
	return words.T(lang, "settings.note.trial", fmt.Sprint(r.Rev+1), fmt.Sprint(back))
}

func (d *door) commit(a *ask) (any, error) {
	in := a.into.(*Commit)
	to, changed := d.Settings.Candidate()
	if _, on := d.Settings.Trial(); on && !changed {
		return d.keepTrial(a)
	}
	if long := d.trialTime(a, to, in.Minutes); long > 0 {
		r, err := d.Settings.CommitFor(a.who.Person, in.Note, long, d.backNote(a.lang))
		return d.committed(r, err)
	}
	r, err := d.Settings.Commit(a.who.Person, in.Note)
	return d.committed(r, err)
}

func (d *door) rollback(a *ask) (any, error) {
	want := a.into.(*Rev).Rev
	note := words.T(a.lang, "settings.note.rollback", fmt.Sprint(want))
	to, err := d.Settings.At(want)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, no(http.StatusNotFound, "no-revision", short(want))
	}
	if err != nil {
		return nil, err
	}
	if long := d.trialTime(a, to, 0); long > 0 {
		r, err := d.Settings.RollbackFor(want, a.who.Person, note, long, d.backNote(a.lang))
		return d.committed(r, err)
	}
	r, err := d.Settings.Rollback(want, a.who.Person, note)
	return d.committed(r, err)
}

func (d *door) committed(r settings.Revision, err error) (any, error) {
	out := Committed{Rev: r.Rev}
	if t := d.trial(); t.On {
		out.Trial = &t
	}
	return out, err
}
