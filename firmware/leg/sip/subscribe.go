package sip

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"centralita/firmware/id"
	"centralita/firmware/leg"

	"github.com/emiago/sipgo/sip"
)

const (
	// subscriptionsMax: 200 telephones with ten lamps each; subscriptionsOfOne is a
	// telephone with two key modules.
	subscriptionsMax   = 2000
	subscriptionsOfOne = 128
	// subscriptions last from a minute to an hour (RFC 6665 section 4.1.2.1).
	subscribeMin     = 60
	subscribeMax     = 3600
	subscribeDefault = 3600
	// noticesAtOnce is how many NOTIFYs are under way; the others wait their turn.
	noticesAtOnce = 32
)

// badEvent refuses an event package (RFC 6665 section 8.3.2).
const badEvent = 489

// eventPackage is what can be watched.
type eventPackage struct {
	kind  string                           // Content-Type of its documents
	write func(*subscription, view) string // the document
	own   bool                             // of oneself only
}

var eventPackages = map[string]eventPackage{
	"dialog":          {"application/dialog-info+xml", dialogInfo, false},
	"presence":        {"application/pidf+xml", presenceInfo, false},
	"message-summary": {"application/simple-message-summary", messageSummary, true},
}

// eventsKnown is for Allow-Events.
const eventsKnown = "dialog, presence, message-summary, refer, ua-profile"

// subscriptions are who watches what, and what there is to be seen.
type subscriptions struct {
	mu       sync.Mutex
	byID     map[dialogID]*subscription
	ofUser   map[string]int
	stations map[string]leg.StationState
	messages map[string]int
	turn     chan struct{} // noticesAtOnce
}

func newSubscriptions() *subscriptions {
	return &subscriptions{
		byID: map[dialogID]*subscription{}, ofUser: map[string]int{}, stations: map[string]leg.StationState{},
		messages: map[string]int{}, turn: make(chan struct{}, noticesAtOnce),
	}
}

// subscription is one watcher of one resource. All but d of it is under the mutex of
// subscriptions; d belongs to whoever sends.
type subscription struct {
	d        dialog
	key      dialogID
	user     string // who watches
	resource string // the station watched
	event    string // package, and id where the watcher gave one
	pkg      eventPackage
	end      time.Time
	version  int
	changed  bool   // there is something to tell
	sending  bool   // somebody tells it
	over     string // reason of its end, "" while it lives
}

// onSubscribe serves the event packages that we know.
func (e *Endpoint) onSubscribe(req *sip.Request, tx sip.ServerTransaction) {
	if looksForSettings(req) {
		e.onDevice(req, tx)
		return
	}
	name, params := eventOf(req)
	pkg, known := eventPackages[name]
	seconds, good := subscribeSeconds(req)
	switch {
	case !known:
		res := refuse(req, badEvent)
		res.AppendHeader(sip.NewHeader("Allow-Events", eventsKnown))
		e.answer(tx, res)
	case !good:
		e.answer(tx, refuse(req, sip.StatusBadRequest))
	case seconds > 0 && seconds < subscribeMin:
		res := refuse(req, sip.StatusIntervalToBrief)
		res.AppendHeader(sip.NewHeader("Min-Expires", strconv.Itoa(subscribeMin)))
		e.answer(tx, res)
	case tagOf(req.To().Params) != "":
		e.renew(req, tx, seconds)
	default:
		e.subscribe(req, tx, &subscription{event: name + params, pkg: pkg}, seconds)
	}
}

// eventOf reads the package and its id parameter, which our notices repeat (RFC 6665
// section 8.2.1).
func eventOf(req *sip.Request) (name, id string) {
	v := headers(req, "Event")
	if len(v) != 1 {
		return "", ""
	}
	name, params, _ := strings.Cut(v[0], ";")
	for p := range strings.SplitSeq(params, ";") {
		if k, value, _ := strings.Cut(strings.TrimSpace(p), "="); k == "id" && printable(value) && len(value) <= 40 {
			id = ";id=" + cleanUser(value)
		}
	}
	return strings.ToLower(strings.TrimSpace(name)), id
}

func subscribeSeconds(req *sip.Request) (n int, ok bool) {
	n, ok = expiry(req.GetHeader("Expires"))
	if n < 0 {
		n = subscribeDefault
	}
	return min(n, subscribeMax), ok
}

// subscribe begins a subscription of a user of ours.
func (e *Endpoint) subscribe(req *sip.Request, tx sip.ServerTransaction, s *subscription, seconds int) {
	user, v := e.guard.check(req, time.Now())
	switch {
	case v != granted:
		e.answer(tx, e.guard.challenge(req, v, time.Now()))
		return
	case req.Contact() == nil || req.Contact().Address.Host == "":
		e.answer(tx, refuse(req, sip.StatusBadRequest))
		return
	}
	s.user, s.resource, s.d = user.name, req.Recipient.User, dialogOf(req)
	s.key = s.d.id()
	if status := e.subs.enter(s, e.users, seconds); status != 0 {
		e.answer(tx, refuse(req, status))
		return
	}
	e.accepted(req, tx, s, seconds)
}

// enter counts a subscription in; what is not 0 is the status it is refused with.
func (w *subscriptions) enter(s *subscription, users *directory, seconds int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, station := w.stations[s.resource]
	if _, phone := users.user(s.resource); !station && !phone {
		return sip.StatusNotFound
	}
	switch {
	case s.pkg.own && s.resource != s.user:
		return sip.StatusForbidden
	case len(w.byID) >= subscriptionsMax || w.ofUser[s.user] >= subscriptionsOfOne:
		return sip.StatusServiceUnavailable
	}
	s.end = time.Now().Add(time.Duration(seconds) * time.Second)
	if seconds == 0 {
		s.over = "timeout" // one look (RFC 6665 section 4.4.3)
	}
	w.byID[s.key] = s
	w.ofUser[s.user]++
	return 0
}

// renew serves a SUBSCRIBE within its dialog.
func (e *Endpoint) renew(req *sip.Request, tx sip.ServerTransaction, seconds int) {
	w := e.subs
	w.mu.Lock()
	s := w.byID[dialogID{req.CallID().Value(), tagOf(req.To().Params)}]
	if s == nil || s.over != "" || tagOf(req.From().Params) != s.d.remoteTag {
		w.mu.Unlock()
		e.answer(tx, refuse(req, sip.StatusCallTransactionDoesNotExists))
		return
	}
	s.end = time.Now().Add(time.Duration(seconds) * time.Second)
	if seconds == 0 {
		s.over = "timeout"
	}
	w.mu.Unlock()
	e.accepted(req, tx, s, seconds)
}

// accepted answers 200 and tells the state, as every SUBSCRIBE wants it (RFC 6665
// section 4.2.1.1).
func (e *Endpoint) accepted(req *sip.Request, tx sip.ServerTransaction, s *subscription, seconds int) {
	res := respond(req, sip.StatusOK, "OK")
	if tagOf(res.To().Params) == "" || tagOf(req.To().Params) == "" {
		res.To().Params.Remove("tag")
		res.To().Params.Add("tag", s.key.tag)
	}
	res.AppendHeader(sip.NewHeader("Expires", strconv.Itoa(seconds)))
	res.AppendHeader(e.contact(s.resource, req.Transport(), req.Source()))
	e.answer(tx, res)
	e.tellWatchers(func(o *subscription) bool { return o == s })
}

// ShowStation implements leg.Shower.
func (e *Endpoint) ShowStation(s leg.StationState) {
	ext := string(s.Station)
	e.subs.mu.Lock()
	was, known := e.subs.stations[ext]
	e.subs.stations[ext] = s
	e.subs.mu.Unlock()
	if !known || was != s {
		e.tellWatchers(func(o *subscription) bool { return !o.pkg.own && o.resource == ext })
	}
}

// MessageWaiting implements leg.Minder.
func (e *Endpoint) MessageWaiting(port id.Port, count int) {
	ext := port.Name()
	e.subs.mu.Lock()
	was := e.subs.messages[ext]
	e.subs.messages[ext] = count
	e.subs.mu.Unlock()
	if was != count {
		e.tellWatchers(func(o *subscription) bool { return o.pkg.own && o.resource == ext })
	}
}

// expire ends the subscriptions that were not renewed.
func (w *subscriptions) expire(now time.Time) (some bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.byID {
		if s.over == "" && now.After(s.end) {
			s.over, some = "timeout", true
		}
	}
	return some
}

// retain ends the subscriptions of users that are no more.
func (w *subscriptions) retain(users *directory) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, s := range w.byID {
		if _, ok := users.user(s.user); !ok && s.over == "" {
			s.over = "rejected"
		}
	}
}

// forget drops a subscription whose watcher is gone.
func (w *subscriptions) forget(s *subscription) {
	if w.byID[s.key] != s {
		return
	}
	delete(w.byID, s.key)
	if w.ofUser[s.user]--; w.ofUser[s.user] == 0 {
		delete(w.ofUser, s.user)
	}
}
