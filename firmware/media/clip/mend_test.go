package clip

import (
	"math"
	"testing"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g711"
)

// sung is a voice-like sound of whole periods.
func sung(i int) int16 {
	t := float64(i) / 8000
	return int16(6000*math.Sin(2*math.Pi*125*t) + 3000*math.Sin(2*math.Pi*375*t))
}

// record gives the left side of a relayed call of which some packets of 20 ms are lost.
func record(t *testing.T, packets int, lost func(n int) bool) []int16 {
	d := newDeck(t)
	for n := range packets {
		at := time.Duration(n) * 20 * time.Millisecond
		if !lost(n) {
			var pcm [160]int16
			for i := range pcm {
				pcm[i] = sung(160*n + i)
			}
			var b [160]byte
			g711.ALaw.Encode(b[:], pcm[:])
			if err := d.tape.Packet(media.Packet{Side: media.Left, Law: g711.ALaw, TS: uint32(160 * n), At: at, Sound: b[:]}); err != nil {
				t.Fatal(err)
			}
		}
		if n%5 == 4 {
			d.take(at)
		}
	}
	left, _ := d.end()
	return left
}

// Lost packets of a relayed call sound in its recording as those hear them whose
// telephones make them up: the voice goes on.
func TestLostPacketsAreMadeUp(t *testing.T) {
	left := record(t, 500, func(n int) bool { return n%25 == 20 || n%100 == 46 || n%100 == 47 })
	var signal, noise float64
	for i := 160; i < 499*160; i++ {
		want := float64(sung(i))
		signal += want * want
		noise += (float64(left[i]) - want) * (float64(left[i]) - want)
	}
	if snr := 10 * math.Log10(signal/noise); snr < 20 { // silence in their place gives 12
		t.Errorf("%.1f dB of signal to noise with 6 %% lost", snr)
	}
}

// A pause is no loss: nothing is said in it, and what is behind it stands in its time.
func TestPausesStaySilent(t *testing.T) {
	left := record(t, 500, func(n int) bool { return n%50 >= 40 }) // 200 ms of each second
	for i, v := range left[:490*160] {
		if n := i / 160 % 50; n >= 40 && v != 0 {
			t.Fatalf("sample %d in a pause is %d", i, v)
		} else if want := sung(i); n < 40 && (v-want > 300 || want-v > 300) {
			t.Fatalf("sample %d is %d, want %d", i, v, want)
		}
	}
}

// BenchmarkRelayedSecond is what a second of a recorded call costs the recorder, one
// packet of 50 lost on either side.
func BenchmarkRelayedSecond(b *testing.B) {
	w, err := Create(b.TempDir()+"/b.wav", PCM16, 2)
	if err != nil {
		b.Fatal(err)
	}
	tape := NewTape(media.NewTap(4), w)
	sound := sound(0, 160)
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		for range 50 {
			at := time.Duration(n) * 20 * time.Millisecond
			for side := range media.Side(2) {
				if n%50 != 25 {
					_ = tape.Packet(media.Packet{Side: side, TS: uint32(160 * n), At: at, Sound: sound})
				}
			}
			n++
		}
		_ = tape.Take(time.Duration(n) * 20 * time.Millisecond)
		if n%150_000 == 0 { // well before the longest file
			_ = w.f.Truncate(headerSize)
			w.data, w.patched = 0, 0
		}
	}
}
