// Package witness listens to and watches one outside line for the signs of a
// hang-up: the ears of the line, and a Watch that gives what they tell and what the
// wire shows to the judge of firmware/line/release.
//
// leg/analog has a Watch for each line; linelab has one for each simulated call, so
// that what is proved there is what the box does. Ears run in the sound thread and
// obey its rules; a Watch belongs to one goroutine, knows no chip and no clock, and
// hangs up nothing.
package witness
