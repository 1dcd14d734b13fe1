package update

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"centralita/firmware/atomicfile"
)

// record is what outlives a start. Both versions read and write it: the one that
// leaves, the one on trial, and the first again if the box falls back. Fields are
// only ever added.
type record struct {
	Oldest  string   `json:"oldest,omitempty"` // that may run here
	Pending *pending `json:"pending,omitempty"`
	Last    *Outcome `json:"last,omitempty"`
	Seen    bool     `json:"seen,omitempty"` // a person knows of Last
}

// pending is an update that has not ended.
type pending struct {
	Version string `json:"version"`
	Oldest  string `json:"oldest,omitempty"`
	From    string `json:"from"`    // version
	Slot    string `json:"slot"`    // that it was written from
	Boot    string `json:"boot"`    // the kernel's name of that start
	Written bool   `json:"written"` // whole; it starts next
	Who     string `json:"who"`
	Starts  int    `json:"starts"`  // of the new version's program
	Failing string `json:"failing"` // what did not answer there
}

const (
	recordFile = "update.json"
	recordMax  = 64 << 10
)

func (k *Keeper) path(name string) string { return filepath.Join(k.opt.Dir, name) }

// load reads the record; a damaged one is as none, for the box must start.
func (k *Keeper) load() error {
	info, err := os.Stat(k.path(recordFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && info.Size() > recordMax {
		err = errors.New("it is too large")
	}
	var doc []byte
	if err == nil {
		doc, err = os.ReadFile(k.path(recordFile))
	}
	var r record
	if err == nil {
		err = json.Unmarshal(doc, &r)
	}
	if err != nil {
		return fmt.Errorf("update: %s: %w", recordFile, err)
	}
	k.rec = r
	return nil
}

// save writes the record so that a cut leaves the old one or the new one.
func (k *Keeper) save() error {
	doc, err := json.MarshalIndent(k.rec, "", " ")
	if err != nil {
		return err
	}
	if err := atomicfile.Write(k.path(recordFile), 0o600, append(doc, '\n')); err != nil {
		return fmt.Errorf("update: %w", err)
	}
	return nil
}
