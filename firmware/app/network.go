package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"centralita/firmware/api"
	"centralita/firmware/atomicfile"
	"centralita/firmware/console"
	"centralita/firmware/settings"
	"centralita/firmware/trust"
)

// network sets the machine's network where its system reads it from a file of ours
// (--network): the file is written, and the system's hand told that it changed.
type network struct {
	*App
	moved chan struct{} // 1: the settings may say something new

	mu      sync.Mutex
	done    bool      // what the settings in force say is applied
	asked   time.Time // when the hand was told last
	trouble string    // why not
}

// networkPause lets who changed the address hear that it was taken, and where to.
const networkPause = 2 * time.Second

// networkLook is how soon a new address of the machine is known, whoever gave it.
const networkLook = 5 * time.Second

// networkAgain is when a change that failed is tried once more.
const networkAgain = 30 * time.Second

func (a *App) openNetwork() error {
	a.network = &network{App: a, moved: make(chan struct{}, 1)}
	return nil
}

func (n *network) owned() bool { return n.opt.Network != "" }

// changed looks at the settings in force in a moment.
func (n *network) changed() {
	if !n.owned() {
		return
	}
	n.mu.Lock()
	n.done = n.same()
	n.mu.Unlock()
	select {
	case n.moved <- struct{}{}:
	default:
	}
}

// Serve applies what the settings say whenever they change, from the start on: the
// revision in force may be another one than when the machine started.
func (n *network) Serve(ctx context.Context) error {
	n.changed()
	again, look := time.NewTimer(networkAgain), time.NewTicker(networkLook)
	again.Stop() // nothing has failed yet
	defer again.Stop()
	defer look.Stop()
	have := trust.LocalAddresses()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
			if now := trust.LocalAddresses(); !slices.Equal(now, have) {
				have = now
				n.rerouted(now)
			}
			continue
		case <-n.moved:
		case <-again.C:
		}
		if !n.owned() || n.same() && n.well() {
			continue
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(networkPause):
		}
		if err := n.apply(); err != nil {
			n.log.Error("network", "err", err)
			again.Reset(networkAgain)
		}
	}
}

// rerouted tells those who tell others where the box is.
func (n *network) rerouted(now []netip.Addr) {
	n.log.Info("the machine's addresses are others", "addresses", now)
	n.sip.Rerouted()
	if err := n.trust.Refresh(); err != nil {
		n.log.Error("certificate", "err", err)
	}
}

// apply writes the file and tells the hand.
func (n *network) apply() error {
	text := n.text()
	err := atomicfile.Write(n.opt.Network, 0o600, []byte(text))
	if err == nil {
		err = n.errand("network")
	}
	n.mu.Lock()
	n.done, n.asked, n.trouble = err == nil, time.Now(), ""
	if err != nil {
		n.trouble = err.Error()
	}
	n.mu.Unlock()
	if err != nil {
		n.alarms.raise("network-set", "major", "alarm.network-set", err.Error())
		return err
	}
	n.alarms.clear("network-set")
	n.log.Info("the machine's network is set", "what", strings.ReplaceAll(strings.TrimSpace(text), "\n", ", "))
	return nil
}

// text is what the system is to read.
func (n *network) text() string {
	_, tree, _ := n.settings.Current()
	return networkText(tree.Box.Network)
}

// same reports whether the file says that already.
func (n *network) same() bool {
	had, err := os.ReadFile(n.opt.Network)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	return string(had) == n.text()
}

func (n *network) well() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.trouble == ""
}

// networkText is read by /etc/init.d/S20network, a word and its value a line. Nothing
// at all is DHCP under the machine's own name.
func networkText(n settings.Network) string {
	var b strings.Builder
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s %s\n", key, value)
		}
	}
	line("host", n.HostName)
	if p, fixed := n.Fixed(); fixed {
		line("address", p.String())
		line("gateway", n.Gateway)
		for _, s := range n.DNS {
			line("dns", s)
		}
	}
	for _, s := range n.TimeServers {
		line("ntp", s)
	}
	return b.String()
}

// State implements api.Network.
func (n *network) State() api.NetworkState {
	_, tree, _ := n.settings.Current()
	_, fixed := tree.Box.Network.Fixed()
	name, _ := os.Hostname()
	s := api.NetworkState{Owned: n.owned(), HostName: name, Addresses: []string{}, ByDHCP: !fixed}
	for _, a := range trust.LocalAddresses() {
		s.Addresses = append(s.Addresses, a.String())
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	s.Trouble = n.trouble
	return s
}

func (n *network) machine() console.Machine {
	s := n.State()
	return console.Machine{Owned: s.Owned, HostName: s.HostName, Addresses: s.Addresses, ByDHCP: s.ByDHCP, Trouble: s.Trouble}
}

// Reached implements api.Network.
func (n *network) Reached(at netip.Addr) bool {
	_, tree, _ := n.settings.Current()
	n.mu.Lock()
	done, asked := n.done, n.asked
	n.mu.Unlock()
	if p, fixed := tree.Box.Network.Fixed(); fixed {
		return done && (at.IsLoopback() || at == p.Addr())
	}
	return done && time.Since(asked) > networkPause // the old address has gone by now
}

// errand asks who may, by a word: the pipe has a reader on a box, and nowhere else.
func (a *App) errand(word string) error {
	pipe, err := os.OpenFile(a.opt.Hand, os.O_WRONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", word, err)
	}
	info, err := pipe.Stat()
	if err == nil && info.Mode()&os.ModeNamedPipe == 0 {
		err = fmt.Errorf("%s: %s is no pipe", word, a.opt.Hand)
	}
	if err == nil {
		_, err = pipe.WriteString(word + "\n")
	}
	return errors.Join(err, pipe.Close())
}
