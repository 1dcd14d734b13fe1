package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"centralita/firmware/cmd/linelab/campaign"
)

// The bars of a campaign.
const (
	cutsMost = 1e-4 // of conversations
	lateMost = 1e-3 // of releases that left a sign
)

// nineCountries are those whose exchanges the town has.
const nineCountries = "ES IT UK US FR DE MX AR BR"

// runRelease runs simulated calls and prints how their hang-ups were judged.
func runRelease(args []string, out io.Writer) error {
	f := flag.NewFlagSet("release", flag.ContinueOnError)
	country := f.String("country", nineCountries, "")
	kind := f.String("kind", "", "")
	calls := f.Int("calls", 200, "")
	lines := f.Int("lines", 5, "")
	talk := f.Float64("talk", 20, "")
	seed := f.Uint64("seed", 1, "")
	workers := f.Int("workers", 1, "")
	sounds := f.String("sounds", "", "")
	verbose := f.Bool("v", false, "")
	if _, err := parse(f, args, 0, 0); err != nil {
		return err
	}
	var mu sync.Mutex
	o := campaign.Options{
		Kinds: strings.FieldsFunc(*kind, comma), Calls: *calls, Lines: *lines, TalkS: *talk, Seed: *seed, Sounds: *sounds,
		Tell: func(r campaign.Result) {
			mu.Lock()
			defer mu.Unlock()
			printRelease(out, r)
		},
	}
	if *verbose {
		o.Log = func(s string) {
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintln(out, "#", s)
		}
	}
	fmt.Fprintf(out, "# %-3s %-14s %8s %6s %9s %6s %8s\n", "", "kind", "talks", "cuts", "releases", "late", "held s")
	began := time.Now()
	all, err := campaigns(o, strings.FieldsFunc(*country, comma), max(1, *workers))
	if err != nil {
		return err
	}
	all.Country, all.Kind = "all", ""
	printRelease(out, all)
	took := time.Since(began).Seconds()
	fmt.Fprintf(out, "# %.0f calls in %.0f s: %.0f a second; %.1f h of talk\n", float64(all.Conversations), took, float64(all.Conversations)/took, all.Talked.Hours())
	cuts, late := part(all.Cuts, all.Conversations), part(all.Late, all.Releases)
	fmt.Fprintf(out, "R seed %d false-cuts %.6f bar %.6f late %.6f bar %.6f\n", *seed, cuts, cutsMost, late, lateMost)
	if cuts > cutsMost || late > lateMost {
		return fmt.Errorf("%d of %d conversations were cut, %d of %d releases were late", all.Cuts, all.Conversations, all.Late, all.Releases)
	}
	return nil
}

// campaigns runs the countries on so many workers.
func campaigns(o campaign.Options, countries []string, workers int) (all campaign.Result, err error) {
	var mu sync.Mutex
	var work sync.WaitGroup
	next := make(chan string)
	for range workers {
		work.Go(func() {
			for c := range next {
				o := o
				o.Countries = []string{c}
				r, e := campaign.Run(o)
				mu.Lock()
				all.Add(r)
				if e != nil {
					err = e
				}
				mu.Unlock()
			}
		})
	}
	for _, c := range countries {
		next <- c
	}
	close(next)
	work.Wait()
	return all, err
}

func printRelease(out io.Writer, r campaign.Result) {
	fmt.Fprintf(out, "  %-3s %-14s %8d %6d %9d %6d %8.2f\n", r.Country, r.Kind, r.Conversations, r.Cuts, r.Releases, r.Late, r.Held.Seconds())
}

func part(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

func comma(r rune) bool { return r == ',' || r == ' ' }
