package town

import (
	"io"
	"net/http"
	"time"

	"centralita/hal/sim/wire"
)

// Bounds of a program attached over HTTP.
const (
	// machineSlack frames pass before its first answer is wanted, so that neither
	// side waits for the other's turn on the processor: 20 ms of the program's delay.
	machineSlack = 2
	// machineQueue frames may be on their way; one that falls behind farther is gone.
	machineQueue = 8
	// machinePatience is how long a step waits for a late answer. A simulated clock
	// may wait; after that the program has missed 10 ms.
	machinePatience = 100 * time.Millisecond
	machinesMax     = 16
	frameBytes      = 2 * wire.FrameSamples
)

// remote is a program at the other end of an HTTP request.
type remote struct {
	heard chan wire.Sound
	said  chan wire.Sound
	gone  chan struct{} // closed when the request ends
	slack int
	late  *time.Timer
}

func newRemote() *remote {
	r := &remote{
		heard: make(chan wire.Sound, machineQueue), said: make(chan wire.Sound, machineQueue),
		gone: make(chan struct{}), slack: machineSlack, late: time.NewTimer(time.Hour),
	}
	r.late.Stop()
	return r
}

// Exchange implements Machine.
func (r *remote) Exchange(heard, says *wire.Sound) bool {
	select {
	case r.heard <- *heard:
	default:
		close(r.heard) // it does not read any more
		return false
	}
	if r.slack > 0 {
		r.slack--
		return true
	}
	r.late.Reset(machinePatience)
	defer r.late.Stop()
	select {
	case *says = <-r.said:
	case <-r.late.C:
	case <-r.gone:
		return false
	}
	return true
}

// attach streams sound both ways for as long as the program keeps the request.
func (s *server) attach(w http.ResponseWriter, req *http.Request, e end) {
	select {
	case s.machines <- struct{}{}:
		defer func() { <-s.machines }()
	default:
		refuse(w, wrong("too_many_programs", "%d programs hang on the town already", machinesMax))
		return
	}
	control := http.NewResponseController(w)
	if err := control.EnableFullDuplex(); err != nil {
		refuse(w, wrong("bad_body", "the connection cannot carry sound both ways: %v", err))
		return
	}
	r := newRemote()
	if err := e.attach(r).Wait(req.Context()); err != nil {
		refuse(w, err)
		return
	}
	defer close(r.gone)
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if control.Flush() != nil {
		return
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.listen(req.Body)
	}()
	r.tell(w, control, ended)
	_ = control.SetReadDeadline(time.Now()) // ends listen, which must not outlive the request
	<-ended
}

// listen takes what the program says until it says no more.
func (r *remote) listen(body io.Reader) {
	var b [frameBytes]byte
	for {
		if _, err := io.ReadFull(body, b[:]); err != nil {
			return
		}
		var s wire.Sound
		for i := range s {
			s[i] = int16(uint16(b[2*i]) | uint16(b[2*i+1])<<8)
		}
		select {
		case r.said <- s:
		case <-r.gone:
			return
		}
	}
}

// tell gives the program what it hears until it leaves or falls behind.
func (r *remote) tell(w io.Writer, control *http.ResponseController, ended <-chan struct{}) {
	var b []byte
	for {
		select {
		case s, ok := <-r.heard:
			if !ok {
				return
			}
			_ = control.SetWriteDeadline(time.Now().Add(listenStall)) // not every writer has deadlines
			b = appendPCM(b[:0], s[:])
			if _, err := w.Write(b); err != nil || control.Flush() != nil {
				return
			}
		case <-ended:
			return
		}
	}
}
