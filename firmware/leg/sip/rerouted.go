package sip

// Rerouted says that this machine's addresses are others now: far ends are told the
// new ones, and providers at once, who would call the old one until the registration
// is due again.
func (e *Endpoint) Rerouted() {
	e.faces.forget()
	ts := &e.trunks
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for _, t := range ts.byName {
		if !t.Register {
			continue
		}
		select {
		case t.moved <- struct{}{}:
		default: // known already
		}
	}
}

// forget has the kernel's routes asked anew.
func (f *facing) forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = nil
}
