package rtp

import (
	"encoding/binary"
	"time"

	"centralita/firmware/media/dtmf"
)

// A digit we send lasts 100 ms with 80 ms of rest before the next: twice what
// ITU-T Q.24 asks a receiver to accept, so that gateways that turn it into a
// tone are heard too.
const (
	digitTicks = 10
	restTicks  = 8
	// endPackets end an event (RFC 4733 section 2.5.1.4: the last packet is sent
	// three times, for one may be lost).
	endPackets = 3
	// volume of the tone that a gateway should make, in -dBm0.
	volume = 10
)

// tones of a digit for a far end that knows no events.
var tones = dtmf.Style{Low: -11, High: -9, On: digitTicks * 10 * time.Millisecond}

// outgoing is a digit that waits to be sent. Both ways are prepared, since only
// the tick knows which one the far end understands by then.
type outgoing struct {
	event uint8
	tones *dtmf.Maker // nil for a hook flash
}

// prepare makes the digit ready; the tick only uses it.
func prepare(digit byte) (outgoing, bool) {
	event, ok := dtmf.Event(digit)
	if !ok || event == dtmf.Flash {
		return outgoing{event: event}, ok
	}
	m, err := dtmf.NewMaker(string(digit), tones)
	return outgoing{event: event, tones: m}, err == nil
}

// Send says digits to the far end, in order; it reports how many found room.
// Characters that are no digits are passed over.
func (s *Session) Send(digits string) int {
	for i := range len(digits) {
		d, ok := prepare(digits[i])
		if !ok {
			continue
		}
		select {
		case s.talker.digits <- d:
		default:
			return i
		}
	}
	return len(digits)
}

// eventOut is a digit being sent. Engine thread only.
type eventOut struct {
	outgoing
	start uint32 // timestamp
	ticks int    // since start; 0 is no event under way
	pcm   [tick]int16
}

// sendEvent takes the place of a tick's sound while a digit is under way and
// reports whether it did.
func (s *Session) sendEvent(r *Remote) bool {
	t := &s.talker
	e := &t.event
	if e.ticks == 0 {
		select {
		case d := <-t.digits:
			e.outgoing, e.start, e.ticks = d, t.ts, 1
			if r.Event != 0 {
				t.fill = 0 // half a packet of sound before a digit is not missed
			}
		default:
			return false
		}
	} else {
		e.ticks++
	}
	if e.ticks > digitTicks+endPackets+restTicks {
		e.ticks = 0
		return false
	}
	if r.Event == 0 {
		if e.audible(r) {
			e.tones.Fill(e.pcm[:])
		}
		return false
	}
	switch {
	case e.ticks <= digitTicks:
		if e.ticks%2 == 1 { // an update each 20 ms
			s.sendEventPacket(r, uint16(e.ticks*tick), false)
		}
	case e.ticks <= digitTicks+endPackets:
		s.sendEventPacket(r, digitTicks*tick, true)
	default:
		return false // rest: sound goes on, in its own time
	}
	return true
}

// audible reports whether the sound of this tick is that of a digit: the far end
// knows no events.
func (e *eventOut) audible(r *Remote) bool {
	return r.Event == 0 && e.tones != nil && e.ticks > 0 && e.ticks <= digitTicks
}

func (s *Session) sendEventPacket(r *Remote, duration uint16, end bool) {
	t := &s.talker
	b := t.packet[headerSize : headerSize+4]
	b[0] = t.event.event
	b[1] = volume
	if end {
		b[1] |= 0x80
	}
	binary.BigEndian.PutUint16(b[2:], duration)
	t.mark = t.event.ticks == 1
	s.sendPacket(r.Event, t.event.start, 4)
}

// eventIn follows the events of the far end. Reader only.
type eventIn struct {
	known bool
	ts    uint32
}

// heardEvent takes the payload of one event packet. An event is told once, at
// the first of its packets that comes, whichever that is: its timestamp names it
// (RFC 4733 section 2.5.1.2).
func (s *Session) heardEvent(ts uint32, payload []byte) {
	if len(payload) < 4 {
		s.counts.malformed.Add(1)
		return
	}
	end := payload[1]&0x80 != 0
	digit, ok := dtmf.Digit(payload[0])
	if !ok {
		return // a modem or line event: nobody here asks for it
	}
	s.hearing.mute(end)
	in := &s.receiver.event
	if in.known && in.ts == ts {
		return
	}
	in.known, in.ts = true, ts
	s.tell(Event{Digit: digit})
}
