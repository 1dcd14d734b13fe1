package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"sync"

	"centralita/firmware/atomicfile"
)

const secretsFile = "secrets.json"

const (
	secretsMax     = 4096 // a password for each phone and person of a large office
	secretNameMax  = 100
	secretValueMax = 8 << 10 // a private key with its chain
	// secretsFileMax is more than secretsMax ordinary ones; beyond it is rubbish.
	secretsFileMax = 16 << 20
)

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._/-]*$`)

// Secrets are values by name in one file that only the program may read. The
// settings and the journal carry the names. All alone gives values of names that
// nobody knew before, for the encrypted backup of the box.
type Secrets struct {
	root    *os.Root
	damaged string // where an unreadable file was put, "" none

	mu     sync.Mutex
	values map[string]string
}

// openSecrets reads the file. An unreadable one is set aside and the box starts
// without secrets: telephones on the copper do not need any.
func openSecrets(root *os.Root) (*Secrets, error) {
	s := &Secrets{root: root, values: map[string]string{}}
	f, err := root.Open(secretsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("store: secrets: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, secretsFileMax))
	if err == nil {
		err = json.Unmarshal(b, &s.values)
	}
	if err != nil || s.values == nil {
		s.values = map[string]string{}
		s.damaged = secretsFile + ".damaged"
		if err := root.Rename(secretsFile, s.damaged); err != nil {
			return nil, fmt.Errorf("store: secrets: %w", err)
		}
	}
	return s, nil
}

// Damaged is the name of the file that could not be read and was set aside, or "".
// The passwords have to be set again.
func (s *Secrets) Damaged() string { return s.damaged }

// Put keeps a value under a name; it is on the disk when Put returns. An empty
// value forgets the name.
func (s *Secrets) Put(name, value string) error {
	if err := checkSecret(name, value); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := maps.Clone(s.values)
	if value == "" {
		delete(next, name)
	} else {
		next[name] = value
	}
	return s.keep(next)
}

func checkSecret(name, value string) error {
	if len(name) > secretNameMax || !secretForm.MatchString(name) {
		return fmt.Errorf("store: %q is no name of a secret (letters, digits, . _ / -)", shown(name))
	}
	if len(value) > secretValueMax {
		return fmt.Errorf("store: secret %s is longer than %d bytes", name, secretValueMax)
	}
	return nil
}

// keep writes next and has it when it is written; mu is held.
func (s *Secrets) keep(next map[string]string) error {
	if len(next) > secretsMax {
		return fmt.Errorf("store: more than %d secrets: delete some first", secretsMax)
	}
	b, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("store: secrets: %w", err)
	}
	if err := atomicfile.WriteIn(s.root, secretsFile, 0o600, bytes.NewReader(b)); err != nil {
		return fmt.Errorf("store: secrets: %w", err)
	}
	s.values = next
	return nil
}

// Get gives the value of a name.
func (s *Secrets) Get(name string) (value string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	value, ok = s.values[name]
	return value, ok
}

// Names lists what there is, in order.
func (s *Secrets) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.values))
}

// All is a copy of every value by name; it leaves the program encrypted only.
func (s *Secrets) All() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.values)
}

// PutAll keeps every value of a backup in one step, beside those of other names.
func (s *Secrets) PutAll(values map[string]string) error {
	for name, value := range values {
		if err := checkSecret(name, value); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := maps.Clone(s.values)
	maps.Copy(next, values)
	return s.keep(next)
}

// String keeps values out of logs.
func (s *Secrets) String() string { return fmt.Sprintf("%d secrets", len(s.Names())) }

// GoString too.
func (s *Secrets) GoString() string { return s.String() }
