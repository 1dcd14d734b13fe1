package settings

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"centralita/firmware/id"
)

// revisionsMax is how many revisions a folder keeps.
const revisionsMax = 50

// noteMax bounds a commit's note, in bytes.
const noteMax = 200

// Revision is one committed document.
type Revision struct {
	Rev  uint64    `json:"rev"`
	Wall int64     `json:"wall"` // Unix ms
	Who  id.Person `json:"who"`
	Note string    `json:"note"`
}

// Options of Open.
type Options struct {
	Dir     string
	Secrets Secrets
	// First is the tree of revision 1 where the folder holds none; nil is Default("ES").
	First *Tree
	// Told hears every commit after it is safe on disk, one at a time, in order.
	Told func(r Revision, doc []byte)
	// Now is the wall clock; nil is time.Now.
	Now func() time.Time
}

// Repo keeps the revisions of one box on disk and the one candidate that doors
// edit. All methods may be called from any goroutine.
type Repo struct {
	opt Options

	// commit guards the order of commits, and mu what readers see; commit is taken first.
	commit sync.Mutex
	mu     sync.Mutex
	now    kept  // the current revision
	cand   *Tree // nil: none, the current tree
	damage error
	faults Problems

	over  time.Time     // when the trial ends, by the clock that nobody sets; zero is not known yet
	moved chan struct{} // 1: a trial began or ended, for Serve
}

// kept is one revision with its document.
type kept struct {
	Revision
	tree   *Tree
	beyond Beyond // what the document has that the tree has not
	doc    []byte
	trial  *Trial // nil: in force for good
}

// Open reads the newest readable revision, or makes the first one. An error means
// that the folder cannot be used at all; files found damaged are told by Damage.
func Open(opt Options) (*Repo, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.First == nil {
		opt.First = Default("ES")
	}
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	r := &Repo{opt: opt, moved: make(chan struct{}, 1)}
	revs, err := list(opt.Dir)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	var damaged []error
	for _, rev := range slices.Backward(revs) {
		k, err := read(opt.Dir, rev)
		if err == nil {
			r.faults = k.tree.Validate().Faults()
			k.Rev = revs[len(revs)-1] // the next commit goes above every file there is
			r.now, r.damage = k, errors.Join(damaged...)
			return r, r.resume()
		}
		damaged = append(damaged, err)
	}
	r.damage = errors.Join(damaged...)
	if len(revs) > 0 {
		r.now.Rev = revs[len(revs)-1]
	}
	if _, err := r.write(opt.First.Clone(), nil, "", "", nil); err != nil { // nobody else has r yet
		return nil, err
	}
	return r, nil
}

// Damage says which newer revisions could not be read at Open; nil is none. It is
// raised as an alarm: the box takes calls, but perhaps not as its owner meant.
func (r *Repo) Damage() error { return r.damage }

// Faults are what this version found wrong at Open in the revision it runs on, which
// another version committed: the box does without what it names.
func (r *Repo) Faults() Problems { return r.faults }

// Beyond is what the revision in force has that this version does not know.
func (r *Repo) Beyond() Beyond {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now.beyond
}

// Current is the revision in force. The tree and document are shared: read only.
func (r *Repo) Current() (Revision, *Tree, []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now.Revision, r.now.tree, r.now.doc
}

// Candidate is a copy of what is being edited, and whether it differs.
func (r *Repo) Candidate() (t *Tree, changed bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cand == nil {
		return r.now.tree.Clone(), false
	}
	return r.cand.Clone(), len(Compare(r.now.tree, r.cand)) > 0
}

// SetCandidate replaces the candidate; it may still be wrong, which the answer
// says.
func (r *Repo) SetCandidate(t *Tree) Problems {
	t = t.Clone()
	r.mu.Lock()
	if r.cand != nil {
		keepPasswords(r.cand, t)
	}
	r.cand = t
	r.mu.Unlock()
	return t.Validate() // nobody changes a tree once it is the candidate
}

// Edit changes the candidate in one step, so that two doors lose no word.
func (r *Repo) Edit(change func(t *Tree) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	from := r.cand
	if from == nil {
		from = r.now.tree
	}
	t := from.Clone()
	if err := change(t); err != nil {
		return err
	}
	r.cand = t
	return nil
}

// Discard forgets the candidate.
func (r *Repo) Discard() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cand = nil
}

// Compare lists what a commit would change.
func (r *Repo) Compare() []Change {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cand == nil {
		return []Change{}
	}
	return Compare(r.now.tree, r.cand)
}

// ErrNothing is the answer to a commit without a change.
var ErrNothing = errors.New("settings: nothing changed")

// Commit makes the candidate the revision in force: checked whole, passwords
// moved away, safe on disk, then told. Problems is the error of a wrong one. Where
// nothing changed, it confirms a revision on trial.
func (r *Repo) Commit(who id.Person, note string) (Revision, error) {
	r.commit.Lock()
	defer r.commit.Unlock()
	t, changed := r.Candidate()
	switch {
	case changed:
		return r.write(t, r.now.beyond, who, note, nil)
	case r.now.trial != nil:
		return r.confirm()
	}
	return Revision{}, ErrNothing
}

// Rollback commits an older revision again, as a new one.
func (r *Repo) Rollback(rev uint64, who id.Person, note string) (Revision, error) {
	r.commit.Lock()
	defer r.commit.Unlock()
	k, err := read(r.opt.Dir, rev)
	if err != nil {
		return Revision{}, err
	}
	return r.write(k.tree, k.beyond, who, note, nil)
}

// At reads one kept revision.
func (r *Repo) At(rev uint64) (*Tree, error) {
	k, err := read(r.opt.Dir, rev)
	return k.tree, err
}

// PutSecret keeps a word under a name; it can be used by commits after it.
func (r *Repo) PutSecret(name, value string) error {
	if !secretForm.MatchString(name) || r.opt.Secrets == nil {
		return Problems{problem("name", clip(name), "secret-name")}
	}
	if value == "" || len(value) > 128 {
		return Problems{problem("value", "", "too-long", "128")}
	}
	return r.opt.Secrets.Put(name, value)
}

// Revisions lists what is kept and readable, newest first.
func (r *Repo) Revisions() []Revision {
	revs, _ := list(r.opt.Dir) // an unreadable folder shows as an empty list; commits say why
	out := make([]Revision, 0, len(revs))
	for _, rev := range slices.Backward(revs) {
		if k, err := read(r.opt.Dir, rev); err == nil {
			out = append(out, k.Revision)
		}
	}
	return out
}

// write makes t the next revision, on trial or for good; commit is held.
func (r *Repo) write(t *Tree, beyond Beyond, who id.Person, note string, trial *Trial) (Revision, error) {
	if faults := t.Validate().Faults(); len(faults) > 0 {
		return Revision{}, faults
	}
	suffix := ""
	if trial != nil {
		suffix = fmt.Sprintf(".%d", r.now.Rev+1) // the words of the revision before stay for its return
	}
	if err := moveSecrets(t, r.opt.Secrets, suffix); err != nil {
		return Revision{}, fmt.Errorf("settings: %w", err)
	}
	if len(note) > noteMax {
		note = clip(note)
	}
	k := kept{tree: t, doc: t.MarshalWith(beyond), trial: trial}
	if len(beyond) > 0 { // less what went with a group that was taken away
		var err error
		if _, k.beyond, err = ParseCommitted(k.doc); err != nil {
			return Revision{}, fmt.Errorf("settings: %w", err)
		}
	}
	k.Revision = Revision{Rev: r.now.Rev + 1, Wall: r.opt.Now().UnixMilli(), Who: who, Note: note}
	if err := save(r.opt.Dir, k); err != nil {
		return Revision{}, fmt.Errorf("settings: %w", err)
	}
	r.mu.Lock()
	r.now, r.cand, r.over = k, nil, time.Time{}
	r.mu.Unlock()
	keep := uint64(0)
	if trial != nil {
		keep = trial.Back
	}
	prune(r.opt.Dir, keep)
	r.poke()
	if r.opt.Told != nil {
		r.opt.Told(k.Revision, k.doc)
	}
	return k.Revision, nil
}
