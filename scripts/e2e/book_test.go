package e2e

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// book is every record a live stream ever told, over all lives of a box.
type book struct {
	mu      sync.Mutex
	sums    map[uint64][32]byte
	highest uint64
	wrong   []string
	// A cut may tear the group that was being written: its numbers, told to nobody,
	// are not used again, so the first new record of a life may jump over them.
	restarted bool
	gaps      bool // anywhere: the book is read again from the beginning

	open   map[uint64]bool   // calls begun and not ended
	ended  map[uint64]string // calls ended, with their cause
	causes map[string]int
	begun  int
}

func newBook() *book {
	return &book{sums: map[uint64][32]byte{}, open: map[uint64]bool{}, ended: map[uint64]string{}, causes: map[string]int{}}
}

// follower is one open stream.
type follower struct{ done chan struct{} }

func (f *follower) wait() { <-f.done }

// follow reads the stream from a number on until the box or the test ends.
func (k *book) follow(t *testing.T, b *box, from uint64) *follower {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", fmt.Sprintf("http://%s/api/v1/stream?from=%d", b.HTTP, from), nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: b.client.Jar} // no limit of time
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("stream: %s", res.Status)
	}
	k.mu.Lock()
	k.restarted = true
	k.mu.Unlock()
	f := &follower{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		defer res.Body.Close()
		lines := bufio.NewReader(res.Body)
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
	}()
	return f
}

// take checks one record against what was told before under its number.
func (k *book) take(data string) {
	var r struct {
		Seq  uint64
		Kind string
		Body struct {
			Call  uint64
			Cause string
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := json.Unmarshal([]byte(data), &r); err != nil {
		k.wrong = append(k.wrong, fmt.Sprintf("%v in %s", err, data))
		return
	}
	sum := sha256.Sum256([]byte(data))
	if old, known := k.sums[r.Seq]; known {
		if old != sum {
			k.wrong = append(k.wrong, fmt.Sprintf("record %d was told otherwise before; now %s", r.Seq, data))
		}
		return
	}
	if r.Seq != k.highest+1 && !k.restarted && !k.gaps {
		k.wrong = append(k.wrong, fmt.Sprintf("record %d came after %d", r.Seq, k.highest))
	}
	k.restarted = false
	k.sums[r.Seq], k.highest = sum, r.Seq
	switch r.Kind {
	case "CallBegan":
		k.begun++
		k.open[r.Body.Call] = true
	case "CallEnded":
		if !k.open[r.Body.Call] {
			k.wrong = append(k.wrong, fmt.Sprintf("call %d ended that was not open", r.Body.Call))
		}
		delete(k.open, r.Body.Call)
		k.ended[r.Body.Call] = r.Body.Cause
		k.causes[r.Body.Cause]++
	}
}

func (k *book) last() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.highest
}

// check fails the test on what was found wrong; acked is a number the box
// acknowledged by itself.
func (k *book) check(t *testing.T, acked uint64) {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, w := range k.wrong {
		t.Error(w)
	}
	if len(k.wrong) > 0 {
		t.FailNow()
	}
	if k.highest < acked {
		t.Fatalf("record %d was acknowledged, the stream told %d", acked, k.highest)
	}
}

// quiet reads the whole book once more and waits until no call is open.
func (k *book) quiet(t *testing.T, b *box) {
	t.Helper()
	k.mu.Lock()
	told, again := k.highest, newBook()
	again.gaps = true
	k.mu.Unlock()
	again.follow(t, b, 0)
	until(t, 10*time.Second, "the whole book told again, no call open", func() (any, bool) {
		again.mu.Lock()
		defer again.mu.Unlock()
		return again.open, again.highest > told && len(again.open) == 0
	})
	again.mu.Lock()
	defer again.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	for n, sum := range k.sums {
		if again.sums[n] != sum {
			t.Errorf("record %d was told before and is another now", n)
		}
	}
	k.wrong = append(k.wrong, again.wrong...)
	k.begun, k.open, k.ended, k.causes, k.highest = again.begun, again.open, again.ended, again.causes, again.highest
}

// calls counts beginnings and ends.
func (k *book) calls(t *testing.T) (began, ended int) {
	t.Helper()
	k.check(t, 0)
	if k.begun != len(k.ended) {
		t.Errorf("%d calls began, %d ended", k.begun, len(k.ended))
	}
	return k.begun, len(k.ended)
}
