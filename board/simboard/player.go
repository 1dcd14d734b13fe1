package simboard

import (
	"cmp"
	"slices"
	"sync"
)

// player makes a script's faults happen and end on the board's own steps, so that
// a script is the same whoever plays it.
type player struct {
	mu    sync.Mutex
	ms    int // since the script began
	steps []Step
	ends  []Step // what lasts and is not mended yet
}

func (p *player) begin(s *Hardware, script Script) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.ends {
		_ = s.Mend(e.Where, e.Fault)
	}
	p.ms, p.ends = 0, nil
	p.steps = append([]Step(nil), script...)
	slices.SortStableFunc(p.steps, func(a, b Step) int { return cmp.Compare(a.AtMS, b.AtMS) })
}

func (p *player) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.steps)+len(p.ends) > 0
}

// step is 10 ms. Errors cannot come: the script was checked.
func (p *player) step(s *Hardware) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.steps)+len(p.ends) == 0 {
		return
	}
	kept := p.ends[:0]
	for _, e := range p.ends {
		if e.AtMS+e.ForMS > p.ms {
			kept = append(kept, e)
			continue
		}
		if !p.again(e) {
			_ = s.Mend(e.Where, e.Fault)
		}
	}
	p.ends = kept
	for len(p.steps) > 0 && p.steps[0].AtMS <= p.ms {
		first := p.steps[0]
		p.steps = p.steps[1:]
		_ = s.Break(first.Where, first.Fault)
		if first.ForMS > 0 {
			p.ends = append(p.ends, first)
		}
	}
	p.ms += 10
}

// again tells whether the same fault lasts on by another step of the script.
func (p *player) again(e Step) bool {
	for _, other := range p.ends {
		if other != e && other.Where == e.Where && other.Fault == e.Fault && other.AtMS+other.ForMS > p.ms {
			return true
		}
	}
	return false
}
