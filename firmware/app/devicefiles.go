package app

import (
	"cmp"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"centralita/firmware/event"
	"centralita/firmware/provision/phonefile"
	"centralita/firmware/settings"

	"golang.org/x/time/rate"
)

// provisionPath is where telephones fetch their settings: provisionPath, the key of
// the device, its file.
const provisionPath = "/provision/"

// askedMost bounds how often anybody may ask, all telephones together: an office of
// 200 that starts at once is served in seconds, a search for keys is not.
var askedMost = rate.NewLimiter(50, 100)

// deviceFiles serves them. What is not there, what is somebody else's and what a
// wrong key asks for look the same.
func (a *App) deviceFiles() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+provisionPath+"{key}/{file}", a.deviceFile)
	return mux
}

func (a *App) deviceFile(w http.ResponseWriter, r *http.Request) {
	if !askedMost.Allow() {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "busy", http.StatusTooManyRequests)
		return
	}
	d, ok := a.deviceByKey(r.PathValue("key"))
	if !ok || !strings.EqualFold(r.PathValue("file"), phonefile.File(d.Vendor, d.Address())) {
		http.NotFound(w, r)
		return
	}
	from, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		from = r.RemoteAddr
	}
	if !a.windowOpen(r.Context()) {
		if a.notes.first("refused " + d.Name) {
			a.switchboard.Tell(&event.DeviceRefused{Device: d.Name, From: from})
		}
		http.Error(w, "closed", http.StatusForbidden)
		return
	}
	account, ok := a.account(d, localAddr(r))
	if !ok {
		http.NotFound(w, r)
		return
	}
	file, kind, err := phonefile.Write(d.Vendor, account)
	if err != nil {
		a.log.Error("a device's file was not written", "device", d.Name, "err", err)
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	if a.notes.first("fetched " + d.Name) {
		a.switchboard.Tell(&event.DeviceFetched{Device: d.Name, From: from, Agent: short(r.UserAgent())})
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(file) // the telephone went away
}

// agentMax is how much of what a telephone says of itself is kept.
const agentMax = 80

func short(agent string) string {
	agent = strings.ToValidUTF8(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, agent), "")
	for n := range agent {
		if n > agentMax {
			return agent[:n]
		}
	}
	return agent
}

// localAddr is which of our addresses a request came to.
func localAddr(r *http.Request) netip.Addr {
	if at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr); ok {
		return at.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// account is what goes into a device's file.
func (a *App) account(d settings.Device, at netip.Addr) (phonefile.Account, bool) {
	_, tree, _ := a.settings.Current()
	for _, s := range tree.ExpandStations() {
		if s.Extension != d.Extension || s.SIP == nil {
			continue
		}
		password, ok := a.secrets.Get(s.SIP.Secret)
		menu, has := a.secrets.Get(deviceSecret(d.Name, "menu"))
		return phonefile.Account{
			User: s.Extension, Password: password, Name: cmp.Or(s.Name, s.Extension), Server: at.String(), Port: int(a.sip.Addr().Port()),
			TCP: d.Transport == "tcp", Admin: menu, Language: firstLanguage(tree), Country: tree.CountryCode(), Zone: zoneOf(tree.Office.TimeZone, time.Now()),
		}, ok && has && at.IsValid()
	}
	return phonefile.Account{}, false
}

// zoneOf is an office's zone as makers ask for it.
func zoneOf(name string, now time.Time) phonefile.Zone {
	z := phonefile.Zone{Name: name}
	place, err := time.LoadLocation(name)
	if err != nil {
		return z
	}
	// Standard time is the smaller of the offsets of midwinter and midsummer.
	_, winter := time.Date(now.Year(), 1, 15, 12, 0, 0, 0, place).Zone()
	_, summer := time.Date(now.Year(), 7, 15, 12, 0, 0, 0, place).Zone()
	z.Minutes = min(winter, summer) / 60
	z.POSIX = posixZones[name]
	return z
}

// posixZones are the rules of the zones of the countries the box is sold in (IEEE Std
// 1003.1 section 8.3); a telephone elsewhere finds its own.
var posixZones = map[string]string{
	"Europe/Madrid": "CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Rome": "CET-1CEST,M3.5.0,M10.5.0/3",
	"Europe/Paris": "CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin": "CET-1CEST,M3.5.0,M10.5.0/3",
	"Atlantic/Canary": "WET0WEST,M3.5.0/1,M10.5.0", "Europe/London": "GMT0BST,M3.5.0/1,M10.5.0",
	"America/New_York": "EST5EDT,M3.2.0,M11.1.0", "America/Chicago": "CST6CDT,M3.2.0,M11.1.0",
	"America/Denver": "MST7MDT,M3.2.0,M11.1.0", "America/Los_Angeles": "PST8PDT,M3.2.0,M11.1.0",
	"America/Mexico_City": "CST6", "America/Argentina/Buenos_Aires": "<-03>3", "America/Sao_Paulo": "<-03>3",
}
