package sip

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	// probeEvery is the pause between two OPTIONS to a server that does well.
	probeEvery = 30 * time.Second
	// probeDown is the longest pause where one is given up: three of them and it is
	// back within a quarter of a minute.
	probeDown = 5 * time.Second
	// probePatience is how long an answer is waited for: four packets of a request
	// over UDP (RFC 3261 section 17.1.2.1).
	probePatience = 4 * time.Second
)

// state is how the trunk does now; the lock is held.
func (t *trunk) state(now time.Time) TrunkState {
	s := TrunkState{Name: t.Name}
	for _, x := range t.targets {
		s.Servers = append(s.Servers, Server{Addr: x.String(), Up: !x.down, Code: x.why.code})
	}
	use := t.best(now)
	switch {
	case len(t.targets) == 0 && t.why.code == "":
		s.Code, s.Why = faultStarting, "not tried yet"
	case len(t.targets) == 0:
		s.Code, s.Why = t.why.code, t.why.text
	case use == nil:
		s.Code, s.Why = t.targets[0].why.code, t.targets[0].why.text
	case t.Register && !t.registered && t.why.code == "":
		s.Code, s.Why = faultStarting, "not registered yet"
	case t.Register && !t.registered:
		s.Code, s.Why = t.why.code, t.why.text
	default:
		s.Ready, s.Server = true, use.String()
	}
	return s
}

// best is the first server that is not given up; the lock is held.
func (t *trunk) best(now time.Time) *target {
	for _, x := range t.targets {
		if x.usable(now) {
			return x
		}
	}
	return nil
}

// serve is the server for the next request: the best, or the first when all are
// given up.
func (t *trunk) serve() *target {
	t.mu.Lock()
	defer t.mu.Unlock()
	if x := t.best(time.Now()); x != nil || len(t.targets) == 0 {
		return x
	}
	return t.targets[0]
}

// after is the best server beside those tried, nil when none is left.
func (t *trunk) after(tried []*target) *target {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	for _, x := range t.targets {
		if x.usable(now) && !slices.Contains(tried, x) {
			return x
		}
	}
	return nil
}

// blame notes what a server did wrong. One that is the only server is given up by
// its silence to OPTIONS or REGISTER alone: there is nothing to be won by not
// calling it.
func (t *trunk) blame(e *Endpoint, x *target, why fault, call bool) {
	t.mu.Lock()
	if call && len(t.targets) < 2 {
		t.mu.Unlock()
		return
	}
	if x.fell(why, time.Now()) {
		e.log.Warn("sip: a provider's server is given up", "trunk", t.Name, "server", x.String(), "why", why.text)
		t.move()
	}
	t.mu.Unlock()
	t.news(e)
}

// praise notes that a server does what it should.
func (t *trunk) praise(e *Endpoint, x *target, registered bool) {
	t.mu.Lock()
	back := false
	if registered {
		back = x.down
		x.up()
	} else {
		back = x.heard()
	}
	if back {
		e.log.Info("sip: a provider's server is back", "trunk", t.Name, "server", x.String())
		t.move()
	}
	t.mu.Unlock()
	t.news(e)
}

// move has the registration follow the best server; the lock is held.
func (t *trunk) move() {
	if t.Register && t.home != nil && t.best(time.Now()) != t.home {
		select {
		case t.moved <- struct{}{}:
		default: // known already
		}
	}
}

// news tells a state once, and nothing of a trunk that is no more.
func (t *trunk) news(e *Endpoint) {
	t.telling.Lock()
	defer t.telling.Unlock()
	select {
	case <-t.stop:
		return
	default:
	}
	t.mu.Lock()
	now := t.state(time.Now())
	t.mu.Unlock()
	if now.Code == faultStarting || now.equal(t.told) {
		return
	}
	t.told = now
	e.trunks.tell(now)
}

func (s TrunkState) equal(o TrunkState) bool {
	return s.Ready == o.Ready && s.Why == o.Why && s.Code == o.Code && s.Server == o.Server && slices.Equal(s.Servers, o.Servers)
}

// probe asks all servers by OPTIONS how they do, for as long as the trunk is at work.
func (t *trunk) probe(ctx context.Context, e *Endpoint) {
	every := probeEvery
	if t.ProbeS > 0 {
		every = time.Duration(t.ProbeS) * time.Second
	}
	for pause := min(every, probeDown); ; {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause - rand.N(pause/8+1)):
		}
		if t.probeAll(ctx, e) {
			pause = every
		} else {
			pause = min(every, probeDown)
		}
		t.news(e) // time alone brings back one that is deaf to OPTIONS
	}
}

// probeAll reports whether all servers are well.
func (t *trunk) probeAll(ctx context.Context, e *Endpoint) bool {
	t.mu.Lock()
	targets := slices.Clone(t.targets)
	t.mu.Unlock()
	well := true
	for _, x := range targets {
		if !t.NoProbe {
			t.ask(ctx, e, x)
		}
		t.mu.Lock()
		well = well && !x.down
		t.mu.Unlock()
	}
	return well
}

// ask sends one OPTIONS. Any final answer but 503 is from a server that works; who
// never answered any is deaf to OPTIONS and judged by calls and registrations alone,
// unless there are none to judge by.
func (t *trunk) ask(ctx context.Context, e *Endpoint, x *target) {
	answer := t.options(ctx, e, x)
	status, why := answer.status, answer.why
	if ctx.Err() != nil {
		return
	}
	t.mu.Lock()
	deaf := !x.spoke && t.Register && why.code == faultSilent
	t.mu.Unlock()
	switch {
	case why.code == "":
		t.praise(e, x, false)
	case status == sip.StatusServiceUnavailable || !deaf:
		t.blame(e, x, why, false)
	}
}

// probed is a server's answer to OPTIONS.
type probed struct {
	status int    // 0 where none came
	said   string // its status line
	why    fault  // the zero fault is well
	laws   string // see lawsTold
}

// options asks one server.
func (t *trunk) options(ctx context.Context, e *Endpoint, x *target) probed {
	ctx, cancel := context.WithTimeout(ctx, probePatience)
	defer cancel()
	d := dialog{
		callID: token(12), localTag: token(8), transport: t.transport(), flow: x.String(),
		local:  sip.Uri{Scheme: "sip", User: cleanUser(t.account()), Host: t.domain()},
		target: sip.Uri{Scheme: "sip", Host: t.domain()},
	}
	d.remote = d.target
	req := e.request(&d, sip.OPTIONS, 1)
	req.AppendHeader(e.contact(t.contactUser(), d.transport, d.flow))
	req.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	req.SetBody(nil)
	res, err := e.transact(ctx, req)
	if err != nil {
		return probed{why: t.silence(x, err)}
	}
	a := probed{status: res.StatusCode, said: fmt.Sprintf("%d %s", res.StatusCode, clean(res.Reason, 60)), laws: t.lawsTold(res.Body())}
	if res.StatusCode == sip.StatusServiceUnavailable || res.StatusCode == sip.StatusRequestTimeout {
		a.why = fault{faultBusy, fmt.Sprintf("sip: trunk %s: %s answers %s", t.Name, x, a.said)}
	}
	return a
}

// silence is the fault of a request that nobody answered.
func (t *trunk) silence(x *target, err error) fault {
	var op *net.OpError
	if distrust := t.distrusts(x); distrust != nil {
		return fault{faultCertificate, fmt.Sprintf("sip: trunk %s: %s: %v", t.Name, x, distrust)}
	}
	if errors.As(err, &op) && op.Op == "dial" || errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH) {
		return fault{faultUnreachable, fmt.Sprintf("sip: trunk %s: %s is not reached: %v", t.Name, x, err)}
	}
	return fault{faultSilent, fmt.Sprintf("sip: trunk %s: no answer from %s (%s)", t.Name, x, strings.Join(t.reached(), ", "))}
}
