"""What each command of `helpline` does at the terminal; see `helpline.cli`."""
