// SPDX-License-Identifier: EUPL-1.2

// Package publish checks that everything that can be published can be served: it
// generates data packages, imports those that “zielstand check” accepts, and requests
// every address in every format. A reader of the format must understand every
// response. It has tests only.
package publish
