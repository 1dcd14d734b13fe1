package sip

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"
)

// listen opens what Config did not bring.
func (e *Endpoint) listen() error {
	e.udp, e.tcp = e.cfg.Packets, e.cfg.Listener
	if e.udp == nil {
		host, port, err := net.SplitHostPort(e.cfg.Listen)
		if err != nil {
			return fmt.Errorf("sip: listen address %q is not host:port: %w", e.cfg.Listen, err)
		}
		family := "4"
		if a, err := netip.ParseAddr(host); err == nil && a.Is6() {
			if family = "6"; a.IsUnspecified() {
				family = "" // "[::]" is both
			}
		}
		if err := e.listenBoth(family, port == "0"); err != nil {
			return err
		}
	}
	addr, ok := addrPort(e.udp.LocalAddr())
	if !ok {
		return fmt.Errorf("sip: socket has no usable address: %v", e.udp.LocalAddr())
	}
	e.addr = addr
	return nil
}

// anyPortTries is how often a free port is asked for: one that is free for UDP may
// be some other program's for TCP.
const anyPortTries = 20

// listenBoth opens UDP and TCP on one port.
func (e *Endpoint) listenBoth(family string, anyPort bool) (err error) {
	for try := 0; ; try++ {
		if e.udp, err = net.ListenPacket("udp"+family, e.cfg.Listen); err != nil {
			return inUse("UDP", e.cfg.Listen, err)
		}
		addr := e.udp.LocalAddr().String()
		if e.tcp, err = net.Listen("tcp"+family, addr); err == nil {
			widen(e.udp)
			return nil
		}
		_ = e.udp.Close() // nothing was read from it
		if !anyPort || try == anyPortTries || !errors.Is(err, syscall.EADDRINUSE) {
			return inUse("TCP", addr, err)
		}
	}
}

// receiveBuffer holds the messages of a thousand phones that register at the same
// moment, when power comes back.
const receiveBuffer = 2 << 20

// widen lets the kernel keep that much; where we may not ask for more than the
// system's bound, that.
func widen(p net.PacketConn) {
	u, ok := p.(*net.UDPConn)
	if !ok {
		return
	}
	_ = u.SetReadBuffer(receiveBuffer)
	if raw, err := u.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, receiveBuffer) // as root
		})
	}
}

func inUse(network, addr string, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("sip: %s port of %s is in use by another program: stop that program or choose another address with --sip: %w", network, addr, err)
	}
	return fmt.Errorf("sip: cannot listen on %s %s: %w", network, addr, err)
}

func closed(err error) bool { return errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) }

// serveUDP lets the library read the UDP socket, round after round: see
// sourcesPerRound.
func (e *Endpoint) serveUDP() {
	for {
		p := &packets{
			PacketConn: e.udp, shut: &e.shut, gate: e.gate, parser: newParser(), brief: e.brief,
			seen: make(map[netip.AddrPort]struct{}), turn: &e.turn, locked: true,
		}
		if err := e.ua.TransportLayer().ServeUDP(p); err != nil {
			e.log.Error("sip: UDP reading ended", "addr", e.addr, "error", err)
		}
		if !p.over {
			return // the socket was closed
		}
	}
}

func (e *Endpoint) serveTCP() {
	err := e.ua.TransportLayer().ServeTCP(&patientListener{e.capped(e.tcp), &e.friends})
	if !closed(err) { // it returns for an error only
		e.log.Error("sip: TCP accepting ended", "addr", e.addr, "error", err)
	}
}

// filterTCP judges what comes over connections. It never returns an error: that
// would close a connection that may carry calls.
func (e *Endpoint) filterTCP(p sip.TransportReadProps, b []byte) ([]byte, error) {
	if p.Transport == "UDP" {
		return b, nil // judged already, in packets
	}
	from, ok := addrPort(p.RemoteAddr)
	if !ok || e.shut.Load() || !e.gate.admits(from, b, time.Now()) {
		return nil, nil
	}
	return b, nil
}

const (
	// tcpIdle is how long a connection may be silent: longer than a registration
	// lasts, so a phone that is alive has always spoken before.
	tcpIdle = 2 * expiresMax * time.Second
	// tcpWrite and tcpDial bound what a leg's worker may wait for.
	tcpWrite = 5 * time.Second
	tcpDial  = 3 * time.Second
)

func (e *Endpoint) tlsTransport() *sip.TransportTLS {
	return &sip.TransportTLS{TransportTCP: e.tcpTransport()}
}

func (e *Endpoint) tcpTransport() *sip.TransportTCP {
	return &sip.TransportTCP{
		ReadTimeout: tcpIdle, WriteTimeout: tcpWrite,
		DialerCreate: e.dialer,
	}
}

var tuneOnce sync.Once

// tuneLibrary sets what the SIP library keeps in global variables: larger
// datagrams than one Ethernet frame (the network cuts and joins them), smaller
// buffers, and its log, which would print every packet that a scanner sends.
func tuneLibrary(log *slog.Logger) {
	tuneOnce.Do(func() {
		sip.UDPMTUSize = 1 << 16
		sip.TransportBufferReadSize = datagramMax
		traceAll()
		sip.SetDefaultLogger(slog.New(&sampled{next: log.Handler()}))
	})
}

func newParser() *sip.Parser {
	p := sip.NewParser()
	p.MaxMessageLength = datagramMax
	return p
}

// sampled passes one warning a second and nothing below, without the packet that
// came with it.
type sampled struct {
	next slog.Handler
	last atomic.Int64
}

func (s *sampled) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelWarn }

func (s *sampled) Handle(ctx context.Context, r slog.Record) error {
	now := r.Time.Unix()
	if s.last.Swap(now) == now {
		return nil
	}
	short := slog.NewRecord(r.Time, slog.LevelDebug, "sip library: "+clean(r.Message, 120), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "error" {
			short.AddAttrs(slog.String("error", clean(a.Value.String(), 200)))
		}
		return true
	})
	if !s.next.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	return s.next.Handle(ctx, short)
}

func (s *sampled) WithAttrs([]slog.Attr) slog.Handler { return s }
func (s *sampled) WithGroup(string) slog.Handler      { return s }

// facing knows which of our addresses a far end sees.
type facing struct {
	fixed netip.Addr
	mu    sync.Mutex
	known map[string]netip.Addr
}

// facesMax bounds the remembered far ends; an office has fewer.
const facesMax = 1024

// of asks the kernel's routes; no packet is sent.
func (f *facing) of(dest string) netip.Addr {
	if f.fixed.IsValid() {
		return f.fixed
	}
	host, _, err := net.SplitHostPort(dest)
	if err != nil {
		host = dest
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if a, ok := f.known[host]; ok {
		return a
	}
	a := netip.AddrFrom4([4]byte{127, 0, 0, 1})
	if c, err := net.Dial("udp", net.JoinHostPort(host, "9")); err == nil {
		if ap, ok := addrPort(c.LocalAddr()); ok {
			a = ap.Addr().WithZone("") // it means nothing to others
		}
		_ = c.Close() // it only asked for the route
	} else {
		return a // a route may come: not remembered
	}
	if f.known == nil || len(f.known) >= facesMax {
		f.known = make(map[string]netip.Addr)
	}
	f.known[host] = a
	return a
}
