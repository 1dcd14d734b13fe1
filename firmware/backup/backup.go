// Package backup is what a box takes with it into another body: its settings, its
// secrets and its accounts in one encrypted file.
//
// firmware/app fills a Content from the box and carries one out; this package knows
// the form of the file and nothing of the box. The file is a tar archive (POSIX.1
// pax) inside age encryption with a password (age-encryption.org/v1, scrypt). Age
// seals every 64 KiB and the end, so a file that was changed or cut is refused
// before anything of it is used. Calls and recordings are not in it.
package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"filippo.io/age"
)

// Format is the version of the file; a newer one is refused, older ones are read
// for ever.
const Format = 1

// Bounds of a backup.
const (
	FileMax     = 16 << 20 // bytes
	partMax     = 4 << 20
	partsMax    = 16
	PasswordMin = 8 // characters
	passwordMax = 200
	// work is scrypt's cost, 2^work: 32 MiB and some seconds of a Cortex-A8; age's
	// own choice takes half the memory of the box.
	work     = 15
	workMost = 17 // that is tried when reading
)

// Why a backup is refused.
var (
	ErrPassword = errors.New("backup: the password is not the one of this file")
	ErrShort    = errors.New("backup: a password of 8 characters at least is needed")
	ErrForeign  = errors.New("backup: this is no backup of a box")
	ErrDamaged  = errors.New("backup: the file is damaged or not whole")
	ErrNewer    = errors.New("backup: the file is of a newer program")
	ErrLarge    = errors.New("backup: the file is too large")
)

// Manifest says what a backup is of.
type Manifest struct {
	Format   int       `json:"format"`
	Made     time.Time `json:"made"`
	Program  string    `json:"program"` // version
	Board    string    `json:"board"`
	Serial   string    `json:"serial"`
	Office   string    `json:"office"`
	Revision uint64    `json:"revision"` // of the settings
}

// Content is a backup in the clear.
type Content struct {
	Manifest Manifest
	Settings []byte            // the document in force
	Secrets  map[string]string // by name
	Accounts []byte            // of firmware/access/gate
}

// Names of the parts in the archive.
const (
	manifestPart = "manifest.json"
	settingsPart = "settings.yaml"
	secretsPart  = "secrets.json"
	accountsPart = "accounts.json"
)

func checkPassword(p string) error {
	if utf8.RuneCountInString(p) < PasswordMin || len(p) > passwordMax {
		return ErrShort
	}
	return nil
}

// Write seals c with a password.
func Write(w io.Writer, password string, c *Content) error {
	return write(w, password, c, Format)
}

func write(w io.Writer, password string, c *Content, format int) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	key, err := age.NewScryptRecipient(password)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	key.SetWorkFactor(work)
	sealed, err := age.Encrypt(w, key)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	c.Manifest.Format = format
	if err := c.archive(sealed); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return sealed.Close()
}

func (c *Content) archive(w io.Writer) error {
	manifest, err := json.MarshalIndent(c.Manifest, "", " ")
	if err != nil {
		return err
	}
	secrets, err := json.Marshal(c.Secrets)
	if err != nil {
		return err
	}
	t := tar.NewWriter(w)
	for _, p := range []struct {
		name string
		body []byte
	}{{manifestPart, manifest}, {settingsPart, c.Settings}, {secretsPart, secrets}, {accountsPart, c.Accounts}} {
		h := &tar.Header{Name: p.name, Mode: 0o600, Size: int64(len(p.body)), ModTime: c.Manifest.Made, Format: tar.FormatPAX}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(p.body); err != nil {
			return err
		}
	}
	return t.Close()
}
