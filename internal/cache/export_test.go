package cache

import "time"

// SetClock replaces the clock.
func (f *Files) SetClock(now func() time.Time) { f.now = now }
