package soak

import "testing"

// triesMost bounds the runs in search of the fewest steps.
const triesMost = 60

// shrink leaves out rounds, calls and steps as long as a promise is still broken.
func shrink(t *testing.T, f *failed) *failed {
	t.Helper()
	tries := 0
	better := func(rounds []round) bool {
		if tries++; tries > triesMost || len(rounds) == 0 {
			return false
		}
		g := live(t, rounds)
		if g != nil {
			f = g
		}
		return g != nil
	}
	for again := true; again; {
		again = false
		for n := 0; n < len(f.rounds) && len(f.rounds) > 1; n++ {
			rest := append(append([]round(nil), f.rounds[:n]...), f.rounds[n+1:]...)
			again = better(rest) || again
		}
		for n := 0; n < len(f.rounds); n++ {
			for s := 0; s < len(f.rounds[n].script); s++ {
				again = better(without(f.rounds, n, func(r *round) { r.script = cut(r.script, s) })) || again
			}
		}
		for n := 0; n < len(f.rounds); n++ {
			for c := 0; c < len(f.rounds[n].calls); c++ {
				again = better(without(f.rounds, n, func(r *round) { r.calls = cut(r.calls, c) })) || again
			}
		}
	}
	return f
}

func without(rounds []round, n int, take func(*round)) []round {
	fewer := append([]round(nil), rounds...)
	if n < len(fewer) {
		take(&fewer[n])
	}
	return fewer
}

// cut is a list without one of its items.
func cut[T any, L ~[]T](list L, n int) L {
	if n >= len(list) {
		return list
	}
	return append(append(L(nil), list[:n]...), list[n+1:]...)
}
