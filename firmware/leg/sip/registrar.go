package sip

import (
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

const (
	// contactsMax phones may share one station; the oldest gives way to no one,
	// the eleventh is refused.
	contactsMax = 10
	// Expiry in seconds: shorter asks for needless traffic (423), longer is cut, for
	// a phone that moved should be missed before the day is over.
	expiresMin     = 60
	expiresMax     = 3600
	expiresDefault = 600
)

// registrar knows where the phones of the users are (RFC 3261 section 10.3).
type registrar struct {
	tell   func(Phone)
	mu     sync.Mutex
	byUser map[string][]*binding
}

// contacts are the living bindings of a user, one for each phone: of several
// flows to the same phone the newest (RFC 5626 section 7).
func (r *registrar) contacts(user string, now time.Time) []binding {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []binding
	for _, b := range r.byUser[user] {
		if !now.Before(b.end) {
			continue
		}
		if i := slices.IndexFunc(out, func(o binding) bool { return b.instance != "" && o.instance == b.instance }); i < 0 {
			out = append(out, *b)
		} else if !b.since.Before(out[i].since) {
			out[i] = *b
		}
	}
	return out
}

// register carries out a REGISTER whose credentials are right.
func (r *registrar) register(req *sip.Request, user string, now time.Time) *sip.Response {
	contacts := req.GetHeaders("Contact")
	if len(contacts) > contactsMax {
		return respond(req, sip.StatusForbidden, "Too Many Contacts")
	}
	fallback, ok := expiry(req.GetHeader("Expires"))
	if !ok {
		return respond(req, sip.StatusBadRequest, "Bad Expires")
	}
	var wanted []wish
	for _, h := range contacts {
		c, ok := h.(*sip.ContactHeader)
		if !ok {
			return respond(req, sip.StatusBadRequest, "Bad Contact")
		}
		if c.Address.Wildcard {
			if len(contacts) != 1 || fallback != 0 {
				return respond(req, sip.StatusBadRequest, "Contact * Needs Expires 0")
			}
			r.removeAll(user)
			return r.listing(req, user, now)
		}
		w, status := wishOf(c, fallback, lists(req, "Supported", "outbound"))
		switch status {
		case sip.StatusIntervalToBrief:
			res := respond(req, status, "Interval Too Brief")
			res.AppendHeader(sip.NewHeader("Min-Expires", strconv.Itoa(expiresMin)))
			return res
		case 0:
			wanted = append(wanted, w)
		default:
			return respond(req, status, "Bad Contact")
		}
	}
	flow := slices.ContainsFunc(wanted, func(w wish) bool { return w.flow > 0 })
	if flow && !firstHopKeeps(req) {
		return respond(req, statusFirstHop, "First Hop Lacks Outbound Support")
	}
	if !r.apply(req, user, wanted, now) {
		return respond(req, sip.StatusForbidden, "Too Many Contacts")
	}
	res := r.listing(req, user, now)
	if flow {
		res.AppendHeader(sip.NewHeader("Require", "outbound"))
		res.AppendHeader(sip.NewHeader("Flow-Timer", strconv.Itoa(flowTimer)))
	}
	return res
}

// apply carries out all wishes or, when there is no room, none.
func (r *registrar) apply(req *sip.Request, user string, wanted []wish, now time.Time) bool {
	r.mu.Lock()
	list := slices.Clone(r.byUser[user])
	var news []Phone
	for _, w := range wanted {
		i := slices.IndexFunc(list, func(b *binding) bool { return w.same(b) })
		if i >= 0 && list[i].callID == req.CallID().Value() && req.CSeq().SeqNo <= list[i].seq {
			continue // an old request that came late (RFC 3261 section 10.3 step 7)
		}
		if w.expires == 0 {
			if i >= 0 {
				news = append(news, list[i].phone(user, true))
				list = slices.Delete(list, i, i+1)
			}
			continue
		}
		b := bindingOf(req, w, now)
		if i < 0 || !b.like(list[i]) {
			news = append(news, b.phone(user, false))
		}
		if i >= 0 {
			list[i] = b
		} else if len(list) >= contactsMax {
			r.mu.Unlock()
			return false
		} else {
			list = append(list, b)
		}
	}
	r.put(user, list)
	r.mu.Unlock()
	for _, n := range news {
		r.tell(n)
	}
	return true
}

func (r *registrar) removeAll(user string) {
	r.mu.Lock()
	list := r.byUser[user]
	delete(r.byUser, user)
	r.mu.Unlock()
	for _, b := range list {
		r.tell(b.phone(user, true))
	}
}

// expire removes what was not seen in time.
func (r *registrar) expire(now time.Time) {
	r.mu.Lock()
	var gone []Phone
	for user, list := range r.byUser {
		list = slices.DeleteFunc(slices.Clone(list), func(b *binding) bool {
			over := !now.Before(b.end)
			if over {
				gone = append(gone, b.phone(user, true))
			}
			return over
		})
		r.put(user, list)
	}
	r.mu.Unlock()
	for _, g := range gone {
		r.tell(g)
	}
}

// retain drops the contacts of users that are no more.
func (r *registrar) retain(d *directory) {
	r.mu.Lock()
	var gone []Phone
	for user, list := range r.byUser {
		if _, ok := d.user(user); ok {
			continue
		}
		for _, b := range list {
			gone = append(gone, b.phone(user, true))
		}
		delete(r.byUser, user)
	}
	r.mu.Unlock()
	for _, g := range gone {
		r.tell(g)
	}
}

func (r *registrar) put(user string, list []*binding) {
	if len(list) == 0 {
		delete(r.byUser, user)
		return
	}
	r.byUser[user] = list
}

// listing is the 200 with all contacts and what is left of each, and the way the
// request came by where the phone understands it (RFC 3327 section 5.3).
func (r *registrar) listing(req *sip.Request, user string, now time.Time) *sip.Response {
	res := respond(req, sip.StatusOK, "OK")
	if lists(req, "Supported", "path") {
		sip.CopyHeaders("Path", req, res)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.byUser[user] {
		left := int(b.end.Sub(now).Round(time.Second) / time.Second)
		if left <= 0 {
			continue
		}
		c := &sip.ContactHeader{Address: b.uri}
		c.Params.Add("expires", strconv.Itoa(left))
		if b.instance != "" {
			c.Params.Add("+sip.instance", b.instance)
		}
		if b.flow > 0 {
			c.Params.Add("reg-id", strconv.Itoa(b.flow))
		}
		res.AppendHeader(c)
	}
	return res
}
