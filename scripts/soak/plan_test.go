package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"centralita/board/simboard"
)

// kind of a call.
type kind uint8

const (
	incoming kind = iota // from the line to its handset
	outgoing             // from the handset by its line
	inside               // from the handset to the next
	glare                // as outgoing, after one that met a call coming in
	beside               // as outgoing, after one that met another telephone on the line
)

var kinds = [...]string{"in", "out", "inside", "glare", "beside"}

// call goes on while things break. Pair n is line n+1 and handset n+1.
type call struct {
	kind kind
	pair int
}

func (c call) String() string { return fmt.Sprintf("%s%d", kinds[c.kind], c.pair+1) }

// ports are those that a call needs.
func (c call) ports() []string {
	set := fmt.Sprintf("fxs%d", c.pair+1)
	if c.kind == inside {
		return []string{set, fmt.Sprintf("fxs%d", c.pair+2)}
	}
	return []string{fmt.Sprintf("fxo%d", c.pair+1), set}
}

// round is a script: calls, and what goes wrong meanwhile.
type round struct {
	seed      uint64
	lifelined bool // the box has a lifeline
	calls     []call
	script    simboard.Script
	// wild scripts break what is broken already: nothing is said about when each
	// fault is seen.
	wild bool
}

func (r round) String() string {
	var calls []string
	for _, c := range r.calls {
		calls = append(calls, c.String())
	}
	if r.lifelined {
		calls = append(calls, "lifeline")
	}
	return fmt.Sprintf("[%s] %s", strings.Join(calls, " "), r.script)
}

func text(rounds []round) string {
	var all []string
	for _, r := range rounds {
		all = append(all, r.String())
	}
	return strings.Join(all, "\n    then ")
}

// Scripts begin their faults within spread and let them last up to longest.
const (
	spread  = 1500 * time.Millisecond
	longest = 2500 * time.Millisecond
	wildFor = 4 * time.Second
)

// plan makes the scripts of a box from a seed on.
func plan(seed uint64, count int) (rounds []round) {
	for n := range uint64(count) {
		rounds = append(rounds, roundOf(seed+n, seed%2 == 0))
	}
	return rounds
}

func roundOf(seed uint64, lifelined bool) round {
	r := rand.New(rand.NewPCG(seed, 'r'))
	x := round{seed: seed, lifelined: lifelined}
	pairs := r.Perm(simboard.Handsets)
	for _, p := range pairs[:2+r.IntN(2)] {
		k := [...]kind{incoming, incoming, incoming, outgoing, outgoing, outgoing, glare, beside}[r.IntN(8)]
		x.calls = append(x.calls, call{k, p})
	}
	if pairs[2]+pairs[3] == 1 || pairs[2]+pairs[3] == 5 { // 1 and 2, or 3 and 4, are neighbours
		if r.IntN(2) == 0 && len(x.calls) == 2 {
			x.calls = append(x.calls, call{inside, min(pairs[2], pairs[3])})
		}
	}
	var places []string
	for n := range simboard.Lines {
		places = append(places, fmt.Sprintf("fxo%d", n+1), fmt.Sprintf("fxs%d", n+1))
	}
	if lifelined {
		places = append(places, simboard.LifelineRelay)
	}
	switch dice := r.IntN(10); {
	case dice == 0:
		x.wild = true
		x.script = simboard.Random(r.Uint64(), 2+r.IntN(6), append(places, simboard.WholeBoard), spread, wildFor)
	case dice <= 2:
		x.script = simboard.Random(r.Uint64(), 1, []string{simboard.WholeBoard}, spread, longest)
	default:
		r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		for _, at := range places[:1+r.IntN(3)] {
			x.script = append(x.script, simboard.Random(r.Uint64(), 1, []string{at}, spread, longest)...)
		}
		slices.SortStableFunc(x.script, func(a, b simboard.Step) int { return a.AtMS - b.AtMS })
	}
	return x
}

// ends is when the last fault is over and every fault had to be seen.
func (r round) ends() (ms int) {
	for _, s := range r.script {
		ms = max(ms, s.AtMS+max(s.ForMS, int(seenWithin/time.Millisecond)))
	}
	return ms
}
