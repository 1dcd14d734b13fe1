package rtp

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/media"
)

// What a mixed call adds at most: a packet of 20 ms comes whole, waits up to 10 ms for
// a tick, where one of the ten did not come in good time for another one, and its
// second half is moved a tick after its first, with which the packet out is full.
const (
	mixedFloor = 10 * time.Millisecond // at the best phase
	mixedMost  = 21 * time.Millisecond // 10 + 10 and the 1 ms of good time
)

// TestMixedDelay measures in virtual time what the way from socket to socket adds
// when the engine mixes: reader, play-out buffer, tick and packets of 20 ms. Whatever
// the machine does meanwhile makes no difference. A hundred calls, two ways each, at
// all phases of 20 ms.
func TestMixedDelay(t *testing.T) {
	for _, net := range []struct {
		name   string
		uneven time.Duration // packets come late by up to this
		ppm    float64       // the far clocks are off by
		most   time.Duration
	}{
		{"even", 0, 0, mixedMost},
		{"LAN", time.Millisecond, 0, mixedMost + 2*time.Millisecond},
		{"LAN, clocks 100 ppm off", time.Millisecond, 100, mixedMost + 2*time.Millisecond},
		{"LAN, clocks -100 ppm off", time.Millisecond, -100, mixedMost + 2*time.Millisecond},
	} {
		calls := 100
		if testing.Short() { // as under the race detector
			calls = 8
		}
		t.Run(net.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				delays := mixed(t, calls, net.uneven, net.ppm)
				slices.Sort(delays)
				mean := time.Duration(0)
				for _, d := range delays {
					mean += d / time.Duration(len(delays))
				}
				p99 := delays[len(delays)*99/100]
				t.Logf("delay least %v, mean %v, p99 %v, longest %v of %d packets", delays[0], mean, p99, delays[len(delays)-1], len(delays))
				if delays[0] < mixedFloor-net.uneven {
					t.Errorf("a delay of %v: the measure is wrong", delays[0])
				}
				if p99 > net.most {
					t.Errorf("p99 %v, want at most %v", p99, net.most)
				}
			})
		})
	}
}

const (
	mixedWarm   = 2 * time.Second
	mixedLength = 12 * time.Second
)

// mixed holds calls and returns the delay of each packet heard after a while.
func mixed(t *testing.T, calls int, uneven time.Duration, ppm float64) (delays []time.Duration) {
	e := media.New()
	ctx, cancel := context.WithCancel(t.Context())
	ticking := make(chan struct{})
	go func() { _ = e.Serve(ctx, nil, nil); close(ticking) }()
	r := rand.New(rand.NewPCG(7, 8))
	said := newSpeech(r)
	time.Sleep(50 * time.Millisecond) // the engine knows its beat
	began := time.Now()
	var ends []*farEnd
	for i := range 2 * calls {
		ends = append(ends, said.end(t, e, 20*time.Millisecond*time.Duration(i)/time.Duration(2*calls)+137*time.Microsecond))
	}
	for i := range calls {
		a, b := ends[i], ends[2*calls-1-i]
		a.hears, b.hears = b, a
		_ = e.Connect(a.at, b.at, media.Unity)
		_ = e.Connect(b.at, a.at, media.Unity)
	}
	for _, x := range ends {
		go x.speak(began, uneven, ppm, rand.New(rand.NewPCG(r.Uint64(), 1)))
	}
	time.Sleep(mixedLength)
	for _, x := range ends {
		x.session.Close()
	}
	cancel()
	<-ticking
	for _, x := range ends {
		for _, h := range x.sound.heard {
			if h.at.Sub(began) > mixedWarm {
				if d, ok := said.delay(h, x.hears); ok {
					delays = append(delays, d)
				}
			}
		}
	}
	return delays
}

// speech is sound in which every place is known by eight of its samples, with a pause
// every second, as people make.
type speech struct {
	code  []byte
	place map[uint64]int
}

func newSpeech(r *rand.Rand) *speech {
	s := &speech{code: make([]byte, int(mixedLength/time.Second+1)*8000), place: map[uint64]int{}}
	for i := range s.code {
		if s.code[i] = 0xff; i%8000 < 6400 {
			s.code[i] = 0x20 + byte(r.IntN(64)) | byte(r.IntN(2))<<7
		}
	}
	for i := range len(s.code) - 8 {
		if i%8000 < 6400-8 {
			s.place[binary.BigEndian.Uint64(s.code[i:])] = i
		}
	}
	return s
}

// delay is from the moment a sample was said to the one at which the packet came
// that lets it be heard; false in a pause.
func (s *speech) delay(h heardAt, by *farEnd) (time.Duration, bool) {
	for off := 0; off+8 <= len(h.code); off++ {
		if i, ok := s.place[binary.BigEndian.Uint64(h.code[off:])]; ok && i/160 < len(by.left) {
			const sample = time.Second / 8000
			return h.at.Sub(by.left[i/160]) + time.Duration(off-i%160)*sample, true
		}
	}
	return 0, false
}

// farEnd is one telephone.
type farEnd struct {
	said    *speech
	session *Session
	sound   *wire
	at      media.Handle
	phase   time.Duration
	left    []time.Time // by packet, when it was sent
	hears   *farEnd
}

func (s *speech) end(t *testing.T, e *media.Engine, phase time.Duration) *farEnd {
	x := &farEnd{said: s, phase: phase}
	p := &Ports{Min: 4000, Max: 4001, Beat: e.Beat(), Open: func(netip.Addr, int) (Conn, error) {
		w := &wire{in: make(chan []byte, 4), done: make(chan struct{})}
		if x.sound == nil {
			x.sound = w
		}
		return w, nil
	}}
	var err error
	if x.session, err = New(p, Options{}); err != nil {
		t.Fatal(err)
	}
	x.session.Connect(Remote{Addr: far, Payload: PCMU, Ptime: 20, Send: true, Receive: true})
	if err := x.session.Start(); err != nil {
		t.Fatal(err)
	}
	if x.at, err = e.Reserve(); err != nil {
		t.Fatal(err)
	}
	if err := e.Plug(x.at, x.session); err != nil {
		t.Fatal(err)
	}
	return x
}

// speak sends a packet every 20 ms of its own clock; the network lets it wait.
func (x *farEnd) speak(began time.Time, uneven time.Duration, ppm float64, r *rand.Rand) {
	for n := range int(mixedLength/(20*time.Millisecond)) - 1 {
		due := began.Add(x.phase + time.Duration(float64(n)*20e6*(1+ppm*1e-6)))
		x.left = append(x.left, due)
		late := time.Duration(float64(uneven) * r.Float64())
		time.Sleep(time.Until(due.Add(late)))
		select {
		case x.sound.in <- pack(uint16(n), uint32(160*n), 0x5eed, PCMU, x.said.code[160*n:160*(n+1)]):
		case <-x.sound.done:
			return
		}
	}
}

// wire is a socket that notes when it was given what.
type wire struct {
	in    chan []byte
	done  chan struct{}
	heard []heardAt
}

type heardAt struct {
	at   time.Time
	code []byte
}

func (w *wire) ReadFrom(b []byte) (int, netip.AddrPort, error) {
	select {
	case p := <-w.in:
		return copy(b, p), far, nil
	case <-w.done:
		return 0, netip.AddrPort{}, net.ErrClosed
	}
}

func (w *wire) WriteTo(b []byte, to netip.AddrPort) error {
	if to == far && len(b) == headerSize+160 {
		w.heard = append(w.heard, heardAt{time.Now(), append([]byte(nil), b[headerSize:]...)})
	}
	return nil
}

func (w *wire) SetReadDeadline(time.Time) error { return nil }
func (w *wire) Close() error                    { close(w.done); return nil }
