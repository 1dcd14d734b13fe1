package clip

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"centralita/firmware/media"
	"centralita/firmware/media/g711"
)

// deck is a tape that is written by hand.
type deck struct {
	t    *testing.T
	path string
	tap  *media.Tap
	tape *Tape
	w    *Writer
}

func newDeck(t *testing.T) *deck {
	d := &deck{t: t, path: filepath.Join(t.TempDir(), "d.wav"), tap: media.NewTap(256)}
	var err error
	if d.w, err = Create(d.path, PCM16, 2); err != nil {
		t.Fatal(err)
	}
	d.tape = NewTape(d.tap, d.w)
	return d
}

// code is an octet that tells its place and is not silence.
func code(i int) byte {
	if c := byte(i ^ i>>8*31); c&0x7f < 0x70 {
		return c
	}
	return 1
}

func sound(from, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = code(from + i)
	}
	return b
}

func (d *deck) packet(side media.Side, ts, from, n int, at time.Duration) {
	d.t.Helper()
	if err := d.tape.Packet(media.Packet{Side: side, TS: uint32(ts), At: at, Sound: sound(from, n)}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *deck) take(at time.Duration) {
	d.t.Helper()
	if err := d.tape.Take(at); err != nil {
		d.t.Fatal(err)
	}
}

// end gives both sides of the file.
func (d *deck) end() (left, right []int16) {
	d.t.Helper()
	if err := d.tape.End(); err != nil {
		d.t.Fatal(err)
	}
	if err := d.w.Close(); err != nil {
		d.t.Fatal(err)
	}
	f, err := os.Open(d.path)
	if err != nil {
		d.t.Fatal(err)
	}
	defer f.Close()
	r, err := NewReader(f)
	if err != nil {
		d.t.Fatal(err)
	}
	left, right = make([]int16, 20<<20), make([]int16, 20<<20)
	n := r.Stereo(left, right)
	return left[:n], right[:n]
}

func value(i int) int16 {
	var v [1]int16
	g711.MuLaw.Decode(v[:], []byte{code(i)})
	return v[0]
}

// Ten minutes of packets, jittery, some out of order, some lost, some of them looked
// at late: each sample is where its time stamp says; what was lost is made up.
func TestPacketsStandWhereTheirTimeStampsSay(t *testing.T) {
	d := newDeck(t)
	const packets, lost = 30_000, 77
	swap := map[int]int{100: 101, 101: 100}
	for i := range packets {
		n := i
		if m, ok := swap[i]; ok {
			n = m
		}
		at := time.Duration(i)*20*time.Millisecond + time.Duration(i*7919%15)*time.Millisecond
		if n%1000 != lost || n == 0 {
			d.packet(media.Left, 160*n-5000, 160*n, 160, at) // the time stamps wrap
		}
		d.packet(media.Right, 9+160*n, 160*n, 160, at)
		if i%5 == 0 && i%1000 > 90 { // the writer sleeps 1.8 s of each 20
			d.take(at)
		}
	}
	left, right := d.end()
	if len(left) < 160*packets || len(left) > 160*packets+160 || d.tape.Late() != 0 {
		t.Fatalf("%d samples, %v late", len(left), d.tape.Late())
	}
	made := 0
	defer func() {
		if want := packets / 1000 * 160; made < want/2 {
			t.Errorf("%d samples made up of %d lost", made, want)
		}
	}()
	for i := range 160 * packets {
		want := value(i)
		if right[i] != want {
			t.Fatalf("right %d is %d, want %d", i, right[i], want)
		}
		switch place := i % 160_000; {
		case place >= 160*lost && place < 160*(lost+1):
			if left[i] != 0 {
				made++
			}
			continue
		case place >= 160*(lost+1) && place < 160*(lost+1)+20:
			continue // made-up sound passes into real one
		}
		if left[i] != want {
			t.Fatalf("left %d is %d, want %d", i, left[i], want)
		}
	}
}

// The clocks of far ends differ from ours: the sides stay together, without holes.
func TestDriftingClocksStayTogether(t *testing.T) {
	d := newDeck(t)
	const packets = 90_000                                                  // half an hour
	const fast, slow = 19_996 * time.Microsecond, 20_004 * time.Microsecond // 200 ppm
	for l, r := 0, 0; l < packets; {
		if time.Duration(l)*fast <= time.Duration(r)*slow {
			d.packet(media.Left, 160*l, 160*l, 160, time.Duration(l)*fast)
			l++
		} else {
			d.packet(media.Right, 160*r, 160*r, 160, time.Duration(r)*slow)
			r++
		}
	}
	left, right := d.end()
	if want := int(packets * fast / time.Microsecond * 8 / 1000); len(left) < want || len(left) > want+1600 {
		t.Fatalf("%d samples, want %d", len(left), want)
	}
	holes := 0
	for i := 1000; i < len(left)-4000; i++ {
		if left[i] == 0 || right[i] == 0 {
			holes++
		}
	}
	if holes > 4000 { // of 14 million: single samples of the slow one
		t.Fatalf("%d samples of silence", holes)
	}
}

// A call that is mixed, relayed and mixed again is one file in which every part
// has its time.
func TestMixedRelayedAndMixedAgain(t *testing.T) {
	d := newDeck(t)
	e := media.New()
	h, err := e.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	p := NewPlayer()
	if err := p.Play(1, New([]int16{500}).Loop()); err != nil {
		t.Fatal(err)
	}
	_ = e.Plug(h, p)
	_ = e.Record(d.tap, h, 0)
	clock := time.Duration(0)
	mixed := func(frames int) {
		for range frames {
			e.Tick()
			clock += media.Period
			if clock%(100*time.Millisecond) == 0 {
				d.take(clock)
			}
		}
	}
	mixed(200)
	_ = e.PauseRecord(d.tap)
	for i := range 100 {
		d.packet(media.Left, 160*i, 160*i, 160, clock)
		e.Tick()
		e.Tick()
		clock += 20 * time.Millisecond
		d.take(clock)
	}
	_ = e.Record(d.tap, h, 0)
	mixed(200)
	left, _ := d.end()
	if len(left) != 6*8000 {
		t.Fatalf("%d samples, want 6 s", len(left))
	}
	for i, v := range left {
		want := int16(500)
		if i >= 16000 && i < 32000 {
			want = value(i - 16000)
		}
		if v != want {
			t.Fatalf("sample %d is %d, want %d", i, v, want)
		}
	}
}

func TestSilentRelayLastsAsLongAsItDid(t *testing.T) {
	d := newDeck(t)
	d.packet(media.Left, 0, 0, 160, 0)
	for at := time.Duration(0); at <= 10*time.Second; at += 100 * time.Millisecond {
		d.take(at)
	}
	if left, _ := d.end(); len(left) < 78000 || len(left) > 80160 {
		t.Fatalf("%d samples of 10 s", len(left))
	}
}

// A far end that begins another stream, with another clock, goes on in its place.
func TestAnotherStreamIsPlacedByTheClock(t *testing.T) {
	d := newDeck(t)
	for i := range 50 {
		d.packet(media.Left, 160*i, 160*i, 160, time.Duration(i)*20*time.Millisecond)
	}
	for i := range 50 {
		d.packet(media.Left, 1<<30+160*i, 8000+160*i, 160, time.Duration(50+i)*20*time.Millisecond)
	}
	left, _ := d.end()
	if len(left) != 16000 {
		t.Fatalf("%d samples", len(left))
	}
	for i, v := range left {
		if v != value(i) {
			t.Fatalf("sample %d is %d, want %d", i, v, value(i))
		}
	}
}
