package trust

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
)

// ACME says which certificate to fetch from an authority of the Internet (RFC
// 8555). The zero value fetches none.
type ACME struct {
	Names     []string // public names of the box
	Directory string   // of the authority; "" is Let's Encrypt
	Mail      string   // told by the authority before an end, "" nobody
	DNS       bool     // prove by a TXT record that a person makes, not by HTTP on port 80
	Client    func() *acme.Client
	Lookup    func(ctx context.Context, name string) ([]string, error) // TXT records; nil is the machine's resolver
}

// On reports whether a certificate is wanted.
func (a ACME) On() bool { return len(a.Names) > 0 }

func (a ACME) same(b ACME) bool {
	return slices.Equal(a.Names, b.Names) && a.Directory == b.Directory && a.Mail == b.Mail && a.DNS == b.DNS
}

// ACMEStatus is how the fetching goes.
type ACMEStatus struct {
	On      bool     `json:"on"`
	Names   []string `json:"names"`
	Problem string   `json:"problem"` // English, of the last try; "" none
	Next    int64    `json:"next"`    // when it is tried again, ms since 1970; 0 not known
	Records []Record `json:"records"` // to be made by a person now
}

// Record is a TXT record of the name server.
type Record struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

const (
	acmeTry    = 3 * time.Minute  // one fetching
	acmePerson = 2 * time.Hour    // one in which a person makes a record
	acmeFirst  = 5 * time.Minute  // pause after a failure; doubles
	acmeMost   = 12 * time.Hour   // authorities count failures and ban
	acmeLook   = 15 * time.Second // how often a record is looked for
	tokensMax  = 16
)

// acmeKeeper fetches in its own goroutine; everything else reads.
type acmeKeeper struct {
	k      *Keeper
	wake   chan struct{}
	mu     sync.Mutex
	want   ACME
	tokens map[string]string // of HTTP-01: token to answer
	stat   ACMEStatus
	cancel context.CancelFunc
}

func newACME(k *Keeper) *acmeKeeper {
	return &acmeKeeper{k: k, wake: make(chan struct{}, 1), tokens: map[string]string{}}
}

// SetACME says what to fetch from now on.
func (k *Keeper) SetACME(want ACME) {
	a := k.acme
	a.mu.Lock()
	changed := !a.want.same(want)
	a.want = want
	if changed {
		a.stat = ACMEStatus{}
		if a.cancel != nil {
			a.cancel()
		}
	}
	a.mu.Unlock()
	if changed {
		select {
		case a.wake <- struct{}{}:
		default:
		}
	}
}

// Challenge is what to answer for a token of HTTP-01 (RFC 8555 section 8.3).
func (k *Keeper) Challenge(token string) (string, bool) {
	k.acme.mu.Lock()
	defer k.acme.mu.Unlock()
	v, ok := k.acme.tokens[token]
	return v, ok
}

func (a *acmeKeeper) wanted() bool { return a.wish().On() }

func (a *acmeKeeper) wish() ACME {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.want
}

// fits reports whether a certificate has the names that are wanted.
func (a *acmeKeeper) fits(c *x509.Certificate) bool {
	for _, n := range a.wish().Names {
		if c.VerifyHostname(n) != nil {
			return false
		}
	}
	return true
}

func (a *acmeKeeper) status() ACMEStatus {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.stat
	s.On, s.Names = a.want.On(), append([]string{}, a.want.Names...)
	s.Records = append([]Record{}, s.Records...)
	return s
}

func (a *acmeKeeper) serve(ctx context.Context) {
	pause := acmeFirst
	for {
		wait := a.due()
		if wait <= 0 {
			err := a.fetch(ctx)
			if ctx.Err() != nil {
				return
			}
			wait = lookEvery
			if err != nil && !errors.Is(err, context.Canceled) {
				wait, pause = pause, min(2*pause, acmeMost)
				a.k.opt.Log.Warn("certificate not fetched", "err", err)
			} else {
				pause = acmeFirst
			}
			a.tried(err, wait)
			if err := a.k.Refresh(); err != nil {
				a.k.opt.Log.Error("certificate", "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-a.wake:
			pause = acmeFirst
		case <-time.After(min(wait, time.Hour)): // the calendar may be set meanwhile
			if wait > time.Hour {
				continue
			}
		}
	}
}

func (a *acmeKeeper) tried(err error, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.stat = ACMEStatus{}
	if err != nil && !errors.Is(err, context.Canceled) {
		a.stat.Problem = err.Error()
		a.stat.Next = a.k.opt.Now().Add(wait).UnixMilli()
	}
}

// due is how long the fetched certificate is good: two thirds of its life are used
// (RFC 8555 names no share; authorities ask for one third left).
func (a *acmeKeeper) due() time.Duration {
	if !a.wanted() {
		return 24 * time.Hour
	}
	c, err := a.k.stored(secretACME, secretACMEKey)
	if err != nil || !a.fits(c.Leaf) {
		return 0
	}
	life := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore)
	return c.Leaf.NotAfter.Add(-life / 3).Sub(a.k.opt.Now())
}

// fetch gets one certificate and stores it.
func (a *acmeKeeper) fetch(ctx context.Context) error {
	want := a.wish()
	limit := acmeTry
	if want.DNS {
		limit = acmePerson
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	a.mu.Lock()
	a.cancel = cancel
	a.mu.Unlock()
	defer a.forget()
	client, err := a.client(ctx, want)
	if err != nil {
		return err
	}
	order, err := client.AuthorizeOrder(ctx, acme.DomainIDs(want.Names...))
	if err != nil {
		return fmt.Errorf("order of %v: %w", want.Names, err)
	}
	for _, url := range order.AuthzURLs {
		if err := a.prove(ctx, client, want, url); err != nil {
			return err
		}
	}
	if order, err = client.WaitOrder(ctx, order.URI); err != nil {
		return fmt.Errorf("order of %v: %w", want.Names, err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: want.Names}, key)
	if err != nil {
		return err
	}
	ders, _, err := client.CreateOrderCert(ctx, order.FinalizeURL, csr, true)
	if err != nil {
		return fmt.Errorf("certificate of %v: %w", want.Names, err)
	}
	word, err := keyPEM(key)
	if err != nil {
		return err
	}
	chain, word, err := a.k.check(certPEM(ders...), word)
	if err != nil {
		return fmt.Errorf("certificate of %v: %w", want.Names, err)
	}
	return errors.Join(a.k.opt.Secrets.Put(secretACMEKey, word), a.k.opt.Secrets.Put(secretACME, chain))
}

// forget drops what proved something.
func (a *acmeKeeper) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.tokens)
	a.stat.Records, a.cancel = nil, nil
}

// client is our account at the authority; it is made at the first use.
func (a *acmeKeeper) client(ctx context.Context, want ACME) (*acme.Client, error) {
	word, _ := a.k.opt.Secrets.Get(secretAccount)
	key, err := readKey(word)
	if err != nil {
		if key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
			return nil, err
		}
		if word, err = keyPEM(key); err != nil {
			return nil, err
		}
		if err := a.k.opt.Secrets.Put(secretAccount, word); err != nil {
			return nil, err
		}
	}
	client := &acme.Client{}
	if want.Client != nil {
		client = want.Client()
	}
	client.Key, client.UserAgent = key, "centralita"
	if client.DirectoryURL = want.Directory; want.Directory == "" {
		client.DirectoryURL = acme.LetsEncryptURL
	}
	account := &acme.Account{}
	if want.Mail != "" {
		account.Contact = []string{"mailto:" + want.Mail}
	}
	if _, err := client.Register(ctx, account, acme.AcceptTOS); err != nil && !errors.Is(err, acme.ErrAccountAlreadyExists) {
		return nil, fmt.Errorf("account at %s: %w", client.DirectoryURL, err)
	}
	return client, nil
}

// prove shows that one of the names is ours.
func (a *acmeKeeper) prove(ctx context.Context, client *acme.Client, want ACME, url string) error {
	z, err := client.GetAuthorization(ctx, url)
	if err != nil {
		return fmt.Errorf("proof: %w", err)
	}
	if z.Status == acme.StatusValid {
		return nil
	}
	name := z.Identifier.Value
	kind := "http-01"
	if want.DNS {
		kind = "dns-01"
	}
	i := slices.IndexFunc(z.Challenges, func(c *acme.Challenge) bool { return c.Type == kind })
	if i < 0 {
		return fmt.Errorf("the authority takes no %s for %s", kind, name)
	}
	c := z.Challenges[i]
	if want.DNS {
		err = a.byRecord(ctx, client, want, name, c.Token)
	} else {
		err = a.byAnswer(client, c.Token)
	}
	if err != nil {
		return err
	}
	if _, err := client.Accept(ctx, c); err != nil {
		return fmt.Errorf("proof of %s: %w", name, err)
	}
	if _, err := client.WaitAuthorization(ctx, z.URI); err != nil {
		return fmt.Errorf("proof of %s: %w", name, err)
	}
	return nil
}

func (a *acmeKeeper) byAnswer(client *acme.Client, token string) error {
	v, err := client.HTTP01ChallengeResponse(token)
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.tokens) >= tokensMax {
		return fmt.Errorf("more than %d proofs at once", tokensMax)
	}
	a.tokens[token] = v
	return nil
}

// byRecord tells a person which record to make and waits until it can be seen.
func (a *acmeKeeper) byRecord(ctx context.Context, client *acme.Client, want ACME, name, token string) error {
	v, err := client.DNS01ChallengeRecord(token)
	if err != nil {
		return err
	}
	r := Record{"_acme-challenge." + name, v}
	a.mu.Lock()
	a.stat.Records = append(a.stat.Records, r)
	a.mu.Unlock()
	lookup := want.Lookup
	if lookup == nil {
		lookup = net.DefaultResolver.LookupTXT
	}
	for {
		if found, err := lookup(ctx, r.Name); err == nil && slices.Contains(found, v) {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("record %s was not made in time: %w", r.Name, ctx.Err())
		case <-time.After(acmeLook):
		}
	}
}
