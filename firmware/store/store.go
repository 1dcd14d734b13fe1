// Package store keeps the large and the secret things beside the journal:
// recordings and prompts as files, secrets by name.
//
// The recorder, the player of prompts, the settings and firmware/api use it;
// firmware/app opens it and runs its Serve, which sweeps what is too old and
// watches the free space. Events and settings carry names only. A name never
// leads out of the store's folder (os.Root), whatever it contains. The package
// knows no call and no format, and shows the value of a secret to nobody who did
// not ask for that one.
package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"

	"centralita/firmware/atomicfile"
)

// Area is a folder of the store.
type Area string

// Recordings are expired by age and when space runs out; Prompts stay. Names of
// recordings begin with their day (2026/11/21/000042.wav), so that in order of
// names the oldest come first.
const (
	Recordings Area = "recordings"
	Prompts    Area = "prompts"
)

// Options are what the box wants of its store.
type Options struct {
	// Floor is how many bytes recordings must leave free, for the journal and the
	// books to go on; 0 is 256 MiB.
	Floor uint64
	// Space is told when the state of the disk changes. May be nil.
	Space func(Space)
	// Removed is told of each recording that was expired and why. May be nil.
	Removed func(name, why string)
}

const floor = 256 << 20

// Store is an open store.
type Store struct {
	root    *os.Root
	opts    Options
	secrets *Secrets
	statfs  func() (total, free uint64, err error)

	mu        sync.Mutex
	retention Retention
	state     Space
}

// ErrFull is why a recording is refused.
var ErrFull = errors.New("the disk is full: delete recordings, shorten their retention or fit a larger disk")

// Open opens the store in dir, making what is missing.
func Open(dir string, opts Options) (*Store, error) {
	if opts.Floor == 0 {
		opts.Floor = floor
	}
	for _, d := range []string{"", string(Recordings), string(Prompts)} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o750); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{root: root, opts: opts, statfs: func() (uint64, uint64, error) { return statfs(dir) }}
	if s.secrets, err = openSecrets(root); err != nil {
		root.Close()
		return nil, err
	}
	s.look()
	return s, nil
}

// Close gives the folder back.
func (s *Store) Close() error { return s.root.Close() }

// Secrets are the passwords and keys by name.
func (s *Store) Secrets() *Secrets { return s.secrets }

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,3}$`)

const nameMax = 200

// at is the path of a thing, or an error for a name that cannot be one.
func at(area Area, name string) (string, error) {
	if area != Recordings && area != Prompts {
		return "", fmt.Errorf("store: no area %q", area)
	}
	if len(name) > nameMax || !nameForm.MatchString(name) {
		return "", fmt.Errorf("store: %q is no name of a file (letters, digits, . _ - and up to three folders)", shown(name))
	}
	return string(area) + "/" + name, nil
}

// shown keeps a hostile name from filling a log.
func shown(name string) string {
	if len(name) > nameMax {
		return name[:nameMax] + "…"
	}
	return name
}

// Create begins a file that grows where it is, such as a recording; there must be
// none of that name. Recordings are refused with ErrFull below the floor.
func (s *Store) Create(area Area, name string) (*os.File, error) {
	p, err := at(area, name)
	if err != nil {
		return nil, err
	}
	if area == Recordings && s.look().Refusing {
		return nil, fmt.Errorf("store: %s: %w", p, ErrFull)
	}
	if err := s.root.MkdirAll(path.Dir(p), 0o750); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	f, err := s.root.OpenFile(p, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o640)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return f, nil
}

// Open opens a file for reading. errors.Is(err, fs.ErrNotExist) when there is none.
func (s *Store) Open(area Area, name string) (*os.File, error) {
	return s.open(area, name, os.O_RDONLY)
}

// Repair opens a file for reading and writing, as it is.
func (s *Store) Repair(area Area, name string) (*os.File, error) {
	return s.open(area, name, os.O_RDWR)
}

func (s *Store) open(area Area, name string, flag int) (*os.File, error) {
	p, err := at(area, name)
	if err != nil {
		return nil, err
	}
	f, err := s.root.OpenFile(p, flag, 0)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("store: %s is no file: %w", p, errors.Join(err, fs.ErrNotExist))
	}
	return f, nil
}

// Write puts a whole file in place of the one of that name at once: a reader sees
// the old or the new one, also after a power cut.
func (s *Store) Write(area Area, name string, r io.Reader) error {
	p, err := at(area, name)
	if err != nil {
		return err
	}
	if err := s.root.MkdirAll(path.Dir(p), 0o750); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if err := atomicfile.WriteIn(s.root, p, 0o640, r); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// Remove deletes a file; one that is not there is no error.
func (s *Store) Remove(area Area, name string) error {
	p, err := at(area, name)
	if err != nil {
		return err
	}
	if err := s.root.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

func statfs(dir string) (total, free uint64, err error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, 0, os.NewSyscallError("statfs", err)
	}
	size := uint64(st.Bsize)
	return st.Blocks * size, st.Bavail * size, nil
}
