package gate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"centralita/firmware/access"
	"centralita/firmware/atomicfile"
	"centralita/firmware/id"
)

// accountsMax bounds the file: one a person of the settings and some to spare.
const accountsMax = 256

// account is one line of the file. Role is the account's own (the first owner);
// people of the settings have theirs there.
type account struct {
	Role       string `json:"role,omitempty"`
	Hash       string `json:"hash"`
	MustChange bool   `json:"must_change,omitempty"`
	Language   string `json:"language,omitempty"`
}

type accounts map[id.Person]account

// readAccounts gives none where there is no file. A file that cannot be
// understood is renamed: who holds the box in hand gets a new owner's password.
func readAccounts(name string) (a accounts, damage, err error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("gate: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, nil, fmt.Errorf("gate: %w", err)
	}
	if a, err = parseAccounts(data); err == nil {
		return a, nil, nil
	}
	damage = fmt.Errorf("gate: %s is damaged; it stays beside as %s.damaged, accounts start anew", name, filepath.Base(name))
	if err := os.Rename(name, name+".damaged"); err != nil {
		return nil, nil, fmt.Errorf("gate: %w", err)
	}
	return nil, damage, nil
}

// Export is every account as a file, with the hashes of passwords: for the encrypted
// backup of the box.
func (g *Gate) Export() ([]byte, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return json.Marshal(g.accounts)
}

// ErrAccounts is what Adopt says of a file that is none.
var ErrAccounts = errors.New("gate: these are no accounts")

// CountAccounts is how many accounts Adopt would take from the file.
func CountAccounts(data []byte) (int, error) {
	a, err := parseAccounts(data)
	return len(a), err
}

// Adopt puts the accounts of an export in the place of all there are. Everybody
// signs in again.
func (g *Gate) Adopt(data []byte) error {
	next, err := parseAccounts(data)
	if err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := next.save(g.opt.File); err != nil {
		return err
	}
	g.accounts = next
	clear(g.sessions)
	g.keep()
	return nil
}

func parseAccounts(data []byte) (a accounts, err error) {
	if json.Unmarshal(data, &a) != nil || len(a) == 0 || len(a) > accountsMax || !a.readable() {
		return nil, ErrAccounts
	}
	return a, nil
}

func (a accounts) readable() bool {
	for _, one := range a {
		if _, _, _, _, _, err := parts(one.Hash); err != nil {
			return false
		}
	}
	return true
}

// save writes the whole file or leaves the old one.
func (a accounts) save(name string) error {
	data, err := json.MarshalIndent(a, "", " ")
	if err != nil {
		return fmt.Errorf("gate: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return fmt.Errorf("gate: %w", err)
	}
	if err := atomicfile.Write(name, 0o600, append(data, '\n')); err != nil {
		return fmt.Errorf("gate: %w", err)
	}
	return nil
}

// change edits one account and saves; in memory it holds only when saved.
func (g *Gate) change(who id.Person, edit func(*account)) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	next := accounts{}
	for k, v := range g.accounts {
		next[k] = v
	}
	one := next[who]
	edit(&one)
	next[who] = one
	if len(next) > accountsMax {
		return fmt.Errorf("gate: %d accounts are the most", accountsMax)
	}
	if err := next.save(g.opt.File); err != nil {
		return err
	}
	g.accounts = next
	return nil
}

func checkPassword(p string) error {
	switch {
	case utf8.RuneCountInString(p) < PasswordMin:
		return ErrShort
	case len(p) > PasswordMax:
		return ErrLong
	}
	return nil
}

// Confirm asks a signed-in person for the password again, before what cannot be
// undone: nil, ErrWrong or *Limited.
func (g *Gate) Confirm(ctx context.Context, s Session, password string) error {
	if wait := g.try(s.Person, s.From); wait > 0 {
		return &Limited{wait}
	}
	g.mu.Lock()
	h := g.accounts[s.Person].Hash
	g.mu.Unlock()
	if ok, err := g.verify(ctx, h, password); err != nil {
		return err
	} else if !ok {
		return ErrWrong
	}
	return nil
}

// ChangePassword is the person's own; the other sessions of the person end.
func (g *Gate) ChangePassword(ctx context.Context, s Session, old, next string) error {
	if err := g.Confirm(ctx, s, old); err != nil {
		return err
	}
	if old == next {
		return ErrSame
	}
	return g.setPassword(ctx, s.Person, next, false, s)
}

// GivePassword sets the password of another, who must change it at the next
// sign-in. The person must be of the settings or have an account.
func (g *Gate) GivePassword(ctx context.Context, who id.Person, next string) error {
	if _, ok := g.Role(who); !ok {
		return ErrUnknown
	}
	return g.setPassword(ctx, who, next, true, Session{})
}

func (g *Gate) setPassword(ctx context.Context, who id.Person, next string, must bool, keep Session) error {
	if err := checkPassword(next); err != nil {
		return err
	}
	if err := g.turn(ctx); err != nil {
		return err
	}
	h := hash(next)
	<-g.hashing
	if err := g.change(who, func(a *account) { a.Hash, a.MustChange = h, must }); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for k, o := range g.sessions {
		if o.Person == who && k != keep.key {
			delete(g.sessions, k)
		}
	}
	g.keep()
	g.brake.forget("from " + bounded(keep.From))
	g.brake.forget("who " + bounded(string(who)))
	return nil
}

// SetLanguage remembers the tongue of a person.
func (g *Gate) SetLanguage(s Session, language string) error {
	if !slices.Contains([]string{"es", "it", "en"}, language) {
		return ErrLanguage
	}
	return g.change(s.Person, func(a *account) { a.Language = language })
}

// Role is the role of a person of the accounts or the settings.
func (g *Gate) Role(who id.Person) (access.Role, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s, ok := g.profile(who); ok {
		return s.Role, true
	}
	if g.opt.People != nil {
		if p, ok := g.opt.People(who); ok {
			return p.Role, true
		}
	}
	return access.Nobody, false
}

// Accounts lists who has a password.
func (g *Gate) Accounts() []id.Person {
	g.mu.Lock()
	defer g.mu.Unlock()
	var names []id.Person
	for n := range g.accounts {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
