// Package release judges whether the far end of an outside line has hung up.
//
// A telephone line has no message for it, only signs, and every sign can lie: the
// loop opens for a moment when a cable is touched, a busy tone plays in the room
// where the far end talks, a whistle is a dial tone for a second. So signs are
// witnesses: each has a weight, the decimal logarithm of how much likelier it is
// after a hang-up than in talk. The weights of the witnesses that stand are added
// to what was likely beforehand; a line is released at Certain, one mistake in ten
// thousand. A witness that lasts weighs more, one that is over fades, and speech of
// the far end speaks against all of them but a loop that stands open.
//
// # Where the truth comes from
//
// Weights are counted for each line (Habits), and a count needs to know what was
// true. Nobody tells the box, but the line does a moment later:
//
//   - A witness after which the far end spoke on for a second was false. This is
//     the strongest knowledge there is, and counts against that witness.
//   - A release is taken as true when the judge made it, or when our side hung up
//     while a witness stood and the far end had been quiet since: people put the
//     handset down when they hear the tone. All witnesses that stood count as seen,
//     those that this line should have shown by then and did not as missed.
//   - A release after which the same number calls again within a minute, or of
//     which a person says that the call was cut, was false: what it taught is taken
//     back and counts against its witnesses.
//
// A call that our side ends without any sign teaches nothing but how long there
// was talk without a false witness.
//
// leg/analog keeps a Judge for each outside line and feeds it plain facts; linelab
// feeds it the same facts of simulated exchanges. The package hears no sound, opens
// no line and asks no clock: times are those since the call was answered.
package release
