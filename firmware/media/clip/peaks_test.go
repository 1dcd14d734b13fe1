package clip

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/media"
)

// The outline shows each side where it speaks.
func TestPeaks(t *testing.T) {
	pcm := make([]int16, 2*8000)
	for i := range 8000 {
		if i < 4000 {
			pcm[2*i] = int16(i%2*20000 - 10000)
		} else {
			pcm[2*i+1] = int16(i%2*40000 - 20000)
		}
	}
	w, err := peaksOf(t, write(t, PCM16, 2, pcm), 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(w.Left) != 20 || len(w.Right) != 20 || w.Seconds != 1 {
		t.Fatalf("%d, %d bytes, %g s", len(w.Left), len(w.Right), w.Seconds)
	}
	for i := range 10 {
		l, r := int8(w.Left[2*i+1]), int8(w.Right[2*i+1])
		if early := i < 5; early != (l == 39) || early == (r == 78) {
			t.Errorf("column %d: left %d, right %d", i, l, r)
		}
	}
}

// Whatever the columns asked, an outline is bounded by them and by the file.
func TestPeaksBounds(t *testing.T) {
	path := write(t, ALaw, 1, make([]int16, 777))
	for _, n := range []int{1, 2, 776, 777, 778, MaxColumns} {
		w, err := peaksOf(t, path, n)
		if err != nil || len(w.Left) > 2*n || len(w.Left) == 0 || len(w.Right) != 0 {
			t.Errorf("%d columns: %d bytes, %v", n, len(w.Left), err)
		}
	}
	for _, n := range []int{0, -1, MaxColumns + 1} {
		if _, err := peaksOf(t, path, n); err == nil {
			t.Errorf("%d columns were drawn", n)
		}
	}
}

// A streamed file plays as it is, from its beginning to its end.
func TestStream(t *testing.T) {
	pcm := sine(8000*3 + 33)
	path := write(t, PCM16, 1, pcm)
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(path, false)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error)
		go func() { done <- s.Serve(context.Background()) }()
		synctest.Wait()
		p := NewPlayer()
		p.Play(1, s)
		f := media.Frame{Rate: media.Narrow}
		var got []int16
		for i := uint64(0); p.Read(i, &f); i++ {
			got = append(got, f.PCM()...)
			time.Sleep(media.Period)
		}
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if s.Thin() != 0 || len(got) < len(pcm) {
			t.Fatalf("%d samples, %d late", len(got), s.Thin())
		}
		for i := range pcm {
			if got[i] != pcm[i] {
				t.Fatalf("sample %d", i)
			}
		}
	})
}

// Streamed music goes round until it is stopped.
func TestStreamLoops(t *testing.T) {
	path := write(t, PCM16, 1, []int16{1, 2, 3, 4, 5})
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(path, true)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(context.Background())
		done := make(chan error)
		go func() { done <- s.Serve(ctx) }()
		synctest.Wait()
		var got [103]int16
		if n := s.Fill(got[:]); n != len(got) {
			t.Fatalf("%d samples", n)
		}
		for i, v := range got {
			if v != int16(i%5+1) {
				t.Fatalf("sample %d is %d", i, v)
			}
		}
		stop()
		<-done
	})
}

func peaksOf(t *testing.T, path string, columns int) (*Waveform, error) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	return Peaks(f, st.Size(), columns)
}
