"""The generated image, built and run on real processes, without a container engine."""
