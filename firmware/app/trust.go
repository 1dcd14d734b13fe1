package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"centralita/firmware/api"
	"centralita/firmware/netcap"
	"centralita/firmware/settings"
	"centralita/firmware/supervise"
	"centralita/firmware/trust"
)

// openTrust makes the box's certificate ready before anything listens by TLS.
func (a *App) openTrust() error {
	_, tree, _ := a.settings.Current()
	k, err := trust.Open(trust.Options{
		Secrets: a.secrets, Log: a.log, Told: a.certificateTold, Also: listenHost(a.opt.HTTPS),
		Office: func() string { return tree.Office.Name },
	})
	if err != nil {
		return fmt.Errorf("certificate: %w", err)
	}
	a.trust = k
	k.SetACME(acmeOf(tree))
	return nil
}

// listenHost is a name or address of the web door that is no address of a network
// of this machine, perhaps.
func listenHost(addr string) []string {
	host, _, err := net.SplitHostPort(addr)
	if ip, bad := netip.ParseAddr(host); err != nil || host == "" || bad == nil && ip.IsUnspecified() {
		return nil
	}
	return []string{host}
}

func acmeOf(t *settings.Tree) trust.ACME {
	w := t.Box.Web.ACME
	return trust.ACME{Names: w.Names, Directory: w.Directory, Mail: w.Mail, DNS: w.DNS}
}

// certificateTold raises what people must do something about.
func (a *App) certificateTold(s trust.Status) {
	ends := time.UnixMilli(s.Ends).UTC().Format(time.DateOnly)
	switch s.State {
	case trust.Good:
		a.alarms.clear("certificate")
	case trust.Ending:
		a.alarms.raise("certificate", "minor", "alarm.certificate-ending", ends)
	case trust.Ended:
		a.alarms.raise("certificate", "major", "alarm.certificate-ended", ends)
	case trust.Failed:
		a.alarms.raise("certificate", "minor", "alarm.certificate-failed", s.ACME.Problem)
	}
}

const (
	// webMost and webEach bound the web door's connections: a page takes six, a
	// screen on the wall as many for ever.
	webMost = 512
	webEach = 64
)

// openWeb takes an address for the web door.
func openWeb(addr, flag string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("web page on %s: %w; end the program that has it or choose another with --%s", addr, err, flag)
	}
	return netcap.Listen(l, netcap.Caps{All: webMost, PerAddress: webEach, Exempt: netip.Addr.IsLoopback}), nil
}

// openSecure takes the address of the web door by TLS, where one was named.
func (a *App) openSecure(h http.Handler) error {
	if a.opt.HTTPS == "" {
		return nil
	}
	l, err := openWeb(a.opt.HTTPS, "https")
	if err != nil {
		return err
	}
	cfg := a.trust.Config()
	cfg.NextProtos = []string{"h2", "http/1.1"}
	cfg.CurvePreferences = []tls.CurveID{tls.X25519MLKEM768, tls.X25519, tls.CurveP256}
	a.secure = netcap.ListenTLS(l, cfg, a.trust.Refused)
	a.secureServer = api.NewServer(h)
	a.secureServer.TLSConfig = cfg
	a.secureServer.ErrorLog = log.New(io.Discard, "", 0) // handshakes are judged before; the rest is a reader that went away
	return nil
}

// secureDoor is the address of the door by TLS and whether the network is sent to
// it.
func (a *App) secureDoor() (string, bool) {
	if a.secure == nil {
		return "", false
	}
	_, tree, _ := a.settings.Current()
	return a.secure.Addr().String(), tree.Box.Web.Redirect
}

// serveDoor runs a web server until ctx ends.
func serveDoor(ctx context.Context, s *http.Server, l net.Listener) error {
	ended := make(chan error, 1)
	s.BaseContext = func(net.Listener) context.Context { return ctx }
	go func() { ended <- s.Serve(l) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	// Live streams end with ctx; a second lets answers under way be read.
	wait, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	err := s.Shutdown(wait)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	<-ended
	return err
}

// webs are the web doors.
func (a *App) webs() []supervise.Worker {
	list := []supervise.Worker{supervise.Named("web", a.serveWeb)}
	if a.secure != nil {
		list = append(list, supervise.Named("web by TLS", a.serveSecure))
	}
	return list
}

func (a *App) serveWeb(ctx context.Context) error { return serveDoor(ctx, a.server, a.web) }

func (a *App) serveSecure(ctx context.Context) error { return serveDoor(ctx, a.secureServer, a.secure) }

// readyLine is the one by which scripts know the addresses; more may follow at its
// end.
func (a *App) readyLine() string {
	var b strings.Builder
	fmt.Fprintf(&b, "centralita ready http=%s sip=%s", a.web.Addr(), a.sip.Addr())
	if a.secure != nil {
		fmt.Fprintf(&b, " https=%s", a.secure.Addr())
	}
	return b.String()
}
