package backup

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Read opens a backup. Nothing of it is given before all of it was found whole; the
// errors are the package's own.
func Read(r io.Reader, password string) (*Content, error) {
	if err := checkPassword(password); err != nil {
		return nil, ErrPassword // it can be that of no file
	}
	key, err := age.NewScryptIdentity(password)
	if err != nil {
		return nil, ErrPassword
	}
	key.SetMaxWorkFactor(workMost)
	bounded := &counted{r: r, left: FileMax}
	clear, err := age.Decrypt(bounded, key)
	var other *age.NoIdentityMatchError
	switch {
	case errors.As(err, &other):
		return nil, ErrPassword
	case err != nil:
		return nil, ErrForeign
	}
	parts, err := unpack(clear)
	switch {
	case bounded.left < 0:
		return nil, ErrLarge
	case err != nil:
		return nil, err
	}
	return parts.content()
}

// counted reads no more than left bytes; below 0 there were more.
type counted struct {
	r    io.Reader
	left int64
}

func (c *counted) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, ErrLarge
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left+1)])
	c.left -= int64(n)
	return n, err
}

type parts map[string][]byte

// unpack reads the whole archive and what follows it, for the seal is on the end.
func unpack(r io.Reader) (parts, error) {
	p := parts{}
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || h.Typeflag != tar.TypeReg || h.Size > partMax || len(p) >= partsMax {
			return nil, ErrDamaged
		}
		body, err := io.ReadAll(t)
		if err != nil || p[h.Name] != nil {
			return nil, ErrDamaged
		}
		p[h.Name] = body
	}
	if _, err := io.Copy(io.Discard, r); err != nil {
		return nil, ErrDamaged
	}
	return p, nil
}

func (p parts) content() (*Content, error) {
	c := &Content{Settings: p[settingsPart], Accounts: p[accountsPart]}
	if err := json.Unmarshal(p[manifestPart], &c.Manifest); err != nil || c.Manifest.Format < 1 {
		return nil, ErrForeign
	}
	if c.Manifest.Format > Format {
		return nil, fmt.Errorf("%w: %s", ErrNewer, c.Manifest.Program)
	}
	if err := json.Unmarshal(p[secretsPart], &c.Secrets); err != nil || len(c.Settings) == 0 || len(c.Accounts) == 0 {
		return nil, ErrDamaged
	}
	return c, nil
}
