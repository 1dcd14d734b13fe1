package town

// end is what lines and handsets have in common: somebody hears there.
type end struct {
	town *Town
	name string
	ear  *ear
	plug *plug
}

// Line and handset as ends.
func (l *Line) end() end    { return end{l.town, l.name, &l.ear, &l.plug} }
func (h *Handset) end() end { return end{h.town, h.name, &h.ear, &h.plug} }

// Heard appends the sound of the frames from number first on to out, at most max
// frames, and returns the number of the next; the last ten seconds are kept.
func (l *Line) Heard(first uint64, most int, out []int16) ([]int16, uint64) {
	return l.end().heard(first, most, out)
}

// Heard is as Line.Heard.
func (h *Handset) Heard(first uint64, most int, out []int16) ([]int16, uint64) {
	return h.end().heard(first, most, out)
}

func (e end) heard(first uint64, most int, out []int16) ([]int16, uint64) {
	e.town.mu.Lock()
	defer e.town.mu.Unlock()
	return e.ear.since(first, most, out)
}

// Record writes what is heard from the next step on to a WAV file of the town's
// folder, for an hour at most.
func (l *Line) Record(file string) error { return l.end().record(file) }

// Record is as Line.Record.
func (h *Handset) Record(file string) error { return h.end().record(file) }

// record gives the ear a recording between two steps.
func (e end) record(file string) error {
	e.town.mu.Lock()
	defer e.town.mu.Unlock()
	if r := e.ear.recording; r != nil {
		return wrong("recording", "%s is being recorded to %s already", e.name, r.name)
	}
	r, err := e.town.record(file)
	if err != nil {
		return err
	}
	e.ear.recording = r
	return nil
}

// StopRecording ends the recording; the file is whole when it returns.
func (l *Line) StopRecording() error { _, err := l.end().stopRecording(); return err }

// StopRecording is as Line.StopRecording.
func (h *Handset) StopRecording() error { _, err := h.end().stopRecording(); return err }

// stopRecording returns the file's name.
func (e end) stopRecording() (string, error) {
	e.town.mu.Lock()
	r := e.ear.recording
	e.ear.recording = nil
	e.town.mu.Unlock()
	if r == nil {
		return "", wrong("not_recording", "%s is not being recorded", e.name)
	}
	return r.name, r.finish()
}
