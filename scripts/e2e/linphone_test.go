package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// officeDevice is one device as the page shows it.
type officeDevice struct {
	Name      string
	FetchedAt int64 `json:"fetched_at"`
	RefusedAt int64 `json:"refused_at"`
	Agent     string
	Phone     bool
}

func (b *box) deviceNow(name string) (found officeDevice) {
	b.t.Helper()
	var view struct{ Devices []officeDevice }
	b.view("provision/devices", &view)
	for _, d := range view.Devices {
		if d.Name == name {
			return d
		}
	}
	b.t.Fatalf("no device %s in %+v", name, view)
	return found
}

// TestLinphoneSetsItselfUp: while the window is closed a device gets nothing; then a
// softphone of another make, which knows only the address of its settings, fetches
// them, registers and calls a handset, and both voices are known again.
func TestLinphoneSetsItselfUp(t *testing.T) {
	t.Parallel()
	b := startBox(t, withDevices(t), "--rtp", "20900-20949")
	b.signIn()
	var card struct {
		Address string
		Code    []string
	}
	b.must("GET", "/api/v1/devices/movil-ana", nil, &card)
	if len(card.Code) < 21 || !strings.HasPrefix(card.Address, "http://"+b.HTTP+"/provision/") {
		t.Fatalf("card %+v", card)
	}
	if status := fetch(t, card.Address); status != http.StatusForbidden {
		t.Errorf("closed window: %d", status)
	}
	if d := b.deviceNow("movil-ana"); d.RefusedAt == 0 || d.FetchedAt != 0 {
		t.Errorf("%+v", d)
	}
	b.must("POST", "/api/v1/provision/open", map[string]any{"minutes": 5}, nil)
	for address, want := range map[string]int{
		strings.Replace(card.Address, "linphone.xml", "001565a1b2c3.cfg", 1): 404, "http://" + b.HTTP + "/provision/" + strings.Repeat("0", 32) + "/linphone.xml": 404,
	} {
		if status := fetch(t, address); status != want {
			t.Errorf("%s: %d, want %d", address, status, want)
		}
	}
	phone := startLinphone(t, card.Address)
	until(t, 15*time.Second, "linphone registered", func() (any, bool) {
		d := b.deviceNow("movil-ana")
		return d, d.FetchedAt != 0 && d.Phone
	})

	said, answer := voice(t, "en/vm-instructions")[:4*8000], voice(t, "es/vm-instructions")[:4*8000]
	saying, hearing := filepath.Join(phone.dir, "say.wav"), filepath.Join(phone.dir, "heard.wav")
	writeWAV(t, saying, append(make([]float64, 12000), said...))
	dir := filepath.Join(b.data, "town")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, filepath.Join(dir, "answer.wav"), answer)
	phone.press("soundcard use files")
	phone.press("record " + hearing)
	phone.press("call 101")
	b.sees("fxs1", "ringing", 8*time.Second, func(h telephone) bool { return h.Ringing })
	b.do("fxs1", "lift", nil)
	ear := b.hear(t, "handset/fxs1")
	phone.press("play " + saying)
	b.do("fxs1", "speak", map[string]any{"file": "answer.wav", "loop": true})
	knows(t, "the handset hears linphone", said, ear.seconds(t, 0, float64(len(said))/8000+4))
	b.do("fxs1", "hangup", nil)
	until(t, 5*time.Second, "no call left", func() (any, bool) {
		left := b.allLive()
		return left, len(left) == 0
	})
	phone.press("quit") // closes the file of what it heard
	<-phone.done
	knows(t, "linphone hears the handset", answer, readWAV(t, hearing)[0])
	b.must("POST", "/api/v1/provision/close", map[string]any{}, nil)
	if status := fetch(t, card.Address); status != http.StatusForbidden {
		t.Errorf("closed again: %d", status)
	}
}

// knows checks that a voice is known again second by second. A program that keeps no
// time of its own drops or repeats pieces on a busy machine, which is not ours: half
// of them at least must be there as they were said.
func knows(t *testing.T, what string, said, heard []float64) {
	t.Helper()
	const piece = 12000
	pieces, good := 0, 0
	for at := 0; at+piece <= len(said); at += piece {
		if level(said[at:at+piece]) < -45 {
			continue
		}
		pieces++
		if find(said[at:at+piece], heard).correlation > 0.9 {
			good++
		}
	}
	t.Logf("%s: %d of %d pieces of the voice", what, good, pieces)
	if pieces == 0 || good*2 < pieces {
		t.Errorf("%s: %d of %d pieces of the voice; wanted half", what, good, pieces)
	}
}

// withDevices is the office with a softphone and a desk phone that set themselves up.
func withDevices(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/office.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "office.yaml")
	devices := "devices:\n  - {name: movil-ana, vendor: linphone, extension: \"201\"}\n" +
		"  - {name: mesa-ana, vendor: yealink, mac: \"00:15:65:A1:B2:C3\", extension: \"201\"}\n"
	if err := os.WriteFile(file, append([]byte(devices), raw...), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func fetch(t *testing.T, address string) int {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
