// Command imagesounds writes the prompts and music of a folder into another one as
// A-law, half as large, for an image:
//
//	imagesounds FROM TO
//
// G.711 is what a line carries anyway. Files that are no WAV are copied.
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"centralita/firmware/media/clip"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "imagesounds FROM TO")
		os.Exit(2)
	}
	n, err := convert(os.Args[1], os.Args[2])
	if err == nil && n == 0 {
		err = errors.New("no sound there")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "imagesounds:", err)
		os.Exit(1)
	}
	fmt.Println(n, "sounds as A-law")
}

// convert returns how many sounds were written.
func convert(from, to string) (int, error) {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return 0, err
	}
	n := 0
	err = filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if filepath.Ext(path) != ".wav" {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(target, text, 0o644)
		}
		n++
		return one(path, target)
	})
	return n, err
}

func one(from, to string) error {
	c, err := clip.Load(from)
	if err != nil {
		return err
	}
	w, err := clip.Create(to, clip.ALaw, 1)
	if err != nil {
		return err
	}
	if err := errors.Join(w.Write(c.PCM()), w.Close()); err != nil {
		return err
	}
	return os.Chmod(to, 0o644)
}
