package kernelside

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/gpio"
)

// Where the kernel's GPIO simulator is set up and its lines are moved.
const (
	configFolder = "/sys/kernel/config"
	chipFolder   = configFolder + "/gpio-sim/centralita"
	bankFolder   = chipFolder + "/bank0"
	deviceFolder = "/sys/devices/platform"
)

// wire is a pin of the hardware and the line that the kernel shows for it.
type wire struct {
	gpio.PinIO
	at *os.File // its value, or its pull
}

// lines are a simulated GPIO chip with the hardware's wires by their names.
type lines struct {
	mu     sync.Mutex
	driven []wire // by the program
	high   []bool // as they were seen last
	seen   []wire // by the program
}

// newLines makes the chip, or takes the one up that an earlier run left.
func newLines(driven, seen []gpio.PinIO) (*lines, error) {
	all := append(append([]gpio.PinIO(nil), driven...), seen...)
	if err := plugChip(all); err != nil {
		return nil, fmt.Errorf("gpio-sim: %w", err)
	}
	device, err := attribute(chipFolder + "/dev_name")
	if err != nil {
		return nil, err
	}
	chip, err := attribute(bankFolder + "/chip_name")
	if err != nil {
		return nil, err
	}
	l := &lines{high: make([]bool, len(driven))}
	for i, pin := range all {
		folder := filepath.Join(deviceFolder, device, chip, fmt.Sprintf("sim_gpio%d", i))
		name, flag, list := "value", os.O_RDONLY, &l.driven
		if i >= len(driven) {
			name, flag, list = "pull", os.O_RDWR, &l.seen
		}
		f, err := os.OpenFile(filepath.Join(folder, name), flag, 0)
		if err != nil {
			return nil, err
		}
		*list = append(*list, wire{pin, f})
	}
	for _, w := range l.driven {
		if err := w.Out(gpio.Low); err != nil { // as the pull-downs at resets hold them
			return nil, err
		}
	}
	return l, nil
}

// plugChip makes the chip through configfs.
func plugChip(pins []gpio.PinIO) error {
	if _, err := os.Stat(bankFolder); err == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(chipFolder)); err != nil {
		if err := unix.Mount("none", configFolder, "configfs", 0, ""); err != nil && !errors.Is(err, unix.EBUSY) {
			return fmt.Errorf("configfs: %w", err)
		}
	}
	for _, folder := range []string{chipFolder, bankFolder} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
	}
	settings := [][2]string{{bankFolder + "/label", "centralita"}, {bankFolder + "/num_lines", fmt.Sprint(len(pins))}}
	for i, pin := range pins {
		folder := fmt.Sprintf("%s/line%d", bankFolder, i)
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
		settings = append(settings, [2]string{folder + "/name", pin.Name()})
	}
	for _, s := range append(settings, [2]string{chipFolder + "/live", "1"}) {
		if err := os.WriteFile(s[0], []byte(s[1]), 0); err != nil {
			return err
		}
	}
	return nil
}

func attribute(name string) (string, error) {
	b, err := os.ReadFile(name)
	return strings.TrimSpace(string(b)), err
}

// look carries over to the hardware what the program drives.
func (l *lines) look() {
	l.mu.Lock()
	defer l.mu.Unlock()
	var text [2]byte
	for i, w := range l.driven {
		if n, err := w.at.ReadAt(text[:], 0); n == 0 && err != nil {
			continue // what cannot be read has not changed
		}
		if high := text[0] == '1'; high != l.high[i] {
			l.high[i] = high
			_ = w.Out(gpio.Level(high)) // a wire in memory
		}
	}
}

// glance is how long a wire is waited for before its level is looked at all the same.
const glance = 100 * time.Millisecond

// show carries over to the kernel what the hardware does to the wires that a program
// sees, until ctx ends.
func (l *lines) show(ctx context.Context) error {
	failed := make(chan error, len(l.seen))
	var all sync.WaitGroup
	defer all.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for _, w := range l.seen {
		all.Go(func() {
			if err := w.show(ctx); err != nil {
				failed <- err
			}
		})
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (w wire) show(ctx context.Context) error {
	if err := w.In(gpio.PullUp, gpio.BothEdges); err != nil {
		return err
	}
	for first, was := true, gpio.Low; ctx.Err() == nil; first = false {
		if now := w.Read(); first || now != was || now == gpio.Low && w.up() {
			was = now
			pull := "pull-down"
			if now {
				pull = "pull-up"
			}
			if _, err := w.at.WriteAt([]byte(pull), 0); err != nil {
				return fmt.Errorf("gpio-sim: %s: %w", w.Name(), err)
			}
		}
		w.WaitForEdge(glance)
	}
	return nil
}

// up tells that the simulator pulls the wire up. It does so by itself when a program
// asks for the line with a pull-up; a contact to ground is stronger than that.
func (w wire) up() bool {
	var text [len("pull-up")]byte
	n, _ := w.at.ReadAt(text[:], 0)
	return string(text[:n]) == "pull-up"
}
