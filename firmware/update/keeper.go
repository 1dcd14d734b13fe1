package update

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Options are the world of a Keeper.
type Options struct {
	Dir       string    // of its own, on the data partition
	Stick     string    // where a USB stick appears
	Installer Installer // nil: this box is not updated by bundles
	Version   string    // that runs
	// Boot is the kernel's name of this start of the machine.
	Boot string
	// Calls is how many are up.
	Calls func(ctx context.Context) (int, error)
	// Well says whether the box was proved to work, and else what does not.
	Well func() (good bool, failing string)
	// Restart asks the system to start anew.
	Restart func() error
	// Ended hears how an update ended; once more if the box is cut just then.
	Ended func(Outcome)
	// Alarm hears of a version that the box fell back from, nil when people know.
	Alarm func(*Outcome)
	Log   *slog.Logger
}

// Times between two looks.
const (
	look        = time.Second
	lookIdle    = time.Hour // it is woken
	lookLongest = time.Minute
	// quietLooks is how often in a row no call was found before the box starts anew:
	// who was transferred or dials again is not cut.
	quietLooks = 3
	restartMax = 2 * time.Minute
)

// Keeper is the worker.
type Keeper struct {
	opt  Options
	wake chan struct{}

	mu      sync.Mutex
	known   bool // what runs here was told by the installer
	backoff time.Duration
	state   State
	rec     record
	wanted  *wish
	now     bool // calls are not waited for
	quiet   int
	asked   time.Time // for a restart
}

// wish is a bundle on the stick.
type wish struct {
	name    string
	install bool
	who     string
}

// New opens what the last start left. A record that cannot be read is told by the
// error; the Keeper works all the same.
func New(o Options) (*Keeper, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	k := &Keeper{opt: o, wake: make(chan struct{}, 1), backoff: look}
	k.state = State{Phase: Idle, Version: o.Version}
	if o.Installer == nil {
		return k, nil
	}
	err := os.MkdirAll(o.Dir, 0o700)
	if err == nil {
		err = k.load()
	}
	return k, errors.Join(err, k.drop())
}

func (k *Keeper) String() string { return "update" }

// State is a snapshot.
func (k *Keeper) State() State {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.state
	s.Oldest = k.rec.Oldest
	if s.Bundle != nil {
		b := *s.Bundle
		s.Bundle = &b
	}
	if k.rec.Last != nil {
		l := *k.rec.Last
		s.Last = &l
	}
	s.Sticks = k.sticks()
	return s
}

// Serve carries updates on until ctx ends.
func (k *Keeper) Serve(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.wake:
		case <-timer.C:
		}
		timer.Reset(k.step(ctx))
	}
}

// step does what the phase asks for and says when to look again.
func (k *Keeper) step(ctx context.Context) time.Duration {
	k.mu.Lock()
	known, phase, wanted := k.known, k.state.Phase, k.wanted
	k.mu.Unlock()
	switch {
	case k.opt.Installer == nil:
		return lookIdle
	case !known:
		return k.begin(ctx)
	case phase == Receiving && wanted != nil:
		return k.fetch(ctx, *wanted)
	case phase == Writing:
		return k.write(ctx)
	case phase == Waiting, phase == Restarting:
		return k.leave(ctx)
	case phase == Trial:
		return k.prove(ctx)
	}
	return lookIdle
}

func (k *Keeper) stir() {
	select {
	case k.wake <- struct{}{}:
	default: // it is awake
	}
}

// slower doubles the time to the next try of something that failed.
func (k *Keeper) slower() time.Duration {
	was := k.backoff
	k.backoff = min(2*k.backoff, lookLongest)
	return was
}

// to changes the phase where the present one is among those.
func (k *Keeper) to(next Phase, from ...Phase) error {
	if !k.state.Offered {
		return ErrNone
	}
	for _, f := range from {
		if k.state.Phase == f {
			k.state.Phase, k.state.Problem, k.backoff = next, nil, look
			return nil
		}
	}
	switch k.state.Phase {
	case Idle, Checked:
		return ErrNothing
	}
	return ErrBusy
}

// Install has the checked bundle written; the box starts anew when nobody talks.
func (k *Keeper) Install(who string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.to(Writing, Checked); err != nil {
		return err
	}
	b := k.state.Bundle
	k.rec.Pending = &pending{Version: b.Version, Oldest: b.Oldest, From: k.opt.Version, Slot: k.state.Slot, Boot: k.opt.Boot, Who: who}
	k.rec.Seen = true
	k.state.Percent, k.now, k.quiet = 0, false, 0
	k.alarm()
	if err := k.save(); err != nil { // what cannot be remembered is not begun
		k.rec.Pending, k.state.Phase = nil, Checked
		return err
	}
	k.stir()
	return nil
}

func (k *Keeper) write(ctx context.Context) time.Duration {
	k.opt.Log.Info("writing a new version", "version", k.state.Bundle.Version)
	err := k.opt.Installer.Install(ctx, k.path(incoming), k.percent)
	if ctx.Err() != nil {
		return look // the next start finds it interrupted
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.opt.Log.Error("writing a new version", "err", err)
		no := refusalOf(err, ErrWrite)
		k.state.Problem = no
		k.end(Failed, no.Code, "")
	} else {
		k.rec.Pending.Written = true
		k.state.Phase, k.state.Percent = Waiting, 100
		k.told(k.save())
	}
	k.told(k.drop())
	return 0
}

func (k *Keeper) percent(n int) {
	k.mu.Lock()
	k.state.Percent = n
	k.mu.Unlock()
}

// Restart does not wait until nobody talks, or asks once more.
func (k *Keeper) Restart() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.to(Waiting, Waiting); err != nil {
		return err
	}
	k.now = true
	k.stir()
	return nil
}

// leave starts the box anew once nobody talks.
func (k *Keeper) leave(ctx context.Context) time.Duration {
	n, err := k.opt.Calls(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.state.Phase == Restarting {
		if time.Since(k.asked) < restartMax {
			return look
		}
		k.state.Phase, k.state.Problem, k.quiet = Waiting, ErrRestart, 0
	}
	if k.state.Phase != Waiting { // taken back meanwhile
		return 0
	}
	k.state.Calls = n
	switch {
	case err != nil:
		k.quiet = 0
		k.opt.Log.Error("counting calls before a new start", "err", err)
		if !k.now {
			return k.slower()
		}
	case n > 0:
		k.quiet = 0
	default:
		k.quiet++
	}
	if !k.now && k.quiet < quietLooks {
		return look
	}
	k.opt.Log.Info("starting anew for a new version", "version", k.rec.Pending.Version, "calls", n)
	k.now = false
	if err := k.opt.Restart(); err != nil {
		k.opt.Log.Error("starting anew", "err", err)
		k.state.Problem, k.quiet = ErrRestart, 0
		return k.slower()
	}
	k.state.Phase, k.asked = Restarting, time.Now()
	return look
}

// Cancel takes back what can be: a bundle that waits for a person, or a version that
// was written and not started. Of a version that the box fell back from it says that
// people know.
func (k *Keeper) Cancel(ctx context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case !k.state.Offered:
		return ErrNone
	case k.state.Phase == Checked:
		k.state.Phase, k.state.Bundle = Idle, nil
		return k.drop()
	case k.state.Phase == Waiting:
		if err := k.opt.Installer.Stay(ctx); err != nil {
			k.opt.Log.Error("keeping the running version", "err", err)
			return ErrWrite
		}
		k.state.Phase, k.state.Bundle, k.state.Problem, k.rec.Pending = Idle, nil, nil, nil
		return k.save()
	case k.state.Phase != Idle:
		return ErrBusy
	case k.rec.Last == nil || k.rec.Seen:
		return ErrNothing
	}
	k.rec.Seen = true
	k.alarm()
	return k.save()
}

// told logs what goes wrong with the record: the update goes on without it.
func (k *Keeper) told(err error) {
	if err != nil {
		k.opt.Log.Error("update", "err", err)
	}
}

func refusalOf(err error, otherwise *Refusal) *Refusal {
	var no *Refusal
	if errors.As(err, &no) {
		return no
	}
	return otherwise
}
