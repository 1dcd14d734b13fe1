package sip

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
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
	source    string    // address and port it registered from
	natted    bool      // reached at source, not at its uri
	path      []sip.Uri // the proxies between, nearest to us first (RFC 3327)
	instance  string    // +sip.instance (RFC 5626), or ""
	flow      int       // reg-id: which of the phone's ways to us this is; 0 is none
	agent     string
	callID    string
	seq       uint32
	since     time.Time
	end       time.Time
}

// like reports whether b is news of nothing: the phone only came again.
func (b *binding) like(old *binding) bool {
	return b.uri.String() == old.uri.String() && b.source == old.source && b.transport == old.transport && b.agent == old.agent
}

func (b *binding) phone(user string, gone bool) Phone {
	return Phone{User: user, Contact: b.uri.String(), Source: b.transport + " " + b.source, UserAgent: b.agent, Expires: b.end, Gone: gone}
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
	flow     int // reg-id, 0 is none
	expires  int // granted; 0 is removal
}

// wishOf reads one Contact; outbound is whether the phone knows RFC 5626.
func wishOf(c *sip.ContactHeader, fallback int, outbound bool) (wish, int) {
	if s := c.Address.Scheme; s != "sip" && s != "sips" && s != "" || c.Address.Host == "" || !printable(c.Address.String()) || c.Address.Headers.Length() > 0 || misaddressed(&c.Address) {
		return wish{}, sip.StatusBadRequest
	}
	w := wish{uri: *c.Address.Clone(), expires: fallback}
	w.instance, _ = c.Params.Get("+sip.instance")
	if id, ok := c.Params.Get("reg-id"); ok && outbound && w.instance != "" {
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 {
			return wish{}, sip.StatusBadRequest
		}
		w.flow = n
	}
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

func (w *wish) same(b *binding) bool {
	if w.instance != "" && w.instance == b.instance {
		return w.flow == b.flow
	}
	if w.flow > 0 {
		return false // two flows of one phone may have one address
	}
	return w.uri.User == b.uri.User && sameHost(w.uri.Host, b.uri.Host) && w.uri.Port == b.uri.Port
}

func bindingOf(req *sip.Request, w wish, now time.Time) *binding {
	b := &binding{
		uri: w.uri, instance: w.instance, flow: w.flow, since: now, transport: req.Transport(), source: req.Source(),
		callID: req.CallID().Value(), seq: req.CSeq().SeqNo, end: now.Add(time.Duration(w.expires) * time.Second),
	}
	if h := req.GetHeader("User-Agent"); h != nil {
		b.agent = clean(h.Value(), 80)
	}
	for _, h := range req.GetHeaders("Path") {
		b.path = append(b.path, addresses(h.Value())...)
	}
	b.path = b.path[:min(len(b.path), routesMax)]
	b.natted = len(b.path) == 0 && behindNAT(req, w.uri.Host)
	return b
}

const (
	// statusFirstHop is 439 (RFC 5626 section 11.6).
	statusFirstHop = 439
	// flowTimer is how often in seconds a phone should ping, so that NATs and we know
	// that its flow lives: most forget a UDP flow after two minutes.
	flowTimer = 110
)

// firstHopKeeps reports whether the flow of a registration ends here or at a proxy
// that keeps it (RFC 5626 section 6).
func firstHopKeeps(req *sip.Request) bool {
	if len(req.GetHeaders("Via")) < 2 {
		return true
	}
	paths := req.GetHeaders("Path")
	if len(paths) == 0 {
		return false
	}
	list := addresses(paths[len(paths)-1].Value())
	return len(list) > 0 && list[len(list)-1].UriParams.Has("ob")
}

// behindNAT reports whether a sender is reached where its packet came from and
// not where it says it is: it asked for that (rport, RFC 3581), speaks over a
// connection, or its own idea of its address is another.
func behindNAT(req *sip.Request, contactHost string) bool {
	if req.Transport() != "UDP" || req.Via().Params.Has("rport") {
		return true
	}
	source, ok := sourceOf(req)
	host, _ := hostAddr(contactHost)
	return ok && host != source
}
