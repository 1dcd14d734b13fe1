package supervise

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// notesMost is how many crash notes are kept; older ones go.
const notesMost = 20

// noteBytes bounds one note; a deep recursion has a stack of megabytes.
const noteBytes = 64 << 10

const noteName = "crash-"

// keep writes a crash note for the technician, as well as it can: nothing waits
// for it and nothing fails by it.
func keep(dir string, n Note, now time.Time) {
	if os.MkdirAll(dir, 0o750) != nil {
		return
	}
	text := fmt.Sprintf("%s\nworker %s\n%s\n\n%s\n", now.UTC().Format(time.RFC3339), n.Worker, n.Text, n.Stack)
	if len(text) > noteBytes {
		text = text[:noteBytes]
	}
	name := noteName + now.UTC().Format("20060102-150405.000000000") + ".txt"
	os.WriteFile(filepath.Join(dir, name), []byte(text), 0o640)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	var notes []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), noteName) {
			notes = append(notes, e.Name())
		}
	}
	slices.Sort(notes)
	for len(notes) > notesMost {
		os.Remove(filepath.Join(dir, notes[0]))
		notes = notes[1:]
	}
}
