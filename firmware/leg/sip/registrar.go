package sip

import (
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
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

// Phone is the news of one registered contact.
type Phone struct {
	User      string
	Contact   string    // its address as it gave it
	Source    string    // where it was seen: transport and address
	UserAgent string    // make and model as it says
	Expires   time.Time // when it is gone unless it comes again
	Gone      bool      // it left or was not seen in time
}

// binding is one contact of a user.
type binding struct {
	uri       sip.Uri
	transport string
	source    string // address and port it registered from
	natted    bool   // reached at source, not at its uri
	instance  string // +sip.instance (RFC 5626), or ""
	agent     string
	callID    string
	seq       uint32
	end       time.Time
}

func (b *binding) phone(user string, gone bool) Phone {
	return Phone{User: user, Contact: b.uri.String(), Source: b.transport + " " + b.source, UserAgent: b.agent, Expires: b.end, Gone: gone}
}

// registrar knows where the phones of the users are (RFC 3261 section 10.3).
type registrar struct {
	tell   func(Phone)
	mu     sync.Mutex
	byUser map[string][]*binding
}

// contacts are the living bindings of a user.
func (r *registrar) contacts(user string, now time.Time) []binding {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []binding
	for _, b := range r.byUser[user] {
		if now.Before(b.end) {
			out = append(out, *b)
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
		w, status := wishOf(c, fallback)
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
	if !r.apply(req, user, wanted, now) {
		return respond(req, sip.StatusForbidden, "Too Many Contacts")
	}
	return r.listing(req, user, now)
}

// expiry reads an Expires header; -1 is none.
func expiry(h sip.Header) (int, bool) {
	if h == nil {
		return -1, true
	}
	return seconds(h.Value())
}

// seconds reads a delta-seconds value; those above 2^32 count as "for ever"
// (RFC 3261 section 20.19).
func seconds(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return expiresMax, true
	}
	return int(min(v, 1<<31-1)), true
}

// wish is one contact as asked for.
type wish struct {
	uri      sip.Uri
	instance string
	expires  int // granted; 0 is removal
}

func wishOf(c *sip.ContactHeader, fallback int) (wish, int) {
	if s := c.Address.Scheme; s != "sip" && s != "" || c.Address.Host == "" || !printable(c.Address.String()) || c.Address.Headers.Length() > 0 {
		return wish{}, sip.StatusBadRequest
	}
	w := wish{uri: *c.Address.Clone(), expires: fallback}
	w.instance, _ = c.Params.Get("+sip.instance")
	if v, ok := c.Params.Get("expires"); ok {
		e, ok := seconds(v)
		if !ok {
			e = expiresDefault // RFC 3261 section 20.10: a malformed one is as 3600; ours is shorter
		}
		w.expires = e
	}
	switch {
	case w.expires < 0:
		w.expires = expiresDefault
	case w.expires == 0:
		return w, 0
	case w.expires < expiresMin:
		return w, sip.StatusIntervalToBrief
	}
	w.expires = min(w.expires, expiresMax)
	if spread := w.expires / 10; w.expires-spread >= expiresMin {
		w.expires -= rand.IntN(spread + 1) // phones that came back together after a power cut spread out again
	}
	return w, 0
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
		news = append(news, b.phone(user, false))
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

func (w *wish) same(b *binding) bool {
	if w.instance != "" && w.instance == b.instance {
		return true
	}
	return w.uri.User == b.uri.User && strings.EqualFold(w.uri.Host, b.uri.Host) && w.uri.Port == b.uri.Port
}

func bindingOf(req *sip.Request, w wish, now time.Time) *binding {
	b := &binding{
		uri: w.uri, instance: w.instance, transport: req.Transport(), source: req.Source(),
		callID: req.CallID().Value(), seq: req.CSeq().SeqNo, end: now.Add(time.Duration(w.expires) * time.Second),
	}
	if h := req.GetHeader("User-Agent"); h != nil {
		b.agent = clean(h.Value(), 80)
	}
	b.natted = behindNAT(req, w.uri.Host)
	return b
}

// behindNAT reports whether a sender is reached where its packet came from and
// not where it says it is: it asked for that (rport, RFC 3581), speaks over a
// connection, or its own idea of its address is another.
func behindNAT(req *sip.Request, contactHost string) bool {
	if req.Transport() != "UDP" || req.Via().Params.Has("rport") {
		return true
	}
	host, _, err := net.SplitHostPort(req.Source())
	return err == nil && host != contactHost
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

// listing is the 200 with all contacts and what is left of each.
func (r *registrar) listing(req *sip.Request, user string, now time.Time) *sip.Response {
	res := respond(req, sip.StatusOK, "OK")
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
		res.AppendHeader(c)
	}
	return res
}
