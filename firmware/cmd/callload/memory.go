package main

import "time"

// memory looks at the resident set: after the start, with calls each of which is
// recorded, and after them.
func memory(o *options, t *target, r *result) error {
	time.Sleep(5 * time.Second) // what the start used is given back
	idle := resident(t.pid)
	r.add("idle, MB", idle)
	l, err := newLoad(o, t)
	if err != nil {
		return err
	}
	defer l.close()
	time.Sleep(2 * time.Second)
	ready := resident(t.pid)
	r.add("200 telephones registered, MB", ready)
	if err := l.build(o.calls, true); err != nil {
		return err
	}
	time.Sleep(o.span())
	talking := resident(t.pid)
	r.add("calls", float64(o.calls))
	r.add("while they talk, MB", talking)
	r.add("a bridged and recorded call, KB", 1024*(talking-ready)/float64(o.calls))
	l.hangUpAll()
	time.Sleep(10 * time.Second)
	r.add("10 s after, MB", resident(t.pid))
	return nil
}
