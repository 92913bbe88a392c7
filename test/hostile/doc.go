// SPDX-License-Identifier: EUPL-1.2

// Package hostile sends requests that no friendly client would send, over both
// databases. A line in testdata/requests.txt is a request with the answer that it
// must get; to extend the suite, add a line.
package hostile
