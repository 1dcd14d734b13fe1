package analog

import "centralita/firmware/id"

// Idle tells that nobody uses any of the sockets: no call, no lifted handset, no
// ringing line, as the bank published it last. Sockets that are not there are idle.
func (b *Bank) Idle(ports ...id.Port) bool {
	for _, name := range ports {
		if p := b.ports[name]; p != nil && p.taken.Load() {
			return false
		}
	}
	return true
}
