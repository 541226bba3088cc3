"""Every hint, typed as it is printed, in a situation that it is for."""
