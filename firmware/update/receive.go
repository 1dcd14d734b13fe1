package update

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// incoming is the bundle while it is here; RAUC wants the ending.
const incoming = "incoming.raucb"

// spare is what a bundle leaves free on the disk for calls and their record.
const spare = 64 << 20

// drop removes the bundle.
func (k *Keeper) drop() error {
	err := os.Remove(k.path(incoming))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

// Receive takes a bundle of size bytes, -1 for not known, and checks it. It is then
// ready to be installed, or refused and gone.
func (k *Keeper) Receive(ctx context.Context, r io.Reader, size int64) error {
	if err := k.expect(size, nil); err != nil {
		return err
	}
	return k.receive(ctx, r, size)
}

// expect begins the receiving.
func (k *Keeper) expect(size int64, w *wish) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if size > BundleMax {
		return errLarge
	}
	if err := k.to(Receiving, Idle, Checked); err != nil {
		return err
	}
	k.state.Received, k.state.Size, k.state.Bundle, k.wanted = 0, max(0, size), nil, w
	return nil
}

func (k *Keeper) receive(ctx context.Context, r io.Reader, size int64) (err error) {
	defer func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.wanted = nil
		if err == nil {
			return
		}
		k.state.Phase, k.state.Bundle = Idle, nil
		k.state.Problem = refusalOf(err, ErrWrite)
		k.told(k.drop())
	}()
	n, err := k.store(r, size)
	if err != nil {
		return err
	}
	k.mu.Lock()
	k.state.Phase = Checking
	k.mu.Unlock()
	b, err := k.opt.Installer.Info(ctx, k.path(incoming))
	if err != nil {
		k.opt.Log.Warn("a bundle was refused", "err", err)
		return refusalOf(err, ErrDamaged)
	}
	b.Size = n
	if err := k.judge(&b); err != nil {
		k.opt.Log.Warn("a bundle was refused", "err", err)
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.state.Phase, k.state.Bundle = Checked, &b
	return nil
}

// store writes the bundle to the disk, where it leaves room for others.
func (k *Keeper) store(r io.Reader, size int64) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(k.opt.Dir, &disk); err != nil {
		return 0, fmt.Errorf("update: %w", err)
	}
	room := int64(disk.Bavail)*int64(disk.Bsize) - spare
	if size > room {
		return 0, refuse("space", fmt.Sprint((size+spare)>>20), fmt.Sprint((room+spare)>>20))
	}
	f, err := os.OpenFile(k.path(incoming), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("update: %w", err)
	}
	most := min(int64(BundleMax), room)
	n, err := io.Copy(f, io.LimitReader(&counted{r, k}, most+1))
	err = errors.Join(err, f.Close())
	switch {
	case errors.Is(err, unix.ENOSPC):
		return n, refuse("space", fmt.Sprint((n+spare)>>20), fmt.Sprint((room+spare)>>20))
	case err != nil:
		return n, fmt.Errorf("%w: %w", ErrDamaged, err) // it ended before its end
	case n > BundleMax:
		return n, errLarge
	case n > most:
		return n, refuse("space", fmt.Sprint((n+spare)>>20), fmt.Sprint((room+spare)>>20))
	case size >= 0 && n != size:
		return n, ErrDamaged
	}
	return n, nil
}

// counted tells how much was read.
type counted struct {
	io.Reader
	k *Keeper
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.k.mu.Lock()
	c.k.state.Received += int64(n)
	c.k.mu.Unlock()
	return n, err
}

// judge finds a bundle fit for this box.
func (k *Keeper) judge(b *Bundle) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if b.Compatible != k.state.Board {
		return refuse("board", b.Compatible, k.state.Board)
	}
	if oldest := k.rec.Oldest; oldest != "" {
		if order, ok := compare(b.Version, oldest); !ok || order < 0 {
			return refuse("older", b.Version, oldest)
		}
	}
	order, ok := compare(b.Version, k.opt.Version)
	b.Older = ok && order < 0
	return nil
}

// sticks lists the bundles on the USB stick.
func (k *Keeper) sticks() []string {
	list := []string{}
	if k.opt.Stick == "" || k.opt.Installer == nil {
		return list
	}
	dir, err := os.Open(k.opt.Stick)
	if err != nil {
		return list // none is plugged in
	}
	defer dir.Close()
	all, _ := dir.ReadDir(1000) // what can be read of it
	for _, e := range all {
		if name := e.Name(); e.Type().IsRegular() && plain(name) && strings.HasSuffix(name, ".raucb") && len(list) < sticksMax {
			list = append(list, name)
		}
	}
	return list
}

// Take fetches a bundle from the USB stick, "" for the only one there, and has it
// installed at once if it is fit and that was asked for. It does not wait for it.
func (k *Keeper) Take(name string, install bool, who string) error {
	found := k.sticks()
	if name == "" && len(found) == 1 {
		name = found[0]
	}
	if name == "" || filepath.Base(name) != name || !slices.Contains(found, name) {
		return ErrStick
	}
	info, err := os.Lstat(filepath.Join(k.opt.Stick, name))
	if err != nil || !info.Mode().IsRegular() {
		return ErrStick
	}
	if err := k.expect(info.Size(), &wish{name, install, who}); err != nil {
		return err
	}
	k.stir()
	return nil
}

// fetch carries a wish out.
func (k *Keeper) fetch(ctx context.Context, w wish) time.Duration {
	f, err := openStick(k.opt.Stick, w.name)
	if err != nil {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.state.Phase, k.state.Problem, k.wanted = Idle, ErrStick, nil
		return lookIdle
	}
	defer f.Close()
	err = k.receive(ctx, f, -1)
	if err == nil && w.install {
		err = k.Install(w.who)
	}
	k.told(err)
	return lookIdle
}

// openStick follows no link out of the stick.
func openStick(dir, name string) (*os.File, error) {
	r, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return r.Open(name)
}
