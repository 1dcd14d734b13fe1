package sip

import (
	"sync"
	"time"
)

const (
	// replaysMax bounds the answers that are kept. A repetition whose answer is no
	// longer there meets a nonce that was used: it is challenged again, and the phone
	// answers.
	replaysMax = 2048
	// replayLife is as long as anybody repeats a request over UDP: Timer F.
	replayLife = 32 * time.Second
)

// replays keeps the newest answers to registrations that were carried out; only
// right credentials bring one in.
type replays struct {
	mu    sync.Mutex
	byKey map[string]int
	ring  [replaysMax]replay
	next  int
}

type replay struct {
	key  string
	at   time.Time
	text []byte
}

func newReplays() *replays { return &replays{byKey: make(map[string]int)} }

func (r *replays) put(key string, text []byte, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := &r.ring[r.next]
	if i, ok := r.byKey[old.key]; ok && i == r.next {
		delete(r.byKey, old.key)
	}
	*old = replay{key, now, text}
	r.byKey[key] = r.next
	r.next = (r.next + 1) % replaysMax
}

func (r *replays) get(key string, now time.Time) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := r.byKey[key]
	if !ok || now.Sub(r.ring[i].at) > replayLife {
		return nil, false
	}
	return r.ring[i].text, true
}
