package app

import (
	"errors"
	"fmt"
	"net"
	"sync"

	"centralita/firmware/api"
	book "centralita/firmware/call"
	"centralita/firmware/core"
	"centralita/firmware/event"
	"centralita/firmware/id"
	"centralita/firmware/leg"
	"centralita/firmware/leg/fork"
	"centralita/firmware/leg/web"
	"centralita/firmware/number"
	"centralita/firmware/settings"
)

// browserPort is the UDP port of all browsers' sound where nothing is set: the one
// behind those of SIP.
const browserPort = 11000

// openBrowsers makes the telephones in people's pages. Their port is on the
// address of the web page, so that a box that serves this machine only is not
// open to others.
func (a *App) openBrowsers() error {
	socket, err := a.browserSocket()
	if err != nil {
		return err
	}
	_, tree, _ := a.settings.Current()
	a.reach = reach{phone: map[id.Station]event.PhoneChanged{}, page: map[id.Station]web.Presence{}}
	a.forks = fork.New(func(l leg.Leg, r leg.Report) { a.switchboard.Told(l, r) })
	a.browsers, err = web.New(web.Config{
		Packets: socket, Told: a.forks.Told, Changed: a.browser, Log: a.log, Beat: a.engine.Beat(),
		MuLaw: tree.CountryCode() == "US" || tree.CountryCode() == "CA",
	})
	if err != nil {
		return errors.Join(err, socket.Close())
	}
	a.browsers.SetUsers(browserUsers(tree))
	return nil
}

// browserSocket opens the port that was named, or a usual one, or any.
func (a *App) browserSocket() (*net.UDPConn, error) {
	if a.opt.WebRTC != "" {
		at, err := net.ResolveUDPAddr("udp4", a.opt.WebRTC)
		if err == nil {
			var c *net.UDPConn
			if c, err = net.ListenUDP("udp4", at); err == nil {
				return c, nil
			}
		}
		return nil, fmt.Errorf("sound of browsers on %s: %w; end the program that has it or choose another with --webrtc", a.opt.WebRTC, err)
	}
	at := net.UDPAddr{Port: browserPort}
	if host, _, err := net.SplitHostPort(a.opt.HTTP); err == nil && a.opt.HTTPS == "" {
		at.IP = net.ParseIP(host).To4() // nil is every address
	}
	if c, err := net.ListenUDP("udp4", &at); err == nil {
		return c, nil
	}
	at.Port = 0
	c, err := net.ListenUDP("udp4", &at)
	if err != nil {
		return nil, fmt.Errorf("sound of browsers: %w; choose an address with --webrtc", err)
	}
	a.log.Warn("the usual port of browsers' sound is taken; a firewall may not let another through", "usual", browserPort, "taken", c.LocalAddr().String())
	return c, nil
}

// browserUsers are the stations that may be used in a browser.
func browserUsers(t *settings.Tree) []web.User {
	var users []web.User
	for _, s := range t.ExpandStations() {
		if s.Web {
			users = append(users, web.User{Station: id.Station(s.Extension), Port: book.PortOf(s), Name: s.Name})
		}
	}
	return users
}

// reach joins what is known of a station's telephone and of its page: it is
// reachable while either is there.
type reach struct {
	mu    sync.Mutex
	phone map[id.Station]event.PhoneChanged // the last news of each
	page  map[id.Station]web.Presence
}

// phoneIs notes the news of a telephone and gives what is to be told.
func (r *reach) phoneIs(e event.PhoneChanged) *event.PhoneChanged {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.phone[e.Station] = e
	if p := r.page[e.Station]; p.Here && !e.Registered {
		return &event.PhoneChanged{Station: e.Station, Registered: true, Device: p.Device}
	}
	return &e
}

// pageIs notes the news of a page.
func (r *reach) pageIs(p web.Presence) *event.PhoneChanged {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.page[p.Station] = p
	if e := r.phone[p.Station]; e.Registered {
		return &e
	}
	return &event.PhoneChanged{Station: p.Station, Registered: p.Here, Device: p.Device}
}

func (a *App) browser(p web.Presence) { a.tell(a.reach.pageIs(p)) }

// phones shows the telephones in pages to the door of HTTP.
type phones struct{ a *App }

// Own implements api.Phones.
func (p phones) Own(who id.Person) api.PhoneOwn {
	_, tree, _ := p.a.settings.Current()
	person, ok := tree.PersonByName(who)
	if !ok || person.Station == "" {
		return api.PhoneOwn{}
	}
	s, ok := tree.StationByExt(person.Station)
	own := api.PhoneOwn{Station: string(person.Station), Name: s.Name, Allowed: ok && s.Web, Alone: s.Handset == "" && s.SIP == nil}
	if out := tree.DialPlan.Outside; len(out) > 0 {
		own.Outside = out[0].Prefix
	}
	return own
}

// station finds a person's telephone, or says why there is none.
func (p phones) station(who id.Person) (string, error) {
	own := p.Own(who)
	switch {
	case own.Station == "":
		return "", core.Refuse("phone-no-station")
	case !own.Allowed:
		return "", core.Refuse("phone-not-allowed", own.Station)
	}
	return own.Station, nil
}

// Attach implements api.Phones.
func (p phones) Attach(who id.Person, at api.PhoneAt, take bool) (api.PhonePage, error) {
	s, err := p.station(who)
	if err != nil {
		return nil, err
	}
	g, err := p.a.browsers.Attach(s, at.Tab, take, "browser "+at.From.String())
	if err != nil {
		return nil, refusedPhone(err, s)
	}
	return phonePage{g}, nil
}

// Call implements api.Phones.
func (p phones) Call(who id.Person, at api.PhoneAt, to, sdp string) (api.PhoneJoined, error) {
	s, err := p.station(who)
	if err != nil {
		return api.PhoneJoined{}, err
	}
	clean := number.Clean(to)
	if clean == "" {
		return api.PhoneJoined{}, core.Refuse("no-number", to)
	}
	j, err := p.a.browsers.Call(s, at.Tab, clean, sdp, at.Near, at.From.String())
	return api.PhoneJoined(j), refusedPhone(err, s)
}

// Answer implements api.Phones.
func (p phones) Answer(who id.Person, at api.PhoneAt, call uint64, sdp string) (api.PhoneJoined, error) {
	return p.offer(who, func(s string) (web.Joined, error) { return p.a.browsers.Answer(s, at.Tab, call, sdp, at.Near) })
}

// Media implements api.Phones.
func (p phones) Media(who id.Person, at api.PhoneAt, call uint64, sdp string) (api.PhoneJoined, error) {
	return p.offer(who, func(s string) (web.Joined, error) { return p.a.browsers.Media(s, at.Tab, call, sdp, at.Near) })
}

func (p phones) offer(who id.Person, do func(station string) (web.Joined, error)) (api.PhoneJoined, error) {
	s, err := p.station(who)
	if err != nil {
		return api.PhoneJoined{}, err
	}
	j, err := do(s)
	return api.PhoneJoined(j), refusedPhone(err, s)
}

// Hangup implements api.Phones.
func (p phones) Hangup(who id.Person, at api.PhoneAt, call uint64) error {
	s, err := p.station(who)
	if err != nil {
		return err
	}
	return refusedPhone(p.a.browsers.Hangup(s, at.Tab, call), s)
}

// Digits implements api.Phones.
func (p phones) Digits(who id.Person, at api.PhoneAt, call uint64, digits string) error {
	s, err := p.station(who)
	if err != nil {
		return err
	}
	return refusedPhone(p.a.browsers.Digits(s, at.Tab, call, digits), s)
}

// Quit implements api.Phones.
func (p phones) Quit(who id.Person, at api.PhoneAt) error {
	s, err := p.station(who)
	if err != nil {
		return err
	}
	return refusedPhone(p.a.browsers.Quit(s, at.Tab), s)
}

// refusedPhone makes a refusal with a sentence of what leg/web says.
func refusedPhone(err error, station string) error {
	for known, code := range map[error]string{
		web.ErrStation: "phone-not-allowed", web.ErrElsewhere: "phone-elsewhere", web.ErrNoCall: "phone-no-call",
		web.ErrInCall: "phone-in-call", web.ErrOffer: "phone-offer", web.ErrFull: "phone-full",
	} {
		if errors.Is(err, known) {
			return core.Refuse(code, station)
		}
	}
	return err
}

// phonePage is a page as the door sees it.
type phonePage struct{ *web.Page }

// News implements api.PhonePage.
func (p phonePage) News() any { return p.Page.News() }
