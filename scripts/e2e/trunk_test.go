package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestProviderFailsOver: the provider's first server is dead, so a call goes out by the
// one that stands in for it, and the page knows which.
func TestProviderFailsOver(t *testing.T) {
	t.Parallel()
	port, dead := freePort(t, "udp"), freePort(t, "udp")
	raw, err := os.ReadFile("testdata/trunk.yaml")
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "trunk.yaml")
	office := strings.ReplaceAll(string(raw), `server: "PROVIDER"`, fmt.Sprintf(`server: "127.0.0.1:%d", servers: ["127.0.0.1:%d"]`, dead, port))
	if err := os.WriteFile(settings, []byte(office), 0o644); err != nil {
		t.Fatal(err)
	}
	o := &outgoing{t: t, box: startBox(t, settings, "--rtp", "20300-20399")}
	o.signIn()
	o.provider = startSipp(t, "provider", o.SIP, nil, "-p", fmt.Sprint(port), "-m", "1", "-rtp_echo", "-mp", "25180").start()

	o.dial("fxs2", "9915551234")
	o.connected("102", 10*time.Second)
	var lines struct {
		Trunks []struct {
			Server  string
			Servers []struct {
				Addr, Code string
				Up         bool
			}
		}
	}
	o.view("trunk/lines", &lines)
	k := lines.Trunks[0]
	if k.Server != fmt.Sprintf("127.0.0.1:%d", port) || k.Servers[0].Up || k.Servers[0].Code != "silent" {
		t.Errorf("the trunk says %+v; wanted the second server in use and the first silent", k)
	}
	o.wish("handset/fxs2/hangup", nil)
	o.connected("102", -1)
	o.provider.finish(5 * time.Second)
}
