// Package update brings a new version into the box: it takes a signed bundle from the
// page or a USB stick, has it checked and written beside the running version, starts
// the box anew when nobody talks, and calls the new version good only when the box
// has proved that it works.
//
// firmware/app serves the Keeper and gives it the world; firmware/api and
// firmware/console are its doors. Which slot starts, and the way back after three
// starts that were not called good, are the boot script's; what a bundle is signed
// with, and the writing, are the installer's (RAUC). The package trusts neither a
// bundle's words nor their length, and raises no alarm itself: it tells.
//
//	idle ─► receiving ─► checking ─► checked ─► writing ─► waiting ─► restarting
//	                                                                       │
//	idle ◄── good, or told that the box fell back ◄── trial ◄── a new start ┘
package update

import (
	"context"
	"fmt"
	"strings"
)

// Phase is where an update is.
type Phase string

// Phases.
const (
	Idle       Phase = "idle"
	Receiving  Phase = "receiving"
	Checking   Phase = "checking"
	Checked    Phase = "checked" // fit for this box; waits for a person
	Writing    Phase = "writing"
	Waiting    Phase = "waiting"    // written; for calls to end
	Restarting Phase = "restarting" // asked for
	Trial      Phase = "trial"      // the new version runs and is not called good yet
)

// Bounds.
const (
	BundleMax = 128 << 20 // bytes, as the installer's own
	nameMax   = 100       // characters of a version, a board, a file
	sticksMax = 16
)

// Bundle is what a file says it is, once its signature was found good.
type Bundle struct {
	Version    string `json:"version"`
	Compatible string `json:"compatible" doc:"the board it is for"`
	Oldest     string `json:"oldest" doc:"the oldest version that may follow it; empty is any"`
	Size       int64  `json:"size"`
	Older      bool   `json:"older" doc:"it is older than the version that runs"`
}

// Status is what the installer says of the box.
type Status struct {
	Compatible string
	Booted     string // the slot that runs
}

// Installer checks bundles and writes them. Every method returns when ctx ends.
type Installer interface {
	Status(ctx context.Context) (Status, error)
	// Info checks the signature of a file; a *Refusal says why it is none of ours.
	Info(ctx context.Context, file string) (Bundle, error)
	// Install checks again and writes the slot that does not run, which starts next.
	Install(ctx context.Context, file string, percent func(int)) error
	// MarkGood keeps the running slot.
	MarkGood(ctx context.Context) error
	// Stay lets the running slot start next, too.
	Stay(ctx context.Context) error
}

// Results of an update.
const (
	Good        = "good"
	FellBack    = "fell-back"
	Failed      = "failed"      // it could not be written
	Interrupted = "interrupted" // the box ended while it was written
)

// Why a version was left.
const (
	NoStart = "start"  // the program of the new version never ran
	NotWell = "health" // it ran; Detail is what did not answer
	Unknown = "unconfirmed"
)

// Outcome is how an update ended.
type Outcome struct {
	Version string `json:"version"`
	From    string `json:"from" doc:"the version before"`
	Result  string `json:"result" doc:"good, fell-back, failed or interrupted"`
	Why     string `json:"why"`
	Detail  string `json:"detail"`
	Who     string `json:"who"`
	At      int64  `json:"at" doc:"Unix ms"`
}

// Key of the sentence, which takes version, version before and detail.
func (o *Outcome) Key() string {
	switch o.Result {
	case FellBack:
		return "update.fell-back." + o.Why
	case Failed:
		return refuse(o.Why).Key()
	}
	return "update." + o.Result
}

// Refusal is a no for people; Code is a word of the catalogue below refused.update-.
type Refusal struct {
	Code string   `json:"code"`
	Args []string `json:"args"`
}

func (r *Refusal) Error() string { return "update: " + r.Code + " " + strings.Join(r.Args, " ") }

// Key of the sentence.
func (r *Refusal) Key() string { return "refused." + "update-" + r.Code }

// Is lets errors.Is compare codes.
func (r *Refusal) Is(other error) bool {
	o, ok := other.(*Refusal)
	return ok && o.Code == r.Code
}

func refuse(code string, args ...string) *Refusal { return &Refusal{Code: code, Args: args} }

// Refusals without arguments.
var (
	ErrNone      = refuse("none")      // this box is not updated by bundles
	ErrBusy      = refuse("busy")      // another update is under way
	ErrNothing   = refuse("nothing")   // there is nothing to do it with
	ErrDamaged   = refuse("damaged")   // not whole, or no bundle at all
	ErrSignature = refuse("signature") // not signed by who may
	ErrStick     = refuse("stick")     // no such file on the stick
	ErrWrite     = refuse("write")     // the installer failed
	ErrRestart   = refuse("restart")   // the system did not take the wish
	errLarge     = refuse("large", fmt.Sprint(BundleMax>>20))
)

// State is a picture of it all.
type State struct {
	Offered  bool     `json:"offered" doc:"this box is updated by bundles"`
	Phase    Phase    `json:"phase"`
	Version  string   `json:"version" doc:"that runs"`
	Board    string   `json:"board" doc:"that bundles must be for"`
	Slot     string   `json:"slot"`
	Oldest   string   `json:"oldest" doc:"the oldest version that is taken; empty is any"`
	Received int64    `json:"received" doc:"bytes"`
	Size     int64    `json:"size" doc:"of the file; 0 not known"`
	Percent  int      `json:"percent" doc:"of the writing"`
	Calls    int      `json:"calls" doc:"that are waited for"`
	Bundle   *Bundle  `json:"bundle"`
	Problem  *Refusal `json:"problem" doc:"why the last step failed"`
	Last     *Outcome `json:"last" doc:"how the last update ended"`
	Sticks   []string `json:"sticks" doc:"bundles on the USB stick"`
}
