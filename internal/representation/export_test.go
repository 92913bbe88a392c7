package representation

import "time"

// SetClock replaces the clock.
func (r *Releases) SetClock(now func() time.Time) { r.now = now }
