package sip

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	// retryFirst and retryMost bound the pause after a registration that failed;
	// it doubles in between (RFC 5626 section 4.5).
	retryFirst = 2 * time.Second
	retryMost  = 2 * time.Minute
	// signOffPatience is how long a provider has to answer when we leave.
	signOffPatience = time.Second
	// askPatience is how long one registration is waited for: Timer F.
	askPatience = 32 * time.Second
)

// run keeps the trunk ready until halt. It is a no-op when running already.
func (t *trunk) run(e *Endpoint) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running {
		return
	}
	t.running = true
	ctx, cancel := context.WithCancel(context.Background())
	t.stopped.Go(func() {
		<-t.stop
		cancel()
	})
	t.stopped.Go(func() { t.keep(ctx, e) })
	t.stopped.Go(func() { t.probe(ctx, e) })
}

// halt signs off and waits for it.
func (t *trunk) halt() {
	close(t.stop)
	t.stopped.Wait()
}

func (t *trunk) keep(ctx context.Context, e *Endpoint) {
	r := registration{t: t, e: e, callID: token(12), tag: token(8)}
	pause := retryFirst
	for ctx.Err() == nil {
		next, err := r.refresh(ctx)
		if ctx.Err() != nil {
			break
		}
		t.mu.Lock()
		t.registered, t.why = err == nil && t.Register, fault{}
		if err != nil {
			t.why = faultOf(err)
		}
		t.mu.Unlock()
		if err == nil {
			pause = retryFirst
		} else {
			next = pause + rand.N(pause/4+1)
			pause = min(2*pause, retryMost)
		}
		t.news(e)
		select {
		case <-ctx.Done():
		case <-time.After(next):
		case <-t.moved:
		}
	}
	t.mu.Lock()
	leave := t.home
	t.mu.Unlock()
	if t.Register && leave != nil {
		bye, cancel := context.WithTimeout(context.Background(), signOffPatience)
		defer cancel()
		if _, err := r.ask(bye, leave, 0); err != nil {
			e.log.Info("sip: provider did not answer our leave", "trunk", t.Name, "error", err)
		}
	}
}

// faultOf is the fault that an error of refresh is.
func faultOf(err error) fault {
	var f fault
	if errors.As(err, &f) {
		return f
	}
	return fault{faultRefused, err.Error()}
}

// registration is our entry at a provider: one Call-ID and rising numbers for as
// long as the box runs (RFC 3261 section 10.2.4).
type registration struct {
	t           *trunk
	e           *Endpoint
	callID, tag string
	seq         uint32
}

// refresh finds the servers and registers at the best one that takes us; it returns
// when to come again.
func (r *registration) refresh(ctx context.Context) (time.Duration, error) {
	if err := r.t.resolve(ctx, r.e); err != nil {
		return 0, err
	}
	if !r.t.Register {
		return resolveEvery, nil
	}
	asked := r.t.ExpiresS
	if asked <= 0 {
		asked = expiresDefault
	}
	var tried []*target
	for x := r.t.serve(); ; {
		granted, err := r.ask(ctx, x, asked)
		if err == nil {
			r.t.settle(r.e, x)
			// Half way for long ones, and always some seconds before the end.
			wait := time.Duration(granted) * time.Second
			return min(max(wait*3/4-rand.N(wait/8+1), time.Second), resolveEvery), nil
		}
		if tried = append(tried, x); ctx.Err() != nil {
			return 0, err
		}
		if !faultOf(err).ofServer() {
			r.t.praise(r.e, x, true) // it answers: what is wrong is our account
			return 0, err
		}
		r.t.blame(r.e, x, faultOf(err), false)
		if x = r.t.after(tried); x == nil {
			return 0, err
		}
	}
}

// ofServer reports faults that another server may not have.
func (f fault) ofServer() bool {
	return f.code == faultSilent || f.code == faultUnreachable || f.code == faultCertificate || f.code == faultBusy
}

// settle notes where we are registered.
func (t *trunk) settle(e *Endpoint, x *target) {
	t.mu.Lock()
	t.home, t.registered = x, true
	t.mu.Unlock()
	t.praise(e, x, true)
}

// ask sends REGISTER, with credentials when challenged, and returns the seconds
// granted.
func (r *registration) ask(ctx context.Context, x *target, expires int) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, r.patience(x))
	defer cancel()
	var challenge *sip.Response
	for range attemptsMax {
		req, err := r.request(x, expires, challenge)
		if err != nil {
			return 0, err
		}
		res, err := r.e.transact(ctx, req)
		if err != nil {
			return 0, r.t.silence(x, err)
		}
		switch {
		case res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired:
			challenge = res
		case res.StatusCode == sip.StatusIntervalToBrief:
			h := res.GetHeader("Min-Expires")
			if h == nil {
				return 0, fmt.Errorf("sip: trunk %s: %s wants a longer registration and does not say how long", r.t.Name, x)
			}
			if v, ok := seconds(h.Value()); ok && v > expires {
				expires = min(v, 24*3600)
			}
		case res.IsSuccess():
			return grantedBy(res, expires), nil
		default:
			code := faultRefused
			if res.StatusCode/100 == 5 {
				code = faultBusy
			}
			return 0, fault{code, fmt.Sprintf("sip: trunk %s: %s answers %d %s to our registration", r.t.Name, x, res.StatusCode, clean(res.Reason, 60))}
		}
	}
	return 0, fault{faultCredentials, fmt.Sprintf("sip: trunk %s: %s does not accept user and password of %q", r.t.Name, x, r.t.authUser())}
}

// patience with one server: short while another one could be asked.
func (r *registration) patience(x *target) time.Duration {
	if r.t.after([]*target{x}) != nil {
		return probePatience
	}
	return askPatience
}

func (r *registration) request(x *target, expires int, challenge *sip.Response) (*sip.Request, error) {
	t := r.t
	r.seq++
	d := dialog{
		callID: r.callID, localTag: r.tag, transport: t.transport(), flow: x.String(),
		local:  sip.Uri{Scheme: "sip", User: cleanUser(t.account()), Host: t.domain()},
		target: sip.Uri{Scheme: "sip", Host: t.domain()},
	}
	d.remote = d.local
	req := r.e.request(&d, sip.REGISTER, r.seq)
	req.AppendHeader(r.e.contact(t.contactUser(), d.transport, d.flow))
	req.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(expires)))
	req.SetBody(nil)
	if challenge != nil {
		return req, authorize(req, challenge, t)
	}
	return req, nil
}

// grantedBy reads how long the provider keeps us: beside our contact, or in
// Expires, or as asked.
func grantedBy(res *sip.Response, asked int) int {
	granted := asked
	if v, ok := expiry(res.GetHeader("Expires")); ok && v > 0 {
		granted = v
	}
	if c := res.Contact(); c != nil {
		if p, ok := c.Params.Get("expires"); ok {
			if v, ok := seconds(p); ok && v > 0 {
				granted = v
			}
		}
	}
	return max(granted, 1)
}
