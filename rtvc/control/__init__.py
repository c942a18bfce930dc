"""How other programs of the same user drive a running rtvc: lines of JSON over a local socket."""
