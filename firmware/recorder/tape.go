package recorder

import (
	"sync/atomic"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/media"
	"centralita/firmware/media/clip"
)

// tape is one recording.
type tape struct {
	call   id.Call
	file   string
	tap    *media.Tap
	w      *clip.Writer // nil when the file could not be made
	reel   *clip.Tape
	number uint32 // of its packets in the spool
	done   bool   // ends with this look
	err    error  // why writing ended before the call did
	missed uint64 // frames thrown away since

	unsettled atomic.Pointer[error] // why the disk did not keep what was written
}

// packet takes the sound of one packet.
func (t *tape) packet(p media.Packet) {
	if t.err == nil {
		t.err = t.reel.Packet(p)
	} else {
		t.missed += uint64(len(p.Sound)) / uint64(media.Narrow)
	}
}

// take empties the tap. After an error frames are thrown away and counted, so
// that the tap tells of no overflow that is none.
func (t *tape) take(now time.Duration) {
	if t.err == nil {
		t.err = t.reel.Take(now)
	}
	if t.err == nil {
		return
	}
	for t.tap.Peek() != nil {
		t.tap.Drop()
		t.missed++
	}
}

// close ends the file and says what became of it.
func (t *tape) close() *event.RecordingEnded {
	if t.err == nil && t.reel != nil {
		t.err = t.reel.End()
	}
	e := &event.RecordingEnded{Call: t.call, File: t.file, LostMS: int64(t.tap.Lost()+t.missed) * frameMS}
	if t.w != nil {
		e.LostMS += t.reel.Late().Milliseconds()
		e.MS = t.w.Duration().Milliseconds()
		if err := t.w.Close(); t.err == nil {
			t.err = err
		}
		if lost := t.unsettled.Load(); t.err == nil && lost != nil {
			t.err = *lost
		}
	}
	if t.err != nil {
		e.Error = t.err.Error()
	}
	return e
}
