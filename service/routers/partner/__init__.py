"""The pages of universities' contacts, lead researchers and listed researchers, over the same actions as their JSON doors."""
