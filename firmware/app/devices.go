package app

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"centralita/firmware/api"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/leg/sip"
	"centralita/firmware/provision"
	"centralita/firmware/provision/phonefile"
	"centralita/firmware/settings"

	"rsc.io/qr"
)

// deviceSecret names the words of a device in the store: the key of its folder, and
// the password of its own menus.
func deviceSecret(name, what string) string { return "device-" + name + "-" + what }

// giveKeys makes what a device of the plan has no word for yet, and forgets the words
// of those that left it. A key is 128 bits in hexadecimal; the password of the menus
// can be typed on a telephone's keys.
func (a *App) giveKeys(t *settings.Tree) {
	keep := map[string]bool{}
	for _, d := range t.Devices {
		for _, what := range []string{"key", "menu"} {
			name := deviceSecret(d.Name, what)
			keep[name] = true
			if _, ok := a.secrets.Get(name); ok {
				continue
			}
			if err := a.secrets.Put(name, freshWord(what)); err != nil {
				a.log.Error("a device gets no key", "device", d.Name, "err", err)
			}
		}
	}
	for _, name := range a.secrets.Names() {
		if strings.HasPrefix(name, "device-") && !keep[name] {
			if err := a.secrets.Put(name, ""); err != nil {
				a.log.Error("the key of a device that is gone stays", "secret", name, "err", err)
			}
		}
	}
}

func freshWord(what string) string {
	var b [16]byte
	rand.Read(b[:])
	if what == "key" {
		return hex.EncodeToString(b[:])
	}
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:10]))
}

// deviceByKey finds whose folder a key opens. It looks at all, so that its time tells
// nothing.
func (a *App) deviceByKey(key string) (found settings.Device, ok bool) {
	_, tree, _ := a.settings.Current()
	for _, d := range tree.Devices {
		word, has := a.secrets.Get(deviceSecret(d.Name, "key"))
		if has && subtle.ConstantTimeCompare([]byte(word), []byte(key)) == 1 {
			found, ok = d, true
		}
	}
	return found, ok
}

// folder is the place of a device's file as it is reached at one of our addresses.
func (a *App) folder(d settings.Device, at netip.Addr) string {
	key, ok := a.secrets.Get(deviceSecret(d.Name, "key"))
	_, port, err := net.SplitHostPort(a.web.Addr().String())
	if !ok || err != nil {
		return ""
	}
	return "http://" + net.JoinHostPort(at.String(), port) + provisionPath + key + "/"
}

// look answers a telephone that looks for its settings: the place if it stands in the
// plan and the window is open. Others are only noted while it is open.
func (a *App) look(d sip.Device) (place string, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	if !a.windowOpen(ctx) {
		return "", false
	}
	_, tree, _ := a.settings.Current()
	for _, known := range tree.Devices {
		if known.Address() == d.MAC {
			folder := a.folder(known, d.To)
			return phonefile.Address(known.Vendor, d.MAC, folder), folder != ""
		}
	}
	if a.notes.first("found " + d.MAC) {
		a.switchboard.Tell(&event.DeviceFound{MAC: d.MAC, Vendor: strings.ToLower(d.Vendor), Model: d.Model, From: d.From.String()})
	}
	return "", false
}

// lookTime is how long the loop may take to say whether the window is open.
const lookTime = 2 * time.Second

func (a *App) windowOpen(ctx context.Context) bool {
	open, _, _, err := a.switchboard.Look(ctx, func(now core.Time) any {
		k, ok := a.core.Part("provision").(*provision.Keeper)
		return ok && k.Open(now)
	})
	return err == nil && open.(bool)
}

// device is what a person types into a telephone, or lets an app scan.
func (a *App) device(name string, at netip.Addr) (api.DeviceCard, error) {
	_, tree, _ := a.settings.Current()
	for _, d := range tree.Devices {
		if d.Name != name {
			continue
		}
		card := api.DeviceCard{Name: d.Name, Vendor: d.Vendor, Address: phonefile.Address(d.Vendor, d.Address(), a.folder(d, at))}
		if !d.App() {
			card.Menu, _ = a.secrets.Get(deviceSecret(d.Name, "menu"))
			return card, nil
		}
		code, err := qr.Encode(card.Address, qr.M)
		if err != nil {
			return api.DeviceCard{}, err
		}
		for y := range code.Size {
			row := make([]byte, code.Size)
			for x := range code.Size {
				row[x] = ' '
				if code.Black(x, y) {
					row[x] = '#'
				}
			}
			card.Code = append(card.Code, string(row))
		}
		return card, nil
	}
	return api.DeviceCard{}, api.ErrNotFound
}

// notes remember for a while what was written down, so that a telephone that asks
// again and again does not fill the journal.
type notes struct {
	mu   sync.Mutex
	last map[string]time.Time
}

const (
	noteEvery = time.Minute
	notesMax  = 256 // a flood of made-up names is not written down beyond it
)

func (n *notes) first(what string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := time.Now()
	for k, at := range n.last {
		if now.Sub(at) > noteEvery {
			delete(n.last, k)
		}
	}
	if _, told := n.last[what]; told || len(n.last) >= notesMax {
		return false
	}
	if n.last == nil {
		n.last = map[string]time.Time{}
	}
	n.last[what] = now
	return true
}
