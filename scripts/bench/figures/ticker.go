package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// period and late are those of the box's sound engine: a tick is late when it
// begins more than 5 ms after its time, counted from the one before.
const (
	period = 10 * time.Millisecond
	late   = period + period/2
)

// emptyTicker does nothing every 10 ms until its input ends, and prints how often
// it was late: what the machine itself does to a tick.
func emptyTicker() {
	ended := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(ended) }()
	runtime.LockOSThread()
	n, last := 0, time.Now()
	tick := time.NewTicker(period)
	for {
		select {
		case <-ended:
			fmt.Println(n)
			return
		case <-tick.C:
		}
		now := time.Now()
		if now.Sub(last) > late {
			n++
		}
		last = now
	}
}

// tickers is how many empty tickers run beside the box: they differ among
// themselves by chance, and the box may be as late as the latest of them.
const tickers = 3

// beside starts empty tickers on the box's core; stop ends them and gives the
// late ticks of the worst.
func beside() (stop func() (int, error), err error) {
	var stops []func() (int, error)
	for range tickers {
		one, err := oneBeside()
		if err != nil {
			return nil, err
		}
		stops = append(stops, one)
	}
	return func() (worst int, err error) {
		for _, one := range stops {
			n, failed := one()
			worst, err = max(worst, n), errors.Join(err, failed)
		}
		return worst, err
	}, nil
}

func oneBeside() (stop func() (int, error), err error) {
	cmd := pinned(os.Args[0], "ticker")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() (int, error) {
		in.Close()
		if err := cmd.Wait(); err != nil {
			return 0, err
		}
		return strconv.Atoi(strings.TrimSpace(out.String()))
	}, nil
}
