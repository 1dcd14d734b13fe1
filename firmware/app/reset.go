package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"centralita/firmware/access/gate"
	"centralita/firmware/atomicfile"
	"centralita/hal"
)

// ErrAgain is what Serve says when the program should begin anew, with the same
// flags: its caller starts it again.
var ErrAgain = errors.New("app: the box starts anew")

// Factory reset: a mark in the data folder, then a new start, which removes
// everything before it opens anything. A cut in the middle leaves the mark, and the
// next start goes on.
const (
	resetMark   = "factory-reset"
	resetButton = "factory"
	resetHeld   = 10 * time.Second
)

// press is a finger on the front.
func (a *App) press(p hal.Press) {
	a.log.Info("button", "button", p.Button, "held", p.Held, "done", p.Done)
	if p.Button != resetButton || p.Held < resetHeld {
		return
	}
	if !p.Done {
		a.signal(hal.LampRedBlink) // let go now and it is done
		return
	}
	if err := a.reset("the button"); err != nil {
		a.log.Error("factory reset", "err", err)
		a.signal(hal.LampRed)
	}
}

func (a *App) signal(l hal.Lamp) {
	if err := a.box.Lamps.Set("status", l); err != nil {
		a.log.Debug("lamp", "name", "status", "err", err)
	}
}

// ResetBox implements api.Resets: the person's own password is the question before
// what cannot be undone.
func (a *App) ResetBox(ctx context.Context, who gate.Session, password string) error {
	if err := a.gate.Confirm(ctx, who, password); err != nil {
		return err
	}
	return a.reset(string(who.Person))
}

func (a *App) reset(why string) error {
	a.log.Warn("factory reset: everything in the data folder goes", "asked by", why)
	if err := atomicfile.Write(a.path(resetMark), 0o600, nil); err != nil {
		return fmt.Errorf("factory reset: %w", err)
	}
	a.again()
	return nil
}

// wipe finishes a factory reset that was begun: everything goes but the lock, and
// the mark last.
func (a *App) wipe() error {
	if _, err := os.Stat(a.path(resetMark)); err != nil {
		return nil
	}
	set, err := os.ReadFile(a.opt.Network)
	moved := err == nil && len(set) > 0
	all, err := os.ReadDir(a.opt.Data)
	if err != nil {
		return fmt.Errorf("factory reset: %w", err)
	}
	for _, e := range all {
		if e.Name() == lockFile || e.Name() == resetMark {
			continue
		}
		if err := os.RemoveAll(filepath.Join(a.opt.Data, e.Name())); err != nil {
			return fmt.Errorf("factory reset: %w; remove the data folder by hand", err)
		}
	}
	if err := errors.Join(atomicfile.SyncFolder(a.opt.Data), os.Remove(a.path(resetMark)), atomicfile.SyncFolder(a.opt.Data)); err != nil {
		return fmt.Errorf("factory reset: %w", err)
	}
	if moved { // the machine still stands where the settings had it
		if err := a.errand("network"); err != nil {
			a.log.Error("factory reset", "err", err)
		}
	}
	a.log.Info("factory reset done")
	return nil
}
