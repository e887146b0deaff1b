"""Anything at all is read or refused in words: no parser of ours raises what nobody expects."""
