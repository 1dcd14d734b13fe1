package rtp

import (
	"net/netip"
	"time"

	"github.com/pion/rtcp"
)

// reportEvery is the minimum interval of RFC 3550 section 6.2; a call has two
// members, so it is also the computed one.
const reportEvery = 5 * time.Second

// ntpEpoch is the distance of 1900 from 1970 in seconds.
const ntpEpoch = 2208988800

// reportDue is called every five seconds: it sends a report and notices that
// nothing is heard any more.
func (s *Session) reportDue(now time.Time) {
	s.sendReport(now)
	s.watchSilence(now.Sub(s.begun))
}

// receiveReport takes one datagram of the control socket. Only the host that
// sound comes from, or was agreed, is believed.
func (s *Session) receiveReport(b []byte, from netip.Addr, now time.Time) {
	remote := s.remote.Load()
	if remote == nil || (from != remote.Addr.Addr() && from != remote.Control.Addr() && from != remote.Signal) {
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
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		s.counts.badReports.Add(1)
		return
	}
	r := &s.receiver
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			r.senderNTP, r.senderAt = uint32(p.NTPTime>>16), now.Sub(s.begun)
			r.farReport(p.Reports, s.talker.ssrc, now)
		case *rtcp.ReceiverReport:
			r.farReport(p.Reports, s.talker.ssrc, now)
		default:
			continue
		}
		s.counts.reports.Add(1)
		r.last, r.told = max(now.Sub(s.begun), 1), false
	}
}

// farReport notes what the far end says of our stream, and the round trip of
// RFC 3550 section 6.4.1.
func (r *receiver) farReport(reports []rtcp.ReceptionReport, ours uint32, now time.Time) {
	for _, p := range reports {
		if p.SSRC != ours {
			continue
		}
		r.farLost = float64(p.FractionLost) / 256
		r.farJitter = float64(p.Jitter) / 8
		if p.LastSenderReport != 0 {
			trip := int32(uint32(ntp(now)>>16) - p.LastSenderReport - p.Delay)
			if trip >= 0 && trip < 10<<16 { // ten seconds: anything longer is a clock's mistake
				r.roundTrip = time.Duration(trip) * time.Second >> 16
			}
		}
	}
}

func ntp(t time.Time) uint64 {
	ns := uint64(t.Nanosecond())
	return uint64(t.Unix()+ntpEpoch)<<32 | ns<<32/1e9
}

// sendReport sends a sender report when we sent sound, else a receiver report.
func (s *Session) sendReport(now time.Time) {
	remote := s.remote.Load()
	if remote == nil || remote.deaf || remote.Early || !remote.Control.IsValid() || remote.Control.Port() == 0 {
		return
	}
	t := &s.talker
	var p rtcp.Packet
	reports := s.receiver.ownReport(now.Sub(s.begun))
	if sent := t.packets.Load(); sent > 0 {
		p = &rtcp.SenderReport{SSRC: t.ssrc, NTPTime: ntp(now), RTPTime: t.lastTS.Load(), PacketCount: sent, OctetCount: t.octets.Load(), Reports: reports}
	} else {
		p = &rtcp.ReceiverReport{SSRC: t.ssrc, Reports: reports}
	}
	b, err := rtcp.Marshal([]rtcp.Packet{p, &rtcp.SourceDescription{Chunks: []rtcp.SourceDescriptionChunk{{
		Source: t.ssrc,
		Items:  []rtcp.SourceDescriptionItem{{Type: rtcp.SDESCNAME, Text: "leg@centralita"}}, // required by RFC 3550 6.5; tells nothing of the person
	}}}})
	if err != nil {
		panic("rtp: own report does not marshal: " + err.Error())
	}
	if remote.secure != nil {
		if b, err = remote.secure.protectReport(b); err != nil {
			s.counts.sendFailed.Add(1)
			return
		}
	}
	if err := s.control.WriteTo(b, s.controlTarget(remote)); err != nil {
		s.counts.sendFailed.Add(1)
	}
}

// controlTarget follows a learned address of the sound, unless the reports were
// sent elsewhere by agreement.
func (s *Session) controlTarget(r *Remote) netip.AddrPort {
	to := s.target.Load()
	if to == nil || *to == r.Addr || r.Control.Port() != r.Addr.Port()+1 {
		return r.Control
	}
	return netip.AddrPortFrom(to.Addr(), to.Port()+1)
}

func (r *receiver) ownReport(now time.Duration) []rtcp.ReceptionReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	st := &r.stream
	if !st.begun {
		return nil
	}
	p := rtcp.ReceptionReport{
		SSRC: st.ssrc, FractionLost: st.fraction(),
		TotalLost:          uint32(min(max(st.lost(), 0), 1<<23-1)),
		LastSequenceNumber: st.highest - 1<<16, Jitter: uint32(st.jitter),
	}
	if r.senderAt > 0 {
		p.LastSenderReport = r.senderNTP
		p.Delay = uint32((now - r.senderAt) << 16 / time.Second)
	}
	return []rtcp.ReceptionReport{p}
}

// watchSilence tells once that a far end that was heard, and agreed to speak, is
// heard no more.
func (s *Session) watchSilence(now time.Duration) {
	remote := s.remote.Load()
	if s.silence == 0 || remote == nil || !remote.Receive {
		return
	}
	r := &s.receiver
	r.mu.Lock()
	silent := r.last > 0 && now-r.last >= s.silence && !r.told
	r.told = r.told || silent
	r.mu.Unlock()
	if silent {
		s.tell(Event{Silent: true})
	}
}
