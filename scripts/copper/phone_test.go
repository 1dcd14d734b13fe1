package copper

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"
	"time"

	"centralita/firmware/leg/rtp"
	"centralita/firmware/media/g711"
)

// phone is the far end of an RTP session, with a clock of its own: it sends 20 ms of
// A-law every 20 ms by it, and plays what comes after a fixed wait, as a gateway
// with a good network does.
type phone struct {
	b      *box
	sound  *rtp.Session // the box's side
	conn   rtp.Conn
	to     netip.AddrPort
	ppm    float64                           // its clock is so much quicker than the box's
	uneven func(time.Duration) time.Duration // how late its packets are at most, by the time since it began

	// Talk gives what it says and takes what it hears, 20 ms at a time.
	talk func(heard, says []int16)

	arrived []arrival
	queue   []int16 // received, not played
	playing bool
	missed  int // frames it had nothing to play for
	dropped int // samples that found no room
}

// arrival is a packet that came: when, and the sound in it.
type arrival struct {
	at  time.Duration // since the board's first step
	ts  uint32
	pcm []int16
}

// A phone's play-out: it begins with 60 ms and never has more than 200.
const (
	phoneBegins = 480
	phoneMost   = 1600
	phoneFrame  = 160
)

// phone makes a session of the box and its far end.
func (b *box) phone(ppm float64) *phone {
	b.t.Helper()
	box, far := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	s, err := rtp.New(&rtp.Ports{Host: box, Min: 10000, Max: 10999, Open: b.net.open}, rtp.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	p := &phone{b: b, sound: s, ppm: ppm, to: netip.AddrPortFrom(box, uint16(s.Port()))}
	port := 20000 + s.Port()%1000
	if p.conn, err = b.net.open(far, port); err != nil {
		b.t.Fatal(err)
	}
	s.Connect(rtp.Remote{Addr: netip.AddrPortFrom(far, uint16(port)), Signal: far, Payload: rtp.PCMA, Event: 101, Ptime: 20, Send: true, Receive: true})
	if err := s.Start(); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// start begins to talk until stop.
func (p *phone) start(talk func(heard, says []int16)) (stop func()) {
	p.talk = talk
	done := make(chan struct{})
	p.b.work.Go(p.read)
	p.b.work.Go(func() { p.serve(done) })
	return func() {
		close(done)
		_ = p.conn.Close()
		p.sound.Close()
	}
}

func (p *phone) read() {
	var buf [1500]byte
	for {
		n, _, err := p.conn.ReadFrom(buf[:])
		if err != nil {
			return
		}
		if n < 12 {
			continue
		}
		var pcm [320]int16
		k := g711.ALaw.Decode(pcm[:], buf[12:n])
		a := arrival{at: time.Since(p.b.begun), ts: binary.BigEndian.Uint32(buf[4:]), pcm: append([]int16(nil), pcm[:k]...)}
		p.b.mu.Lock()
		p.arrived = append(p.arrived, a)
		if p.queue = append(p.queue, a.pcm...); len(p.queue) > phoneMost {
			p.dropped += len(p.queue) - phoneMost
			p.queue = p.queue[len(p.queue)-phoneMost:]
		}
		p.b.mu.Unlock()
	}
}

// serve is its clock.
func (p *phone) serve(done chan struct{}) {
	r := rand.New(rand.NewPCG(1, 2))
	time.Sleep(3 * time.Millisecond) // not at the same moments as the board's steps
	begun := time.Now()
	var seq uint16
	ts := uint32(4711)
	for n := 1; ; n++ {
		due := time.Duration(float64(n) * 20e6 / (1 + p.ppm*1e-6))
		if p.uneven != nil {
			due += time.Duration(r.Int64N(int64(p.uneven(due)) + 1))
		}
		select {
		case <-done:
			return
		case <-time.After(due - time.Since(begun)):
		}
		var heard, says [phoneFrame]int16
		p.play(heard[:])
		p.talk(heard[:], says[:])
		b := make([]byte, 12, 12+phoneFrame)
		b[0], b[1] = 0x80, rtp.PCMA
		binary.BigEndian.PutUint16(b[2:], seq)
		binary.BigEndian.PutUint32(b[4:], ts)
		binary.BigEndian.PutUint32(b[8:], 0xCAFE)
		b = b[:12+phoneFrame]
		g711.ALaw.Encode(b[12:], says[:])
		_ = p.conn.WriteTo(b, p.to)
		seq++
		ts += phoneFrame
	}
}

func (p *phone) play(out []int16) {
	p.b.mu.Lock()
	defer p.b.mu.Unlock()
	if !p.playing && len(p.queue) >= phoneBegins {
		p.playing = true
	}
	if !p.playing {
		return
	}
	n := copy(out, p.queue)
	p.queue = p.queue[n:]
	if n < len(out) {
		p.missed++
	}
}
