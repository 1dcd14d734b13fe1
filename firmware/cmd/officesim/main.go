package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// daysPerSeed keeps journals short, so that reading one back at every power cut
// does not become the work.
const daysPerSeed = 2

func main() {
	days := flag.Int("days", 0, "office-days in all (default two of each seed)")
	seeds := flag.Int("seeds", 0, "how many seeds (default days/2)")
	seed := flag.Uint64("seed", 0, "begin with this seed; alone: only this one")
	file := flag.String("office", "", "settings file of the office (default: built-in ones by seed)")
	verbose := flag.Bool("v", false, "print every fact")
	flag.Parse()
	if *seeds == 0 && *days == 0 && *seed == 0 {
		*days = 520
	}
	if *seeds == 0 {
		*seeds = max(1, (*days+daysPerSeed-1)/daysPerSeed)
	}
	if *days == 0 {
		*days = *seeds * daysPerSeed
	}
	if err := run(*seed, *seeds, *days, *file, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "officesim:", err)
		os.Exit(1)
	}
}

func run(first uint64, seeds, days int, file string, verbose bool) error {
	if first == 0 {
		first = 1
	}
	began := time.Now()
	var sum tally
	for i := range seeds {
		n := days/seeds + b2i(i < days%seeds)
		office, err := officeOf(file, first+uint64(i))
		if err != nil {
			return err
		}
		t := newTown(office, first+uint64(i), verbose)
		if err := t.live(n); err != nil {
			return fmt.Errorf("seed %d: %w\n%slast facts:\n%s", first+uint64(i), err, office.about(), t.last())
		}
		sum.add(t)
	}
	took := time.Since(began)
	fmt.Println(sum.String())
	fmt.Printf("%d office-days of %d seeds in %.1f s: %.0f × real time, %.1f µs a step\n",
		sum.days, seeds, took.Seconds(), float64(sum.days)*86400/took.Seconds(), took.Seconds()*1e6/float64(sum.steps))
	return nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tally is what was lived through.
type tally struct {
	days, steps, facts, cuts                                                   int
	calls, connected, offered, answered, abandoned, emergencies, seized, taped int
}

func (s *tally) add(t *town) {
	s.days += t.days
	s.steps += t.steps
	s.facts += len(t.box.Journal)
	s.cuts += t.cuts
	s.calls += t.check.Ended
	s.connected += t.check.Connected
	s.offered += t.check.Offered
	s.answered += t.check.Answered
	s.abandoned += t.check.Abandoned
	s.emergencies += t.check.Emergencies
	s.seized += t.check.Seized
	s.taped += t.check.Recorded
}

func (s *tally) String() string {
	return fmt.Sprintf("%d calls (%d connected, %d recorded), queues: %d offered %d answered %d abandoned, emergencies: %d calls %d lines seized, %d power cuts, %d facts",
		s.calls, s.connected, s.taped, s.offered, s.answered, s.abandoned, s.emergencies, s.seized, s.cuts, s.facts)
}
