package settings

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"centralita/firmware/atomicfile"
)

// A revision file is one comment line of JSON, then the document. The sum is over
// the document, so that a rotten byte is found and not obeyed.
type header struct {
	Revision
	Trial *Trial `json:"trial,omitempty"`
	Sum   string `json:"sha256"`
}

var errNoHeader = errors.New("the first line is no header of a revision")

func fileOf(dir string, rev uint64) string {
	return filepath.Join(dir, fmt.Sprintf("rev-%04d.yaml", rev))
}

// list gives the revision numbers in a folder, rising.
func list(dir string) ([]uint64, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var revs []uint64
	for _, e := range entries {
		n, isRev := strings.CutPrefix(e.Name(), "rev-")
		n, isYAML := strings.CutSuffix(n, ".yaml")
		if rev, err := strconv.ParseUint(n, 10, 64); err == nil && isRev && isYAML && rev > 0 {
			revs = append(revs, rev)
		}
	}
	slices.Sort(revs)
	return revs, nil
}

func read(dir string, rev uint64) (kept, error) {
	name := fileOf(dir, rev)
	f, err := os.Open(name)
	if err != nil {
		return kept{}, fmt.Errorf("settings: revision %d: %w", rev, err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, docMax+4096))
	if err != nil {
		return kept{}, fmt.Errorf("settings: revision %d: %w", rev, err)
	}
	k, err := decode(data)
	if err == nil && k.Rev != rev {
		err = fmt.Errorf("it says it is revision %d", k.Rev)
	}
	if err != nil {
		return kept{}, fmt.Errorf("settings: revision %d: %s: %w", rev, filepath.Base(name), err)
	}
	return k, nil
}

func decode(data []byte) (kept, error) {
	first, doc, ok := bytes.Cut(data, []byte("\n"))
	text, isComment := bytes.CutPrefix(first, []byte("# "))
	var h header
	if !ok || !isComment || json.Unmarshal(text, &h) != nil {
		return kept{}, errNoHeader
	}
	if sum := sha256.Sum256(doc); hex.EncodeToString(sum[:]) != h.Sum {
		return kept{}, errors.New("damaged: the sum does not match")
	}
	t, beyond, err := ParseCommitted(doc)
	if err != nil {
		return kept{}, err
	}
	return kept{Revision: h.Revision, tree: t, beyond: beyond, doc: doc, trial: h.Trial}, nil
}

func encode(k kept) []byte {
	sum := sha256.Sum256(k.doc)
	line, err := json.Marshal(header{k.Revision, k.trial, hex.EncodeToString(sum[:])})
	if err != nil {
		panic(fmt.Sprintf("settings: a header of plain values does not marshal: %v", err))
	}
	return slices.Concat([]byte("# "), line, []byte("\n"), k.doc)
}

// save keeps a revision: after a power cut there is the whole file or none.
func save(dir string, k kept) error {
	return atomicfile.Write(fileOf(dir, k.Rev), 0o600, encode(k))
}

// prune removes the oldest revisions beyond the bound, but not the one to keep. A
// file that will not go is tried again after the next commit.
func prune(dir string, keep uint64) {
	revs, err := list(dir)
	if err != nil {
		return
	}
	revs = slices.DeleteFunc(revs, func(rev uint64) bool { return rev == keep })
	for len(revs) > revisionsMax {
		_ = os.Remove(fileOf(dir, revs[0]))
		revs = revs[1:]
	}
}
