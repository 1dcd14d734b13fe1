package sip

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// dialogStates are the words of RFC 4235 section 3.7.1 for what a station does.
var dialogStates = map[string]string{"ringing": "early", "dialling": "trying", "talking": "confirmed"}

// dialogInfo is the document of the dialog package (RFC 4235): what busy lamps show.
// An idle station has one dialog that is over, as telephones expect it.
func dialogInfo(s *subscription, v view) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"%d\" state=\"full\" entity=\"%s\">\r\n", v.version, escaped(v.entity))
	state := dialogStates[v.state]
	if state == "" {
		state = "terminated"
	}
	direction := "initiator"
	if v.incoming {
		direction = "recipient"
	}
	fmt.Fprintf(&b, "<dialog id=\"%s\" direction=\"%s\">\r\n<state>%s</state>\r\n", escaped(s.resource), direction, state)
	if state != "terminated" && v.number != "" {
		address := escaped("sip:" + v.number + "@" + v.host)
		fmt.Fprintf(&b, "<remote><identity display=\"%s\">%s</identity><target uri=\"%s\"/></remote>\r\n", escaped(v.name), address, address)
	}
	b.WriteString("</dialog>\r\n</dialog-info>\r\n")
	return b.String()
}

// presenceInfo is the document of the presence package (RFC 3863, with what the person
// does by RFC 4480).
func presenceInfo(s *subscription, v view) string {
	basic, activity := "open", ""
	switch v.state {
	case "unreachable":
		basic = "closed"
	case "ringing", "dialling", "talking":
		activity = "<rpid:on-the-phone/>"
	}
	return fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""+
		" xmlns:rpid=\"urn:ietf:params:xml:ns:pidf:rpid\" entity=\"%[1]s\">\r\n<tuple id=\"t%[2]s\"><status><basic>%[3]s</basic></status><contact>%[1]s</contact></tuple>\r\n"+
		"<dm:person id=\"p%[2]s\"><rpid:activities>%[4]s</rpid:activities></dm:person>\r\n</presence>\r\n",
		escaped(v.entity), escaped(s.resource), basic, activity)
}

// messageSummary is the document of the message-summary package (RFC 3842 section
// 5.2).
func messageSummary(_ *subscription, v view) string {
	waiting := "no"
	if v.messages > 0 {
		waiting = "yes"
	}
	return fmt.Sprintf("Messages-Waiting: %s\r\nMessage-Account: %s\r\nVoice-Message: %d/0 (0/0)\r\n", waiting, v.entity, v.messages)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}
