package app

import "centralita/firmware/supervise"

// ConsoleSocket is where a terminal joins the running box, in its data folder.
const ConsoleSocket = "console.sock"

// consoles are the doors of text: the socket, and the serial device if any.
func (a *App) consoles() []supervise.Worker { return nil }
