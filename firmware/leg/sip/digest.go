package sip

import (
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// guard is the digest server (RFC 7616 as RFC 8760 brings it to SIP): it makes
// challenges without remembering them and checks what comes back.
type guard struct {
	users  *directory
	nonces *nonces
	dummy  *account // stands in for users that do not exist, so that both take the same way

	proved, unproved func(*sip.Request) // hear who proved who they are and who did not
}

func newGuard(users *directory) *guard {
	g := &guard{users: users, nonces: newNonces(), dummy: &account{allowMD5: true}}
	g.proved, g.unproved = func(*sip.Request) {}, func(*sip.Request) {}
	nobody := token(32)
	g.dummy.sha, g.dummy.md5 = sha256Hex(nobody), md5Hex(nobody)
	return g
}

// verdict is what a request's credentials are worth.
type verdict uint8

const (
	refused verdict = iota // none, or wrong: challenge
	stale                  // right, but the nonce is too old: challenge again
	granted
)

// check judges the credentials of req and uses their nonce up. Unknown users and
// wrong passwords are the same to the one who asks.
func (g *guard) check(req *sip.Request, now time.Time) (*account, verdict) {
	user, c := g.judge(req)
	switch {
	case user == nil:
		return nil, refused
	case !g.nonces.use(c.nonce, c.count, now):
		return user, stale
	}
	g.proved(req)
	return user, granted
}

// knows reports whether the credentials of req are right, whatever their nonce, and
// changes nothing.
func (g *guard) knows(req *sip.Request) bool {
	user, _ := g.judge(req)
	return user != nil
}

// judge gives who made the credentials of req, nil where they are wrong.
func (g *guard) judge(req *sip.Request) (*account, credentials) {
	for _, h := range req.GetHeaders("Authorization") {
		if c, ok := parseCredentials(h.Value()); ok && c.realm == g.users.realm {
			return g.maker(req, &c), c
		}
	}
	return nil, credentials{}
}

func (g *guard) maker(req *sip.Request, c *credentials) *account {
	user, known := g.users.user(c.username)
	if !known {
		user = g.dummy
	}
	a1, hash := user.sha, sha256Hex
	switch strings.ToUpper(c.algorithm) {
	case "SHA-256":
	case "", "MD5":
		a1, hash = user.md5, md5Hex
		if !user.allowMD5 {
			a1 = ""
		}
	default:
		return nil
	}
	if a1 == "" {
		a1, known = g.dummy.sha, false
	}
	if c.qop != "auth" || c.cnonce == "" || c.count < 1 || !sameURI(c.uri, req) {
		known = false
	}
	want := answerTo(hash, a1, req.Method.String(), c)
	right := subtle.ConstantTimeCompare([]byte(want), []byte(strings.ToLower(c.response))) == 1
	if !known || !right {
		return nil
	}
	return user
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

// answerTo is the right response to a challenge (RFC 7616 section 3.4.1).
func answerTo(hash func(string) string, a1, method string, c *credentials) string {
	return hash(a1 + ":" + c.nonce + ":" + c.nc + ":" + c.cnonce + ":auth:" + hash(method+":"+c.uri))
}

// challenge is the 401 to a request. It carries one algorithm: phones that know
// MD5 alone give up at the sight of another one beside it, so who needs MD5 has
// it set for the user. Names that do not exist get the one or the other by a
// secret hash of the name, so that the challenge does not tell who exists.
func (g *guard) challenge(req *sip.Request, v verdict, now time.Time) *sip.Response {
	if v == refused {
		g.unproved(req)
	}
	res := respond(req, sip.StatusUnauthorized, "Unauthorized")
	value := fmt.Sprintf(`Digest realm="%s", nonce="%s", algorithm=%s, qop="auth"`, g.users.realm, g.nonces.make(now), g.algorithm(req.From().Address.User))
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
	case g.nonces.secret(name)[0]&1 == 0:
		return "MD5"
	}
	return "SHA-256"
}
