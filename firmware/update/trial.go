package update

import (
	"context"
	"time"
)

// begin learns what runs here and finds out how the last update went.
func (k *Keeper) begin(ctx context.Context) time.Duration {
	st, err := k.opt.Installer.Status(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if err != nil {
		k.opt.Log.Debug("the installer does not answer", "err", err)
		return k.slower()
	}
	k.known, k.backoff = true, look
	k.state.Offered, k.state.Board, k.state.Slot = true, st.Compatible, st.Booted
	k.settle()
	k.alarm()
	return 0
}

// settle compares what runs with what was to run.
func (k *Keeper) settle() {
	p := k.rec.Pending
	if p == nil {
		return
	}
	k.state.Bundle = &Bundle{Version: p.Version, Compatible: k.state.Board, Oldest: p.Oldest}
	switch {
	case k.state.Slot != p.Slot:
		p.Starts++
		k.state.Phase = Trial
		k.told(k.save())
	case !p.Written:
		k.end(Interrupted, "", "")
	case p.Boot == k.opt.Boot: // the program began anew and not the box
		k.state.Phase = Waiting
	default:
		why, detail := Unknown, ""
		if p.Starts == 0 {
			why = NoStart
		} else if p.Failing != "" {
			why, detail = NotWell, p.Failing
		}
		k.end(FellBack, why, detail)
	}
}

// prove calls the new version good once the box was seen to work, and writes down
// for the old version what is in the way.
func (k *Keeper) prove(ctx context.Context) time.Duration {
	good, failing := k.opt.Well()
	if good {
		if err := k.opt.Installer.MarkGood(ctx); err != nil {
			k.mu.Lock()
			defer k.mu.Unlock()
			k.opt.Log.Error("calling the new version good", "err", err)
			return k.slower()
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	p := k.rec.Pending
	switch {
	case good:
		k.rec.Oldest = newer(k.rec.Oldest, p.Oldest)
		k.end(Good, "", "")
		return 0
	case failing != p.Failing && failing != "":
		p.Failing = failing[:min(len(failing), nameMax)]
		k.told(k.save())
	}
	return look
}

// end closes an update. It is told before it is forgotten: a cut between the two
// tells it twice.
func (k *Keeper) end(result, why, detail string) {
	p := k.rec.Pending
	o := Outcome{Version: p.Version, From: p.From, Result: result, Why: why, Detail: detail, Who: p.Who, At: time.Now().UnixMilli()}
	k.opt.Log.Info("an update ended", "version", o.Version, "from", o.From, "result", result, "why", why, "detail", detail)
	k.opt.Ended(o)
	k.rec.Last, k.rec.Pending, k.rec.Seen = &o, nil, result != FellBack
	k.state.Phase, k.state.Bundle = Idle, nil
	k.alarm()
	k.told(k.save())
}

// alarm tells of a version that the box fell back from, as long as nobody knows.
func (k *Keeper) alarm() {
	if k.rec.Last != nil && !k.rec.Seen && k.rec.Last.Result == FellBack {
		k.opt.Alarm(k.rec.Last)
		return
	}
	k.opt.Alarm(nil)
}
