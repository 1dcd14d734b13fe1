// Command armcost prints what the sound functions of the box cost on arm v7: exact
// counts of the instructions that they execute for 10 ms of one line, taken by a
// plugin of qemu-arm, and the share of a 1 GHz Cortex-A8 that 8 lines take with all
// of them on. `make arm-cost` runs it; it needs gcc and Debian's qemu-user.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "armcost:", err)
		os.Exit(1)
	}
}

// The functions of a line in a call, by their names in work; others are told of,
// but are not at work on 8 lines at once.
var line = []item{
	{"echo", "echo, 256 taps, adapting and suppressing", true},
	{"fax", "fax tones, both directions", true},
	{"digits", "digits", true},
	{"tones", "call progress", true},
	{"callerid", "caller ID", true},
	{"machine", "voice, answering machine, beep", true},
	{"jitter", "jitter buffer", true},
	{"came", "concealment of what came", true},
	{"g711", "G.711, both directions", true},
	{"lost", "concealment of a lost packet", false},
	{"g722", "G.722, both directions", false},
}

type item struct {
	name, title string
	always      bool
}

// counts are executed instructions.
type counts struct{ other, single, double, memory float64 }

func (c counts) all() float64 { return c.other + c.single + c.double + c.memory }

// cycles is an estimate for a Cortex-A8 whose floating point is in RunFast mode, in
// which the sound thread puts it: two instructions may issue in a cycle and caches
// and dependent results make up for that, so that one takes a cycle; single
// precision takes two, since results are waited for; double precision takes ten.
func (c counts) cycles() float64 { return c.other + c.memory + 2*c.single + 10*c.double }

const (
	lines  = 8
	clock  = 1e9 // Hz
	frames = 100 // a second
	bar    = 35  // % of the processor
)

func run() error {
	dir, err := os.MkdirTemp("", "armcost")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	t := tool{dir}
	if err := t.build(); err != nil {
		return err
	}
	fmt.Println("| 10 ms of one line | instructions | of them float32 | cycles, estimate |")
	fmt.Println("|---|---:|---:|---:|")
	var sum counts
	for _, l := range line {
		c, err := t.frame(l.name)
		if err != nil {
			return err
		}
		if l.always {
			sum = counts{sum.other + c.other, sum.single + c.single, sum.double + c.double, sum.memory + c.memory}
		}
		title := l.title
		if !l.always {
			title += " (beside the sum)"
		}
		fmt.Printf("| %s | %.0f | %.0f | %.0f |\n", title, c.all(), c.single+c.double, c.cycles())
	}
	share := 100 * lines * frames * sum.cycles() / clock
	fmt.Printf("| sum | %.0f | %.0f | %.0f |\n\n", sum.all(), sum.single+sum.double, sum.cycles())
	fmt.Printf("8 lines: %.0f million instructions and an estimated %.0f million cycles a second, %.1f %% of a Cortex-A8 at 1 GHz (bar %d %%; %.2f cycles an instruction).\n",
		lines*frames*sum.all()/1e6, lines*frames*sum.cycles()/1e6, share, bar, sum.cycles()/sum.all())
	if share > bar {
		return errors.New("over the bar")
	}
	return nil
}

// tool is the plugin and the program that it watches.
type tool struct{ dir string }

func (t tool) at(name string) string { return filepath.Join(t.dir, name) }

func (t tool) build() error {
	for _, c := range []*exec.Cmd{
		exec.Command("gcc", "-shared", "-fPIC", "-O2", "-o", t.at("count.so"), "scripts/armcost/plugin/count.c"),
		exec.Command("go", "build", "-o", t.at("work"), "./scripts/armcost/work"),
	} {
		c.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm", "GOARM=7", "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", c.Path, err, out)
		}
	}
	return nil
}

// frame counts a long run less a short one, so that what the program does around
// the work is not in it.
func (t tool) frame(name string) (counts, error) {
	const short, long = 1000, 9000
	a, err := t.count(name, short)
	if err != nil {
		return counts{}, err
	}
	b, err := t.count(name, long)
	const n = long - short
	return counts{(b.other - a.other) / n, (b.single - a.single) / n, (b.double - a.double) / n, (b.memory - a.memory) / n}, err
}

func (t tool) count(name string, frames int) (c counts, err error) {
	q := exec.Command("qemu-arm", "-E", "GOGC=off", "-E", "GOMAXPROCS=1", "-plugin", t.at("count.so")+",to="+t.at("counts"), t.at("work"), name, strconv.Itoa(frames))
	if out, err := q.CombinedOutput(); err != nil {
		return c, fmt.Errorf("qemu-arm: %w: %s", err, out)
	}
	b, err := os.ReadFile(t.at("counts"))
	if err != nil {
		return c, err
	}
	_, err = fmt.Sscan(string(b), &c.other, &c.single, &c.double, &c.memory)
	return c, err
}
