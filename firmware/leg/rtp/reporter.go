package rtp

import (
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"
)

// reportEvery is the minimum interval of RFC 3550 section 6.2; a call has two
// members, so it is also the computed one. Each is varied by half of it either way,
// so that the reports of many ends never fall into step.
const reportEvery = 5 * time.Second

// firstReport is the mean time between looks for whether a session has begun to carry
// sound, which is then told of at once: between two ends a first report needs no delay
// (RFC 3550 section 6.2), and the round trip of a short call is known.
const firstReport = 500 * time.Millisecond

// ntpEpoch is the distance of 1900 from 1970 in seconds.
const ntpEpoch = 2208988800

// cnameSize is how long our canonical name is: 96 random bits in base 64, another
// for each session, so that it tells nothing of the person (RFC 7022 section 4.2).
const cnameSize = 16

// varied is between half and one and a half of a mean interval.
func varied(mean time.Duration) time.Duration { return mean/2 + rand.N(mean) }

func newName() string {
	var b [12]byte
	binary.NativeEndian.PutUint64(b[:], rand.Uint64())
	binary.NativeEndian.PutUint32(b[8:], rand.Uint32())
	return base64.StdEncoding.EncodeToString(b[:])
}

// reportDue sends a report and notices that nothing is heard any more. It gives the
// mean time until it is to be called again.
func (s *Session) reportDue(now time.Time) time.Duration {
	s.watchSilence(now.Sub(s.begun))
	if s.talker.packets.Load()+uint32(s.counts.received.Load()) > 0 && s.sendReport(now, false) {
		return reportEvery
	}
	return firstReport
}

// receiveReport takes one datagram of the control socket, or of the socket of sound
// where both share one. Only the host that sound comes from, or was agreed, is
// believed.
func (s *Session) receiveReport(b []byte, from netip.AddrPort, now time.Time) {
	remote := s.remote.Load()
	if remote == nil || (from.Addr() != remote.Addr.Addr() && from.Addr() != remote.Control.Addr() && from.Addr() != remote.Signal) {
		s.counts.foreign.Add(1)
		return
	}
	if remote.deaf {
		return
	}
	if sec := remote.secure; sec != nil {
		var err error
		if b, err = sec.unprotectReport(b); err != nil {
			s.counts.unauthentic.Add(1)
			return
		}
	}
	p, ok := readReport(b, s.talker.ssrc)
	if !ok {
		s.counts.badReports.Add(1)
		return
	}
	s.counts.reports.Add(uint64(p.packets))
	r := &s.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	r.control = from
	at := now.Sub(s.begun)
	if p.packets > 0 {
		r.last, r.told = max(at, 1), false
	}
	if p.sends {
		r.sender = senderReport{ssrc: p.sender, ntp: uint32(p.ntp >> 16), at: at}
	}
	if p.heard {
		p.block.jitter = p.block.jitter * 8 / remote.codec().clock()
		r.far.report(p.block, uint32(s.ntp(now)>>16), at)
	}
	r.left = r.left || p.left
}

// senderReport is the far end's last one.
type senderReport struct {
	ssrc uint32
	ntp  uint32 // middle bits
	at   time.Duration
}

// farSide is what the far end says of our stream.
type farSide struct {
	known    bool
	fraction float64 // lost lately, 0..1
	lost     int64   // in all
	jitter   uint32  // units of the time stamp
	trip     time.Duration
	trips    int
	sum      time.Duration
	most     time.Duration
}

// tripMax is the longest round trip believed: anything longer is a clock's mistake.
const tripMax = 10 * time.Second

// roundedUnits is how far below nothing a round trip may seem, in 1/65536 s: within a
// machine it lasts no longer than what the far end's rounding loses.
const roundedUnits = 66

// report takes a block about our stream and the round trip of RFC 3550 section
// 6.4.1; now is the time in 1/65536 s, since is how long the session has lasted: the
// report of ours that is answered cannot be older.
func (f *farSide) report(b reception, now uint32, since time.Duration) {
	f.known = true
	f.fraction, f.lost, f.jitter = float64(b.fraction)/256, int64(b.lost), b.jitter
	if b.last == 0 {
		return
	}
	age := time.Duration(now-b.last) * time.Second >> 16
	units := int32(now - b.last - b.delay)
	if units <= 0 && units > -roundedUnits {
		units = 1 // three times were rounded
	}
	trip := time.Duration(units) * time.Second >> 16
	if trip < 0 || trip > tripMax || age > since+time.Second {
		return
	}
	f.trip = trip
	f.trips++
	f.sum += trip
	f.most = max(f.most, trip)
}

// mean is the mean round trip, 0 unknown.
func (f *farSide) mean() time.Duration {
	if f.trips == 0 {
		return 0
	}
	return f.sum / time.Duration(f.trips)
}

// ntp is the time on a clock that nobody sets during the session.
func (s *Session) ntp(now time.Time) uint64 { return ntp(s.begun.Round(0).Add(now.Sub(s.begun))) }

func ntp(t time.Time) uint64 {
	ns := uint64(t.Nanosecond())
	return uint64(t.Unix()+ntpEpoch)<<32 | ns<<32/1e9
}

// sendReport sends a sender report when we sent sound lately, else a receiver
// report; bye says goodbye with it, where anything was said before. It tells whether
// the far end has had a report.
func (s *Session) sendReport(now time.Time, bye bool) bool {
	s.reporting.Lock()
	defer s.reporting.Unlock()
	remote := s.remote.Load()
	if remote == nil || remote.deaf || remote.Early || !remote.Control.IsValid() || remote.Control.Port() == 0 {
		return s.reported
	}
	t := &s.talker
	sent := t.packets.Load()
	if bye && sent == 0 && !s.reported {
		return false
	}
	var own *sending
	if sent != s.sentBefore[0] { // since the report before the last (RFC 3550 section 6.4)
		own = &sending{ntp: s.ntp(now), ts: t.stamp(now.Sub(s.begun), remote.codec()), packets: sent, octets: t.octets.Load()}
	}
	s.sentBefore = [2]uint32{s.sentBefore[1], sent}
	b := writeReport(make([]byte, 0, reportMax), t.ssrc, own, s.receiver.ownReport(now.Sub(s.begun)), s.cname, bye)
	if remote.secure != nil {
		var err error
		if b, err = remote.secure.protectReport(b); err != nil {
			s.counts.sendFailed.Add(1)
			return s.reported
		}
	}
	over := s.control
	if remote.Mux {
		over = s.sound
	}
	if err := over.WriteTo(b, s.controlTarget(remote)); err != nil {
		s.counts.sendFailed.Add(1)
		return s.reported
	}
	s.reported = true
	return true
}

// controlTarget is what was agreed or, where the sound had to be learned from another
// place than agreed, where the far end's reports come from (symmetric RTCP, RFC 4961):
// an end that is where it said has no need of that, and somebody else at its address
// would get our reports. It follows a learned address of the sound, unless the
// reports were sent elsewhere by agreement.
func (s *Session) controlTarget(r *Remote) netip.AddrPort {
	to := s.target.Load()
	if r.Mux {
		if to == nil {
			return r.Addr
		}
		return *to
	}
	if to == nil || *to == r.Addr {
		return r.Control
	}
	if learned := s.receiver.reportsFrom(); learned.IsValid() {
		return learned
	}
	if r.Control != netip.AddrPortFrom(r.Addr.Addr(), r.Addr.Port()+1) {
		return r.Control
	}
	return netip.AddrPortFrom(to.Addr(), to.Port()+1)
}

func (r *receiver) reportsFrom() netip.AddrPort {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.control
}

// ownReport is our block about the far end's stream, while it lasts.
func (r *receiver) ownReport(now time.Duration) []reception {
	r.mu.Lock()
	defer r.mu.Unlock()
	st := &r.stream
	if !st.Begun() || r.left {
		return nil
	}
	p := reception{
		ssrc: st.ssrc, fraction: st.Fraction(),
		lost:    int32(min(max(st.Lost(), -lostMax-1), lostMax)),
		highest: st.Highest(), jitter: uint32(st.Jitter()) * st.codec.clock() / 8,
	}
	if gone := now - r.sender.at; r.sender.at > 0 && r.sender.ssrc == st.ssrc && gone < time.Hour {
		p.last, p.delay = r.sender.ntp, uint32(gone<<16/time.Second)
	}
	return []reception{p}
}

// hushedMore is how much longer a far end may be silent that has told so: an hour is
// cut to minutes by the session timers (RFC 4028) and by its reports.
const hushedMore = 20

// watchSilence tells once that a far end that was heard, and agreed to speak, is
// heard no more.
func (s *Session) watchSilence(now time.Duration) {
	remote := s.remote.Load()
	if s.silence == 0 || remote == nil || !remote.Receive {
		return
	}
	r := &s.receiver
	r.mu.Lock()
	patience := s.silence
	if r.hushed { // a far end that is muted tells its noise but once
		patience *= hushedMore
	}
	silent := r.last > 0 && now-r.last >= patience && !r.told
	r.told = r.told || silent
	r.mu.Unlock()
	if silent {
		s.tell(Event{Silent: true})
	}
}
