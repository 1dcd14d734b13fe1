// Package recorder writes what is said in calls to stereo WAV files in the store:
// outside left, agent right.
//
// The sound thread puts frames into taps, and whoever relays packets of a call past it
// puts those into the spool, firmware/switchboard begins recordings
// and firmware/app runs Serve: one goroutine that takes the frames of all of them.
// A file decodes at every moment, also after a power cut, which costs it its last
// seconds (settleEvery); what becomes of it is told once by event.RecordingEnded, with the sound that was lost. The package
// never decides what is recorded, and nothing waits for it: when it is too slow
// the tap drops frames, which become silence in the file and are counted.
package recorder

import (
	"context"
	"errors"
	"fmt"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
	"centralita/firmware/store"
)

const (
	// lookEvery is how often taps are emptied; they hold 25 times as much.
	lookEvery = 100 * time.Millisecond
	// beginsMost is how many recordings may wait to begin: all that run at once.
	beginsMost = media.MaxTaps
	// frameMS is the length of a frame.
	frameMS = 10
)

// Options are what a Recorder needs.
type Options struct {
	Store *store.Store
	// Tell takes event.RecordingEnded; it may wait, but not for the recorder.
	Tell func(event.Event)
	// Encoding of the files; 0 is clip.PCM16, which every browser plays.
	Encoding clip.Encoding
}

// Recorder writes all recordings.
type Recorder struct {
	opts   Options
	begins chan *tape
	spool  *media.Spool
	number uint32 // Begin's: of the last recording

	tapes    []*tape // Serve's
	byNumber map[uint32]*tape
	settler  settler
	settle   func(*clip.Writer) error // brings a file to the disk
}

// New makes a recorder; Serve does the work.
func New(o Options) *Recorder {
	if o.Encoding == 0 {
		o.Encoding = clip.PCM16
	}
	return &Recorder{opts: o, begins: make(chan *tape, beginsMost), spool: media.NewSpool(), byNumber: map[uint32]*tape{}, settle: (*clip.Writer).Sync}
}

// ErrBusy is a recorder that does not come to begin more.
var ErrBusy = errors.New("recorder: too many recordings wait to begin: the disk is too slow")

// Begin has the sound of tap written to a new file of the store until the engine
// stops the tap. It returns at once; RecordingEnded tells the end, also of a file
// that could not be made. With an error nothing will be told. One goroutine.
func (r *Recorder) Begin(call id.Call, file string, tap *media.Tap) error {
	if r.opts.Store.Full() {
		return fmt.Errorf("recorder: %w", store.ErrFull)
	}
	r.number++
	tap.Spool(r.spool, r.number)
	select {
	case r.begins <- &tape{call: call, file: file, tap: tap, number: r.number}:
		return nil
	default:
		return ErrBusy
	}
}

// Serve writes until ctx ends, then what is still in the taps, and closes all
// files.
func (r *Recorder) Serve(ctx context.Context) error {
	defer r.settler.start(r.settle)()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		due := tick.C
		if len(r.tapes) == 0 {
			due = nil // nothing to look at
		}
		select {
		case t := <-r.begins:
			r.begin(t)
		case <-due:
			r.look(false)
			r.settler.order(time.Now(), r.tapes)
		case <-ctx.Done():
			r.end()
			return nil
		}
	}
}

func (r *Recorder) begin(t *tape) {
	f, err := r.opts.Store.Create(store.Recordings, t.file)
	if err == nil {
		if t.w, err = clip.NewWriter(f, r.opts.Encoding, 2); err != nil {
			err = errors.Join(err, f.Close(), r.opts.Store.Remove(store.Recordings, t.file))
		} else {
			t.reel = clip.NewTape(t.tap, t.w)
		}
	}
	t.err = err
	r.tapes = append(r.tapes, t)
	r.byNumber[t.number] = t
}

// packets gives the packets of relayed calls to their recordings.
func (r *Recorder) packets() {
	r.spool.Take(func(p media.Packet) {
		t := r.byNumber[p.Tape]
		if t == nil {
			r.beginAll()
			t = r.byNumber[p.Tape]
		}
		if t != nil { // one that has ended has all its packets
			t.packet(p)
		}
	})
}

// beginAll begins every recording that waits.
func (r *Recorder) beginAll() {
	for {
		select {
		case t := <-r.begins:
			r.begin(t)
		default:
			return
		}
	}
}

// look empties every tap and ends those that are done; all of them at the last.
func (r *Recorder) look(last bool) {
	for _, t := range r.tapes {
		t.done = t.tap.Done() || last // asked before: what came until then is taken now
	}
	now := r.spool.Since(time.Now())
	for _, t := range r.tapes { // in order of time, where mixing turned into relaying
		if t.reel != nil && t.reel.Mixing() {
			t.take(now)
		}
	}
	r.packets()
	going := r.tapes[:0]
	for _, t := range r.tapes {
		t.take(now)
		if !t.done {
			going = append(going, t)
			continue
		}
		delete(r.byNumber, t.number)
		r.opts.Tell(t.close())
	}
	clear(r.tapes[len(going):])
	r.tapes = going
}

func (r *Recorder) end() {
	r.beginAll()
	r.look(true)
}
