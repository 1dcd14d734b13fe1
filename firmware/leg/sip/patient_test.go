package sip

import (
	"errors"
	"net"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// one is a listener of one connection.
type one struct{ net.Conn }

func (o one) Accept() (net.Conn, error) { return o.Conn, nil }
func (o one) Addr() net.Addr            { return &net.TCPAddr{} }

// A connection on which nobody proves who he is ends after twenty silent seconds, and
// after a minute whatever is said on it; that of a phone that signed on meanwhile
// stays as long as the library allows.
func TestConnectionsOfStrangersEnd(t *testing.T) {
	const allowed = time.Hour
	for name, c := range map[string]struct {
		every   time.Duration // an octet comes; 0 never
		signsOn time.Duration // 0 never
		after   time.Duration
	}{
		"silent":            {0, 0, strangerIdle},
		"an octet at times": {19 * time.Second, 0, strangerMost},
		"talkative":         {time.Second, 0, strangerMost},
		"signed on":         {0, 5 * time.Second, allowed},
		"signed on, late":   {19 * time.Second, 50 * time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, away := net.Pipe()
				defer near.Close()
				f := &friends{}
				conn, err := (&patientListener{one{away}, f}).Accept()
				if err != nil {
					t.Fatal(err)
				}
				var speaker sync.WaitGroup
				defer speaker.Wait()
				defer conn.Close()
				began := time.Now()
				if c.every > 0 {
					speaker.Go(func() {
						for time.Since(began) < 3*time.Minute {
							time.Sleep(c.every)
							if _, err := near.Write([]byte{'x'}); err != nil {
								return
							}
						}
						near.Close()
					})
				}
				if c.signsOn > 0 {
					time.AfterFunc(c.signsOn, func() {
						f.mu.Lock()
						f.of[away.RemoteAddr().String()] = true
						f.mu.Unlock()
					})
				}
				for err == nil { // as the library reads
					if err = conn.SetReadDeadline(time.Now().Add(allowed)); err == nil {
						_, err = conn.Read(make([]byte, 100))
					}
				}
				took := time.Since(began)
				if c.after == 0 { // it ended itself
					if errors.Is(err, os.ErrDeadlineExceeded) || took < 3*time.Minute {
						t.Errorf("ended after %v with %v", took, err)
					}
				} else if !errors.Is(err, os.ErrDeadlineExceeded) || took != c.after {
					t.Errorf("ended after %v with %v, want %v", took, err, c.after)
				}
			})
		})
	}
}
