package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestPaging is a person at a handset who speaks through two SIP telephones that answer
// by themselves; another handset of the group is left out.
func TestPaging(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join(root(t), "scripts/e2e/testdata/handsets.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(t.TempDir(), "paging.yaml")
	text := strings.Replace(string(raw), "dial_plan:\n", "  - {extension: \"201\", sip: {password: page-201, md5: true}}\n  - {extension: \"202\", sip: {password: page-202, md5: true}}\n"+
		"pages:\n  - {name: taller, number: \"1\", stations: [\"102\", \"201\", \"202\"]}\ndial_plan:\n", 1)
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := startBox(t, settings, "--rtp", "20860-20899")
	b.signIn()
	said := voice(t, "es/vm-intro")[:3*8000]
	dir := filepath.Join(b.data, "town")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	writeWAV(t, filepath.Join(dir, "page.wav"), said)
	var phones []*baresip
	for i, ext := range []string{"201", "202"} {
		phones = append(phones, startBaresip(t, fmt.Sprintf("<sip:%s@%s;transport=udp>;auth_user=%[1]s;auth_pass=page-%[1]s;audio_codecs=PCMA/8000/1;regint=60;answermode=auto", ext, b.SIP),
			"127.0.0.1:0", fmt.Sprintf("%d-%d", 28800+i*50, 28849+i*50), said))
	}
	until(t, 6*time.Second, "both are registered", func() (any, bool) {
		var now struct {
			Stations []struct{ Extension, State, Contact string }
		}
		b.view("station/stations", &now)
		n := 0
		for _, s := range now.Stations {
			if s.Contact != "" && s.State == "idle" {
				n++
			}
		}
		return now, n == len(phones)
	})
	b.do("fxs1", "lift", nil)
	b.do("fxs1", "dial", map[string]any{"digits": "*411", "wait_dial_tone": true})
	for _, p := range phones {
		p.await(12*time.Second, "CALL_ESTABLISHED", 1)
	}
	until(t, 3*time.Second, "the page is open", func() (any, bool) {
		var now struct {
			Pages []struct {
				Name, State, Speaker string
				Listening            int
				Skipped              []struct{ Station, Why string }
			}
		}
		b.view("paging/pages", &now)
		p := now.Pages[0]
		c, _ := b.live("101")
		return []any{now, c}, p.State == "speaking" && p.Listening == 2 && p.Speaker == "101" && c.State == "paging" &&
			len(p.Skipped) == 1 && p.Skipped[0].Station == "102" && p.Skipped[0].Why == "handset"
	})
	pager := b.hear(t, "handset/fxs1")
	alone := pager.seconds(t, 6000, 0.5) // when the beep is over
	if l := level(alone); l > -45 {
		t.Errorf("who speaks hears the telephones at %.1f dBm0, one way", l)
	}
	b.wish("handset/fxs1/speak", map[string]any{"file": "page.wav"})
	pager.seconds(t, 10000, float64(len(said))/8000+0.5) // as long as it takes to say
	pager.close()
	b.do("fxs1", "hangup", nil)
	for _, p := range phones {
		p.await(5*time.Second, "CALL_CLOSED", 1)
		speech(t, "a telephone hears who speaks", said, p.heard(), 0)
	}
}
