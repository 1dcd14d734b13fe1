package town

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"centralita/hal/sim/wire"
)

func TestLevels(t *testing.T) {
	full := render(1000, [2]float64{1000, 3.14})
	if top := slices.Max(full); top < 32700 {
		t.Errorf("a sine of +3.14 dBm0 peaks at %d, want full scale", top)
	}
	var s wire.Sound
	copy(s[:], render(10, [2]float64{1000, -10}))
	if got := levelOf(energy(&s)); math.Abs(got+10) > 0.05 {
		t.Errorf("-10 dBm0 measures %v", got)
	}
}

func TestBabble(t *testing.T) {
	a := Babble(1)
	if slices.Equal(a, Babble(2)) {
		t.Error("two seeds, one voice")
	}
	if !slices.Equal(a, Babble(1)) {
		t.Error("one seed, two voices")
	}
	var e ear
	e.learn(countries[0])
	e.fresh()
	digits := 0
	for i := 0; i+80 <= len(a); i += 80 {
		if e.hear((*wire.Sound)(a[i:i+80])) != 0 {
			digits++
		}
	}
	if got := e.hears().Speech; math.Abs(got-babbleLevel) > 2 {
		t.Errorf("active level %v dBm0, want %v", got, babbleLevel)
	}
	if digits > 0 || e.clipped > 0 {
		t.Errorf("%d digits heard in a voice, %d samples clipped", digits, e.clipped)
	}
}

// Nobody speaks digits: voices do not dial.
func TestTalkOff(t *testing.T) {
	heard := 0
	for seed := range uint64(15) {
		var e digitEar
		e.reset()
		v := Babble(seed)
		for i := 0; i+80 <= len(v); i += 80 {
			if e.hear((*wire.Sound)(v[i:i+80])) != 0 {
				heard++
			}
		}
	}
	if heard > 0 {
		t.Errorf("%d digits heard in five minutes of voices", heard)
	}
}

// ITU-T Q.24: 1.5 % off, 6 dB of twist, noise 20 dB down, 50 ms on and off.
func TestDigitsUnderStress(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, off := range []float64{-1.5, 0, 1.5} {
		for _, twist := range []float64{-6, 0, 4} {
			for k := range 16 {
				tone := render(50, [2]float64{rowHz[k/4] * (1 + off/100), -12}, [2]float64{columnHz[k%4] * (1 + off/100), -12 + twist})
				x := slices.Concat(make([]int16, 400+r.IntN(80)), tone, make([]int16, 800))
				for i := range x {
					x[i] = clip(float64(x[i]) + r.NormFloat64()*math.Sqrt(meanSquareOf(-32)))
				}
				var e digitEar
				e.reset()
				var got []byte
				for i := 0; i+80 <= len(x); i += 80 {
					if d := e.hear((*wire.Sound)(x[i : i+80])); d != 0 {
						got = append(got, d)
					}
				}
				if string(got) != keys[k:k+1] {
					t.Errorf("%c at %+v %%, twist %v: heard %q", keys[k], off, twist, got)
				}
			}
		}
	}
}

// The receiver takes messages from -13.5 down to -36 dBm0 and with noise 20 dB
// under them, at either standard.
func TestFSKUnderStress(t *testing.T) {
	who := caller{number: "+34912345678", name: "Óptica Núñez", at: noon}
	r := rand.New(rand.NewPCG(3, 4))
	for name, standard := range map[string]fskStandard{"V.23": v23, "Bell 202": bell202} {
		for _, loss := range []float64{0, 10, 22} {
			for trial := range 20 {
				x := slices.Concat(make([]int16, 800+trial*13), modulate(who.message(), standard, seizureETSI, markETSI), make([]int16, 800))
				noise := math.Sqrt(meanSquareOf(fskLevel - loss - 20))
				for i := range x {
					x[i] = clip(float64(x[i])*math.Pow(10, -loss/20) + r.NormFloat64()*noise)
				}
				var e fskEar
				e.reset()
				var got Shown
				for i := 0; i+80 <= len(x); i += 80 {
					if m := e.hear((*wire.Sound)(x[i : i+80])); m != nil {
						got = decodeMessage(m)
					}
				}
				if got.Number != who.number || got.Name != who.name || got.Date != "03071234" {
					t.Errorf("%s at %v dB loss: %+v", name, loss, got)
				}
			}
		}
	}
}

func TestRecordingIsWhatWasHeard(t *testing.T) {
	s := incoming(t, "ES", Supervision{})
	if err := s.set.Record("heard.wav"); err != nil {
		t.Fatal(err)
	}
	if err := s.set.Record("again.wav"); err == nil {
		t.Error("recorded twice at once")
	}
	first := s.set.ear.count
	s.run(8 * time.Second)
	want, _ := s.set.Heard(first, ringFrames, nil)
	if err := s.set.StopRecording(); err != nil {
		t.Fatal(err)
	}
	got, err := s.readFile("heard.wav")
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%d samples recorded, %d heard, or not the same", len(got), len(want))
	}
	if err := s.set.StopRecording(); err == nil {
		t.Error("stopped a recording that is none")
	}
	// What was recorded can be spoken.
	s.must(s.set.Speak(Speech{File: "heard.wav"}))
}

func TestFilesStayInTheFolder(t *testing.T) {
	s := newStreet(t, "ES")
	outside := filepath.Join(t.TempDir(), "secret.wav")
	if err := os.WriteFile(outside, append(wavHeader(2), 1, 2), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{outside, "../secret.wav", "a/../../secret.wav"} {
		if _, err := s.readFile(name); err == nil {
			t.Errorf("read %s", name)
		}
		if err := s.set.Record(name); err == nil {
			t.Errorf("wrote %s", name)
		}
	}
}

func FuzzDecodeWAV(f *testing.F) {
	f.Add(append(wavHeader(4), 1, 2, 3, 4))
	f.Add([]byte("RIFF\xff\xff\xff\xffWAVEdata\xff\xff\xff\xff"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVEfmt \x03\x00\x00\x00abc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := decodeWAV("x.wav", b); err == nil && 2*len(s) > len(b) {
			t.Error("more sound than file")
		}
	})
}

func FuzzDecodeMessage(f *testing.F) {
	f.Add(caller{number: "912345678", at: noon}.message())
	f.Add([]byte{typeMDMF, 2, paramNumber, 9, 0x74})
	f.Add([]byte{typeSDMF, 0, 0xfc})
	f.Fuzz(func(t *testing.T, b []byte) { decodeMessage(b) })
}
