package sip

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"centralita/firmware/id"

	"github.com/emiago/sipgo/sip"
)

const (
	// messageMax bounds a written message in bytes (RFC 3428 section 8 wants it to fit a
	// datagram with its headers).
	messageMax = 1000
	// messagesMax is how many are under way at once; the next sender is asked to wait.
	messagesMax = 8
	// messagePatience is how long a phone has to take one; the sender waits meanwhile.
	messagePatience = 5 * time.Second
)

// Message is one that somebody wrote to a phone, with what the phone answered.
type Message struct {
	From   string // user, "" from the page
	Who    string // person at the page
	To     string
	Text   string
	Status int // SIP status, 408 for none in time
}

// onMessage carries a message (RFC 3428) from a phone of the office to the phones of
// another station, and answers as they do.
func (e *Endpoint) onMessage(req *sip.Request, tx sip.ServerTransaction) {
	if e.trunks.owner(req, e.users) != nil {
		e.answer(tx, refuse(req, sip.StatusForbidden))
		return
	}
	now := time.Now()
	user, v := e.guard.check(req, now)
	if v != granted {
		e.answer(tx, e.guard.challenge(req, v, now))
		return
	}
	m := Message{From: user.name, To: req.Recipient.User, Text: string(req.Body())}
	contacts := e.phones.contacts(m.To, now)
	_, known := e.users.user(m.To)
	switch {
	case !plainText(req):
		res := refuse(req, sip.StatusUnsupportedMediaType)
		res.AppendHeader(sip.NewHeader("Accept", "text/plain"))
		e.answer(tx, res)
	case len(m.Text) > messageMax:
		e.answer(tx, respond(req, sip.StatusRequestEntityTooLarge, "Request Entity Too Large"))
	case !known:
		e.answer(tx, refuse(req, sip.StatusNotFound))
	case len(contacts) == 0:
		e.sent(m, sip.StatusTemporarilyUnavailable)
		e.answer(tx, refuse(req, sip.StatusTemporarilyUnavailable))
	case !e.busy():
		e.answer(tx, full(req))
	default:
		defer e.work.Done()
		name := user.display
		if name == "" {
			name = clean(req.From().DisplayName, 80)
		}
		status := e.deliver(m, contacts, user.name, name)
		if status/100 == 2 {
			e.answer(tx, respond(req, sip.StatusOK, "OK"))
			return
		}
		if status == sip.StatusServiceUnavailable {
			e.answer(tx, full(req))
			return
		}
		e.answer(tx, respond(req, status, reasonOr(status, "Not Taken")))
	}
}

// plainText reports whether the body is a text that may be shown.
func plainText(req *sip.Request) bool {
	types := headers(req, "Content-Type")
	if len(types) != 1 || !utf8.Valid(req.Body()) {
		return false
	}
	kind, _, _ := strings.Cut(types[0], ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/plain")
}

func reasonOr(status int, other string) string {
	if r := reasons[status]; r != "" {
		return r
	}
	return other
}

// Message implements leg.Messenger: it writes to the phones of a station from the page.
func (e *Endpoint) Message(port id.Port, name, who, text string) {
	m := Message{Who: who, To: port.Name(), Text: text}
	if !e.busy() {
		return
	}
	go func() {
		defer e.work.Done()
		contacts := e.phones.contacts(m.To, time.Now())
		if len(contacts) == 0 {
			e.sent(m, sip.StatusTemporarilyUnavailable)
			return
		}
		e.deliver(m, contacts, "centralita", clean(name, 80))
	}()
}

// busy counts something in that the box waits for when it stops; false when it does.
func (e *Endpoint) busy() bool {
	e.mu.Lock() // nothing is begun behind the closing
	defer e.mu.Unlock()
	select {
	case <-e.stopping:
		return false
	default:
	}
	e.work.Add(1)
	return true
}

func (e *Endpoint) sent(m Message, status int) {
	m.Status = status
	e.cfg.Messages(m)
}

// deliver sends a message to all phones of a station; the first that takes it speaks
// for all.
func (e *Endpoint) deliver(m Message, contacts []binding, from, name string) int {
	select {
	case e.messages <- struct{}{}:
		defer func() { <-e.messages }()
	default:
		e.sent(m, sip.StatusServiceUnavailable)
		return sip.StatusServiceUnavailable
	}
	ctx, cancel := context.WithTimeout(context.Background(), messagePatience)
	defer cancel()
	answers := make(chan int, len(contacts))
	for i := range contacts {
		e.work.Add(1) // whoever calls is counted
		go func() {
			defer e.work.Done()
			res, err := e.transact(ctx, e.written(m, &contacts[i], from, name))
			if err != nil {
				answers <- sip.StatusRequestTimeout
				return
			}
			answers <- res.StatusCode
		}()
	}
	best := 0
	for range contacts {
		status := <-answers
		if status/100 == 2 {
			e.sent(m, status)
			return status
		}
		if best == 0 || weight(status) > weight(best) {
			best = status
		}
	}
	e.sent(m, best)
	return best
}

// written is the MESSAGE to one contact.
func (e *Endpoint) written(m Message, c *binding, from, name string) *sip.Request {
	d := dialog{transport: c.transport, target: c.uri, sips: c.uri.Scheme == "sips", name: name, routes: c.path, callID: token(12), localTag: token(8)}
	if c.natted {
		d.flow, d.natted = c.source, true
	}
	d.local = sip.Uri{Scheme: "sip", User: cleanUser(from), Host: literal(e.faces.of(d.destination()))}
	d.remote = bare(c.uri)
	req := e.request(&d, sip.MESSAGE, 1)
	req.AppendHeader(sip.NewHeader("Content-Type", "text/plain;charset=UTF-8"))
	req.SetBody([]byte(m.Text))
	return req
}
