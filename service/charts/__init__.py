"""Pure charts: plain numbers in, one picture in SVG and the table of the same numbers out. No framework, no clock."""
