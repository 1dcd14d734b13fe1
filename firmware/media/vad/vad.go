// Package vad tells voice from background on a line, frame by frame: five bands,
// a background in each that follows the noise, a sum over frames for what begins
// faintly, and a hang-over that keeps the ends of words.
//
// Marker decides later and better, for whoever can wait.
//
// Detector is what recorders, answering-machine detection and comfort noise ask
// every 10 ms; Listener is the media.Ear that tells when somebody begins and
// stops. Music is voice to it, and a voice far below the noise is none.
package vad

import (
	"math"

	"centralita/firmware/media"
)

// Detector decides by frames of 10 ms. NewDetector makes it.
type Detector struct {
	bank   bank
	last   [bands]float32 // mean squares of the frame before
	noise  noise
	murmur murmur
	level  float32        // dBm0 of the last 20 ms
	peak   float32        // dBm0 of the voice: rises at once, falls by 1 dB a second
	brief  [bands]float32 // dBm0 of the newest 10 ms
	tails  *[3]int        // hang-over by clarity
	run    int            // frames in a row above the background
	hang   int            // frames for which it stays voice
	firm   bool           // the newest frame is of a voice, and no blip
}

// Thresholds in dB, times in frames.
const (
	broad  = 2.35 // mean excess over the background of all bands that is a voice
	single = 3.6  // excess in one band that is, in standard deviations of its noise
	sure   = 3.85 // mean excess that nothing but a voice reaches in one frame
	most   = 25   // excess of a band that counts
	firm   = 3    // frames in a row that make a blip a voice
	blip   = 6    // hang-over of a blip, and of a murmur

	faint   = -56  // dBm0 below which nobody is understood
	under   = 35.5 // below the voice's peak lies breath and the room, not voice
	fading  = 29   // below the voice's peak its last is dying away
	peakAt  = -30  // dBm0 assumed before anybody spoke
	low     = -40  // dBm0 below which the peak does not fall
	nothing = -99
	fall    = 0.01
)

// The hang-over in frames, by how far the voice's peak stands over the background:
// the more noise, the more of a word's end is under it.
var hangs = [3]int{clear: 16, middle: 21, noisy: 28}

const hangFading = 12 // of what dies away: what follows it is less still

// How clear a voice is, by its peak over the background in dB.
const (
	clear  = iota // above distinct
	middle        // between
	noisy         // below buried

	distinct, buried = 30, 20
)

// NewDetector makes a detector that knows nothing of its line yet.
func NewDetector() *Detector { return &Detector{peak: peakAt, tails: &hangs} }

// Frame takes 10 ms and reports whether they are voice or its hang-over.
func (d *Detector) Frame(pcm *[media.Narrow]int16) bool {
	now := d.bank.pass(pcm)
	if d.noise.n == 0 {
		d.last = now
	}
	var l [bands]float32
	var all float32
	for i, e := range now {
		e20 := (e + d.last[i]) / 2
		l[i], d.brief[i] = decibel(e20), decibel(e)
		all += e20
	}
	d.last = now
	d.level = decibel(all)
	calm := d.noise.follow(&l, d.level > d.peak-10)
	if d.level > d.peak {
		d.peak += (d.level - d.peak) / 4
	} else {
		d.peak = max(low, d.peak-fall)
	}
	d.decide(&l)
	d.listen(&d.brief, calm)
	return d.hang > 0
}

// decide compares the bands with their background.
func (d *Detector) decide(l *[bands]float32) {
	mean, one, loudest := d.noise.excess(l)
	d.firm = false
	if mean < broad && one < single || d.level < max(faint, d.peak-under) {
		d.run = 0
		d.hang = max(0, d.hang-1)
		return
	}
	d.run++
	hang := blip
	if d.run >= firm || mean > sure {
		hang, d.firm = d.tails[d.clarity()], true
		if loudest < d.peak-fading {
			hang = min(hang, hangFading)
		}
	}
	d.hang = max(hang, d.hang-1)
}

// listen keeps what stays a little above the background.
func (d *Detector) listen(l *[bands]float32, calm bool) {
	heard := d.murmur.heard(l, &d.noise.dB)
	d.murmur.follow(l, calm, d.run > 0 || d.hang > blip, d.hang > 0)
	if heard && d.noise.n > opening && d.level > max(faint, d.peak-under) {
		d.hang = max(d.hang, blip)
	}
}

// clarity is how clear the voice is: clear, middle or noisy.
func (d *Detector) clarity() int {
	switch over := d.peak - d.noise.total(); {
	case over < buried:
		return noisy
	case over < distinct:
		return middle
	}
	return clear
}

// Voiced reports whether the newest frame itself stood above the background: no
// hang-over.
func (d *Detector) Voiced() bool { return d.run > 0 }

// Level is that of the last 20 ms in dBm0.
func (d *Detector) Level() float32 { return d.level }

// Peak is the level of the voice in dBm0 where it is loud.
func (d *Detector) Peak() float32 { return d.peak }

// Background is the level of the noise in dBm0.
func (d *Detector) Background() float32 { return d.noise.total() }

// decibel is a mean square in dBm0, to within 0.001 dB. The logarithm is that of the
// exponent and a polynomial for the mantissa: math's is of float64, which the
// processors of boxes do slowly.
func decibel(ms float32) float32 {
	b := math.Float32bits(ms + 1e-3)
	m := math.Float32frombits(b&(1<<23-1) | 127<<23)
	log2 := float32(int32(b>>23)-127) - 2.50561466 + m*(4.04961689+m*(-2.09940228+m*(0.63551112-m*0.08001088)))
	return 3.0103*log2 - 84.158
}

// meanSquare undoes decibel, in the same way.
func meanSquare(dBm0 float32) float32 {
	log2 := (dBm0 + 84.158) / 3.0103
	whole := math.Floor(float64(log2))
	m := log2 - float32(whole)
	m = 1.0000036 + m*(0.69296955+m*(0.24162132+m*(0.05171774+m*0.01368398)))
	return m * math.Float32frombits(uint32(int32(whole)+127)<<23)
}
