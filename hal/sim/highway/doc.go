// Package highway is the PCM bus between chip models, paced by a ticker or by
// nobody.
//
// Serve steps it every 10 ms whether or not anybody exchanges frames: on the
// board a crystal makes the clock. One step lets the steppers live (the world
// beyond the wires), then the chips, and moves every timeslot between them and
// two small queues that Exchange empties and fills. Boards make it; the media
// engine sees it as hal.Highway.
package highway
