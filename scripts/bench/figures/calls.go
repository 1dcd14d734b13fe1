package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"centralita/scripts/bench/phones"
)

const target = 10 * time.Millisecond

// calls measures how quickly the queue rings an agent.
func calls(t *table) {
	for _, m := range []struct {
		what string
		run  func(*table, *box) error
	}{
		{"INVITE in to agent's INVITE out", ringing},
		{"freed agent to next waiting caller", freed},
	} {
		if err := with(func(b *box) error { return m.run(t, b) }); err != nil {
			t.failed(m.what, err)
		}
	}
}

// with runs something on a box of its own.
func with(do func(*box) error) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b, err := startBox(dir)
	if err != nil {
		return err
	}
	defer b.stop()
	return do(b)
}

// ringing calls the queue ten times a second; ten agents lift at once and callers
// hang up after 400 ms.
func ringing(t *table, b *box) error {
	agents, err := register(b, 4001, 10)
	defer closeAll(agents)
	if err != nil {
		return err
	}
	callers, err := register(b, 1001, 50)
	defer closeAll(callers)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	rung := map[string]time.Time{}
	for _, p := range agents {
		p.Ring = func(c *phones.Call) {
			mu.Lock()
			rung[c.From] = c.Began
			mu.Unlock()
			c.Answer()
		}
	}
	const n = 300
	var took []time.Duration
	failed := 0
	var all sync.WaitGroup
	next := time.Now()
	for i := range n {
		next = next.Add(100 * time.Millisecond)
		time.Sleep(time.Until(next))
		p := callers[i%len(callers)]
		all.Go(func() {
			ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
			defer cancel()
			mu.Lock()
			delete(rung, p.User)
			mu.Unlock()
			c, err := p.Call(ctx, "700")
			time.Sleep(400 * time.Millisecond)
			mu.Lock()
			at, ok := rung[p.User]
			if err != nil || !ok {
				failed++
			} else {
				took = append(took, at.Sub(c.Began))
			}
			mu.Unlock()
			if err == nil {
				_ = c.Hangup(ctx)
			}
		})
	}
	all.Wait()
	if len(took) == 0 {
		return fmt.Errorf("none of %d calls rang an agent", n)
	}
	p50, p99 := percentile(took, 50), percentile(took, 99)
	t.row("INVITE in to agent's INVITE out, 10 calls/s: p50, p99", fmt.Sprintf("%.2f ms, %.2f ms", ms(p50), ms(p99)), "p99 <= 10 ms", p99 <= target)
	t.row("  calls that rang nobody", fmt.Sprintf("%d of %d", failed, n), "0", failed == 0)
	return nil
}

// freed lets one agent serve a row of waiting callers.
func freed(t *table, b *box) error {
	agents, err := register(b, 4001, 1)
	defer closeAll(agents)
	if err != nil {
		return err
	}
	const n = 40
	callers, err := register(b, 1001, n)
	defer closeAll(callers)
	if err != nil {
		return err
	}
	rung := make(chan *phones.Call, n)
	agents[0].Ring = func(c *phones.Call) { c.Answer(); rung <- c }
	for _, p := range callers {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err := p.Call(ctx, "700")
		cancel()
		if err != nil {
			return err
		}
	}
	var took []time.Duration
	var free time.Time
	for range n {
		select {
		case c := <-rung:
			if !free.IsZero() {
				took = append(took, c.Began.Sub(free))
			}
			time.Sleep(200 * time.Millisecond)
			free = time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			err := c.Hangup(ctx)
			cancel()
			if err != nil {
				return err
			}
		case <-time.After(10 * time.Second):
			return fmt.Errorf("a waiting caller was not rung through: %d of %d were", len(took)+1, n)
		}
	}
	worst := percentile(took, 99)
	t.row("freed agent to next waiting caller: p50, p99", fmt.Sprintf("%.2f ms, %.2f ms", ms(percentile(took, 50)), ms(worst)), "p99 <= 10 ms", worst <= target)
	return nil
}

// percentile sorts d.
func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[(len(d)-1)*p/100]
}
