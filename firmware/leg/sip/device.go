package sip

import (
	"context"
	"encoding/hex"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Device is a telephone that looks for its settings: at power-up it subscribes to
// the event package ua-profile (RFC 6080 section 5) at the address of all SIP
// servers, 224.0.1.75, or at the one it knows.
type Device struct {
	MAC    string // 12 small hexadecimal digits
	Vendor string
	Model  string
	From   netip.Addr
	To     netip.Addr // our address that it sees
}

// allServers is sip.mcast.net (RFC 3261 section 10.2.6; IANA).
var allServers = [4]byte{224, 0, 1, 75}

const (
	// placesMax is how many telephones are being told at once where their settings
	// are; one more asks again at its next start.
	placesMax = 16
	placeTime = 8 * time.Second
)

// places counts those.
type places struct{ running atomic.Int32 }

// joinServers takes part in the group of all SIP servers on every interface. Where
// that fails telephones are found by their address only.
func (e *Endpoint) joinServers() {
	c, ok := e.udp.(*net.UDPConn)
	if !ok || e.cfg.Devices == nil || !e.addr.Addr().IsUnspecified() || !e.addr.Addr().Is4() {
		return
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return
	}
	list, _ := net.Interfaces() // none: nothing is joined
	for _, i := range list {
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagMulticast == 0 {
			continue
		}
		_ = raw.Control(func(fd uintptr) {
			err = syscall.SetsockoptIPMreqn(int(fd), syscall.IPPROTO_IP, syscall.IP_ADD_MEMBERSHIP,
				&syscall.IPMreqn{Multiaddr: allServers, Ifindex: int32(i.Index)})
		})
		if err != nil && !errors.Is(err, syscall.EADDRINUSE) {
			e.log.Warn("sip: telephones that look for settings are not heard", "interface", i.Name, "error", err)
		}
	}
}

// looksForSettings reports whether a SUBSCRIBE is that of a telephone without any.
func looksForSettings(req *sip.Request) bool {
	for _, v := range headers(req, "Event") {
		name, _, _ := strings.Cut(v, ";")
		if strings.EqualFold(strings.TrimSpace(name), "ua-profile") {
			return true
		}
	}
	return false
}

// onDevice answers a telephone that looks for its settings, if there are any for
// it; else it hears nothing, for another server of the network may know it.
func (e *Endpoint) onDevice(req *sip.Request, tx sip.ServerTransaction) {
	place, ok := e.placeOf(req)
	if !ok {
		if a, err := netip.ParseAddr(req.Recipient.Host); err != nil || !a.IsMulticast() {
			e.answer(tx, refuse(req, sip.StatusNotFound))
		}
		return
	}
	if e.places.running.Add(1); e.places.running.Load() > placesMax {
		e.places.running.Add(-1)
		e.answer(tx, full(req))
		return
	}
	defer e.places.running.Add(-1)
	res := respond(req, sip.StatusOK, "OK")
	tag := tagOf(res.To().Params)
	if tag == "" {
		tag = token(8)
		res.To().Params.Add("tag", tag)
	}
	res.AppendHeader(sip.NewHeader("Expires", "0"))
	res.AppendHeader(e.contact("settings", req.Transport(), req.Source()))
	if !e.answer(tx, res) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), placeTime)
	defer cancel()
	if _, err := e.transact(ctx, e.placeNotice(req, tag, place)); err != nil {
		e.log.Info("sip: a telephone was not told where its settings are", "from", req.Source(), "error", err)
	}
}

// placeOf asks the office where the settings of a telephone are.
func (e *Endpoint) placeOf(req *sip.Request) (place string, ok bool) {
	d, ok := deviceOf(req)
	if !ok || e.cfg.Devices == nil {
		return "", false
	}
	d.To = e.faces.of(req.Source())
	return e.cfg.Devices(d)
}

// placeNotice tells the telephone the place, in the one NOTIFY of its subscription.
func (e *Endpoint) placeNotice(req *sip.Request, tag, place string) *sip.Request {
	d := dialog{
		callID: req.CallID().Value(), localTag: tag, remoteTag: tagOf(req.From().Params),
		local: bare(req.To().Address), remote: bare(req.From().Address), target: bare(req.From().Address),
		transport: req.Transport(), flow: req.Source(), user: "settings",
	}
	if c := req.Contact(); c != nil && c.Address.Host != "" {
		d.target = *c.Address.Clone()
	}
	n := e.request(&d, sip.NOTIFY, 1)
	n.AppendHeader(e.contact("settings", req.Transport(), req.Source()))
	n.AppendHeader(sip.NewHeader("Event", "ua-profile;effective-by=0"))
	n.AppendHeader(sip.NewHeader("Subscription-State", "terminated;reason=timeout"))
	n.AppendHeader(sip.NewHeader("Content-Type", "application/url"))
	n.SetBody([]byte(place))
	return n
}

// deviceOf reads who asks: the MAC out of the From or the request, maker and model
// out of the Event.
func deviceOf(req *sip.Request) (Device, bool) {
	from, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return Device{}, false
	}
	d := Device{From: from.Addr().Unmap()}
	for _, user := range []string{req.From().Address.User, req.Recipient.User} {
		if d.MAC = macOf(user); d.MAC != "" {
			break
		}
	}
	if h := headers(req, "Event"); len(h) > 0 {
		d.Vendor, d.Model = quotedParam(h[0], "vendor"), quotedParam(h[0], "model")
	}
	return d, d.MAC != ""
}

// macOf reads "MAC%3a001565A1B2C3" and the like.
func macOf(user string) string {
	if len(user) > 64 {
		return ""
	}
	if plain, err := url.PathUnescape(user); err == nil {
		user = plain
	}
	user = strings.ToLower(user)
	user = strings.TrimPrefix(user, "mac")
	user = strings.NewReplacer(":", "", "-", "").Replace(user)
	if b, err := hex.DecodeString(user); err != nil || len(b) != 6 {
		return ""
	}
	return user
}

// quotedParam reads a parameter of an Event header, which may be quoted; at most 40
// printable characters.
func quotedParam(value, name string) string {
	for part := range strings.SplitSeq(value, ";") {
		k, v, _ := strings.Cut(part, "=")
		if strings.EqualFold(strings.TrimSpace(k), name) {
			return clean(strings.Trim(strings.TrimSpace(v), `"`), 40)
		}
	}
	return ""
}
