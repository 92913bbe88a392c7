package plot

import _ "embed"

// CSS colours every figure of this package by class, in a light and a dark
// theme and for print. A page includes it once in its stylesheet; a page with
// a ground of its own sets --plot-ground on .plot to the same colour, since
// hollow markers are filled with it. A program that knows no custom properties
// draws the figure in black.
//
//go:embed plot.css
var CSS string
