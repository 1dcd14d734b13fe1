package e2e

import (
	"testing"
	"time"
)

// TestLineDoctor learns a fresh line by a call to an outside number that answers,
// which is set and not typed: the line dials it, is matched while the far end is
// silent, hangs up, and the certificate says what was found.
func TestLineDoctor(t *testing.T) {
	if testing.Short() {
		t.Skip("a guided test takes half a minute of real time")
	}
	t.Parallel()
	b := startBox(t, "scripts/e2e/testdata/doctor.yaml", "--rtp", "21000-21019")
	defer b.stop()
	b.signIn()
	b.wish("line/fxo1/config", map[string]any{
		"dial_tone_ms": 300, "route_ms": 200,
		"plan": []any{map[string]any{"pattern": "900100200", "answer_after_s": 5, "voice": "silent"}, map[string]any{"pattern": "*", "behaviour": "busy"}},
	})
	b.must("POST", "/api/v1/line/test", map[string]any{"port": "fxo1"}, nil)
	began := time.Now()
	type exam struct{ Port, Number, Step, Result string }
	var last exam
	until(t, 60*time.Second, "the end of the test", func() (any, bool) {
		var now struct{ Tests []exam }
		b.view("line/tests", &now)
		if len(now.Tests) == 1 {
			last = now.Tests[0]
		}
		return last, last.Result != ""
	})
	t.Logf("%+v after %s", last, time.Since(began))
	if last.Result != "done" || last.Number != "900100200" {
		t.Errorf("the test: %+v", last)
	}
	// I3: within two seconds of the end the line is down, as the exchange sees it.
	until(t, 2*time.Second, "the line given back", func() (any, bool) {
		l := b.line("fxo1")
		return l, l.Dialled == "900100200" && !l.OffHook
	})
	var sheet struct {
		Rows []struct{ ID, Value, Verdict string }
	}
	b.must("GET", "/api/v1/line/certificate/fxo1?lang=es", nil, &sheet)
	found := map[string]string{}
	for _, r := range sheet.Rows {
		found[r.ID] = r.Verdict
		t.Logf("%s: %s %s", r.ID, r.Value, r.Verdict)
	}
	for _, item := range []string{"impedance", "echo.return-loss", "idle.voltage", "loop.current", "dialtone.delay", "noise"} {
		if found[item] != "good" {
			t.Errorf("%s is %q", item, found[item])
		}
	}
}
