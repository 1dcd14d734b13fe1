package callerid

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"centralita/firmware/media"
)

var noon = time.Date(2000, 5, 4, 12, 7, 0, 0, time.UTC)

// messages are what exchanges send.
var messages = []Message{
	{Kind: Call, Time: noon, Number: "912345678", Name: "MARIA LOPEZ"},
	{Kind: Call, Time: noon, Number: "0039066982", CallType: 1},
	{Kind: Call, Time: noon, NoNumber: Private, NoName: Private},
	{Kind: Call, Time: noon, NoNumber: Unavailable},
	{Kind: Single, Time: noon, Number: "5551234"},
	{Kind: Single, Time: noon, NoNumber: Private},
	{Kind: MessageWaiting, Waiting: true},
	{Kind: SingleWaiting, Waiting: true},
}

// What is built must be read again, field by field.
func TestFrameAndParse(t *testing.T) {
	for _, m := range messages {
		got, err := Parse(m.Frame())
		if err != nil || got != m {
			t.Errorf("%+v\nbecame %+v, %v", m, got, err)
		}
	}
}

// A frame as GR-30 prints it: sums to zero, parameters in their order.
func TestFrameBytes(t *testing.T) {
	m := Message{Time: noon, Number: "12", Name: "A"}
	want := append([]byte{0x80, 17, 0x01, 8}, "05041207"...)
	want = append(want, 0x02, 2, '1', '2', 0x07, 1, 'A')
	got := m.Frame()
	if !bytes.Equal(got[:len(got)-1], want) {
		t.Fatalf("% x", got)
	}
	if checksum(got) != 0 {
		t.Fatal("does not sum to zero")
	}
}

// Texts from the line and to the line are cleaned and bounded.
func TestTextsAreClean(t *testing.T) {
	m := Message{Time: noon, Number: "+34 91-234\x1b56\nx", Name: "Peñ\x00a<script>" + string(make([]byte, 300))}
	got, err := Parse(m.Frame())
	if err != nil || got.Number != "+349123456" || got.Name != "Pena<script>" {
		t.Fatalf("%+v, %v", got, err)
	}
	long := Message{Time: noon, Number: string(bytes.Repeat([]byte("9"), 400)), Name: string(bytes.Repeat([]byte("N"), 400))}
	if got, err := Parse(long.Frame()); err != nil || len(got.Number) != MaxNumber || len(got.Name) != MaxName {
		t.Fatalf("%+v, %v", got, err)
	}
}

// sound is a message at a level, with what a line adds.
func sound(modem Modem, m Message, dBm0 float64, add func(i int) float64) []int16 {
	s := NewSender(modem, m)
	pcm := make([]int16, 8000*4)
	n := 2000 + s.Fill(pcm[2000:])
	pcm = pcm[: n+1200 : n+1200]
	gain := math.Pow(10, (dBm0-level)/20)
	for i, v := range pcm {
		x := float64(v) * gain
		if add != nil {
			x += add(i)
		}
		pcm[i] = int16(math.Round(max(-32768, min(32767, x))))
	}
	return pcm
}

func receive(modem Modem, pcm []int16) []Message {
	r := NewReceiver(modem)
	var got []Message
	for ; len(pcm) >= 80; pcm = pcm[80:] {
		if m := r.Hear((*[media.Narrow]int16)(pcm)); m != nil {
			got = append(got, *m)
		}
	}
	return got
}

func peak(dBm0 float64) float64 { return 16141 * math.Sqrt2 * math.Pow(10, dBm0/20) }

// Every message must come through both modems, once, loud and faint, with
// noise, hum, an offset and the tail of ringing on the line.
func TestReceives(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	noise := func(dBm0 float64) func(int) float64 {
		return func(int) float64 { return r.NormFloat64() * peak(dBm0) / math.Sqrt2 }
	}
	for _, modem := range []Modem{V23, Bell202} {
		for name, line := range map[string]struct {
			level float64
			add   func(int) float64
		}{
			"nominal":      {-13.5, nil},
			"loud":         {-6, nil},
			"faint":        {-40, noise(-65)},
			"noise 15 dB":  {-20, noise(-35)},
			"hum of 50 Hz": {-25, func(i int) float64 { return peak(-20) * math.Sin(2*math.Pi*50/8000*float64(i)) }},
			"offset":       {-25, func(int) float64 { return 1000 }},
			"ring tail": {-20, func(i int) float64 {
				return peak(-8) * math.Exp(-float64(i)/800) * math.Sin(2*math.Pi*25/8000*float64(i))
			}},
			"another modem": {-13.5, func(i int) float64 { return peak(-40) * math.Sin(2*math.Pi*1700/8000*float64(i)) }},
		} {
			for _, m := range messages {
				got := receive(modem, sound(modem, m, line.level, line.add))
				if len(got) != 1 || got[0] != m {
					t.Errorf("%v, %s: sent %+v, got %+v", modem, name, m, got)
				}
			}
		}
	}
}

// The sender's bits must last 1/1200 s on the average and its level be that of
// an exchange.
func TestSender(t *testing.T) {
	s := NewSender(V23, messages[0])
	pcm := make([]int16, 8000*4)
	n := s.Fill(pcm)
	if want := int(float64(s.bits())*8000/1200 + 0.5); n < want-2 || n > want+2 {
		t.Fatalf("%d samples, want %d", n, want)
	}
	var sum float64
	for _, v := range pcm[:n] {
		sum += float64(v) * float64(v)
	}
	if l := 20 * math.Log10(math.Sqrt(sum/float64(n))/16141); math.Abs(l-level) > 0.1 {
		t.Fatalf("%.2f dBm0", l)
	}
}

// A message with one wrong bit is not delivered.
func TestWrongChecksum(t *testing.T) {
	s := NewSender(Bell202, messages[0])
	s.frame[5] ^= 4
	pcm := make([]int16, 8000*3)
	s.Fill(pcm[800:])
	if got := receive(Bell202, pcm); len(got) != 0 {
		t.Fatalf("got %+v", got)
	}
}

// Noise and a gliding voice deliver nothing.
func TestNothingInNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	pcm := make([]int16, 8000*60)
	var phase float64
	for i := range pcm {
		phase += (1500 + 900*math.Sin(float64(i)/3000)) / 8000
		pcm[i] = int16(r.NormFloat64()*1000 + 6000*math.Sin(2*math.Pi*phase))
	}
	if got := receive(V23, pcm); len(got) != 0 {
		t.Fatalf("got %+v", got)
	}
}

func TestParseDigits(t *testing.T) {
	for s, want := range map[string]Message{
		"A1133334444C":         {Number: "1133334444"},
		"A1133334444#":         {Number: "1133334444"},
		"A912D913C":            {Number: "912"},
		"D555123C":             {Number: "555123"},
		"555123#":              {Number: "555123"},
		"B10C":                 {NoNumber: Private},
		"A10C":                 {NoNumber: Private},
		"B00C":                 {NoNumber: Unavailable},
		"D1#":                  {NoNumber: Private},
		"D2#":                  {NoNumber: Unavailable},
		"A0102030405D0607B00C": {Number: "0102030405", NoNumber: Unavailable},
	} {
		want.Kind = Call
		if got, ok := ParseDigits(s); !ok || got != want {
			t.Errorf("%s: %+v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "C", "#", "A123", "AC", "A12*3C", "DC", "BxC", "12", "D9#x"} {
		if got, ok := ParseDigits(s); ok {
			t.Errorf("%q was taken: %+v", s, got)
		}
	}
}

func TestReceiverAllocatesNothing(t *testing.T) {
	r := NewReceiver(V23)
	pcm := sound(V23, messages[0], -13.5, nil)
	i := 0
	if n := testing.AllocsPerRun(50, func() { // within the seizure and the marks
		r.Hear((*[media.Narrow]int16)(pcm[i:]))
		i += 80
	}); n != 0 {
		t.Fatalf("%g allocations", n)
	}
}

// Frames from outside never panic, and what is accepted is within its bounds.
func FuzzFrame(f *testing.F) {
	for _, m := range messages {
		f.Add(m.Frame())
	}
	f.Add([]byte{0x80, 3, 2, 200, 'x', 0})
	f.Add([]byte{0x04, 0, 0xfc})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err == nil && (len(m.Number) > MaxNumber || len(m.Name) > MaxName) {
			t.Fatalf("%+v", m)
		}
		if err == nil {
			if again, err := Parse(m.Frame()); err != nil || again.Number != m.Number && m.NoNumber == Shown {
				t.Fatalf("%+v became %+v, %v", m, again, err)
			}
		}
		ParseDigits(string(b))
	})
}

// Any bytes sent as bits, and any sound, leave the receiver alive; a valid frame
// among them is received.
func FuzzReceiver(f *testing.F) {
	for _, m := range messages {
		f.Add(m.Frame(), uint8(0))
	}
	f.Add([]byte{0x80, 255, 1, 2, 3}, uint8(200))
	f.Fuzz(func(t *testing.T, b []byte, loud uint8) {
		if len(b) > 300 {
			return
		}
		s := NewSender(Bell202, Message{})
		s.frame = b
		pcm := make([]int16, 800+int(float64(s.bits())*bit)+900)
		n := s.Fill(pcm[800:])
		for i := range pcm[:800+n] {
			if loud > 0 && len(b) > 0 {
				pcm[i] += int16(int8(b[i%len(b)])) * int16(loud)
			}
		}
		got := receive(Bell202, pcm)
		if _, err := Parse(b); err == nil && loud == 0 && len(got) != 1 {
			t.Fatalf("% x: got %+v", b, got)
		}
	})
}

func BenchmarkReceiver(b *testing.B) {
	r := NewReceiver(V23)
	pcm := sound(V23, messages[0], -13.5, nil)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i += 80; i+80 > 8000 {
			i = 2000
		}
		r.Hear((*[media.Narrow]int16)(pcm[i:]))
	}
}
