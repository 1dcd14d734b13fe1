package event

// Highest is the highest number that the fact brings into being, 0 none: of a
// call, a leg or something played. The core's counter is the highest of these.
func Highest(e Event) uint64 {
	switch e := e.(type) {
	case *LegOffered:
		return uint64(e.Leg)
	case *LegBegan:
		return uint64(e.Leg)
	case *CallBegan:
		return max(uint64(e.Call), uint64(e.Leg))
	case *CallBarred:
		return uint64(e.Play)
	case *MenuAsked:
		return uint64(e.Play)
	case *MenuLeft:
		return uint64(e.Play)
	case *CallQueued:
		return uint64(e.Play)
	case *PageOpened:
		return uint64(e.Play)
	case *PositionTold:
		return uint64(e.Play)
	}
	return 0
}
