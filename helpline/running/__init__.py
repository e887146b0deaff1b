"""What `helpline run` starts, keeps alive and ends again: the whole house in one terminal."""
