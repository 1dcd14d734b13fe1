package app

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"centralita/firmware/access/gate"
	"centralita/firmware/api"
	"centralita/firmware/atomicfile"
	"centralita/firmware/backup"
	"centralita/firmware/id"
	"centralita/firmware/settings"
	"centralita/firmware/words"
)

// backups are the box in one encrypted file, for the door.
type backups struct{ *App }

// beforeKept is how many files of the time before a restore are kept.
const beforeKept = 3

var beforeForm = regexp.MustCompile(`^before-[0-9]{8}-[0-9]{6}\.centralita$`)

// Write implements api.Backups.
func (b backups) Write(w io.Writer, password string) (name string, err error) {
	r, tree, doc := b.settings.Current()
	accounts, err := b.gate.Export()
	if err != nil {
		return "", err
	}
	now := time.Now().UTC().Truncate(time.Second)
	c := &backup.Content{
		Manifest: backup.Manifest{Made: now, Program: b.opt.Version, Board: b.box.Name, Serial: b.box.Serial, Office: tree.Office.Name, Revision: r.Rev},
		Settings: doc, Secrets: b.secrets.All(), Accounts: accounts,
	}
	return fmt.Sprintf("%s-%s.centralita", fileWord(tree.Office.Name), now.Format("2006-01-02")), backup.Write(w, password, c)
}

// fileWord is a name that every disk takes.
func fileWord(s string) string {
	s = strings.Trim(regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(s), "-"), "-")
	if s == "" {
		return "centralita"
	}
	return s[:min(len(s), 40)]
}

// Look implements api.Backups.
func (b backups) Look(r io.Reader, password string) (api.BackupSheet, error) {
	_, _, sheet, err := b.look(r, password)
	return sheet, err
}

// look opens a file and finds it fit for this box before anything is touched.
func (b backups) look(r io.Reader, password string) (*backup.Content, *settings.Tree, api.BackupSheet, error) {
	c, err := backup.Read(r, password)
	if err != nil {
		return nil, nil, api.BackupSheet{}, err
	}
	tree, _, err := settings.ParseCommitted(c.Settings) // a box keeps what a newer version said, its backups have it too
	if err != nil {
		return nil, nil, api.BackupSheet{}, err
	}
	_, now, _ := b.settings.Current()
	kept := b.keepNetwork(tree, now)
	problems := append(tree.Validate(), kept...)
	if faults := problems.Faults(); len(faults) > 0 {
		return nil, nil, api.BackupSheet{}, faults
	}
	people, err := gate.CountAccounts(c.Accounts)
	if err != nil {
		return nil, nil, api.BackupSheet{}, err
	}
	m := c.Manifest
	return c, tree, api.BackupSheet{
		Made: m.Made.UnixMilli(), Program: m.Program, Board: m.Board, Serial: m.Serial, Office: m.Office, Revision: m.Revision,
		Accounts: people, Changes: settings.Compare(now, tree), Warnings: problems,
	}, nil
}

// keepNetwork leaves the box where it is found: the address of a backup is of another
// day or another box, and nobody could say there that it is good.
func (b backups) keepNetwork(tree, now *settings.Tree) settings.Problems {
	was := tree.Box.Network
	if !b.network.owned() || !was.MovesFrom(now.Box.Network) {
		return nil
	}
	tree.Box.Network = now.Box.Network
	address := was.Address
	if address == "" {
		address = settings.ByDHCP
	}
	return settings.Problems{{Path: "box.network.address", Value: address, Warning: true,
		Reason: "settings.problem.network-kept", Remedy: "settings.remedy.network-kept", Args: []string{address}}}
}

// Restore implements api.Backups. The order leaves a box that works wherever it is
// cut: first a way back, then secrets, which nothing names yet, then the settings
// that name them, then who may sign in.
func (b backups) Restore(who id.Person, r io.Reader, password string) (api.BackupSheet, error) {
	c, tree, sheet, err := b.look(r, password)
	if err != nil {
		return sheet, err
	}
	if sheet.Before, err = b.keepBefore(password); err != nil {
		return sheet, err
	}
	if err := b.secrets.PutAll(c.Secrets); err != nil {
		return sheet, err
	}
	b.settings.Discard()
	b.settings.SetCandidate(tree)
	note := words.T(firstLanguage(tree), "settings.note.restored", c.Manifest.Made.Format(time.DateOnly))
	if _, err := b.settings.Commit(who, note); errors.Is(err, settings.ErrNothing) {
		b.spread(tree) // the words are the same; the passwords behind them may not be
	} else if err != nil {
		return sheet, err
	}
	if err := b.gate.Adopt(c.Accounts); err != nil {
		return sheet, err
	}
	b.log.Info("restored from a backup", "made", c.Manifest.Made, "of", c.Manifest.Serial, "who", who, "before", sheet.Before)
	return sheet, b.trust.Refresh()
}

// keepBefore writes the box as it is into the data folder, sealed with the same
// password, and forgets the oldest of such files.
func (b backups) keepBefore(password string) (name string, err error) {
	var file bytes.Buffer
	if _, err := b.Write(&file, password); err != nil {
		return "", err
	}
	dir := b.path("before")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	name = time.Now().UTC().Format("before-20060102-150405.centralita")
	if err := atomicfile.Write(filepath.Join(dir, name), 0o600, file.Bytes()); err != nil {
		return "", err
	}
	all, err := filepath.Glob(filepath.Join(dir, "before-*.centralita"))
	if err != nil {
		return "", err
	}
	slices.Sort(all)
	for len(all) > beforeKept {
		if err := os.Remove(all[0]); err != nil {
			return "", err
		}
		all = all[1:]
	}
	return name, nil
}

// Before implements api.Backups.
func (b backups) Before(name string) (io.ReadCloser, error) {
	if !beforeForm.MatchString(name) {
		return nil, fs.ErrNotExist
	}
	return os.Open(filepath.Join(b.path("before"), name))
}
