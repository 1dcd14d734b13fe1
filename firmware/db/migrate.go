package db

import (
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

//go:embed migrations/*.sql
var migrations embed.FS

// errNewer is a file that a newer program wrote. All of it comes from the journal, so
// that the older one folds its own.
var errNewer = errors.New("written by a newer version of the program")

// migrate brings the file to the newest version, one transaction a step, and
// keeps a copy of what it was.
func migrate(db *sql.DB, path string) error {
	steps, err := fs.Glob(migrations, "migrations/*.sql") // in order of names
	if err != nil {
		return fmt.Errorf("db: %w", err)
	}
	var have int
	if err := db.QueryRow("PRAGMA user_version").Scan(&have); err != nil {
		return fmt.Errorf("db: %s: %w", path, err)
	}
	if have > len(steps) {
		return fmt.Errorf("db: %s is of version %d, this program knows %d: %w", path, have, len(steps), errNewer)
	}
	if have > 0 && have < len(steps) {
		if err := backup(db, fmt.Sprintf("%s.version-%d", path, have)); err != nil {
			return err
		}
	}
	for i, name := range steps[have:] {
		if err := step(db, name, have+i+1); err != nil {
			return fmt.Errorf("db: %s: %s: %w", path, name, err)
		}
	}
	// Version and tables may disagree when somebody edited the file.
	if _, err := db.Exec("SELECT seq, way FROM folded LIMIT 0"); err != nil {
		return fmt.Errorf("%w: %s: %w", errUnsound, path, err)
	}
	return nil
}

func backup(db *sql.DB, to string) error {
	os.Remove(to) // of an attempt that did not finish
	if _, err := db.Exec("VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("db: backup before the upgrade to %s: %w", to, err)
	}
	return nil
}

func step(db *sql.DB, name string, number int) error {
	prefix, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
	if n, err := strconv.Atoi(prefix); err != nil || n != number {
		return fmt.Errorf("out of order: %04d is due", number)
	}
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec(string(text)); err != nil {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", number)); err != nil {
		return err
	}
	return tx.Commit()
}
