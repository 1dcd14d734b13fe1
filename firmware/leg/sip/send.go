package sip

import (
	"context"
	"errors"
	"fmt"

	"github.com/emiago/sipgo/sip"
	"github.com/icholy/digest"
)

// do sends a request that is not an INVITE and waits for its final response, with
// credentials of the trunk when it is asked for them. nil is no answer.
func (e *Endpoint) do(req *sip.Request, t *trunk) *sip.Response {
	res, err := e.transact(context.Background(), req)
	if err == nil && t != nil && (res.StatusCode == sip.StatusUnauthorized || res.StatusCode == sip.StatusProxyAuthRequired) {
		if err = authorize(req, res, t); err == nil {
			req.CSeq().SeqNo++
			e.via(req)
			res, err = e.transact(context.Background(), req)
		}
	}
	if err != nil {
		e.log.Debug("sip: request not answered", "method", req.Method.String(), "to", req.Destination(), "error", err)
		return nil
	}
	return res
}

// reliably is do for a re-INVITE too: again is called when its 2xx comes again.
func (e *Endpoint) reliably(req *sip.Request, t *trunk, again func()) *sip.Response {
	if req.Method != sip.INVITE {
		return e.do(req, t)
	}
	tx, err := e.begin(context.Background(), req)
	if err != nil {
		return nil
	}
	tx.OnRetransmission(func(*sip.Response) { again() })
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res
			}
		case <-tx.Done():
			return nil
		}
	}
}

// transact sends req and waits for the final response.
func (e *Endpoint) transact(ctx context.Context, req *sip.Request) (*sip.Response, error) {
	tx, err := e.begin(ctx, req)
	if err != nil {
		return nil, fmt.Errorf("sip: %s is not reached: %w", req.Destination(), err)
	}
	for {
		select {
		case res := <-tx.Responses():
			if !res.IsProvisional() {
				return res, nil
			}
		case <-tx.Done():
			return nil, fmt.Errorf("sip: no answer from %s: %w", req.Destination(), errors.Join(tx.Err()))
		case <-ctx.Done():
			tx.Terminate()
			return nil, fmt.Errorf("sip: no answer from %s: %w", req.Destination(), ctx.Err())
		}
	}
}

var errShut = errors.New("sip: the box is stopping")

// begin starts a transaction.
func (e *Endpoint) begin(ctx context.Context, req *sip.Request) (*sip.ClientTx, error) {
	if e.shut.Load() {
		return nil, errShut
	}
	switch req.Transport() {
	case "UDP":
		e.turn.RLock()
		defer e.turn.RUnlock()
	case "TLS":
		if err := e.reach(ctx, req); err != nil {
			return nil, err
		}
	}
	return e.ua.TransactionLayer().Request(ctx, req)
}

// write sends an ACK, which has no transaction.
func (e *Endpoint) write(req *sip.Request) {
	if e.shut.Load() {
		return
	}
	if req.Transport() == "UDP" {
		e.turn.RLock()
		defer e.turn.RUnlock()
	}
	if err := e.ua.TransportLayer().WriteMsg(req); err != nil {
		e.log.Debug("sip: ACK not sent", "to", req.Destination(), "error", err)
	}
}

// strength orders the algorithms of RFC 8760; those we cannot do are 0.
var strength = map[string]int{"SHA-512-256": 3, "SHA-256": 2, "MD5": 1, "": 1}

// authorize answers the strongest challenge of res that we can do.
func authorize(req *sip.Request, res *sip.Response, t *trunk) error {
	name, answer := "WWW-Authenticate", "Authorization"
	if res.StatusCode == sip.StatusProxyAuthRequired {
		name, answer = "Proxy-Authenticate", "Proxy-Authorization"
	}
	var best *digest.Challenge
	for _, h := range res.GetHeaders(name) {
		c, err := digest.ParseChallenge(h.Value())
		if err != nil || t.Realm != "" && c.Realm != t.Realm {
			continue
		}
		c.Algorithm = sip.ASCIIToUpper(c.Algorithm)
		if digest.CanDigest(c) && strength[c.Algorithm] > 0 && (best == nil || strength[c.Algorithm] > strength[best.Algorithm]) {
			best = c
		}
	}
	if best == nil {
		return fmt.Errorf("sip: %s asks for credentials of a kind or realm we have none for", req.Destination())
	}
	cred, err := digest.Digest(best, digest.Options{Method: req.Method.String(), URI: req.Recipient.Addr(), Username: t.authUser(), Password: t.Password})
	if err != nil {
		return fmt.Errorf("sip: credentials for %s: %w", req.Destination(), err)
	}
	req.RemoveHeader(answer)
	req.AppendHeader(sip.NewHeader(answer, cred.String()))
	return nil
}
