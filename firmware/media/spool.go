package media

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/media/g711"
)

// Side is a side of a recording.
type Side uint8

// The sides, as a stereo file has them.
const (
	Left Side = iota
	Right
)

// Other is the opposite side.
func (s Side) Other() Side { return 1 - s }

const (
	// spoolChunk is what is handed over at once, some 1300 packets.
	spoolChunk = 256 << 10
	// spoolMax bounds the memory: 32 MB is 2.5 s of 700 recorded calls, which sits
	// out an erase of the flash. What finds no room is lost and counted.
	spoolMax = 128
	// spoolKept is how many chunks are kept for the next packets.
	spoolKept = 4
	spoolHead = 20
)

// Spool carries the packets of all recordings of relayed calls to whoever writes
// them: one after the other into large pieces of memory, so that a call that is
// recorded costs no buffer of its own. Any goroutine may put, one takes.
type Spool struct {
	epoch time.Time
	lost  atomic.Uint64

	mu   sync.Mutex // held for a copy
	full [][]byte
	now  []byte
	free [][]byte
}

// Packet is the sound of one RTP packet.
type Packet struct {
	Tape  uint32 // which recording
	Side  Side
	Law   g711.Law
	TS    uint32        // its RTP time stamp
	At    time.Duration // arrival, after the spool was made
	Sound []byte        // valid until the next is given
}

// NewSpool makes an empty one.
func NewSpool() *Spool { return &Spool{epoch: time.Now()} }

// Since is a moment on the clock of Packet.At.
func (s *Spool) Since(t time.Time) time.Duration { return t.Sub(s.epoch) }

// Lost is how many packets found no room.
func (s *Spool) Lost() uint64 { return s.lost.Load() }

func (s *Spool) put(tape uint32, side Side, law g711.Law, ts uint32, at time.Time, sound []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cap(s.now)-len(s.now) < spoolHead+len(sound) && !s.turn() {
		s.lost.Add(1)
		return false
	}
	var h [spoolHead]byte
	le := binary.LittleEndian
	le.PutUint32(h[0:], tape)
	le.PutUint32(h[4:], ts)
	le.PutUint64(h[8:], uint64(at.Sub(s.epoch)))
	h[16], h[17] = byte(side), byte(law)
	le.PutUint16(h[18:], uint16(len(sound)))
	s.now = append(append(s.now, h[:]...), sound...)
	return true
}

// turn begins another chunk.
func (s *Spool) turn() bool {
	if len(s.full) == spoolMax {
		return false
	}
	if s.now != nil {
		s.full = append(s.full, s.now)
	}
	if n := len(s.free); n > 0 {
		s.now, s.free = s.free[n-1], s.free[:n-1]
	} else {
		s.now = make([]byte, 0, spoolChunk)
	}
	return true
}

// Take gives every packet that waits, in the order in which they came.
func (s *Spool) Take(each func(Packet)) {
	s.mu.Lock()
	chunks := s.full
	if len(s.now) > 0 {
		chunks = append(chunks, s.now)
		s.now = nil
	}
	s.full = nil
	s.mu.Unlock()
	for _, c := range chunks {
		unpack(c, each)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range chunks {
		if len(s.free) == spoolKept {
			break
		}
		s.free = append(s.free, c[:0])
	}
}

func unpack(c []byte, each func(Packet)) {
	le := binary.LittleEndian
	for len(c) > 0 {
		n := spoolHead + int(le.Uint16(c[18:]))
		each(Packet{
			Tape: le.Uint32(c), TS: le.Uint32(c[4:]), At: time.Duration(le.Uint64(c[8:])),
			Side: Side(c[16]), Law: g711.Law(c[17]), Sound: c[spoolHead:n],
		})
		c = c[n:]
	}
}
