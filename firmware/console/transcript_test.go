package console

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var renew = flag.Bool("update", false, "write the transcripts anew")

// speakers have each their own language.
var speakers = map[string]string{"es": "jefe", "it": "capo", "en": "boss"}

// bench is hardware that always says the same.
func (o *office) bench() {
	o.Box = "simboard 1"
	o.Word = func(lang, key string) string {
		return map[string]string{"plan.queues.ring": "ring (" + lang + ")", "plan.queues.ring.hint": "hint.", "plan.outside.prefix": "prefix (" + lang + ")"}[key]
	}
	o.Sockets = func() []string { return []string{"fxo1", "fxo2", "fxo3", "fxo4", "fxs1", "fxs2", "fxs3", "fxs4"} }
	o.Secret = func(name string) (string, bool) { w, ok := o.words[name]; return w, ok }
	o.Network = func() Machine {
		return Machine{Owned: true, HostName: "centralita", Addresses: []string{"192.0.2.7"}, ByDHCP: true}
	}
	o.Lab = Lab{
		Ports: func() []Port {
			return []Port{{Port: "fxo1", State: "ready", Volts: 48.5, Chip: "Si3050 rev B"}, {Port: "fxs1", State: "fault", Chip: "Si3210 rev E", Fault: "no answer"}, {Port: "fxs2", State: "taken", MilliAmp: 21.2}}
		},
		Registers: func(_ context.Context, port string) ([]Register, error) {
			if port != "fxo1" {
				return nil, fs.ErrNotExist
			}
			return []Register{{1, "Control 1", 0}, {29, "Line Voltage Status", 0x30}}, nil
		},
		Log: func() ([]LogLine, <-chan LogLine, func() uint64, func()) {
			at := time.Date(2026, 11, 22, 8, 59, 58, 0, time.UTC)
			return []LogLine{{at, slog.LevelInfo, "trunk name=proveedor up=true"}, {at.Add(time.Second), slog.LevelError, "a worker fell\x1b[2J worker=SIP"}}, nil, func() uint64 { return 0 }, func() {}
		},
		Levels: func(string) (func() (float64, float64), func(), bool) { return nil, nil, false },
		SIP: func(string, string) (<-chan Message, func() uint64, func()) {
			return nil, func() uint64 { return 0 }, func() {}
		},
	}
}

// TestTranscripts types each script in three languages; what the screen shows stands
// beside it. Run with -update after a change that is meant, and read the difference.
func TestTranscripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/*.script")
	if err != nil || len(scripts) == 0 {
		t.Fatal(scripts, err)
	}
	for _, script := range scripts {
		typed, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		from := Serial
		if filepath.Base(script) == "network.script" { // who might be cut off
			from = Local
		}
		for lang, who := range speakers {
			o := build(t)
			o.bench()
			o.Folder = t.TempDir()
			o.Version = "1.0"
			var lines []string
			for line := range strings.Lines(string(typed)) {
				line = strings.TrimSuffix(line, "\n")
				line = strings.ReplaceAll(line, "^C", "\x03")
				if before, asks := strings.CutSuffix(line, " ?"); asks {
					line = before + " ?\x15"
				}
				lines = append(lines, line)
			}
			seen := []byte(strings.ReplaceAll(o.typesFrom(t, from, who, lines...), " \n", "\n"))
			golden := strings.TrimSuffix(script, ".script") + "." + lang + ".txt"
			if *renew {
				if err := os.WriteFile(golden, seen, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, seen) {
				t.Errorf("%s: %v: differs: run with -update and look at the difference\n%s", golden, err, firstDifference(string(want), string(seen)))
			}
			if strings.Contains(string(seen), "refused.") || strings.Contains(string(seen), "console.") || strings.Contains(string(seen), "settings.problem") {
				t.Errorf("%s: a key has no sentence", golden)
			}
		}
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "- " + a[i] + "\n+ " + b[i]
		}
	}
	return "one is longer"
}
