// Placeholder so that the target compiles; replaced by the target's own files.
