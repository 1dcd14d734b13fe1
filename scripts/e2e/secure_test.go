package e2e

import (
	"fmt"
	"os"
	"path/filepath"
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
