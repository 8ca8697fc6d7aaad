"""What the JSON doors take and give: shapes only, separate from tables and from the rules."""
