package callerid

import (
	"math"

	"centralita/firmware/media"
)

// What a carrier is: at least -48 dBm0, and the two tones hold this part of the
// power above 650 Hz, over about three bits.
const (
	carrierMin  = 16141 * 16141 * 1.585e-5
	carrierPart = 0.40
	smoothing   = 1.0 / 20
)

// Between bytes up to gapMax bits of mark may pass; a message begins with a start
// bit after markMin bits of mark.
const (
	gapMax  = 25 * bit
	markMin = 18 * bit
)

// Receiver finds messages in the sound of a line: it needs no seizure, only the
// marks before the first byte, and delivers what has a right checksum, once.
type Receiver struct {
	bank  bank
	high  highPass
	past  [2 * taps]float32 // the last samples, twice, so that a window on them never wraps
	at    int               // the oldest
	total float32           // mean power above 650 Hz
	level float32           // of it as the last message ended
	tones float32           // mean power in the tones
	amp   [2]float32
	uart  uart
}

// NewReceiver makes a receiver for one modem.
func NewReceiver(modem Modem) *Receiver {
	mark, space := modem.hz()
	r := &Receiver{bank: newBank(mark, space)}
	r.Reset()
	return r
}

// Reset forgets what was heard, as when a line goes off-hook.
func (r *Receiver) Reset() {
	r.high, r.past, r.total, r.tones = highPass{}, [2 * taps]float32{}, 0, 0
	r.amp = [2]float32{1, 1}
	r.uart.reset()
}

// Hear takes 10 ms and returns the message that ended in it, or nil.
func (r *Receiver) Hear(pcm *[media.Narrow]int16) *Message {
	var found *Message
	for _, s := range pcm {
		if frame := r.sample(float32(s)); frame != nil {
			if m, err := Parse(frame); err == nil {
				found, r.level = &m, r.total
			}
		}
	}
	return found
}

// Frame is the message that Hear has just returned as its bytes: type, length and
// content, without the checksum. Valid until the next Hear.
func (r *Receiver) Frame() []byte { return r.uart.frame[:max(0, r.uart.len-1)] }

// Level is that of the last message in dBm0.
func (r *Receiver) Level() float32 {
	return float32(10 * math.Log10(float64(r.level)/(16141*16141)+1e-12))
}

// sample takes one sample and returns a verified frame when its last bit came.
func (r *Receiver) sample(s float32) []byte {
	x := r.high.pass(s)
	r.past[r.at], r.past[r.at+taps] = x, x
	if r.at++; r.at == taps {
		r.at = 0
	}
	past := (*[taps]float32)(r.past[r.at:])
	var mc, ms, sc, ss float32
	for i, x := range past {
		b := &r.bank[i]
		mc += x * b[0]
		ms += x * b[1]
		sc += x * b[2]
		ss += x * b[3]
	}
	mark, space := mc*mc+ms*ms, sc*sc+ss*ss
	centre := past[taps/2]
	r.total += smoothing * (centre*centre - r.total)
	r.tones += smoothing * (max(mark, space) - r.tones)
	if r.total < carrierMin || r.tones < carrierPart*r.total {
		r.uart.reset()
		r.amp = [2]float32{1, 1}
		return nil
	}
	m, p := sqrt(mark), sqrt(space)
	d := m*r.amp[1] - p*r.amp[0]
	frame, sampled := r.uart.take(d / (m*r.amp[1] + p*r.amp[0] + 1))
	if sampled {
		r.balance(m, p, d > 0)
	}
	return frame
}

// balance follows the levels of the two tones, each in the middle of its bits;
// amp holds their amplitudes, 1 where the levels are equal.
func (r *Receiver) balance(mark, space float32, isMark bool) {
	scale := sqrt(r.total) + 1
	if isMark {
		r.amp[0] += (mark/scale - r.amp[0]) / 16
	} else {
		r.amp[1] += (space/scale - r.amp[1]) / 16
	}
	for i := range r.amp {
		r.amp[i] = min(max(r.amp[i], 0.3), 3)
	}
}

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// highPass takes hum, the tail of ringing and DC away: Butterworth, 4th order,
// 650 Hz; 50 Hz falls by 90 dB, 150 Hz by 52.
type highPass struct{ a, b [2]float32 }

func (h *highPass) pass(x float32) float32 {
	y := 0.50879227*x + h.a[0]
	h.a[0] = -1.01758455*x + 1.20225944*y + h.a[1]
	h.a[1] = 0.50879227*x - 0.37795409*y
	x = y
	y = x + h.b[0]
	h.b[0] = -2*x + 1.47010173*y + h.b[1]
	h.b[1] = x - 0.68493806*y
	return y
}
