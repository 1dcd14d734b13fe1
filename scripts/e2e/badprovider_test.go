package e2e

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"centralita/firmware/cmd/callload/ua"
)

// answering is a provider that answers every INVITE and REGISTER by a text of its own;
// %s stands for the header lines that a response carries back.
func answering(t *testing.T, invite, register string) string {
	t.Helper()
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	go func() {
		b := make([]byte, 1<<16)
		for {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			text := string(b[:n])
			method, _, _ := strings.Cut(text, " ")
			answer := map[string]string{"INVITE": invite, "REGISTER": register, "BYE": "SIP/2.0 200 OK\r\n%s\r\n"}[method]
			if answer == "" {
				continue
			}
			head := "Contact: <sip:" + c.LocalAddr().String() + ">\r\n"
			for l := range strings.SplitSeq(text, "\r\n") {
				for _, h := range []string{"Via:", "From:", "To:", "Call-ID:", "CSeq:"} {
					if strings.HasPrefix(l, h) {
						if h == "To:" && !strings.Contains(l, "tag=") {
							l += ";tag=provider"
						}
						head += l + "\r\n"
					}
				}
			}
			_, _ = c.WriteTo(fmt.Appendf(nil, answer, head), from) // asked again
		}
	}()
	return c.LocalAddr().String()
}

// forged is a provider by TLS whose certificate nobody vouches for.
func forged(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	own := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "provider"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, own, own, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				_ = c.(*tls.Conn).Handshake() // which the box breaks off
				_ = c.Close()
			}()
		}
	}()
	return l.Addr().String()
}

const described = "SIP/2.0 200 OK\r\n%%sContent-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s"

func answeredWith(sdp string) string { return fmt.Sprintf(described, len(sdp), sdp) }

// TestBadProviders dials over a provider that is switched off, one that does not take
// the password, one whose codec nobody has, one that names no address for its sound,
// one with a certificate of nobody and one that refuses: who dials from a handset hears
// congestion, who dials from a SIP telephone gets a status, the book has cause and
// codes, and the page says what is wrong and what to do in three languages.
func TestBadProviders(t *testing.T) {
	t.Parallel()
	const sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n%st=0 0\r\nm=audio 9 RTP/AVP %s\r\n"
	foreign := answeredWith(fmt.Sprintf(sdp, "c=IN IP4 127.0.0.1\r\n", "18"))
	odd := answeredWith(fmt.Sprintf(sdp, "", "8"))
	raw, err := os.ReadFile("testdata/badproviders.yaml")
	if err != nil {
		t.Fatal(err)
	}
	office := strings.NewReplacer(
		"DEAD", fmt.Sprintf("127.0.0.1:%d", freePort(t, "tcp")),
		"REFUSING", answering(t, "", "SIP/2.0 401 Unauthorized\r\n%sWWW-Authenticate: Digest realm=\"p\", nonce=\"n\"\r\nContent-Length: 0\r\n\r\n"),
		"FOREIGN", answering(t, foreign, ""), "ODD", answering(t, odd, ""), "FORGED", forged(t),
		"REJECTING", answering(t, "SIP/2.0 488 Not Acceptable Here\r\n%sReason: Q.850;cause=88\r\nContent-Length: 0\r\n\r\n", ""),
	).Replace(string(raw))
	settings := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(settings, []byte(office), 0o644); err != nil {
		t.Fatal(err)
	}
	b := startBox(t, settings, "--rtp", "28000-28099")
	b.signIn()

	ana, err := ua.New(netip.MustParseAddrPort(b.SIP), netip.MustParseAddr("127.0.0.1"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ana.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	user := ana.User("801", "ana-801")
	if _, err := user.Register(ctx, time.Hour, false); err != nil {
		t.Fatal(err)
	}
	dial := func(handset, prefix string) {
		b.do(handset, "lift", nil)
		b.do(handset, "dial", map[string]any{"digits": prefix + "600123456#", "wait_dial_tone": true})
	}
	call := func(prefix, status string) {
		t.Helper()
		if _, err := user.Call(ctx, prefix+"600123456", netip.MustParseAddrPort("127.0.0.1:9")); err == nil || !strings.Contains(err.Error(), "SIP/2.0 "+status) {
			t.Errorf("over %s: %v; wanted %s", prefix, err, status)
		}
	}
	dial("fxs3", "4")
	dial("fxs4", "5")
	call("4", "488")
	call("5", "488")
	call("7", "488")

	codes := map[string]string{"apagado": "unreachable", "clave": "credentials", "falso": "certificate"}
	until(t, 10*time.Second, "three providers are down", func() (any, bool) {
		var lines struct {
			Trunks []struct {
				Name, Code string
				Up         bool
			}
		}
		b.view("trunk/lines", &lines)
		as := 0
		for _, k := range lines.Trunks {
			if want := codes[k.Name]; want != "" && !k.Up && k.Code == want {
				as++
			}
		}
		return lines, as == len(codes)
	})
	b.remedies(t, "alarm.trunk.unreachable", "alarm.trunk.credentials", "alarm.trunk.certificate")
	dial("fxs1", "2")
	dial("fxs2", "3")
	for _, prefix := range []string{"2", "3", "6"} {
		call(prefix, "503")
	}
	for i := range 4 {
		b.sees(fmt.Sprintf("fxs%d", i+1), "hears congestion", 8*time.Second, func(h telephone) bool { return h.Hears.Sound == "congestion" })
	}
	b.causes(t, map[string]string{
		"2": "out-of-order 503/27", "3": "out-of-order 503/27", "4": "no-codec 488/65", "5": "bad-description 488/100", "6": "out-of-order 503/27", "7": "no-codec 488/88",
	})
}

// remedies looks for open alarms with these texts, each of which has a remedy behind
// its cause in every language.
func (b *box) remedies(t *testing.T, texts ...string) {
	t.Helper()
	open := map[string]bool{}
	for _, a := range b.alarms() {
		open[a.Text] = true
	}
	for _, lang := range []string{"es", "it", "en"} {
		var said map[string]string
		b.must("GET", "/api/v1/words/"+lang, nil, &said)
		for _, text := range texts {
			if !open[text] || !strings.Contains(said[text], "). ") {
				t.Errorf("%s, %s: open %v, %q", text, lang, open[text], said[text])
			}
		}
		for _, cause := range []string{"out-of-order", "no-codec", "bad-description"} {
			if said["remedy."+cause] == "" || said["cause."+cause] == "" {
				t.Errorf("%s in %s: %q, %q", cause, lang, said["cause."+cause], said["remedy."+cause])
			}
		}
	}
}

// causes compares "cause SIP/Q.850" of the calls in the book by the first digit dialled.
// A call of a handset that reached no provider has no SIP status.
func (b *box) causes(t *testing.T, want map[string]string) {
	t.Helper()
	var list struct {
		Calls []struct {
			Call      int
			From, To  string
			Cause     string
			SIP, Q850 int
		}
	}
	b.must("GET", "/api/v1/calls", nil, &list)
	met := map[string]int{}
	for _, c := range list.Calls {
		first := c.To[:min(len(c.To), 1)]
		is := want[first]
		if c.From != "801" && c.Cause == "out-of-order" {
			is = strings.Replace(is, "503", "0", 1)
		}
		met[first]++
		if got := fmt.Sprintf("%s %d/%d", c.Cause, c.SIP, c.Q850); got != is {
			t.Errorf("call %d of %s to %s: %s; wanted %s", c.Call, c.From, c.To, got, is)
		}
	}
	for first := range want {
		if met[first] == 0 {
			t.Errorf("no call to %s in the book", first)
		}
	}
}
