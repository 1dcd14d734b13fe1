package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
)

// mode is one thing that is measured.
type mode struct {
	name string
	run  func(*options, *target, *result) error
}

// loaded is a mode that begins with 200 telephones registered.
func loaded(run func(*load, *result) error) func(*options, *target, *result) error {
	return func(o *options, t *target, r *result) error {
		l, err := newLoad(o, t)
		if err != nil {
			return err
		}
		defer l.close()
		return run(l, r)
	}
}

func modes() []mode {
	return []mode{
		{"calls", loaded(calls)}, {"mixed", loaded(mixed)}, {"search", loaded(search)},
		{"record", loaded(record)}, {"searchrec", loaded(searchRecorded)},
		{"rate", loaded(rate)}, {"register", register}, {"flood", flood},
		{"queue", loaded(queue)}, {"memory", memory}, {"storm", storm},
	}
}

func modeNames() (names []string) {
	for _, m := range modes() {
		names = append(names, m.name)
	}
	return names
}

func main() {
	o, err := parseOptions(os.Args[1:])
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "callload:", err)
		}
		os.Exit(2)
	}
	t := &table{Machine: machine(), calls: o.calls}
	var progress io.Writer = os.Stdout
	if o.json {
		progress = os.Stderr
	}
	for _, m := range modes() {
		if slices.Contains(o.modes, m.name) || slices.Contains(o.modes, "all") {
			t.measure(o, m, progress)
		}
	}
	t.print(o.json)
	if t.Missed > 0 || len(t.Failed) > 0 {
		os.Exit(1)
	}
}

// measure runs a mode as often as wanted, the peer between the runs of the box, so
// that what the machine does meanwhile meets both.
func (t *table) measure(o *options, m mode, progress io.Writer) {
	var box, peer []*result
	for i := range o.runs {
		fmt.Fprintf(progress, "%s, run %d of %d\n", m.name, i+1, o.runs)
		if r, err := one(o, m, progress, false); err != nil {
			t.Failed = append(t.Failed, m.name+": "+err.Error())
		} else {
			box = append(box, r)
		}
		if o.peer == "" {
			continue
		}
		if r, err := one(o, m, progress, true); err != nil {
			fmt.Fprintf(progress, "  the peer: %v\n", err)
		} else {
			peer = append(peer, r)
		}
	}
	t.take(m.name, box, peer)
}

// one runs a mode at a target of its own.
func one(o *options, m mode, progress io.Writer, peer bool) (*result, error) {
	var at *target
	var err error
	switch {
	case peer:
		at, err = other("peer", o.peer, o.peerPID)
	case o.server != "":
		at, err = other("server", o.server, o.pid)
	default:
		at, err = startBox(o)
	}
	if err != nil {
		return nil, err
	}
	defer at.stop()
	r := newResult(progress)
	return r, m.run(o, at, r)
}
