package sip

import (
	"encoding/base64"
	"fmt"
	"runtime"
	"strconv"
	"strings"

	"centralita/firmware/leg/rtp"
)

// SRTP says whether the sound of a station or trunk is encrypted (RFC 3711). Keys
// travel in the description (SDES, RFC 4568), so it is done only where the
// signalling itself is encrypted.
type SRTP string

// The ways.
const (
	SRTPAllow   SRTP = ""        // where the far end can and the signalling is by TLS (RFC 8643)
	SRTPOff     SRTP = "off"     // never
	SRTPRequire SRTP = "require" // or no call
)

const (
	plainProfile  = "RTP/AVP"
	secureProfile = "RTP/SAVP"
)

// profileOf reports what an m= line's profile is to us. With feedback (RFC 4585) it is
// the same without: the reports that we send are allowed there, and none is asked for.
func profileOf(proto string) (secure, known bool) {
	name := strings.TrimSuffix(strings.ToUpper(proto), "F")
	return name == secureProfile, name == secureProfile || name == plainProfile
}

// cryptoMax bounds the a=crypto lines of an m= line that are read: a phone offers
// one for each suite it knows, two to six.
const cryptoMax = 8

// crypto is one a=crypto line.
type crypto struct {
	tag   int
	suite rtp.Suite
	key   []byte // master key and salt
}

// suites are those we offer, best first. A 32-bit ARM has no instructions for GCM
// and takes twice as long for it; elsewhere it is four times as fast as HMAC.
var suites = func() []rtp.Suite {
	if runtime.GOARCH == "arm" {
		return []rtp.Suite{rtp.AES80, rtp.AES32}
	}
	return []rtp.Suite{rtp.GCM128, rtp.AES80, rtp.AES32}
}()

// parseCrypto reads the value of a=crypto. One that we cannot keep to, for a suite,
// a parameter or a key identifier that we do not know, is no crypto: the far end
// offered others or does without (RFC 4568 section 7.1.2).
func parseCrypto(v string) (c crypto, ok bool) {
	f := strings.Fields(v)
	if len(f) < 3 || len(f[0]) > 9 {
		return c, false
	}
	tag, err := strconv.ParseUint(f[0], 10, 32)
	if err != nil {
		return c, false
	}
	c.tag, c.suite = int(tag), rtp.Suite(f[1])
	key, inline := strings.CutPrefix(f[2], "inline:")
	if c.suite.Size() == 0 || !inline || strings.Contains(key, ";") {
		return c, false
	}
	parts := strings.Split(key, "|")
	if len(parts) > 2 || len(parts) == 2 && strings.Contains(parts[1], ":") {
		return c, false // a key identifier (MKI)
	}
	if c.key, err = base64.StdEncoding.DecodeString(pad(parts[0])); err != nil || len(c.key) != c.suite.Size() {
		return c, false
	}
	for _, p := range f[3:] {
		if !strings.HasPrefix(p, "WSH=") { // how wide the far end's window is; ours is wide enough
			return c, false
		}
	}
	return c, true
}

// pad completes base64 that some phones cut short.
func pad(s string) string {
	return strings.TrimRight(s, "=") + strings.Repeat("=", (4-len(strings.TrimRight(s, "="))%4)%4)
}

func (c crypto) String() string {
	return fmt.Sprintf("a=crypto:%d %s inline:%s\r\n", c.tag, c.suite, base64.StdEncoding.EncodeToString(c.key))
}

// protection is what became of the cryptography of an m= line.
type protection struct {
	keys *rtp.Keys // nil is plain sound
	tag  int       // of the a=crypto chosen
}

// sdes is our side's cryptography.
type sdes struct {
	want   SRTP
	sealed bool      // the signalling is encrypted
	offer  []crypto  // of our offer, while its answer is to come
	keys   *rtp.Keys // agreed
}

// profile is how our offer names its sound: opportunistic SRTP keeps to the plain
// name, so that a far end without it takes the offer (RFC 8643 section 3.1).
func (s *sdes) profile() string {
	if s.want == SRTPRequire {
		return secureProfile
	}
	return plainProfile
}

// lines are the a=crypto of our offer: the keys in use where there are any, for
// sound goes on while an offer is answered, else new ones.
func (s *sdes) lines() string {
	s.offer = nil
	if !s.sealed || s.want == SRTPOff {
		return ""
	}
	if s.keys != nil {
		s.offer = []crypto{{1, s.keys.Suite, s.keys.Ours}}
	} else {
		for i, suite := range suites {
			s.offer = append(s.offer, crypto{i + 1, suite, suite.NewKey()})
		}
	}
	var b strings.Builder
	for _, c := range s.offer {
		b.WriteString(c.String())
	}
	return b.String()
}

// judge says whether an m= line's cryptography can be, and what comes of it.
func (s *sdes) judge(m *line) (p protection, ok bool) {
	secure, known := profileOf(m.proto)
	if !known {
		return p, false
	}
	plain := !secure && s.want != SRTPRequire
	if !s.sealed || s.want == SRTPOff {
		return p, plain
	}
	if s.offer != nil {
		return s.answered(m, plain)
	}
	if len(m.crypto) > 0 { // the far end's order counts
		return protection{s.take(m.crypto[0]), m.crypto[0].tag}, true
	}
	return p, plain
}

// take makes keys with one of the far end's. Ours stays as it was where the suite
// does: our count of packets goes on with it.
func (s *sdes) take(c crypto) *rtp.Keys {
	k := &rtp.Keys{Suite: c.suite, Theirs: c.key}
	if s.keys != nil && s.keys.Suite == c.suite {
		k.Ours = s.keys.Ours
	} else {
		k.Ours = c.suite.NewKey()
	}
	return k
}

// answered reads the answer to our offer: one line that names one of ours (RFC 4568
// section 5.1.3).
func (s *sdes) answered(m *line, plain bool) (p protection, ok bool) {
	if len(m.crypto) == 0 {
		return p, plain && m.cryptos == 0
	}
	if m.cryptos != 1 {
		return p, false
	}
	c := m.crypto[0]
	for _, o := range s.offer {
		if o.tag == c.tag && o.suite == c.suite {
			return protection{&rtp.Keys{Suite: c.suite, Ours: o.key, Theirs: c.key}, c.tag}, true
		}
	}
	return p, false
}

// again makes what we told last the offer, for it was sent as one once more.
func (s *sdes) again(told []byte) {
	d, err := parseSDP(told)
	if err != nil {
		return
	}
	for _, m := range d.media {
		if len(m.crypto) > 0 {
			s.offer = m.crypto
		}
	}
}
