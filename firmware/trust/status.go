package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// Kind is where a certificate comes from.
type Kind string

// The kinds.
const (
	Box     Kind = "box"  // signed by the box's own authority
	Own     Kind = "own"  // brought by the owner
	Fetched Kind = "acme" // fetched by ACME
)

// State is what is wrong with the certificate, "" nothing.
type State string

// The states, worst last.
const (
	Good   State = ""
	Ending State = "ending" // the owner must bring another soon
	Failed State = "failed" // ACME gives none
	Ended  State = "ended"
)

// ownSoon is how long before its end an owner's certificate is complained about.
const ownSoon = 21 * 24 * time.Hour

// Status is what people may know of the certificate.
type Status struct {
	Kind        Kind     `json:"kind"`
	State       State    `json:"state"`
	Issuer      string   `json:"issuer"`
	Names       []string `json:"names"`
	Uncovered   []string `json:"uncovered"` // names of the box that the certificate is not for
	Begins      int64    `json:"begins"`    // ms since 1970
	Ends        int64    `json:"ends"`
	Fingerprint string   `json:"fingerprint"` // SHA-256 of the certificate shown

	Authority     string `json:"authority"` // name of the box's authority
	AuthorityMark string `json:"authority_fingerprint"`
	AuthorityEnds int64  `json:"authority_ends"`

	ACME       ACMEStatus `json:"acme"`
	Distrusted []Distrust `json:"distrusted"` // devices that refused the certificate of late
}

// Status is the certificate as it stands.
func (k *Keeper) Status() Status {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.status(k.opt.Now())
}

func (k *Keeper) status(now time.Time) Status {
	at := k.now.Load()
	leaf := at.cert.Leaf
	s := Status{
		Kind: at.kind, Issuer: leaf.Issuer.CommonName, Names: append([]string{}, namesOf(leaf)...), Uncovered: []string{},
		Begins: leaf.NotBefore.UnixMilli(), Ends: leaf.NotAfter.UnixMilli(), Fingerprint: Fingerprint(leaf.Raw),
		Authority: k.ca.cert.Subject.CommonName, AuthorityMark: Fingerprint(k.ca.cert.Raw), AuthorityEnds: k.ca.cert.NotAfter.UnixMilli(),
		ACME: k.acme.status(), Distrusted: k.shy.list(now),
	}
	if s.Issuer == "" && len(leaf.Issuer.Organization) > 0 {
		s.Issuer = leaf.Issuer.Organization[0]
	}
	switch {
	case !now.Before(leaf.NotAfter):
		s.State = Ended
	case s.ACME.On && s.ACME.Problem != "":
		s.State = Failed
	case at.kind == Own && now.After(leaf.NotAfter.Add(-ownSoon)):
		s.State = Ending
	}
	s.Uncovered = append(s.Uncovered, k.left...)
	if at.kind != Box {
		s.Uncovered = uncovered(leaf, k.own.Leaf)
	}
	return s
}

// uncovered are the names of the box's own certificate that another one lacks.
func uncovered(c, box *x509.Certificate) []string {
	list := []string{}
	for _, n := range namesOf(box) {
		if ip := net.ParseIP(n); n != "localhost" && (ip == nil || !ip.IsLoopback()) && c.VerifyHostname(n) != nil {
			list = append(list, n)
		}
	}
	return list
}

// Fingerprint is the SHA-256 of a certificate as viewers show it.
func Fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// Distrust is a device that ended a handshake because of the certificate.
type Distrust struct {
	From string `json:"from"` // address
	What string `json:"what"` // "unknown-authority", "expired", "bad"
	At   int64  `json:"at"`   // ms since 1970
}

const (
	// distrustMax: an office has fewer devices that were not told yet.
	distrustMax  = 32
	distrustKeep = 24 * time.Hour
)

type distrust struct {
	mu sync.Mutex
	by map[string]Distrust
}

// alerts are the reasons of RFC 8446 section 6.2 by which a client says that it is
// the certificate it dislikes, as crypto/tls words them.
var alerts = map[string]string{
	"unknown certificate authority": "unknown-authority",
	"unknown certificate":           "unknown-authority",
	"bad certificate":               "bad",
	"expired certificate":           "expired",
	"certificate unknown":           "unknown-authority",
}

// Refused tells of a handshake that failed; what is not about the certificate is
// passed over.
func (k *Keeper) Refused(from net.Addr, err error) {
	if err == nil || from == nil {
		return
	}
	_, alert, ok := strings.Cut(err.Error(), "remote error: tls: ")
	what, known := alerts[alert]
	if !ok || !known {
		return
	}
	host, _, err := net.SplitHostPort(from.String())
	if err != nil {
		host = from.String()
	}
	k.shy.add(Distrust{From: host, What: what, At: k.opt.Now().UnixMilli()})
}

func (d *distrust) add(one Distrust) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.by == nil {
		d.by = map[string]Distrust{}
	}
	if _, known := d.by[one.From]; !known && len(d.by) >= distrustMax {
		oldest := one
		for _, o := range d.by {
			if o.At < oldest.At {
				oldest = o
			}
		}
		delete(d.by, oldest.From)
	}
	if len(d.by) < distrustMax {
		d.by[one.From] = one
	}
}

func (d *distrust) list(now time.Time) []Distrust {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := []Distrust{}
	for from, one := range d.by {
		if now.UnixMilli()-one.At > distrustKeep.Milliseconds() {
			delete(d.by, from)
			continue
		}
		list = append(list, one)
	}
	return list
}
