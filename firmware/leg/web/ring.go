package web

import (
	"errors"
	"sync/atomic"
)

const (
	// ringMax packets wait for the pump, a power of two: 160 ms of sound, more than
	// a pump that is alive is ever late.
	ringMax = 8
	// packetMax is a header and the longest frame of Opus (RFC 6716 section 3.2.1), four
	// times the longest packet that leg/rtp makes.
	packetMax = headerSize + 1275
)

var (
	errFull = errors.New("web: the pump is late, packet dropped")
	errCut  = errors.New("web: no connection to the browser")
)

// ring takes packets from the tick to the pump, one writer and one reader, without
// a lock. A full ring drops the newest.
type ring struct {
	head, tail atomic.Uint32 // written so far, read so far
	slot       [ringMax]struct {
		n int
		b [packetMax]byte
	}
}

func (r *ring) put(b []byte) bool {
	head := r.head.Load()
	if head-r.tail.Load() >= ringMax || len(b) > packetMax {
		return false
	}
	s := &r.slot[head%ringMax]
	s.n = copy(s.b[:], b)
	r.head.Store(head + 1)
	return true
}

// next is the oldest packet, valid until drop; nil when there is none.
func (r *ring) next() []byte {
	tail := r.tail.Load()
	if tail == r.head.Load() {
		return nil
	}
	s := &r.slot[tail%ringMax]
	return s.b[:s.n]
}

func (r *ring) drop() { r.tail.Add(1) }
