// Package book follows the live stream of a running box and remembers every record
// that it told, over all lives of that box: what was told once must be told again,
// the same, after any cut of the power. scripts/e2e and scripts/boottest use it.
package book

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
)

// Book is every record a live stream ever told. Who reads its fields while a stream
// is followed holds the lock.
type Book struct {
	sync.Mutex
	Sums    map[uint64][32]byte // of records by number
	Kinds   map[uint64]string   // likewise
	Highest uint64
	Wrong   []string // what no box may do
	// Gaps allows numbers to be missing anywhere: the book is read again from the
	// beginning. A cut may tear the group that was being written: its numbers, told to
	// nobody, are not used again, so the first new record of a life may jump over them.
	Gaps bool
	// Heard is told of each record's first telling, where it is set; it may not wait.
	Heard     func(kind string, call uint64, body json.RawMessage)
	restarted bool

	Open   map[uint64]bool   // calls begun and not ended
	Ended  map[uint64]string // calls ended, with their cause
	Causes map[string]int
	Begun  int
}

// New is an empty book.
func New() *Book {
	return &Book{Sums: map[uint64][32]byte{}, Kinds: map[uint64]string{}, Open: map[uint64]bool{}, Ended: map[uint64]string{}, Causes: map[string]int{}}
}

// Follower is one open stream.
type Follower struct{ done chan struct{} }

// Wait waits for the stream's end.
func (f *Follower) Wait() { <-f.done }

// Follow reads the stream of the box at host from a number on, until the box or ctx
// ends. The client's session is used, and no limit of time.
func (k *Book) Follow(ctx context.Context, jar http.CookieJar, host string, from uint64) (*Follower, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", fmt.Sprintf("http://%s/api/v1/stream?from=%d", host, from), nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		return nil, fmt.Errorf("stream: %s", res.Status)
	}
	k.Lock()
	k.restarted = true
	k.Unlock()
	f := &Follower{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		defer res.Body.Close()
		k.read(bufio.NewReader(res.Body))
	}()
	return f, nil
}

func (k *Book) read(lines *bufio.Reader) {
	record := false
	for {
		l, err := lines.ReadString('\n')
		if err != nil {
			return // the power went
		}
		switch {
		case strings.HasPrefix(l, "event: "):
			record = strings.TrimSpace(l[len("event: "):]) == "record"
		case strings.HasPrefix(l, "data: ") && record:
			k.take(l[len("data: "):])
		}
	}
}

// take checks one record against what was told before under its number.
func (k *Book) take(data string) {
	var r struct {
		Seq  uint64
		Kind string
		Body json.RawMessage
	}
	var body struct {
		Call  uint64
		Cause string
	}
	k.Lock()
	defer k.Unlock()
	err := json.Unmarshal([]byte(data), &r)
	if err == nil {
		err = json.Unmarshal(r.Body, &body)
	}
	if err != nil {
		k.Wrong = append(k.Wrong, fmt.Sprintf("%v in %s", err, data))
		return
	}
	sum := sha256.Sum256([]byte(data))
	if old, known := k.Sums[r.Seq]; known {
		if old != sum {
			k.Wrong = append(k.Wrong, fmt.Sprintf("record %d was told otherwise before; now %s", r.Seq, data))
		}
		return
	}
	if r.Seq != k.Highest+1 && !k.restarted && !k.Gaps {
		k.Wrong = append(k.Wrong, fmt.Sprintf("record %d came after %d", r.Seq, k.Highest))
	}
	k.restarted = false
	k.Sums[r.Seq], k.Kinds[r.Seq], k.Highest = sum, r.Kind, r.Seq
	switch r.Kind {
	case "CallBegan":
		k.Begun++
		k.Open[body.Call] = true
	case "CallEnded":
		if !k.Open[body.Call] {
			k.Wrong = append(k.Wrong, fmt.Sprintf("call %d ended that was not open", body.Call))
		}
		delete(k.Open, body.Call)
		k.Ended[body.Call] = body.Cause
		k.Causes[body.Cause]++
	}
	if k.Heard != nil {
		k.Heard(r.Kind, body.Call, r.Body)
	}
}

// Last is the highest number told.
func (k *Book) Last() uint64 {
	k.Lock()
	defer k.Unlock()
	return k.Highest
}

// Kind is that of the record told under a number, "" none.
func (k *Book) Kind(number uint64) string {
	k.Lock()
	defer k.Unlock()
	return k.Kinds[number]
}

// Missing compares with what the same box tells later, from its beginning: records up
// to a number that are gone or changed. The stream may be adding others meanwhile.
func (k *Book) Missing(again *Book, upTo uint64) []uint64 {
	k.Lock()
	defer k.Unlock()
	again.Lock()
	defer again.Unlock()
	var list []uint64
	for n, sum := range k.Sums {
		if n <= upTo && again.Sums[n] != sum {
			list = append(list, n)
		}
	}
	return list
}

// Become takes over what was read again from the beginning.
func (k *Book) Become(again *Book) {
	k.Lock()
	defer k.Unlock()
	again.Lock()
	defer again.Unlock()
	k.Wrong = append(k.Wrong, again.Wrong...)
	k.Begun, k.Open, k.Ended, k.Causes, k.Highest = again.Begun, again.Open, again.Ended, again.Causes, again.Highest
}
