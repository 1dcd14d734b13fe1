package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"centralita/firmware/media"
	"centralita/firmware/media/vad"
)

// runVAD prints of every 10 ms of files whether they are voice, 1, or not, 0; with
// -o it writes them to a file of the same name and .txt in that directory.
func runVAD(args []string, out io.Writer) error {
	f := flag.NewFlagSet("vad", flag.ContinueOnError)
	dir := f.String("o", "", "")
	files, err := parse(f, args, 1, -1)
	if err != nil {
		return err
	}
	if *dir == "" {
		return each(files, out, func(_ string, pcm []int16, w *bufio.Writer) { fmt.Fprintln(w, voice(pcm)) })
	}
	var bad []error
	for _, name := range files {
		bad = append(bad, keepVoice(*dir, name))
	}
	return errors.Join(bad...)
}

func keepVoice(dir, name string) error {
	pcm, err := load(name)
	if err != nil {
		return err
	}
	base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	return os.WriteFile(filepath.Join(dir, base+".txt"), []byte(voice(pcm)+"\n"), 0o666)
}

// voice is a digit for every 10 ms, decided late: a file can wait.
func voice(pcm []int16) string {
	m := vad.NewMarker()
	digits := make([]byte, 0, len(pcm)/frame+1)
	put := func(voice bool) {
		if voice {
			digits = append(digits, '1')
		} else {
			digits = append(digits, '0')
		}
	}
	ticks(pcm, func(f *[media.Narrow]int16, _ int) {
		if voice, ok := m.Frame(f); ok {
			put(voice)
		}
	})
	for _, voice := range m.Rest() {
		put(voice)
	}
	return string(digits)
}
