package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"

	"centralita/firmware/access"
	"centralita/firmware/access/gate"
	"centralita/firmware/backup"
	"centralita/firmware/id"
	"centralita/firmware/settings"
)

// Backups writes the box into one encrypted file and takes it from there again.
type Backups interface {
	// Write gives the name that the file should have.
	Write(w io.Writer, password string) (name string, err error)
	// Look says what a file would bring.
	Look(r io.Reader, password string) (BackupSheet, error)
	// Restore does it; what the box was before can be had back by the file that the
	// sheet names and the same password.
	Restore(who id.Person, r io.Reader, password string) (BackupSheet, error)
	// Before opens such a file.
	Before(name string) (io.ReadCloser, error)
}

// BackupSheet is what a backup is of and what it changes.
type BackupSheet struct {
	Made     int64              `json:"made"` // Unix ms
	Program  string             `json:"program"`
	Board    string             `json:"board"`
	Serial   string             `json:"serial"`
	Office   string             `json:"office"`
	Revision uint64             `json:"revision"`
	Accounts int                `json:"accounts"`
	Changes  []settings.Change  `json:"changes"`
	Warnings []settings.Problem `json:"-"`
	Remarks  []Field            `json:"remarks"`          // of the settings on this box
	Before   string             `json:"before,omitempty"` // the box before it was restored
}

// BackupPassword seals a backup.
type BackupPassword struct {
	Password string `json:"password" maxLength:"200"`
}

// passwordHeader carries the password beside a file, percent-encoded.
const passwordHeader = "Backup-Password"

func (d *door) backupEndpoints() []endpoint {
	if d.Backups == nil {
		return nil
	}
	sheet := reflect.TypeFor[BackupSheet]()
	return []endpoint{
		{method: http.MethodPost, path: "/box/backup", role: access.Owner, in: reflect.TypeFor[BackupPassword](),
			help: "The settings, secrets and accounts of the box in one file, encrypted with a password (age).", raw: d.backup},
		{method: http.MethodPost, path: "/box/backup/look", role: access.Owner, out: sheet,
			help: "What a backup would change: the file as body (application/octet-stream), its password percent-encoded in Backup-Password.",
			raw: d.withBackup(func(_ *ask, file io.Reader, password string) (BackupSheet, error) {
				return d.Backups.Look(file, password)
			})},
		{method: http.MethodPost, path: "/box/backup/restore", role: access.Owner, out: sheet,
			help: "Put a backup in force; calls go on. Everybody signs in again.",
			raw: d.withBackup(func(a *ask, file io.Reader, password string) (BackupSheet, error) {
				return d.Backups.Restore(a.who.Person, file, password)
			})},
		{method: http.MethodGet, path: "/box/backup/before/{name}", role: access.Owner, help: "The box as it was before it was restored.", raw: d.before},
	}
}

func (d *door) backup(a *ask) error {
	var file bytes.Buffer
	name, err := d.Backups.Write(&file, a.into.(*BackupPassword).Password)
	if err != nil {
		return wrongBackup(err)
	}
	send(a.w, "application/octet-stream", name, file.Bytes())
	return nil
}

func (d *door) before(a *ask) error {
	name := a.r.PathValue("name")
	f, err := d.Backups.Before(name)
	if err != nil {
		return err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, backup.FileMax))
	if err != nil {
		return err
	}
	send(a.w, "application/octet-stream", name, file)
	return nil
}

func (d *door) withBackup(use func(a *ask, file io.Reader, password string) (BackupSheet, error)) func(*ask) error {
	return func(a *ask) error {
		if kind, _, err := mime.ParseMediaType(a.r.Header.Get("Content-Type")); err != nil || kind != "application/octet-stream" {
			return no(http.StatusUnsupportedMediaType, "content-type")
		}
		password, err := url.PathUnescape(a.r.Header.Get(passwordHeader))
		if err != nil {
			return no(http.StatusBadRequest, "body")
		}
		sheet, err := use(a, http.MaxBytesReader(a.w, a.r.Body, backup.FileMax), password)
		if err != nil {
			return wrongBackup(err)
		}
		sheet.Remarks = Fields(sheet.Warnings, a.lang)
		answer(a.w, http.StatusOK, sheet)
		return nil
	}
}

var backupCodes = map[error]string{
	backup.ErrPassword: "backup-password", backup.ErrForeign: "backup-foreign", backup.ErrDamaged: "backup-damaged",
	backup.ErrNewer: "backup-newer", backup.ErrLarge: "backup-large", gate.ErrAccounts: "backup-damaged",
}

func wrongBackup(err error) error {
	if errors.Is(err, backup.ErrShort) {
		return gate.ErrShort
	}
	for known, code := range backupCodes {
		if errors.Is(err, known) {
			return no(http.StatusUnprocessableEntity, code)
		}
	}
	return err
}
