package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that was started for the measurement.
type process struct {
	cmd     *exec.Cmd
	address string
	// started is how long it took to the first answer.
	started time.Duration
}

// start starts a server on a free port of the loopback and waits for its first
// answer to the path. %ADDRESS% in the arguments becomes the address. What the
// server writes goes to a file, as in production.
func start(ctx context.Context, log, path string, name string, args ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	out, err := os.Create(log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "%ADDRESS%", address)
	}
	p := &process{cmd: exec.CommandContext(ctx, name, args...), address: address}
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 15 * time.Second
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begin) < 5*time.Minute && ctx.Err() == nil {
		if _, err := (load{address: address, requests: [][]byte{request(path)}, status: 200, clients: 1, last: time.Minute, most: 1}).run(ctx); err == nil {
			p.started = time.Since(begin)
			return p, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.stop()
	return nil, fmt.Errorf("%s does not answer; see %s", filepath.Base(name), log)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	_ = p.cmd.Wait()
}

// tick is the unit of the times in /proc: USER_HZ is 100 on Linux.
const tick = 10 * time.Millisecond

// cpu is the time that a process and all below it used, the ended ones included.
func cpu(pid int) time.Duration {
	total := own(pid)
	for _, child := range children(pid) {
		total += cpu(child)
	}
	return total
}

// own is the CPU time of one process and of its ended children (proc(5)).
func own(pid int) time.Duration {
	fields := stat(pid)
	if len(fields) < 15 {
		return 0
	}
	ticks := 0
	for _, f := range fields[11:15] { // utime, stime, cutime, cstime
		n, _ := strconv.Atoi(f)
		ticks += n
	}
	return time.Duration(ticks) * tick
}

// stat is /proc/PID/stat from the third field on.
func stat(pid int) []string {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	return strings.Fields(rest)
}

func children(pid int) []int {
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	var out []int
	for _, t := range tasks {
		b, _ := os.ReadFile(t)
		for _, f := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(f); err == nil {
				out = append(out, n)
			}
		}
	}
	return out
}

// machine is the CPU time that the whole machine used.
func machine() time.Duration {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	ticks := 0
	for i, f := range strings.Fields(line)[1:] {
		if n, _ := strconv.Atoi(f); i != 3 && i != 4 && i < 8 { // without idle and iowait
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// memory is a field of /proc/PID/status in MiB: VmRSS now, VmHWM the peak.
func (p *process) memory(name string) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kib, _ := strconv.ParseFloat(strings.Fields(value)[0], 64)
			return kib / 1024
		}
	}
	return 0
}

// idle waits until the server has nothing left to do: after its start Zielstand
// makes common answers and files.
func (p *process) idle(ctx context.Context) error {
	const interval = 2 * time.Second
	for before := time.Duration(0); ; {
		now := own(p.cmd.Process.Pid)
		if before > 0 && now-before < interval/10 {
			return nil
		}
		before = max(now, 1)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(interval):
		}
	}
}

// forget resets VmHWM to the memory of now (proc(5), clear_refs).
func (p *process) forget() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}
