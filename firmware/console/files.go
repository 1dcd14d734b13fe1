package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"centralita/firmware/atomicfile"
)

// filesMax is how many files people may keep on the box, each of loadMax at most.
const filesMax = 50

var fileForm = regexp.MustCompile(`^[\pL\pN][\pL\pN._-]{0,39}$`)

const fileEnd = ".yaml"

// folder is the place of saved files, and nothing outside of it.
func (s *session) folder() (*os.Root, error) {
	if s.Folder == "" {
		return nil, fs.ErrNotExist
	}
	if err := os.MkdirAll(s.Folder, 0o700); err != nil {
		return nil, err
	}
	return os.OpenRoot(s.Folder)
}

// save keeps the settings as a file: those in force, or what is edited. Passwords
// are not in it.
func (s *session) save(_ context.Context, args []string) error {
	if len(args) != 1 {
		return sentence{"console.missing", []string{"name", "<name>"}}
	}
	name := strings.TrimSuffix(args[0], fileEnd)
	if !fileForm.MatchString(name) {
		return sentence{"console.file-name", []string{printable(args[0])}}
	}
	root, err := s.folder()
	if err != nil {
		return err
	}
	defer root.Close()
	names, err := kept(root)
	if err != nil {
		return err
	}
	if _, err := root.Stat(name + fileEnd); errors.Is(err, fs.ErrNotExist) && len(names) >= filesMax {
		return sentence{"console.files-full", []string{fmt.Sprint(len(names))}}
	}
	if err := atomicfile.WriteIn(root, name+fileEnd, 0o600, strings.NewReader(s.text(false))); err != nil {
		return err
	}
	s.say("console.saved", name)
	return nil
}

func (s *session) open(name string) ([]byte, error) {
	root, err := s.folder()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	name = strings.TrimSuffix(name, fileEnd)
	f, err := root.Open(name + fileEnd)
	if err != nil || !fileForm.MatchString(name) {
		return nil, sentence{"console.file-missing", []string{printable(name)}}
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, loadMax+1))
}

func (s *session) forget(_ context.Context, args []string) error {
	if len(args) != 1 {
		return sentence{"console.missing", []string{"name", "<name>"}}
	}
	root, err := s.folder()
	if err != nil {
		return err
	}
	defer root.Close()
	name := strings.TrimSuffix(args[0], fileEnd)
	if !fileForm.MatchString(name) || root.Remove(name+fileEnd) != nil {
		return sentence{"console.file-missing", []string{printable(name)}}
	}
	s.say("console.done")
	return nil
}

func (s *session) files(context.Context, []string) error {
	names, err := s.names()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		s.print("-")
		return nil
	}
	s.print(strings.Join(names, "\n"))
	return nil
}

func (s *session) names() ([]string, error) {
	root, err := s.folder()
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return kept(root)
}

// kept lists the files without their ends, in order.
func kept(root *os.Root) ([]string, error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), fileEnd); ok {
			names = append(names, name)
		}
	}
	return names, nil
}

func (s *session) nextFile(args []string) ([]string, string) {
	if len(args) > 0 {
		return nil, ""
	}
	names, err := s.names()
	if err != nil {
		return nil, "name"
	}
	return names, "name"
}
