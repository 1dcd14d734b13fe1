// Command figures measures the speed and the size of the box and prints each
// figure beside the bar it has to pass; `make bench` builds and runs it. The box
// runs on one pinned core, the load on another.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// table prints rows as they come.
type table struct{ missed int }

// row prints one figure; bar is what it should be, good whether it is.
func (t *table) row(what, value, bar string, good bool) {
	mark := "ok"
	if !good {
		mark = "MISSED"
		t.missed++
	}
	if !realTime {
		fmt.Println("no real-time priority here: what else runs on this machine is in the figures")
	}
	fmt.Printf("%-58s %-34s %-26s %s\n", what, value, bar, mark)
}

// told prints a figure that has no bar.
func (t *table) told(what, value string) { fmt.Printf("%-58s %s\n", what, value) }

// failed prints that something could not be measured, which is a miss.
func (t *table) failed(what string, err error) { t.row(what, "not measured: "+err.Error(), "", false) }

func main() {
	if len(os.Args) > 1 && os.Args[1] == "ticker" {
		emptyTicker()
		return
	}
	seconds := flag.Int("seconds", 60, "how long the 64 conversations last")
	only := flag.String("only", "", "code, talk, calls or size alone")
	flag.Parse()
	t := &table{}
	fmt.Printf("%-58s %-34s %-26s\n", "figure", "measured", "bar")
	for _, part := range []struct {
		name string
		run  func(*table)
	}{
		{"code", code},
		{"size", size},
		{"calls", calls},
		{"talk", func(t *table) { conversations(t, time.Duration(*seconds)*time.Second) }},
	} {
		if *only == "" || *only == part.name {
			part.run(t)
		}
	}
	if t.missed > 0 {
		fmt.Printf("%d of the bars were missed\n", t.missed)
		os.Exit(1)
	}
}
