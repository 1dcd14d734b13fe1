package rtp

import (
	"bytes"
	"crypto/rand"
	"fmt"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// Suite is how sound is encrypted and authenticated, by the name that SDP gives it
// (RFC 4568 section 6.2, RFC 6188 section 4, RFC 7714 section 14.2).
type Suite string

// The suites.
const (
	AES80  Suite = "AES_CM_128_HMAC_SHA1_80"
	AES32  Suite = "AES_CM_128_HMAC_SHA1_32"
	AES256 Suite = "AES_256_CM_HMAC_SHA1_80"
	GCM128 Suite = "AEAD_AES_128_GCM"
	GCM256 Suite = "AEAD_AES_256_GCM"
)

var profiles = map[Suite]srtp.ProtectionProfile{
	AES80: srtp.ProtectionProfileAes128CmHmacSha1_80, AES32: srtp.ProtectionProfileAes128CmHmacSha1_32,
	AES256: srtp.ProtectionProfileAes256CmHmacSha1_80,
	GCM128: srtp.ProtectionProfileAeadAes128Gcm, GCM256: srtp.ProtectionProfileAeadAes256Gcm,
}

// Size is how many bytes a master key and its salt have together; 0 is a suite that
// is not known.
func (s Suite) Size() int {
	key, salt := s.sizes()
	return key + salt
}

func (s Suite) sizes() (key, salt int) {
	p, ok := profiles[s]
	if !ok {
		return 0, 0
	}
	key, err := p.KeyLen()
	if err != nil {
		return 0, 0
	}
	if salt, err = p.SaltLen(); err != nil {
		return 0, 0
	}
	return key, salt
}

// NewKey is a random master key with its salt.
func (s Suite) NewKey() []byte {
	b := make([]byte, s.Size())
	rand.Read(b)
	return b
}

// Keys protect a session (SRTP, RFC 3711): each side's master key with its salt
// behind it, as they stand in a=crypto.
type Keys struct {
	Suite        Suite
	Ours, Theirs []byte // of what we send, of what we hear
}

func (k *Keys) same(o *Keys) bool {
	return k.Suite == o.Suite && bytes.Equal(k.Ours, o.Ours) && bytes.Equal(k.Theirs, o.Theirs)
}

const (
	// replayWindow is how many packets back a late one is still taken, once (RFC
	// 3711 section 3.3.2 asks for 64 at least): five seconds of sound.
	replayWindow = 256
	// secureMore is what SRTP adds to a packet at most: the tag of GCM.
	secureMore = 16
)

// secure is the cryptography of one session between two offers. Sound and reports
// have keys of their own, so the engine, the reader and the reporter share nothing.
type secure struct {
	keys Keys

	out    *srtp.Context // whoever sends sound, one at a time
	header rtp.Header    // likewise
	sent   [headerSize + payloadMax + secureMore]byte

	in      *srtp.Context // reader
	inHead  rtp.Header
	reports struct{ in, out *srtp.Context } // reporter
}

func newSecure(k Keys) (*secure, error) {
	profile, ok := profiles[k.Suite]
	if !ok || len(k.Ours) != k.Suite.Size() || len(k.Theirs) != k.Suite.Size() {
		return nil, fmt.Errorf("rtp: keys of %q do not fit", k.Suite)
	}
	cut, _ := k.Suite.sizes()
	s := &secure{keys: k}
	for _, c := range []struct {
		to  **srtp.Context
		key []byte
	}{{&s.out, k.Ours}, {&s.reports.out, k.Ours}, {&s.in, k.Theirs}, {&s.reports.in, k.Theirs}} {
		var err error
		*c.to, err = srtp.CreateContext(c.key[:cut], c.key[cut:], profile,
			srtp.SRTPReplayProtection(replayWindow), srtp.SRTCPReplayProtection(replayWindow))
		if err != nil {
			return nil, fmt.Errorf("rtp: %s: %w", k.Suite, err)
		}
	}
	return s, nil
}

// protect encrypts a packet of ours. What it gives is good until it is called
// again; nil is a packet that cannot be sent.
func (s *secure) protect(p []byte) []byte {
	b, err := s.out.EncryptRTP(s.sent[:0], p, s.clean(&s.header))
	if err != nil {
		return nil
	}
	return b
}

// unprotect decrypts in place a packet that is the far end's and new; nil is one
// that is forged, broken or was heard before.
func (s *secure) unprotect(b []byte) []byte {
	b, err := s.in.DecryptRTP(b, b, s.clean(&s.inHead))
	if err != nil {
		return nil
	}
	return b
}

// clean takes out what the packet before left.
func (s *secure) clean(h *rtp.Header) *rtp.Header {
	*h = rtp.Header{CSRC: h.CSRC[:0], Extensions: h.Extensions[:0]}
	return h
}

func (s *secure) protectReport(b []byte) ([]byte, error) {
	return s.reports.out.EncryptRTCP(nil, b, nil)
}

func (s *secure) unprotectReport(b []byte) ([]byte, error) {
	var h rtcp.Header
	return s.reports.in.DecryptRTCP(nil, b, &h)
}

// secured gives r the cryptography of its keys: that of the agreement before it
// where they are the same, for the count of packets goes on.
func (r *Remote) secured(old *Remote) error {
	if r.Keys == nil {
		return nil
	}
	if old != nil && old.secure != nil && old.secure.keys.same(r.Keys) {
		r.secure = old.secure
		return nil
	}
	var err error
	r.secure, err = newSecure(*r.Keys)
	return err
}
