package rtp

import (
	"time"

	"github.com/pion/rtp"
)

// readSound reads a socket of memory until it is closed, as loop does those of the
// kernel.
func (s *Session) readSound(c Conn) {
	var (
		buf    [datagramMax]byte
		packet rtp.Packet
	)
	for {
		n, from, err := c.ReadFrom(buf[:])
		if s.closed.Load() {
			return
		}
		if err != nil {
			time.Sleep(10 * time.Millisecond) // a fault must not take the processor
			continue
		}
		s.receive(&packet, buf[:n], from, time.Since(s.begun))
	}
}

// readReports is the same for the control socket, with a report due now
// and then.
func (s *Session) readReports(c Conn) {
	var buf [datagramMax]byte
	due := time.Now().Add(varied(firstReport))
	for {
		_ = c.SetReadDeadline(due)
		n, from, err := c.ReadFrom(buf[:])
		if s.closed.Load() {
			return
		}
		now := time.Now()
		switch {
		case err == nil:
			s.receiveReport(buf[:n], from, now)
		case now.Before(due):
			time.Sleep(10 * time.Millisecond) // likewise
		}
		if !now.Before(due) {
			due = now.Add(varied(s.reportDue(now)))
		}
	}
}
