package app

import (
	"net"
	"strconv"

	"centralita/firmware/settings"
)

// openSIPTLS opens, moves or closes SIP by TLS as the settings say. A port that
// somebody else has is told and keeps nobody from calling without TLS.
func (a *App) openSIPTLS(t *settings.Tree) {
	addr := a.sipTLSAddr(t)
	if err := a.sip.ListenTLS(addr); err != nil {
		a.log.Error("SIP by TLS", "err", err)
		a.alarms.raise("sip-tls", "minor", "alarm.sip-tls", addr)
		return
	}
	a.alarms.clear("sip-tls")
}

// noPorts tells of calls that are refused because no port is left for their sound.
func (a *App) noPorts(none bool) {
	if !none {
		a.alarms.clear("sound-ports")
		return
	}
	a.alarms.raise("sound-ports", "major", "alarm.sound-ports", strconv.Itoa(a.opt.RTPFirst), strconv.Itoa(a.opt.RTPLast))
}

// sipTLSAddr is the address of the settings, else the port next to that of SIP
// without TLS: 5061 beside 5060 (RFC 3261 section 19.1.2).
func (a *App) sipTLSAddr(t *settings.Tree) string {
	switch t.Box.SIPTLS {
	case "off":
		return ""
	case "":
	default:
		return t.Box.SIPTLS
	}
	host, port, err := net.SplitHostPort(a.opt.SIP)
	n, bad := strconv.ParseUint(port, 10, 16)
	if err != nil || bad != nil || n == 65535 {
		return ""
	}
	if n > 0 {
		n++
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10))
}

// sipTLSOpen is where SIP by TLS is taken now, "" nowhere.
func (a *App) sipTLSOpen() string {
	if at := a.sip.AddrTLS(); at.IsValid() {
		return at.String()
	}
	return ""
}

// signallingMark is what SIP is marked with where nothing is set: class selector 3.
const signallingMark = 24

func (a *App) markSIP(t *settings.Tree) {
	dscp := signallingMark
	if n := t.Box.SIPDSCP; n != nil {
		dscp = *n
	}
	a.sip.SetDSCP(dscp)
}
