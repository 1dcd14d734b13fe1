package app

import (
	"context"
	"fmt"

	"centralita/firmware/console"
	"centralita/firmware/core"
	"centralita/firmware/id"
	"centralita/firmware/supervise"
	"centralita/webui"
)

// ConsoleSocket is where a terminal joins the running box, in its data folder.
const ConsoleSocket = "console.sock"

// consoles are the doors of text: the socket, and the serial device if any.
func (a *App) consoles() []supervise.Worker {
	c := console.New(console.Options{
		Features: a.features, Gate: a.gate, Settings: a.settings, Language: a.lang, Version: a.opt.Version, Log: a.log,
		Command: func(ctx context.Context, who id.Person, feature string, cmd core.Command) error {
			_, err := a.Command(ctx, who, feature, cmd)
			return err
		},
		Papers:  a.paper,
		Sockets: a.socketNames, Secret: a.secrets.Get, Tell: a.tell,
		Lab: a.consoleLab(), Updates: a.updates, Network: a.network.machine,
		Cut: a.consoleCut, Mended: func() { a.alarms.clear("console-cut") },
		Word:   webui.Word,
		Folder: a.path("saved"), Box: a.box.Name + " " + a.box.Serial,
		View: func(ctx context.Context, feature, view string) (any, core.Time, error) {
			p, err := a.View(ctx, feature, view)
			return p.Data, p.At, err
		},
	})
	list := []supervise.Worker{c.Socket(a.path(ConsoleSocket))}
	for _, d := range a.opt.Consoles {
		list = append(list, c.Device(d))
	}
	return list
}

// consoleCut tells who stands elsewhere that somebody's changes did not arrive.
func (a *App) consoleCut(who id.Person, lines int) {
	if lines > 0 {
		a.alarms.raise("console-cut", "minor", "alarm.console-cut.paste", string(who), fmt.Sprint(lines))
		return
	}
	a.alarms.raise("console-cut", "minor", "alarm.console-cut.changes", string(who))
}

func (a *App) socketNames() []string {
	var names []string
	for _, p := range a.box.Ports() {
		names = append(names, p.Name())
	}
	return names
}
