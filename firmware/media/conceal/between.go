package conceal

// most that the forward voice is stretched or shortened to meet what follows.
const mostWarp = 16

// alike is the square of a correlation below which two voices are not stretched
// to meet.
const alike = 0.25

// between plans the whole gap: the voice before it, going on and stretched, fades
// into the voice behind it, going backwards.
func (c *Concealer) between(behind []int16, gap int) {
	first := c.lost == 0
	c.begin()
	gain := float32(1) // it is known how it goes on: no need to be careful
	if !first {
		gain = c.gain
	}
	var on [MaxGap + frame + mostWarp + 1]float32
	for i := range on[:gap+frame+mostWarp+1] {
		on[i] = gain * c.ahead.next()
	}
	warp := 0
	if gap > mostWarp {
		warp = meet(on[gap-mostWarp:gap+frame+mostWarp], behind)
	}
	c.back.learnBack(behind, c.ahead.lag)
	plan := c.plan[:gap]
	for i := range plan {
		plan[gap-1-i] = c.back.next()
	}
	whole := 1 / float32(gap)
	for i := range plan {
		w := (float32(i) + 0.5) * whole
		x := max(0, float32(i)+float32(warp)*float32(i)*whole)
		k := int(x)
		v := on[k] + (x-float32(k))*(on[k+1]-on[k])
		plan[i] = v + w*(plan[i]-v)
	}
	c.at, c.left, c.met = 0, gap, true
}

// meet finds by how many samples the forward voice is late or early where the
// gap ends: on begins mostWarp before that.
func meet(on []float32, behind []int16) int {
	var x [frame]float32
	var own float32
	for i := range x {
		x[i] = float32(behind[i])
		own += x[i] * x[i]
	}
	var power float32
	for _, v := range on[:frame] {
		power += v * v
	}
	best, at := alike*(own+1), 0
	for d := 0; d <= 2*mostWarp; d++ {
		if d > 0 {
			power += on[d+frame-1]*on[d+frame-1] - on[d-1]*on[d-1]
		}
		if d&1 != 0 {
			continue
		}
		if cross := product(x[:], on[d:d+frame]); cross > 0 && cross*cross > best*(power+1) {
			best, at = cross*cross/(power+1), d-mostWarp
		}
	}
	return at
}

// product is the sum of products of as many samples as a has, four sums at once
// so that an addition need not wait for the one before.
func product(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i, v := range a {
		s0 += v * b[i]
	}
	return s0 + s1 + s2 + s3
}
