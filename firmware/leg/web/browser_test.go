package web

import (
	"context"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"net"
	"sync"
	"testing"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/media"
	"centralita/firmware/media/g711"

	"github.com/pion/interceptor"
	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// bench is an endpoint with one station, on the loopback address.
type bench struct {
	t    testing.TB
	e    *Endpoint
	stop func()

	mu    sync.Mutex
	moves []Presence
}

func newBench(t testing.TB, told leg.Told, stations ...id.Station) *bench {
	t.Helper()
	socket, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t}
	b.e, err = New(Config{Packets: socket, Told: told, Changed: func(p Presence) {
		b.mu.Lock()
		b.moves = append(b.moves, p)
		b.mu.Unlock()
	}})
	if err != nil {
		t.Fatal(err)
	}
	var users []User
	for _, s := range append(stations, "201") {
		users = append(users, User{Station: s, Port: id.Port("web/" + string(s)), Name: "Ana"})
	}
	b.e.SetUsers(users)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); _ = b.e.Serve(ctx) }()
	b.stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(b.stop)
	return b
}

func (b *bench) presence() []Presence {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Presence(nil), b.moves...)
}

func (b *bench) attach(station, tab string) *Page {
	b.t.Helper()
	g, err := b.e.Attach(station, tab, false, "test")
	if err != nil {
		b.t.Fatal(err)
	}
	return g
}

// news waits until the page is told what is looked for.
func news(t testing.TB, g *Page, what string, is func(News) bool) News {
	t.Helper()
	limit := time.After(10 * time.Second)
	for {
		select {
		case <-g.Changed():
			if n := g.News(); is(n) {
				return n
			}
		case <-limit:
			t.Fatalf("the page was never told: %s", what)
		}
	}
}

// browser is a full WebRTC agent as a page has one, which says a tone.
type browser struct {
	t    testing.TB
	pc   *webrtc.PeerConnection
	say  *mouth
	quit chan struct{}
	once sync.Once
	up   chan struct{}
	seq  uint16 // of the first packet: random, as a browser's
	ts   uint32

	mu    sync.Mutex
	heard []int16
	opus  [][]byte // payloads of Opus
}

// codecs are in the order of Chromium's offer, with its numbers.
var codecs = []webrtc.RTPCodecParameters{
	{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1"}, PayloadType: 111},
	{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeG722, ClockRate: 8000}, PayloadType: 9},
	{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMU, ClockRate: 8000}, PayloadType: 0},
	{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}, PayloadType: 8},
	{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: mimeEvent, ClockRate: 8000}, PayloadType: 126},
}

func newBrowser(t testing.TB, offered ...webrtc.RTPCodecParameters) *browser {
	t.Helper()
	if offered == nil {
		offered = codecs
	}
	var m webrtc.MediaEngine
	for _, c := range offered {
		if err := m.RegisterCodec(c, webrtc.RTPCodecTypeAudio); err != nil {
			t.Fatal(err)
		}
	}
	s := webrtc.SettingEngine{LoggerFactory: silent}
	s.SetIncludeLoopbackCandidate(true)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&m), webrtc.WithSettingEngine(s), webrtc.WithInterceptorRegistry(&interceptor.Registry{})).
		NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, pc: pc, say: &mouth{prefer: 8}, quit: make(chan struct{}), up: make(chan struct{}), seq: uint16(rand.Uint32()), ts: rand.Uint32()}
	if _, err := pc.AddTrack(b.say); err != nil {
		t.Fatal(err)
	}
	var up sync.Once
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			b.say.open.Store(true)
			up.Do(func() { close(b.up) })
		}
	})
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		pcm := make([]int16, 400)
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			law := g711.ALaw
			switch p.PayloadType {
			case 0:
				law = g711.MuLaw
			case 111:
				b.mu.Lock()
				b.opus = append(b.opus, append([]byte(nil), p.Payload...))
				b.mu.Unlock()
				continue
			}
			n := law.Decode(pcm, p.Payload[:min(len(p.Payload), len(pcm))])
			b.mu.Lock()
			b.heard = append(b.heard, pcm[:n]...)
			b.mu.Unlock()
		}
	})
	t.Cleanup(b.close)
	return b
}

func (b *browser) offer() string {
	b.t.Helper()
	o, err := b.pc.CreateOffer(nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.pc.SetLocalDescription(o); err != nil {
		b.t.Fatal(err)
	}
	return b.pc.LocalDescription().SDP // without candidates: the box needs none
}

func (b *browser) accept(sdp string) {
	b.t.Helper()
	if err := b.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: sdp}); err != nil {
		b.t.Fatal(err)
	}
}

// speak says a tone of hz until the browser is closed.
func (b *browser) speak(hz float64) {
	go func() {
		select {
		case <-b.up:
		case <-b.quit:
			return
		}
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		pcm, payload := make([]int16, 160), make([]byte, 160)
		for n := 0; ; n++ {
			select {
			case <-tick.C:
			case <-b.quit:
				return
			}
			for i := range pcm {
				pcm[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(n*160+i)/8000))
			}
			g711.ALaw.Encode(payload, pcm)
			b.send(8, b.seq+uint16(n), b.ts+uint32(n*160), payload)
		}
	}()
}

// press sends one key as a browser does: updates, then its end three times.
func (b *browser) press(event byte) {
	for i := range 8 {
		body := []byte{event, 10, 0, byte(min(i, 5) * 20)}
		if i >= 5 {
			body[1] |= 0x80
		}
		b.send(126, b.seq+uint16(3000+i), b.ts-77, body)
	}
}

func (b *browser) send(payloadType byte, seq uint16, ts uint32, payload []byte) {
	var h pionrtp.Header
	packet := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16([]byte{0x80, payloadType}, seq), ts)
	packet = append(packet, 0, 0, 0, 0) // its number is put in by what was agreed
	_ = b.say.say(append(packet, payload...), &h)
}

func (b *browser) close() {
	b.once.Do(func() { close(b.quit); _ = b.pc.Close() })
}

// hears waits until the last tenth of a second heard is a tone of hz.
func (b *browser) hears(hz float64, limit time.Duration) bool {
	return within(limit, func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return len(b.heard) >= 800 && isTone(b.heard[len(b.heard)-800:], hz)
	})
}

func within(limit time.Duration, is func() bool) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(5 * time.Millisecond) { // polling another clock's world
		if is() {
			return true
		}
	}
	return false
}

// isTone reports whether a tone of hz is nearly all there is.
func isTone(pcm []int16, hz float64) bool {
	var re, im, all float64
	for i, v := range pcm {
		x, w := float64(v), 2*math.Pi*hz*float64(i)/8000
		re, im, all = re+x*math.Cos(w), im+x*math.Sin(w), all+x*x
	}
	n := float64(len(pcm))
	return all/n > 1000*1000 && (re*re+im*im)*2/n > 0.9*all
}

// engine reads and writes legs as the tick does: each hears its tone.
type engine struct {
	mu    sync.Mutex
	legs  map[leg.Leg]float64 // the tone each is to hear
	heard map[leg.Leg][]int16
	stop  chan struct{}
	done  chan struct{}
}

func newEngine(t testing.TB) *engine {
	e := &engine{legs: map[leg.Leg]float64{}, heard: map[leg.Leg][]int16{}, stop: make(chan struct{}), done: make(chan struct{})}
	go e.serve()
	t.Cleanup(func() { close(e.stop); <-e.done })
	return e
}

func (e *engine) plug(l leg.Leg, hz float64) {
	e.mu.Lock()
	e.legs[l] = hz
	e.mu.Unlock()
}

func (e *engine) serve() {
	defer close(e.done)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	var f media.Frame
	for n := uint64(1); ; n++ {
		select {
		case <-tick.C:
		case <-e.stop:
			return
		}
		e.mu.Lock()
		for l, hz := range e.legs {
			f.Silence(media.Narrow)
			if l.Read(n, &f) {
				e.heard[l] = append(e.heard[l], f.PCM()...)
			}
			for i := range f.PCM() {
				f.PCM()[i] = int16(8000 * math.Sin(2*math.Pi*hz*float64(int(n)*80+i)/8000))
			}
			l.Write(n, &f)
		}
		e.mu.Unlock()
	}
}

func (e *engine) hears(l leg.Leg, hz float64, limit time.Duration) bool {
	return within(limit, func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		h := e.heard[l]
		return len(h) >= 800 && isTone(h[len(h)-800:], hz)
	})
}
