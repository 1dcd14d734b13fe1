package web

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// headerSize is that of the packets of leg/rtp (RFC 3550 section 5.1).
const headerSize = 12

// inside are the two addresses under which leg/rtp knows the far end. No packet
// goes there: encryption has already said who speaks.
var (
	inside        = netip.MustParseAddrPort("127.0.0.1:2")
	insideControl = netip.MustParseAddrPort("127.0.0.1:3")
)

// reportsMax is how many reports wait for the reporter: it looks at once.
const reportsMax = 8

// wire joins the session of leg/rtp to whatever connection the browser has at the
// time. It is two rtp.Conn: sound and control.
type wire struct {
	wake   func() // the pump
	ring   ring
	ours   atomic.Uint32 // the session's number, as seen in its packets
	peer   atomic.Pointer[peer]
	tracks chan *webrtc.TrackRemote // one: the newest
	heard  chan []byte              // reports of the browser
	once   sync.Once
	done   chan struct{}

	opus   atomic.Uint32 // what the browser calls Opus, 0 where it has none
	packed atomic.Bool   // it is to speak Opus, else G.711
	spoken atomic.Uint32 // payload type of its last sound; silence is none yet
}

// silence is no payload type.
const silence = 0x80

func newWire(wake func()) *wire {
	w := &wire{wake: wake, tracks: make(chan *webrtc.TrackRemote, 1), heard: make(chan []byte, reportsMax), done: make(chan struct{})}
	w.spoken.Store(silence)
	return w
}

// expect says what the browser is to speak. What it still says otherwise is of no use
// to anybody and is left out.
func (w *wire) expect(opus uint8, packed bool) {
	w.opus.Store(uint32(opus))
	w.packed.Store(packed)
	w.spoken.Store(silence)
}

// takes reports whether a packet is what the browser is to speak; digits always are.
func (w *wire) takes(b []byte) bool {
	if len(b) < headerSize {
		return true // leg/rtp counts it
	}
	pt := b[1] & 0x7f
	opus := uint32(pt) == w.opus.Load() && pt != 0
	if !opus && pt != rtp.PCMU && pt != rtp.PCMA {
		return true
	}
	w.spoken.Store(uint32(pt))
	return opus == w.packed.Load()
}

// ports has leg/rtp open the wire in place of a pair of sockets.
func (w *wire) ports(beat *media.Beat) *rtp.Ports {
	next := rtp.Conn(&sound{w: w})
	return &rtp.Ports{Min: 2, Max: 3, Beat: beat, Open: func(netip.Addr, int) (rtp.Conn, error) {
		c := next
		next = &control{w: w}
		return c, nil
	}}
}

// listen hands over the track of a new connection; one that nobody took yet gives way.
func (w *wire) listen(t *webrtc.TrackRemote) {
	for {
		select {
		case w.tracks <- t:
			return
		default:
		}
		select {
		case <-w.tracks:
		default:
		}
	}
}

// report takes an encoded report of the browser, with our number in it put back to
// the session's.
func (w *wire) report(b []byte, ssrc uint32) {
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		return // hostile or of a kind nobody knows: a report is not missed
	}
	for _, p := range packets {
		var blocks []rtcp.ReceptionReport
		switch p := p.(type) {
		case *rtcp.SenderReport:
			blocks = p.Reports
		case *rtcp.ReceiverReport:
			blocks = p.Reports
		}
		for i := range blocks {
			if blocks[i].SSRC == ssrc {
				blocks[i].SSRC = w.ours.Load()
			}
		}
	}
	out, err := rtcp.Marshal(packets)
	if err != nil {
		return
	}
	select {
	case w.heard <- out:
	default:
	}
}

func (w *wire) close() error {
	w.once.Do(func() { close(w.done) })
	return nil
}

// sound is the wire as leg/rtp's socket of sound.
type sound struct {
	w   *wire
	now *webrtc.TrackRemote // reader only
}

// ReadFrom implements rtp.Conn: it goes on with the next connection where one ends.
func (s *sound) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	for {
		if s.now == nil {
			select {
			case s.now = <-s.w.tracks:
			case <-s.w.done:
				return 0, netip.AddrPort{}, net.ErrClosed
			}
		}
		n, _, err := s.now.Read(b)
		switch {
		case err != nil:
			s.now = nil
		case s.w.takes(b[:n]):
			return n, inside, nil
		}
	}
}

// WriteTo implements rtp.Conn for the tick: the packet is left for the pump.
func (s *sound) WriteTo(b []byte, _ netip.AddrPort) error {
	if len(b) < headerSize {
		return nil
	}
	s.w.ours.Store(uint32(b[8])<<24 | uint32(b[9])<<16 | uint32(b[10])<<8 | uint32(b[11]))
	if !s.w.ring.put(b) {
		return errFull
	}
	s.w.wake()
	return nil
}

// SetReadDeadline implements rtp.Conn; leg/rtp sets none on sound.
func (s *sound) SetReadDeadline(time.Time) error { return nil }

// Close implements rtp.Conn.
func (s *sound) Close() error { return s.w.close() }

// control is the wire as leg/rtp's socket of reports.
type control struct {
	w   *wire
	due time.Time // reporter only
}

// ReadFrom implements rtp.Conn.
func (c *control) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	limit := time.NewTimer(time.Until(c.due))
	defer limit.Stop()
	select {
	case r := <-c.w.heard:
		return copy(b, r), insideControl, nil
	case <-limit.C:
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	case <-c.w.done:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

// WriteTo implements rtp.Conn: our report goes out under the promised number.
func (c *control) WriteTo(b []byte, _ netip.AddrPort) error {
	p := c.w.peer.Load()
	if p == nil {
		return errCut
	}
	return p.report(b)
}

// SetReadDeadline implements rtp.Conn.
func (c *control) SetReadDeadline(t time.Time) error { c.due = t; return nil }

// Close implements rtp.Conn.
func (c *control) Close() error { return c.w.close() }
