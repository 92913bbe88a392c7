// SPDX-License-Identifier: EUPL-1.2

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

// process is a server that is measured.
type process struct {
	cmd     *exec.Cmd
	address string
	// startup is the time from the start to the first answer.
	startup time.Duration
}

// start runs a server on a free port of the loopback interface and waits until it
// answers a request for the path. %ADDRESS% in the arguments is replaced by the address.
// The server's output goes to a file, as in production.
func start(ctx context.Context, log, path, name string, args ...string) (*process, error) {
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
	started := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(started) < 5*time.Minute && ctx.Err() == nil {
		if _, err := (load{address: address, requests: [][]byte{request(path)}, status: 200, clients: 1, duration: time.Minute, maxRequests: 1}).run(ctx); err == nil {
			p.startup = time.Since(started)
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

// tick is the unit of times in /proc: USER_HZ is 100 on Linux.
const tick = 10 * time.Millisecond

// treeCPU returns the CPU time of a process and its descendants, including those that
// have ended.
func treeCPU(pid int) time.Duration {
	total := processCPU(pid)
	for _, child := range children(pid) {
		total += treeCPU(child)
	}
	return total
}

// processCPU returns the CPU time of a process and its ended children (proc(5)).
func processCPU(pid int) time.Duration {
	fields := procStat(pid)
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

// procStat returns the fields of /proc/PID/stat from the third on.
func procStat(pid int) []string {
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

// machineCPU returns the CPU time used on the whole machine.
func machineCPU() time.Duration {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	ticks := 0
	for i, f := range strings.Fields(line)[1:] {
		if n, _ := strconv.Atoi(f); i != 3 && i != 4 && i < 8 { // neither idle nor iowait
			ticks += n
		}
	}
	return time.Duration(ticks) * tick
}

// memory returns a field of /proc/PID/status in MiB: VmRSS is the current memory, VmHWM
// the peak.
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

// waitIdle waits until the server has no work left: after it starts, Zielstand builds
// common answers and files.
func (p *process) waitIdle(ctx context.Context) error {
	const interval = 2 * time.Second
	for before := time.Duration(0); ; {
		now := processCPU(p.cmd.Process.Pid)
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

// resetPeak resets VmHWM to the current memory (proc(5), clear_refs).
func (p *process) resetPeak() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0)
}
