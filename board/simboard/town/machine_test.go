package town

import (
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// TestAttach: a program at a handset hears the caller and is heard in place of the
// person, two frames later; a second is refused, and when it leaves the person
// speaks again.
func TestAttach(t *testing.T) {
	s := newStreet(t, "ES")
	server := httptest.NewServer(Handler(s.Town))
	defer server.Close()
	s.must(s.line.Call(Call{CallerID: NoCallerID, Party: Party{Voice: "tone:1000"}}))
	s.run(time.Second)
	s.must(s.set.Lift())
	s.until("talk", time.Second, s.phaseIs(phaseTalking))

	said, body := io.Pipe()
	answered := make(chan *http.Response, 1)
	go func() {
		res, err := http.Post(server.URL+"/handset/fxs1/attach", "application/octet-stream", said)
		if err != nil {
			t.Error(err)
		}
		answered <- res
	}()
	res := s.answer(t, answered)
	if res == nil {
		return
	}
	second := make(chan *http.Response, 1)
	go func() {
		res, err := http.Post(server.URL+"/handset/fxs1/attach", "application/octet-stream", nil)
		if err != nil {
			t.Error(err)
		}
		second <- res
	}()
	if r := s.answer(t, second); r != nil && r.StatusCode != http.StatusConflict {
		t.Errorf("a second program was answered %d", r.StatusCode)
	}

	// The program says the number of each frame that it hears.
	loud := make(chan int, 1)
	go func() {
		n := 0
		var b [frameBytes]byte
		for frame := 1; ; frame++ {
			if _, err := io.ReadFull(res.Body, b[:]); err != nil {
				break
			}
			if v := int16(binary.LittleEndian.Uint16(b[20:])); v > 100 || v < -100 {
				n++
			}
			for i := 0; i < frameBytes; i += 2 {
				binary.LittleEndian.PutUint16(b[i:], uint16(frame))
			}
			if frame == 100 {
				break
			}
			if _, err := body.Write(b[:]); err != nil {
				break
			}
		}
		body.Close()
		res.Body.Close()
		loud <- n
	}()
	first := s.line.ear.count
	s.run(2 * time.Second)
	if n := <-loud; n < 90 {
		t.Errorf("of 100 frames that the program heard %d had the caller in them", n)
	}
	got, _ := s.line.Heard(first, 1000, nil)
	most, step := int16(0), 0
	for i := 10; i < len(got); i += 80 {
		if v := got[i]; v > most {
			if v-most != 1 {
				step++
			}
			most = v
		}
	}
	if most < 90 || most > 99 || step > 1 {
		t.Errorf("the caller heard frames up to %d, %d times with some left out", most, step)
	}
	s.run(time.Second)
	s.Town.mu.Lock()
	defer s.Town.mu.Unlock()
	if s.set.plug.machine != nil {
		t.Error("the program has left and is still there")
	}
}

// answer steps the town until a request is answered.
func (s *street) answer(t *testing.T, c <-chan *http.Response) *http.Response {
	t.Helper()
	for range 5000 {
		select {
		case r := <-c:
			return r
		default:
			s.step()
			time.Sleep(time.Millisecond) // a real connection in real time
		}
	}
	t.Error("no answer")
	return nil
}
