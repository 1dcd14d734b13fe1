package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"centralita/scripts/bench/phones"
)

const talkers = 64

// conversations holds 64 recorded SIP conversations and looks at what the box and
// the telephones counted.
func conversations(t *table, last time.Duration) {
	if err := talkTogether(t, last); err != nil {
		t.failed("64 recorded conversations", err)
	}
}

func talkTogether(t *table, last time.Duration) error {
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
	if err := b.signIn(); err != nil {
		return err
	}
	time.Sleep(5 * time.Second) // what the start used is given back
	idle, was := b.resident(), b.cpu()
	time.Sleep(10 * time.Second)
	t.row("resident, idle", fmt.Sprintf("%.1f MB", idle), "<= 60 MB", idle <= 60)
	t.told("processor, idle (simulated chips and town with it)", fmt.Sprintf("%.1f %% of a core", share(b.cpu()-was, 10*time.Second)))
	callees, err := register(b, 2001, 20)
	defer closeAll(callees)
	if err != nil {
		return err
	}
	callers, err := register(b, 1001, talkers)
	defer closeAll(callers)
	if err != nil {
		return err
	}
	var streams []*phones.Call
	answered := make(chan *phones.Call, talkers)
	for _, p := range callees {
		p.Ring = func(c *phones.Call) { c.Answer(); answered <- c }
	}
	for i, p := range callers {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		c, err := p.Call(ctx, fmt.Sprint(3001+i%len(callees)))
		cancel()
		if err != nil {
			return err
		}
		streams = append(streams, c, <-answered)
	}
	time.Sleep(4 * time.Second) // play-out buffers find their delay
	return judge(t, b, streams, last)
}

// judge measures a stretch of steady talk.
func judge(t *table, b *box, streams []*phones.Call, last time.Duration) error {
	before, err := b.health()
	if err != nil {
		return err
	}
	stop, err := beside()
	if err != nil {
		return err
	}
	base, cpu, began := sum(streams), b.cpu(), time.Now()
	time.Sleep(last)
	took, used, memory, heard := time.Since(began), b.cpu()-cpu, b.resident(), sum(streams)
	after, err := b.health()
	if err != nil {
		return err
	}
	empty, err := stop()
	if err != nil {
		return err
	}
	m, was := after.Media, before.Media
	tag := fmt.Sprintf("64 recorded conversations, %.0f s, one core: ", last.Seconds())
	delayed := int(m.Delayed - was.Delayed)
	t.row(tag+"late ticks", fmt.Sprint(delayed), fmt.Sprintf("<= %d (empty tickers beside)", empty), delayed <= empty)
	lost := m.Skipped - was.Skipped + m.TapLost - was.TapLost + m.HeardLost - was.HeardLost + m.Missing - was.Missing
	t.row("  frames lost in the box", fmt.Sprint(lost), "0", lost == 0)
	packets, breaks := heard.Lost-base.Lost, heard.Breaks-base.Breaks
	t.row("  packets lost on the way out", fmt.Sprintf("%d of %d", packets, heard.Packets-base.Packets), "0", packets == 0)
	// Play-out buffers change their delay by leaving out or repeating 5 to 15 ms
	// where packets came late; that is their work and no loss.
	t.told("  10 ms frames that did not follow the one before", fmt.Sprintf("%d of %d (changes of delay)", breaks, heard.Frames-base.Frames))
	t.told("  longest time between two packets; longest tick", fmt.Sprintf("%.1f ms; %.2f ms", ms(heard.Gap), float64(m.LongestUS)/1000))
	cpuShare := share(used, took)
	t.told("  processor", fmt.Sprintf("%.1f %% of a core, %.2f %% a conversation", cpuShare, cpuShare/talkers))
	t.row("  resident", fmt.Sprintf("%.1f MB", memory), "<= 100 MB", memory <= 100)
	return nil
}

func sum(calls []*phones.Call) (all phones.Heard) {
	for _, c := range calls {
		h := c.Sound.Heard()
		all.Packets += h.Packets
		all.Lost += h.Lost
		all.Frames += h.Frames
		all.Breaks += h.Breaks
		all.Cuts += h.Cuts
		all.Gap = max(all.Gap, h.Gap)
	}
	return all
}

// register opens n telephones from a number on.
func register(b *box, first, n int) (list []*phones.Phone, err error) {
	for i := range n {
		p, err := phones.New(b.sip, fmt.Sprint(first+i), "bench")
		if err != nil {
			return list, err
		}
		list = append(list, p)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err = p.Register(ctx)
		cancel()
		if err != nil {
			return list, err
		}
	}
	return list, nil
}

func closeAll(list []*phones.Phone) {
	for _, p := range list {
		p.Close()
	}
}

func share(used, took time.Duration) float64 { return 100 * float64(used) / float64(took) }

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
