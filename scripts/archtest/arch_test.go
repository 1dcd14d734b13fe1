// Package archtest holds the imports of the whole module against the layers.
package archtest

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "centralita/"

// rows, from the ground up. A package may import rows below its own, and its own family.
var rows = [][]string{
	{"hal"},
	{"hal/chain/..."},
	{"hal/..."},
	{"board/..."},
	{"firmware/id", "firmware/number", "firmware/calendar", "firmware/words"},
	{"firmware/event", "firmware/order", "firmware/sheet"},
	{"firmware/core", "firmware/atomicfile"},
	{"firmware/journal", "firmware/store", "firmware/boot", "firmware/settings", "firmware/db", "firmware/access/...", "firmware/supervise", "firmware/trust", "firmware/netcap", "firmware/backup", "firmware/update", "firmware/support", "firmware/logtail"},
	{"firmware/media/..."},
	{"firmware/line/..."},
	{"firmware/leg/..."},
	{"firmware/call"},
	{"firmware/switchboard", "firmware/feature", "firmware/wizard", "firmware/changeover", "firmware/heartbeat"},
	{"firmware/station", "firmware/trunk", "firmware/alarm", "firmware/desk", "firmware/linecare", "firmware/guard", "firmware/paging", "firmware/security", "firmware/lifeline", "firmware/provision/...", "firmware/ivr", "firmware/acd", "firmware/monitor", "firmware/recorder",
		"firmware/voicemail", "firmware/outbound", "firmware/crm", "firmware/ticket", "firmware/survey",
		"firmware/billing", "firmware/inbox/...", "firmware/report"},
	{"firmware/api", "firmware/console", "webui"},
	{"firmware/app"},
	{"scripts/bench/phones"},
	{"firmware/cmd/...", "scripts/..."},
}

// families may import within themselves.
var families = []string{"hal/sim", "board", "firmware/access", "firmware/cmd/officesim", "firmware/cmd/linelab", "firmware/cmd/callload", "firmware/media", "firmware/leg", "firmware/line", "firmware/provision", "firmware/inbox"}

// islands import nothing of ours outside their family, so that each can be understood and tested alone.
// The ground is what any package may stand on, an island too; it stands on nothing of ours itself.
var islands = []string{"hal", "firmware/number", "firmware/calendar", "firmware/words", "firmware/atomicfile", "firmware/boot", "firmware/supervise", "firmware/trust", "firmware/netcap", "firmware/backup", "firmware/update", "firmware/support", "firmware/logtail", "firmware/heartbeat", "firmware/media/...", "webui"}

var ground = []string{"firmware/atomicfile"}

// only says who may import what.
var only = map[string][]string{
	"hal":                        {"hal/...", "board/...", "firmware/leg/analog", "firmware/changeover", "firmware/app"},
	"hal/*":                      {"hal/*", "board/..."},
	"hal/chain":                  {"hal/si3050", "hal/si3210"},
	"hal/sim/*":                  {"hal/sim/*", "board/simboard/...", "board/boardtest"},
	"board/...":                  {"board/...", "firmware/app", "firmware/cmd/..."},
	"periph.io/x/conn/...":       {"hal/...", "board/wired", "board/simboard/kernelside"},
	"periph.io/x/host/...":       {"board/wired"},
	"github.com/emiago/...":      {"firmware/leg/sip", "board/simboard/town"},
	"github.com/pion/...":        {"firmware/leg/rtp", "firmware/leg/web", "board/simboard/town"},
	"github.com/pion/webrtc/...": {"firmware/leg/web"},
	"github.com/tinylib/...":     {"firmware/id", "firmware/event", "firmware/order", "firmware/journal"},
	"net/http":                   {"firmware/api", "webui", "firmware/inbox/...", "firmware/app", "board/simboard/town", "firmware/cmd/qemutown", "scripts/bench/...", "scripts/book"},
}

// pure packages decide and may not touch the world.
var pure = []string{"firmware/number", "firmware/calendar", "firmware/core", "firmware/call", "firmware/feature",
	"firmware/alarm", "firmware/desk", "firmware/wizard", "firmware/access", "firmware/station", "firmware/trunk", "firmware/linecare", "firmware/guard", "firmware/paging", "firmware/security", "firmware/lifeline", "firmware/provision/...", "firmware/ivr", "firmware/acd",
	"firmware/monitor", "firmware/line/..."} // record features (crm, ticket, survey, billing, inbox, outbound, report) keep their rules in pure files: list them here as they come

var (
	world = []string{"net", "net/http", "os", "io/fs", "sync", "context", "log", "log/slog", "syscall", "math/rand", "math/rand/v2", "crypto/rand"}
	clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker"}
)

type pkg struct {
	ImportPath, Dir, Doc string
	GoFiles, Imports     []string
}

func (p pkg) at() string { return strings.TrimPrefix(p.ImportPath, module) }

var packages = func() (ps []pkg) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,GoFiles,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		panic(err)
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return ps
		} else if err != nil {
			panic(err)
		}
		ps = append(ps, p)
	}
}()

// match knows three patterns: a path, a path and what is below it ("x/..."), and only what is below it ("x/*").
func match(pattern, s string) bool {
	if base, ok := strings.CutSuffix(pattern, "/*"); ok {
		return strings.HasPrefix(s, base+"/")
	}
	base, deep := strings.CutSuffix(pattern, "/...")
	return s == base || deep && strings.HasPrefix(s, base+"/")
}

func matchAny(patterns []string, s string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, s) })
}

func row(s string) int {
	return slices.IndexFunc(rows, func(r []string) bool { return matchAny(r, s) })
}

func family(a, b string) bool {
	return slices.ContainsFunc(families, func(f string) bool { return match(f+"/...", a) && match(f+"/...", b) })
}

func TestLayers(t *testing.T) {
	for _, p := range packages {
		from := row(p.at())
		if from < 0 {
			t.Errorf("%s stands in no row: give it a place", p.at())
		}
		for _, imp := range p.Imports {
			to, ours := strings.CutPrefix(imp, module)
			if ours && row(to) >= from && !family(p.at(), to) {
				t.Errorf("%s imports %s, which stands above or beside it", p.at(), to)
			}
			if ours && matchAny(islands, p.at()) && !family(p.at(), to) && !matchAny(ground, to) {
				t.Errorf("%s is an island, but imports %s", p.at(), to)
			}
			for what, who := range only {
				if match(what, to) && !matchAny(who, p.at()) {
					t.Errorf("%s imports %s, which is for %s only", p.at(), to, strings.Join(who, ", "))
				}
			}
		}
	}
}

func TestPure(t *testing.T) {
	for _, p := range packages {
		if !matchAny(pure, p.at()) {
			continue
		}
		for _, imp := range p.Imports {
			if slices.Contains(world, imp) {
				t.Errorf("%s decides, so it does not import %q", p.at(), imp)
			}
		}
		for _, f := range p.GoFiles {
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, filepath.Join(p.Dir, f), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.GoStmt:
					t.Errorf("%s: a package that decides starts no goroutine", fset.Position(n.Pos()))
				case *ast.SelectorExpr:
					if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clock, n.Sel.Name) {
						t.Errorf("%s: time.%s; take the time as an argument", fset.Position(n.Pos()), n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages {
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.at())
		}
	}
}
