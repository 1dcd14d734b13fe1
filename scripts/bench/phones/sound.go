package phones

import (
	"encoding/binary"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// A telephone with a Talk of its own hears what came talkBegins ago, and forgets
// what is more than talkMost behind: 100 and 400 ms.
const (
	talkBegins = 800
	talkMost   = 3200
)

// The pattern: every 10 ms of sound is 80 times the same byte of A-law, the byte
// counting from 1 to 250. A box that passes one voice at unity gives the same
// bytes out, so the other end sees each frame that is missing, doubled or cut.
const (
	frame  = 80
	cycle  = 250
	packet = 2 * frame
)

// settled is how much of the beginning is not judged: a play-out buffer may find
// its delay in that time.
const settled = 2 * time.Second

// Heard is what came of the other end's pattern.
type Heard struct {
	Packets uint64        // received
	Lost    uint64        // packets missing by RTP sequence number
	Frames  uint64        // judged frames of the pattern
	Breaks  uint64        // frames that did not follow the one before
	Cuts    uint64        // frames that were shorter or longer than 10 ms
	Gap     time.Duration // longest time between two packets, once settled
}

// Sound is one stream each way.
type Sound struct {
	conn *net.UDPConn
	to   atomic.Pointer[net.UDPAddr]
	ssrc uint32
	seq  uint16
	ts   uint32
	say  int // frame of the pattern

	talk  func(heard, says *[packet]byte) // in place of the pattern
	queue []byte                          // received and not heard, under mu
	hears bool                            // it has begun to hear, under mu

	mu    sync.Mutex
	heard Heard
	begun time.Time
	lastP time.Time
	lastS uint16
	value byte // of the running frame
	run   int  // how long it runs
	whole bool // the running frame was seen from its start
}

func newSound() (*Sound, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	return &Sound{conn: conn, ssrc: uint32(time.Now().UnixNano())}, nil
}

func (s *Sound) addr() *net.UDPAddr { return s.conn.LocalAddr().(*net.UDPAddr) }

// start begins to speak and to listen; without an address it only listens.
func (s *Sound) start(to *net.UDPAddr) {
	s.to.Store(to)
	go s.listen()
	talk.add(s)
}

func (s *Sound) close() {
	talk.remove(s)
	s.conn.Close()
}

// Heard is the judgement so far.
func (s *Sound) Heard() Heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.heard
}

// speak sends one packet.
func (s *Sound) speak() {
	to := s.to.Load()
	if to == nil {
		return
	}
	var b [12 + packet]byte
	b[0], b[1] = 0x80, 8
	binary.BigEndian.PutUint16(b[2:], s.seq)
	binary.BigEndian.PutUint32(b[4:], s.ts)
	binary.BigEndian.PutUint32(b[8:], s.ssrc)
	if s.talk != nil {
		s.converse((*[packet]byte)(b[12:]))
	} else {
		for i := range packet {
			b[12+i] = pattern(s.say + i/frame)
		}
	}
	s.seq++
	s.ts += packet
	s.say += 2
	_, _ = s.conn.WriteToUDP(b[:], to) // a lost packet is seen at the other end
}

// converse lets Talk hear 20 ms and say as much.
func (s *Sound) converse(says *[packet]byte) {
	heard := [packet]byte{}
	for i := range heard {
		heard[i] = silence
	}
	s.mu.Lock()
	if s.hears = s.hears || len(s.queue) >= talkBegins; s.hears {
		s.queue = s.queue[copy(heard[:], s.queue):]
	}
	s.mu.Unlock()
	s.talk(&heard, says)
}

// silence in A-law.
const silence = 0xD5

func pattern(n int) byte { return byte(1 + n%cycle) }

func (s *Sound) listen() {
	b := make([]byte, 2048)
	for {
		n, _, err := s.conn.ReadFromUDP(b)
		if err != nil {
			return
		}
		if n >= 12 && b[0]>>6 == 2 && b[1]&0x7f == 8 {
			s.take(binary.BigEndian.Uint16(b[2:]), b[12:n], time.Now())
		}
	}
}

func (s *Sound) take(seq uint16, payload []byte, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := &s.heard
	if h.Packets == 0 {
		s.begun = at
	} else if d := seq - s.lastS; d != 1 && d < 1<<15 {
		h.Lost += uint64(d - 1)
	}
	judged := at.Sub(s.begun) > settled
	if judged {
		h.Gap = max(h.Gap, at.Sub(s.lastP))
	}
	h.Packets++
	if s.talk != nil {
		s.queue = append(s.queue, payload...)
		s.queue = s.queue[max(0, len(s.queue)-talkMost):]
		s.lastS, s.lastP = seq, at
		return
	}
	s.lastS, s.lastP = seq, at
	for _, x := range payload {
		if x == s.value {
			s.run++
			continue
		}
		if judged && s.whole {
			h.Frames++
			if s.run != frame {
				h.Cuts++
			}
			if x != 1+s.value%cycle {
				h.Breaks++
			}
		}
		s.whole = judged
		s.value, s.run = x, 1
	}
}

// talk speaks for every stream of the process, so that a thousand streams cost
// one timer.
var talk = &talker{streams: map[*Sound]struct{}{}}

type talker struct {
	mu      sync.Mutex
	streams map[*Sound]struct{}
	running bool
}

func (t *talker) add(s *Sound) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.streams[s] = struct{}{}
	if !t.running {
		t.running = true
		go t.run()
	}
}

func (t *talker) remove(s *Sound) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.streams, s)
}

// run keeps the beat by the time of day, so that no late wake shifts the rest.
func (t *talker) run() {
	for due := time.Now(); ; {
		due = due.Add(20 * time.Millisecond)
		time.Sleep(time.Until(due))
		t.mu.Lock()
		for s := range t.streams {
			s.speak()
		}
		t.mu.Unlock()
	}
}
