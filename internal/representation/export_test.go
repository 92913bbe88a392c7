// SPDX-License-Identifier: EUPL-1.2

package representation

import "time"

// SetCacheClock replaces the clock of the cache folder.
func (s *Service) SetCacheClock(now func() time.Time) { s.files.Now = now }
