package sip

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

// branch is one INVITE of ours with the transaction that carries it. It outlives
// the leg until the far end has had its last word: a 2xx that crosses our CANCEL
// must be acknowledged and ended.
type branch struct {
	l      *Leg
	d      dialog
	body   []byte
	at     *target           // the provider's server it goes to, nil for a phone
	failed bool              // worker's
	q850   int               // worker's: what its failure was in Q.850
	extra  [][2]string       // headers of the INVITE
	rseqs  map[string]uint32 // worker's: the last reliable response of each early dialog

	mu        sync.Mutex
	req       *sip.Request // as last sent
	inviteSeq uint32       // its CSeq; further requests of the dialog have higher ones
	least     int          // session interval in seconds that the far end asks for at least
	heard     bool         // a provisional came: CANCEL is allowed (RFC 3261 section 9.1)
	why       leg.Cause    // of the CANCEL
	wanted    bool         // CANCEL is wanted
	sent      bool         // CANCEL was sent
	ack       *sip.Request // of the 2xx that won
	stopped   chan struct{}
}

// cancelPatience is how long the final response to a cancelled INVITE is waited
// for.
func cancelPatience() time.Duration { return 64 * sip.T1 }

// invite sends the INVITE and follows it in a goroutine that the box waits for.
func (b *branch) invite(body []byte) {
	b.body = body
	b.stopped = make(chan struct{})
	b.l.e.work.Add(1) // the leg is counted too, so Wait has not ended
	go func() {
		defer b.l.e.work.Done()
		b.follow()
	}()
}

// attemptsMax: the first, one with credentials, one more when the nonce was stale.
const attemptsMax = 3

func (b *branch) follow() {
	if w := b.watch(); w != nil {
		defer w.Stop()
	}
	var auth *sip.Response
	for attempt := 1; ; attempt++ {
		req, err := b.request(auth)
		if err != nil {
			b.post(message{branch: b, err: err})
			return
		}
		res, err := b.final(req)
		if err != nil {
			b.post(message{branch: b, err: err})
			return
		}
		challenged := res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired
		if challenged && b.l.trunk != nil && b.l.trunk.Password != "" && attempt < attemptsMax && !b.isCancelled() {
			auth = res
			continue
		}
		if res.StatusCode == statusTooSmall && attempt < attemptsMax && !b.isCancelled() {
			if s, _, ok := interval(res, "Min-SE"); ok && s > b.least && s <= sessionMax {
				b.least = s
				continue
			}
		}
		if !b.post(message{branch: b, res: res}) {
			b.late(res)
		}
		return
	}
}

func (b *branch) isCancelled() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wanted
}

// request is the INVITE, with credentials when it was challenged.
func (b *branch) request(auth *sip.Response) (*sip.Request, error) {
	e := b.l.e
	b.mu.Lock()
	if b.req != nil {
		b.d.localSeq++
	}
	b.inviteSeq = b.d.localSeq
	d := b.d
	b.mu.Unlock()
	req := e.request(&d, sip.INVITE, d.localSeq)
	req.AppendHeader(e.contactIn(&b.d, req.Destination()))
	req.AppendHeader(sip.NewHeader("Allow", allowed))
	req.AppendHeader(sip.NewHeader("Supported", extensions))
	for _, h := range b.extra {
		req.AppendHeader(sip.NewHeader(h[0], h[1]))
	}
	req.AppendHeader(sip.NewHeader("Session-Expires", strconv.Itoa(max(sessionDefault, b.least))))
	req.AppendHeader(sip.NewHeader("Min-SE", strconv.Itoa(max(sessionMin, b.least))))
	req.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	req.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	req.SetBody(b.body)
	if auth != nil {
		if err := authorize(req, auth, b.l.trunk); err != nil {
			return nil, err
		}
	}
	b.mu.Lock()
	b.req = req
	b.heard, b.sent = false, false
	b.mu.Unlock()
	return req, nil
}

// final sends req and waits for its final response; provisional ones go to the
// leg.
func (b *branch) final(req *sip.Request) (*sip.Response, error) {
	tx, err := b.l.e.begin(context.Background(), req)
	if err != nil {
		return nil, fmt.Errorf("sip: %s is not reached: %w", req.Destination(), err)
	}
	tx.OnRetransmission(func(res *sip.Response) { // under the transaction's lock
		select {
		case b.l.e.strays <- stray{b, res}:
		default: // it will be repeated
		}
	})
	giveUp := b.stopped
	var late <-chan time.Time
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
			b.provisional()
			b.post(message{branch: b, res: res})
		case <-tx.Done():
			return nil, fmt.Errorf("sip: no answer from %s: %w", req.Destination(), errors.Join(tx.Err()))
		case <-giveUp:
			giveUp, late = nil, time.After(cancelPatience())
		case <-late:
			tx.Terminate()
			return nil, fmt.Errorf("sip: no end of the call from %s", req.Destination())
		}
	}
}

// post brings m to the worker. A final response waits for room in a full inbox; a
// provisional one does not.
func (b *branch) post(m message) bool {
	for !b.l.post(m) {
		select {
		case <-b.l.gone:
			return false
		default:
		}
		if m.res != nil && m.res.IsProvisional() {
			return false
		}
		select {
		case <-b.l.gone:
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return true
}

// provisional notes that the far end is there, and sends the CANCEL that had to
// wait for it.
func (b *branch) provisional() {
	b.mu.Lock()
	b.heard = true
	send := b.wanted && !b.sent
	b.sent = b.sent || send
	req := b.req
	why := b.why
	b.mu.Unlock()
	if send {
		b.l.e.do(cancelOf(req, why), nil)
	}
}

// cancel stops the ringing, at once or when the far end was heard.
func (b *branch) cancel(why leg.Cause) {
	b.mu.Lock()
	if !b.wanted {
		b.why = why
	}
	why = b.why
	first := !b.wanted
	b.wanted = true
	send := b.heard && !b.sent && b.req != nil
	b.sent = b.sent || send
	req := b.req
	b.mu.Unlock()
	if first && b.stopped != nil {
		close(b.stopped)
	}
	if send {
		b.l.e.work.Add(1) // follow is counted as long as there is something to cancel, or the leg is
		go func() {
			defer b.l.e.work.Done()
			b.l.e.do(cancelOf(req, why), nil)
		}()
	}
}

// cancelOf makes the CANCEL of an INVITE (RFC 3261 section 9.1).
func cancelOf(inv *sip.Request, why leg.Cause) *sip.Request {
	req := sip.NewRequest(sip.CANCEL, inv.Recipient)
	req.AppendHeader(inv.Via().Clone())
	sip.CopyHeaders("Route", inv, req)
	hops := sip.MaxForwardsHeader(70)
	req.AppendHeader(&hops)
	sip.CopyHeaders("From", inv, req)
	sip.CopyHeaders("To", inv, req)
	sip.CopyHeaders("Call-ID", inv, req)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: inv.CSeq().SeqNo, MethodName: sip.CANCEL})
	because(req, why)
	req.SetTransport(inv.Transport())
	req.SetDestination(inv.Destination())
	req.Laddr = inv.Laddr
	req.SetBody(nil)
	return req
}
