package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

const (
	floodRate = 500 // messages a second
	floodMany = 200 // sources of a flood from many
	// setUpMost is the 95th of a hundred set-up times that people do not notice.
	setUpMost = 500 * time.Millisecond
	// heapMore is what may be kept after a flood: tables of sources and bans, with
	// their bounds.
	heapMore = 12 << 20
)

// TestFloods: while one address, and then many, send 500 requests a second, phones
// that are signed on call each other as if nothing were, and the memory comes back.
// FLOOD=60s makes each flood that long (`make flood`).
func TestFloods(t *testing.T) {
	last := 1500 * time.Millisecond
	if s := os.Getenv("FLOOD"); s != "" {
		var err error
		if last, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26300-26399")
	b.signIn()
	o := newOffice(t, b)
	before := b.heap()
	for _, method := range []string{"INVITE", "REGISTER", "OPTIONS"} {
		for _, many := range []int{1, floodMany} {
			stop := make(chan struct{})
			sent := make(chan int)
			go func() { sent <- flood(t, b.SIP, method, many, stop) }()
			times := o.callsFor(last)
			close(stop)
			n := <-sent
			slices.Sort(times)
			p95 := times[len(times)*95/100]
			t.Logf("%s from %d: %d sent, %d calls, set-up p50 %v, p95 %v, heap %d kB", method, many, n, len(times), times[len(times)/2].Round(100*time.Microsecond), p95.Round(100*time.Microsecond), b.heap()>>10)
			if p95 > setUpMost {
				t.Errorf("%s from %d: p95 of set-up is %v", method, many, p95)
			}
		}
	}
	over, now := time.Now(), uint64(0)
	until(t, time.Minute, "the memory back at its level", func() (any, bool) {
		now = b.heap()
		return fmt.Sprintf("%d kB, %d before", now>>10, before>>10), now < before+heapMore
	})
	t.Logf("heap %d kB before, %d kB %v after the last flood", before>>10, now>>10, time.Since(over).Round(time.Second))
}

// office is two phones that call each other.
type office struct {
	t *testing.T
	u *ua.User
}

func newOffice(t *testing.T, b *box) *office {
	t.Helper()
	server, err := netip.ParseAddrPort(b.SIP)
	if err != nil {
		t.Fatal(err)
	}
	var users []*ua.User
	for _, name := range []string{"201", "202"} {
		a, err := ua.New(server, netip.MustParseAddr("127.0.0.1"), func(c *ua.Call) { c.Answer(netip.MustParseAddrPort("127.0.0.1:9")) })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(a.Close)
		u := a.User(name, "ana-"+name)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err = u.Register(ctx, time.Hour, false)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		users = append(users, u)
	}
	time.Sleep(1500 * time.Millisecond) // a look of the box at who is signed on
	return &office{t, users[0]}
}

// callsFor makes call after call for a time and gives their set-up times.
func (o *office) callsFor(last time.Duration) (times []time.Duration) {
	o.t.Helper()
	for end := time.Now().Add(last); time.Now().Before(end) || len(times) == 0; time.Sleep(100 * time.Millisecond) {
		ctx, cancel := context.WithTimeout(o.t.Context(), 10*time.Second)
		c, err := o.u.Call(ctx, "202", netip.MustParseAddrPort("127.0.0.1:9"))
		if err != nil {
			cancel()
			o.t.Fatalf("a call in a flood: %v", err)
		}
		times = append(times, c.Answered.Sub(c.Sent))
		if _, err := c.Hangup(ctx); err != nil {
			o.t.Errorf("hanging up in a flood: %v", err)
		}
		cancel()
	}
	return times
}

// flood sends requests of strangers until it is stopped and says how many.
func flood(t *testing.T, server, method string, many int, stop <-chan struct{}) (n int) {
	var sockets []net.Conn
	for i := range many {
		from := &net.UDPAddr{IP: net.IPv4(127, 9, byte(many), byte(i+1))}
		to, err := net.ResolveUDPAddr("udp4", server)
		if err != nil {
			t.Error(err)
			return 0
		}
		c, err := net.DialUDP("udp4", from, to)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer c.Close()
		sockets = append(sockets, c)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return n
		case <-tick.C:
		}
		for range floodRate / 100 {
			c := sockets[n%many]
			user := strconv.Itoa(200 + rand.IntN(1000))
			_, _ = fmt.Fprintf(c, "%s sip:%s@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK%x\r\nFrom: <sip:%s@x>;tag=%x\r\nTo: <sip:%s@x>\r\nCall-ID: %x\r\nCSeq: 1 %s\r\nMax-Forwards: 70\r\nContact: <sip:%s@%s>\r\nContent-Length: 0\r\n\r\n",
				method, user, server, c.LocalAddr(), rand.Uint64(), user, rand.Uint32(), user, rand.Uint64(), method, user, c.LocalAddr()) // what is lost is lost
			n++
		}
	}
}

// heap is what the box keeps, after it threw away what it could.
func (b *box) heap() uint64 {
	b.t.Helper()
	var h struct {
		Memory struct {
			HeapBytes uint64 `json:"heap_bytes"`
		}
	}
	b.must("GET", "/api/v1/health", nil, &h)
	return h.Memory.HeapBytes
}
