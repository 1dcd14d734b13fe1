package sip

import (
	"net/netip"
	"testing"
	"testing/synctest"
	"time"
)

func TestReroutedRegistersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		p := newPhone(t, b.n, "10.0.0.8:5060", "prov", "")
		b.e.SetTrunks([]Trunk{provider()})
		signOn(t, b, p)
		begun := time.Now()
		b.e.Rerouted()
		p.respondTo(20*time.Second, "REGISTER", 200, "Expires: 300")
		if d := time.Since(begun); d > time.Second {
			t.Errorf("registered anew after %v", d)
		}
		go b.stop()
		p.respond(p.expect("REGISTER"), 200, "OK", "")
		time.Sleep(time.Minute)
	})
}

func TestReroutedForgetsHowItWasSeen(t *testing.T) {
	f := facing{known: map[string]netip.Addr{"127.0.0.1": netip.MustParseAddr("192.0.2.9")}}
	if got := f.of("127.0.0.1:5060"); got.String() != "192.0.2.9" {
		t.Fatal(got)
	}
	f.forget()
	if got := f.of("127.0.0.1:5060"); got.String() != "127.0.0.1" {
		t.Error(got)
	}
}
