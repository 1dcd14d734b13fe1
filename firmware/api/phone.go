package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"reflect"
	"time"

	"centralita/firmware/access"
	"centralita/firmware/id"
)

// Phones are the telephones in people's pages (firmware/leg/web). What is refused
// is a *core.Refusal.
type Phones interface {
	// Own says which telephone a person has.
	Own(who id.Person) PhoneOwn
	// Attach makes a page the person's telephone.
	Attach(who id.Person, at PhoneAt, take bool) (PhonePage, error)
	// The wishes of the page.
	Call(who id.Person, at PhoneAt, to, sdp string) (PhoneJoined, error)
	Answer(who id.Person, at PhoneAt, leg uint64, sdp string) (PhoneJoined, error)
	Media(who id.Person, at PhoneAt, leg uint64, sdp string) (PhoneJoined, error)
	Hangup(who id.Person, at PhoneAt, leg uint64) error
	Digits(who id.Person, at PhoneAt, leg uint64, digits string) error
	Quit(who id.Person, at PhoneAt) error
}

// PhonePage is a page that is a telephone.
type PhonePage interface {
	Changed() <-chan struct{} // receives when there is other News
	News() any                // how the telephone stands, whole
	Taken() <-chan struct{}   // closed when another page is the telephone now
	Leave()
}

// PhoneAt says which page speaks and from where.
type PhoneAt struct {
	Tab    string
	Near   bool       // the browser is on this machine
	From   netip.Addr // its address
	Device string     // the browser, as it says
}

// PhoneOwn is whether and as what a person may use the page as telephone.
type PhoneOwn struct {
	Station string `json:"station"` // "" the person has none
	Name    string `json:"name"`
	Allowed bool   `json:"allowed"` // the settings let the station be used in a browser
	Alone   bool   `json:"alone"`   // there is no telephone on the desk beside it
	Outside string `json:"outside"` // what is dialled before a number outside
}

// PhoneJoined is our answer to a browser's offer.
type PhoneJoined struct {
	Leg uint64 `json:"leg"`
	SDP string `json:"sdp"`
}

// The wishes as they come.
type (
	// PhoneCall begins a call.
	PhoneCall struct {
		Tab string `json:"tab" maxLength:"64"`
		To  string `json:"to" maxLength:"64"`
		SDP string `json:"sdp" maxLength:"16384"`
	}
	// PhoneOffer is a connection for a call.
	PhoneOffer struct {
		Tab string `json:"tab" maxLength:"64"`
		Leg uint64 `json:"leg"`
		SDP string `json:"sdp" maxLength:"16384"`
	}
	// PhoneHangup ends or refuses a call.
	PhoneHangup struct {
		Tab string `json:"tab" maxLength:"64"`
		Leg uint64 `json:"leg"`
	}
	// PhoneQuit ends being the telephone.
	PhoneQuit struct {
		Tab string `json:"tab" maxLength:"64"`
	}
	// PhoneDigits are keys pressed.
	PhoneDigits struct {
		Tab    string `json:"tab" maxLength:"64"`
		Leg    uint64 `json:"leg"`
		Digits string `json:"digits" maxLength:"32"`
	}
)

func (d *door) phoneEndpoints() []endpoint {
	if d.Phones == nil {
		return nil
	}
	joined := reflect.TypeFor[PhoneJoined]()
	post := func(path, help string, in, out reflect.Type, run func(*ask) (any, error)) endpoint {
		return endpoint{method: http.MethodPost, path: "/phone/" + path, role: access.Agent, help: help, in: in, out: out, run: run}
	}
	return []endpoint{
		{method: http.MethodGet, path: "/phone", role: access.Agent, help: "Whether the page can be the person's telephone.", out: reflect.TypeFor[PhoneOwn](),
			run: func(a *ask) (any, error) { return d.Phones.Own(a.who.Person), nil }},
		{method: http.MethodGet, path: "/phone/stream", role: access.Agent, query: []string{"tab", "take"},
			help: "Be the person's telephone (text/event-stream): `phone` at each change, `taken` when another page is.", raw: d.phoneStream},
		post("call", "Call a number with the browser's offer.", reflect.TypeFor[PhoneCall](), joined, func(a *ask) (any, error) {
			in := a.into.(*PhoneCall)
			return d.Phones.Call(a.who.Person, a.phoneAt(in.Tab), in.To, in.SDP)
		}),
		post("answer", "Take the call that rings, with the browser's offer.", reflect.TypeFor[PhoneOffer](), joined, func(a *ask) (any, error) {
			in := a.into.(*PhoneOffer)
			return d.Phones.Answer(a.who.Person, a.phoneAt(in.Tab), in.Leg, in.SDP)
		}),
		post("media", "Give a call that goes on a new connection.", reflect.TypeFor[PhoneOffer](), joined, func(a *ask) (any, error) {
			in := a.into.(*PhoneOffer)
			return d.Phones.Media(a.who.Person, a.phoneAt(in.Tab), in.Leg, in.SDP)
		}),
		post("hangup", "End, give up or refuse the call.", reflect.TypeFor[PhoneHangup](), nil, func(a *ask) (any, error) {
			in := a.into.(*PhoneHangup)
			return struct{}{}, d.Phones.Hangup(a.who.Person, a.phoneAt(in.Tab), in.Leg)
		}),
		post("digits", "Press keys in a talk.", reflect.TypeFor[PhoneDigits](), nil, func(a *ask) (any, error) {
			in := a.into.(*PhoneDigits)
			return struct{}{}, d.Phones.Digits(a.who.Person, a.phoneAt(in.Tab), in.Leg, in.Digits)
		}),
		post("quit", "Be the telephone no more.", reflect.TypeFor[PhoneQuit](), nil, func(a *ask) (any, error) {
			return struct{}{}, d.Phones.Quit(a.who.Person, a.phoneAt(a.into.(*PhoneQuit).Tab))
		}),
	}
}

// phoneAt is where a request comes from.
func (a *ask) phoneAt(tab string) PhoneAt {
	at := PhoneAt{Tab: tab, Device: a.r.UserAgent()}
	at.From, _ = netip.ParseAddr(from(a.r)) // a request without an address is a test's
	if local, ok := a.r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		at.Near = local.IP.IsLoopback()
	}
	return at
}

// phoneStream is the link of a page that is a telephone: while it is open the page
// is there.
func (d *door) phoneStream(a *ask) error {
	tab := a.r.URL.Query().Get("tab")
	if tab == "" || len(tab) > 64 {
		return no(http.StatusUnprocessableEntity, "invalid")
	}
	select {
	case d.streams <- struct{}{}:
		defer func() { <-d.streams }()
	default:
		return no(http.StatusServiceUnavailable, "streams")
	}
	page, err := d.Phones.Attach(a.who.Person, a.phoneAt(tab), a.r.URL.Query().Get("take") != "")
	if err != nil {
		return err
	}
	defer page.Leave()
	h := a.w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	ctl := http.NewResponseController(a.w)
	_ = ctl.SetReadDeadline(time.Time{}) // or the read of the next request ends this one
	d.tellPhone(a.r.Context(), a, &sse{w: a.w, ctl: ctl}, page)
	return nil
}

func (d *door) tellPhone(ctx context.Context, a *ask, s *sse, page PhonePage) {
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-page.Taken():
			s.send("event: taken\n", "data: {}\n\n", nil)
			return
		default: // before news that came with it
		}
		select {
		case <-page.Changed():
			if !s.send("event: phone\n", "", page.News()) {
				return
			}
		case <-page.Taken():
		case <-beat.C:
			if _, err := d.Gate.Who(cookieOf(a.r)); err != nil || !s.send(": still here\n", "\n", nil) {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
