package town

import (
	"bufio"
	"io"
	"os"

	"centralita/hal/sim/wire"
)

// recordingAhead is how far the disk may fall behind the sound before the step
// waits for it: five seconds. A recording misses nothing, since tests compare it
// sample by sample.
const recordingAhead = 5 * framesPerSecond

// recordingMax bounds a recording: one hour.
const recordingMax = 3600 * framesPerSecond

// recording writes what an end hears to a file. The step gives frames, one
// goroutine per recording writes them; it ends with the recording.
type recording struct {
	name   string
	frames chan wire.Sound
	done   chan error
}

// record begins a file of the town's folder.
func (t *Town) record(name string) (*recording, error) {
	if t.root == nil {
		return nil, wrong("no_folder", "file %s: the town was given no folder for sound files", name)
	}
	f, err := t.root.OpenFile(name, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, wrong("no_file", "file %s: cannot be written in the town's folder: %v", name, pathCause(err))
	}
	r := &recording{name: name, frames: make(chan wire.Sound, recordingAhead), done: make(chan error, 1)}
	go func() { r.done <- r.write(f) }()
	return r, nil
}

func (r *recording) write(f *os.File) error {
	w := bufio.NewWriterSize(f, 32<<10)
	_, err := w.Write(wavHeader(0))
	n := 0
	var buf [2 * wire.FrameSamples]byte
	for s := range r.frames {
		if err != nil || n == recordingMax {
			continue // the step never waits for a broken disk
		}
		_, err = w.Write(appendPCM(buf[:0], s[:]))
		n++
	}
	if e := w.Flush(); err == nil {
		err = e
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = f.Write(wavHeader(uint32(n * len(buf))))
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return wrong("no_file", "file %s: %v", r.name, pathCause(err))
	}
	return nil
}

// finish waits until the file is whole. The ear must have let go of it.
func (r *recording) finish() error {
	close(r.frames)
	return <-r.done
}
