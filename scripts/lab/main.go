// Command lab measures the sound functions of the box on a corpus and prints what
// they reach beside what they have to: `make lab LAB=DIR`. The makers of the
// corpus and the scorers live in DIR, outside this repository; what is measured is
// firmware/cmd/linelab, which is what runs in the box.
//
// Its tests are the short form: they make a small corpus of their own in Go, need
// neither DIR nor Python, and fail where a bar is not reached.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	dir := flag.String("lab", "", "folder with gen/, score/ and vectors/")
	seed := flag.Uint64("seed", 20240601, "seed of the corpus")
	only := flag.String("only", "", "measure only parts that contain this")
	hours := flag.Bool("hours", false, "listen to seven hours of speech too (400 MB)")
	build := flag.String("build", "build", "folder for the corpus and the results")
	others := flag.Bool("peers", false, "measure spandsp and Speex beside")
	flag.Parse()
	ok, err := measure(*dir, *build, *seed, *only, *hours, *others)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// row is one line of the table.
type row struct {
	part, bar string
	run       func(l *lab) (figures string, ok bool, err error)
}

func rows() []row {
	return append(append(append([]row{}, lineRows...), soundRows...), echoRows...)
}

// measure prepares everything, runs every row and prints the table. It reports
// whether every bar was reached.
func measure(dir, build string, seed uint64, only string, hours, others bool) (bool, error) {
	l, err := prepare(dir, build, seed)
	if err != nil {
		return false, err
	}
	l.hoursToo = hours
	var beside map[string]*lab
	if others {
		if beside, err = l.withPeers(); err != nil {
			return false, err
		}
	}
	fmt.Printf("corpus of seed %d in %s\n\n", seed, l.corpus)
	all := true
	for _, r := range rows() {
		if !strings.Contains(r.part, only) {
			continue
		}
		figures, ok, err := r.run(l)
		mark := "ok"
		switch {
		case err != nil:
			figures, mark, all = err.Error(), "FAILED", false
		case !ok:
			mark, all = "BELOW", false
		}
		fmt.Printf("%-22s %-6s %s\n%-29s bar: %s\n", r.part, mark, figures, "", r.bar)
		besides(beside, r)
	}
	return all, nil
}

// lab is where things are.
type lab struct {
	dir, corpus, score, out, linelab string
	first, env                       []string // of linelab's arguments and environment: a peer's
	hoursToo                         bool
}

func prepare(dir, build string, seed uint64) (*lab, error) {
	if dir == "" {
		return nil, fmt.Errorf("the makers of the corpus are not in this repository: give their folder with LAB=DIR (it has gen/, score/ and vectors/); `go test ./scripts/lab` is the short form that needs none")
	}
	for _, need := range []string{"gen/regenerate.sh", "score/score_dtmf.py", "vectors"} {
		if _, err := os.Stat(filepath.Join(dir, need)); err != nil {
			return nil, fmt.Errorf("%s is not the laboratory's folder: it has no %s", dir, need)
		}
	}
	abs, err := filepath.Abs(filepath.Join(build, "lab"))
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	l := &lab{dir: dir, score: filepath.Join(abs, "score"), linelab: filepath.Join(abs, "linelab"),
		corpus: filepath.Join(abs, fmt.Sprint("corpus-", seed)), out: filepath.Join(abs, fmt.Sprint("out-", seed))}
	return l, l.make(seed)
}
