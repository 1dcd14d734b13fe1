// Package gate lets people in: accounts with hashed passwords in one small file,
// sessions that outlive a restart in another, and a brake on guessing.
//
// firmware/api and firmware/console ask it who somebody is; firmware/app opens
// it. It never shows a password or a session's secret to anybody after the one
// answer that made it, and it decides nothing about what a role may do.
package gate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"centralita/firmware/access"
	"centralita/firmware/event"
	"centralita/firmware/id"
)

// Bounds.
const (
	sessionsMax  = 256            // ten screens for each of 25 people
	idleMax      = 12 * time.Hour // a working day and a night shift
	PasswordMin  = 8              // characters (NIST SP 800-63B section 5.1.1)
	PasswordMax  = 128            // bytes; hashing time grows with it
	nameMax      = 64
	ownerAccount = "owner"
)

// Profile is what the settings say of a person.
type Profile struct {
	Role     access.Role
	Label    string
	Language string
}

// Options of Open.
type Options struct {
	File string // of the accounts
	// Sessions is the file in which open sessions outlive a restart; "" keeps them
	// in memory alone.
	Sessions string
	// People looks a person up in the settings; it may be nil.
	People func(id.Person) (Profile, bool)
	// Tell hears of sign-ins; it must not wait. It may be nil.
	Tell func(event.Event)
	Now  func() time.Time // nil is time.Now
}

// Session is somebody signed in.
type Session struct {
	Person     id.Person
	Role       access.Role
	Label      string
	Language   string
	MustChange bool // still on the one-time password
	From       string
	key        [sha256.Size]byte
}

// The refusals; doors turn them into sentences.
var (
	ErrWrong    = errors.New("gate: wrong name or password")
	ErrNobody   = errors.New("gate: not signed in")
	ErrUnknown  = errors.New("gate: no such person")
	ErrShort    = errors.New("gate: password too short")
	ErrLong     = errors.New("gate: password too long")
	ErrSame     = errors.New("gate: password is the same")
	ErrLanguage = errors.New("gate: unknown language")
)

// Limited refuses for a while.
type Limited struct{ Wait time.Duration }

func (l *Limited) Error() string { return fmt.Sprintf("gate: wait %v", l.Wait) }

// Gate is safe for use by any number of goroutines.
type Gate struct {
	opt     Options
	hashing chan struct{}

	mu       sync.Mutex
	accounts accounts
	sessions map[[sha256.Size]byte]*open
	brake    *brake
	damage   error
}

// open is a session with its last sign of life, and the one that its file knows.
type open struct {
	Session
	seen, kept time.Time
}

// Open reads the accounts. Where there are none it makes the owner's and gives
// its one-time password, to be shown once on the box itself. A damaged file is
// set aside and told by Damage.
func Open(opt Options) (g *Gate, oneTime string, err error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	g = &Gate{opt: opt, hashing: make(chan struct{}, hashingMax), sessions: map[[sha256.Size]byte]*open{}, brake: newBrake()}
	g.accounts, g.damage, err = readAccounts(opt.File)
	if err != nil {
		return nil, "", err
	}
	if len(g.accounts) == 0 {
		oneTime = oneTimePassword()
		g.accounts = accounts{ownerAccount: {Role: access.Owner.String(), Hash: hash(oneTime), MustChange: true}}
		if err := g.accounts.save(opt.File); err != nil {
			return nil, "", err
		}
	}
	g.recall()
	return g, oneTime, nil
}

// Damage says that the accounts could not be read and were made anew.
func (g *Gate) Damage() error { return g.damage }

// SignIn gives a session and the secret by which Who finds it. From is the
// address of the screen. Right or wrong, known or not, it takes the same time.
func (g *Gate) SignIn(ctx context.Context, who id.Person, password, from string) (secret string, s Session, err error) {
	if wait := g.try(who, from); wait > 0 {
		return "", s, &Limited{wait}
	}
	g.mu.Lock()
	acc, known := g.accounts[who]
	g.mu.Unlock()
	if !known {
		acc.Hash = nobodysHash()
	}
	ok, err := g.verify(ctx, acc.Hash, password)
	if err != nil {
		return "", s, err
	}
	g.mu.Lock()
	if ok && known {
		secret, s, ok = g.admit(who, from)
	}
	g.mu.Unlock()
	if !ok || !known {
		g.tell(&event.SignInRefused{Who: id.Person(bounded(string(who))), From: from})
		return "", Session{}, ErrWrong
	}
	g.tell(&event.SignedIn{Who: who, From: from})
	return secret, s, nil
}

func (g *Gate) try(who id.Person, from string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.opt.Now()
	return max(g.brake.take("from "+bounded(from), now), g.brake.take("who "+bounded(string(who)), now))
}

// admit opens a session; mu is held.
func (g *Gate) admit(who id.Person, from string) (string, Session, bool) {
	s, ok := g.profile(who)
	if !ok {
		return "", s, false
	}
	g.brake.forget("from " + bounded(from))
	g.brake.forget("who " + bounded(string(who)))
	var raw [32]byte
	rand.Read(raw[:])
	secret := base64.RawURLEncoding.EncodeToString(raw[:])
	s.From, s.key = from, sha256.Sum256([]byte(secret))
	g.sweep()
	g.sessions[s.key] = &open{Session: s, seen: g.opt.Now()}
	g.keep()
	return secret, s, true
}

// profile joins account and settings; without a role in either nobody comes in.
func (g *Gate) profile(who id.Person) (Session, bool) {
	acc, ok := g.accounts[who]
	if !ok {
		return Session{}, false
	}
	s := Session{Person: who, Label: string(who), MustChange: acc.MustChange}
	s.Role, _ = access.ParseRole(acc.Role)
	if g.opt.People != nil {
		if p, ok := g.opt.People(who); ok {
			s.Role = max(s.Role, p.Role)
			s.Language = p.Language
			if p.Label != "" {
				s.Label = p.Label
			}
		}
	}
	if acc.Language != "" {
		s.Language = acc.Language
	}
	return s, s.Role > access.Nobody
}

// sweep drops what is idle, and the longest idle when there is no room.
func (g *Gate) sweep() {
	now := g.opt.Now()
	var oldest *open
	for k, o := range g.sessions {
		if now.Sub(o.seen) > idleMax {
			delete(g.sessions, k)
		} else if oldest == nil || o.seen.Before(oldest.seen) {
			oldest = o
		}
	}
	if len(g.sessions) >= sessionsMax {
		delete(g.sessions, oldest.key)
	}
}

// Who finds the session of a secret, as its person is now: a role taken away in
// the settings is away at once.
func (g *Gate) Who(secret string) (Session, error) {
	if len(secret) > 128 {
		return Session{}, ErrNobody
	}
	key := sha256.Sum256([]byte(secret))
	g.mu.Lock()
	defer g.mu.Unlock()
	o, ok := g.sessions[key]
	now := g.opt.Now()
	if !ok || now.Sub(o.seen) > idleMax {
		delete(g.sessions, key)
		return Session{}, ErrNobody
	}
	s, ok := g.profile(o.Person)
	if !ok {
		delete(g.sessions, key)
		return Session{}, ErrNobody
	}
	o.seen = now
	s.From, s.key = o.From, key
	o.Session = s
	if now.Sub(o.kept) >= keepEvery {
		g.keep()
	}
	return s, nil
}

// SignOut ends a session.
func (g *Gate) SignOut(s Session) {
	g.mu.Lock()
	_, was := g.sessions[s.key]
	delete(g.sessions, s.key)
	if was {
		g.keep()
	}
	g.mu.Unlock()
	if was {
		g.tell(&event.SignedOut{Who: s.Person})
	}
}

func (g *Gate) tell(e event.Event) {
	if g.opt.Tell != nil {
		g.opt.Tell(e)
	}
}

// bounded keeps foreign names short.
func bounded(s string) string {
	if len(s) <= nameMax && utf8.ValidString(s) {
		return s
	}
	r := []rune(s[:min(len(s), 4*nameMax)])
	return string(r[:min(len(r), nameMax)])
}
