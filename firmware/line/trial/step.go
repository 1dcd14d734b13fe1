package trial

import (
	"cmp"
	"slices"
	"time"
)

// Take takes a fact at a time since the start, and says what to do.
func (t *Trial) Take(now time.Duration, f Fact) []Act {
	t.now = now
	if t.step == Over {
		return nil
	}
	if now > wholeMost {
		return t.Stop(TooLong)
	}
	if f.Kind == Answered {
		t.up[f.Side] = true
	}
	if f.Kind == Ended && t.step != HangingUp && t.step != Pausing {
		return t.Stop(map[bool]string{true: NoAnswer, false: Failed}[t.step == Ringing])
	}
	late := func(most time.Duration) bool { return now-t.since >= most }
	switch t.step {
	case Dialling:
		return t.dialling(f, late(dialMost))
	case Ringing:
		if late(ringFor) {
			t.enter(Answering)
			return []Act{{Do: Answer, Side: t.caller.other()}}
		}
	case Answering:
		return t.answering(f, late(answerMost))
	case Quiet:
		if late(t.quiet()) {
			return t.afterQuiet()
		}
	case Sweeping:
		if f.Kind == Heard {
			return t.swept(f.DB)
		}
	case Matching:
		if f.Kind == Heard {
			return t.matched(f.DB)
		}
	case HangingUp:
		return t.hangingUp(f, late(hangupMost))
	case Pausing:
		if late(pauseFor) {
			t.second = true
			return t.dial(B)
		}
	}
	return nil
}

func (t *Trial) dialling(f Fact, late bool) []Act {
	switch {
	case late:
		return t.Stop(NoAnswer)
	case f.Kind == Early:
		t.early = true
	case t.pair && f.Kind == Offered:
		t.enter(Ringing)
	case !t.pair && f.Kind == Answered:
		t.enter(Quiet)
	}
	return nil
}

// answering waits until both ends know that they are through. The called end makes
// itself heard, which most lines have to know it by.
func (t *Trial) answering(f Fact, late bool) []Act {
	called := t.caller.other()
	switch {
	case late:
		return t.Stop(NotThrough)
	case t.up[A] && t.up[B]:
		t.enter(Quiet)
		return []Act{{Do: Hush, Side: called}}
	case f.Kind == Answered && f.Side == called:
		return []Act{{Do: Call, Side: called}}
	}
	return nil
}

func (t *Trial) quiet() time.Duration {
	if t.second {
		return talkFor
	}
	return quietFor
}

func (t *Trial) afterQuiet() []Act {
	switch {
	case t.second:
		return t.hangup()
	case !t.pair:
		return t.match(A)
	}
	t.enter(Sweeping)
	t.side, t.at = A, 0
	return []Act{{Do: Tone, Side: A, Hz: sweep[0]}}
}

// swept takes one tone's level at the far end.
func (t *Trial) swept(db float64) []Act {
	t.result.Loss[t.side][t.at] = -db
	if t.at == 0 && -db > throughLoss {
		return t.Stop(NotThrough)
	}
	if t.at++; t.at == len(sweep) {
		t.result.Swept[t.side] = true
		if t.side == B {
			return t.match(A)
		}
		t.side, t.at = B, 0
	}
	return []Act{{Do: Tone, Side: t.side, Hz: sweep[t.at]}}
}

// finalists are measured a second time, so that a click or a lost frame of sound
// chooses nothing.
const finalists = 3

func (t *Trial) match(s Side) []Act {
	t.enter(Matching)
	t.side, t.at = s, 0
	t.order, t.lossOf = nil, map[int]float64{}
	for n := range t.ways[s] {
		t.order = append(t.order, n)
	}
	if len(t.order) == 0 {
		return t.nextMatch()
	}
	return []Act{{Do: Match, Side: s, N: 0}}
}

// matched takes what came back of the noise.
func (t *Trial) matched(db float64) []Act {
	way := t.order[t.at]
	if before, again := t.lossOf[way]; !again || -db < before {
		t.lossOf[way] = -db
	}
	if t.at++; t.at == t.ways[t.side] {
		t.order = append(t.order, t.finalists()...)
	}
	if t.at < len(t.order) {
		return []Act{{Do: Match, Side: t.side, N: t.order[t.at]}}
	}
	best := t.best(t.order[t.ways[t.side]:])
	r := &t.result
	r.Way[t.side], r.Return[t.side], r.Before[t.side], r.Tuned[t.side] = best, t.lossOf[best], t.lossOf[0], true
	keep := Act{Do: Settle, Side: t.side, N: best}
	return append([]Act{keep}, t.nextMatch()...)
}

// finalists are the best ways and the country's own.
func (t *Trial) finalists() []int {
	all := slices.Clone(t.order)
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(t.lossOf[b], t.lossOf[a]) })
	list := all[:min(finalists, len(all))]
	if !slices.Contains(list, 0) {
		list = append(list, 0)
	}
	return list
}

// best of ways is the country's own, the first, unless another is clearly better.
func (t *Trial) best(of []int) int {
	best := 0
	for _, n := range of {
		if t.lossOf[n] > t.lossOf[best] && t.lossOf[n] >= t.lossOf[0]+betterBy {
			best = n
		}
	}
	return best
}

func (t *Trial) nextMatch() []Act {
	if t.side == A && t.pair {
		return t.match(B)
	}
	return t.hangup()
}

// hangup puts down the end that dialled, and waits for what the other sees of it. A
// far end outside hangs up when it likes.
func (t *Trial) hangup() []Act {
	t.enter(HangingUp)
	if !t.pair {
		return nil
	}
	t.up[t.caller] = false
	return []Act{{Do: Hangup, Side: t.caller}}
}

func (t *Trial) hangingUp(f Fact, late bool) []Act {
	left := t.caller.other() // who sees the signs
	if !t.pair {
		left = A
	}
	if f.Kind == Ended && f.Side == left {
		return t.next()
	}
	if !late {
		return nil
	}
	t.result.Unseen[left] = t.pair
	return append([]Act{{Do: Hangup, Side: left}}, t.next()...)
}

func (t *Trial) next() []Act {
	if t.back && !t.second {
		t.enter(Pausing)
		return nil
	}
	t.enter(Over)
	t.result.Result = Done
	return nil
}

// Gain is what to add to what comes in from a line, in dB, so that a call between
// two own lines loses no more than a long local call does.
func (r *Results) Gain() int {
	const usual = 7.0 // dB: two loops of 3.5 (ITU-T G.111, annex A)
	if !r.Swept[A] || !r.Swept[B] {
		return 0
	}
	loss := (r.Loss[A][0] + r.Loss[B][0]) / 2
	return int(min(max((loss-usual)/2, 0), 4))
}
