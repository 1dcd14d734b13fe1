package town

// match names what sounds: a tone, "speech" for anything else loud, "silence",
// or "tone" while more than one cadence fits.
func (r *recogniser) match() string {
	if r.now.id == idUnsure {
		return r.name
	}
	if r.now.id == idOther || r.now.id == idSilence && r.talked && r.now.ms < pauseMS {
		return "speech"
	}
	if r.now.id == idSilence && r.n == 0 {
		return "silence"
	}
	best, most, tie := "", 0, false
	for i := range r.signals {
		n := r.fit(&r.signals[i])
		switch {
		case n > most:
			best, most, tie = r.signals[i].name, n, false
		case n == most && n > 0:
			tie = true
			if r.signals[i].name == r.name {
				best = r.name
			}
		}
	}
	switch {
	case r.now.id == idSilence && most < 2:
		return "silence"
	case most == 0:
		return "speech"
	case tie && best != r.name || most == 1 && r.now.ms < 300:
		return "tone"
	}
	return best
}

// fit counts how many of the last stretches, the running one included, agree
// with a cadence in its best rotation.
func (r *recogniser) fit(s *signal) int {
	most := 0
	for k := range s.beats {
		most = max(most, r.fitFrom(s, k))
	}
	return most
}

func (r *recogniser) fitFrom(s *signal, k int) int {
	b := s.beats[k]
	if r.idOf(b) != r.now.id || b.ms > 0 && r.now.ms > b.ms+slack(b.ms) {
		return 0
	}
	n := 1
	for i := r.n - 1; i >= 0 && len(s.beats) > 1; i-- {
		k = (k + len(s.beats) - 1) % len(s.beats)
		b := s.beats[k]
		if r.idOf(b) != r.spans[i].id || r.spans[i].ms < b.ms-slack(b.ms) || r.spans[i].ms > b.ms+slack(b.ms) {
			break
		}
		n++
	}
	return n
}

// slack is how far a measured stretch may be off.
func slack(ms int) int { return 35 + ms/10 }
