package sip

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

const (
	// goodInARow is how many OPTIONS a server that was given up must answer, one
	// after the other, before calls go there again.
	goodInARow = 3
	// deafFor is how long a server that never answered any OPTIONS is left alone
	// after it failed: then the next call or registration tries it.
	deafFor = 30 * time.Second
)

// target is one address of a provider's server, and how it does.
type target struct {
	addr   netip.AddrPort
	server string // of the settings, that named it

	down  bool
	since time.Time // went down
	good  int       // OPTIONS answered in a row since
	spoke bool      // answered an OPTIONS, ever
	why   fault

	distrust error      // what is wrong with the certificate it showed last, by TLS
	dialling sync.Mutex // one connection by TLS is made at a time
}

func (t *target) String() string { return t.addr.String() }

// usable reports whether calls may go there: it is not given up, or it is and only
// a try can tell whether it is back.
func (t *target) usable(now time.Time) bool {
	return !t.down || !t.spoke && now.Sub(t.since) >= deafFor
}

// heard notes an answer to OPTIONS; true when the target is back by it.
func (t *target) heard() bool {
	t.spoke = true
	if !t.down {
		return false
	}
	if t.good++; t.good < goodInARow {
		return false
	}
	t.up()
	return true
}

func (t *target) up() { t.down, t.good, t.why = false, 0, fault{} }

// fell notes that the target did not do what it should; true when it is given up by
// it.
func (t *target) fell(why fault, now time.Time) bool {
	was := t.down
	t.down, t.good, t.why, t.since = true, 0, why, now
	return !was
}

// fault is why a server or a whole trunk is of no use: a word of a closed list, and
// the English sentence for log and trace.
type fault struct {
	code string
	text string
}

// The codes of faults; the page has a sentence and a remedy for each.
const (
	faultName        = "name"        // the name server knows no address
	faultSilent      = "silent"      // no answer
	faultUnreachable = "unreachable" // the network says that nobody is there
	faultCertificate = "certificate" // of its TLS: not to be trusted
	faultBusy        = "busy"        // 503: it takes no calls now
	faultCredentials = "credentials" // user and password are not taken
	faultRefused     = "refused"     // another final response than 2xx
	faultStarting    = "starting"    // not tried yet
	faultRemoved     = "removed"     // no longer in the settings
)

func (f fault) Error() string { return f.text }

// adopt takes the addresses that a look-up gave: those known keep their state and,
// when none came or went, their order, so that equal ones do not change places at
// every look-up.
func adopt(old, found []*target) []*target {
	known := func(list []*target, n *target) *target {
		i := slices.IndexFunc(list, func(o *target) bool { return o.addr == n.addr })
		if i < 0 {
			return nil
		}
		return list[i]
	}
	same := len(old) == len(found)
	list := make([]*target, 0, len(found))
	for _, f := range found {
		if o := known(old, f); o != nil {
			o.server = f.server
			list = append(list, o)
		} else {
			list, same = append(list, f), false
		}
	}
	if same {
		return old
	}
	return list
}
