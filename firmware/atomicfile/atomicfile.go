// Package atomicfile writes a whole file or leaves the old one: what it writes is on
// the disk before it has its name, and has its name for good when Write returns. It
// is called by whoever keeps small documents: settings, accounts, secrets, records
// of updates, backups. It never writes in place, never appends and never makes a
// folder.
//
// A power cut in the middle leaves a file whose name begins with Unfinished. Sweep
// removes those, and is called before anybody writes in the folder.
package atomicfile

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Unfinished begins the name of a file not yet in place. No document is called so.
const Unfinished = ".new-"

// Write makes data the contents of the file name.
func Write(name string, perm os.FileMode, data []byte) error {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	defer root.Close()
	return replace(folder{root, "."}, filepath.Base(name), perm, bytes.NewReader(data))
}

// WriteIn makes what r gives the contents of the file name below root, and stays
// below it whatever links are on the way.
func WriteIn(root *os.Root, name string, perm os.FileMode, r io.Reader) error {
	return replace(folder{root, path.Dir(name)}, path.Base(name), perm, r)
}

// SyncFolder makes the names in a folder durable: files created, renamed or removed
// before it are so after a power cut.
func SyncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Sweep removes what writers that were cut left in a folder, not below it. A folder
// that is not there has nothing to sweep.
func Sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if e.Type().IsRegular() && strings.HasPrefix(e.Name(), Unfinished) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// place is what replace asks of a folder, so that a test can cut the power between
// any two steps.
type place interface {
	create(name string, perm os.FileMode) (file, error)
	rename(from, to string) error
	remove(name string) error
	sync() error
}

type file interface {
	io.WriteCloser
	Sync() error
}

// replace writes beside, syncs, renames over, and syncs the folder. The order is the
// whole of it: a name that is durable before its contents shows an empty file after
// a power cut. Beside means a name of its own, so that two writers of one file give
// the one or the other and never a mixture.
func replace(at place, name string, perm os.FileMode, r io.Reader) error {
	beside := Unfinished + rand.Text()
	f, err := at.create(beside, perm)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = at.rename(beside, name)
	}
	if err != nil {
		err = errors.Join(err, at.remove(beside))
	} else {
		err = at.sync()
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// folder is a place on a disk.
type folder struct {
	root *os.Root
	dir  string // below root
}

func (f folder) create(name string, perm os.FileMode) (file, error) {
	return f.root.OpenFile(path.Join(f.dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
}

func (f folder) rename(from, to string) error {
	return f.root.Rename(path.Join(f.dir, from), path.Join(f.dir, to))
}

func (f folder) remove(name string) error { return f.root.Remove(path.Join(f.dir, name)) }

func (f folder) sync() error {
	d, err := f.root.Open(f.dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
