package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/atomicfile"
	"centralita/firmware/db"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/journal"
	"centralita/firmware/media/clip"
	"centralita/firmware/recorder"
	"centralita/firmware/settings"
	"centralita/firmware/store"
	"centralita/firmware/words"
)

// lockFile says that a box runs on the data folder.
const lockFile = "lock"

// openDisk takes the data folder for this process alone and opens the store, the
// accounts and the call list. The journal is opened with the core, which reads it.
func (a *App) openDisk() error {
	if err := os.MkdirAll(a.opt.Data, 0o700); err != nil {
		return fmt.Errorf("data folder %s: %w; choose another with --data", a.opt.Data, err)
	}
	if err := a.take(); err != nil {
		return err
	}
	if err := a.wipe(); err != nil {
		return err
	}
	a.sweep()
	var err error
	a.alarms = newAlarms(a.tell)
	a.store, err = store.Open(a.path("store"), store.Options{Space: a.space})
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	a.secrets = a.store.Secrets()
	if name := a.secrets.Damaged(); name != "" {
		a.alarms.raise("secrets", "major", "alarm.secrets-damaged", name)
	}
	a.gate, a.oneTime, err = gate.Open(gate.Options{File: a.path("accounts.json"), Sessions: a.path("sessions.json"), People: a.person, Tell: a.tell})
	if err != nil {
		return fmt.Errorf("accounts: %w", err)
	}
	a.db, err = db.Open(a.path("calls.sqlite"))
	if err != nil && a.db == nil {
		return fmt.Errorf("call list %s: %w", a.path("calls.sqlite"), err)
	}
	if err != nil {
		// Telephones come first: the list is folded again when its file can be used.
		a.log.Error("call list", "err", err)
		a.alarms.raise("call-list", "major", "alarm.call-list", err.Error())
	}
	if aside := a.db.SetAside(); aside != "" {
		a.log.Warn("call list set aside and folded anew", "file", aside)
	}
	return nil
}

// sweep removes the files that a power cut left unfinished; nobody writes yet. The
// store looks after its own.
func (a *App) sweep() {
	for _, dir := range []string{"", "settings", "saved", "before", "update"} {
		if err := atomicfile.Sweep(a.path(dir)); err != nil {
			a.log.Warn("an unfinished file stays", "err", err)
		}
	}
}

// take locks the folder, so that two boxes never write one journal.
func (a *App) take() error {
	f, err := os.OpenFile(a.path(lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("data folder %s: %w; choose another with --data", a.opt.Data, err)
	}
	a.lock = f
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return fmt.Errorf("data folder %s is in use by another box: end it or choose another with --data", a.opt.Data)
	}
	return nil
}

// person looks somebody up for the gate.
func (a *App) person(who id.Person) (gate.Profile, bool) {
	if a.settings == nil {
		return gate.Profile{}, false
	}
	_, tree, _ := a.settings.Current()
	p, ok := tree.PersonByName(who)
	if !ok {
		return gate.Profile{}, false
	}
	role, ok := access.ParseRole(p.Role)
	prof := gate.Profile{Role: role, Label: p.Label}
	if len(p.Languages) > 0 {
		prof.Language = p.Languages[0]
	}
	return prof, ok
}

// openSettings opens the revisions and loads the file of the command line where
// it is new or changed since it was loaded last.
func (a *App) openSettings() error {
	var err error
	a.settings, err = settings.Open(settings.Options{Dir: a.path("settings"), Secrets: a.secrets, Told: a.committed})
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if err := a.settings.Damage(); err != nil {
		a.alarms.raise("settings", "major", "alarm.settings-damaged", err.Error())
	}
	if faults := a.settings.Faults(); len(faults) > 0 {
		_, tree, _ := a.settings.Current()
		a.alarms.raise("settings-faults", "major", "alarm.settings-faults", fmt.Sprint(len(faults)), Sentence(firstLanguage(tree), faults[0]))
	}
	a.tellBeyond(a.settings.Beyond())
	if a.opt.Settings == "" {
		return nil
	}
	doc, err := os.ReadFile(a.opt.Settings)
	if err != nil {
		return fmt.Errorf("settings file %s: %w; name another with --settings", a.opt.Settings, err)
	}
	sum := sha256.Sum256(doc)
	mark := []byte(hex.EncodeToString(sum[:]))
	if last, err := os.ReadFile(a.path("settings-loaded")); err == nil && bytes.Equal(last, mark) {
		return nil
	}
	if err := a.load(doc); err != nil {
		return err
	}
	return atomicfile.Write(a.path("settings-loaded"), 0o600, mark)
}

// tellBeyond says that the settings in force have parts of a newer version, or that
// they have none any more.
func (a *App) tellBeyond(beyond settings.Beyond) {
	paths := beyond.Paths()
	if len(paths) == 0 {
		a.alarms.clear("settings-newer")
		return
	}
	list := strings.Join(paths[:min(len(paths), 5)], ", ")
	if len(paths) > 5 {
		list += ", ..."
	}
	a.alarms.raise("settings-newer", "minor", "alarm.settings-newer", fmt.Sprint(len(paths)), list)
}

func (a *App) load(doc []byte) error {
	if err := CheckSettings(doc, a.opt.Settings); err != nil {
		return err
	}
	tree, err := settings.Parse(doc)
	if err != nil {
		return err
	}
	a.settings.SetCandidate(tree)
	note := words.T(firstLanguage(tree), "settings.note.loaded", filepath.Base(a.opt.Settings))
	if _, err := a.settings.Commit("", note); err != nil && !errors.Is(err, settings.ErrNothing) {
		return fmt.Errorf("settings file %s: %w", a.opt.Settings, err)
	}
	return nil
}

// CheckSettings says in sentences what is wrong with a settings document; file is
// its name for the sentences. Warnings are no error.
func CheckSettings(doc []byte, file string) error {
	tree, err := settings.Parse(doc)
	var problems settings.Problems
	if err == nil {
		problems = tree.Validate().Faults()
	} else if !errors.As(err, &problems) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if len(problems) == 0 {
		return nil
	}
	var all []error
	for _, p := range problems {
		all = append(all, fmt.Errorf("%s: %s", file, Sentence(firstLanguage(tree), p)))
	}
	return errors.Join(all...)
}

// firstLanguage is the office's own, English where the settings name none.
func firstLanguage(tree *settings.Tree) string {
	if tree != nil && len(tree.Office.Languages) > 0 {
		return tree.Office.Languages[0]
	}
	return words.Languages[len(words.Languages)-1]
}

// Sentence is a problem of the settings for people: path, value, reason, remedy.
func Sentence(lang string, p settings.Problem) string {
	says := words.T(lang, p.Reason, p.Args...) + " " + words.T(lang, p.Remedy, p.Args...)
	if p.Path == "" { // of the document as a whole
		return says
	}
	return p.Path + ": " + says
}

// openCore makes the core and lets it remember the journal.
func (a *App) openCore() error {
	a.makeCore()
	var err error
	a.journal, a.recovery, err = journal.Open(a.path("journal"), journal.Options{Replay: a.remember, Trouble: a.diskTrouble})
	if err != nil {
		return fmt.Errorf("journal %s: %w", a.path("journal"), err)
	}
	for _, d := range a.recovery.Damage {
		a.log.Error("journal damage", "what", d.String())
	}
	if n := len(a.recovery.Damage) + a.recovery.More; n > 0 {
		first := a.recovery.Damage[0]
		a.alarms.raise("journal-damage", "major", "alarm.journal-damaged", fmt.Sprintf("%s:%d", first.File, first.Offset), fmt.Sprint(n))
	}
	a.recorder = recorder.New(recorder.Options{Store: a.store, Tell: a.tell, Encoding: clip.PCM16})
	for _, e := range a.recorder.Repair(&a.pending) {
		a.tell(e)
	}
	return nil
}

// remember replays one record. A kind of a newer version is passed over: what it
// meant is not known here, and the journal keeps it.
func (a *App) remember(r *event.Record) error {
	e, err := r.Event()
	if err != nil {
		a.log.Warn("record not understood", "seq", r.Seq, "err", err)
		return nil
	}
	if s, ok := e.(*event.SettingsCommitted); ok {
		a.known = s.Rev
	}
	a.core.Replay(timeOf(r), e)
	a.pending.Apply(e)
	return nil
}
