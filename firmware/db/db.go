// Package db is the one SQLite file: the call list, folded from the journal, and
// later the records that people keep (customers, tickets).
//
// firmware/app opens it and runs its Fold; firmware/api asks it for calls. A view
// can be thrown away and folded again and gives the same rows. The package says no
// event, and no telephone call waits for it: a file that is damaged is set aside
// and folded anew while the box is in service.
package db

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite" // registers "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is how many queries run at once; more wait. The console and a few pages.
const readers = 3

// DB is the open file. Queries may come from any goroutine.
type DB struct {
	path string

	mu    sync.RWMutex // write: the file is being opened or exchanged
	write *sql.DB      // one connection; nil while the file cannot be opened
	read  *sql.DB
	down  error // why not
	aside string
}

// Open opens the file at path, making it when there is none, and brings it to the
// newest version. One that is no usable database, or that a newer version of the
// program wrote, is set aside (SetAside) and begun anew.
//
// With an error (a full disk) there is a DB too, for telephones do not need one: its
// queries give the error, and each Serve of a Fold tries again.
func Open(path string) (*DB, error) {
	d := &DB{path: path}
	return d, d.up()
}

// up opens the file unless it is open.
func (d *DB) up() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.write != nil || d.down == errClosed {
		return d.down
	}
	d.down = d.open()
	if damaged(d.down) {
		d.down = d.anew(".damaged")
	} else if errors.Is(d.down, errNewer) {
		d.down = d.anew(".newer")
	}
	return d.down
}

// anew sets the file aside under another ending and makes one.
func (d *DB) anew(ending string) error {
	if err := d.exchange(ending); err != nil {
		return err
	}
	return d.open()
}

// open fills both pools. Pragmas are of a connection, so they stand in the DSN.
func (d *DB) open() error {
	if err := os.MkdirAll(filepath.Dir(d.path), 0o750); err != nil {
		return fmt.Errorf("db: %w", err)
	}
	file := "file:" + (&url.URL{Path: d.path}).EscapedPath()
	const both = "_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=cache_size(-2000)"
	write, err := sql.Open("sqlite", file+"?"+both+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		return fmt.Errorf("db: %w", err)
	}
	write.SetMaxOpenConns(1)
	if err := migrate(write, d.path); err != nil {
		write.Close()
		return err
	}
	read, err := sql.Open("sqlite", file+"?"+both+"&mode=ro&_pragma=query_only(1)")
	if err != nil {
		write.Close()
		return fmt.Errorf("db: %w", err)
	}
	read.SetMaxOpenConns(readers)
	read.SetMaxIdleConns(readers)
	d.write, d.read = write, read
	return nil
}

// reading gives the readers' pool, to be given back by done.
func (d *DB) reading() (read *sql.DB, done func(), err error) {
	d.mu.RLock()
	if d.read == nil {
		defer d.mu.RUnlock()
		return nil, nil, d.down
	}
	return d.read, d.mu.RUnlock, nil
}

// writing gives the writer's, likewise.
func (d *DB) writing() (write *sql.DB, done func(), err error) {
	d.mu.RLock()
	if d.write == nil {
		defer d.mu.RUnlock()
		return nil, nil, d.down
	}
	return d.write, d.mu.RUnlock, nil
}

// exchange puts the file and its companions aside, over what lay there.
func (d *DB) exchange(ending string) error {
	d.aside = d.path + ending
	for _, end := range []string{"", "-wal", "-shm"} {
		err := os.Rename(d.path+end, d.aside+end)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("db: setting the file aside: %w", err)
		}
	}
	return nil
}

// startOver exchanges a damaged file while the box runs.
func (d *DB) startOver() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.close()
	d.down = d.anew(".damaged")
	return d.down
}

func (d *DB) close() error {
	if d.write == nil {
		return nil
	}
	err := errors.Join(d.read.Close(), d.write.Close())
	d.write, d.read = nil, nil
	return err
}

// SetAside is where a file that could not be used was put, "" when there was none.
func (d *DB) SetAside() string {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.aside
}

// Close ends all queries.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.down = errClosed
	return d.close()
}

var errClosed = errors.New("db: closed")

// damaged reports errors that say the file itself is no good.
func damaged(err error) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return errors.Is(err, errUnsound)
	}
	primary := e.Code() & 0xff
	return primary == sqlite3.SQLITE_CORRUPT || primary == sqlite3.SQLITE_NOTADB
}

// errUnsound is a file that opens but whose insides do not fit.
var errUnsound = errors.New("db: the file is not sound")
