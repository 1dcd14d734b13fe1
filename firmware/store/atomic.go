package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// unfinished begins the name of a file not yet in place; a sweep removes those a
// power cut left.
const unfinished = ".new-"

// writeAtomic writes beside, syncs, renames over, and syncs the folder.
func writeAtomic(root *os.Root, name string, perm os.FileMode, r io.Reader) error {
	tmp := path.Join(path.Dir(name), unfinished+rand.Text())
	f, err := root.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, perm)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = root.Rename(tmp, name)
	}
	if err != nil {
		root.Remove(tmp)
		return fmt.Errorf("store: writing %s: %w", name, err)
	}
	dir, err := root.Open(path.Dir(name))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}
