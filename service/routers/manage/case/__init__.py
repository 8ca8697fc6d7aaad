"""An enquiry at the desk: the page that tells its story, and what is read and written beside it."""
