package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	"centralita/firmware/access/gate"
	"centralita/firmware/changeover"
	"centralita/firmware/console"
	"centralita/firmware/core"
	"centralita/firmware/db"
	"centralita/firmware/event"
	"centralita/firmware/feature"
	"centralita/firmware/heartbeat"
	"centralita/firmware/journal"
	"centralita/firmware/leg/analog"
	"centralita/firmware/leg/fork"
	"centralita/firmware/leg/sip"
	"centralita/firmware/leg/web"
	"centralita/firmware/logtail"
	"centralita/firmware/media"
	"centralita/firmware/recorder"
	"centralita/firmware/settings"
	"centralita/firmware/store"
	"centralita/firmware/supervise"
	"centralita/firmware/support"
	"centralita/firmware/switchboard"
	"centralita/firmware/trust"
	"centralita/firmware/update"
	"centralita/hal"
)

// Options say which box to put together and where.
type Options struct {
	Version  string
	Board    string // "sim", or a real one: "rev1"
	Data     string // folder of everything that lasts
	HTTP     string // host:port of the web page; port 0 is any free one
	HTTPS    string // host:port of the web page by TLS, "" none
	SIP      string // host:port of phones and providers, UDP and TCP
	WebRTC   string // host:port, UDP, of browsers’ sound; "" a usual one
	RTPFirst int    // first and last UDP port of sound
	RTPLast  int
	Settings string          // file to begin with, and to load again when it changed; "" keeps what is in Data
	Sounds   string          // folder of prompts and music
	Consoles []console.Place // serial devices of the console
	USB      string          // folder where a USB stick appears
	Hand     string          // pipe that takes the system's errands
	Network  string          // file that the machine's network is set by, "" it is not ours to set
	Log      *slog.Logger
	Out      io.Writer // where the ready line and the one-time password are printed
}

// App is one box.
type App struct {
	opt Options
	log *slog.Logger

	logged *support.Log  // its last lines
	tail   *logtail.Tail // the same, whole, for a console

	lock     *os.File
	store    *store.Store
	secrets  *store.Secrets
	settings *settings.Repo
	gate     *gate.Gate
	oneTime  string
	journal  *journal.Journal
	recovery journal.Recovery
	db       *db.DB
	recorder *recorder.Recorder

	core     *core.Core
	features []feature.Feature
	known    uint64 // settings revision in the journal
	pending  recorder.Pending
	early    []event.Event // found before the loop was there

	box         *box
	bank        *analog.Bank
	engine      *media.Engine
	sip         *sip.Endpoint
	browsers    *web.Endpoint
	forks       *fork.Forks // a station's telephone and its page ring together
	reach       reach
	sounds      *switchboard.Sounds
	switchboard *switchboard.Switchboard
	alarms      *alarms
	lifeline    *changeover.Keeper // nil without one
	heart       *heartbeat.Heart
	proof       proof
	updates     *update.Keeper
	network     *network
	cables      func() []string // networks without a far end
	loop        loopWord
	notes       notes

	web          net.Listener
	server       *http.Server
	trust        *trust.Keeper
	secure       net.Listener // nil without HTTPS
	secureServer *http.Server
	language     atomic.Pointer[string]
	began        time.Time

	anew  context.Context    // ended: the program should begin anew
	again context.CancelFunc // ends it
}

// New opens what is on disk and all sockets, and puts the box together; nothing
// runs before Serve. Errors name the thing, the place and the remedy.
func New(o Options) (*App, error) {
	logged, tail := new(support.Log), new(logtail.Tail)
	o.Log = logged.Over(tail.Over(o.Log))
	a := &App{opt: o, log: o.Log, logged: logged, tail: tail, began: time.Now(), cables: unplugged}
	a.anew, a.again = context.WithCancel(context.Background())
	for _, open := range []func() error{
		a.openClock, a.openDisk, a.openSettings, a.openTrust, a.openCore, a.openBoard, a.openSound, a.openPhones, a.openBrowsers, a.openSwitchboard, a.openLifeline, a.openHeart, a.openUpdates, a.openNetwork, a.openDoors,
	} {
		if err := open(); err != nil {
			a.close()
			return nil, err
		}
	}
	return a, nil
}

// Serve runs the box until ctx ends, then ends it in order. ErrAgain asks for a new
// start.
func (a *App) Serve(ctx context.Context) error {
	defer a.close()
	ctx, end := context.WithCancel(ctx)
	defer end()
	defer context.AfterFunc(a.anew, end)()
	o := supervise.Options{Tell: a.fell, CrashDir: a.path("crashes")}
	err := supervise.Run(ctx, o, a.stages(), func() { a.begin(ctx) })
	if err == nil { // one that fell is wanted back, by init or by the watchdog
		err = a.rest()
	}
	if err == nil && a.anew.Err() != nil {
		return ErrAgain
	}
	return err
}

// stages are in the order of starting; they end in the opposite one: doors before
// the loop, the loop before the legs, the legs before sound and journal.
func (a *App) stages() []supervise.Stage {
	hardware := make([]supervise.Worker, 0, len(a.box.Workers))
	for _, w := range a.box.Workers {
		if u, ok := w.(hal.Urgent); ok {
			hardware = append(hardware, supervise.Urgent(u.Urgency(), u))
			continue
		}
		hardware = append(hardware, w)
	}
	sound := supervise.Urgent(media.Urgency, supervise.Named("media engine", a.serveSound))
	doors := append(a.consoles(), supervise.Named("certificate", a.trust.Serve), supervise.Named("call list", a.serveFold), supervise.Named("lamps", a.serveLamps), supervise.Named("settings", a.settings.Serve),
		supervise.Named("clock", a.serveClock), a.heart, supervise.Named("health", a.serveHealth), supervise.Named("memory", a.serveMemory), a.updates, supervise.Named("network", a.network.Serve), supervise.Named("cable", a.serveCable))
	if a.lifeline != nil {
		doors = append(doors, supervise.Named("lifeline", a.serveLifeline))
	}
	return []supervise.Stage{
		{Name: "books", Vital: []supervise.Worker{supervise.Named("journal", a.journal.Serve)},
			Edge: []supervise.Worker{supervise.Named("store", a.store.Serve)}},
		{Name: "board", Edge: hardware, Patience: time.Second},
		{Name: "sound", Vital: []supervise.Worker{sound, supervise.Named("recorder", a.recorder.Serve)}, Patience: time.Second},
		{Name: "legs", Vital: []supervise.Worker{a.bank, supervise.Named("SIP", a.sip.Serve), supervise.Named("browsers", a.browsers.Serve)}, Patience: 3 * time.Second},
		{Name: "loop", Vital: []supervise.Worker{a.switchboard}, Patience: 3 * time.Second},
		{Name: "doors", Vital: a.webs(), Edge: doors},
	}
}

// fell tells of a worker that failed and was started again; a vital one ends the
// box and has no time for alarms.
func (a *App) fell(n supervise.Note) {
	a.log.Error("worker", "worker", n.Worker, "what", n.What, "err", n.Text, "stack", n.Stack)
	if n.Vital {
		return
	}
	if n.What == supervise.Resumed {
		a.alarms.clear("worker-" + n.Worker)
		return
	}
	a.alarms.raise("worker-"+n.Worker, "major", "alarm.worker-restarted", n.Worker)
}

// begin says that calls are taken, once the ports are ready.
func (a *App) begin(ctx context.Context) {
	if a.oneTime != "" {
		fmt.Fprintf(a.opt.Out, "centralita owner password: %s (sign in as owner and choose your own)\n", a.oneTime)
	}
	a.waitReady(ctx, readyWait)
	fmt.Fprintf(a.opt.Out, "centralita web page http://%s/\n", a.web.Addr())
	if a.secure != nil {
		fmt.Fprintf(a.opt.Out, "centralita web page https://%s/ (http://%s/trust tells how a device comes to trust it)\n", a.secure.Addr(), a.web.Addr())
	}
	debug.FreeOSMemory() // what the start used is given back
	fmt.Fprintln(a.opt.Out, a.readyLine())
}

// readyWait is how long the box waits for its ports; one that is broken must not
// keep the others from taking calls.
const readyWait = 1500 * time.Millisecond

func (a *App) serveSound(ctx context.Context) error {
	return a.engine.Serve(ctx, a.bank.Clock, a.clockLost)
}

func (a *App) serveFold(ctx context.Context) error {
	return db.NewFold(a.db, a.journal).Serve(ctx)
}

// close gives back what New opened.
func (a *App) close() {
	if a.web != nil {
		a.web.Close()
	}
	if a.secure != nil {
		a.secure.Close()
	}
	if a.db != nil {
		a.closed("call list", a.db.Close())
	}
	if a.journal != nil {
		a.closed("journal", a.journal.Close())
	}
	if a.store != nil {
		a.closed("store", a.store.Close())
	}
	if a.lock != nil {
		a.lock.Close()
	}
}

func (a *App) closed(what string, err error) {
	if err != nil {
		a.log.Error("closing", "what", what, "err", err)
	}
}

func (a *App) path(name string) string { return filepath.Join(a.opt.Data, name) }
