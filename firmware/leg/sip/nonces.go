package sip

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"sync"
	"time"
)

const (
	// nonceLife is how long a challenge may be answered. A phone that refreshes less
	// often than this is told "stale" and answers anew.
	nonceLife = 5 * time.Minute
	// noncesMax is how many of the newest nonces may be answered, a byte each: at
	// 2 000 requests a second, all of which were challenged, those of two minutes.
	noncesMax = 1 << 18
	// countMax is how often one nonce may be used, with a count that rises.
	countMax = 250
)

// nonces makes challenges and lets each be answered once for each count (RFC 7616
// section 3.3, nonce and nc). A nonce is its number and the time, signed, so that a
// stranger's challenge costs no memory but its byte.
type nonces struct {
	mu   sync.Mutex
	mac  hash.Hash
	next uint64
	used [noncesMax]uint8 // the highest count of each, by number
}

func newNonces() *nonces {
	var key [32]byte
	rand.Read(key[:])
	return &nonces{mac: hmac.New(sha256.New, key[:])}
}

// macLen is how much of the signature a nonce carries.
const macLen = 16

// sign is a keyed hash; nobody outside can make or foresee it. Under the mutex.
func (n *nonces) sign(b []byte) (sum [sha256.Size]byte) {
	n.mac.Reset()
	n.mac.Write(b)
	n.mac.Sum(sum[:0])
	return sum
}

// secret is sign for any word.
func (n *nonces) secret(word string) [sha256.Size]byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.sign([]byte(word))
}

// make is a new nonce.
func (n *nonces) make(now time.Time) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var b [16 + macLen]byte
	binary.BigEndian.PutUint64(b[:], n.next)
	binary.BigEndian.PutUint64(b[8:], uint64(now.UnixMilli()))
	sum := n.sign(b[:16])
	copy(b[16:], sum[:])
	n.used[n.next%noncesMax] = 0
	n.next++
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// use reports whether a nonce is ours, young, and its count higher than any
// before, and notes it: a request that was overheard cannot be sent again. It is
// for right answers only, so that nobody else can use a nonce up.
func (n *nonces) use(nonce string, count int, now time.Time) bool {
	var b [16 + macLen]byte
	if len(nonce) != base64.RawURLEncoding.EncodedLen(len(b)) {
		return false
	}
	if _, err := base64.RawURLEncoding.Decode(b[:], []byte(nonce)); err != nil {
		return false
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if sum := n.sign(b[:16]); !hmac.Equal(b[16:], sum[:macLen]) {
		return false
	}
	number := binary.BigEndian.Uint64(b[:])
	born := time.UnixMilli(int64(binary.BigEndian.Uint64(b[8:])))
	if n.next-number > noncesMax || now.Sub(born) > nonceLife || born.Sub(now) > time.Minute {
		return false
	}
	was := &n.used[number%noncesMax]
	if count <= int(*was) || count > countMax {
		return false
	}
	*was = uint8(count)
	return true
}
