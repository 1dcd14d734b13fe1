package sip

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"

	"centralita/firmware/leg/rtp"
)

// User is one who may register a phone and call: a station.
type User struct {
	Name        string // the user part of its address: "201"
	DisplayName string // shown to those it calls; "" is what the phone says
	Password    string // used to make the two hashes where they are not given
	HA1         string // hex SHA-256 of name:realm:password
	HA1MD5      string // hex MD5 of the same; used only when MD5 is set
	MD5         bool   // the phone knows no better than MD5
	SRTP        SRTP
	Codecs      []string // pcma, pcmu, g722, opus: those and no others; empty is all
}

// account is a user as the digest needs it. Passwords are not kept.
type account struct {
	name, display string
	sha, md5      string
	allowMD5      bool
	srtp          SRTP
	codecs        []rtp.Codec
}

// accounts is the set of users, replaced whole.
type accounts struct {
	byName map[string]*account
	anyMD5 bool
}

// directory holds the users; read by every request, replaced by SetUsers.
type directory struct {
	realm string
	now   atomic.Pointer[accounts]
}

func newDirectory(realm string) *directory {
	d := &directory{realm: realm}
	d.now.Store(&accounts{})
	return d
}

func (d *directory) set(users []User) {
	set := &accounts{byName: make(map[string]*account, len(users))}
	for _, u := range users {
		a := &account{name: u.Name, display: u.DisplayName, sha: u.HA1, md5: u.HA1MD5, allowMD5: u.MD5, srtp: u.SRTP, codecs: codecsOf(u.Codecs)}
		if a.sha == "" && u.Password != "" {
			a.sha = ha1(sha256Hex, u.Name, d.realm, u.Password)
		}
		if a.md5 == "" && u.MD5 && u.Password != "" {
			a.md5 = ha1(md5Hex, u.Name, d.realm, u.Password)
		}
		set.byName[u.Name] = a
		set.anyMD5 = set.anyMD5 || u.MD5
	}
	d.now.Store(set)
}

func (d *directory) user(name string) (*account, bool) {
	a, ok := d.now.Load().byName[name]
	return a, ok
}

func ha1(hash func(string) string, name, realm, password string) string {
	return hash(fmt.Sprintf("%s:%s:%s", name, realm, password))
}

func sha256Hex(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// md5Hex is for phones that know nothing else (RFC 7616 keeps it for them).
func md5Hex(s string) string {
	h := md5.Sum([]byte(s))
	return hex.EncodeToString(h[:])
}
