package trust

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Secrets is the part of firmware/store that keeps keys.
type Secrets interface {
	Get(name string) (value string, ok bool)
	Put(name, value string) error // "" deletes
}

// Options of Open; Secrets alone must be given.
type Options struct {
	Secrets   Secrets
	Office    func() string       // shown in the authority's name
	Hostname  func() string       // nil is the machine's
	Addresses func() []netip.Addr // nil is LocalAddresses
	Also      []string            // more names of the box
	Told      func(Status)        // when what people should know has changed
	Now       func() time.Time
	Log       *slog.Logger
}

// Keeper is the box's certificate, alive.
type Keeper struct {
	opt  Options
	acme *acmeKeeper
	shy  distrust

	mu   sync.Mutex
	ca   *authority
	own  *tls.Certificate // signed by ca
	left []string         // names that ca may not vouch for
	told State

	now atomic.Pointer[shown]
}

// shown is the certificate that is presented.
type shown struct {
	cert *tls.Certificate
	kind Kind
}

// Open reads what is stored, and makes what is missing.
func Open(o Options) (*Keeper, error) {
	if o.Hostname == nil {
		o.Hostname = hostname
	}
	if o.Addresses == nil {
		o.Addresses = LocalAddresses
	}
	if o.Office == nil {
		o.Office = func() string { return "" }
	}
	if o.Told == nil {
		o.Told = func(Status) {}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	k := &Keeper{opt: o}
	k.acme = newACME(k)
	return k, k.Refresh()
}

// lookEvery is how often the addresses of the machine and the calendar are looked
// at: a cable that is plugged elsewhere should not be noticed by people first.
const lookEvery = 20 * time.Second

// Serve keeps the certificate good until ctx ends.
func (k *Keeper) Serve(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	fetch := make(chan struct{})
	go func() { defer close(fetch); k.acme.serve(ctx) }()
	for {
		if err := k.Refresh(); err != nil {
			k.opt.Log.Error("certificate", "err", err)
		}
		select {
		case <-ctx.Done():
			<-fetch
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Refresh chooses the certificate to show, making a new one of the box where
// names changed or its end is near.
func (k *Keeper) Refresh() error {
	now := k.opt.Now()
	k.mu.Lock()
	ca, err := k.authority(now)
	if err == nil {
		k.ca = ca
		var leaf *tls.Certificate
		if leaf, k.left, err = k.leaf(ca, now); leaf != nil {
			k.own = leaf
		}
	}
	if k.own == nil {
		k.mu.Unlock()
		return errors.Join(errors.New("trust: there is no certificate"), err)
	}
	k.now.Store(k.choose(now))
	s := k.status(now)
	changed := s.State != k.told
	k.told = s.State
	k.mu.Unlock()
	if changed {
		k.opt.Told(s)
	}
	return err
}

// choose takes the owner's certificate before a fetched one, and either before the
// box's own; a fetched one that ended is of no use to anybody, while an owner's is
// shown, for whoever put it there must see that it ended.
func (k *Keeper) choose(now time.Time) *shown {
	if c, err := k.stored(secretOwn, secretOwnKey); err == nil {
		return &shown{c, Own}
	}
	if k.acme.wanted() {
		if c, err := k.stored(secretACME, secretACMEKey); err == nil && now.Before(c.Leaf.NotAfter) && k.acme.fits(c.Leaf) {
			return &shown{c, Fetched}
		}
	}
	return &shown{k.own, Box}
}

func (k *Keeper) stored(name, key string) (*tls.Certificate, error) {
	chain, ok := k.opt.Secrets.Get(name)
	word, ok2 := k.opt.Secrets.Get(key)
	if !ok || !ok2 {
		return nil, errSecret
	}
	c, err := tls.X509KeyPair([]byte(chain), []byte(word))
	if err != nil {
		return nil, errSecret
	}
	if c.Leaf == nil {
		c.Leaf, err = x509.ParseCertificate(c.Certificate[0])
	}
	return &c, err
}

// Config is what a listener needs: TLS 1.2 and above, the certificate of the
// moment.
func (k *Keeper) Config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return k.now.Load().cert, nil },
	}
}

// Authority is the certificate that people trust, as DER.
func (k *Keeper) Authority() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.ca.cert.Raw
}

// Public reports whether the certificate shown is one that strangers trust too, as
// far as the box can know: it is not the box's own.
func (k *Keeper) Public() bool { return k.now.Load().kind != Box }
