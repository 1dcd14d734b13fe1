// Command elfneeds prints the files that programs of another machine need to start:
// themselves, their loader, their shared libraries, and every link on the way.
//
//	elfneeds ROOT FILE...
//
// scripts/qemu-image copies what it prints from unpacked packages into an image. It
// runs nothing of ROOT.
package main

import (
	"debug/elf"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// folders are where the loader of Debian's armhf looks.
var folders = []string{"lib/arm-linux-gnueabihf", "usr/lib/arm-linux-gnueabihf", "lib", "usr/lib"}

// linksMost bounds the links that lead to one file.
const linksMost = 8

type search struct {
	root string
	seen map[string]bool
	todo []string
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "elfneeds ROOT FILE...")
		os.Exit(2)
	}
	files, err := closure(os.Args[1], os.Args[2:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "elfneeds:", err)
		os.Exit(1)
	}
	for _, f := range files {
		fmt.Println(f)
	}
}

// closure is every file that those named need, in order of name, without root.
func closure(root string, names []string) ([]string, error) {
	s := &search{root: root, seen: map[string]bool{}, todo: names}
	for len(s.todo) > 0 {
		next := s.todo[len(s.todo)-1]
		s.todo = s.todo[:len(s.todo)-1]
		if err := s.file(path.Clean(strings.TrimPrefix(next, "/"))); err != nil {
			return nil, err
		}
	}
	list := make([]string, 0, len(s.seen))
	for f := range s.seen {
		list = append(list, f)
	}
	slices.Sort(list)
	return list, nil
}

// file takes one file and what it points to or names.
func (s *search) file(name string) error {
	for range linksMost {
		if s.seen[name] {
			return nil
		}
		s.seen[name] = true
		info, err := os.Lstat(filepath.Join(s.root, name))
		if err != nil {
			return err
		}
		if info.Mode()&os.ModeSymlink == 0 {
			return s.needs(name)
		}
		to, err := os.Readlink(filepath.Join(s.root, name))
		if err != nil {
			return err
		}
		if path.IsAbs(to) {
			name = strings.TrimPrefix(path.Clean(to), "/")
		} else {
			name = path.Join(path.Dir(name), to)
		}
	}
	return fmt.Errorf("%s: more than %d links", name, linksMost)
}

// needs asks the file for its loader and libraries; a script needs none.
func (s *search) needs(name string) error {
	f, err := elf.Open(filepath.Join(s.root, name))
	if err != nil {
		if _, isFormat := err.(*elf.FormatError); isFormat || err == io.EOF {
			return nil
		}
		return err
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, l := range libraries {
		found, err := s.library(l)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.todo = append(s.todo, found)
	}
	for _, p := range f.Progs {
		if p.Type != elf.PT_INTERP {
			continue
		}
		loader, err := io.ReadAll(p.Open())
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		s.todo = append(s.todo, strings.TrimRight(string(loader), "\x00"))
	}
	return nil
}

func (s *search) library(name string) (string, error) {
	for _, dir := range folders {
		if _, err := os.Lstat(filepath.Join(s.root, dir, name)); err == nil {
			return path.Join(dir, name), nil
		}
	}
	return "", fmt.Errorf("library %s is in none of %v", name, folders)
}
