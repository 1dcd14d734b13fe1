package media

// Ports of 8 and of 16 kHz hear each other through the halver and the doubler: one
// half-band low pass of 31 taps (Kaiser window, beta 5), -0.4 dB at 3.4 kHz, -3 dB at
// 3.8 kHz and at least -33 dB from 4.7 kHz on. Ears and recordings are narrow, too.

// The half-band taps in 1/32768: the centre, and those at odd distances from it on
// either side; the others are zero.
const (
	halfCentre = 16384
	halfTaps   = 31
)

var half = [8]int32{10329, -3178, 1618, -893, 481, -236, 97, -26}

// halver brings 16 kHz to 8 kHz.
type halver struct {
	past [halfTaps - 1]int16
}

func (h *halver) halve(out *[Narrow]int16, in *[Wide]int16) {
	const middle = halfTaps / 2
	var b [halfTaps - 1 + int(Wide)]int16
	copy(b[:], h.past[:])
	copy(b[halfTaps-1:], in[:])
	for i := range out {
		w := (*[halfTaps]int16)(b[2*i:])
		v := halfCentre * int32(w[middle])
		for k, t := range half {
			v += t * (int32(w[middle-1-2*k]) + int32(w[middle+1+2*k]))
		}
		out[i] = short(v >> 15)
	}
	copy(h.past[:], in[int(Wide)-len(h.past):])
}

// doubler brings 8 kHz to 16 kHz.
type doubler struct {
	past [halfTaps / 2]int16
}

func (d *doubler) double(out *[Wide]int16, in *[Narrow]int16) {
	const taps = (halfTaps + 1) / 2
	var b [taps - 1 + int(Narrow)]int16
	copy(b[:], d.past[:])
	copy(b[taps-1:], in[:])
	for i := range in {
		w := (*[taps]int16)(b[i:])
		var v int32
		for k, t := range half {
			v += t * (int32(w[taps/2-1-k]) + int32(w[taps/2+k]))
		}
		out[2*i] = short(v >> 14)
		out[2*i+1] = w[taps/2]
	}
	copy(d.past[:], in[int(Narrow)-len(d.past):])
}

func short(v int32) int16 { return int16(min(max(v, -32768), 32767)) }
