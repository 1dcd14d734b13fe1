package echo

import "math"

// comfort learns the background of the near end while nothing is played and makes
// noise like it.
type comfort struct {
	level  float32 // mean square, of blocks that are background
	quick  float32 // mean square of the last 15 ms
	least  float32 // lowest of those of late, by which background is known
	corr   [order + 1]float32
	coef   [order]float32 // of the filter that gives noise its colour
	loud   float32        // of the noise that is put through it
	memory [order]float32
	seed   uint32
	age    int
}

const (
	order       = 4
	levelStart  = 3e-8 * dBm0 // -75 dBm0
	levelMost   = 1e-3 * dBm0 // -30 dBm0: louder is no background
	levelSlow   = 0.02        // 125 ms of background
	leastRise   = 1.003       // in a block: 5 dB in a second
	backOver    = 5           // background is less than this over the lowest
	echoOver    = 10          // background is heard where it is this over what is left of echo
	notEcho     = 0.7         // of what is heard then
	colourEvery = 40          // blocks
)

func (c *comfort) reset() {
	*c = comfort{level: levelStart, quick: levelMost, least: levelMost, seed: 1}
}

// learn takes a block of mean square ms, of which echo may be the echo of what was
// played. A block with much of it tells only that the background is not louder.
func (c *comfort) learn(x *[blockSamples]float32, ms, echo float32) {
	c.quick += 0.2 * (ms - c.quick)
	if c.quick < echoOver*echo {
		if c.quick < c.level {
			c.level += 4 * levelSlow * (c.quick - c.level)
		}
		return
	}
	c.least = min(max(c.quick, 1e-10), c.least*leastRise, levelMost)
	if c.quick > backOver*c.least {
		return
	}
	background := ms
	if echo > 0 {
		background *= notEcho
	}
	c.level = min(c.level+levelSlow*(background-c.level), backOver*c.least)
	for k := range c.corr {
		sum := float32(0)
		for i := k; i < blockSamples; i++ {
			sum += x[i] * x[i-k]
		}
		c.corr[k] += levelSlow * (sum/blockSamples - c.corr[k])
	}
	if c.age++; c.age%colourEvery == 0 {
		c.colour()
	}
}

// colour finds the filter (Levinson and Durbin's recursion).
func (c *comfort) colour() {
	left := c.corr[0] * 1.001
	var a [order]float32
	if left <= 0 {
		return
	}
	for i := range order {
		k := c.corr[i+1]
		for j := range i {
			k -= a[j] * c.corr[i-j]
		}
		k /= left
		b := a
		for j := range i {
			a[j] = b[j] - k*b[i-1-j]
		}
		a[i] = k
		left *= 1 - k*k
	}
	c.coef = a
	c.loud = left / c.corr[0]
}

// make gives noise of the level and colour that were learnt.
func (c *comfort) make(to *[blockSamples]float32) {
	amp := float32(math.Sqrt(float64(3 * c.level))) // uniform noise of mean square 1 has amplitude √3
	if c.loud > 0 {
		amp *= float32(math.Sqrt(float64(c.loud)))
	}
	m := c.memory
	for i := range to {
		c.seed = c.seed*1664525 + 1013904223
		v := amp * float32(int32(c.seed)) * (1.0 / (1 << 31))
		v += c.coef[0]*m[0] + c.coef[1]*m[1] + c.coef[2]*m[2] + c.coef[3]*m[3]
		m[3], m[2], m[1], m[0] = m[2], m[1], m[0], v
		to[i] = v
	}
	c.memory = m
}
