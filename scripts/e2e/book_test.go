package e2e

import (
	"testing"
	"time"

	"centralita/scripts/book"
)

// seenBook is every record a live stream ever told, over all lives of a box.
type seenBook struct{ *book.Book }

func newBook() *seenBook { return &seenBook{book.New()} }

// follow reads the stream from a number on until the box or the test ends.
func (k *seenBook) follow(t *testing.T, b *box, from uint64) *book.Follower {
	t.Helper()
	f, err := k.Follow(t.Context(), b.client.Jar, b.HTTP, from)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// check fails the test on what was found wrong; acked is a number the box
// acknowledged by itself.
func (k *seenBook) check(t *testing.T, acked uint64) {
	t.Helper()
	k.Lock()
	defer k.Unlock()
	for _, w := range k.Wrong {
		t.Error(w)
	}
	if len(k.Wrong) > 0 {
		t.FailNow()
	}
	if k.Highest < acked {
		t.Fatalf("record %d was acknowledged, the stream told %d", acked, k.Highest)
	}
}

// quiet reads the whole book once more and waits until no call is open.
func (k *seenBook) quiet(t *testing.T, b *box) {
	t.Helper()
	told, again := k.Last(), newBook()
	again.Gaps = true
	again.follow(t, b, 0)
	until(t, 10*time.Second, "the whole book told again, no call open", func() (any, bool) {
		again.Lock()
		defer again.Unlock()
		return again.Open, again.Highest > told && len(again.Open) == 0
	})
	for _, n := range k.Missing(again.Book, told) {
		t.Errorf("record %d was told before and is another now", n)
	}
	k.Become(again.Book)
}

// calls counts beginnings and ends.
func (k *seenBook) calls(t *testing.T) (began, ended int) {
	t.Helper()
	k.check(t, 0)
	if k.Begun != len(k.Ended) {
		t.Errorf("%d calls began, %d ended", k.Begun, len(k.Ended))
	}
	return k.Begun, len(k.Ended)
}
