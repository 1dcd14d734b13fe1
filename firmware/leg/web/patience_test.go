package web

import (
	"net"
	"testing"
	"testing/synctest"
	"time"

	"centralita/firmware/leg"
)

// deaf is a socket on which nobody is ever heard.
type deaf struct{ done chan struct{} }

func (d *deaf) ReadFrom([]byte) (int, net.Addr, error) {
	<-d.done
	return 0, nil, net.ErrClosed
}
func (d *deaf) WriteTo(b []byte, _ net.Addr) (int, error) { return len(b), nil }
func (d *deaf) Close() error                              { close(d.done); return nil }
func (d *deaf) LocalAddr() net.Addr                       { return &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9} }
func (d *deaf) SetDeadline(time.Time) error               { return nil }
func (d *deaf) SetReadDeadline(time.Time) error           { return nil }
func (d *deaf) SetWriteDeadline(time.Time) error          { return nil }

// chromium is what Chromium offers for sound with Opus and the rest left away.
const chromium = "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n" +
	"a=msid-semantic: WMS page\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0 8 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n" +
	"a=ice-ufrag:AbCd\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=ice-options:trickle\r\n" +
	"a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n" +
	"a=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=msid:page microphone\r\na=rtcp-mux\r\n" +
	"a=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:126 telephone-event/8000\r\na=ssrc:1001 cname:page\r\n"

// still is an endpoint in virtual time to which no browser ever gets through.
func still(t *testing.T, test func(t *testing.T, b *bench, told *[]leg.Report)) {
	synctest.Test(t, func(t *testing.T) {
		var told []leg.Report
		b := &bench{t: t}
		var err error
		b.e, err = New(Config{Packets: &deaf{make(chan struct{})}, Told: func(_ leg.Leg, r leg.Report) { told = append(told, r) },
			Changed: func(p Presence) { b.moves = append(b.moves, p) }})
		if err != nil {
			t.Fatal(err)
		}
		b.e.SetUsers([]User{{Station: "201", Port: "sip/201"}})
		done := make(chan struct{})
		go func() { defer close(done); _ = b.e.Serve(t.Context()) }()
		test(t, b, &told)
		t.Cleanup(func() { <-done; synctest.Wait() })
	})
}

// A browser that offers and never comes is forgotten, and so is its call.
func TestHalfOpenOffersAreForgotten(t *testing.T) {
	still(t, func(t *testing.T, b *bench, told *[]leg.Report) {
		g := b.attach("201", "tab")
		if _, err := b.e.Call("201", "tab", "600", chromium, true, ""); err != nil {
			t.Fatal(err)
		}
		time.Sleep(joinWithin + time.Second)
		synctest.Wait()
		if n := len(b.e.peers); n != 0 {
			t.Errorf("%d connections are kept", n)
		}
		news(t, g, "it failed", func(n News) bool { return n.Leg != nil && n.Leg.Media == "failed" })
		time.Sleep(keepFor)
		synctest.Wait()
		if r := (*told)[len(*told)-1]; r.Kind != leg.Ended || r.Cause != leg.NoMedia {
			t.Errorf("told %+v", *told)
		}
	})
}

// A station without a page is reachable for a while, so that a reload costs no call;
// then what rings there ends.
func TestAPageThatIsClosedIsMissed(t *testing.T) {
	still(t, func(t *testing.T, b *bench, told *[]leg.Report) {
		g := b.attach("201", "tab")
		g.Leave()
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{})
		time.Sleep(tabFor / 2)
		synctest.Wait()
		if len(*told) != 0 {
			t.Fatalf("told %+v before anybody could hear it ring", *told)
		}
		g = b.attach("201", "tab")
		synctest.Wait()
		g.Leave()
		if len(*told) != 1 || (*told)[0].Kind != leg.Ringing {
			t.Fatalf("told %+v, want ringing", *told)
		}
		if _, refused := b.e.Make("sip/201"); refused == nil || refused.Cause != leg.Busy {
			t.Errorf("a second call: %+v", refused)
		}
		time.Sleep(tabFor + time.Second)
		synctest.Wait()
		if len(*told) != 2 || (*told)[1].Cause != leg.NotRegistered {
			t.Fatalf("told %+v, want its end", *told)
		}
		if _, refused := b.e.Make("sip/201"); refused == nil || refused.Cause != leg.NotRegistered {
			t.Errorf("a call to nobody: %+v", refused)
		}
		if p := b.presence(); len(p) != 2 || !p[0].Here || p[1].Here {
			t.Errorf("presence %+v", p)
		}
	})
}

// Who stops using a page as telephone is not waited for.
func TestAPageThatQuitsIsNotMissed(t *testing.T) {
	still(t, func(t *testing.T, b *bench, told *[]leg.Report) {
		b.attach("201", "tab")
		l, refused := b.e.Make("sip/201")
		if refused != nil {
			t.Fatal(refused.Why)
		}
		l.Ring(leg.Caller{})
		synctest.Wait()
		if err := b.e.Quit("201", "other"); err != ErrElsewhere {
			t.Errorf("another page quits: %v", err)
		}
		if err := b.e.Quit("201", "tab"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if r := (*told)[len(*told)-1]; r.Kind != leg.Ended || r.Cause != leg.NotRegistered {
			t.Errorf("told %+v", *told)
		}
		if p := b.presence(); len(p) != 2 || p[1].Here {
			t.Errorf("presence %+v", p)
		}
	})
}
