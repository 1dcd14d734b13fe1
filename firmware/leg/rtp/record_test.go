package rtp

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/media"

	"github.com/pion/rtp"
)

// spoken lets n packets of 20 ms pass between a session and its far end, of which
// some are lost or late, with the engine reading and writing.
func spoken(s *Session, n int, lost func(int) bool, late func(int) time.Duration) {
	var p rtp.Packet
	var f media.Frame
	begin, due := time.Now(), map[int][]int{}
	for i := range n {
		if !lost(i) {
			at := i*2 + int(late(i)/(10*time.Millisecond))
			due[at] = append(due[at], i)
		}
	}
	for tick := range 2 * n {
		time.Sleep(time.Until(begin.Add(time.Duration(tick) * 10 * time.Millisecond)))
		for _, i := range due[tick] {
			s.receive(&p, pack(uint16(65000+i), uint32(160*i), 7, PCMA, make([]byte, 160)), far, time.Since(s.begun))
		}
		f.Silence(media.Narrow)
		s.Read(uint64(tick+1), &f)
		f.Silence(media.Narrow)
		s.Write(uint64(tick+1), &f)
	}
}

func never(int) bool             { return false }
func onTime(int) time.Duration   { return 0 }
func near(a, b float32) bool     { return math.Abs(float64(a-b)) < 0.02 }
func fifth(i int) bool           { return i%20 == 7 }
func triples(i int) bool         { return i%60 < 3 && i >= 60 }
func wobble(i int) time.Duration { return time.Duration(i%2) * 10 * time.Millisecond }

func TestRecordOfACall(t *testing.T) {
	for name, c := range map[string]struct {
		lost                func(int) bool
		late                func(int) time.Duration
		gone                int64
		burst, jitter, best float32
		least               float32
	}{
		"clean":             {never, onTime, 0, 0, 0, 4.41, 4.35},
		"every twentieth":   {fifth, onTime, 50, 1, 0, 3.95, 3.8},
		"three in a row":    {triples, onTime, 48, 3, 0, 3.95, 3.75},
		"it comes unevenly": {never, wobble, 0, 0, 10, 4.41, 4.3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, _, _ := open(t)
				s.Connect(agreed())
				spoken(s, 1000, c.lost, c.late)
				now := time.Now()
				s.receiveReport(writeReport(nil, 7, nil, []reception{{
					ssrc: s.talker.ssrc, lost: 20, jitter: 40, last: uint32(s.ntp(now.Add(-2080*time.Millisecond)) >> 16), delay: 2 << 16}}, "far", false), farControl, now)
				q, ok := s.Quality()
				if !ok {
					t.Fatal("nothing is known")
				}
				if q.Received != 1000-c.gone || q.Lost != c.gone || q.Late != 0 || q.Sent != 1000 {
					t.Errorf("received %d, lost %d, late %d, sent %d; %d were lost", q.Received, q.Lost, q.Late, q.Sent, c.gone)
				}
				if !near(q.Burst, c.burst) || math.Abs(float64(q.JitterMS-c.jitter)) > 0.5 {
					t.Errorf("gaps of %.2f packets, jitter %.2f ms; want %.2f and %.2f", q.Burst, q.JitterMS, c.burst, c.jitter)
				}
				if q.MOS < c.least || q.MOS > c.best {
					t.Errorf("MOS %.2f, want %.2f to %.2f", q.MOS, c.least, c.best)
				}
				if math.Abs(float64(q.TripMS-80)) > 1 || !near(q.FarLost, 0.02) || q.FarJitterMS != 5 || q.FarMOS < 4 || q.FarMOS > 4.3 {
					t.Errorf("round trip %.1f ms, the far end misses %.3f, jitter %.1f, MOS %.2f", q.TripMS, q.FarLost, q.FarJitterMS, q.FarMOS)
				}
				if q.PlayoutMS < 10 || q.PlayoutMS > 60 || q.MS < 19_980 || q.RelayedMS != 0 || q.Codec != "PCMA" {
					t.Errorf("play-out %d ms, %d ms long, %d relayed, %s", q.PlayoutMS, q.MS, q.RelayedMS, q.Codec)
				}
				s.Close()
				if again, _ := s.Quality(); again.MOS != q.MOS || again.Received != q.Received {
					t.Errorf("after the end it is %+v, was %+v", again, q)
				}
			})
		})
	}
}

// A relayed call is measured at both ends like any other; what was lost before the
// box is not laid to the leg behind it.
func TestRecordOfARelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCouple(t)
		time.Sleep(time.Second)
		c.relay(Relayed{})
		for i := range 500 {
			time.Sleep(20 * time.Millisecond)
			if i%10 == 3 {
				c.seq, c.ts = c.seq+1, c.ts+160
				continue
			}
			c.say(voice(i))
		}
		c.b.receiveReport(writeReport(nil, 9, nil, []reception{{ssrc: c.b.talker.ssrc, lost: 50}}, "far", false), farControl, time.Now())
		c.a.Mix()
		time.Sleep(time.Second)
		a, _ := c.a.Quality()
		b, _ := c.b.Quality()
		if a.Received != 450 || a.Lost != 50 || !near(a.Loss(), 0.1) || a.RelayedMS != 10_000 || a.MS < 11_999 {
			t.Errorf("the leg with the loss: %+v", a)
		}
		if a.MOS > 3.5 || a.MOS < 2.9 {
			t.Errorf("MOS %.2f of a stream without every tenth packet", a.MOS)
		}
		if b.Sent != 450 || b.FarLost != 0 || b.FarMOS < 4.3 || b.RelayedMS != 10_000 || b.MOS != 0 {
			t.Errorf("the other one: %+v", b)
		}
	})
}

func TestNothingIsRecordedOfNothing(t *testing.T) {
	s, _, _ := open(t)
	if _, ok := s.Quality(); ok {
		t.Error("before any agreement")
	}
	s.Connect(agreed())
	if q, ok := s.Quality(); ok {
		t.Errorf("before any packet: %+v", q)
	}
}
