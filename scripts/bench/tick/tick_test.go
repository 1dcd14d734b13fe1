// Package tick measures the sound tick of the box's rated load with everything
// that really hangs on it: four outside lines, four handsets and 24 SIP legs in 16
// recorded conversations, each leg with its digit detector.
package tick

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/analog"
	"centralita/firmware/leg/rtp"
	"centralita/firmware/media"
	"centralita/firmware/media/dtmf"
	"centralita/firmware/media/g711"
	"centralita/hal"
)

const (
	analogPorts = 8
	sipPorts    = 24
)

// BenchmarkRatedLoad reports the whole of what the sound thread does in 10 ms;
// filling the highway and the sockets is not counted.
func BenchmarkRatedLoad(b *testing.B) {
	e := media.New()
	bank, legs := analogLegs(b)
	fars := make([]*far, sipPorts)
	ports := &rtp.Ports{Host: netip.MustParseAddr("127.0.0.1"), Min: 42000, Max: 43000}
	for i := range fars {
		l, f := sipLeg(b, ports)
		fars[i] = f
		legs = append(legs, l)
	}
	at := make([]media.Handle, len(legs))
	for i, l := range legs {
		at[i] = plug(b, e, l)
	}
	taps := make([]*media.Tap, 16)
	for i := range taps {
		x, y := at[i], at[analogPorts+i]
		if i >= analogPorts {
			x, y = at[analogPorts+i], at[2*analogPorts+i]
		}
		must(b, e.Connect(x, y, media.Unity))
		must(b, e.Connect(y, x, media.Unity))
		taps[i] = media.NewTap(4)
		must(b, e.Record(taps[i], x, y))
	}
	var busy time.Duration
	var said uint64
	tick := func(n int) {
		if n%2 == 0 {
			said++
			for _, f := range fars {
				f.speak(b)
			}
			for _, f := range fars {
				f.arrived(said)
			}
		}
		began := time.Now()
		if err := bank.Clock(); err != nil {
			b.Fatal(err)
		}
		e.Tick()
		busy += time.Since(began)
		for _, t := range taps {
			t.Drop()
		}
		for _, ok := e.Next(); ok; _, ok = e.Next() {
		}
	}
	for n := range 200 { // the play-out buffers find their delay
		tick(n)
	}
	busy = 0
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		tick(n)
		n++
	}
	for i, f := range fars {
		if c := f.session.Counts(); c.Sent < said/2 {
			b.Fatalf("SIP leg %d sent %d packets of %d: the load is not what it says", i, c.Sent, said)
		}
	}
	per := busy / time.Duration(n)
	b.ReportMetric(float64(per.Nanoseconds()), "ns/tick")
	b.ReportMetric(100*float64(per)/float64(media.Period), "%/10ms")
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// plug gives a leg its place with the ears the switchboard gives it.
func plug(b *testing.B, e *media.Engine, l leg.Leg) media.Handle {
	h, err := e.Reserve()
	must(b, err)
	must(b, e.Plug(h, l))
	must(b, e.Attach(h, dtmf.NewDetector(dtmf.Line())))
	if x, ok := l.(leg.Listener); ok {
		for _, ear := range x.Ears() {
			must(b, e.Attach(h, ear))
		}
	}
	return h
}

// analogLegs are eight sockets in a call each, on a highway full of speech.
func analogLegs(b *testing.B) (*analog.Bank, []leg.Leg) {
	begun := make(chan leg.Leg, analogPorts)
	o := analog.Options{Highway: newHighway(), Told: func(l leg.Leg, r leg.Report) {
		if r.Kind == leg.Offered || r.Kind == leg.Ringing {
			begun <- l
		}
	}}
	for i := range analogPorts / 2 {
		o.FXO = append(o.FXO, socket{"fxo" + string(rune('1'+i)), i})
		o.FXS = append(o.FXS, socket{"fxs" + string(rune('1'+i)), 4 + i})
	}
	bank := analog.New(o)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { _ = bank.Serve(ctx); close(ended) }()
	b.Cleanup(func() { cancel(); <-ended })
	var legs []leg.Leg
	for _, p := range o.FXO {
		l, refused := bank.Make(id.Port(p.Name()))
		if refused != nil {
			b.Fatal(refused)
		}
		l.Ring(leg.Caller{To: "1"})
		bank.Event(hal.Event{Port: p.Name(), Kind: hal.Settled, At: time.Now()})
		legs = append(legs, l)
	}
	for _, p := range o.FXS {
		bank.Event(hal.Event{Port: p.Name(), Kind: hal.OffHook, At: time.Now()})
		select {
		case l := <-begun:
			l.Answer()
			legs = append(legs, l)
		case <-time.After(5 * time.Second):
			b.Fatalf("%s: no leg", p.Name())
		}
	}
	return bank, legs
}

// socket is a port whose chip does everything at once.
type socket struct {
	name string
	slot int
}

func (s socket) Name() string                      { return s.name }
func (s socket) Slot() int                         { return s.slot }
func (socket) Status() hal.Status                  { return hal.Status{Ready: true} }
func (socket) Ring(hal.Cadence) error              { return nil }
func (socket) StopRing() error                     { return nil }
func (socket) Transmit(bool) error                 { return nil }
func (socket) Reverse(bool) error                  { return nil }
func (socket) Break(time.Duration) error           { return nil }
func (socket) OffHook() error                      { return nil }
func (socket) OnHook() error                       { return nil }
func (socket) Flash(d time.Duration) error         { return nil }
func (socket) Seize() error                        { return nil }
func (socket) Park(bool) error                     { return nil }
func (socket) Configure(hal.HandsetSettings) error { return nil }
func (socket) Pulse(string, hal.Pulses) error      { return nil }
func (socket) Wet(after, d time.Duration) error    { return nil }
func (socket) Balances() []hal.Balance             { return []hal.Balance{{}} }
func (socket) SetBalance(hal.Balance) error        { return nil }
func (socket) SetGain(play, capture float64) error { return nil }

// speech is a second of noise with the rhythm of syllables at -20 dBm0.
func speech(seed uint64) []int16 {
	r := rand.New(rand.NewPCG(seed, 1))
	pcm := make([]int16, 8000)
	for i := range pcm {
		pcm[i] = int16(1600 * r.NormFloat64() * (1 + math.Sin(2*math.Pi*4*float64(i)/8000)))
	}
	return pcm
}

// highway never makes anybody wait.
type highway struct {
	frames [100]hal.Frame
	n      int
}

func newHighway() *highway {
	h := &highway{}
	for slot := range analogPorts {
		pcm := speech(uint64(slot))
		for f := range h.frames {
			copy(h.frames[f][slot][:], pcm[f*hal.FrameSamples:])
		}
	}
	return h
}

func (h *highway) Exchange(in, _ *hal.Frame) error {
	*in = h.frames[h.n%len(h.frames)]
	h.n++
	return nil
}
func (h *highway) Ahead() int                    { return 1 }
func (h *highway) Counters() hal.HighwayCounters { return hal.HighwayCounters{} }
func (h *highway) Close() error                  { return nil }

// sipLeg is the sound of a SIP call through the kernel's sockets.
func sipLeg(b *testing.B, ports *rtp.Ports) (leg.Leg, *far) {
	s, err := rtp.New(ports, rtp.Options{})
	must(b, err)
	conn, err := net.DialUDP("udp4", nil, &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: s.Port()})
	must(b, err)
	f := &far{session: s, conn: conn, pcm: make([]byte, 8000)}
	g711.ALaw.Encode(f.pcm, speech(uint64(s.Port())))
	s.Connect(rtp.Remote{Addr: conn.LocalAddr().(*net.UDPAddr).AddrPort(), Payload: rtp.PCMA, Event: 101, Ptime: 20, Send: true, Receive: true})
	must(b, s.Start())
	b.Cleanup(func() { s.Close(); conn.Close() })
	return talking{sound: s}, f
}

// talking makes a leg of a session; the verbs are of no concern here.
type talking struct {
	leg.Leg
	sound *rtp.Session
}

func (t talking) Rate() media.Rate                   { return t.sound.Rate() }
func (t talking) Read(n uint64, f *media.Frame) bool { return t.sound.Read(n, f) }
func (t talking) Write(n uint64, f *media.Frame)     { t.sound.Write(n, f) }

// far is the other end: it speaks, and what it is sent the kernel drops when its
// socket is full.
type far struct {
	session *rtp.Session
	conn    *net.UDPConn
	pcm     []byte
	packet  [12 + 160]byte
	seq     uint16
	ts      uint32
}

// speak sends the next 20 ms.
func (f *far) speak(b *testing.B) {
	p := f.packet[:]
	p[0], p[1] = 0x80, rtp.PCMA
	binary.BigEndian.PutUint16(p[2:], f.seq)
	binary.BigEndian.PutUint32(p[4:], f.ts)
	binary.BigEndian.PutUint32(p[8:], 0x1234)
	copy(p[12:], f.pcm[int(f.ts)%len(f.pcm):])
	f.seq++
	f.ts += 160
	if _, err := f.conn.Write(p); err != nil {
		b.Fatal(err)
	}
}

// arrived waits until the reader of the session has taken all that was said.
func (f *far) arrived(said uint64) {
	for f.session.Counts().Received < said {
		time.Sleep(10 * time.Microsecond) // not a spin: on one core the reader needs it
	}
}
