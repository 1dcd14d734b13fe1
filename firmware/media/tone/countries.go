package tone

import "time"

// The plans follow ITU-T E.180 Supplement 2 as operators and equipment makers
// quote it; where sources differ the value more of them give is taken. Levels of
// digits are the customary ones of line cards in that country.
var countries = []Country{
	plan("ES", on(425), cadence("425/1500 0/3000"), cadence("425/200 0/200"),
		cadence("425/200 0/200 425/200 0/200 425/200 0/600"), cadence("425/175 0/175 425/175 0/3500"),
		cadence("425/1000 0/100"), ring(1500, 3000), 25, -11, -9, 100),
	plan("IT", cadence("425/200 0/200 425/600 0/1000"), cadence("425/1000 0/4000"), cadence("425/500 0/500"),
		cadence("425/200 0/200"), cadence("425/400 0/100 425/250 0/100 425/150 0/14000"),
		cadence("470/400 425/400"), ring(1000, 4000), 25, -11, -9, 100),
	plan("UK", on(350, 440), cadence("400+450/400 0/200 400+450/400 0/2000"), cadence("400/375 0/375"),
		cadence("400/400 0/350 400/225 0/525"), cadence("400/100 0/4000"),
		cadence("350+440/750 440/750"), ring(400, 200, 400, 2000), 25, -11, -9, 90),
	plan("US", on(350, 440), cadence("440+480/2000 0/4000"), cadence("480+620/500 0/500"),
		cadence("480+620/250 0/250"), cadence("440/300 0/10000"),
		stutter(10, 100, 350, 440), ring(2000, 4000), 20, -10, -10, 600),
	plan("CA", on(350, 440), cadence("440+480/2000 0/4000"), cadence("480+620/500 0/500"),
		cadence("480+620/250 0/250"), cadence("440/300 0/10000"),
		stutter(10, 100, 350, 440), ring(2000, 4000), 20, -10, -10, 600),
	plan("FR", on(440), cadence("440/1500 0/3500"), cadence("440/500 0/500"),
		cadence("440/250 0/250"), cadence("440/300 0/10000"),
		stutter(10, 100, 440), ring(1500, 3500), 50, -11, -9, 270),
	plan("DE", on(425), cadence("425/1000 0/4000"), cadence("425/480 0/480"),
		cadence("425/240 0/240"), cadence("425/200 0/200 425/200 0/5000"),
		on(425, 400), ring(1000, 4000), 25, -11, -9, 100),
	plan("PT", on(425), cadence("425/1000 0/5000"), cadence("425/500 0/500"),
		cadence("425/200 0/200"), cadence("425/200 0/200 425/200 0/5000"),
		cadence("425/1000 0/200"), ring(1000, 5000), 25, -11, -9, 100),
	plan("MX", on(425), cadence("425/1000 0/4000"), cadence("425/250 0/250"),
		cadence("425/250 0/250"), cadence("425/200 0/600 425/200 0/10000"),
		stutter(6, 100, 425), ring(1000, 4000), 25, -8, -6, 100),
	plan("AR", on(425), cadence("425/1000 0/4000"), cadence("425/300 0/200"),
		cadence("425/300 0/400"), cadence("425/200 0/9000"),
		cadence("425/450 0/50"), ring(1000, 4000), 25, -11, -9, 100),
	plan("BR", on(425), cadence("425/1000 0/4000"), cadence("425/250 0/250"),
		cadence("425/250 0/250 425/750 0/250"), cadence("425/50 0/1000"),
		cadence("425/975 0/50"), ring(1000, 4000), 25, -12, -10, 300),
	plan("CL", on(400), cadence("400/1000 0/3000"), cadence("400/500 0/500"),
		cadence("400/200 0/200"), cadence("400/250 0/8750"),
		stutter(10, 100, 400), ring(1000, 3000), 25, -11, -9, 100),
	plan("CO", on(425), cadence("425/1000 0/4500"), cadence("425/250 0/250"),
		cadence("425/100 0/250 425/350 0/250 425/650 0/250"), cadence("400+450/300 0/6000"),
		stutter(10, 100, 425), ring(1000, 4500), 25, -11, -9, 100),
}

// plan puts a row together with what all countries share: the special
// information tones of E.180 and the howler.
func plan(code string, dial, ringback, busy, congestion, waiting, stutter Cadence,
	ringing []time.Duration, ringHz, low, high float32, flash uint16) Country {
	return Country{
		Code: code,
		Signals: [signals]Cadence{
			Dial: dial, Ringback: ringback, Busy: busy, Congestion: congestion,
			CallWaiting: waiting, Stutter: stutter,
			SIT:    cadence("950/330 1400/330 1800/330 0/1000"),
			Howler: cadence("1400+2060+2450+2600/100 0/100"),
		},
		Ring: ringing, RingHz: ringHz, DTMFLow: low, DTMFHigh: high, FlashMs: flash,
	}
}

// on is a tone for ever.
func on(hz ...float32) Cadence {
	var s Step
	copy(s.Hz[:], hz)
	return Cadence{Steps: []Step{s}}
}

// stutter is a dial tone that begins with n short breaks.
func stutter(n int, ms uint16, hz ...float32) Cadence {
	var s Step
	copy(s.Hz[:], hz)
	s.Ms = ms
	var c Cadence
	for range n {
		c.Steps = append(c.Steps, s, Step{Ms: ms})
	}
	s.Ms = 0
	c.Steps = append(c.Steps, s)
	c.Loop = 2 * n
	return c
}

// cadence reads the notation of the table: "hz+hz/ms" steps, 0 for silence,
// repeated for ever.
func cadence(row string) Cadence {
	var c Cadence
	var s Step
	n, v := 0, 0
	put := func() { s.Hz[n] = float32(v); v = 0 }
	for _, r := range row + " " {
		switch {
		case r >= '0' && r <= '9':
			v = v*10 + int(r-'0')
		case r == '+':
			put()
			n++
		case r == '/':
			put()
		case r == ' ':
			s.Ms = uint16(v)
			c.Steps = append(c.Steps, s)
			s, n, v = Step{}, 0, 0
		}
	}
	return c
}

func ring(ms ...int) []time.Duration {
	d := make([]time.Duration, len(ms))
	for i, m := range ms {
		d[i] = time.Duration(m) * time.Millisecond
	}
	return d
}
