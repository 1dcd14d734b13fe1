package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sipTLS is where the box takes SIP by TLS.
func (b *box) sipTLS() string {
	b.t.Helper()
	var c struct{ SIP string }
	b.must("GET", "/api/v1/certificate", nil, &c)
	if c.SIP == "" {
		b.t.Fatal("the box takes no SIP by TLS")
	}
	return c.SIP
}

// authority is a file with the certificate that people trust.
func (b *box) authority() string {
	b.t.Helper()
	_, text := b.ask("GET", "/trust/centralita.pem", nil)
	file := filepath.Join(b.t.TempDir(), "centralita.pem")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		b.t.Fatal(err)
	}
	return file
}

// TestBaresipEncrypted is a call between two softphones of another make, over TLS with SRTP: both voices are known again at the other
// end, though one of them takes SRTP or nothing.
func TestBaresipEncrypted(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "26100-26199")
	b.signIn()
	ca := b.authority()
	first, second := voice(t, "en/vm-instructions")[:4*8000], voice(t, "es/vm-instructions")[:4*8000]
	account := func(user, word, media string) string {
		return fmt.Sprintf("<sip:%s@%s;transport=tls>;auth_user=%s;auth_pass=%s;audio_codecs=PCMA/8000/1;regint=60;mediaenc=%s", user, b.sipTLS(), user, word, media)
	}
	more := fmt.Sprintf("module srtp.so\nsip_cafile %s\n", ca)
	one := startBaresip(t, account("201", "ana-201", "srtp-mand"), "127.0.0.1:0", "27100-27149", first, more)
	two := startBaresip(t, account("202", "ana-202", "srtp"), "127.0.0.1:0", "27150-27199", second, more)
	one.await(6*time.Second, "REGISTER_OK", 1)
	two.await(6*time.Second, "REGISTER_OK", 1)
	one.press("dial 202")
	two.await(4*time.Second, "CALL_INCOMING", 1)
	two.press("accept")
	one.await(4*time.Second, "CALL_ESTABLISHED", 1)
	two.await(4*time.Second, "CALL_ESTABLISHED", 1)
	time.Sleep(time.Duration(float64(len(second))/8000*1.2*float64(time.Second)) + time.Second) // people speak in real time
	one.press("hangup")
	two.await(4*time.Second, "CALL_CLOSED", 1)
	one.await(4*time.Second, "CALL_CLOSED", 1)
	speech(t, "the one who may encrypt hears the other", first, two.heard(), 0)
	speech(t, "the one who must hears the other", second, one.heard(), 0)
}

// TestLinphoneDistrusts: a softphone of another make that was not told of the box's
// authority does not sign on by TLS, and the page names it among those that do not
// trust the certificate.
func TestLinphoneDistrusts(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "28600-28609")
	b.signIn()
	runLinphone(t, linphoneByTLS(b.sipTLS(), ""))
	until(t, 8*time.Second, "the page names who does not trust the box", func() (any, bool) {
		var now struct {
			Distrusted []struct {
				From string
				Wall int64
			}
		}
		b.view("security/tls", &now)
		return now, len(now.Distrusted) == 1 && now.Distrusted[0].From == "127.0.0.1" && now.Distrusted[0].Wall > 0
	})
	var now struct {
		Stations []struct{ Extension, State string }
	}
	b.view("station/stations", &now)
	for _, s := range now.Stations {
		if s.Extension == "201" && s.State == "idle" {
			t.Errorf("it signed on all the same: %+v", s)
		}
	}
}

// TestLinphoneTrusts: told of the box's authority, the same softphone signs on, by a name:
// its library (mbed TLS 2) does not look for addresses in certificates.
func TestLinphoneTrusts(t *testing.T) {
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/phones.yaml", "--rtp", "28610-28619")
	b.signIn()
	runLinphone(t, linphoneByTLS(strings.Replace(b.sipTLS(), "127.0.0.1", "localhost", 1), b.authority()))
	b.registered(t, "201")
}

// linphoneByTLS is the account of 201 by TLS, and who it believes beside the system's
// authorities, "" nobody.
func linphoneByTLS(server, authority string) string {
	account := fmt.Sprintf("[proxy_0]\nreg_proxy=<sip:%[1]s;transport=tls>\nreg_identity=sip:201@127.0.0.1\nreg_expires=60\nreg_sendregister=1\n"+
		"[auth_info_0]\nusername=201\npasswd=ana-201\n", server)
	if authority != "" {
		account = "[sip]\nroot_ca=" + authority + "\n" + account
	}
	return account
}
