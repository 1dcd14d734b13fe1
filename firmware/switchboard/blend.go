package switchboard

import "centralita/firmware/media"

// blend is a port that says what it hears, a frame later: the sum of several legs
// for one side of a recording. The engine's sound thread alone touches it after it
// was plugged.
type blend struct {
	frame media.Frame
	any   bool
}

// Rate implements media.Port: recordings are narrow.
func (b *blend) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (b *blend) Read(_ uint64, f *media.Frame) bool {
	if !b.any {
		return false
	}
	f.Rate = media.Narrow
	copy(f.Buf[:media.Narrow], b.frame.Buf[:media.Narrow])
	return true
}

// Write implements media.Port.
func (b *blend) Write(_ uint64, f *media.Frame) {
	b.any = f.Rate == media.Narrow
	copy(b.frame.Buf[:], f.Buf[:media.Narrow])
}
