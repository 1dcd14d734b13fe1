package campaign

import (
	"fmt"
	"time"

	"centralita/board/simboard/bare"
	"centralita/board/simboard/town"
	"centralita/firmware/leg/analog/witness"
	"centralita/firmware/line/release"
	"centralita/firmware/media"
	"centralita/firmware/media/tone"
)

// Limits of a call, in frames of 10 ms.
const (
	settle    = 40  // after lifting, as a line chip
	lateAfter = 500 // of a release
	patience  = 800 // after the first sign; then the line is given up
	noSign    = 200 // how long one without any is watched
	clearing  = 50  // between two looks whether the exchange has cleared
	frame     = time.Second / 100
)

// stage of a call.
type stage uint8

const (
	resting stage = iota
	lifting
	talking
	left // the far end has hung up
)

// subscriber is the box at one line: its terminal, its ears and its judge, with what
// the line has taught.
type subscriber struct {
	set    *bare.Set
	line   *town.Line
	talker *talker
	signs  town.Supervision
	wear   town.Wear
	plan   *tone.Country
	habits release.Habits
	watch  witness.Watch
	sound  [media.Narrow]int16
	log    func(format string, args ...any)

	stage  stage
	frames int // in it
	since  int // frames since the call was answered
	leave  int // when the far end hangs up
	asked  []town.Pending
	look   int // frames until the judge looks again

	calls int // still to make
	talk  float64
	tally
}

// Rate, Read and Write make it a port of the engine that its ears hang on.
func (s *subscriber) Rate() media.Rate { return media.Narrow }

// Read implements media.Port.
func (s *subscriber) Read(_ uint64, f *media.Frame) bool {
	copy(f.PCM(), s.sound[:])
	return true
}

// Write implements media.Port.
func (s *subscriber) Write(uint64, *media.Frame) {}

// step lives for 10 ms, after the board.
func (s *subscriber) step() error {
	for _, p := range s.asked {
		if err := <-p; err != nil {
			return fmt.Errorf("campaign: the town refused: %w", err)
		}
	}
	s.asked = s.asked[:0]
	s.set.Hear(&s.sound)
	s.frames++
	s.since++
	switch s.stage {
	case resting:
		if s.calls > 0 && s.frames%clearing == 0 && s.line.State().State == "idle" {
			s.begin()
		}
	case lifting:
		if s.frames >= settle {
			s.enter(talking)
			s.since = 0
			s.watch.Begin(witness.Line{Plan: s.plan, Habits: &s.habits})
		}
	case talking, left:
		s.follow()
	}
	return nil
}

func (s *subscriber) enter(to stage) { s.stage, s.frames = to, 0 }

func (s *subscriber) begin() {
	acts, seconds := s.talker.conversation(s.talk)
	s.asked = append(s.asked, s.line.Call(town.Call{CallerID: town.NoCallerID, Supervision: &s.signs, Wear: &s.wear, Party: town.Party{Script: acts}}))
	s.set.Lift()
	s.calls--
	s.leave = int(seconds * 100)
	s.enter(lifting)
}

// at is the time of the call.
func (s *subscriber) at() time.Duration { return time.Duration(s.since) * frame }

// follow feeds the watch with what the wire shows and asks it.
func (s *subscriber) follow() {
	switch c := s.set.Seen(); {
	case c.Opened:
		s.watch.Take(release.Fact{Kind: release.Opened, At: s.at(), For: time.Duration(c.Frames) * frame})
		s.look = 0
	case c.Closed:
		s.watch.Take(release.Fact{Kind: release.Closed, At: s.at(), For: time.Duration(c.Frames) * frame})
		s.look = 0
	case c.Reversed:
		s.watch.Take(release.Fact{Kind: release.Reversed, At: s.at()})
		s.look = 0
	}
	if s.since%100 == 0 {
		s.watch.Take(release.Fact{Kind: release.Current, At: s.at(), MilliAmp: float32(s.set.MilliAmp())})
	}
	if s.look--; s.look < 0 {
		v, gone, next := s.watch.Look(s.at())
		if gone {
			s.released(v)
			return
		}
		s.look = int(next / frame)
		if next == 0 {
			s.look = 100
		}
	}
	begin := first(s.signs)
	switch {
	case s.stage == talking && s.frames >= s.leave:
		s.asked = append(s.asked, s.line.Hangup())
		s.enter(left)
	case s.stage == left && begin < 0 && s.frames >= noSign:
		s.hangUp(false)
	case s.stage == left && begin >= 0 && s.frames >= begin+patience:
		s.missed++
		s.log("no release %d ms after the first sign", 10*patience)
		s.hangUp(false)
	}
}

// heard takes what the ears told.
func (s *subscriber) heard(h media.Heard) {
	s.watch.Heard(h, s.at())
	s.look = 0
}

// released counts a verdict by the truth.
func (s *subscriber) released(v release.Verdict) {
	begin := first(s.signs)
	switch held := s.frames - begin; {
	case s.stage == talking:
		s.cuts++
		s.log("cut after %v: %v", s.at(), v)
	case begin < 0 || held < 0:
		s.early++ // the far end had gone; a sign was not waited for
	default:
		s.held += time.Duration(held) * frame
		if s.released_++; held > lateAfter {
			s.late++
			s.log("late by %v: %v", time.Duration(held-lateAfter)*frame, v)
		}
	}
	s.hangUp(true)
}

// hangUp ends the call and learns from it as the box does.
func (s *subscriber) hangUp(judged bool) {
	if s.stage == talking { // it was cut: the far end would call again
		s.asked = append(s.asked, s.line.Hangup())
	} else {
		s.conversations++
	}
	e, _ := s.watch.End(s.at(), judged)
	learn := func(item string, value float64, _ string) { s.habits.Take(item, value) }
	e.Each(learn)
	if s.stage == talking {
		e.Revoke(learn)
	}
	s.talked += s.at()
	s.set.HangUp()
	s.enter(resting)
}
