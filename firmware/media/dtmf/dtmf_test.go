package dtmf

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"centralita/firmware/media"
)

// keys is the sound of digits with the test's own tones: levels in dBm0, times
// in ms, frequencies off by parts.
type keys struct {
	digits         string
	low, high      float64
	on, off        int
	rowOff, colOff float64
	breakMs        int     // silence in the middle
	noise          float64 // dBm0, 0 is none
	dial           float64 // dBm0 of 350+440 Hz under it, 0 is none
}

func (k keys) sound(seed uint64) []int16 {
	var x []float64
	x = append(x, make([]float64, 600)...)
	for i := range len(k.digits) {
		n := strings.IndexByte(Digits, k.digits[i])
		wl := 2 * math.Pi * float64(rowHz[n/4]) * (1 + k.rowOff) / 8000
		wh := 2 * math.Pi * float64(colHz[n%4]) * (1 + k.colOff) / 8000
		count := k.on * 8
		for j := range count {
			v := dbm(k.low)*math.Sin(wl*float64(j)) + dbm(k.high)*math.Sin(wh*float64(j)+1)
			if m := j - count/2; m >= 0 && m < k.breakMs*8 {
				v = 0
			}
			x = append(x, v*min(1, float64(j+1)/4, float64(count-j)/4))
		}
		x = append(x, make([]float64, k.off*8+i%17)...)
	}
	x = append(x, make([]float64, 800)...)
	r := rand.New(rand.NewPCG(seed, 1))
	pcm := make([]int16, len(x))
	for i, v := range x {
		if k.noise != 0 {
			v += r.NormFloat64() * dbm(k.noise) / math.Sqrt2
		}
		if k.dial != 0 {
			v += dbm(k.dial) * (math.Sin(2*math.Pi*350/8000*float64(i)) + math.Sin(2*math.Pi*440/8000*float64(i)))
		}
		pcm[i] = int16(math.Round(max(-32768, min(32767, v))))
	}
	return pcm
}

// dbm is the peak of a sine at a level.
func dbm(level float64) float64 { return 16141 * math.Sqrt2 * math.Pow(10, level/20) }

// heard runs a detector over sound and returns the digits that began, and how
// late the first was in ms.
func heard(p Profile, pcm []int16) (digits string, late float64) {
	d := NewDetector(p)
	began := 0
	for i := 0; i+80 <= len(pcm); i += 80 {
		for _, c := range d.Process(pcm[i : i+80]) {
			if c.Began {
				digits += string(c.Digit)
				if began++; began == 1 {
					late = float64(i+80-600) / 8
				}
			}
		}
	}
	return digits, late
}

const sixteen = "123A456B789C*0#D"

// What ITU-T Q.24 asks a receiver to take.
func TestTakes(t *testing.T) {
	for name, k := range map[string]keys{
		"nominal":             {low: -11, high: -9, on: 80, off: 80},
		"loud":                {low: -3, high: -3, on: 50, off: 50},
		"faint":               {low: -35, high: -35, on: 50, off: 50},
		"low tone 8 dB up":    {low: -10, high: -18, on: 50, off: 50},
		"high tone 4 dB up":   {low: -16, high: -12, on: 50, off: 50},
		"1.5 % sharp":         {low: -10, high: -10, on: 50, off: 50, rowOff: .015, colOff: .015},
		"1.5 % flat":          {low: -10, high: -10, on: 50, off: 50, rowOff: -.015, colOff: -.015},
		"1.5 % apart":         {low: -10, high: -10, on: 50, off: 50, rowOff: .015, colOff: -.015},
		"1.8 % sharp (NTT)":   {low: -10, high: -10, on: 50, off: 50, rowOff: .018, colOff: .018},
		"1.8 % flat (NTT)":    {low: -10, high: -10, on: 50, off: 50, rowOff: -.018, colOff: -.018},
		"shortest":            {low: -10, high: -10, on: 40, off: 40},
		"break of 10 ms":      {low: -10, high: -10, on: 120, off: 60, breakMs: 10},
		"noise 15 dB down":    {low: -20, high: -20, on: 50, off: 50, noise: -32},
		"dial tone beneath":   {low: -10, high: -10, on: 60, off: 60, dial: -16},
		"same digit repeated": {digits: strings.Repeat("5", 16), low: -10, high: -10, on: 50, off: 40},
	} {
		if k.digits == "" {
			k.digits = sixteen
		}
		if got, late := heard(Line(), k.sound(7)); got != k.digits || late > 45 {
			t.Errorf("%s: heard %s, the first after %.0f ms", name, got, late)
		}
	}
}

// What it asks a receiver to refuse.
func TestRefuses(t *testing.T) {
	for name, k := range map[string]keys{
		"23 ms":            {low: -10, high: -10, on: 23, off: 80},
		"3 % sharp (NTT)":  {low: -10, high: -10, on: 80, off: 80, rowOff: .03, colOff: .03},
		"3.5 % sharp":      {low: -10, high: -10, on: 80, off: 80, rowOff: .035, colOff: .035},
		"3.5 % flat":       {low: -10, high: -10, on: 80, off: 80, rowOff: -.035, colOff: -.035},
		"below -50 dBm0":   {low: -50, high: -50, on: 80, off: 80},
		"twist of 14 dB":   {low: -10, high: -24, on: 80, off: 80},
		"reverse of 12 dB": {low: -24, high: -12, on: 80, off: 80},
	} {
		k.digits = sixteen
		if got, _ := heard(Line(), k.sound(7)); got != "" {
			t.Errorf("%s: heard %s", name, got)
		}
	}
}

// In a call clear digits must still be taken.
func TestCallProfile(t *testing.T) {
	k := keys{digits: sixteen, low: -11, high: -9, on: 60, off: 60, noise: -40}
	if got, late := heard(Call(), k.sound(3)); got != sixteen || late > 50 {
		t.Fatalf("heard %s, the first after %.0f ms", got, late)
	}
}

// Something like a voice, with its harmonics gliding and swelling, is no digit.
func TestVoiceIsNoDigit(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	seconds := 120
	if testing.Short() {
		seconds = 15
	}
	pcm := make([]int16, 8000*seconds)
	phase, f0, loud, toF, toL := 0.0, 120.0, 1.0, 120.0, 1.0
	for i := range pcm {
		if i%1200 == 0 {
			toF, toL = 90+r.Float64()*200, r.Float64()
		}
		f0 += (toF - f0) / 800
		loud += (toL - loud) / 400
		phase += f0 / 8000
		var v float64
		for h := 1; float64(h)*f0 < 3400; h++ {
			f := float64(h) * f0
			formant := math.Exp(-sq((f-650)/200)) + 0.6*math.Exp(-sq((f-1300)/250)) + 0.02
			v += formant * math.Sin(2*math.Pi*phase*float64(h))
		}
		pcm[i] = int16(v * loud * 4000)
	}
	for _, p := range []Profile{Line(), Call()} {
		if got, _ := heard(p, pcm); got != "" {
			t.Errorf("heard %s", got)
		}
	}
}

func sq(x float64) float64 { return x * x }

// An ear tells both ends of a digit.
func TestEar(t *testing.T) {
	e := media.New()
	m, err := NewMaker("7", DefaultStyle())
	if err != nil {
		t.Fatal(err)
	}
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	e.Plug(h, m)
	e.Attach(h, NewDetector(Line()))
	for range 30 {
		e.Tick()
	}
	began, _ := e.Next()
	ended, _ := e.Next()
	if began.Kind != media.DigitBegan || began.Value != '7' || ended.Kind != media.DigitEnded || ended.Value != '7' {
		t.Fatalf("told %+v, %+v", began, ended)
	}
	if d := ended.Tick - began.Tick; d < 7 || d > 10 {
		t.Errorf("a digit of 100 ms lasted %d0 ms", d)
	}
}

// A maker's digits have the levels and times of its style, and are heard.
func TestMaker(t *testing.T) {
	s := DefaultStyle()
	m, err := NewMaker("0123456789*#abcd", s)
	if err != nil {
		t.Fatal(err)
	}
	pcm := make([]int16, 16*1600+80)
	if n := m.Fill(pcm); n != 16*1600 || m.Duration() != 3200*time.Millisecond {
		t.Fatalf("%d samples, %v", n, m.Duration())
	}
	if got, _ := heard(Call(), pcm); got != "0123456789*#ABCD" {
		t.Fatalf("heard %s", got)
	}
	one := pcm[1600+100 : 1600+700] // the steady part of the "1"
	for hz, want := range map[float64]float64{697: -11, 1209: -9} {
		var re, im float64
		for i, v := range one {
			w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(len(one)))
			re += w * float64(v) * math.Cos(2*math.Pi*hz*float64(i)/8000)
			im += w * float64(v) * math.Sin(2*math.Pi*hz*float64(i)/8000)
		}
		got := 20 * math.Log10(math.Hypot(re, im)*4/float64(len(one))/math.Sqrt2/16141)
		if math.Abs(got-want) > 0.1 {
			t.Errorf("%g Hz: %.2f dBm0, want %g", hz, got, want)
		}
	}
}

func TestMakerRefuses(t *testing.T) {
	for _, d := range []string{"12x", "!", strings.Repeat("1", MaxDigits+1), "1 2", "\x00"} {
		if _, err := NewMaker(d, DefaultStyle()); err == nil {
			t.Errorf("%q was taken", d)
		}
	}
	if _, err := NewMaker("1", Style{On: time.Hour}); err == nil {
		t.Error("a tone of an hour was taken")
	}
}

func TestEvents(t *testing.T) {
	for digit, event := range map[byte]uint8{'0': 0, '9': 9, '*': 10, '#': 11, 'A': 12, 'd': 15, '!': 16} {
		if e, ok := Event(digit); !ok || e != event {
			t.Errorf("%c is event %d, %v", digit, e, ok)
		}
	}
	for e := range 256 {
		if d, ok := Digit(uint8(e)); ok != (e <= 16) {
			t.Errorf("event %d is %c", e, d)
		}
	}
}

func TestDetectorAllocatesNothing(t *testing.T) {
	d := NewDetector(Line())
	pcm := keys{digits: "5", low: -10, high: -10, on: 80, off: 80}.sound(1)
	if n := testing.AllocsPerRun(100, func() { d.Process(pcm[600:680]) }); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

func BenchmarkDetector(b *testing.B) {
	d := NewDetector(Line())
	pcm := keys{digits: sixteen, low: -10, high: -10, on: 80, off: 80}.sound(1)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i += 80; i+80 > len(pcm) {
			i = 0
		}
		d.Process(pcm[i : i+80])
	}
}
