package e2e

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

const (
	// backPhones is an office whose telephones all come back with the light.
	backPhones = 500
	// backWithin is how long they may take until the last one can be called.
	backWithin = 5 * time.Second
)

// TestPowerBack cuts the power of a box with 500 registered telephones and gives it
// back: all of them sign on at the same moment, each from a socket of its own, by
// SHA-256 and with a challenge, and are there again within five seconds (`make
// powerback` prints how soon).
func TestPowerBack(t *testing.T) {
	t.Parallel()
	sip := fmt.Sprintf("127.0.0.1:%d", freePort(t, "udp")) // the same after the cut
	b := startBox(t, "scripts/bench/office.yaml", "--rtp", "28300-28309", "--sip", sip)
	b.signIn()
	rung := make(chan string, 1)
	var phones []*ua.User
	for i := range backPhones {
		a, err := ua.New(netip.MustParseAddrPort(b.SIP), netip.MustParseAddr("127.0.0.1"), func(c *ua.Call) {
			c.Answer(deaf)
			rung <- c.User
		})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		phones = append(phones, a.User(fmt.Sprint(6001+i), "bench"))
	}
	first, _ := allRegister(t, phones)
	b.kill()
	b.start()
	ready := time.Now()
	took, each := allRegister(t, phones)
	all := time.Since(ready)
	slices.Sort(each)
	t.Logf("%d telephones registered %v after the box was ready (started in %v, the first time %v); one: half within %v, 99 %% within %v",
		len(phones), took.Round(time.Millisecond), b.readyIn.Round(time.Millisecond), first.Round(time.Millisecond),
		each[len(each)/2].Round(time.Millisecond), each[len(each)*99/100].Round(time.Millisecond))
	if all > backWithin {
		t.Errorf("all are back after %v; wanted %v at most", all, backWithin)
	}

	b.signIn()
	var now struct {
		Stations []struct{ Extension, State string }
	}
	b.view("station/stations", &now)
	there := 0
	for _, s := range now.Stations {
		if s.Extension >= "6001" && s.Extension <= "6500" && s.State == "idle" {
			there++
		}
	}
	if there != backPhones {
		t.Errorf("the page knows %d of %d telephones", there, backPhones)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	c, err := phones[0].Call(ctx, "6500", deaf)
	if err != nil {
		t.Fatal(err)
	}
	if who := <-rung; who != "6500" {
		t.Errorf("%s was rung", who)
	}
	if _, err := c.Hangup(ctx); err != nil {
		t.Error(err)
	}
}

// allRegister has all register at once, and gives how long the last and each took.
func allRegister(t *testing.T, phones []*ua.User) (last time.Duration, each []time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	each = make([]time.Duration, len(phones))
	failed := make([]error, len(phones))
	begin := make(chan struct{})
	var all sync.WaitGroup
	for i, p := range phones {
		all.Go(func() {
			<-begin
			each[i], failed[i] = p.Register(ctx, time.Hour, i%2 == 0) // some by the challenge of before
		})
	}
	began := time.Now()
	close(begin)
	all.Wait()
	last = time.Since(began)
	for _, err := range failed {
		if err != nil {
			t.Fatal(err)
		}
	}
	return last, each
}
