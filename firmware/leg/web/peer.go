package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"time"

	"centralita/firmware/leg/rtp"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

const mimeEvent = "audio/telephone-event"

// How long a connection may be silent: a browser's consent checks come every five
// seconds at most (RFC 7675 section 5.1), its sound every 20 ms.
const (
	disconnectedAfter = 3 * time.Second
	failedAfter       = 8 * time.Second
	keepAlive         = 2 * time.Second
)

// connector makes connections, in one way for browsers on other machines and in
// another for those on this, who must be told of the loopback address.
type connector struct {
	mux         ice.UDPMux
	at          *net.UDPAddr // of its socket
	certificate webrtc.Certificate
	far, near   *webrtc.API
	prefer      uint8
}

// silent keeps the library's own log away: what matters is told by states.
var silent = func() *logging.DefaultLoggerFactory {
	f := logging.NewDefaultLoggerFactory()
	f.DefaultLogLevel = logging.LogLevelDisabled
	f.ScopeLevels = map[string]logging.LogLevel{} // nor by an environment variable of the library's
	return f
}()

func newConnector(socket net.PacketConn, prefer uint8) (*connector, error) {
	c := &connector{mux: webrtc.NewICEUDPMux(silent.NewLogger("ice"), socket), prefer: prefer}
	var err error
	var ok bool
	if c.at, ok = socket.LocalAddr().(*net.UDPAddr); !ok {
		return nil, fmt.Errorf("web: a socket at %v is none of UDP", socket.LocalAddr())
	}
	if c.certificate, err = certify(); err != nil {
		return nil, fmt.Errorf("web: certificate: %w", err)
	}
	if c.far, err = c.api(false); err == nil {
		c.near, err = c.api(true)
	}
	return c, err
}

func (c *connector) api(loopback bool) (*webrtc.API, error) {
	var media webrtc.MediaEngine
	for _, k := range []struct {
		payload  uint8
		mime     string
		rate     uint32
		channels uint16
	}{{rtp.PCMU, webrtc.MimeTypePCMU, 8000, 0}, {rtp.PCMA, webrtc.MimeTypePCMA, 8000, 0}, {111, webrtc.MimeTypeOpus, 48000, 2}, {101, mimeEvent, 8000, 0}} {
		if err := media.RegisterCodec(webrtc.RTPCodecParameters{
			RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: k.mime, ClockRate: k.rate, Channels: k.channels},
			PayloadType:        webrtc.PayloadType(k.payload),
		}, webrtc.RTPCodecTypeAudio); err != nil {
			return nil, fmt.Errorf("web: codec %s: %w", k.mime, err)
		}
	}
	s := webrtc.SettingEngine{LoggerFactory: silent}
	s.SetLite(true)
	s.SetICEUDPMux(addresses{c.mux, c.at, loopback, machineAddresses})
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetICETimeouts(disconnectedAfter, failedAfter, keepAlive)
	s.SetIncludeLoopbackCandidate(loopback)
	// Without a registry of ours the library would add interceptors: leg/rtp makes the reports.
	return webrtc.NewAPI(webrtc.WithMediaEngine(&media), webrtc.WithSettingEngine(s), webrtc.WithInterceptorRegistry(&interceptor.Registry{})), nil
}

// certify makes the one certificate of this run: browsers know it by the
// fingerprint in our answer and by nothing else.
func certify() (webrtc.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return webrtc.Certificate{}, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return webrtc.Certificate{}, err
	}
	now := time.Now()
	cert, err := webrtc.NewCertificate(key, x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "centralita"},
		NotBefore: now.AddDate(-10, 0, 0), NotAfter: now.AddDate(50, 0, 0), // a box may run for years, and begin with a wrong clock
	})
	if err != nil {
		return webrtc.Certificate{}, err
	}
	return *cert, nil
}

// peer is one connection with a browser.
type peer struct {
	pc     *webrtc.PeerConnection
	sender *webrtc.RTPSender
	mouth  *mouth
	ssrc   uint32

	mu    sync.Mutex
	state webrtc.PeerConnectionState
	tell  func(*peer, webrtc.PeerConnectionState) // set by adopt
	wire  *wire
	track *webrtc.TrackRemote
}

// answer makes a connection from a browser's offer and gives our answer. near says
// that the browser is on this machine.
func (c *connector) answer(offer string, near bool) (*peer, string, error) {
	api := c.far
	if near {
		api = c.near
	}
	pc, err := api.NewPeerConnection(webrtc.Configuration{Certificates: []webrtc.Certificate{c.certificate}})
	if err != nil {
		return nil, "", fmt.Errorf("web: connection: %w", err)
	}
	p := &peer{pc: pc, mouth: &mouth{prefer: c.prefer}}
	sdp, err := p.negotiate(offer)
	if err != nil {
		_ = pc.Close() // nothing was sent on it
		return nil, "", err
	}
	return p, sdp, nil
}

func (p *peer) negotiate(offer string) (string, error) {
	if strings.Count(offer, "\nm=") != 1 || !strings.Contains(offer, "\nm=audio") {
		return "", fmt.Errorf("%w: one section of sound is expected", ErrOffer)
	}
	p.pc.OnTrack(p.onTrack)
	p.pc.OnConnectionStateChange(p.onState)
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: offer}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	sender, err := p.pc.AddTrack(p.mouth)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	p.sender = sender
	answer, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(p.pc)
	if err := p.pc.SetLocalDescription(answer); err != nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, err)
	}
	select {
	case <-gathered:
	case <-time.After(time.Second): // our own addresses alone: it takes milliseconds
	}
	l := p.mouth.link.Load()
	if l == nil {
		return "", fmt.Errorf("%w: %w", ErrOffer, errNoCodec)
	}
	p.ssrc = l.ssrc
	return p.pc.LocalDescription().SDP, nil
}

func (p *peer) onTrack(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	p.mu.Lock()
	p.track = t
	w := p.wire
	p.mu.Unlock()
	if w != nil {
		w.listen(t)
	}
	p.listen(r.Read)
}

// listen takes the browser's reports of one kind until the connection ends.
func (p *peer) listen(read func([]byte) (int, interceptor.Attributes, error)) {
	b := make([]byte, 1500)
	for {
		n, _, err := read(b)
		if err != nil {
			return
		}
		p.mu.Lock()
		w := p.wire
		p.mu.Unlock()
		if w != nil {
			w.report(b[:n], p.ssrc)
		}
	}
}

// onState is called by goroutines that may overtake each other, so the state is
// asked for again.
func (p *peer) onState(webrtc.PeerConnectionState) {
	p.mu.Lock()
	s := p.pc.ConnectionState()
	switch s {
	case webrtc.PeerConnectionStateConnected:
		p.mouth.open.Store(true)
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		p.mouth.open.Store(false)
	}
	p.state = s
	tell := p.tell
	p.mu.Unlock()
	if tell != nil {
		tell(p, s)
	}
}

// adopt gives the connection to a leg, which from now on is told of its state.
func (p *peer) adopt(w *wire, tell func(*peer, webrtc.PeerConnectionState)) {
	p.mu.Lock()
	p.wire, p.tell = w, tell
	t, s := p.track, p.state
	p.mu.Unlock()
	w.peer.Store(p)
	if t != nil {
		w.listen(t)
	}
	go p.listen(p.sender.Read) // ends with the connection
	if s != webrtc.PeerConnectionStateUnknown {
		tell(p, s)
	}
}

// report sends a report of leg/rtp.
func (p *peer) report(b []byte) error {
	if !p.mouth.open.Load() {
		return errCut
	}
	packets, err := rtcp.Unmarshal(b)
	if err != nil {
		return err
	}
	for _, x := range packets {
		switch x := x.(type) {
		case *rtcp.SenderReport:
			x.SSRC = p.ssrc
		case *rtcp.ReceiverReport:
			x.SSRC = p.ssrc
		case *rtcp.SourceDescription:
			for i := range x.Chunks {
				x.Chunks[i].Source = p.ssrc
			}
		}
	}
	return p.pc.WriteRTCP(packets)
}

// close ends the connection; it may take a moment, so the worker does not wait.
func (p *peer) close() {
	p.mouth.open.Store(false)
	go func() { _ = p.pc.Close() }() // nobody is left to hear of it
}
