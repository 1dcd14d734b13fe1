package sip

import (
	"strconv"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// handlers ties the methods to what serves them.
func (e *Endpoint) handlers() error {
	srv, err := sipgo.NewServer(e.ua)
	if err != nil {
		return err
	}
	srv.OnRegister(e.guarded(e.onRegister))
	srv.OnOptions(e.guarded(e.onOptions))
	srv.OnInvite(e.guarded(e.onInvite))
	srv.OnAck(e.guarded(e.onAck))
	srv.OnCancel(e.guarded(e.onCancel))
	for _, m := range []sip.RequestMethod{sip.BYE, sip.INFO, sip.UPDATE, sip.REFER, sip.PRACK} {
		srv.OnRequest(m, e.guarded(e.onInside))
	}
	srv.OnSubscribe(e.guarded(e.onSubscribe))
	srv.OnMessage(e.guarded(e.onMessage))
	srv.OnNoRoute(e.guarded(e.unknown))
	return nil
}

// unknown refuses a method that we do not serve.
func (e *Endpoint) unknown(req *sip.Request, tx sip.ServerTransaction) {
	res := refuse(req, sip.StatusMethodNotAllowed)
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	e.answer(tx, res)
}

// guarded counts, validates and never lets a panic out: the library has no net
// below its handlers.
func (e *Endpoint) guarded(handle sipgo.RequestHandler) sipgo.RequestHandler {
	return func(req *sip.Request, tx sip.ServerTransaction) {
		e.gate.working.Add(1)
		defer e.gate.working.Add(-1)
		defer func() {
			if p := recover(); p != nil {
				e.brokeBy(req, p)
				if req.Method != sip.ACK && req.CSeq() != nil && req.Via() != nil {
					e.answer(tx, refuse(req, sip.StatusInternalServerError))
				}
			}
		}()
		if res := validate(req); res != nil {
			if req.Method != sip.ACK {
				e.answer(tx, res)
			}
			return
		}
		handle(req, tx)
	}
}

// answer sends a response; that it could not be sent is for the trace only, since
// the far end will ask again.
func (e *Endpoint) answer(tx sip.ServerTransaction, res *sip.Response) bool {
	if err := tx.Respond(res); err != nil {
		e.log.Debug("sip: response not sent", "status", res.StatusCode, "error", err)
		return false
	}
	return true
}

func (e *Endpoint) onOptions(req *sip.Request, tx sip.ServerTransaction) {
	if l, ok := e.inside(req); ok {
		l.receive(req, tx)
		return
	}
	e.answer(tx, e.capabilities(req))
}

// capabilities answers an OPTIONS outside of any call.
func (e *Endpoint) capabilities(req *sip.Request) *sip.Response {
	if tagOf(req.To().Params) != "" {
		return refuse(req, sip.StatusCallTransactionDoesNotExists)
	}
	res := respond(req, sip.StatusOK, "OK")
	res.AppendHeader(sip.NewHeader("Allow", allowed))
	res.AppendHeader(sip.NewHeader("Accept", "application/sdp"))
	res.AppendHeader(sip.NewHeader("Supported", extensions))
	return res
}

func (e *Endpoint) onRegister(req *sip.Request, tx sip.ServerTransaction) {
	res, _ := e.registered(req, time.Now())
	e.answer(tx, res)
}

// registered serves the registrar. Only the user may register its own contacts.
// right tells that the credentials were.
func (e *Endpoint) registered(req *sip.Request, now time.Time) (res *sip.Response, right bool) {
	user, v := e.guard.check(req, now)
	if v != granted {
		return e.guard.challenge(req, v, now), false
	}
	e.friends.greet(req)
	if req.To().Address.User != user.name {
		return refuse(req, sip.StatusForbidden), true
	}
	return e.phones.register(req, user.name, now), true
}

// inside finds the leg of a request within a dialog.
func (e *Endpoint) inside(req *sip.Request) (*Leg, bool) {
	tag := tagOf(req.To().Params)
	if tag == "" {
		return nil, false
	}
	return e.find(dialogID{req.CallID().Value(), tag})
}

func tagOf(p sip.HeaderParams) string {
	v, _ := p.Get("tag")
	return v
}

// onInside serves the methods that mean something within a call only.
func (e *Endpoint) onInside(req *sip.Request, tx sip.ServerTransaction) {
	if l, ok := e.inside(req); ok {
		l.receive(req, tx)
		return
	}
	e.answer(tx, refuse(req, sip.StatusCallTransactionDoesNotExists))
}

// onCancel sees only what the library could not match to an INVITE.
func (e *Endpoint) onCancel(req *sip.Request, tx sip.ServerTransaction) {
	e.answer(tx, refuse(req, sip.StatusCallTransactionDoesNotExists))
}

func (e *Endpoint) onAck(req *sip.Request, tx sip.ServerTransaction) {
	if l, ok := e.inside(req); ok {
		l.post(message{req: req})
	}
}

func (e *Endpoint) onInvite(req *sip.Request, tx sip.ServerTransaction) {
	if l, ok := e.inside(req); ok {
		l.receive(req, tx)
		return
	}
	if tagOf(req.To().Params) != "" {
		e.answer(tx, refuse(req, sip.StatusCallTransactionDoesNotExists))
		return
	}
	e.invited(req, tx)
}

// busyAfter is what callers are asked to wait when the box is full, in seconds.
const busyAfter = 10

// full is the refusal of a box that has no room.
func full(req *sip.Request) *sip.Response {
	res := refuse(req, sip.StatusServiceUnavailable)
	res.AppendHeader(sip.NewHeader("Retry-After", strconv.Itoa(busyAfter)))
	return res
}
