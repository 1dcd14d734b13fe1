package rtp

import (
	"math/rand/v2"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g722"
)

// Bounds of the packet time in milliseconds that is accepted from a far end.
const (
	PtimeMin     = 10
	PtimeDefault = 20
	PtimeMax     = 40
)

// Remote is what was agreed with the far end. It is not changed after Connect.
type Remote struct {
	Addr    netip.AddrPort // where it wants sound
	Control netip.AddrPort // where it wants reports; the zero value is the port after Addr
	Signal  netip.Addr     // where its signalling comes from: sound from there is believed too (NAT)
	Payload uint8          // PCMU, PCMA or G722, for what we send
	Opus    bool           // Payload stands for Opus, both ways
	Event   uint8          // payload type of telephone-event; 0 is none, digits go as tones
	Comfort bool           // it may tell what noise is to be heard while it says nothing
	Ptime   int            // milliseconds in a packet we send
	Send    bool           // it wants to hear us
	Receive bool           // it will speak
	Early   bool           // not answered yet: not even a report is sent
	Mux     bool           // reports share the port of sound (RFC 5761)
	Keys    *Keys          // of SRTP; nil is plain RTP

	// EventAsked and OpusAsked are our own offer's payload types. The far end sends by
	// them, though it asks for others (RFC 3264 section 6.1); some send by their own.
	EventAsked, OpusAsked uint8

	encoder *g722.Encoder // made by Connect, under the session's mix
	joiner  *g722.Joiner  // likewise
	secure  *secure       // made of Keys by Connect
	deaf    bool          // its keys were no keys: nothing is sent or heard
}

// Event is something heard that is not sound.
type Event struct {
	Digit  byte // '0'..'9' '*' '#' 'A'..'D', '!' is a hook flash; 0 is none
	Silent bool // no packet for longer than the patience; told once
	// Unheard says that the far end speaks what only another far end understands, and
	// is not relayed; told again and again.
	Unheard bool
}

// eventsMax is how many digits may wait for the leg's worker. A person presses
// ten a second at most and the worker is never away for seconds.
const eventsMax = 32

// Session is the sound of one leg. It is a media.Port from the moment it is made,
// connected or not, closed or not.
type Session struct {
	port    int
	loop    *loop
	beat    *media.Beat
	looped  bool     // it reads the sockets
	places  [2]int32 // of the sockets in the loop
	sound   socket
	control socket
	events  chan Event
	silence time.Duration

	remote atomic.Pointer[Remote]
	target atomic.Pointer[netip.AddrPort] // where sound is sent: agreed, or learned
	closed atomic.Bool
	done   sync.WaitGroup
	begun  time.Time // origin of the arrival clock

	reporting  sync.Mutex // of what follows, and of one report at a time
	cname      string
	reported   bool      // a report was sent
	sentBefore [2]uint32 // our packets at the report before the last, and at the last

	with  *Session    // in a relay; under pairing
	ended func()      // likewise
	taped bool        // likewise: it is recorded
	stray atomic.Bool // the far end speaks another codec than what it is sent

	span span

	mix      sync.Mutex // of the sound the far end hears, and of the play-out buffer's end: the engine only tries it
	relayed  bool       // under mix
	talker   talker     // under mix
	receiver receiver   // reader, under its mutex
	hearing  hearing    // between reader and engine
	counts   counts
}

// Options of a session.
type Options struct {
	// Silence is how long nothing may be heard, neither sound nor a report, once
	// something was, before an Event says so; 0 is for ever.
	Silence time.Duration
}

// New opens the sockets of a session. Nothing is sent or received before Start.
func New(p *Ports, o Options) (*Session, error) {
	sound, control, port, err := p.pair()
	if err != nil {
		return nil, err
	}
	s := &Session{port: port, loop: &p.loop, beat: p.Beat, sound: sound, control: control, events: make(chan Event, eventsMax), silence: o.Silence, begun: time.Now(), cname: newName()}
	s.talker.init(rand.Uint32(), rand.Uint32(), uint16(rand.Uint32()>>17)) // RFC 3550 section 5.1: all three start at random; the sequence below 2^15 so that it does not wrap at once
	s.hearing.init()
	return s, nil
}

// Start has the sockets read until Close.
func (s *Session) Start() error {
	if sound, ok := s.sound.(Conn); ok {
		control := s.control.(Conn)
		s.done.Go(func() { s.readSound(sound) })
		s.done.Go(func() { s.readReports(control) })
		return nil
	}
	err := s.loop.add(s, s.sound.(*udp), s.control.(*udp))
	s.looped = err == nil
	return err
}

// Close ends the session; nothing of it is read or told afterwards. The port stays
// safe to read and write, and silent.
func (s *Session) Close() {
	if s.closed.Swap(true) {
		return
	}
	s.span.closed.Store(int64(time.Since(s.begun)))
	s.Mix()
	if s.looped {
		s.loop.remove(s)
	}
	s.sendReport(time.Now(), true)
	_ = s.sound.Close() // a datagram socket has nothing left to say
	_ = s.control.Close()
	s.done.Wait()
	s.receiver.mu.Lock() // what came before is through
	defer s.receiver.mu.Unlock()
	s.hearing.end()
}

// Port is the number of our sound port; the reports are on the next.
func (s *Session) Port() int { return s.port }

// Events tells digits and silence. The channel is never closed.
func (s *Session) Events() <-chan Event { return s.events }

// Connect says what was agreed; called again when it changes (hold, another
// address). A changed address forgets the learned one.
func (s *Session) Connect(r Remote) {
	r.Ptime = min(max(r.Ptime/10*10, PtimeMin), PtimeMax)
	if !r.Control.IsValid() && r.Addr.IsValid() {
		r.Control = netip.AddrPortFrom(r.Addr.Addr(), r.Addr.Port()+1)
	}
	if !r.Early {
		s.span.agreed.CompareAndSwap(0, max(int64(time.Since(s.begun)), 1))
	}
	old := s.remote.Load()
	if err := r.secured(old); err != nil {
		r.Send, r.Receive, r.deaf = false, false, true // never plain where keys were agreed
	}
	r.agreed(old)
	s.stray.Store(false)
	s.remote.Store(&r)
	if old == nil || old.Addr != r.Addr {
		s.receiver.forget()
		to := r.Addr
		s.target.Store(&to)
	}
	s.reagreed()
}

// Rate is wide where G.722 was agreed.
func (s *Session) Rate() media.Rate {
	if r := s.remote.Load(); r != nil && r.joiner != nil {
		return media.Wide
	}
	return media.Narrow
}

func (s *Session) tell(e Event) {
	select {
	case s.events <- e:
	default:
		s.counts.digitsLost.Add(1)
	}
}
