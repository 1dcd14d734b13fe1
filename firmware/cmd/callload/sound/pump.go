package sound

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"runtime"
	"sync"
	"time"
)

// slots: a stream speaks once in 20 ms; streams are spread over its milliseconds.
const slots = 20

// lateAfter is when a packet counts as late by our own fault.
const lateAfter = 5 * time.Millisecond

// Pump speaks and listens for all streams of a load, from one thread.
type Pump struct {
	host netip.Addr

	mu        sync.Mutex // one turn of a slot, or one question
	streams   []*Stream
	bySlot    [slots][]*Stream
	measuring bool
	counts    *Counts
	reader    *reader
	packet    [12 + Samples]byte

	stop chan struct{}
	done chan struct{}
}

// New makes a pump whose ends are at an address and starts it; Close ends it.
func New(host netip.Addr) *Pump {
	p := &Pump{host: host, counts: &Counts{}, reader: newReader(), stop: make(chan struct{}), done: make(chan struct{})}
	p.packet[0] = 0x80 // RTP version 2, PCMU
	go p.run()
	return p
}

// Close ends all streams.
func (p *Pump) Close() {
	close(p.stop)
	<-p.done
	for _, s := range p.streams {
		if s != nil {
			s.sock.close()
		}
	}
}

// Open gives an end of a call its socket; it says nothing before Speak.
func (p *Pump) Open() (*Stream, error) {
	sock, err := openSocket(p.host, 0)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	id := -1
	for i, s := range p.streams {
		if s == nil {
			id = i
		}
	}
	if id < 0 {
		id = len(p.streams)
		p.streams = append(p.streams, nil)
	}
	if id >= StreamsMax {
		sock.close()
		return nil, fmt.Errorf("sound: %d streams are as many as the marks can name", StreamsMax)
	}
	s := &Stream{id: id, sock: sock, ssrc: uint32(id)<<16 | uint32(now())&0xffff, slot: id % slots}
	p.streams[id] = s
	p.bySlot[s.slot] = append(p.bySlot[s.slot], s)
	return s, nil
}

// Addr is where the end hears.
func (s *Stream) Addr() netip.AddrPort { return s.sock.addr }

// Speak begins to talk to the server's address.
func (p *Pump) Speak(s *Stream, to netip.AddrPort) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.to = to
	s.sock.aim(to)
}

// Said is how many packets each end said so far, by its stream.
func (p *Pump) Said() map[int]uint32 {
	p.mu.Lock()
	defer p.mu.Unlock()
	said := map[int]uint32{}
	for _, s := range p.streams {
		if s != nil {
			said[s.id] = s.next
		}
	}
	return said
}

// End takes an end out; what of it was under way is judged by what came of it.
func (p *Pump) End(s *Stream) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.streams[s.id] != s {
		return
	}
	for i := range s.underway {
		s.underway[i].sent = 0
	}
	p.streams[s.id] = nil
	list := p.bySlot[s.slot]
	for i, x := range list {
		if x == s {
			p.bySlot[s.slot] = append(list[:i], list[i+1:]...)
			break
		}
	}
	s.sock.close()
}

// settled is how long sound may be under way when a measure ends.
const settled = 500 * time.Millisecond

// Measure counts what is said for a time, and a little longer what of it is heard.
func (p *Pump) Measure(last time.Duration) *Counts {
	p.mu.Lock()
	c := &Counts{}
	p.counts, p.measuring = c, true
	p.mu.Unlock()
	time.Sleep(last)
	p.mu.Lock()
	p.measuring = false
	p.mu.Unlock()
	time.Sleep(settled)
	p.mu.Lock()
	defer p.mu.Unlock()
	n, jitter := 0, 0.0
	for _, s := range p.streams {
		if s == nil || !s.to.IsValid() {
			continue
		}
		for i := range s.underway {
			p.judge(&s.underway[i])
		}
		n++
		jitter += s.jitter
	}
	if n > 0 {
		c.Jitter = time.Duration(jitter / float64(n))
	}
	p.counts = &Counts{}
	return c
}

// run keeps the beat by the time of day, so that no late wake shifts the rest.
func (p *Pump) run() {
	defer close(p.done)
	runtime.LockOSThread()
	due, slot := time.Now(), 0
	for {
		select {
		case <-p.stop:
			return
		default:
		}
		due = due.Add(time.Millisecond)
		if wait := time.Until(due); wait > 0 {
			time.Sleep(wait)
		}
		p.mu.Lock()
		late := time.Since(due) > lateAfter
		for _, s := range p.bySlot[slot] {
			p.speak(s, late)
		}
		for _, s := range p.bySlot[slot] {
			p.listen(s)
		}
		p.mu.Unlock()
		slot = (slot + 1) % slots
	}
}

func (p *Pump) speak(s *Stream, late bool) {
	if !s.to.IsValid() {
		return
	}
	at := now()
	n := p.sending(s, at)
	if late && p.measuring {
		p.counts.Late++
	}
	b := &p.packet
	b[1] = 0
	if n == 0 {
		b[1] = 0x80 // the marker of a talkspurt's first packet
	}
	binary.BigEndian.PutUint16(b[2:], uint16(n))
	binary.BigEndian.PutUint32(b[4:], n*Samples)
	binary.BigEndian.PutUint32(b[8:], s.ssrc)
	Fill((*[Samples]byte)(b[12:]), s.id, n)
	s.sock.write(b[:])
}

func (p *Pump) listen(s *Stream) {
	p.reader.read(s.sock, func(b []byte, at int64, from uint16) {
		if len(b) > 12 && b[0]>>6 == 2 && b[1]&0x7f == 0 {
			p.heard(s, b[12+4*int(b[0]&15):], at, from)
		}
	})
}
