// Package campaign proves how well hang-ups are judged, over thousands of calls: the
// exchanges and people of the simulated town on one side, the ears and the judge that
// the box has on its lines on the other, and nothing between but a plain terminal.
//
// Each line of a campaign has a country, a kind of supervision and wear, and keeps
// what it learns, as a line of the box does. Its calls are talk made to deceive:
// held vowels and whistles on the pitch of tones, music, conferences, long silence,
// busy tones and ringing telephones in the room, keys pressed. Then the far end
// hangs up. A verdict before that is a false cut; none within five seconds of the
// first sign is a late release.
//
// linelab and the package's own tests run it. What is left out: a room in which a
// busy tone plays for longer than anybody is silent, which no ear can tell from a
// hang-up.
package campaign
