package recorder

import (
	"errors"
	"io/fs"
	"maps"
	"slices"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media/clip"
	"centralita/firmware/store"
)

// Interrupted is the Error of a recording that the end of the program cut off:
// what was written until then plays.
const Interrupted = "interrupted"

// Pending collects, from the replay of a journal, the recordings that began and
// did not end. The zero value is ready.
type Pending struct {
	open map[id.Call]string // file by call
}

// Apply takes a fact.
func (p *Pending) Apply(e event.Event) {
	switch e := e.(type) {
	case *event.RecordingBegan:
		if p.open == nil {
			p.open = map[id.Call]string{}
		}
		p.open[e.Call] = e.File
	case *event.RecordingEnded:
		if p.open[e.Call] == e.File {
			delete(p.open, e.Call)
		}
	}
}

// Repair completes the files of the recordings that a restart cut off and gives
// their ends, in order of calls, to be said before anything else. It runs once,
// before Serve.
func (r *Recorder) Repair(p *Pending) []event.Event {
	var ends []event.Event
	for _, call := range slices.Sorted(maps.Keys(p.open)) {
		ends = append(ends, r.repair(call, p.open[call]))
	}
	p.open = nil
	return ends
}

func (r *Recorder) repair(call id.Call, file string) *event.RecordingEnded {
	e := &event.RecordingEnded{Call: call, File: file, Error: Interrupted}
	f, err := r.opts.Store.Repair(store.Recordings, file)
	if errors.Is(err, fs.ErrNotExist) {
		return e // the power went before the file was there
	}
	if err != nil {
		e.Error = err.Error()
		return e
	}
	defer f.Close()
	length, whole, err := clip.Repair(f)
	if errors.Is(err, clip.ErrEmpty) { // the power went before its first second was kept
		if err := r.opts.Store.Remove(store.Recordings, file); err != nil {
			e.Error = err.Error()
		}
		return e
	}
	if err != nil {
		e.Error = err.Error()
	} else if whole { // closed in an orderly end, after the loop that would have been told
		e.Error = ""
	}
	e.MS = length.Milliseconds()
	return e
}
