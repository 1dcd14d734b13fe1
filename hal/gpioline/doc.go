// Package gpioline gives the pins of a board by the names that its device tree has for
// them, through the kernel's GPIO character device (version 2 of its interface).
//
// Boards find lines and hand them to drivers, which see gpio.PinIn and gpio.PinOut of
// periph. Beyond those, a Line tells when an edge was, by the kernel's own time stamp.
// periph's gpioioctl is not used here: its lines read as outputs become inputs, begin
// low before they are set high, drop the time of an edge and make a negative patience
// none at all.
//
// It never turns a line around behind its user's back: reading an output tells what it
// was set to, and a line is an output only once it was given a level.
//
// Source: include/uapi/linux/gpio.h of the kernel. Traps: a bias that the controller
// cannot do is passed over by the kernel without a word; two lines of one name are
// legal there, and refused here.
package gpioline
