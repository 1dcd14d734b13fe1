package main

import (
	"bufio"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"
)

// options are the flags.
type options struct {
	box, settings, sounds string
	server                string
	pid                   int
	peer                  string
	peerPID               int
	host                  netip.Addr

	password  string
	passwords map[string]string // of -users

	calls   int
	seconds int
	runs    int
	rate    int // calls a second while a load is built up
	from    int // calls a search begins with
	step    int
	most    int
	floods  int
	json    bool
	core    string
	modes   []string
}

func parseOptions(args []string) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("callload", flag.ContinueOnError)
	f.StringVar(&o.box, "box", "", "program of the box to start, such as build/centralita")
	f.StringVar(&o.settings, "settings", "scripts/bench/office.yaml", "settings the box starts with")
	f.StringVar(&o.sounds, "sounds", "build/sounds", "sounds of the box")
	f.StringVar(&o.core, "core", "0", "core the box is pinned to, empty for none")
	f.StringVar(&o.server, "server", "", "host:port of a running SIP server, in place of -box")
	f.IntVar(&o.pid, "pid", 0, "process of -server, for its processor and memory")
	f.StringVar(&o.peer, "peer", "", "host:port of a second SIP server to print beside")
	f.IntVar(&o.peerPID, "peer-pid", 0, "process of -peer")
	host := f.String("host", "127.0.0.1", "address of our own ends")
	f.StringVar(&o.password, "password", "bench", "password of every user")
	users := f.String("users", "", "file with a line \"user password\" for each user")
	f.IntVar(&o.calls, "n", 100, "calls of modes calls, record and memory")
	f.IntVar(&o.seconds, "t", 15, "seconds that one measure takes")
	f.IntVar(&o.runs, "runs", 1, "runs of each mode; medians are printed")
	f.IntVar(&o.rate, "cps", 40, "calls a second while calls are built up")
	f.IntVar(&o.from, "from", 200, "calls a search begins with")
	f.IntVar(&o.step, "step", 50, "calls a search adds each time")
	f.IntVar(&o.most, "most", 1500, "calls a search ends with")
	f.IntVar(&o.floods, "floods", 400_000, "registrations of mode flood")
	f.BoolVar(&o.json, "json", false, "print JSON")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	o.modes = f.Args()
	var err error
	if o.host, err = netip.ParseAddr(*host); err != nil || !o.host.Is4() {
		return nil, fmt.Errorf("-host %q is no IPv4 address", *host)
	}
	if *users != "" {
		if o.passwords, err = readUsers(*users); err != nil {
			return nil, err
		}
	}
	if (o.box == "") == (o.server == "") {
		return nil, fmt.Errorf("say either -box PROGRAM or -server host:port")
	}
	if len(o.modes) == 0 {
		return nil, fmt.Errorf("say a mode: %s or all", strings.Join(modeNames(), " "))
	}
	return o, nil
}

func readUsers(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	users := map[string]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if w := strings.Fields(lines.Text()); len(w) == 2 {
			users[w[0]] = w[1]
		}
	}
	return users, lines.Err()
}

// numbers are n users from a number on, those of them that -users has.
func (o *options) numbers(first, n int) []string {
	var list []string
	for i := range n {
		name := strconv.Itoa(first + i)
		if _, ok := o.passwords[name]; ok || o.passwords == nil {
			list = append(list, name)
		}
	}
	return list
}

func (o *options) passwordOf(user string) string {
	if p, ok := o.passwords[user]; ok {
		return p
	}
	return o.password
}

func (o *options) span() time.Duration { return time.Duration(o.seconds) * time.Second }
