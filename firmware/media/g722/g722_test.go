package g722

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"testing"
)

// sound is two seconds that visit every part of the coder: a voice-like sum of
// partials, whistles in both bands, noise, silence, and full-scale squares that
// drive every saturation. Integers only, so that it is the same on any machine.
func sound() []int16 {
	r := rand.New(rand.NewPCG(722, 16000))
	pcm := make([]int16, 32000)
	var phase [6]uint32
	for i := range pcm {
		var v int32
		part := i / 4000
		for k := range phase {
			phase[k] += uint32(40+k*37+part*11) << 22
			v += triangle(phase[k]) / int32(2+k)
		}
		switch part {
		case 1, 4:
			v = v/8 + int32(r.Uint32()>>20) - 2048
		case 2:
			v = (v*3 - 32768*int32(i/7&1) + 16384) * 4
		case 3:
			v /= 4096
		case 5:
			v = triangle(uint32(i) * 0x69000000)
		case 6:
			v = int32(r.Uint32()>>16) - 32768
		}
		pcm[i] = int16(sat(v))
	}
	return pcm
}

func triangle(p uint32) int32 {
	v := int32(p>>15) - 65536
	return max(v, -v) - 32768
}

// The sums were taken when encoder and all three decoders gave the ITU-T tool
// library's vectors byte for byte; they hold the code to that.
func TestExact(t *testing.T) {
	pcm := sound()
	code := make([]byte, len(pcm)/2)
	var e Encoder
	for i := 0; i < len(code); i += 80 { // as frames come
		if n := e.Encode(code[i:], pcm[2*i:2*i+160]); n != 80 {
			t.Fatalf("%d octets of a frame", n)
		}
	}
	same(t, "encoder", code, "72838805174b803c955d0c83")
	noise := make([]byte, len(code)) // every octet in every order: no encoder says this
	r := rand.New(rand.NewPCG(6, 3))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for m, want := range map[Mode][2]string{
		Mode64: {"903e37435aca022acecde38b", "5a1fc39b6fdb091c7b625630"},
		Mode56: {"b4af2c7b861d26bad6228431", "ca90ae09e46b89711337432a"},
		Mode48: {"42b7884eeec566717f76a609", "b7ca3fba69c30e3938e0f261"},
	} {
		for k, in := range [][]byte{code, noise} {
			d := Decoder{Mode: m}
			out := make([]int16, 2*len(in))
			if n := d.Decode(out, in); n != len(out) {
				t.Fatalf("%d samples", n)
			}
			octets := make([]byte, 2*len(out))
			for i, s := range out {
				binary.LittleEndian.PutUint16(octets[2*i:], uint16(s))
			}
			same(t, "decoder", octets, want[k])
		}
	}
}

func same(t *testing.T, what string, b []byte, want string) {
	t.Helper()
	h := sha256.Sum256(b)
	if got := hex.EncodeToString(h[:12]); got != want {
		t.Errorf("%s: %s, want %s", what, got, want)
	}
}

// What comes back is what went in, 22 samples later, as near as each mode allows.
func TestRoundTrip(t *testing.T) {
	const delay = 22
	pcm := make([]int16, 32000)
	for i := range pcm {
		x := float64(i) / 16000
		env := 0.55 + 0.45*math.Sin(2*math.Pi*3*x)
		pcm[i] = int16(env * (5000*math.Sin(2*math.Pi*310*x) + 3000*math.Sin(2*math.Pi*1270*x+1) + 700*math.Sin(2*math.Pi*5200*x+2)))
	}
	var e Encoder
	code := make([]byte, len(pcm)/2)
	e.Encode(code, pcm)
	for m, least := range map[Mode]float64{Mode64: 39, Mode56: 36, Mode48: 30.5} {
		d := Decoder{Mode: m}
		out := make([]int16, len(pcm))
		d.Decode(out, code)
		var sig, err float64
		for i := 800; i < len(pcm); i++ {
			a, b := float64(pcm[i-delay]), float64(out[i])
			sig += a * a
			err += (a - b) * (a - b)
		}
		snr := 10 * math.Log10(sig/err)
		if snr < least {
			t.Errorf("mode %d: %.1f dB, want %.1f", m, snr, least)
		}
	}
}

// Silence stays silent: no idle tone above the least bits.
func TestSilence(t *testing.T) {
	var e Encoder
	var d Decoder
	code, out := make([]byte, 8000), make([]int16, 16000)
	e.Encode(code, make([]int16, 16000))
	d.Decode(out, code)
	for i, s := range out {
		if s < -4 || s > 4 {
			t.Fatalf("sample %d is %d", i, s)
		}
	}
}

// A short buffer is filled and no more; half a pair is left alone.
func TestBounds(t *testing.T) {
	var e Encoder
	var d Decoder
	if n := e.Encode(make([]byte, 3), make([]int16, 100)); n != 3 {
		t.Errorf("%d octets", n)
	}
	if n := e.Encode(make([]byte, 30), make([]int16, 9)); n != 4 {
		t.Errorf("%d octets of 9 samples", n)
	}
	if n := d.Decode(make([]int16, 5), make([]byte, 100)); n != 4 {
		t.Errorf("%d samples", n)
	}
	if n := d.Decode(nil, nil) + e.Encode(nil, nil); n != 0 {
		t.Errorf("%d of nothing", n)
	}
}

func TestAllocatesNothing(t *testing.T) {
	var e Encoder
	var d Decoder
	pcm, code := sound()[:160], make([]byte, 80)
	if n := testing.AllocsPerRun(100, func() {
		e.Encode(code, pcm)
		d.Decode(pcm, code)
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

// The benchmarks are of 10 ms.
func BenchmarkEncode(b *testing.B) {
	var e Encoder
	pcm, code := sound(), make([]byte, 80)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		e.Encode(code, pcm[i:i+160])
		i = (i + 160) % len(pcm)
	}
}

func BenchmarkDecode(b *testing.B) {
	var e Encoder
	var d Decoder
	pcm := sound()
	code, out := make([]byte, len(pcm)/2), make([]int16, 160)
	e.Encode(code, pcm)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		d.Decode(out, code[i:i+80])
		i = (i + 80) % len(code)
	}
}
