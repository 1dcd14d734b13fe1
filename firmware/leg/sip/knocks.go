package sip

import (
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Knock is a telephone that tries to sign on and is refused.
type Knock struct {
	User        string // that it calls itself
	Addr        netip.Addr
	Why         Misfit
	Agent       string // what it says it is
	Count       int
	First, Last time.Time
}

// Misfit is why a telephone is refused.
type Misfit string

// The reasons.
const (
	WrongPassword Misfit = "password"
	UnknownUser   Misfit = "unknown-user"
	OnlyMD5       Misfit = "md5" // it answers by MD5, and its account takes SHA-256 only
)

const (
	// knocksMax bounds the list; who names no user of ours makes room first.
	knocksMax = 64
	// knockEach of one address, or one that tries all names would fill the list.
	knockEach = 8
	// knockFor is how long one stays in the list that comes no more.
	knockFor = 10 * time.Minute
	// knockOften is when a telephone with a wrong password is no slip any more.
	knockOften = 3
)

// knockers are the telephones that were refused of late. The answer on the wire is the
// same for all of them; only the people of the box are told why.
type knockers struct {
	told func()
	any  atomic.Int32

	mu   sync.Mutex
	list []Knock
}

// note counts a request whose credentials are wrong.
func (k *knockers) note(req *sip.Request, users *directory, addr netip.Addr, now time.Time) {
	name, why := "", WrongPassword
	for _, h := range req.GetHeaders("Authorization") {
		if c, ok := parseCredentials(h.Value()); ok {
			name = clean(c.username, userMax)
			user, known := users.user(c.username)
			md5 := c.algorithm == "" || strings.EqualFold(c.algorithm, "MD5")
			if !known {
				why = UnknownUser
			} else if md5 && !user.allowMD5 {
				why = OnlyMD5
			}
		}
	}
	agent := ""
	if h := req.GetHeader("User-Agent"); h != nil {
		agent = clean(h.Value(), 80)
	}
	if k.count(Knock{User: name, Addr: addr, Why: why, Agent: agent, Count: 1, First: now, Last: now}) {
		k.told()
	}
}

// count reports whether people are to be told.
func (k *knockers) count(n Knock) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	defer func() { k.any.Store(int32(len(k.list))) }()
	each, oldest := 0, -1
	for i := range k.list {
		o := &k.list[i]
		if o.User == n.User && o.Addr == n.Addr {
			o.Count, o.Last, o.Why, o.Agent = o.Count+1, n.Last, n.Why, n.Agent
			return o.Count == knockOften
		}
		if o.Addr == n.Addr {
			each++
		}
		if oldest < 0 || o.lesser(k.list[oldest]) {
			oldest = i
		}
	}
	switch {
	case each >= knockEach:
		return false
	case len(k.list) < knocksMax:
		k.list = append(k.list, n)
	case n.Why == UnknownUser && k.list[oldest].Why != UnknownUser:
		return false
	default:
		k.list[oldest] = n
	}
	return false
}

// lesser reports which of two makes room first.
func (n Knock) lesser(o Knock) bool {
	if a, b := n.Why == UnknownUser, o.Why == UnknownUser; a != b {
		return a
	}
	return n.Last.Before(o.Last)
}

// forget drops those that is true of.
func (k *knockers) forget(is func(Knock) bool) {
	if k.any.Load() == 0 {
		return
	}
	k.mu.Lock()
	was := len(k.list)
	k.list = slices.DeleteFunc(k.list, is)
	gone := was != len(k.list)
	k.any.Store(int32(len(k.list)))
	k.mu.Unlock()
	if gone {
		k.told()
	}
}

// admitted forgets a telephone that has proved who it is.
func (k *knockers) admitted(req *sip.Request, addr netip.Addr) {
	if k.any.Load() == 0 {
		return
	}
	user := ""
	for _, h := range req.GetHeaders("Authorization") {
		if c, ok := parseCredentials(h.Value()); ok {
			user = clean(c.username, userMax)
		}
	}
	k.forget(func(n Knock) bool { return n.User == user && n.Addr == addr })
}

// Knocks lists the telephones that are refused, the latest first.
func (e *Endpoint) Knocks() []Knock {
	e.knocks.mu.Lock()
	list := slices.Clone(e.knocks.list)
	e.knocks.mu.Unlock()
	slices.SortFunc(list, func(a, b Knock) int { return b.Last.Compare(a.Last) })
	return list
}

// Often reports a telephone of the office that goes on trying.
func (n Knock) Often() bool { return n.Why != UnknownUser && n.Count >= knockOften }
