package sip

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

const (
	// nonceLife is how long a challenge may be answered anew. A phone that
	// refreshes less often than this is told "stale" and answers at once.
	nonceLife = 5 * time.Minute
	// noncesMax bounds the nonces whose count is remembered. Only those used with
	// a right password are, so a stranger cannot fill it; a full table makes the
	// next phone answer one more challenge.
	noncesMax = 4096
)

// guard is the digest server (RFC 7616 as RFC 8760 brings it to SIP): it makes
// challenges without remembering them and checks what comes back.
type guard struct {
	users *directory
	key   [32]byte
	dummy *account // stands in for users that do not exist, so that both take the same time

	mu   sync.Mutex
	seen map[string]seen
}

// seen is the count of a nonce that was used.
type seen struct {
	nc  int
	end time.Time
}

func newGuard(users *directory) *guard {
	g := &guard{users: users, seen: make(map[string]seen), dummy: &account{allowMD5: true}}
	rand.Read(g.key[:])
	g.dummy.sha, g.dummy.md5 = sha256Hex(string(g.key[:])), md5Hex(string(g.key[:]))
	return g
}

// verdict is what a request's credentials are worth.
type verdict uint8

const (
	refused verdict = iota // none, or wrong: challenge
	stale                  // right, but the nonce is too old: challenge again
	granted
)

// check judges the credentials of req. Unknown users and wrong passwords are the
// same to the one who asks.
func (g *guard) check(req *sip.Request, now time.Time) (*account, verdict) {
	for _, h := range req.GetHeaders("Authorization") {
		c, err := digest.ParseCredentials(h.Value())
		if err != nil || c.Realm != g.users.realm {
			continue
		}
		return g.judge(req, c, now)
	}
	return nil, refused
}

func (g *guard) judge(req *sip.Request, c *digest.Credentials, now time.Time) (*account, verdict) {
	user, known := g.users.user(c.Username)
	if !known {
		user = g.dummy
	}
	a1 := user.sha
	switch strings.ToUpper(c.Algorithm) {
	case "SHA-256":
	case "", "MD5":
		a1 = user.md5
		if !user.allowMD5 {
			a1 = ""
		}
	default:
		return nil, refused
	}
	if a1 == "" {
		a1, known = g.dummy.sha, false
	}
	if c.QOP != "auth" || c.Cnonce == "" || c.Nc < 1 || !sameURI(c.URI, req) {
		known = false
	}
	want, err := digest.Digest(&digest.Challenge{Realm: c.Realm, Nonce: c.Nonce, Algorithm: c.Algorithm, QOP: []string{"auth"}}, digest.Options{
		Method: req.Method.String(), URI: c.URI, Count: max(c.Nc, 1), Cnonce: c.Cnonce, Username: c.Username, A1: a1,
	})
	if err != nil {
		return nil, refused
	}
	right := subtle.ConstantTimeCompare([]byte(want.Response), []byte(strings.ToLower(c.Response))) == 1
	if !known || !right {
		return nil, refused
	}
	if !g.fresh(c.Nonce, c.Nc, now) {
		return user, stale
	}
	return user, granted
}

// sameURI reports whether the digest was made for this request (RFC 3261 section
// 22.4). Host and port are not compared: phones and test tools write the
// registrar's address where the Request-URI has the domain, or leave the user
// out. That a request cannot be sent twice, the count of the nonce sees to.
func sameURI(uri string, req *sip.Request) bool {
	var u sip.Uri
	if err := sip.ParseUri(uri, &u); err != nil {
		return false
	}
	return (u.Scheme == "sip" || u.Scheme == "sips") && (u.User == "" || u.User == req.Recipient.User)
}

// nonce is the time and a random number, signed.
func (g *guard) nonce(now time.Time) string {
	var b [16 + 16]byte
	binary.BigEndian.PutUint64(b[:], uint64(now.UnixMilli()))
	rand.Read(b[8:16])
	copy(b[16:], g.sign(b[:16]))
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func (g *guard) sign(b []byte) []byte {
	m := hmac.New(sha256.New, g.key[:])
	m.Write(b)
	return m.Sum(nil)[:16]
}

// fresh reports whether a nonce is ours, young, and its count higher than any
// before: a request that was overheard cannot be sent again.
func (g *guard) fresh(nonce string, nc int, now time.Time) bool {
	b, err := base64.RawURLEncoding.DecodeString(nonce)
	if err != nil || len(b) != 32 || !hmac.Equal(b[16:], g.sign(b[:16])) {
		return false
	}
	born := time.UnixMilli(int64(binary.BigEndian.Uint64(b)))
	if now.Sub(born) > nonceLife || born.Sub(now) > time.Minute {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	was, used := g.seen[nonce]
	if used && nc <= was.nc {
		return false
	}
	if !used && len(g.seen) >= noncesMax {
		g.forget(now)
		if len(g.seen) >= noncesMax {
			return false
		}
	}
	g.seen[nonce] = seen{nc: nc, end: born.Add(nonceLife)}
	return true
}

// forget drops the nonces nobody may use any more. Under the mutex.
func (g *guard) forget(now time.Time) {
	for n, s := range g.seen {
		if now.After(s.end) {
			delete(g.seen, n)
		}
	}
}

// challenge is the 401 to a request. It carries one algorithm: phones that know
// MD5 alone give up at the sight of another one beside it, so who needs MD5 has
// it set for the user. Names that do not exist get the one or the other by a
// secret hash of the name, so that the challenge does not tell who exists.
func (g *guard) challenge(req *sip.Request, v verdict, now time.Time) *sip.Response {
	res := respond(req, sip.StatusUnauthorized, "Unauthorized")
	value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"`, g.users.realm, g.nonce(now), g.algorithm(req.From().Address.User))
	if v == stale {
		value += ", stale=true"
	}
	res.AppendHeader(sip.NewHeader("WWW-Authenticate", value))
	return res
}

func (g *guard) algorithm(name string) string {
	user, known := g.users.user(name)
	switch {
	case known && user.allowMD5:
		return "MD5"
	case known || !g.users.now.Load().anyMD5:
		return "SHA-256"
	case g.sign([]byte(name))[0]&1 == 0:
		return "MD5"
	}
	return "SHA-256"
}
