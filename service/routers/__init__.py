"""The doors, by audience: pages and JSON. They read through records, write through actions, and decide nothing."""
