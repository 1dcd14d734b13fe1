package town

// The pulse of current with which a terminal answers the alert of a line reversal
// sequence (BT SIN 227), in ms, as an exchange takes it.
const (
	wetLeast = 10
	wetMost  = 30
)

// wetting watches for it during the announcement of a call.
type wetting struct {
	alert int  // act of the alert, -1 before
	seen  bool // a pulse in the pause behind it
}

// watch follows the announcement. It tells whether a message that now begins may
// be sent.
func (w *wetting) watch(l *Line) bool {
	b := &l.bells
	if b.act < 0 || b.act >= len(b.acts) {
		return true
	}
	a := &b.acts[b.act]
	switch {
	case a.alert && w.alert != b.act:
		*w = wetting{alert: b.act}
		l.loop.wetted = 0
	case w.alert >= 0 && b.act > w.alert && !l.loop.closed && l.loop.wetted >= wetLeast && l.loop.wetted <= wetMost:
		w.seen = true
	}
	return !a.message || !l.setup.cfg.Wetting || w.seen
}
