package browsers

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// page is a person's page: signed in, the telephone of its station, in a call.
type page struct {
	t      *testing.T
	b      *box
	cookie string
	pc     *webrtc.PeerConnection
	say    *webrtc.TrackLocalStaticRTP
	up     chan struct{}
	heard  stream
}

// stream is what a page has heard, by the numbers that the packets bear: what the box
// did not say, what was lost on the way and what came late are three things.
type stream struct {
	mu    sync.Mutex
	begun bool
	count tally
	seq   uint16
	ts    uint32
}

// tally counts packets of 20 ms.
type tally struct{ came, lost, said float64 }

func (s *stream) take(h *rtp.Header) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if ahead := h.SequenceNumber - s.seq; s.begun && ahead < 1<<15 {
		s.count.lost += float64(ahead) - 1
		s.count.said += float64(h.Timestamp-s.ts) / 160
		s.seq, s.ts = h.SequenceNumber, h.Timestamp
	} else if s.begun { // one that was overtaken and counted as lost
		s.count.lost--
	} else {
		s.begun, s.seq, s.ts = true, h.SequenceNumber, h.Timestamp
	}
	s.count.came++
}

func (s *stream) so() tally {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

var owner string // its session, made once

func newPage(t *testing.T, b *box, who string) *page {
	t.Helper()
	g := &page{t: t, b: b, up: make(chan struct{})}
	if owner == "" {
		owner = g.signIn("owner", b.key)
	}
	g.cookie = owner
	g.ask("PUT", "accounts/"+who+"/password", map[string]any{"password": "a long password"}, nil)
	g.cookie = "" // or signing in ends the owner's session
	g.cookie = g.signIn(who, "a long password")
	req := g.request("GET", "phone/stream?tab=one", nil)
	res, err := client.Do(req)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatal(err, res)
	}
	t.Cleanup(func() { res.Body.Close() })
	go func() { _, _ = io.Copy(io.Discard, res.Body) }() // ends with the body
	g.connect()
	return g
}

func (g *page) request(method, path string, body any) *http.Request {
	var send io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			g.t.Fatal(err)
		}
		send = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(g.t.Context(), method, "http://"+g.b.http+"/api/v1/"+path, send)
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Cookie", "centralita_session="+g.cookie)
	return req
}

func (g *page) ask(method, path string, body, into any) *http.Response {
	g.t.Helper()
	res, err := client.Do(g.request(method, path, body))
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode/100 != 2 {
		g.t.Fatalf("%s %s: %s %s %v", method, path, res.Status, raw, err)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			g.t.Fatal(err)
		}
	}
	return res
}

func (g *page) signIn(who, password string) string {
	g.t.Helper()
	for _, c := range g.ask("POST", "session", map[string]any{"user": who, "password": password}, nil).Cookies() {
		if c.Name == "centralita_session" {
			return c.Value
		}
	}
	g.t.Fatalf("%s is not signed in", who)
	return ""
}

// connect makes the WebRTC agent, which speaks as soon as it may.
func (g *page) connect() {
	pcma := webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypePCMA, ClockRate: 8000}
	var media webrtc.MediaEngine
	if err := media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: pcma, PayloadType: 8}, webrtc.RTPCodecTypeAudio); err != nil {
		g.t.Fatal(err)
	}
	var s webrtc.SettingEngine
	s.SetIncludeLoopbackCandidate(true)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetInterfaceFilter(func(name string) bool { return name == "lo" })
	pc, err := webrtc.NewAPI(webrtc.WithMediaEngine(&media), webrtc.WithSettingEngine(s)).NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = pc.Close() })
	g.pc = pc
	if g.say, err = webrtc.NewTrackLocalStaticRTP(pcma, "microphone", "page"); err != nil {
		g.t.Fatal(err)
	}
	if _, err := pc.AddTrack(g.say); err != nil {
		g.t.Fatal(err)
	}
	pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		if s == webrtc.PeerConnectionStateConnected {
			close(g.up)
			go g.speak()
		}
	})
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		for {
			p, _, err := t.ReadRTP()
			if err != nil {
				return
			}
			g.heard.take(&p.Header)
		}
	})
}

func (g *page) call(number string) {
	g.t.Helper()
	offer, err := g.pc.CreateOffer(nil)
	if err == nil {
		err = g.pc.SetLocalDescription(offer)
	}
	if err != nil {
		g.t.Fatal(err)
	}
	var joined struct{ SDP string }
	g.ask("POST", "phone/call", map[string]any{"tab": "one", "to": number, "sdp": g.pc.LocalDescription().SDP}, &joined)
	if err := g.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: joined.SDP}); err != nil {
		g.t.Fatal(err)
	}
}

func (g *page) await() {
	g.t.Helper()
	select {
	case <-g.up:
	case <-time.After(10 * time.Second):
		g.t.Fatal("a page was never connected")
	}
	for end := time.Now().Add(10 * time.Second); g.heard.so().came == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			g.t.Fatal("a page hears nothing")
		}
	}
}

// speak says a ramp, which no two packets have alike.
func (g *page) speak() {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: 7, Timestamp: 99}, Payload: make([]byte, 160)}
	for n := 0; ; n++ {
		select {
		case <-tick.C:
		case <-g.t.Context().Done():
			return
		}
		for i := range p.Payload {
			p.Payload[i] = byte(n + i)
		}
		p.SequenceNumber++
		p.Timestamp += 160
		if err := g.say.WriteRTP(p); err != nil {
			fmt.Println("a page cannot speak:", err)
			return
		}
	}
}
