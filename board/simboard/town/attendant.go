package town

// How a person answers, in frames: nobody lifts in the very moment of a ring.
const (
	reachMin    = 30
	reachSpread = 80
	helloAfter  = 50
	tiredOfBusy = 3 * framesPerSecond
)

// Attend is how the person at a telephone answers by themselves.
type Attend struct {
	Rings        int     `json:"rings"`          // lifts after so many rings; 0 does not answer
	Voice        string  `json:"voice"`          // speaks so after the answer; silent without
	HangupAfterS float64 `json:"hangup_after_s"` // 0 never, except when a busy tone is heard for three seconds
}

// ringsMax bounds a person's patience with a bell.
const ringsMax = 50

// attendant is a person with an Attend: counts rings, lifts, speaks, hangs up.
type attendant struct {
	rings       int
	voice       tape
	hangupAfter int

	reach   int // frames until the hand is at the handset; 0 is not reaching
	serving bool
	talked  int
	busy    int
}

// ends is the end of a conversation; the person stays ready for the next.
func (a *attendant) ends() { a.serving, a.reach, a.talked, a.busy = false, 0, 0, 0 }

// attend is the person's step.
func (h *Handset) attend(ringBegan bool) {
	a := &h.person
	switch {
	case !h.lifted && a.reach > 0:
		if !h.bell.calling {
			a.reach = 0
		} else if a.reach--; a.reach == 0 {
			h.lift()
			a.serving, a.talked, a.busy = true, 0, 0
		}
	case !h.lifted && ringBegan && a.rings > 0 && h.bell.rings >= a.rings:
		a.reach = reachMin + h.r.IntN(reachSpread)
	case h.lifted && a.serving:
		h.serve(a)
	}
}

func (h *Handset) serve(a *attendant) {
	a.talked++
	if a.talked == helloAfter {
		h.voice = a.voice
	}
	switch h.ear.tones.name {
	case "busy", "congestion":
		a.busy++
	default:
		a.busy = 0
	}
	if a.busy >= tiredOfBusy || a.hangupAfter > 0 && a.talked >= a.hangupAfter {
		h.hangUp()
	}
}
