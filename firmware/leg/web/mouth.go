package web

import (
	"errors"
	"sync/atomic"

	"centralita/firmware/leg/rtp"

	pionrtp "github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// mouth is what a browser hears of us: a track whose packets are made by leg/rtp.
// It is written by the pump alone.
type mouth struct {
	prefer uint8 // PCMU or PCMA, where the browser takes both
	link   atomic.Pointer[link]
	open   atomic.Bool // encryption is agreed: what is written is heard
}

// link is what was agreed with the browser.
type link struct {
	to      webrtc.TrackLocalWriter
	ssrc    uint32
	payload uint8 // of sound
	event   uint8 // of telephone-event (RFC 4733); 0 none
	law     uint8 // rtp.PCMU or rtp.PCMA: what payload stands for

	opus uint8  // what the browser calls Opus, 0 where it has none
	fmtp string // its parameters: what the browser likes to be sent
}

// fmtpMax bounds the parameters of Opus, which are told to another far end; a browser's
// have some 30 characters.
const fmtpMax = 160

var errNoCodec = errors.New("web: the browser offers neither PCMU nor PCMA")

// Bind implements webrtc.TrackLocal: it is told what was agreed.
func (m *mouth) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	l := &link{to: c.WriteStream(), ssrc: uint32(c.SSRC())}
	var chosen *webrtc.RTPCodecParameters
	for i, codec := range c.CodecParameters() {
		law := rtp.PCMA
		switch codec.MimeType {
		case webrtc.MimeTypePCMU:
			law = rtp.PCMU
		case webrtc.MimeTypePCMA:
		case webrtc.MimeTypeOpus:
			if codec.PayloadType >= 96 {
				l.opus, l.fmtp = uint8(codec.PayloadType), parameters(codec.SDPFmtpLine)
			}
			continue
		case mimeEvent:
			l.event = uint8(codec.PayloadType)
			continue
		default:
			continue
		}
		if chosen == nil || law == m.prefer {
			chosen, l.payload, l.law = &c.CodecParameters()[i], uint8(codec.PayloadType), law
		}
	}
	if chosen == nil || l.payload != l.law { // both are fixed numbers (RFC 3551 table 4); a browser that renames them is refused
		return webrtc.RTPCodecParameters{}, errNoCodec
	}
	m.link.Store(l)
	return *chosen, nil
}

// Unbind implements webrtc.TrackLocal.
func (m *mouth) Unbind(webrtc.TrackLocalContext) error {
	m.open.Store(false)
	return nil
}

// ID, RID, StreamID and Kind implement webrtc.TrackLocal.
func (m *mouth) ID() string                { return "sound" }
func (m *mouth) RID() string               { return "" }
func (m *mouth) StreamID() string          { return "centralita" }
func (m *mouth) Kind() webrtc.RTPCodecType { return webrtc.RTPCodecTypeAudio }

// say sends a packet of leg/rtp under the number that the browser was promised.
func (m *mouth) say(b []byte, h *pionrtp.Header) error {
	l := m.link.Load()
	if l == nil || !m.open.Load() || len(b) < headerSize {
		return nil
	}
	*h = pionrtp.Header{
		Version: 2, Marker: b[1]&0x80 != 0, PayloadType: b[1] & 0x7f,
		SequenceNumber: uint16(b[2])<<8 | uint16(b[3]),
		Timestamp:      uint32(b[4])<<24 | uint32(b[5])<<16 | uint32(b[6])<<8 | uint32(b[7]),
		SSRC:           l.ssrc,
	}
	_, err := l.to.WriteRTP(h, b[headerSize:])
	return err
}
